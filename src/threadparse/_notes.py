"""What a reader of the result should know: every note that :func:`threadparse.parse` gives, in words.

In: what was decided, and from what. Out: :class:`~threadparse.Note`; ``docs/notes.md`` lists their codes.
"""

from __future__ import annotations

from collections.abc import Sequence

from ._comments import Draft
from ._detect import Languages
from ._errors import ParseError
from ._lines import Lines, fold_key
from ._model import Thread
from ._platform import Section
from ._rows import Page
from ._tree import Edge
from ._values import Note, Span

_NEARLY = 0.8
"""Share of a dialect's points from which on another one is nearly as good."""
_PASSING = frozenset({"dialect-unsure", "locale-unsure"})
"""Notes of what could be read in two ways without losing anything."""


def section_notes(page: Page, section: Section, sections: Sequence[Section]) -> list[Note]:
    """What a reader should know of the choice of the section, and of its dialect."""
    starts, standing, name = page.lines.starts, section.standing, section.dialect.name
    unsure = []
    if standing.points is not None and standing.rival is not None and standing.rival[1] >= _NEARLY * standing.points:
        rival, points = standing.rival
        other = "in another layout" if rival == name else f"as {rival}"
        message = (
            f"the page reads nearly as well {other}, {points:.1f} points to {standing.points:.1f}; taken for {name}"
        )
        unsure.append(Note("dialect-unsure", message))
    return unsure + [
        Note(
            "other-section",
            f"the page has another section, with {len(other.headers)} comments; parse_all gives every section",
            Span(starts[other.start], starts[other.end]),
        )
        for other in sections
        if other is not section
    ]


def language_notes(languages: Languages, drafts: Sequence[Draft]) -> list[Note]:
    """What a reader should know of the choice of the language."""
    if languages.rival is None or not drafts:
        return []
    best = languages.locales[0].name
    return [Note("locale-unsure", f"the page's words fit {best} and {languages.rival} alike; taken for {best}")]


def tree_notes(drafts: Sequence[Draft], tree: Sequence[Edge], edges: Sequence[Edge]) -> list[Note]:
    """What was missing where an edge had to be inferred, or was left open."""
    notes = []
    marked = any(draft.header.reply_to is not None for draft in drafts)
    for draft, likeliest, edge in zip(drafts, tree, edges, strict=True):
        span, name = Span(draft.start, draft.end), draft.header.reply_to
        parent = None if likeliest.parent is None else drafts[likeliest.parent].header
        if name is not None and (parent is None or parent.author_key != fold_key(name)):
            notes.append(Note("unknown-parent", f"the marker names {name!r}, who is not above in this thread", span))
        elif parent is not None and edge.parent is None:
            message = f"perhaps an answer to {parent.author!r}, with a probability of {likeliest.confidence:.2f}"
            notes.append(Note("open-parent", message, span))
        elif name is None and parent is not None and marked:
            message = f"without a marker on a page that has them; taken for an answer to {parent.author!r}"
            notes.append(Note("missing-marker", message, span))
    if not marked and any(edge.parent is not None for edge in edges):
        notes.append(Note("no-markers", "the page has no markers: who answers whom is inferred"))
    return notes


def contradiction(drafts: Sequence[Draft], first: int | None, second: int) -> Note:
    """A note for two times in the wrong order; numbers from that of comments on are edits, ``None`` is the scrape."""
    draft = drafts[second % len(drafts)]
    words = "the edit" if second >= len(drafts) else f"{draft.posted!r}"
    if first is None:
        message = f"{words} is after the time of the scrape"
    else:
        message = f"{words} is before {drafts[first].posted!r}, which cannot be later"
    return Note("contradictory-times", message, Span(draft.start, draft.end))


def in_order(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Notes in the order of the input, those about all of it last."""
    return tuple(sorted(notes, key=lambda n: (n.span is None, 0 if n.span is None else n.span.start)))


def raise_for_notes(thread: Thread, lines: Lines) -> None:
    """Raise :class:`~threadparse.ParseError` for the first note of something that was lost or is contradictory."""
    for note in thread.notes:
        if note.code in _PASSING:
            continue
        start = 0 if note.span is None else note.span.start
        line = sum(1 for at in lines.starts[1:-1] if at <= start)
        raise ParseError(note.message, line=line + 1, column=start - lines.starts[line] + 1)
