"""Tokens to headers: where each comment begins.

In: lines, tokens and a dialect. Out: the headers of the page's comments, in order, and what the page does everywhere.

How a header is found
    A comment section is one record repeated. A line that can anchor a header (a time, a marker, a doublet, or the line
    below a reply button) is tried against the dialect's header shapes, upwards and downwards; every way in which it
    fits is a *candidate*. A candidate earns points for what headers have and texts have not (a doublet, a marker that
    names somebody on the page, a button above), and loses points for what names have not (a sentence's end).

    Then the page itself is asked: whatever most candidates do alike (a doublet or none, the marker above or below the
    time, a blank line or none below the header, a button above it) is this page's convention, and a candidate that
    does otherwise loses points. This is what tells a header from a text that looks like one: a line "6 months ago" in
    somebody's comment has no doublet, no button above it and a sentence where the name should be.

    The set of headers that do not overlap and have the most points in sum is chosen (:func:`_best_chain`), the
    conventions are counted again over that set, and the choice is made once more.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import attrs

from ._dialect import Dialect, HeaderShape, Slot
from ._lines import Lines, fold_key, plain_name
from ._templates import MAX_NAME, STAMP
from ._times import Found
from ._tokens import UI_KINDS, Kind, Lexer, Tokens

MAX_GAP = 8
"""Most blank lines between two lines of a header. BeautifulSoup's raw text has runs of six around an avatar."""
_MAX_STAMPED = 150
"""Longest header line that holds a name and a time, in code points; the longest seen has 120."""
_WRAPPED = 55
"""Shortest line that may have been cut by wrapping: extractors wrap at 72 to 80, and words are rarely over 20 long."""
_ROUNDS = 2
"""How often the conventions are counted; a third round changed nothing on any development set."""

_TAIL_KINDS = frozenset({Kind.REPLY, Kind.NUMBER, Kind.HIDDEN, Kind.EDITED, Kind.BUTTON})
_SECTION_KINDS = frozenset({Kind.COUNT, Kind.COUNT_LABEL, Kind.SORT, Kind.FORM, Kind.PAGER})
_NO_NAMES = frozenset(
    {Kind.RULE, Kind.FORM, Kind.COUNT, Kind.EDITED, Kind.HIDDEN, Kind.PAGER, Kind.MARKER, Kind.IMAGE, Kind.SITE}
)
"""Kinds of lines that are nobody's name where no time says otherwise."""
_AROUND_TAILS = frozenset(
    {Kind.BLANK, Kind.HIDDEN, Kind.RULE, Kind.PAGER, Kind.FORM, Kind.BUTTON, Kind.SORT, Kind.IMAGE}
)
"""Kinds that may stand below the votes and the button of a comment."""
_PAGER_KINDS = frozenset({Kind.PAGER, Kind.NUMBER, Kind.HIDDEN, Kind.RULE, Kind.BLANK})
_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？", "»", '"', "”")


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

    @property
    def author_key(self) -> str:
        """The author's name for comparing."""
        return fold_key(self.author)


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


# Points are natural logarithms of odds, rounded: how much likelier a line group is a header than a text when it has
# the property. Measured on rendered threads with texts that imitate headers.
_POINTS = {
    "any header": -2.0,
    "time": 1.5,
    "doublet": 2.5,
    "doublet of a button": 0.5,
    "marker": 0.5,
    "marker names an author": 1.0,
    "marker names nobody": -1.5,
    "role": 0.5,
    "below a closing line": 1.5,
    "below the section's head": 2.0,
    "name ends like a sentence": -3.0,
    "name is long": -1.5,
    "name is wrapped": -2.0,
    "name is furniture": -1.0,
    "name is a number": -2.0,
    "name is a phrase": -4.0,
    "nothing below": -4.0,
    "only furniture below": -1.5,
    "no time": 0.0,
}
_NEUTRAL = 0.7
"""What a convention kept is worth at most; a convention broken costs up to five times as much."""
_BROKEN = -3.5
_TRAIT_WEIGHTS = {"closing": 2.0, "doublet": 2.0, "below": 2.0, "marker style": 2.0}
"""What texts cannot imitate: the line above a header, and the white space that an extractor leaves in a marker."""


