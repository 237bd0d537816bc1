"""Furniture to text: lines that only read like a comment's tail, because somebody wrote them.

In: a page and its headers. Out: nothing; lines that cannot be furniture are text from here on. A text that ends with
"Last edited ..." or "View Replies (3)" looks like one with a tail; what else the page shows tells them apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ._headers import Header
from ._pagelines import TAIL_KINDS, PageLines
from ._resolve import is_earlier
from ._tokens import Kind

_IMITATED = (Kind.EDITED, Kind.HIDDEN, Kind.PAGER)
"""Kinds of lines that stand between comments here and there, so that no convention tells a text that ends with one."""
_LOOSE = 0.1
"""Share of the lines in headers that may have blank lines below where headers are set solid; odd names have."""


def give_back_written(page: PageLines, headers: Sequence[Header], rounding: str) -> None:
    """Make text of the lines that somebody wrote.

    Args:
        page: The page.
        headers: Its headers, one at least.
        rounding: How the platform rounds relative times.
    """
    _give_back_paragraphs(page, headers)
    _give_back_hidden(page, headers)
    _give_back_early_edits(page, headers, rounding)


def _give_back_paragraphs(page: PageLines, headers: Sequence[Header]) -> None:
    """Make text of what only reads like furniture: "Last edited ...", "View Replies (3)", "Load More Comments".

    Where no blank lines stand within headers, nor between most furniture and the next header, what has one below is a
    paragraph. Below the last comment the page's own blank lines begin.
    """
    inner = [at for header in headers for at in range(header.start, header.end - 1) if page.kinds[at]]
    loose = sum(page.kinds[at + 1] is Kind.BLANK for at in inner)
    above = [(page.above[header.start], page.kinds[header.start - 1] is Kind.BLANK) for header in headers[1:]]
    apart = [is_apart for at, is_apart in above if at is not None and page.kinds[at] in TAIL_KINDS]
    if not inner or loose > len(inner) * _LOOSE or 2 * sum(apart) > len(apart):
        return
    for kind in _IMITATED:
        for at in page.lines_of(kind):
            if headers[0].end <= at < headers[-1].start and page.kinds[at + 1] is Kind.BLANK:
                page.kinds[at] = Kind.TEXT


def _give_back_early_edits(page: PageLines, headers: Sequence[Header], rounding: str) -> None:
    """Make text of "Last edited 2 years ago by ..." below a comment that is younger than that."""
    starts = [header.start for header in headers]
    for at in page.lines_of(Kind.EDITED):
        number = bisect_right(starts, at) - 1
        posted = headers[number].time if number >= 0 else None
        reading = page.readings.get(at)
        edited = None if reading is None else reading.time
        if posted is not None and edited is not None and is_earlier(edited, posted, rounding):
            page.kinds[at] = Kind.TEXT


def _give_back_hidden(page: PageLines, headers: Sequence[Header]) -> None:
    """Make text of "View Replies (3)" where the section's head counts fewer comments beyond those that are shown.

    It stands right below text then, and "Load More Comments" right below it is text, too.
    """
    declared = page.declared_above(headers[0].start)
    if declared is None or declared < len(headers):
        return
    for at in page.lines_of(Kind.HIDDEN):
        reading, above, below = page.readings.get(at), page.above[at], page.below[at]
        number = 0 if reading is None or reading.number is None else reading.number
        is_below_text = at > headers[0].end and above is not None and page.kinds[above] is Kind.TEXT
        if number > declared - len(headers) and is_below_text:
            page.kinds[at] = Kind.TEXT
            if below is not None and page.kinds[below] is Kind.PAGER:
                page.kinds[below] = Kind.TEXT
