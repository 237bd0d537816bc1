"""Lines to candidates: every way in which a dialect's header shapes fit the lines of a page.

In: a page and header shapes. Out: :class:`Header`, one per fit, overlapping ones included; which of them are the page's
headers is decided elsewhere. A line that can anchor a header (a time, or the line below a closing line or in a doublet)
is tried against the shapes, upwards and downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from ._dialect import HeaderShape, Slot
from ._lines import fold_key, plain_name
from ._page import SECTION_KINDS, TAIL_KINDS, Page
from ._templates import MAX_NAME, STAMP
from ._times import Found
from ._tokens import Kind

_MAX_STAMPED = 150
"""Longest header line that holds a name and a time, in code points; the longest seen has 120."""
_NO_NAMES = frozenset(
    {Kind.RULE, Kind.FORM, Kind.COUNT, Kind.EDITED, Kind.HIDDEN, Kind.PAGER, Kind.MARKER, Kind.IMAGE, Kind.SITE}
)
"""Kinds of lines that are nobody's name where no time says otherwise."""


@attrs.frozen
class Header:
    """One way to read some lines as a comment's header.

    Attributes:
        start: First line.
        end: Line after the last one.
        author: Name, as displayed.
        lines: Line ranges by field: ``{"author": (4, 5), "when": (6, 7)}``.
        posted: Words of the time, ``None`` without one.
        time: What was read in them.
        role: Label beside the name, ``None`` without one.
        reply_to: Name in the marker, ``None`` without one.
        shape: Name of the header's shape in the dialect.
        level: Depth at which the platform shows comments with such a header, ``None`` if the header does not tell.
    """

    start: int
    end: int
    author: str
    lines: dict[str, tuple[int, int]]
    posted: str | None
    time: Found | None
    role: str | None
    reply_to: str | None
    shape: str
    level: int | None = None

    @property
    def author_key(self) -> str:
        """The author's name for comparing."""
        return fold_key(self.author)


def timed_candidates(page: Page, shapes: Sequence[HeaderShape]) -> Iterator[Header]:
    for index in range(len(page.kinds)):
        if page.is_time(index):
            for shape in shapes:
                yield from _fits(page, shape, "when", index)


def stamped_candidates(page: Page, shapes: Sequence[HeaderShape]) -> Iterator[Header]:
    if not shapes:
        return
    for index, kind in enumerate(page.kinds):
        if kind is Kind.TEXT and len(page.lines.content[index]) <= _MAX_STAMPED and page.stamp(index) is not None:
            for shape in shapes:
                yield from _fits(page, shape, "when", index)


def untimed_candidates(page: Page, shapes: Sequence[HeaderShape]) -> Iterator[Header]:
    for index, kind in enumerate(page.kinds):
        if kind is not Kind.BLANK and _can_open_untimed(page, index):
            for shape in shapes:
                yield from _fits(page, shape, "author", index)


def distinct(headers: Iterable[Header]) -> list[Header]:
    """The candidates without those that two shapes yield alike, in order of their lines."""
    distinct = {(h.start, h.end, *sorted(h.lines.items())): h for h in headers}
    return [distinct[key] for key in sorted(distinct)]


def _can_open_untimed(page: Page, index: int) -> bool:
    """Whether a header without a time may have its author here: below a closing line or in a doublet."""
    above = page.step(index, -1)
    if above is None or len(page.lines.content[index]) > MAX_NAME or page.kinds[index] in _NO_NAMES:
        return False
    if page.kinds[above] in TAIL_KINDS | SECTION_KINDS | {Kind.ROLE, Kind.IMAGE}:
        return True
    return page.lines.content[above] == page.lines.content[index]


@attrs.frozen
class _Piece:
    """Where a field stands, and its words if they are not the whole of its lines."""

    first: int
    after: int
    words: str | None = None


_Got = dict[str, _Piece]


def _fits(page: Page, shape: HeaderShape, anchor: str, index: int) -> Iterator[Header]:
    """Every way in which a shape fits with its anchor at a line."""
    at = next(i for i, slot in enumerate(shape.slots) if anchor in slot.fields)
    for _, _, got in _slot_fits(page, shape.slots[at], index, 1, {}):
        for above, top in _walk(page, tuple(reversed(shape.slots[:at])), index, -1, got):
            for found, bottom in _walk(page, shape.slots[at + 1 :], index, 1, above):
                header = _header(page, shape, found, top, bottom + 1)
                if header is not None:
                    yield header


def _walk(page: Page, slots: Sequence[Slot], index: int, by: int, got: _Got) -> Iterator[tuple[_Got, int]]:
    """Every way to fit slots to the lines that follow ``index`` in direction ``by``; yields fields and last line."""
    if not slots:
        yield got, index
        return
    slot, rest = slots[0], slots[1:]
    at = page.step(index, by)
    if at is not None and got.keys().isdisjoint(slot.fields):
        for first, last, more in _slot_fits(page, slot, at, by, got):
            yield from _walk(page, rest, last if by > 0 else first, by, {**got, **more})
    if slot.optional:
        yield from _walk(page, rest, index, by, got)


