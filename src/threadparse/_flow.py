"""A text without line breaks: where its lines would be.

In: lines that flow (:mod:`threadparse._flowing`), a lexer, and the dialects whose platforms have signed the page. Out:
lines again, cut where a page shows one thing after another, so that all later steps work as ever. Nothing is moved: a
line is a start in the same text.

How it is cut
    1. *Pieces* are found (:mod:`threadparse._pieces`): times, with the words of a dialect's headers beside them; the
       words that pages use for buttons, forms, roles and markers; facts about authors.
    2. A time, with what belongs to it on its left (a role, a marker with its name), begins a comment's header; the
       author's name is what ends there. Nothing says where it begins. But a name comes back: in other headers, with
       other words before it, and in markers, with a time behind it. So each possible beginning has points: for a
       sentence's end or a piece before it, for coming back where the longer form does not, and against it for small
       words and for a sentence's end inside it.
    3. On forums titles and facts stand between name and time. Each name that may be meant has points then, those before
       a title that stands behind other names too (:mod:`threadparse._slots`).
    4. The name behind a marker without a time is the longest author's name that stands there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import islice, pairwise

import attrs
import regex

from ._breaks import begin_at
from ._dialect import Dialect
from ._flowing import LONG, is_in_rows
from ._lines import Lines, fold_key
from ._locale import Locale
from ._pieces import MOST_WORDS, Piece, find_pieces
from ._rows import known_particles, known_roles
from ._seams import Loose, loosen, name_ends
from ._slots import MOST_BESIDE, Block, Signs, Slot, choose_in_blocks, short_lines
from ._tokens import Kind, Lexer

_LINE_END = re.compile(r"[\r\n]")
_WORD = regex.compile(r"\S+")
_VOTES = regex.compile(r"\s([-−]?[0-9]{1,6})\s*$")
_LONGEST_VOTES = 10
"""Longest number of votes with the blanks beside it, in code points."""
_LONGEST_ROLE = 30
"""Longest role, in code points."""
_EXCERPT = regex.compile(r"\s{1,3}\[(?:…|\.\.\.)\]")
"""What opens the text of a pingback."""
_LONGEST_QUOTED = 60
"""Longest name before "said:", in code points."""
_MOST_VALUE = 15
"""Most words of what somebody says of himself beside his posts; more are a text."""
_MOSTLY = 0.6
"""Share of the posts that have a date beside their author where the page shows since when people are members."""
_MOST_BETWEEN = 3
"""Most words between a header and itself once more: "Author", "Level 5"."""
_LONGEST_BLOCK = 400
"""Longest block beside a post, in code points."""
_MOST_QUOTED = 4
"""Most words of it."""
_IN_BLOCKS = frozenset({Kind.ROLE, Kind.VOTE_WORD, Kind.NUMBER})
"""What may stand between an author's name and the post's time."""


def cut(lines: Lines, lexer: Lexer, dialects: Sequence[Dialect], locales: tuple[Locale, ...]) -> Lines:
    """The same text with its long lines cut into the lines that a page would have.

    Args:
        lines: The text.
        lexer: Reads it.
        dialects: What platforms it may be of.
        locales: Its languages.
    """
    roles = known_roles(locales).union(fold_key(form) for known in dialects for form in known.lines.get("role", ()))
    starts = set(lines.starts[:-1])
    names: set[int] = set()
    for start, line in _flows(lines):
        loose = loosen(line)
        pieces = find_pieces(loose.text, lexer, dialects, locales)
        flow = _Flow(loose, pieces, lexer.verbs, roles, known_particles(locales))
        starts.update(start + loose.place(at) for at in flow.cuts())
        names.update(start + loose.place(at) for at in flow.names())
    ordered = sorted(starts)
    named = frozenset(at for at, start in enumerate(ordered) if start in names)
    return attrs.evolve(begin_at(lines, ordered), names=named)


def _flows(lines: Lines) -> list[tuple[int, str]]:
    """What is read in one go, with its start: each long line, but rows together, since they tell of each other."""
    if is_in_rows(lines.raw):
        return [(0, lines.text)]
    return [(start, line) for start, line in zip(lines.starts, lines.raw, strict=False) if len(line) >= LONG]


class _Flow:
    """One long line."""

    def __init__(
        self, loose: Loose, pieces: list[Piece], verbs: tuple[str, ...], roles: Set[str], particles: Set[str]
    ) -> None:
        self._line = loose.text
        self._seams = frozenset(loose.seams).union(match.start() for match in _LINE_END.finditer(loose.text))
        self._signs = Signs(self._seams, particles)
        self._pieces = pieces
        self._find_votes()
        self._settle_sides()
        self._drop_doubled()
        self._settle_dates()
        self._open_behind_times(roles)
        self._called = self._names_called() + self._names_quoted(verbs)
        named = (self._next_word(piece.end) for piece in self._pieces if piece.names)
        self._glued = loose.names_at(named) if loose.seams else frozenset[str]()
        self._drop_names()
        self._slots = [slot for at in range(len(self._pieces)) if (slot := self._slot(at)) is not None]
        self._blocks = [block for at in range(len(self._pieces)) if (block := self._block(at)) is not None]
        choose_in_blocks(self._blocks, self._called, roles)

    def cuts(self) -> list[int]:
        """Where lines begin, but for the first one; sorted."""
        seen = Counter(name for slot in self._slots for name in slot.endings)
        seen.update(self._called)
        begins: dict[int, Slot | Block] = {slot.begin(seen): slot for slot in self._slots}
        begins |= {block.begin: block for block in self._blocks}
        authors = {slot.name(self._line, begin) for begin, slot in begins.items()}
        edges = {edge for begin, slot in begins.items() for edge in (begin, slot.end)}
        edges |= {edge for slot in begins.values() for edge in slot.edges if not self._is_inside(edge)}
        edges |= {edge for at, piece in enumerate(self._pieces) if piece.has_block for edge in self._short_lines(at)}
        headers = sorted(begins)
        for at, piece in enumerate(self._pieces):
            stop = self._pieces[at + 1].start if at + 1 < len(self._pieces) else len(self._line)
            header = bisect_left(headers, piece.end)
            if header < len(headers):
                stop = min(stop, headers[header])
            if header and piece.start < begins[headers[header - 1]].end:
                continue  # a word of a name that is a button's elsewhere: "Guest 12"
            edges |= {piece.start, self._end_of_name(at, stop, authors) if piece.names else piece.end, *piece.edges}
            edges |= {piece.end} if piece.is_header or piece.kind is Kind.ROLE else set()
        starts = {self._next_word(at) for at in edges}
        return sorted(starts - {0, len(self._line)})

    def names(self) -> Iterator[int]:
        """Where the names beside posts begin."""
        return (block.begin for block in self._blocks)

    def _names_called(self) -> Counter[str]:
        """What stands behind the words that a name follows, as often as it does: one word, two, three ..."""
        called = Counter[str]()
        for piece in self._pieces:
            if piece.kind is Kind.MARKER_WORD or (piece.names and piece.kind in (Kind.BUTTON, Kind.ROLE)):
                words = self._words(piece.end, len(self._line), MOST_WORDS)
                called.update(self._line[words[0][0] : end] for _, end in words)
            elif piece.author is not None:
                called[self._line[slice(*piece.author)]] += 1
        return called

    def _names_quoted(self, verbs: tuple[str, ...]) -> Counter[str]:
        """What stands before "said:", in the same way."""
        said = regex.compile(r"\s(?:" + "|".join(map(regex.escape, verbs)) + r")\s?:(?!\S)", regex.IGNORECASE)
        quoted = Counter[str]()
        for match in said.finditer(self._line):
            words = self._words(max(0, match.start() - _LONGEST_QUOTED), match.start())[-_MOST_QUOTED:]
            quoted.update(self._line[start : match.start()] for start, _ in words)
        return quoted

    def _find_votes(self) -> None:
        """Find the votes above buttons that are glued to texts, "sides.0 Reply", or below zero, "sides. -1 Reply"."""
        replies = [piece.start for piece in self._pieces if piece.kind is Kind.REPLY]
        votes = [_VOTES.search(self._line, max(0, start - _LONGEST_VOTES), start) for start in replies]
        found = [
            Piece(*match.span(1), Kind.NUMBER)
            for match in votes
            if match and (match.start() in self._seams or not match[1].isdecimal())
        ]
        self._pieces = sorted([*self._pieces, *found], key=lambda piece: piece.start)

    def _settle_sides(self) -> None:
        """Where headers may have the person on either side: behind them if facts about somebody follow most of them."""
        either = [at for at, piece in enumerate(self._pieces) if piece.names and piece.has_block]
        behind = [at for at in either if self._pieces[at + 1 : at + 2] and self._is_fact_near(at + 1)]
        is_behind = 2 * len(behind) > len(either)
        for at in either:
            self._pieces[at] = attrs.evolve(self._pieces[at], names=is_behind, has_block=not is_behind)

    def _is_fact_near(self, at: int) -> bool:
        return self._pieces[at].is_fact and len(self._gap(at)) <= MOST_WORDS

    def _drop_doubled(self) -> None:
        """Take a header that stands there twice, for telephones and for screens, for the second one."""
        headers = [at for at, piece in enumerate(self._pieces) if piece.has_block]
        for above, at in pairwise(headers):
            first, second = self._pieces[above], self._pieces[at]
            if len(self._words(first.end, second.start)) <= _MOST_BETWEEN:
                self._pieces[above] = Piece(first.start, second.start, Kind.ROLE, is_fact=True)

    def _settle_dates(self) -> None:
        """Take dates beside most posts for facts about their authors: since when somebody is a member."""
        headers = [at for at, piece in enumerate(self._pieces) if piece.has_block and piece.opens_behind_name]
        dates = [date for at in headers if (date := self._date_above(at)) is not None]
        if len(dates) > max(1, _MOSTLY * len(headers)):
            for at in dates:
                self._pieces[at] = attrs.evolve(self._pieces[at], kind=Kind.ROLE, is_fact=True)

    def _open_behind_times(self, roles: Set[str]) -> None:
        """Where times close comments, as in the first wpDiscuz, a role opens the next one, and a name follows it."""
        times = [at for at, piece in enumerate(self._pieces) if piece.kind is Kind.TIME and not piece.is_header]
        behind = {at: role for at in times if (role := self._role_behind(self._pieces[at].end, roles)) is not None}
        if len(times) < 2 or times[-1] in behind or len(behind) < _MOSTLY * (len(times) - 1):
            return
        first = next((at for at in range(times[0] - 1, 0, -1) if self._opens_text(at)), None)
        if first is None:
            return
        opening = [attrs.evolve(self._pieces[first], names=True), *behind.values()]
        starts = {piece.start for piece in opening}
        for at in times:
            self._pieces[at] = attrs.evolve(self._pieces[at], kind=Kind.ROLE, is_fact=True)
        kept = [piece for piece in self._pieces if piece.start not in starts]
        self._pieces = sorted([*kept, *opening], key=lambda piece: piece.start)

    def _opens_text(self, at: int) -> bool:
        """Whether a piece is a role right behind another piece: that of the first comment, below the form."""
        return self._pieces[at].kind is Kind.ROLE and self._touch(self._pieces[at - 1], self._pieces[at])

    def _role_behind(self, end: int, roles: Set[str]) -> Piece | None:
        """The role right behind a time, to which the name may be glued."""
        start = self._next_word(end)
        for length in range(min(_LONGEST_ROLE, len(self._line) - start), 1, -1):
            is_word = self._seams or not self._line[start + length : start + length + 1].isalnum()
            if is_word and fold_key(self._line[start : start + length]) in roles:
                return Piece(start, start + length, Kind.ROLE, names=True)
        return None

    def _date_above(self, at: int) -> int | None:
        """The time that stands a few words before a header, with no other words than of a block between."""
        above = at - 1
        while above >= 0 and self._pieces[above].kind in _IN_BLOCKS:
            above -= 1
        if above < 0 or self._pieces[above].kind is not Kind.TIME or self._pieces[above].has_block:
            return None
        between = self._words(self._pieces[above].end, self._pieces[at].start, _MOST_VALUE + 1)
        return above if len(between) <= _MOST_VALUE else None

    def _drop_names(self) -> None:
        """Take for words what is written like a button or a role and stands where a name does: "Guest 3 days ago"."""
        kept: list[Piece] = []
        for at, piece in enumerate(self._pieces):
            below = self._pieces[at + 1] if at + 1 < len(self._pieces) else None
            is_last = below is not None and below.opens_behind_name and self._touch(piece, below)
            if is_last and piece.kind not in (Kind.TIME, Kind.MARKER_WORD, Kind.EDITED):
                touches = bool(kept) and self._touch(kept[-1], piece)
                if piece.kind is not Kind.ROLE or touches or self._is_called(piece, kept[-1].end if kept else 0):
                    continue
            kept.append(piece)
        self._pieces = kept

    def _is_inside(self, at: int) -> bool:
        """Whether a place is within a piece."""
        above = bisect_left(self._pieces, at, key=lambda piece: piece.start) - 1
        return above >= 0 and at < self._pieces[above].end

    def _touch(self, above: Piece, below: Piece) -> bool:
        return not self._line[above.end : below.start].strip()

    def _is_called(self, piece: Piece, start: int) -> bool:
        """Whether a piece, alone or with words before it, is what markers call somebody."""
        words = [(piece.start, piece.end), *reversed(self._words(max(start, piece.start - 60), piece.start)[-3:])]
        return any(self._line[first : piece.end] in self._called for first, _ in words)

    def _end_of_name(self, at: int, stop: int, authors: set[str]) -> int:
        """The end of the name behind a piece, which ends at ``stop`` at the latest."""
        words = self._words(self._pieces[at].end, stop)[:MOST_WORDS]
        if not words:
            return self._pieces[at].end
        is_marker = self._pieces[at].kind is not Kind.ROLE and not self._follows_time(at)
        if is_marker and not self._line[words[-1][1] : stop].strip():
            return words[-1][1]
        names = ((end, self._line[words[0][0] : end]) for _, end in words)
        ends = [end for end, name in names if name in authors or self._called[name] > 1]
        ends += name_ends(self._line, words[0][0], self._glued)
        return max(ends, default=words[0][1])

    def _next_word(self, at: int) -> int:
        match = _WORD.search(self._line, at)
        return match.start() if match else len(self._line)

    def _words(self, start: int, end: int, most: int | None = None) -> list[tuple[int, int]]:
        return [match.span() for match in islice(_WORD.finditer(self._line, start, end), most)]

    def _gap(self, at: int) -> list[tuple[int, int]]:
        """The words between a piece and the one before it."""
        return self._words(self._pieces[at - 1].end if at else 0, self._pieces[at].start)

    def _slot(self, at: int) -> Slot | None:
        """Where the author stands whose header this time belongs to, if that is left of it."""
        piece = self._pieces[at]
        if piece.kind is not Kind.TIME or not piece.opens_behind_name or piece.has_block:
            return None
        first = at
        if first and self._pieces[first - 1].kind is Kind.MARKER_WORD:
            gap = self._gap(first)
            if 0 < len(gap) <= MOST_WORDS and not self._follows_time(first - 1):
                first -= 1
        while first and self._pieces[first - 1].kind is Kind.ROLE and not self._gap(first):
            first -= 1
        above = self._pieces[first - 1] if first else None
        gap = self._gap(first)
        rest = self._behind_called(gap) if above is not None and above.names and above.kind is Kind.BUTTON else gap
        if not rest:
            return None
        is_whole = above is None or (above.kind is not Kind.TIME and (not above.names or rest != gap))
        is_pingback = _EXCERPT.match(self._line, piece.end) is not None
        return Slot(self._line, rest, is_whole=is_whole, is_pingback=is_pingback, signs=self._signs)

    def _behind_called(self, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The words behind the longest name at their beginning that comes back: "2 replies by Ann Lee Bob"."""
        counts = [self._called[self._line[words[0][0] : end]] for _, end in words[:MOST_WORDS]]
        return words[max((at + 1 for at, count in enumerate(counts) if count > 1), default=0) :]

    def _block(self, at: int) -> Block | None:
        """What stands beside a post whose header this time belongs to, on forums."""
        piece = self._pieces[at]
        if piece.is_header and piece.names:
            return self._block_below(at)
        if piece.kind is not Kind.TIME or not piece.opens_behind_name or not piece.has_block:
            return None
        above, end, is_last = at - 1, piece.start, False
        while above >= 0 and self._pieces[above].kind in _IN_BLOCKS:
            end = self._pieces[above].start if self._pieces[above].is_fact or self._pieces[above].is_menu else end
            is_last = self._pieces[above].is_menu or is_last
            above -= 1
        start = max(self._pieces[above].end if above >= 0 else 0, piece.start - _LONGEST_BLOCK)
        words = self._words(start, end) or self._words(start, piece.start)
        if not words:
            return None
        is_whole = above >= 0 and self._pieces[above].kind is not Kind.TIME and len(words) <= MOST_BESIDE
        return Block(self._line, words[-MOST_BESIDE:], is_whole=is_whole, is_last=is_last)

    def _block_below(self, at: int) -> Block | None:
        """The same where the person stands behind the time, if a fact about him follows soon."""
        if at + 1 == len(self._pieces) or self._pieces[at + 1].kind not in _IN_BLOCKS:
            return None
        words = self._words(self._pieces[at].end, self._pieces[at + 1].start)
        return Block(self._line, words, is_whole=True, is_first=True) if 0 < len(words) <= MOST_WORDS else None

    def _short_lines(self, at: int) -> Iterator[int]:
        """Where lines begin in what stands between the facts about an author and the time of the post."""
        while at and (self._pieces[at - 1].is_fact or not self._touch(self._pieces[at - 1], self._pieces[at])):
            at -= 1
            if not self._pieces[at].is_fact:
                return
            words = self._words(self._pieces[at].end, self._pieces[at + 1].start)
            if len(words) <= _MOST_VALUE:
                yield from short_lines(words)

    def _follows_time(self, at: int) -> bool:
        """Whether a marker stands right behind a time, so that its name is followed by the text."""
        return at > 0 and self._pieces[at - 1].kind is Kind.TIME and not self._gap(at)
