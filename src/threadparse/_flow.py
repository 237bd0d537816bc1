"""A text without line breaks: where its lines would be.

In: lines, one of which holds nearly all of the text (trafilatura's ``html2txt`` writes a whole page on one line), and a
lexer. Out: lines again, cut where a page shows one thing after another, so that all later steps work as ever. Nothing
is moved: a line is a start in the same text.

How it is cut
    1. *Pieces* are found: times, and the words that pages use for buttons, forms, roles and markers, written as the
       locale writes them.
    2. A time, with what belongs to it on its left (a role, a marker with its name), begins a comment's header; the
       author's name is what ends there. Nothing says where it begins. But a name comes back: in other headers, with
       other words before it, and in markers, with a time behind it. So each possible beginning has points: for a
       sentence's end or a piece before it, for coming back where the longer form does not, and against it for small
       words and for a sentence's end inside it.
    3. The name behind a marker without a time is the longest author's name that stands there.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import islice, pairwise

import attrs
import regex

from ._lines import Lines, fold_key
from ._times import Found
from ._tokens import Kind, Lexer

_LONG = 250
"""Shortest line that is cut, in code points: two headers with a text each."""
_MOST = 1_000_000
"""Longest text that is cut, in code points; the longest page seen has 400,000."""
_SHARE = 0.8
"""Least share of the text that lies on such lines."""
_FEW = 3
"""Most such lines that are no article's paragraphs, whatever their length; trafilatura writes one."""
_VERY_LONG = 2_000
"""Least mean length of more of them, in code points: paragraphs of articles have a quarter of that."""
_MOST_WORDS = 8
"""Most words that a phrase or a name has; a name in a marker that ends at a time may have as many."""
_LONGEST_LINK = 40
"""Longest run of words between the time and the name in "Last edited ... by ...", in code points."""
_SENTENCE_END = regex.compile(r"[.!?…。！？:;]['\"”’»)\]]*$|[\"”»]$")
_ABBREVIATION = regex.compile(r"^(?:\p{L}|\p{Lu}\p{L}{1,3})\.$")
_EMOJI = regex.compile(r"[\p{Extended_Pictographic}\p{M}\p{Cf}]+")
_PLACES = regex.compile(r"\{n\}|\{unit\}|\s")
_RARE = 4
"""How many times rarer than the commonest a form of time may be."""
_WORD = regex.compile(r"\S+")
_LONGEST_HEAD = 150
"""Longest name with the time behind it where both are glued to a text, in code points."""
_HALF_DAY = 5
"""Longest word for a half of the day with the blank before it: " a.m."."""
_ORDINAL = regex.compile(r"(?:\s{1,3}[^\s#]{1,20}){0,2}?\s{1,3}(#\s?([0-9]{1,6}))(?!\S)|\s{1,3}([0-9]{1,6})(?!\S)")
"""The number of a post behind its time, with a word or two between if it has its mark: "Staff #3"."""
_MAX_STEP = 3
"""Most by which the numbers of posts count up: some are hidden."""
_COUNTED_UP = 0.7
"""Least share of them that does."""
_DIGITS = regex.compile(r"\d+(?:[.,]\d+)*[kKmM]?")

_CAME_BACK, _AT_A_BREAK, _SMALL_WORD, _CROSSED, _EXTRA_WORD, _CAPITAL_EDGE = 2.0, 3.0, -1.0, -4.0, -0.5, 1.0
"""Points of a name's beginning, on the scale of natural logarithms; measured on one-line pages made of dumps."""


@attrs.frozen
class _Piece:
    """Something known in a line: where, and what.

    Attributes:
        start: Its start in the line.
        end: Its end.
        kind: What a line of it would be.
        names: Whether a name follows that belongs to it.
    """

    start: int
    end: int
    kind: Kind
    names: bool = False


def is_flowing(text: str, lines: Sequence[str]) -> bool:
    """Whether nearly all of a text stands on lines that are far too long for one thing each."""
    long = [length for length in map(len, lines) if length >= _LONG]
    if not 0 < len(text) <= _MOST or sum(long) < _SHARE * len(text) or "](" in text:
        return False
    if len(long) > _FEW and sum(long) < _VERY_LONG * len(long):
        return False  # the paragraphs of an article
    short = sum(1 for line in lines if line and not line.isspace()) - len(long)
    return short <= 2 * len(long) + 2


def phrases(line: str, heads: Container[str]) -> Iterator[tuple[int, int, str]]:
    """Every run of at most :data:`_MOST_WORDS` words that begins with certain words, a longer run before a shorter one.

    Args:
        line: The line.
        heads: Words, as :func:`word_key` gives them.

    Yields:
        Start and end, and the words as keys with one blank between two.
    """
    words = [(match.start(), match.end(), word_key(match.group())) for match in _WORD.finditer(line)]
    for at, (start, _, head) in enumerate(words):
        if head in heads:
            run = words[at : at + _MOST_WORDS]
            for count in range(len(run), 0, -1):
                yield start, run[count - 1][1], " ".join([key for _, _, key in run[:count]])


