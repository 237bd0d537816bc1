"""Records to depths: what a page displays of how deep each comment stands.

In: a page, its records with their texts, and their dialect. Out: a :class:`~threadparse._headershapes.Level` for each
record, ``None`` where the page does not tell. A platform tells it by the kind of a header, by a number in it ("level
2"), by lines between comments that open and close replies, by how many comments stand below each: "(4 children)", or
by links below each text that lead to its parent and to its answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ._dialect import Dialect
from ._furniture import Forms
from ._headershapes import Level
from ._names import DIGITS
from ._rows import Page
from ._shapes import Record
from ._tokens import read_number

_NEAR = 12
"""Lines below the last text in which what tells an answer from a root is looked for."""


def find_levels(
    page: Page, records: Sequence[Record], texts: Sequence[tuple[int, int]], dialect: Dialect
) -> list[Level | None]:
    """The displayed depth of each record."""
    if not records:
        return []
    ends = [max(record.last + 1, after) for record, (_, after) in zip(records, texts, strict=True)]
    gaps = [range(end, record.first) for end, record in zip(ends, records[1:], strict=False)]
    if dialect.replies_open:
        return list(_between_lines(page, gaps, dialect))
    below = [*gaps, range(ends[-1], min(len(page), ends[-1] + _NEAR))]
    if dialect.answers_below:
        return _by_links(page, below, dialect)
    numbered = ["children" in record.fields for record in records]
    if any(numbered) and all(n or record.shape.is_childless for n, record in zip(numbered, records, strict=True)):
        return _by_children(page, records, below, dialect)
    return list(_by_headers(records, Forms(page, dialect.answers) if dialect.answers else None))


def _by_headers(records: Sequence[Record], answers: Forms | None) -> Iterator[Level | None]:
    """The depth of each comment by its header: of its kind, or a root's where no line tells that it is an answer."""
    latest = None
    for record in records:
        if record.shape.is_below:
            yield None if latest is None else Level(latest.depth + 1)
            continue
        latest = record.shape.level
        if "level" in record.fields:  # counted from 1
            latest = Level(max(0, int(record.fields["level"][2]) - 1))
        elif latest is None and answers is not None:
            is_answer = any(map(answers.match, range(record.first, record.last + 1)))
            latest = Level(1, beside=1.0) if is_answer else Level(0)
        yield latest


def _between_lines(page: Page, gaps: Sequence[range], dialect: Dialect) -> Iterator[Level | None]:
    """The depth of each comment where lines between comments open and close the replies to the latest root.

    A page without any such line may have no replies, or have lost the lines: then no depth is known.
    """
    opens, closes = Forms(page, dialect.replies_open), Forms(page, dialect.replies_close)
    if not any(opens.match(at) for gap in gaps for at in gap):
        yield from (None for _ in range(len(gaps) + 1))
        return
    depth = 0
    yield Level(depth)
    for gap in gaps:
        for at in gap:
            depth = 0 if closes.match(at) else 1 if opens.match(at) else depth
        yield Level(depth)


def _by_links(page: Page, gaps: Sequence[range], dialect: Dialect) -> list[Level | None]:
    """The depth of each comment by the links below it: to its parent, which a root has not, and to its answers.

    Where answers follow, the next comment is the first of them. A page without any such link has lost them.
    """
    parents, threads = Forms(page, dialect.answers), Forms(page, dialect.answers_below)
    are_answers = [any(map(parents.match, gap)) for gap in gaps]
    are_answered = [any(map(threads.match, gap)) for gap in gaps]
    if not any(are_answers):
        return [None] * len(gaps)
    follow = [False, *are_answered]
    return [
        Level(1, beside=1.0, is_first=is_first) if is_answer else Level(0)
        for is_answer, is_first in zip(are_answers, follow, strict=False)
    ]


def _by_children(page: Page, records: Sequence[Record], gaps: Sequence[range], dialect: Dialect) -> list[Level | None]:
    """The depth of each comment by the numbers of comments below each: a path ends when so many have come.

    Some are hidden: a line between two comments says how many, or that all which are still to come below the comment
    above stand on another page. Where the lines below texts tell answers from roots, each root is a fresh start; else
    no depth is known unless the numbers come out even.
    """
    hides, answers = Forms(page, dialect.hides), Forms(page, dialect.answers)
    are_answers = [any(map(answers.match, gap)) for gap in gaps]
    is_told, is_even = any(are_answers), True
    levels: list[Level | None] = []
    passed = 0
    ends: list[int] = []  # of each comment on the path: how many have passed when the last one below it has
    for record, gap, is_answer in zip(records, gaps, are_answers, strict=True):
        while ends and (ends[-1] <= passed or (is_told and not is_answer)):
            is_even &= ends.pop() <= passed
        levels.append(Level(1, beside=1.0) if is_told and is_answer and not ends else Level(len(ends)))
        passed += 1
        end = passed + (0 if record.shape.is_childless else read_number(record.fields["children"][2]) or 0)
        is_even &= not ends or end <= ends[-1]
        ends.append(end)
        for at in filter(hides.match, gap):
            digits = DIGITS.search(page.words[at])
            passed = max(passed, passed + int(digits[0]) if digits else ends[-1])
    return levels if is_told or (is_even and ends[0] <= passed) else [None] * len(records)
