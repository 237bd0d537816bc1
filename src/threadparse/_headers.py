"""Lines to candidates: every way in which a dialect's header shapes fit the lines of a page.

In: a page and header shapes. Out: :class:`Header`, one per fit, overlapping ones included; which of them are the page's
headers is decided elsewhere. A line that can anchor a header (a time, or the line below a closing line or in a doublet)
is tried against the shapes, upwards and downwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import attrs

from ._headershapes import HeaderShape, Level, Slot
from ._lines import HEADINGS, SHORT, fold_key, plain_name
from ._pagelines import SECTION_KINDS, TAIL_KINDS, PageLines
from ._templates import MAX_NAME, STAMP
from ._times import Found
from ._tokens import Kind

_MAX_STAMPED = 150
"""Longest header line that holds a name and a time, in code points; the longest seen has 120."""
_MOST_WORDS = 6
"""Most words of a name that stands between blank lines and that nothing else tells from a text."""
_LINKED = ("[…]", "[...]")
"""How the text of a pingback opens: words of another page around a link to this one."""
_MAX_ABOVE_TEXT = 20
"""Lines below a header within which its text opens: BeautifulSoup's raw text has a dozen blank ones there."""
_SENTENCE_ENDS = (".", "!", "?", "…", ":", "。", "！", "？")
_TAIL_WORDS = (Kind.BUTTON, Kind.VOTE_WORD, Kind.NUMBER, Kind.REPLY)
_HEAD_KINDS = (Kind.COUNT, Kind.SORT)
_IMAGE, _ROLE, _MARKER = Kind.IMAGE, Kind.ROLE, Kind.MARKER
_NO_NAMES = frozenset(
    {
        Kind.BLANK,
        Kind.RULE,
        Kind.FORM,
        Kind.COUNT,
        Kind.EDITED,
        Kind.HIDDEN,
        Kind.PAGER,
        Kind.MARKER,
        Kind.IMAGE,
        Kind.SITE,
        Kind.TAIL_TIME,
        Kind.BESIDE,
    }
)
"""Kinds of lines that are nobody's name where no time says otherwise."""
_ABOVE_UNTIMED = TAIL_KINDS | SECTION_KINDS | {Kind.ROLE, Kind.IMAGE}
"""Kinds of lines below which a header without a time may begin."""


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
        level: What the platform displays of the depth of comments with such a header, ``None`` if it does not tell.
        number: The number that the page shows with it ("#12", "12."), ``None`` without one.
        answers: The number of the comment that it says it answers, ``None`` if it does not say so by a number.
        votes: The votes that a layout shows in or beside it, ``None`` without.
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
    level: Level | None = None
    number: int | None = None
    answers: int | None = None
    votes: int | None = None

    @property
    def shows_more(self) -> bool:
        """Whether it shows more than a name: a time, a role or a marker."""
        return self.posted is not None or self.role is not None or self.reply_to is not None

    @property
    def author_key(self) -> str:
        """The author's name for comparing."""
        return fold_key(self.author)


def timed_candidates(page: PageLines, shapes: Sequence[HeaderShape]) -> list[Header]:
    """The headers around lines that are nothing but a time."""
    return _all_fits(page, shapes, "when", sorted(page.times))


def stamped_candidates(page: PageLines, shapes: Sequence[HeaderShape]) -> list[Header]:
    """The headers around lines that hold a time and other words."""
    if not shapes:
        return []
    content = page.lines.content
    stamped = (
        index
        for index, kind in enumerate(page.kinds)
        if kind is Kind.TEXT and len(content[index]) <= _MAX_STAMPED and page.stamp(index) is not None
    )
    return _all_fits(page, shapes, "when", stamped)


def untimed_candidates(page: PageLines, shapes: Sequence[HeaderShape]) -> list[Header]:
    """The headers without a time: below closing lines, around doublets, and between blank lines below the head."""
    head = next((index for index, kind in enumerate(page.kinds) if kind in _HEAD_KINDS), len(page.kinds))
    names = (
        index
        for index, kind in enumerate(page.kinds)
        if kind not in _NO_NAMES and (_can_open(page, index) or (index > head and _stands_apart(page, index)))
    )
    return _all_fits(page, shapes, "author", names)


def distinct(headers: Iterable[Header]) -> list[Header]:
    """The candidates without those that two shapes yield alike, in order of their lines."""
    distinct = {(h.start, h.end, *sorted(h.lines.items())): h for h in headers}
    return [distinct[key] for key in sorted(distinct)]