def cut(lines: Lines, lexer: Lexer) -> Lines:
    """The same text with its long lines cut into the lines that a page would have."""
    starts: list[int] = []
    for start, line in zip(lines.starts, lines.raw, strict=False):
        starts.append(start)
        if len(line) >= _LONG:
            starts.extend(start + at for at in _Flow(line, lexer).cuts())
    return _at(lines, starts)


def cut_glued(lines: Lines, marks: Sequence[str], find: Callable[[str], Found | None]) -> Lines:
    """The same text with the lines cut that hold comments without a blank between: "AnnMay 3, 2031Thanks!ReplyDelete".

    Args:
        lines: The text, not in Markdown.
        marks: What stands between two comments.
        find: Finds a time in some words.
    """
    present = sorted((mark for mark in marks if mark in lines.text), key=len, reverse=True)
    if not present or lines.is_markdown:
        return lines
    mark = regex.compile("|".join(map(regex.escape, present)))
    starts: list[int] = []
    for start, line in zip(lines.starts, lines.raw, strict=False):
        starts.append(start)
        starts.extend(start + at for at in _glued_edges(line, mark, find) if 0 < at < len(line))
    return _at(lines, starts)


def _glued_edges(line: str, mark: regex.Pattern[str], find: Callable[[str], Found | None]) -> Iterator[int]:
    """Where the time, the text and the mark of each comment begin, and the next one's name; in order."""
    first = 0
    for match in mark.finditer(line):
        head = line[first : min(match.start(), first + _LONGEST_HEAD)]
        time = find(head)
        if time is not None:  # "2:06 PMI see": with nothing behind it, PM is a word
            ends = (find(head[: time.end + more]) for more in range(1, _HALF_DAY + 1))
            time = max(filter(None, ends), key=lambda found: found.end, default=time)
        if time is not None and time.start:
            yield from (first + time.start, first + time.end)
        if first < match.start() and (time is None or first + time.end < match.start()):
            yield match.start()
        yield match.end()
        first = match.end()


def _at(lines: Lines, starts: Sequence[int]) -> Lines:
    """The same text with lines that begin at some places."""
    raw = [lines.text[first:after].rstrip() for first, after in pairwise([*starts, lines.starts[-1]])]
    content = [" ".join(line.split()) for line in raw]
    return attrs.evolve(lines, starts=[*starts, lines.starts[-1]], raw=raw, content=content)


def word_key(words: str) -> str:
    """Words for comparing: folded, and numbers as "0"."""
    return _DIGITS.sub("0", fold_key(words))