def _slot_fits(page: Page, slot: Slot, at: int, by: int, got: _Got) -> Iterator[tuple[int, int, _Got]]:
    """Every way in which a slot fits a line: first and last line, and the fields."""
    if slot.is_simple:
        for first, last in _ranges(page, slot.fields[0], at, by, got):
            yield first, last, {slot.fields[0]: _Piece(first, last + 1)}
        return
    content, time = page.lines.content[at], None
    if "when" in slot.fields:
        time = page.stamp(at) if page.kinds[at] is Kind.TEXT else None
        if time is None:
            return
        content = f"{content[: time.start]}{STAMP}{content[time.end :]}"
    match = page.lexer.header_lines[slot.template].fullmatch(content)
    if match is not None:
        words = match.groupdict()
        if time is not None:
            words["when"] = page.lines.content[at][time.start : time.end]
        yield at, at, {field: _Piece(at, at + 1, text.strip()) for field, text in words.items()}


def _ranges(page: Page, field: str, at: int, by: int, got: _Got) -> Iterator[tuple[int, int]]:
    """The line ranges, last line included, that can be a field when it begins (or ends, upwards) at a line."""
    kind = page.kinds[at]
    if field == "author":
        if kind is not Kind.IMAGE and (len(page.lines.content[at]) <= MAX_NAME or _is_doublet(page, at)):
            yield at, at
            if by < 0 and page.may_be_wrapped(at - 1):
                yield at - 1, at
    elif field == "alt":
        yield from _alt_ranges(page, at, got["author"])
    elif field == "role":
        if kind is Kind.ROLE:
            yield at, at
    elif field == "when":
        if page.is_time(at):
            yield at, at
    else:
        yield from _marker_ranges(page, at, by)


def _alt_ranges(page: Page, at: int, author: _Piece) -> Iterator[tuple[int, int]]:
    """A picture with the author's name as its words, or the name once more on as many lines."""
    first = at - (author.after - author.first) + 1
    name = _words(page, author)
    if page.kinds[at] is Kind.IMAGE and _same_name(page.lines.alts.get(at, ""), name):
        yield at, at
    elif first >= 0 and _join(page, first, at + 1) == name:
        yield first, at


def _marker_ranges(page: Page, at: int, by: int) -> Iterator[tuple[int, int]]:
    """A marker on one line, wrapped over two, or with the name on a line of its own."""
    kind = page.kinds[at]
    if kind is Kind.MARKER:
        yield at, at
        if by > 0 and page.may_be_wrapped(at) and page.step(at, 1) == at + 1:
            yield at, at + 1
    elif kind is Kind.MARKER_WORD and by > 0:
        name = page.step(at, 1)
        if name is not None and len(page.lines.content[name]) <= MAX_NAME:
            yield at, name
    if by < 0:
        above = page.step(at, -1)
        if above is None:
            return
        if page.kinds[above] is Kind.MARKER_WORD and len(page.lines.content[at]) <= MAX_NAME:
            yield above, at
        elif page.kinds[above] is Kind.MARKER and above == at - 1 and page.may_be_wrapped(above):
            yield above, at


def _is_doublet(page: Page, at: int) -> bool:
    """Whether a line stands on the line above too; then it may be as long as a trackback's title."""
    above = page.step(at, -1)
    return above is not None and page.lines.content[above] == page.lines.content[at]


def _words(page: Page, piece: _Piece) -> str:
    return _join(page, piece.first, piece.after) if piece.words is None else piece.words


def _join(page: Page, first: int, after: int) -> str:
    return " ".join(page.lines.content[first:after])


def _same_name(alt: str, author: str) -> bool:
    alt, author = fold_key(plain_name(alt)), fold_key(plain_name(author))
    return alt == author or (len(alt) > 2 and author.startswith(alt))


def _header(page: Page, shape: HeaderShape, got: _Got, start: int, end: int) -> Header | None:
    reply_to = _reply_to(page, got)
    if "marker" in got and reply_to is None:
        return None
    return Header(
        start=start,
        end=end,
        author=plain_name(_words(page, got["author"])),
        lines={field: (piece.first, piece.after) for field, piece in got.items()},
        posted=_words(page, got["when"]) if "when" in got else None,
        time=page.time(got["when"].first) if "when" in got else None,
        role=_words(page, got["role"]) if "role" in got else None,
        reply_to=reply_to,
        shape=shape.name,
    )


def _reply_to(page: Page, got: _Got) -> str | None:
    if "marker" not in got:
        return None
    first, after = got["marker"].first, got["marker"].after
    if page.kinds[first] is Kind.MARKER_WORD:
        return plain_name(page.lines.content[after - 1])
    name = page.readings[first].name
    if name is None:
        return None
    return plain_name(" ".join([name, *page.lines.content[first + 1 : after]]))