def _can_open(page: PageLines, index: int) -> bool:
    """Whether a header without a time may have its author here: below a closing line or in a doublet."""
    above = page.above[index]
    below = page.below[index]
    if above is None or len(page.lines.content[index]) > MAX_NAME:
        return False
    if below is not None and page.kinds[below] in (Kind.TAIL_TIME, Kind.SITE):
        return False
    if page.kinds[index] in _TAIL_WORDS and page.kinds[above] in TAIL_KINDS:
        return page.same_words(above, index)
    return page.kinds[above] in _ABOVE_UNTIMED or page.same_words(above, index)


def _stands_apart(page: PageLines, index: int) -> bool:
    """Whether a line is short, between blank lines, and above a text: a name on a page that shows nothing else."""
    kinds, below = page.kinds, page.below[index]
    if below is None or kinds[below] is not Kind.TEXT or kinds[index] not in (Kind.TEXT, Kind.ROLE):
        return False
    if kinds[index - 1] is not Kind.BLANK or kinds[index + 1] is not Kind.BLANK:
        return False
    words = page.lines.content[index].split()
    return len(words) <= _MOST_WORDS and not words[-1].endswith(_SENTENCE_ENDS)


_Piece = tuple[int, int, str | None]
"""Where a field stands, first line and line after the last, and its words if they are not the whole of its lines."""
_Pieces = dict[str, _Piece]
_Fit = tuple[int, int, _Pieces]
"""First and last line of a fit, and its fields."""


def _all_fits(page: PageLines, shapes: Sequence[HeaderShape], anchor: str, anchors: Iterable[int]) -> list[Header]:
    """Every way in which shapes fit with their anchor at some lines."""
    tries = []
    for shape in shapes:
        at = next(i for i, slot in enumerate(shape.slots) if anchor in slot.fields)
        tries.append((shape.name, shape.slots[:at][::-1], shape.slots[at], shape.slots[at + 1 :]))
    headers = []
    for index in anchors:
        for name, over, slot, under in tries:
            for _, _, pieces in _slot_fits(page, slot, index, 1, {}):
                for top, _, with_over in _walk(page, over, index, -1, pieces):
                    for _, bottom, whole in _walk(page, under, index, 1, with_over):
                        headers.append(_header(page, name, whole, top, page.past_beside(bottom + 1)))
    return headers


def _walk(page: PageLines, slots: Sequence[Slot], index: int, by: int, pieces: _Pieces) -> list[_Fit]:
    """Every way to fit slots to the lines that follow ``index`` in direction ``by``."""
    found: list[_Fit] = []
    at = (page.below if by > 0 else page.above)[index]
    for position, slot in enumerate(slots, 1):
        fits = () if at is None else _slot_fits(page, slot, at, by, pieces)
        if fits and position == len(slots):
            found += fits
        elif fits:
            rest = slots[position:]
            for first, last, whole in fits:
                found += _walk(page, rest, last if by > 0 else first, by, whole)
        if not slot.optional:
            return found
    found.append((index, index, pieces))
    return found


def _slot_fits(page: PageLines, slot: Slot, at: int, by: int, pieces: _Pieces) -> Sequence[_Fit]:
    """Every way in which a slot fits a line, if none of its fields was found already; with the fields found before."""
    if slot.is_simple:
        field = slot.fields[0]
        ranges = () if field in pieces else _RANGES[field](page, at, by, pieces)
        return [(first, last, {**pieces, field: (first, last + 1, None)}) for first, last in ranges] if ranges else ()
    content, time = page.lines.content[at], None
    if not pieces.keys().isdisjoint(slot.fields):
        return ()
    if "when" in slot.fields:
        time = page.stamp(at)
    if time is not None:
        content = f"{content[: time.start]}{STAMP}{content[time.end :]}"
    match = page.lexer.header_lines[slot.template].fullmatch(content)
    if match is None:
        return ()
    words = match.groupdict()
    if time is not None:
        words["when"] = page.lines.content[at][time.start : time.end]
    return [(at, at, {**pieces, **{field: (at, at + 1, text.strip()) for field, text in words.items()}})]


_Ranges = Sequence[tuple[int, int]]
"""Line ranges, last line included, that can be a field when it begins (or ends, upwards) at a line."""


def _author_ranges(page: PageLines, at: int, by: int, pieces: _Pieces) -> _Ranges:
    if page.kinds[at] is _IMAGE or page.lines.raw[at].startswith(HEADINGS):
        return ()
    if len(page.lines.content[at]) > MAX_NAME and not (_is_doublet(page, at) or _is_title(page, at, pieces)):
        return ()
    if by < 0 and page.may_be_wrapped(at - 1):
        return (at, at), (at - 1, at)
    return ((at, at),)


