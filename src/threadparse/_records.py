"""Tokens to records: where each comment begins, and what the page does everywhere.

In: lines, tokens and a dialect. Out: :class:`Records`, the headers of the page's comments and its conventions.

How comments are found
    A comment section is one record repeated. :mod:`threadparse._headers` finds every way to read some lines as a
    header, :mod:`threadparse._choice` chooses among them, and :mod:`threadparse._tails` reads what closes a comment.
    Here it is decided which kinds of candidates are worth looking for, and whether what was found is a comment section
    at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import attrs

from ._choice import choose, most_surplus, without_surplus
from ._dialect import Dialect
from ._headers import Header, distinct, stamped_candidates, timed_candidates, untimed_candidates
from ._labels import mark_labels
from ._lines import Lines, fold_key
from ._pagelines import SECTION_KINDS, TAIL_KINDS, PageLines
from ._tails import (
    end_of_thread,
    join_shown_numbers,
    join_wrapped_edits,
    join_wrapped_marks,
    mark_tail_times,
    tail_conventions,
)
from ._tokens import UI_KINDS, Kind, Lexer, Tokens
from ._written import give_back_written

_MOST_HEADS = 3
"""Most counts below which the comments are looked for: an article's title has one too, and other articles."""
_CLOSING_KINDS = frozenset({Kind.FORM, Kind.SITE, Kind.PAGER})
"""Kinds of lines that stand below the last comment, and between comments only where all have them."""


@attrs.frozen
class Records:
    """Where the comments of a page begin, and what all of them do.

    Attributes:
        headers: In document order; they do not overlap.
        votes: Number of vote lines below a text on this page, 0 to 2.
        reply_button: Whether a "Reply" line closes each comment.
        end: Line after the last one that belongs to the last comment.
        strength: Points of all headers together: how sure it is that there are comments.
    """

    headers: tuple[Header, ...]
    votes: int
    reply_button: bool
    end: int
    strength: float


def find_records(lines: Lines, tokens: Tokens, dialect: Dialect, lexer: Lexer) -> Records:
    """The headers of a page; none if nothing on it looks like a comment."""
    page = PageLines(lines, tokens, lexer)
    join_wrapped_marks(page)
    join_shown_numbers(page)
    if "when" in dialect.tail:
        mark_tail_times(page)
    mark_labels(page)
    headers, strength, after = _in_section(page, _Candidates(page, dialect))
    if not headers:
        return Records((), 0, False, len(lines), 0.0)
    give_back_written(page, headers, dialect.rounding)
    votes, reply_button = tail_conventions(page, headers)
    if not _has_hallmarks(page, headers, votes, reply_button=reply_button):
        return Records((), 0, False, len(lines), 0.0)
    join_wrapped_edits(page, headers)
    end = min(after, end_of_thread(page, headers[-1], votes, reply_button=reply_button))
    return Records(tuple(headers), votes, reply_button, end, strength)


class _Found(NamedTuple):
    """Headers, their strength, and the line that ends their section, that below the page's last one if none does."""

    headers: list[Header]
    strength: float
    after: int


class _Candidates:
    """Every way to read some lines of a page as a header; those that few pages need are looked for when asked for."""

    def __init__(self, page: PageLines, dialect: Dialect) -> None:
        self._page = page
        timed = [shape for shape in dialect.headers if any("when" in slot.fields for slot in shape.slots)]
        plain = [shape for shape in timed if all(slot.is_simple for slot in shape.slots if "when" in slot.fields)]
        self._mixed = [shape for shape in timed if shape not in plain]
        self._untimed = [shape for shape in dialect.headers if shape not in timed]
        self.timed = distinct(timed_candidates(page, plain))

    @cached_property
    def stamped(self) -> list[Header]:
        """Those whose time may stand on a line with other words."""
        return distinct([*self.timed, *stamped_candidates(self._page, self._mixed)])

    @cached_property
    def untimed(self) -> list[Header]:
        """Those without a time.

        Where times close the comments, nothing below the last of them is a name for that it stands alone.
        """
        last = max(self._page.lines_of(Kind.TAIL_TIME), default=len(self._page.kinds))
        found = untimed_candidates(self._page, self._untimed)
        return distinct(header for header in found if header.start < last or len(header.lines) > 1)


def _in_section(page: PageLines, candidates: _Candidates) -> _Found:
    """The headers of the page's comments.

    What stands above them and below has names and dates too: lists of other pages, a recipe, the article's byline. A
    page shows no more comments than it counts: where there are more headers, the comments are those below a count that
    are about as many as it says, or fewer where it is plain that a section begins there.
    """
    whole = _headers_between(page, candidates, -1, _first_empty_head(page))
    if not whole.headers or len(whole.headers) <= (page.declared_above(whole.headers[0].start) or 0):
        return whole
    starts = [header.start for header in whole.headers]
    heads = [(at, number, bisect_left(starts, at)) for at, number in page.counts if number and number > 0]
    heads.sort(key=lambda head: abs(len(starts) - head[2] - head[1]))
    for at, number, above in heads[:_MOST_HEADS]:
        below = _section_below(page, candidates, at, number)
        surplus = len(below.headers) - number
        if surplus == 0:
            return below
        if below.headers and surplus <= most_surplus(number) and _opens_section(page, below.headers, above):
            return below
    return whole


def _first_empty_head(page: PageLines) -> int:
    """The line of a section's head that says there are no comments, the page's end without one.

    Articles count their comments too; a section's head has ways to sort them below.
    """
    empty = (at for at, number in page.counts if number == 0)
    below = ((at, page.below[at]) for at in empty)
    return next((at for at, sort in below if sort is not None and page.kinds[sort] is Kind.SORT), len(page.kinds))