class _Flow:
    """One long line."""

    def __init__(self, line: str, lexer: Lexer) -> None:
        self._line = line
        self._pieces = _pieces(line, lexer)
        self._called = self._names_called()
        self._drop_names()
        self._slots = [slot for at in range(len(self._pieces)) if (slot := self._slot(at)) is not None]

    def cuts(self) -> list[int]:
        """Where lines begin, but for the first one; sorted."""
        seen = Counter(name for slot in self._slots for name in slot.endings)
        seen.update(self._called)
        begins = {slot.begin(seen): slot.end for slot in self._slots}
        authors = {self._line[begin:end] for begin, end in begins.items()}
        edges = {edge for pair in begins.items() for edge in pair}
        headers = sorted(begins)
        for at, piece in enumerate(self._pieces):
            stop = self._pieces[at + 1].start if at + 1 < len(self._pieces) else len(self._line)
            header = bisect_left(headers, piece.end)
            if header < len(headers):
                stop = min(stop, headers[header])
            edges |= {piece.start, self._end_of_name(at, stop, authors) if piece.names else piece.end}
        starts = {self._next_word(at) for at in edges}
        return sorted(starts - {0, len(self._line)})

    def _names_called(self) -> Counter[str]:
        """What stands behind the words that a name follows, as often as it does: one word, two, three ..."""
        called = Counter[str]()
        for piece in self._pieces:
            if piece.kind is Kind.MARKER_WORD:
                words = self._words(piece.end, len(self._line), _MOST_WORDS)
                called.update(self._line[words[0][0] : end] for _, end in words)
        return called

    def _drop_names(self) -> None:
        """Take for words what is written like a button or a role and stands where a name does: "Guest 3 days ago"."""
        kept: list[_Piece] = []
        for at, piece in enumerate(self._pieces):
            below = self._pieces[at + 1] if at + 1 < len(self._pieces) else None
            is_last = below is not None and below.kind in (Kind.TIME, Kind.MARKER_WORD) and self._touch(piece, below)
            if is_last and piece.kind not in (Kind.TIME, Kind.MARKER_WORD, Kind.EDITED):
                touches = bool(kept) and self._touch(kept[-1], piece)
                if piece.kind is not Kind.ROLE or touches or self._is_called(piece, kept[-1].end if kept else 0):
                    continue
            kept.append(piece)
        self._pieces = kept

    def _touch(self, above: _Piece, below: _Piece) -> bool:
        return not self._line[above.end : below.start].strip()

    def _is_called(self, piece: _Piece, start: int) -> bool:
        """Whether a piece, alone or with words before it, is what markers call somebody."""
        words = [(piece.start, piece.end), *reversed(self._words(max(start, piece.start - 60), piece.start)[-3:])]
        return any(self._line[first : piece.end] in self._called for first, _ in words)

    def _end_of_name(self, at: int, stop: int, authors: set[str]) -> int:
        """The end of the name behind a piece, which ends at ``stop`` at the latest."""
        words = self._words(self._pieces[at].end, stop)[:_MOST_WORDS]
        if not words:
            return self._pieces[at].end
        if not self._follows_time(at) and not self._line[words[-1][1] : stop].strip():
            return words[-1][1]
        ends = [end for _, end in words if self._line[words[0][0] : end] in authors]
        return ends[-1] if ends else words[0][1]

    def _next_word(self, at: int) -> int:
        match = _WORD.search(self._line, at)
        return match.start() if match else len(self._line)

    def _words(self, start: int, end: int, most: int | None = None) -> list[tuple[int, int]]:
        return [match.span() for match in islice(_WORD.finditer(self._line, start, end), most)]

    def _gap(self, at: int) -> list[tuple[int, int]]:
        """The words between a piece and the one before it."""
        return self._words(self._pieces[at - 1].end if at else 0, self._pieces[at].start)

    def _slot(self, at: int) -> _Slot | None:
        """Where the author stands whose header this time belongs to."""
        if self._pieces[at].kind is not Kind.TIME:
            return None
        first = at
        if first and self._pieces[first - 1].kind is Kind.MARKER_WORD:
            gap = self._gap(first)
            if 0 < len(gap) <= _MOST_WORDS and not self._follows_time(first - 1):
                first -= 1
        while first and self._pieces[first - 1].kind is Kind.ROLE and not self._gap(first):
            first -= 1
        gap = self._gap(first)
        if not gap:
            return None
        before = self._pieces[first - 1].kind if first else None
        is_whole = (
            len(gap) <= _MOST_WORDS and first > 0 and not self._pieces[first - 1].names and before is not Kind.TIME
        )
        return _Slot(self._line, gap[-_MOST_WORDS - 1 :], is_whole=is_whole)

    def _follows_time(self, at: int) -> bool:
        """Whether a marker stands right behind a time, so that its name is followed by the text."""
        return at > 0 and self._pieces[at - 1].kind is Kind.TIME and not self._gap(at)


class _Slot:
    """Where some author's name ends.

    Attributes:
        end: Its end, in the line.
        endings: The last words before it: one, two, three ...
    """

    def __init__(self, line: str, words: Sequence[tuple[int, int]], *, is_whole: bool) -> None:
        self.end = words[-1][1]
        self._line = line
        self._words = words
        self._is_whole = is_whole
        own = words if is_whole or len(words) <= _MOST_WORDS else words[1:]
        self._starts = [start for start, _ in reversed(own)]
        self.endings = [line[start : self.end] for start in self._starts]

    def begin(self, seen: Counter[str]) -> int:
        """Where the name most likely begins."""
        best = max(range(len(self._starts)), key=lambda n: (self._points(n, seen), -n))
        return self._starts[best]

    def _points(self, n: int, seen: Counter[str]) -> float:
        own = [self._line[start:end] for start, end in self._words[len(self._words) - n - 1 :]]
        at = len(self._words) - n - 2
        before = self._line[slice(*self._words[at])] if at >= 0 else None
        longer = seen[self.endings[n + 1]] if n + 1 < len(self.endings) else 1
        points = _CAME_BACK * math.log(max(seen[self.endings[n]], 1) / max(longer, 1))
        points += _EXTRA_WORD * n + _SMALL_WORD * sum(word[0].islower() for word in own)
        points += _CROSSED * sum(_ends_sentence(word) for word in own[:-1])
        if before is None:
            points += _AT_A_BREAK * self._is_whole
        elif _ends_sentence(before) or _EMOJI.fullmatch(before):
            points += _AT_A_BREAK
        elif before[0].islower() and own[0][0].isupper():
            points += _CAPITAL_EDGE
        return points


