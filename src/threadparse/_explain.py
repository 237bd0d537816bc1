"""``explain``: what each line of a dump was taken for, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import attrs

from ._dialect import Dialect
from ._locale import Locale
from ._parse import check_arguments, choose_dialect, locale_choice
from ._reading import Reading, read
from ._reasons import reasons
from ._tokens import Kind
from ._values import SegmentKind, Span


@attrs.frozen
class ParentEvidence:
    """What speaks for and against a parent.

    Attributes:
        index: Index of the comment that may be the parent, ``None`` for "in answer to nobody".
        probability: 0 to 1, as in ``parent_candidates``.
        reasons: Phrases about the candidate, or, where ``index`` is ``None``, about the comment itself; what speaks
            against begins with "but".
    """

    index: int | None
    probability: float
    reasons: tuple[str, ...]


@attrs.frozen
class Explanation:
    """What one line was taken for.

    Attributes:
        line: Number of the line, from 1; a link that an extractor wrapped over several lines counts as one.
        span: Where it stands, its line end included.
        text: The line as a reader of the page saw it.
        token: What the line is by itself: the name of a token's kind, in lower case.
        kind: What it was taken for.
        comment: Index of the comment it belongs to, ``None`` for none.
        rule: The rule that decided, in words.
        alternatives: What else the line could have been.
        parents: On the first line of a comment, the likeliest parent and up to two others; elsewhere empty.
    """

    line: int
    span: Span
    text: str
    token: str
    kind: SegmentKind
    comment: int | None
    rule: str
    alternatives: tuple[str, ...]
    parents: tuple[ParentEvidence, ...] = ()


def explain(
    text: str,
    *,
    scraped_at: datetime | None = None,
    dialect: str | Dialect | None = None,
    locale: str | Locale | Sequence[str | Locale] | None = None,
) -> tuple[Explanation, ...]:
    """What :func:`threadparse.parse` takes each line of a text for, and why.

    Args:
        text: The same text.
        scraped_at: As for ``parse``.
        dialect: As for ``parse``.
        locale: As for ``parse``.

    Returns:
        One explanation per line, in order; their spans tile the text.

    Raises:
        TypeError: As ``parse``.
        ValueError: As ``parse``.
    """
    check_arguments(text, scraped_at, None)
    moment = None if scraped_at is None else scraped_at.astimezone(UTC)
    reading = read(text, choose_dialect(dialect), locale_choice(locale), moment)
    return tuple(_explanations(reading))


def _explanations(reading: Reading) -> list[Explanation]:
    lines, kinds = reading.lines, reading.tokens.kinds
    fields = _header_fields(reading)
    opening = next((event.first for event in reading.events if event.comment is not None), None)
    parents = _parents(reading)
    explanations = []
    for event in reading.events:
        for index in range(event.first, event.after):
            token = kinds[index]
            explanations.append(
                Explanation(
                    line=index + 1,
                    span=Span(lines.starts[index], lines.starts[index + 1]),
                    text=lines.content[index],
                    token=token.name.lower(),
                    kind=event.kind,
                    comment=event.comment,
                    rule=(fields.get(index) or _rule(token, event.kind)) + _choice(reading) * (index == opening),
                    alternatives=_alternatives(token, event.kind) + _rival(reading) * (index == opening),
                    parents=parents.get(index, ()),
                )
            )
    return explanations


def _choice(reading: Reading) -> str:
    """Why the page is read in its dialect, in words."""
    standing = reading.standing
    points = "" if standing.points is None else f", {standing.points:.1f} points"
    sign = "" if standing.sign is None else f", by its sign {standing.sign!r}"
    return f"; the page is read as {reading.dialect.name}{points}{sign}"


def _rival(reading: Reading) -> tuple[str, ...]:
    """As what the page could have been read else."""
    rival = reading.standing.rival
    return () if rival is None else (f"the page read as {rival[0]}, {rival[1]:.1f} points",)


def _parents(reading: Reading) -> dict[int, tuple[ParentEvidence, ...]]:
    """By first line of a comment: the evidence for its parent."""
    told = reasons(reading.conversation, reading.edges)
    return {
        header.start: tuple(ParentEvidence(candidate.index, candidate.probability, words) for candidate, words in own)
        for header, own in zip(reading.headers, told, strict=True)
    }


def _header_fields(reading: Reading) -> dict[int, str]:
    """By line: the rule for the lines of headers."""
    rules: dict[int, str] = {}
    for header in reading.headers:
        for field, (first, after) in header.lines.items():
            for index in range(first, after):
                others = rules.get(index)
                rules[index] = f"{others} and {field}" if others else f"header, {header.shape}: {field}"
    return rules


_RULES = {
    SegmentKind.ARTICLE: "above the section's head",
    SegmentKind.TEXT: "below a header, above the tail",
    SegmentKind.REST: "below the last comment's tail",
    SegmentKind.COUNT: "the section's head: the number of comments",
    SegmentKind.TIME: "tail: the time",
    SegmentKind.EDIT: "tail: edited",
    SegmentKind.VOTES: "tail: votes",
    SegmentKind.HIDDEN_REPLIES: "tail: replies that are not in the dump",
    SegmentKind.UI: "furniture of the section's head or of a tail",
}


def _rule(token: Kind, kind: SegmentKind) -> str:
    if kind is SegmentKind.TEXT and token not in (Kind.TEXT, Kind.BLANK):
        return f"a text that looks like a {token.name.lower()} line: text follows, or no whole header is there"
    return _RULES.get(kind, "between the lines of a header")


def _alternatives(token: Kind, kind: SegmentKind) -> tuple[str, ...]:
    """What a line by itself could be, and was not taken for."""
    if token in (Kind.TEXT, Kind.BLANK) or token.name.lower() == kind.value:
        return ()
    return (token.name.lower(),) if kind in (SegmentKind.TEXT, SegmentKind.ARTICLE, SegmentKind.AUTHOR) else ()