def _section_below(page: PageLines, candidates: _Candidates, head: int, number: int) -> _Found:
    """The headers below a count; those of a section that the site's own words end where as many stand as it says."""
    below = _headers_between(page, candidates, head, len(page.kinds))
    if len(below.headers) <= number or not _is_below_head(page, below.headers[0]):
        return below
    last, first_surplus = below.headers[number - 1 : number + 1]
    ours = {page.lines.content[at] for at in range(head, last.start)}
    between = range(last.end, first_surplus.start)
    closing = (at for at in between if page.kinds[at] in _CLOSING_KINDS and page.lines.content[at] not in ours)
    end = next(closing, None)
    return below if end is None else _headers_between(page, candidates, head, end)


def _opens_section(page: PageLines, headers: Sequence[Header], above: int) -> bool:
    """Whether a section begins with some headers: below a sort bar, or below the head and as many as stand above."""
    over = page.above[headers[0].start]
    if over is not None and page.kinds[over] is Kind.SORT:
        return True
    return len(headers) >= above > 0 and _is_below_head(page, headers[0])


def _headers_between(page: PageLines, candidates: _Candidates, head: int, after: int) -> _Found:
    """The likeliest headers below a line and above another one."""

    def within(found: Sequence[Header]) -> Sequence[Header]:
        return [header for header in found if head < header.start < after]

    choice = choose(page, within(candidates.timed))
    # Few headers for so many closing lines: times stand on lines with other words, or are missing.
    kinds = page.kinds[head + 1 : after]
    if not choice.headers or 2 * len(choice.headers) < max(kinds.count(Kind.REPLY), kinds.count(Kind.NUMBER)):
        stamped, untimed = within(candidates.stamped), within(candidates.untimed)
        choice = choose(page, stamped)
        if choose(page, untimed).strength > choice.strength:
            choice = choose(page, distinct([*stamped, *untimed]))
    headers = _above_site_lines(page, _drop_byline(page, _below_sort_bar(page, choice.headers)))
    return _Found(without_surplus(page, headers, choice.points), choice.strength, after)


def _has_hallmarks(page: PageLines, headers: Sequence[Header], votes: int, *, reply_button: bool) -> bool:
    """Whether anything but a name and a time says that there are comments: articles have a byline and a date too.

    Without any time, two signs are needed; that names come back is one.
    """
    authors = {header.author_key for header in headers}
    signs = (
        2 * sum("alt" in header.lines for header in headers) >= len(headers),
        any(fold_key(header.reply_to) in authors for header in headers if header.reply_to is not None),
        reply_button,
    )
    is_headed = _is_below_head(page, headers[0])
    if any("when" in header.lines for header in headers):
        return any(signs) or (is_headed and len(headers) > 1)  # below a count may stand the next article's byline
    has_votes = votes > 0 and len(headers) > 2
    come_back = len(headers) > 3 and 3 * len(authors) <= 2 * len(headers)
    return sum(signs) + is_headed + has_votes + come_back >= 2 and (len(headers) > 1 or reply_button)


def _is_below_head(page: PageLines, header: Header) -> bool:
    """Whether the section's head stands above a header, or the rest of a title whose first words are the count."""
    above = page.above[header.start]
    while above is not None and page.kinds[above] in (Kind.RULE, Kind.IMAGE, Kind.ROLE):
        above = page.above[above]
    if above is None or page.kinds[above] in SECTION_KINDS:
        return above is not None
    before = page.above[above]
    return before is not None and page.kinds[before] is Kind.COUNT


def _below_sort_bar(page: PageLines, headers: list[Header]) -> list[Header]:
    """Without what looks like names without times above "Oldest Newest": labels of the form."""
    untimed = [header.start for header in headers if "when" not in header.lines]
    if not untimed:
        return headers
    needed = len(headers) // 2 + 1 - (len(headers) - len(untimed))  # below the bar there must be more than half of all
    lowest = untimed[-needed] if needed > 0 else len(page.kinds)
    bar = max((bar for bar in page.lines_of(Kind.SORT) if bar < lowest), default=-1)
    return [header for header in headers if header.start > bar or "when" in header.lines]


def _drop_byline(page: PageLines, headers: list[Header]) -> list[Header]:
    """Without the article's own author and date, which stand above the section's head and look like a header."""
    first = 0
    while first + 1 < len(headers):
        at = page.above[headers[first + 1].start]
        while at is not None and at >= headers[first].end:
            if page.kinds[at] in (Kind.COUNT, Kind.COUNT_LABEL, Kind.SORT):
                break
            at = page.above[at] if page.kinds[at] in UI_KINDS | {Kind.NUMBER, Kind.ROLE, Kind.IMAGE} else None
        else:
            at = None
        if at is None:
            break
        first += 1
    return headers[first:]


def _above_site_lines(page: PageLines, headers: list[Header]) -> list[Header]:
    """Without what only looks like comments below the thread: lists of other pages, with names and dates."""
    for at in page.lines_of(Kind.SITE):
        if headers and headers[0].end <= at < headers[-1].start:
            above = page.above[at]
            if above is not None and page.kinds[above] is Kind.TEXT:  # a heading of the site's own words, perhaps
                above = page.above[above]
            if above is not None and page.kinds[above] in TAIL_KINDS | {Kind.PAGER, Kind.SITE}:
                return [header for header in headers if header.start < at]
    return headers