def _ends_sentence(word: str) -> bool:
    return "://" in word or (_SENTENCE_END.search(word) is not None and _ABBREVIATION.search(word) is None)


def _pieces(line: str, lexer: Lexer) -> list[_Piece]:
    """What is known in a line, in order; pieces do not overlap, times come first, then the longest phrases."""
    runs = list(phrases(line, lexer.first_words))
    markers = [(start, end) for start, end, key in runs if lexer.phrases.get(key) is Kind.MARKER_WORD]
    known = [_Piece(start, end, Kind.MARKER_WORD, names=True) for start, end in markers]
    times = lexer.times.find_all(line)
    known += [_Piece(time.start, time.end, Kind.TIME) for time in times]
    for start, end, key in runs:
        kind = lexer.phrases.get(key)
        if kind is not None and (not line[start].islower() or " " in key or kind in (Kind.SORT, Kind.SITE)):
            known.append(_Piece(start, end, kind))
    # Of two that overlap, the surer one stays: they stand in this order.
    taken = bytearray(len(line))
    pieces = []
    for piece in known:
        if not any(taken[piece.start : piece.end]):
            taken[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
            pieces.append(piece)
    pieces += [verb for piece in pieces if (verb := _verb(line, piece, lexer.verbs)) is not None]
    pieces = _with_edits(line, sorted(pieces, key=lambda piece: piece.start), lexer.edit_links)
    return _with_numbers(line, _without_rare(pieces, times))


def _with_numbers(line: str, pieces: list[_Piece]) -> list[_Piece]:
    """The pieces, with the numbers of posts behind their times, "3" or "Staff #3", if these count up."""
    found: dict[int, tuple[_Piece, int]] = {}
    for at, piece in enumerate(pieces):
        stop = pieces[at + 1].start if at + 1 < len(pieces) else len(line)
        match = _ORDINAL.match(line, piece.end, stop) if piece.kind is Kind.TIME else None
        if match is not None:
            group = 1 if match[1] else 3
            found[at] = _Piece(match.start(group), match.end(), Kind.NUMBER), int(match[2] or match[3])
    numbers = [number for _, number in found.values()]
    rising = sum(above < below <= above + _MAX_STEP for above, below in pairwise(numbers))
    times = sum(piece.kind is Kind.TIME for piece in pieces)
    if len(numbers) < 2 or 2 * len(numbers) < times or rising < _COUNTED_UP * (len(numbers) - 1):
        return pieces
    with_numbers = [*pieces, *(number for number, _ in found.values())]
    return sorted(with_numbers, key=lambda piece: piece.start)


def _verb(line: str, piece: _Piece, verbs: tuple[str, ...]) -> _Piece | None:
    """The "says:" or "Posted" before a time; like a role, it belongs to the header and is no part of the name."""
    before = line[max(0, piece.start - _LONGEST_LINK) : piece.start].rstrip()
    key = before.rstrip(":.… ").casefold()
    if piece.kind is not Kind.TIME or not key.endswith(verbs):
        return None
    verb = next(form for form in verbs if key.endswith(form))
    start = piece.start - len(line[max(0, piece.start - _LONGEST_LINK) : piece.start]) + len(key) - len(verb)
    if start and not line[start - 1].isspace():
        return None
    return _Piece(start, max(0, piece.start - _LONGEST_LINK) + len(before), Kind.ROLE)


def _without_rare(pieces: list[_Piece], times: Sequence[Found]) -> list[_Piece]:
    """The pieces without times in a form that the page's headers do not have; prose has one here and there."""
    forms = {time.start: _PLACES.sub("", time.shape) if time.kind == "relative" else time.shape for time in times}
    counts = Counter(forms[piece.start] for piece in pieces if piece.kind is Kind.TIME)
    least = max(counts.values(), default=0) / _RARE
    return [piece for piece in pieces if piece.kind is not Kind.TIME or counts[forms[piece.start]] >= least]


def _with_edits(line: str, pieces: list[_Piece], links: frozenset[str]) -> list[_Piece]:
    """The pieces, "Last edited", its time and the word before its name joined to one."""
    joined: list[_Piece] = []
    for above, piece in pairwise([_Piece(0, 0, Kind.BLANK), *pieces]):
        is_edit = above.kind is Kind.EDITED and piece.kind is Kind.TIME
        if not is_edit or len(line[above.end : piece.start].split()) > _MOST_WORDS:
            joined.append(piece)
        else:
            behind = line[piece.end : piece.end + _LONGEST_LINK]
            link = next((link for link in links if fold_key(behind).lstrip().startswith(f"{link} ")), None)
            end = piece.end + (0 if link is None else len(behind) - len(behind.lstrip()) + len(link))
            joined[-1] = _Piece(above.start, end, Kind.EDITED, names=link is not None)
    return joined
