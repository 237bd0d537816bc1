"""A text without line breaks: where an author's name stands beside a time.

In: the words beside the time. Out: a :class:`Slot`, or on forums, which show a person beside each post, a
:class:`Block`. Asked with how often words stand on the page as a name, each says where its author's name begins and
ends.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence, Set

import attrs
import regex

from ._phrases import word_key
from ._pieces import MOST_WORDS

_SENTENCE_END = regex.compile(r"[.!?…。！？:;]['\"”’»)\]]*$|[\"”»]$")
_ABBREVIATION = regex.compile(r"^(?:\p{L}|\p{Lu}\p{L}{1,3})\.$")
_EMOJI = regex.compile(r"[\p{Extended_Pictographic}\p{M}\p{Cf}]+")
_TIMES = regex.compile(r"[x×][0-9]{1,6}")
"""How often others left a picture below a text: "Bob x2"."""
_COUNT = regex.compile(r"[-+−]?[0-9][0-9.,]{0,11}[kKmM]?")
_DASH = regex.compile(r"[\p{Pd}·|]")
MOST_BESIDE = 30
"""Most words of a block beside a post; what stands before them is the text above."""
_MOST_TITLE = 3
"""Most words by which a title is known."""
_MOST_IN_TITLE = 25
"""Most words of the title of a page that links here."""
_MOST_NAME = 4
"""Most words of a name in a block."""
_LONGEST_LINE = 36
"""Longest line into which the rest of a block is cut, in code points; a longer one would be taken for a text."""

_CAME_BACK, _AT_A_BREAK, _SMALL_WORD, _CROSSED, _EXTRA_WORD, _CAPITAL_EDGE = 2.0, 3.0, -1.0, -4.0, -0.5, 1.0
"""Points of a name's beginning, on the scale of natural logarithms; measured on one-line pages made of dumps."""
_AT_A_SEAM, _CROSSED_SEAM = 2.0, -0.25
"""The same where pieces are glued: before a seam, "JaneAnn", and for each one within, "GoldAnn"."""
_BEHIND_INITIAL, _BEFORE_TITLE, _BEFORE_ROLE, _AT_END, _IS_CALLED, _HAS_ROLE = 4.0, 2.0, 1.0, 0.5, 1.0, -1.5
"""Points of a name in a block, on the same scale."""
_BESIDE_WORD, _BESIDE_SMALL_WORD, _BESIDE_SENTENCE = -0.1, -0.4, -1.5
"""Points for each word, small word and sentence's end that a name in a block leaves between itself and the time."""

_Span = tuple[int, int]


@attrs.frozen
class Signs:
    """What tells where names begin, besides the words around them.

    Attributes:
        seams: Where pieces of the line are glued.
        particles: The small words within names: "Wim de Graaf".
    """

    seams: Set[int] = frozenset()
    particles: Set[str] = frozenset()


