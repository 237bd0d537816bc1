"""A text without line breaks: what is known in it.

In: one long line, a lexer, and the dialects whose platforms have signed the page. Out: :class:`Piece`, in order: times,
with the words that stand beside them in the headers of these dialects; the words that pages use for buttons, forms,
roles and markers; facts about authors ("Joined: 2015"). What stands between two pieces is a name or a text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import pairwise

import attrs
import regex

from ._clues import Clues, Core, clues_of, together
from ._dialect import Dialect
from ._lines import fold_key
from ._locale import Locale
from ._phrases import NUMBER, WORD, phrases
from ._rows import words_of
from ._times import Found
from ._tokens import Kind, Lexer

MOST_WORDS = 8
"""Most words that a name has; a name in a marker that ends at a time may have as many."""
_LONGEST_LINK = 40
"""Longest run of words between the time and the name in "Last edited ... by ...", in code points."""
_LONGEST_BEFORE = 240
"""Longest part of a header before its time, in code points: a name, a number, a few words."""
_LONGEST_BEHIND = 60
"""Longest part of it behind the time."""
_PLACES = regex.compile(r"\{n\}|\{unit\}|\s")
_RARE = 4
"""How many times rarer than the commonest a form of time may be."""
_ORDINAL = regex.compile(r"(?:\s{1,3}[^\s#]{1,20}){0,2}?\s{1,3}(#\s?([0-9]{1,6}))(?!\S)|\s{1,3}([0-9]{1,6})(?!\S)")
"""The number of a post behind its time, with a word or two between if it has its mark: "Staff #3"."""
_MARKED = regex.compile(r"(?:\s{1,3}[^\s#]{1,20}){1,3}?\s{1,3}(#\s?([0-9]{1,6}))(?!\S)")
"""The same with its mark, and with some words between: "Thread starter #4"."""
_MARK = regex.compile(r"#\s?([0-9]{1,6})$")
_MAX_STEP = 3
"""Most by which the numbers of posts count up: some are hidden."""
_COUNTED_UP = 0.7
"""Least share of them that does."""
_USUAL = 0.6
"""Least share of times with the same word behind them that belongs to them."""
_COUNT = regex.compile(r"\s{1,3}([-+−]?[0-9]{1,6})(?!\S)")


@attrs.frozen
class Piece:
    """Something known in a line: where, and what.

    Attributes:
        start: Its start in the line.
        end: Its end.
        kind: What a line of it would be.
        names: Whether a name follows that belongs to it.
        author: Start and end of the author's name within it, if it holds one.
        edges: Where lines begin within it.
        has_block: Whether the author's name stands before it with titles and facts between.
        is_fact: Whether it is a fact about an author, whose value may follow: "Location".
        is_menu: Whether it is what stands right behind an author's name: "View Profile View Forum Posts".
    """

    start: int
    end: int
    kind: Kind
    names: bool = False
    author: tuple[int, int] | None = None
    edges: tuple[int, ...] = ()
    has_block: bool = False
    is_fact: bool = False
    is_menu: bool = False

    @property
    def opens_behind_name(self) -> bool:
        """Whether a name may stand right before it: before a time that has none yet, and before a marker."""
        has_name = self.author is not None or (self.is_header and self.names)
        return self.kind is Kind.MARKER_WORD or (self.kind is Kind.TIME and not has_name)

    @property
    def is_header(self) -> bool:
        """Whether it is more of a header than its time: words beside it, the author."""
        return bool(self.edges) or self.author is not None


def find_pieces(line: str, lexer: Lexer, dialects: Sequence[Dialect], locales: tuple[Locale, ...]) -> list[Piece]:
    """What is known in a line, in order; of two pieces that overlap, the surer one stays."""
    times = lexer.times.find_all(line)
    clues = together([clues_of(dialect, locales) for dialect in dialects])
    runs = list(phrases(line, lexer.first_words | clues.first_words))
    ends = _ends(line, times, locales)
    known = _headers(line, times, ends, clues.cores)
    known += [Piece(start, end, Kind.MARKER_WORD, names=True) for start, end, key in runs if _is_marker(lexer, key)]
    known += _facts(line, times, clues.words, locales) if dialects else []
    known += [Piece(time.start, end, Kind.TIME) for time, end in zip(times, ends, strict=True)]
    known += [piece for run in runs if (piece := _known_words(line, run, lexer, clues)) is not None]
    known += [Piece(*match.span(), Kind.BUTTON) for pattern in clues.glued for match in pattern.finditer(line)]
    known += _glued_buttons(line, locales)
    pieces = _apart(line, known)
    if clues.has_counts:
        pieces += [count for piece in pieces for count in _counts(line, piece)]
    verbs = _with_usual(line, pieces, lexer.verbs, locales)
    pieces += [verb for piece in pieces if (verb := _verb(line, piece, verbs)) is not None]
    pieces = _with_edits(line, sorted(pieces, key=lambda piece: piece.start), lexer.edit_links)
    return _with_numbers(line, _with_words_between(line, _without_rare(pieces, times)))


def _glued_buttons(line: str, locales: tuple[Locale, ...]) -> list[Piece]:
    """The reply buttons that are glued to what stands before them or behind: "my sides.Reply", "0 Replyann"."""
    found = [Piece(*match.span(), Kind.REPLY) for match in _glued_replies(locales).finditer(line)]
    return found if len(found) > 1 else []


@lru_cache(maxsize=64)
def _glued_replies(locales: tuple[Locale, ...]) -> regex.Pattern[str]:
    forms = "|".join(regex.escape(form) for form in words_of(locales)["reply"] if form[0].isupper())
    behind_text = rf"(?<=[\p{{Ll}}.!?…)\]”»])(?:{forms or '(?!)'})(?=\s|$|\p{{Lu}})"
    behind_votes = rf"(?<=[0-9]\s)(?:{forms or '(?!)'})(?=\p{{Ll}})"
    return regex.compile(f"{behind_text}|{behind_votes}")


def _known_words(line: str, run: tuple[int, int, str], lexer: Lexer, clues: Clues) -> Piece | None:
    """The words that pages use for buttons and the like, in a run of words; single small words are prose."""
    start, end, key = run
    kind = Kind.ROLE if key in clues.beside else lexer.phrases.get(key)
    is_small = line[start].islower() and " " not in key
    if kind is Kind.COUNT_LABEL and line[end : end + 2].strip().islower():  # "Comment removed" is no heading
        return None
    if kind is not None and (not is_small or kind in (Kind.SORT, Kind.SITE)):
        return Piece(start, end, kind, is_menu=key in clues.menus)
    if key in clues.words and not is_small:
        return Piece(start, end, Kind.BUTTON, names=key in clues.callers)
    return None


def _ends(line: str, times: Sequence[Found], locales: tuple[Locale, ...]) -> list[int]:
    """Where times end: with a noun behind them that says nothing, "20:55 Uhr", if most times of their form have it."""
    nouns = frozenset(word for word in words_of(locales)["on"] if word[0].isupper())  # "on" may begin a text
    words = [WORD.match(line, time.end + 1) for time in times]
    behind = ["" if word is None else word.group() for word in words]
    forms = Counter(time.shape for time in times)
    counts = Counter((time.shape, key) for time, key in zip(times, behind, strict=True) if key in nouns)
    usual = {(form, key) for (form, key), count in counts.items() if 1 < count >= _USUAL * forms[form]}
    return [
        word.end() if word is not None and (time.shape, key) in usual else _closed(line, time)
        for time, word, key in zip(times, words, behind, strict=True)
    ]


def _closed(line: str, time: Found) -> int:
    """Where a time ends, with the bracket that closes one within it: "5. března 2031 (03:48)"."""
    return time.end + (line[time.end : time.end + 1] == ")" and "(" in line[time.start : time.end])


def _counts(line: str, piece: Piece) -> Iterator[Piece]:
    """The numbers right behind a piece, two at most: those who reacted to the person's text and to the next one."""
    end = piece.end
    for _ in range(2):
        match = _COUNT.match(line, end)
        if match is not None:
            yield Piece(match.start(1), match.end(1), Kind.NUMBER)
            end = match.end()