def _alt_ranges(page: PageLines, at: int, _by: int, pieces: _Pieces) -> _Ranges:
    """A picture with the author's name as its words, or the name once more on as many lines."""
    author = pieces["author"]
    first = at - (author[1] - author[0]) + 1
    name = _words(page, author)
    if page.kinds[at] is _IMAGE and _same_name(page.lines.alts.get(at, ""), name):
        return ((at, at),)
    if fold_key(page.lines.alts.get(at, page.lines.content[at])) in page.lexer.stand_ins:
        return ((at, at),)
    if _join(page, at, at + 1) == f"{name} {name}":  # two pictures, the second one for screens of another kind
        return ((at, at),)
    return ((first, at),) if first >= 0 and plain_name(_join(page, first, at + 1)) == plain_name(name) else ()


def _role_ranges(page: PageLines, at: int, _by: int, _pieces: _Pieces) -> _Ranges:
    return ((at, at),) if page.kinds[at] is _ROLE else ()


def _when_ranges(page: PageLines, at: int, _by: int, _pieces: _Pieces) -> _Ranges:
    return ((at, at),) if at in page.times else ()


def _marker_ranges(page: PageLines, at: int, by: int, _pieces: _Pieces) -> _Ranges:
    """A marker on one line, wrapped over two, or with the name on a line of its own."""
    return _marker_below(page, at) if by > 0 else _marker_above(page, at)


def _marker_below(page: PageLines, at: int) -> _Ranges:
    kind = page.kinds[at]
    if kind is _MARKER:
        wraps = page.may_be_wrapped(at) and page.below[at] == at + 1
        return ((at, at), (at, at + 1)) if wraps else ((at, at),)
    name = page.below[at] if page.is_marker_word(at) else None
    return ((at, name),) if name is not None and len(page.lines.content[name]) <= MAX_NAME else ()


def _marker_above(page: PageLines, at: int) -> _Ranges:
    own = ((at, at),) if page.kinds[at] is _MARKER else ()
    above = page.above[at]
    if above is None:
        return own
    kind = page.kinds[above]
    if page.is_marker_word(above) and len(page.lines.content[at]) <= MAX_NAME:
        return (*own, (above, at))
    if kind is _MARKER and above == at - 1 and page.may_be_wrapped(above):
        return (*own, (above, at))
    return own


_RANGES: dict[str, Callable[[PageLines, int, int, _Pieces], _Ranges]] = {
    "author": _author_ranges,
    "alt": _alt_ranges,
    "role": _role_ranges,
    "when": _when_ranges,
    "marker": _marker_ranges,
}


def _is_doublet(page: PageLines, at: int) -> bool:
    """Whether a line stands on the line above too; then it may be as long as a trackback's title."""
    above = page.above[at]
    return above is not None and page.same_words(above, at)


def _is_title(page: PageLines, at: int, pieces: _Pieces) -> bool:
    """Whether a line is the title of a page that links here, above its time and its words."""
    when = pieces.get("when")
    if when is None or len(page.lines.content[at]) > SHORT:
        return False
    opening = next(filter(None, page.lines.content[when[1] : when[1] + _MAX_ABOVE_TEXT]), "")
    return plain_name(opening).startswith(_LINKED)


def _words(page: PageLines, piece: _Piece) -> str:
    first, after, words = piece
    return _join(page, first, after) if words is None else words


def _join(page: PageLines, first: int, after: int) -> str:
    content = page.lines.content
    return content[first] if after - first == 1 else " ".join(content[first:after])


def _same_name(alt: str, author: str) -> bool:
    alt, author = fold_key(plain_name(alt)), fold_key(plain_name(author))
    return alt == author or (len(alt) > 2 and author.startswith(alt))


def _header(page: PageLines, shape: str, pieces: _Pieces, start: int, end: int) -> Header:
    marker, when, role = pieces.get("marker"), pieces.get("when"), pieces.get("role")
    return Header(
        start=start,
        end=end,
        author=plain_name(_words(page, pieces["author"])),
        lines={field: (first, after) for field, (first, after, _) in pieces.items()},
        posted=None if when is None else _words(page, when),
        time=None if when is None else page.time(when[0]),
        role=None if role is None else _words(page, role),
        reply_to=None if marker is None else _named(page, marker),
        shape=shape,
    )


def _named(page: PageLines, marker: _Piece) -> str:
    """The name in a marker."""
    first, after, _ = marker
    if page.is_marker_word(first):
        return plain_name(page.lines.content[after - 1])
    name = page.readings[first].name or ""
    return plain_name(" ".join([name, *page.lines.content[first + 1 : after]]))
