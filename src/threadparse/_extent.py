"""Records to the comment section: which of the records that a layout fits are the page's comments.

In: a page, its dialect, and records in order. Out: those of one section: below its heading ("3 Comments"), above the
page's own furniture. The article's byline and lists of other pages have names and dates too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from ._dialect import Dialect
from ._furniture import Forms
from ._rows import Page
from ._shapes import Record
from ._tokens import Kind

HEADINGS = frozenset({Kind.COUNT, Kind.COUNT_LABEL, Kind.SORT})
_PARTS = HEADINGS | {Kind.SITE, Kind.FORM}
"""Kinds of lines at which a page's parts begin."""
_MAX_HEADINGS = 2
"""Most headings of a section; words that stand between more comments are their furniture ("Replies")."""
_NEAR = 6
"""Lines above the first comment, beside a form's, in which the heading stands: sort bars may stand between."""


def in_section(page: Page, records: list[Record], dialect: Dialect) -> list[Record]:
    """The records of the page's comment section."""
    records = _between(page, records, dialect)
    if dialect.is_headed:
        return _as_declared(page, records)
    return records if dialect.has_headings else _one_section(page, records, Forms(page, dialect.ends))


def _between(page: Page, records: list[Record], dialect: Dialect) -> list[Record]:
    """The records below the first line that opens the platform's section, and above the one that closes it."""
    opens, closes = Forms(page, dialect.opens), Forms(page, dialect.closes)
    first = next(filter(opens.match, range(len(page))), -1) if dialect.opens else -1
    kept = [record for record in records if record.last > first] or records
    if dialect.closes and kept:
        after = next(filter(closes.match, range(kept[0].last + 1, len(page))), len(page))
        kept = [record for record in kept if record.first < after]
    return kept


def _as_declared(page: Page, records: list[Record]) -> list[Record]:
    """The records below one heading, up to the page's own furniture, and no more than the heading says there are.

    Of several headings, as one stands beside the article's title too, the one that most records follow. Where other
    articles follow, each with its own count, the records are articles, and so is one alone below the last count. With
    the text first, which looks like a list of articles even more, all comments must be there.
    """
    best: list[Record] = []
    articles = 0
    lasts = [record.last for record in records]
    for number, record in enumerate(records):
        heading = heading_above(page, record.first)
        if heading is None or (number and records[number - 1].first > heading):
            continue
        declared = page.number(heading)
        end = _next_stop(page, record.last, declared)
        if end is None:
            articles += 1
            continue
        after = bisect_left(lasts, end)
        run = records[number : after if declared is None else min(after, number + max(1, declared))]
        if record.shape.text != "before" or len(run) == declared:
            best = max(best, run, key=len)
    return best if len(best) > 1 or articles <= _MAX_HEADINGS else []


def _next_stop(page: Page, position: int, declared: int | None) -> int | None:
    """The first line of the page's own furniture below a line; ``None`` if that is the count of another article."""
    for at in range(position + 1, len(page)):
        if page.kinds[at] in (Kind.FORM, Kind.SITE):
            return at
        if page.is_count(at):
            return at if page.number(at) == declared else None
    return len(page)


def heading_above(page: Page, first: int, opens: Sequence[str] = ()) -> int | None:
    """The position of the section's heading a few lines above a position, if any.

    Args:
        page: The page.
        first: The position.
        opens: The dialect's own headings, besides counts: "3 Comments", or "3" and "Comments".
    """
    own, near = Forms(page, opens), 0
    for position in range(first - 1, -1, -1):
        if page.is_count(position) or own.match(position):
            return position
        near += page.kinds[position] is not Kind.FORM
        if near == _NEAR:
            break
    return None


def _one_section(page: Page, records: list[Record], ends: Forms) -> list[Record]:
    """The records between the section's heading and the page's own furniture.

    The article's own byline stands above the heading; lists of other pages, with names and dates, below a form. What
    the platform writes below each text is none of the page's own: "Back to top".
    """
    gaps = [
        [page.kinds[at] for at in range(above.last + 1, below.first) if page.kinds[at] in _PARTS and not ends.match(at)]
        for above, below in pairwise(records)
    ]
    headed = [number for number, kinds in enumerate(gaps, start=1) if not HEADINGS.isdisjoint(kinds)]
    if headed and len(headed) <= _MAX_HEADINGS and 2 * headed[0] <= len(records):
        return _one_section(page, records[headed[0] :], ends)
    for number, kinds in enumerate(gaps, start=1):
        if 2 * number >= len(records) and (Kind.SITE in kinds or kinds.count(Kind.FORM) > 1):
            return records[:number]
    return records