class Slot:
    """The words before a time: the end of a text, and the author's name.

    Attributes:
        end: The end of the name, in the line.
        endings: The last words: one, two, three ...
        edges: Where lines begin within the name: it may stand there twice.
    """

    def __init__(
        self,
        line: str,
        words: Sequence[_Span],
        *,
        is_whole: bool,
        is_pingback: bool = False,
        signs: Signs,
    ) -> None:
        self.end = words[-1][1]
        self._is_glued = [end in signs.seams for _, end in words]
        self.edges: set[int] = set()
        self._spans = words
        self._words = [line[start:end] for start, end in words]
        self._is_small = [word[0].islower() and word not in signs.particles for word in self._words]
        self._starts = [start for start, _ in reversed(words[-MOST_WORDS:])]
        self.endings = [line[start : self.end] for start in self._starts]
        self._is_whole = is_whole and len(words) <= (_MOST_IN_TITLE if is_pingback else MOST_WORDS)
        self._is_pingback = is_pingback

    def begin(self, seen: Counter[str]) -> int:
        """Where the name most likely begins; of a name that stands there twice, the first one."""
        sure = self._title() if self._is_pingback else self._doublet()
        if sure is not None:
            return sure
        best = max(range(len(self._starts)), key=lambda n: (self._points(n, seen), -n))
        return self._starts[best]

    def name(self, line: str, begin: int) -> str:
        """The name that begins at a place: of one that stands there twice, the second one."""
        return line[max([begin, *self.edges]) : self.end].lstrip("-–—·| ")

    def _title(self) -> int | None:
        """Where a page's title begins that stands for the author, however long; behind a sentence if nothing tells."""
        if self._is_whole:
            return self._spans[0][0]
        words, spans = self._words[-_MOST_IN_TITLE - 1 :], self._spans[-_MOST_IN_TITLE - 1 :]
        cuts = [at for at, word in enumerate(words[:-1]) if word.endswith(("…]", "...]"))]
        ends = cuts or [at for at, word in enumerate(words[:-1]) if word[-1] in ".!?" and _ends_sentence(word)]
        return spans[ends[-1] + 1][0] if ends else None

    def _doublet(self) -> int | None:
        """Where the first of two names begins that are the same, perhaps with a dash between: "Ann Lee – Ann Lee"."""
        words = self._words
        for half in range(min(MOST_WORDS, len(words)) // 2, 0, -1):
            if words[-half:] == words[-2 * half : -half] and self._is_behind_break(2 * half):
                self.edges.add(self._spans[-half][0])
                return self._spans[-2 * half][0]
        dash = next((at for at in range(1, len(words) - 1) if _DASH.fullmatch(words[at])), None)
        if dash is None or words[:dash][dash + 1 - len(words) :] != words[dash + 1 :]:
            return None
        self.edges.add(self._spans[dash][0])
        return self._spans[2 * dash + 1 - len(words)][0]

    def _is_behind_break(self, count: int) -> bool:
        """Whether something ends before the last words: "... edited by Ann Lee" and "Ann Lee" are no doublet."""
        before = self._words[:-count][-1:]
        return _ends_sentence(before[0]) or self._is_glued[-count - 1] if before else self._is_whole

    def _points(self, n: int, seen: Counter[str]) -> float:
        own = self._words[-n - 1 :]
        before = self._words[-n - 2] if len(self._words) > n + 1 else None
        longer = seen[self.endings[n + 1]] if n + 1 < len(self.endings) else 1
        points = _CAME_BACK * math.log(max(seen[self.endings[n]], 1) / max(longer, 1))
        points += _EXTRA_WORD * n + _SMALL_WORD * sum(self._is_small[-n - 1 :])
        points += _CROSSED * sum(map(_ends_sentence, own[:-1])) + _CROSSED_SEAM * sum(self._is_glued[-n - 1 : -1])
        if before is None:
            points += _AT_A_BREAK * self._is_whole
        elif _ends_sentence(before) or _EMOJI.fullmatch(before):
            points += _AT_A_BREAK
        elif self._is_glued[-n - 2]:
            points += _AT_A_SEAM
        elif self._is_small[-n - 2] and own[0][0].isupper():
            points += _CAPITAL_EDGE
        return points


@attrs.frozen
class _Known:
    """What the blocks of a page tell of each other.

    Attributes:
        seen: How often words stand there as a name does.
        called: What people are called on the page: in markers, before "said:".
        titles: Words that stand behind different names.
        roles: The words for roles, folded.
    """

    seen: Counter[str]
    called: Counter[str]
    titles: Set[str]
    roles: Set[str]


class Block:
    """The words beside a post: the end of the text above, a person's name, titles and facts.

    Attributes:
        begin: Where the name begins, once it is chosen.
        end: Its end.
        edges: Where else lines begin around the name.

    Args:
        line: The line.
        words: Where the words are.
        is_whole: Whether something ends right before them.
        is_first: Whether the first of them is the name's first.
        is_last: Whether the last of them is the name's last: a menu stands right behind a name.
    """

    def __init__(
        self, line: str, words: Sequence[_Span], *, is_whole: bool, is_first: bool = False, is_last: bool = False
    ) -> None:
        self.begin, self.end = words[0][0], words[-1][1]
        self.edges: set[int] = set()
        self._spans = words
        self._words = [line[start:end] for start, end in words]
        self._is_whole = is_whole
        self._is_last = is_last
        self._names = [
            (at, after)
            for at in range(1 if is_first else len(words))
            for after in range(at + 1, min(at + _MOST_NAME, len(words)) + 1)
            if not is_last or after == len(words)
        ]

    def openings(self) -> Iterator[tuple[str, Sequence[str]]]:
        """What may be a name, as something ends before it, with the words behind."""
        for at, after in self._names:
            if self._break(at):
                yield " ".join(self._words[at:after]), self._words[after : after + _MOST_TITLE]

    def name(self, line: str, begin: int) -> str:
        """The name, which begins at a place."""
        return line[begin : self.end]

    def choose(self, known: _Known) -> None:
        """Settle where the name is."""
        at, after = max(self._names, key=lambda name: (self._points(name[0], name[1], known), -name[0]))
        self.begin, self.end = self._spans[at][0], self._spans[after - 1][1]
        if self._is_behind_initial(at) or (at and _COUNT.fullmatch(self._words[at - 1])):
            self.edges.add(self._spans[at - 1][0])
        self.edges.update(short_lines(self._spans[after:]))

    def _points(self, at: int, after: int, known: _Known) -> float:
        name, beside = self._words[at:after], self._words[after:]
        points = _CAME_BACK * math.log(max(known.seen[" ".join(name)], 1)) + self._break(at)
        points += _EXTRA_WORD * (len(name) - 1) + _SMALL_WORD * sum(word[0].islower() for word in name[1:])
        points += _CROSSED * (sum(map(_ends_sentence, name)) + (_COUNT.fullmatch(name[0]) is not None))
        points += _BESIDE_WORD * len(beside) + _BESIDE_SMALL_WORD * sum(word[0].islower() for word in beside)
        points += _BESIDE_SENTENCE * sum(map(_ends_sentence, beside))
        points += _IS_CALLED * (" ".join(name) in known.called)
        points += _HAS_ROLE * (len(name) > 1 and word_key(name[-1]) in known.roles)
        return points + (_title_points(beside[:_MOST_TITLE], known) if beside else _AT_END)

    def _break(self, at: int) -> float:
        """Points for what stands before a name."""
        if at == 0:
            return _AT_A_BREAK * self._is_whole
        if self._is_behind_initial(at):
            return _BEHIND_INITIAL
        before = self._words[at - 1]
        is_count = _COUNT.fullmatch(before) is not None
        is_count = is_count and (self._is_last or at == 1 or _ends_sentence(self._words[at - 2]))
        is_reaction = _EMOJI.fullmatch(before) is not None or _TIMES.fullmatch(before) is not None
        return _AT_A_BREAK * (_ends_sentence(before) or is_count or is_reaction)

    def _is_behind_initial(self, at: int) -> bool:
        """Whether the word before is a picture's letter: of who has none, the first one of the name is shown."""
        word = self._words[at - 1] if at else ""
        return len(word) == 1 and word.isupper() and word == self._words[at][0].upper()


def _title_points(behind: Sequence[str], known: _Known) -> float:
    """Points for what stands behind a name: "Senior Member", "Member", a title that others have too."""
    if word_key(" ".join(behind[:2])) in known.roles:
        return _BEFORE_TITLE
    if word_key(behind[0]) in known.roles or (len(behind) == 1 and _COUNT.fullmatch(behind[0])):
        return _BEFORE_ROLE
    return _BEFORE_TITLE * any(title in known.titles for title in _titles(behind))


def _titles(behind: Sequence[str]) -> Iterator[str]:
    """What may be a title: the first words behind a name, one, two, three."""
    return (" ".join(behind[:count]) for count in range(1, len(behind) + 1))


def choose_in_blocks(blocks: Sequence[Block], called: Counter[str], roles: Set[str]) -> None:
    """Settle where the names are: they come back where something ends, titles come back behind different names."""
    names: dict[str, set[str]] = {}
    seen = Counter(called)
    for block in blocks:
        for name, behind in block.openings():
            seen[name] += 1
            if behind and behind[0][0].isupper():
                for title in _titles(behind):
                    names.setdefault(title, set()).add(name)
    known = _Known(seen, called, {title for title, owners in names.items() if len(owners) > 1}, roles)
    for block in blocks:
        block.choose(known)


def short_lines(words: Sequence[_Span]) -> Iterator[int]:
    """Where lines begin in words beside a post, which stand on short ones on every page."""
    first = -_LONGEST_LINE
    for start, end in words:
        if end - first > _LONGEST_LINE:
            yield start
            first = start


def _ends_sentence(word: str) -> bool:
    return "://" in word or (_SENTENCE_END.search(word) is not None and _ABBREVIATION.search(word) is None)