def find_records(lines: Lines, tokens: Tokens, dialect: Dialect, lexer: Lexer) -> Records:
    """The headers of a page; none if nothing on it looks like a comment."""
    page = _Page(lines, tokens, lexer)
    timed = [shape for shape in dialect.headers if any("when" in slot.fields for slot in shape.slots)]
    plain = [shape for shape in timed if all(slot.is_simple for slot in shape.slots)]
    candidates = _distinct(_timed_candidates(page, plain))
    headers, strength = _choose(page, candidates)
    # Few headers for so many closing lines: times stand on lines with other words, or are missing.
    closing = max(page.kinds.count(Kind.REPLY), page.kinds.count(Kind.NUMBER))
    if not headers or 2 * len(headers) < closing:
        stamped = _distinct([*candidates, *_stamped_candidates(page, [s for s in timed if s not in plain])])
        headers, strength = _choose(page, stamped)
        others = _distinct(_untimed_candidates(page, [s for s in dialect.headers if s not in timed]))
        if _choose(page, others)[1] > strength:
            headers, strength = _choose(page, _distinct([*stamped, *others]))
    headers = _above_site_lines(page, _drop_byline(page, headers))
    if not headers:
        return Records((), 0, False, len(lines), 0.0)
    votes, reply_button = _tail_conventions(page, headers)
    if not _has_hallmarks(page, headers, votes, reply_button=reply_button):
        return Records((), 0, False, len(lines), 0.0)
    _join_wrapped_edits(page, headers)
    end = _end_of_thread(page, headers[-1], votes, reply_button=reply_button)
    return Records(tuple(headers), votes, reply_button, end, strength)


def _choose(page: _Page, candidates: Sequence[Header]) -> tuple[list[Header], float]:
    """The best headers among some candidates, and their points in sum."""
    if not candidates:
        return [], 0.0
    traits = [page.traits(header) for header in candidates]
    points = [page.points(header) for header in candidates]
    chosen, strength = _best_chain(page, candidates, points)
    for _ in range(_ROUNDS):
        authors = {candidates[i].author_key for i in chosen}
        conventions = _Conventions([traits[i] for i in chosen])
        scores = [
            _POINTS["any header"] + own + page.marker_points(header, authors) + conventions.points(trait)
            for header, own, trait in zip(candidates, points, traits, strict=True)
        ]
        chosen, strength = _best_chain(page, candidates, scores)
    return [candidates[i] for i in chosen], strength


def _has_hallmarks(page: _Page, headers: Sequence[Header], votes: int, *, reply_button: bool) -> bool:
    """Whether anything but a name and a time says that there are comments: articles have a byline and a date too.

    Without any time, two signs are needed.
    """
    authors = {header.author_key for header in headers}
    signs = (
        2 * sum("alt" in header.lines for header in headers) >= len(headers),
        any(fold_key(header.reply_to) in authors for header in headers if header.reply_to is not None),
        page.before(headers[0]) == "section",
        reply_button,
    )
    if any("when" in header.lines for header in headers):
        return any(signs)
    has_votes = votes > 0 and len(headers) > 2
    return sum(signs) + has_votes >= 2 and (len(headers) > 1 or reply_button)


def _drop_byline(page: _Page, headers: list[Header]) -> list[Header]:
    """Without the article's own author and date, which stand above the section's head and look like a header."""
    while len(headers) > 1:
        at = page.step(headers[1].start, -1)
        while at is not None and at >= headers[0].end:
            if page.kinds[at] in (Kind.COUNT, Kind.COUNT_LABEL, Kind.SORT):
                break
            at = page.step(at, -1) if page.kinds[at] in UI_KINDS | {Kind.NUMBER, Kind.ROLE, Kind.IMAGE} else None
        else:
            at = None
        if at is None:
            break
        headers = headers[1:]
    return headers