def _is_marker(lexer: Lexer, key: str) -> bool:
    return lexer.phrases.get(key) is Kind.MARKER_WORD


def _apart(line: str, known: Sequence[Piece]) -> list[Piece]:
    """The pieces that overlap none before them; the surest ones stand first."""
    taken = bytearray(len(line))
    pieces = []
    for piece in known:
        if not any(taken[piece.start : piece.end]):
            taken[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
            pieces.append(piece)
    return pieces


def _headers(line: str, times: Sequence[Found], ends: Sequence[int], cores: Sequence[Core]) -> list[Piece]:
    """The parts of headers around the times of a line, the longest first."""
    starts = [time.start for time in times]
    found: dict[tuple[int, int], Piece] = {}
    for time in zip(starts, ends, strict=True):
        for core in cores:
            piece = _header(line, time, core)
            if piece is None or _has_time(piece, starts):
                continue
            # Where cores of some platforms are alike, the author stands above on one and below on another.
            same = found.get((piece.start, piece.end), piece)
            names, has_block = same.names or piece.names, same.has_block or piece.has_block
            edges = piece.edges if piece.has_block > same.has_block else same.edges
            found[piece.start, piece.end] = attrs.evolve(same, edges=edges, names=names, has_block=has_block)
    return sorted(found.values(), key=lambda header: header.start - header.end)


def _header(line: str, time: tuple[int, int], core: Core) -> Piece | None:
    """A core of a header around a time, if it fits there."""
    start, end = time
    above = below = None
    if core.above is not None:
        above = core.above.match(line, max(0, start - _LONGEST_BEFORE), start)
    if above is not None or core.above is None:
        below = core.below.match(line, end, min(len(line), end + _LONGEST_BEHIND))
    if below is None:
        return None
    matches = [below] if above is None else [above, below]
    groups = {name: match.span(name) for match in matches for name in match.re.groupindex}
    edges = [first for name, (first, after) in groups.items() if name.startswith("line") and first < after]
    return Piece(
        start if above is None else above.start(),
        end + len(below.group().rstrip()),
        Kind.TIME,
        names=core.names,
        author=groups.get("author"),
        edges=tuple(edges if core.is_within and edges else [*edges, start]),
        has_block=core.has_block,
    )


def _has_time(header: Piece, starts: Sequence[int]) -> bool:
    """Whether the author's name reaches over another header: a time stands in it."""
    if header.author is None:
        return False
    return bisect_left(starts, header.author[0]) < bisect_left(starts, header.author[1])


@lru_cache(maxsize=64)
def _fact_words(locales: tuple[Locale, ...]) -> frozenset[str]:
    """The words that open a fact about an author, folded."""
    return frozenset(map(fold_key, words_of(locales)["joined"]))


def _facts(line: str, times: Sequence[Found], furniture: Set[str], locales: tuple[Locale, ...]) -> list[Piece]:
    """The facts about authors in a line: "Joined Jun 29, 2016", "Posts: 12", but not "Reactions: Ann" below a text."""
    words = _fact_words(locales)
    ends = {time.start: time.end for time in times}
    first_words = {word.partition(" ")[0] for word in words}
    facts = []
    for start, end, key in phrases(line, first_words | {f"{word}:" for word in first_words}):
        if key.rstrip(":") not in words or line[start].islower() or key in furniture:
            continue
        value = WORD.search(line, end)
        at = len(line) if value is None else value.start()
        number = NUMBER.match(line, at)
        if at in ends or number is not None or key.endswith(":"):
            after = ends.get(at, end if number is None else number.end())
            facts.append(Piece(start, after, Kind.ROLE, is_fact=True))
    return facts


def _with_words_between(line: str, pieces: list[Piece]) -> list[Piece]:
    """The pieces, with times as headers that have a word or two between themselves and the numbers of their posts.

    On a page with "May 3, 2031 #2", "May 4, 2031 Staff #3" is one too, if the numbers count up.
    """
    marks = {at: _MARK.search(line, piece.start, piece.end) for at, piece in enumerate(pieces) if piece.has_block}
    if not any(marks.values()):
        return pieces
    for at, piece in enumerate(pieces):
        if piece.kind is Kind.TIME and not (piece.is_header or piece.is_fact):
            marks[at] = _MARKED.match(line, piece.end)
    numbers = [int(mark[mark.re.groups]) for at in sorted(marks) if (mark := marks[at]) is not None]
    rising = sum(above < below <= above + _MAX_STEP for above, below in pairwise(numbers))
    if rising < _COUNTED_UP * (len(numbers) - 1):
        return pieces
    kept: list[Piece] = []
    end = 0
    for at, piece in enumerate(pieces):
        mark = None if piece.has_block else marks.get(at)
        if mark is not None:
            edges = (piece.end, mark.start(1))
            kept.append(Piece(piece.start, mark.end(), Kind.TIME, edges=edges, has_block=True))
            end = mark.end()
        elif piece.start >= end:
            kept.append(piece)
    return kept


def _with_numbers(line: str, pieces: list[Piece]) -> list[Piece]:
    """The pieces, with the numbers of posts behind their times, "3" or "Staff #3", if these count up."""
    found: dict[int, tuple[Piece, int]] = {}
    for at, piece in enumerate(pieces):
        stop = pieces[at + 1].start if at + 1 < len(pieces) else len(line)
        match = _ORDINAL.match(line, piece.end, stop) if piece.kind is Kind.TIME else None
        if match is not None:
            group = 1 if match[1] else 3
            found[at] = Piece(match.start(group), match.end(), Kind.NUMBER), int(match[2] or match[3])
    numbers = [number for _, number in found.values()]
    rising = sum(above < below <= above + _MAX_STEP for above, below in pairwise(numbers))
    times = sum(piece.kind is Kind.TIME for piece in pieces)
    if len(numbers) < 2 or 2 * len(numbers) < times or rising < _COUNTED_UP * (len(numbers) - 1):
        return pieces
    with_numbers = [*pieces, *(number for number, _ in found.values())]
    return sorted(with_numbers, key=lambda piece: piece.start)


def _with_usual(
    line: str, pieces: Sequence[Piece], verbs: tuple[str, ...], locales: tuple[Locale, ...]
) -> tuple[str, ...]:
    """The verbs, and the words that stand before most times and say nothing ("on"), alone and behind each verb."""
    times = [piece for piece in pieces if piece.kind is Kind.TIME]
    before = (line[max(0, piece.start - _LONGEST_LINK) : piece.start].split()[-1:] for piece in times)
    counts = Counter(word for words in before for word in words if word in words_of(locales)["on"])
    usual = [word for word, count in counts.items() if 1 < count >= _USUAL * len(times)]
    behind = [f"{verb} {word}" for word in usual for verb in verbs]
    return tuple(sorted((*verbs, *usual, *behind), key=len, reverse=True)) if usual else verbs


def _verb(line: str, piece: Piece, verbs: tuple[str, ...]) -> Piece | None:
    """The "says:" or "Posted" before a time; like a role, it belongs to the header and is no part of the name."""
    before = line[max(0, piece.start - _LONGEST_LINK) : piece.start].rstrip()
    key = before.rstrip(":.… ").casefold()
    if piece.kind is not Kind.TIME or not key.endswith(verbs):
        return None
    verb = next(form for form in verbs if key.endswith(form))
    start = piece.start - len(line[max(0, piece.start - _LONGEST_LINK) : piece.start]) + len(key) - len(verb)
    if start and not line[start - 1].isspace():
        return None
    return Piece(start, max(0, piece.start - _LONGEST_LINK) + len(before), Kind.ROLE)


def _without_rare(pieces: list[Piece], times: Sequence[Found]) -> list[Piece]:
    """The pieces without times in a form that the page's headers do not have; prose has one here and there."""
    forms = {time.start: _PLACES.sub("", time.shape) if time.kind == "relative" else time.shape for time in times}
    counts = Counter(forms.get(piece.start, "") for piece in pieces if piece.kind is Kind.TIME)
    least = max(counts.values(), default=0) / _RARE
    return [
        piece
        for piece in pieces
        if piece.kind is not Kind.TIME or piece.is_header or counts[forms[piece.start]] >= least
    ]


def _with_edits(line: str, pieces: list[Piece], links: frozenset[str]) -> list[Piece]:
    """The pieces, "Last edited", its time and the word before its name joined to one."""
    joined: list[Piece] = []
    for above, piece in pairwise([Piece(0, 0, Kind.BLANK), *pieces]):
        is_edit = above.kind is Kind.EDITED and piece.kind is Kind.TIME
        if not is_edit or len(line[above.end : piece.start].split()) > MOST_WORDS:
            joined.append(piece)
        else:
            behind = line[piece.end : piece.end + _LONGEST_LINK]
            link = next((link for link in links if fold_key(behind).lstrip().startswith(f"{link} ")), None)
            end = piece.end + (0 if link is None else len(behind) - len(behind.lstrip()) + len(link))
            joined[-1] = Piece(above.start, end, Kind.EDITED, names=link is not None)
    return joined
