"""Records to votes: which line beside each text tells how many it got.

In: a page read by a layout, its records with their texts, and their dialect. Out: the field of each record that holds
its votes, if it has some. Votes stand above a text whose header stands below it, and below one whose header stands
above it. A header may tell its votes itself, as ``{votes}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import regex

from ._dialect import Dialect
from ._furniture import Forms
from ._names import DIGITS
from ._rows import Page
from ._shapes import Fields, Record
from ._tokens import read_number

_VOTES = regex.compile(rf"[-+\u2212]?{DIGITS.pattern}[kKmM]?")
_NEAR = 6
"""Most lines between a text and its votes and among these: buttons, and the number of those who marked the text."""
_Votes = list[tuple[int, int, str]]


def find_votes(
    page: Page, records: Sequence[Record], texts: Sequence[tuple[int, int]], dialect: Dialect
) -> list[Fields]:
    """Where the votes of each comment stand: the first of the lines beside its text that may be votes."""
    votes = Forms(page, dialect.votes)
    if not votes:
        return [{} for _ in records]
    gaps = list(_gaps(page, records, texts))
    found = [_nearest(page, votes, gap) for gap in gaps]
    for counted in _counted(page, records, found, Forms(page, dialect.hides)):
        del found[counted][0]
    return [{"votes": lines[0]} if lines else {} for lines in found]


def _gaps(page: Page, records: Sequence[Record], texts: Sequence[tuple[int, int]]) -> Iterator[range]:
    """The lines beside each text among which its votes may stand, from the text on."""
    for number, (record, (first, after)) in enumerate(zip(records, texts, strict=True)):
        if record.shape.text == "before":
            yield range(records[number - 1].last + 1 if number else 0, first)[::-1]
        else:
            below = records[number + 1].first if number + 1 < len(records) else len(page)
            yield range(max(record.last + 1, after), below)


def _nearest(page: Page, votes: Forms, gap: range) -> _Votes:
    """The lines of votes nearest to a text that stand together, in order; none where another number stands nearer."""
    lines: _Votes = []
    for at in gap[:_NEAR]:
        number = _VOTES.search(page.words[at]) if page.masks[at] else None
        if number is not None and votes.match(at):
            lines.append((at, at, number[0]))
        elif lines or number is not None or not page.masks[at]:
            break
    return sorted(lines)


def _counted(page: Page, records: Sequence[Record], found: Sequence[_Votes], hides: Forms) -> list[int]:
    """The first comment below each post, where the page shows above it how many there are.

    It does if the first number above at least half of them is that: those shown, with those hidden ("show 3 more").
    """
    first: list[int] = []
    alike = 0
    for is_below, group in groupby(range(len(records)), lambda number: records[number].shape.is_below):
        numbers = list(group)
        if not is_below:
            continue
        first.append(numbers[0])
        below = range(records[numbers[-1]].last + 1, len(page))[:_NEAR]
        hidden = [page.words[at] for at in below if hides.match(at)]
        told = [number for _, _, number in found[numbers[0]][:1]]
        alike += bool(told) and _number(told[0]) == len(numbers) + sum(map(_number, hidden))
    return [number for number in first if found[number]] if 2 * alike >= len(first) else []


def _number(words: str) -> int:
    """The first number in some words, 0 without one."""
    number = DIGITS.search(words)
    return (read_number(number[0]) or 0) if number else 0