class _Page:
    """What is asked of a page again and again: neighbours, indentation, whether text stands between two lines."""

    def __init__(self, lines: Lines, tokens: Tokens, lexer: Lexer) -> None:
        self.lines = lines
        self.lexer = lexer
        self.kinds = tokens.kinds
        self.readings = tokens.readings
        self._stamps: dict[int, Found | None] = {}

    def step(self, index: int, by: int) -> int | None:
        """The next line that is not blank, at most :data:`MAX_GAP` blank lines away; ``by`` is 1 or -1."""
        for at in range(index + by, index + by * (MAX_GAP + 2), by):
            if not 0 <= at < len(self.kinds):
                return None
            if self.kinds[at] is not Kind.BLANK:
                return at
        return None

    def key(self, index: int) -> str:
        return fold_key(self.lines.content[index])

    def stamp(self, index: int) -> Found | None:
        """The time in a line that holds other words too."""
        if index not in self._stamps:
            self._stamps[index] = self.lexer.times.find(self.lines.content[index])
        return self._stamps[index]

    def time(self, index: int) -> Found | None:
        """The time that a line is or holds."""
        reading = self.readings.get(index)
        return self._stamps.get(index) if reading is None else reading.time

    def is_time(self, index: int) -> bool:
        """Whether a line is nothing but a time."""
        reading = self.readings.get(index)
        return reading is not None and reading.time is not None and self.kinds[index] is not Kind.EDITED

    def indent(self, index: int) -> int:
        raw = self.lines.raw[index]
        return len(raw) - len(raw.lstrip())

    def points(self, header: Header) -> float:
        """The points that a header has by itself."""
        total = _POINTS["time" if "when" in header.lines else "no time"]
        kind = self.kinds[header.lines["author"][0]]
        if "alt" in header.lines:
            # A button above somebody who is named like it makes a doublet too.
            total += _POINTS["doublet"] if kind not in _TAIL_KINDS else _POINTS["doublet of a button"]
        if "role" in header.lines:
            total += _POINTS["role"]
        if header.reply_to is not None:
            total += _POINTS["marker"]
        before = self.before(header)
        if before == "section":
            total += _POINTS["below the section's head"]
        elif before != "text":
            total += _POINTS["below a closing line"]
        return total + self._name_points(header)

    def _name_points(self, header: Header) -> float:
        author, total = header.author, 0.0
        if "alt" in header.lines:
            return total
        words = author.count(" ") + 1
        if author.endswith(_SENTENCE_ENDS) and (words > 3 or author[0].islower()):
            total += _POINTS["name ends like a sentence"]
        if len(author) > 50 or words > 6:
            total += _POINTS["name is long"]
        first, after = header.lines["author"]
        if after - first > 1:
            total += _POINTS["name is wrapped"]
        kind = self.kinds[header.lines["author"][0]]
        if kind in (Kind.EDITED, Kind.COUNT, Kind.MARKER):
            total += _POINTS["name is a phrase"]
        elif kind is Kind.NUMBER:
            total += _POINTS["name is a number"]
        elif kind not in (Kind.TEXT, Kind.RULE):
            total += _POINTS["name is furniture"]
        return total

    def marker_points(self, header: Header, authors: set[str]) -> float:
        if header.reply_to is None:
            return 0.0
        known = fold_key(header.reply_to) in authors
        return _POINTS["marker names an author" if known else "marker names nobody"]

    def before(self, header: Header) -> str:
        """What stands above a header: "section", a closing line's kind, or "text"."""
        above = self.step(header.start, -1)
        if above is None:
            return "text"
        kind = self.kinds[above]
        if kind in _SECTION_KINDS:
            return "section"
        return kind.name if kind in _TAIL_KINDS else "text"

    def traits(self, header: Header) -> dict[str, object]:
        """What a page's headers do alike, as far as this header shows it."""
        fields = header.lines
        author = fields["author"]
        traits: dict[str, object] = {
            "doublet": "alt" in fields,
            "below": self.kinds[header.end] is Kind.BLANK if header.end < len(self.kinds) else None,
        }
        if header.start > 0:
            traits["continues"] = self.kinds[header.start - 1] is Kind.TEXT
        before = self.before(header)
        if before not in ("section", Kind.EDITED.name):
            traits["closing"] = before
        if "when" in fields:
            when = fields["when"][0]
            if not {"role", "marker"} & fields.keys():
                traits["gap"] = when - author[1]
            traits["indent"] = self.indent(when) - self.indent(author[0])
            traits["time"] = header.time is not None and header.time.kind
        if "role" in fields:
            traits["role"] = (fields["role"] > author, "alt" in fields and fields["role"] > fields["alt"])
        if "marker" in fields:
            marker = fields["marker"][0]
            raw = self.lines.raw[marker]
            name = raw.rfind((header.reply_to or "")[:10])
            traits["marker"] = "when" in fields and fields["marker"] > fields["when"]
            traits["marker style"] = (self.kinds[marker], raw[:name].lstrip())
        return traits


