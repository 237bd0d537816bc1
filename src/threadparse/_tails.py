"""Headers to tails: what closes a comment on this page, and where the last comment ends.

In: a page and its headers. Out: how many vote lines and whether a reply button stand below a text, and the line after
the thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import attrs

from ._headers import Header
from ._lines import fold_key
from ._pagelines import TAIL_KINDS, PageLines
from ._tokens import Kind

_AROUND_TAILS = frozenset(
    {
        Kind.BLANK,
        Kind.HIDDEN,
        Kind.RULE,
        Kind.PAGER,
        Kind.FORM,
        Kind.BUTTON,
        Kind.SORT,
        Kind.IMAGE,
        Kind.VOTE_WORD,
        Kind.TAIL_TIME,
    }
)
"""Kinds that may stand below the votes and the button of a comment."""
_BELOW_VOTES = (Kind.HIDDEN, Kind.PAGER, Kind.BUTTON, Kind.VOTE_WORD, Kind.TAIL_TIME)
_PAGER_KINDS = frozenset({Kind.PAGER, Kind.NUMBER, Kind.HIDDEN, Kind.RULE, Kind.BLANK})


def mark_tail_times(page: PageLines) -> None:
    """Where most times stand below votes and buttons, they are the tail of the text above, not a header's."""
    times = page.lines_of(Kind.TIME)
    below = [index for index in times if _is_button(page, page.above[index])]
    if len(below) > 1 and 2 * len(below) > len(times):
        for index in below:
            page.kinds[index] = Kind.TAIL_TIME


def _is_button(page: PageLines, index: int | None) -> bool:
    """Whether a line is of a tail and has words; a number may be somebody's name."""
    return index is not None and page.kinds[index] in TAIL_KINDS and any(map(str.isalpha, page.lines.content[index]))


def join_shown_numbers(page: PageLines) -> None:
    """Give the number below "Hide Replies" to that button: BeautifulSoup puts it on a line of its own."""
    for at in page.lines_of(Kind.HIDDEN):
        above = page.above[at]
        is_number = page.lines.content[at].startswith("(")
        if is_number and above is not None and page.kinds[above] is Kind.BUTTON:
            page.kinds[at] = Kind.BUTTON


def join_wrapped_edits(page: PageLines, headers: Sequence[Header]) -> None:
    """Give the second line of a wrapped "Last edited ... by ..." to the first, where both together name an author."""
    authors = {header.author_key: header.author for header in headers}
    for at in page.lines_of(Kind.EDITED):
        if at + 1 == len(page.kinds) or not page.may_be_wrapped(at):
            continue
        reading = page.readings.get(at)
        name = "" if reading is None or reading.name is None else reading.name
        author = authors.get(fold_key(f"{name} {page.lines.content[at + 1]}"))
        if reading is not None and author is not None:
            page.kinds[at + 1] = Kind.EDITED
            page.readings[at] = attrs.evolve(reading, name=author)


def join_wrapped_marks(page: PageLines) -> None:
    """Give the second line of a wrapped "Read next »" back to the text where by itself it is a button: "Next »"."""
    for at in page.lines_of(Kind.PAGER):
        if not at or page.kinds[at - 1] is not Kind.TEXT or not page.may_be_wrapped(at - 1):
            continue
        above = page.lines.content[at - 1].split()
        marks = (" ".join([*above[-words:], page.lines.content[at]]) for words in (1, 2))
        if any(page.lexer.phrases.get(fold_key(mark)) is Kind.READ_MORE for mark in marks):
            page.kinds[at] = Kind.TEXT


def tail_conventions(page: PageLines, headers: Sequence[Header]) -> tuple[int, bool]:
    """How many vote lines and whether a reply button stand between two comments on this page."""
    tails = Counter(_tail_above(page, header.start, above.end) for above, header in pairwise(headers))
    if not tails:
        return _tail_below(page, headers[-1].end)
    reply_button = 2 * sum(n for (_, button), n in tails.items() if button) > tails.total()
    votes = Counter[int]()
    for (count, _), n in tails.items():
        votes[min(count, 2)] += n
    return votes.most_common(1)[0][0], reply_button


def _tail_above(page: PageLines, start: int, stop: int) -> tuple[int, bool]:
    """Vote lines and reply button of the tail that ends above a line."""
    votes, button, at = 0, False, start - 1
    while at >= stop:
        kind = page.kinds[at]
        if kind is Kind.REPLY and not votes and not button:
            button = True
            reading = page.readings.get(at)
            votes += reading is not None and reading.number is not None
        elif kind is Kind.NUMBER:
            votes += 1
        elif kind not in _AROUND_TAILS:
            break
        elif votes and kind is not Kind.BLANK:
            break
        at -= 1
    return votes, button


def _tail_below(page: PageLines, start: int) -> tuple[int, bool]:
    """The same for a page with one comment: read at the first reply button below it, else at its last numbers."""
    stop = _first_site_line(page, start)
    for at in range(start, stop):
        if page.kinds[at] is Kind.REPLY:
            votes, _ = _tail_above(page, at + 1, start)
            return min(votes, 2), True
    return 0, False


def _first_site_line(page: PageLines, start: int) -> int:
    for at in range(start, len(page.kinds)):
        if page.kinds[at] is Kind.SITE:
            return at
    return len(page.kinds)


def end_of_thread(page: PageLines, last: Header, votes: int, *, reply_button: bool) -> int:
    """The line after the last comment: where its tail is complete, else where the page's own furniture begins."""
    stop = _outdented(page, last, _first_site_line(page, last.end))
    run = 0
    end = None
    for index in range(last.end, stop):
        kind = page.kinds[index]
        if kind is Kind.NUMBER:
            run += 1
            if not reply_button and votes and run >= votes:
                end = index + 1
        elif kind is Kind.REPLY and reply_button:
            reading = page.readings.get(index)
            if run >= votes or (reading is not None and reading.number is not None):
                end = index + 1
        elif kind is not Kind.BLANK:
            run = 0
    if end is None:
        return _without_pager(page, last.end, stop)
    at = page.below[end - 1]
    while at is not None and at < stop and page.kinds[at] in _BELOW_VOTES:
        below = page.below[at]
        turns = below is not None and page.kinds[below] is Kind.NUMBER
        if page.kinds[at] is Kind.PAGER and (turns or any(map(str.isdigit, page.lines.content[at]))):
            break  # "« Previous 1 2 3" turns the page; "Load More Comments" is the last comment's
        end, at = at + 1, below
    return end


def _without_pager(page: PageLines, start: int, stop: int) -> int:
    """The end of a last comment without a tail: above the page's numbers ("« Previous 1 2 3"), if there are any."""
    at = stop
    while at > start and page.kinds[at - 1] in _PAGER_KINDS:
        at -= 1
    has_pager = any(page.kinds[i] is Kind.PAGER for i in range(at, stop))
    return at if has_pager and at > start else stop


def _outdented(page: PageLines, last: Header, stop: int) -> int:
    """The first line below a header that is indented less than all of it, if the page is indented at all."""
    below = page.below[last.end - 1]
    own = [at for at in range(last.start, last.end) if page.kinds[at] is not Kind.BLANK]
    margin = min(page.lines.indent(at) for at in (own if below is None else [*own, below]))
    for at in range(last.end, stop):
        if page.kinds[at] is not Kind.BLANK and page.lines.indent(at) < margin - 1:
            return at
    return stop