class _Conventions:
    """What each value of each trait is worth, by how often the chosen headers have it."""

    def __init__(self, traits: Sequence[dict[str, object]]) -> None:
        counts: dict[str, Counter[object]] = {}
        for trait in traits:
            for name, value in trait.items():
                counts.setdefault(name, Counter())[value] += 1
        self._worth: dict[tuple[str, object], float] = {}
        self._unseen: dict[str, float] = {}
        for name, values in counts.items():
            total = values.total()
            self._unseen[name] = self._points(name, 0, total)
            for value, count in values.items():
                self._worth[name, value] = self._points(name, count, total)

    @staticmethod
    def _points(name: str, count: int, total: int) -> float:
        share = (count + 0.5) / (total + 1.0)
        return min(max(math.log(2.0 * share), _BROKEN), _NEUTRAL) * _TRAIT_WEIGHTS.get(name, 1.0)

    def points(self, trait: dict[str, object]) -> float:
        """The points of a header for keeping and breaking conventions."""
        total = 0.0
        for name, value in trait.items():
            worth = self._worth.get((name, value))
            if worth is None:
                worth = self._unseen.get(name, 0.0)
            if name == "closing" and value != "text":
                worth = max(worth, 0.0)  # a text may end with a number anywhere
            total += worth
        return total


def _timed_candidates(page: _Page, shapes: Sequence[HeaderShape]) -> Iterator[Header]:
    for index in range(len(page.kinds)):
        if page.is_time(index):
            for shape in shapes:
                yield from _fits(page, shape, "when", index)


def _stamped_candidates(page: _Page, shapes: Sequence[HeaderShape]) -> Iterator[Header]:
    if not shapes:
        return
    for index, kind in enumerate(page.kinds):
        if kind is Kind.TEXT and len(page.lines.content[index]) <= _MAX_STAMPED and page.stamp(index) is not None:
            for shape in shapes:
                yield from _fits(page, shape, "when", index)


def _untimed_candidates(page: _Page, shapes: Sequence[HeaderShape]) -> Iterator[Header]:
    for index, kind in enumerate(page.kinds):
        if kind is not Kind.BLANK and _can_open_untimed(page, index):
            for shape in shapes:
                yield from _fits(page, shape, "author", index)


def _distinct(headers: Iterable[Header]) -> list[Header]:
    """The candidates without those that two shapes yield alike, in order of their lines."""
    distinct = {(h.start, h.end, *sorted(h.lines.items())): h for h in headers}
    return [distinct[key] for key in sorted(distinct)]


def _can_open_untimed(page: _Page, index: int) -> bool:
    """Whether a header without a time may have its author here: below a closing line or in a doublet."""
    above = page.step(index, -1)
    if above is None or len(page.lines.content[index]) > MAX_NAME or page.kinds[index] in _NO_NAMES:
        return False
    if page.kinds[above] in _TAIL_KINDS | _SECTION_KINDS | {Kind.ROLE, Kind.IMAGE}:
        return True
    return page.lines.content[above] == page.lines.content[index]


@attrs.frozen
class _Piece:
    """Where a field stands, and its words if they are not the whole of its lines."""

    first: int
    after: int
    words: str | None = None


_Got = dict[str, _Piece]


def _fits(page: _Page, shape: HeaderShape, anchor: str, index: int) -> Iterator[Header]:
    """Every way in which a shape fits with its anchor at a line."""
    at = next(i for i, slot in enumerate(shape.slots) if anchor in slot.fields)
    for _, _, got in _slot_fits(page, shape.slots[at], index, 1, {}):
        for above, top in _walk(page, tuple(reversed(shape.slots[:at])), index, -1, got):
            for found, bottom in _walk(page, shape.slots[at + 1 :], index, 1, above):
                header = _header(page, shape, found, top, bottom + 1)
                if header is not None:
                    yield header


def _walk(page: _Page, slots: Sequence[Slot], index: int, by: int, got: _Got) -> Iterator[tuple[_Got, int]]:
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


def _slot_fits(page: _Page, slot: Slot, at: int, by: int, got: _Got) -> Iterator[tuple[int, int, _Got]]:
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


def _ranges(page: _Page, field: str, at: int, by: int, got: _Got) -> Iterator[tuple[int, int]]:
    """The line ranges, last line included, that can be a field when it begins (or ends, upwards) at a line."""
    kind = page.kinds[at]
    if field == "author":
        if kind is not Kind.IMAGE and (len(page.lines.content[at]) <= MAX_NAME or _is_doublet(page, at)):
            yield at, at
            if by < 0 and _may_be_wrapped(page, at - 1):
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


def _alt_ranges(page: _Page, at: int, author: _Piece) -> Iterator[tuple[int, int]]:
    """A picture with the author's name as its words, or the name once more on as many lines."""
    first = at - (author.after - author.first) + 1
    name = _words(page, author)
    if page.kinds[at] is Kind.IMAGE and _same_name(page.lines.alts.get(at, ""), name):
        yield at, at
    elif first >= 0 and _join(page, first, at + 1) == name:
        yield first, at


def _marker_ranges(page: _Page, at: int, by: int) -> Iterator[tuple[int, int]]:
    """A marker on one line, wrapped over two, or with the name on a line of its own."""
    kind = page.kinds[at]
    if kind is Kind.MARKER:
        yield at, at
        if by > 0 and _may_be_wrapped(page, at) and page.step(at, 1) == at + 1:
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
        elif page.kinds[above] is Kind.MARKER and above == at - 1 and _may_be_wrapped(page, above):
            yield above, at


def _is_doublet(page: _Page, at: int) -> bool:
    """Whether a line stands on the line above too; then it may be as long as a trackback's title."""
    above = page.step(at, -1)
    return above is not None and page.lines.content[above] == page.lines.content[at]


def _may_be_wrapped(page: _Page, index: int) -> bool:
    return index >= 0 and _WRAPPED <= len(page.lines.content[index]) <= 90


def _words(page: _Page, piece: _Piece) -> str:
    return _join(page, piece.first, piece.after) if piece.words is None else piece.words


def _join(page: _Page, first: int, after: int) -> str:
    return " ".join(page.lines.content[first:after])


def _same_name(alt: str, author: str) -> bool:
    alt, author = fold_key(plain_name(alt)), fold_key(plain_name(author))
    return alt == author or (len(alt) > 2 and author.startswith(alt))


def _header(page: _Page, shape: HeaderShape, got: _Got, start: int, end: int) -> Header | None:
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


def _reply_to(page: _Page, got: _Got) -> str | None:
    if "marker" not in got:
        return None
    first, after = got["marker"].first, got["marker"].after
    if page.kinds[first] is Kind.MARKER_WORD:
        return plain_name(page.lines.content[after - 1])
    name = page.readings[first].name
    if name is None:
        return None
    return plain_name(" ".join([name, *page.lines.content[first + 1 : after]]))


def _best_chain(page: _Page, headers: Sequence[Header], scores: Sequence[float]) -> tuple[list[int], float]:
    """Indices of the headers that do not overlap and have the most points in sum, and that sum.

    Two headers without text between them cost points: somebody posted an empty comment, or one of them is none.
    """
    order = sorted(range(len(headers)), key=lambda i: (headers[i].end, headers[i].start))
    ends = [headers[i].end for i in order]
    best_to: list[tuple[float, int]] = []  # by position in order: best sum of a chain ending at or before it, its last
    sums: dict[int, float] = {}
    before: dict[int, int] = {}
    last_text = _last_lines(page, frozenset({Kind.TEXT, Kind.IMAGE}))
    last_line = _last_lines(page, frozenset(Kind) - {Kind.BLANK})
    for position, i in enumerate(order):
        header = headers[i]
        options = [(0.0, -1)]
        for above, cost in (
            (header.start, _POINTS["nothing below"]),
            (last_line[header.start], _POINTS["only furniture below"]),
            (last_text[header.start], 0.0),
        ):
            count = bisect_right(ends, above, 0, position)
            if count:
                value, last = best_to[count - 1]
                options.append((value + cost, last))
        value, last = max(options)
        sums[i], before[i] = value + scores[i], last
        here = (sums[i], i)
        best_to.append(max(best_to[-1], here) if best_to else here)
    value, last = max((0.0, -1), best_to[-1])
    chain = []
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain[::-1], value


def _last_lines(page: _Page, kinds: frozenset[Kind]) -> list[int]:
    """For each line: the index of the last line of these kinds above it, -1 if there is none."""
    last, result = -1, []
    for index, kind in enumerate(page.kinds):
        result.append(last)
        if kind in kinds:
            last = index
    result.append(last)
    return result


def _join_wrapped_edits(page: _Page, headers: Sequence[Header]) -> None:
    """Give the second line of a wrapped "Last edited ... by ..." to the first, where both together name an author."""
    authors = {header.author_key: header.author for header in headers}
    for at, kind in enumerate(page.kinds[:-1]):
        reading = page.readings.get(at)
        if kind is not Kind.EDITED or reading is None or reading.name is None or not _may_be_wrapped(page, at):
            continue
        name = authors.get(fold_key(f"{reading.name} {page.lines.content[at + 1]}"))
        if name is not None:
            page.kinds[at + 1] = Kind.EDITED
            page.readings[at] = attrs.evolve(reading, name=name)


def _above_site_lines(page: _Page, headers: list[Header]) -> list[Header]:
    """Without what only looks like comments below the thread: lists of other pages, with names and dates."""
    if not headers:
        return headers
    for at in range(headers[0].end, headers[-1].start):
        if page.kinds[at] is Kind.SITE:
            above = page.step(at, -1)
            if above is not None and page.kinds[above] in _TAIL_KINDS | {Kind.PAGER, Kind.SITE}:
                return [header for header in headers if header.start < at]
    return headers


def _tail_conventions(page: _Page, headers: Sequence[Header]) -> tuple[int, bool]:
    """How many vote lines and whether a reply button stand between two comments on this page."""
    tails = Counter(_tail_above(page, header.start, above.end) for above, header in pairwise(headers))
    if not tails:
        return _tail_below(page, headers[-1].end)
    reply_button = 2 * sum(n for (_, button), n in tails.items() if button) > tails.total()
    votes = Counter[int]()
    for (count, _), n in tails.items():
        votes[min(count, 2)] += n
    return votes.most_common(1)[0][0], reply_button


def _tail_above(page: _Page, start: int, stop: int) -> tuple[int, bool]:
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


def _tail_below(page: _Page, start: int) -> tuple[int, bool]:
    """The same for a page with one comment: read at the first reply button below it, else at its last numbers."""
    stop = _first_site_line(page, start)
    for at in range(start, stop):
        if page.kinds[at] is Kind.REPLY:
            votes, _ = _tail_above(page, at + 1, start)
            return min(votes, 2), True
    return 0, False


def _first_site_line(page: _Page, start: int) -> int:
    for at in range(start, len(page.kinds)):
        if page.kinds[at] is Kind.SITE:
            return at
    return len(page.kinds)


def _end_of_thread(page: _Page, last: Header, votes: int, *, reply_button: bool) -> int:
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
    at = page.step(end - 1, 1)
    while at is not None and at < stop and page.kinds[at] in (Kind.HIDDEN, Kind.PAGER, Kind.BUTTON):
        below = page.step(at, 1)
        turns = below is not None and page.kinds[below] is Kind.NUMBER
        if page.kinds[at] is Kind.PAGER and (turns or any(map(str.isdigit, page.lines.content[at]))):
            break  # "« Previous 1 2 3" turns the page; "Load More Comments" is the last comment's
        end, at = at + 1, below
    return end


def _without_pager(page: _Page, start: int, stop: int) -> int:
    """The end of a last comment without a tail: above the page's numbers ("« Previous 1 2 3"), if there are any."""
    at = stop
    while at > start and page.kinds[at - 1] in _PAGER_KINDS:
        at -= 1
    has_pager = any(page.kinds[i] is Kind.PAGER for i in range(at, stop))
    return at if has_pager and at > start else stop


def _outdented(page: _Page, last: Header, stop: int) -> int:
    """The first line below a header that is indented less than all of it, if the page is indented at all."""
    below = page.step(last.end - 1, 1)
    own = [at for at in range(last.start, last.end) if page.kinds[at] is not Kind.BLANK]
    margin = min(page.indent(at) for at in (own if below is None else [*own, below]))
    for at in range(last.end, stop):
        if page.kinds[at] is not Kind.BLANK and page.indent(at) < margin - 1:
            return at
    return stop
