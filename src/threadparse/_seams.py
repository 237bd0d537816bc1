"""A line whose pieces are glued together: where one ends and the next one begins.

In: a long line. Out: :class:`Loose`, the line with a blank at each seam, so that it can be read like any other.

BeautifulSoup's ``get_text()`` puts nothing between two elements, and many sites take the blanks between them out of
their pages: "...to know.ReplyShare3 repliesAnn Lee 2dThanks!". Such a page is known by its sentences: they end without
a blank where a paragraph or a comment does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import attrs
import regex

_SENTENCE = regex.compile(r"\p{Ll}[.!?…](\s{0,3})\p{Lu}")
"""Where a sentence ends and another one begins, with the blanks between them."""
_FEW_GLUED = 3
"""Fewest sentences that end without a blank on a glued page."""
_GLUED = 0.1
"""Least share of them. The glued pages seen have 0.16 and more, others 0.06 at most."""
_SEAM = regex.compile(
    r"(?<=[\p{Ll}\p{Nd}.!?…)»”\]:\p{So}])(?=[\p{Lu}@])|(?<=[\p{L}.!?…)»”\]])(?=[-−]?\p{Nd})",
)
"""Where two pieces may be glued together: a capital behind something else, a number behind something else."""
_CLOSED = regex.compile(r"\p{L}{3}[.!?…]$")
"""How a short text ends, and no name: "good night.", but "Bill W."."""
_USUAL_WORDS = 3
"""Most words of a name that ends at a seam; behind more, the seam is that of a text."""
_LONGEST = 60
"""Longest name that is looked for within words, in code points."""


@attrs.frozen
class Loose:
    """A line with a blank at each of its seams.

    Attributes:
        text: The line.
        seams: Where the blanks are that were put in, in order; none in a line that is not glued.
    """

    text: str
    seams: tuple[int, ...] = ()

    def place(self, at: int) -> int:
        """The place in the line as it was."""
        return at - bisect_left(self.seams, at)

    def names_at(self, starts: Iterable[int]) -> frozenset[str]:
        """The names at some places, where texts are glued to most of them.

        A name ends at a seam, where several texts begin behind it ("annhello", "annthanks", "annwhy"), or, of two
        that stand before different texts, at a word's end.
        """
        places = set(starts)
        texts = sorted({self.text[at : at + _LONGEST] for at in places})
        pairs = [(above, below, _shared(above, below)) for above, below in pairwise(texts)]
        shared = Counter(above[:end] for above, _, end in pairs)
        is_word = {above[:end]: _is_word_end(above, end) or _is_word_end(below, end) for above, below, end in pairs}
        names = {name.rstrip() for name, count in shared.items() if count > 1 or is_word[name]}
        names |= {self.text[at : self._seam_behind(at)] for at in places}
        return frozenset(names - {""})

    def _seam_behind(self, start: int) -> int:
        """The first seam within the words of a name, ``start`` if there is none."""
        at = bisect_left(self.seams, start)
        seam = self.seams[at] if at < len(self.seams) else start
        name = self.text[start : min(seam, start + _LONGEST)]
        is_near = seam - start <= _LONGEST and len(name.split()) <= _USUAL_WORDS
        return seam if is_near and not _CLOSED.search(name) else start


def _shared(above: str, below: str) -> int:
    """How long the beginning is that two texts share."""
    return next((at for at, (one, other) in enumerate(zip(above, below, strict=False)) if one != other), len(above))


def _is_word_end(text: str, at: int) -> bool:
    return not text[at : at + 1].isalnum()


def name_ends(text: str, start: int, names: frozenset[str]) -> list[int]:
    """Where some names end that begin at a place of a text, even within a word."""
    longest = min(_LONGEST, len(text) - start) if names else 0
    return [start + length for length in range(1, longest + 1) if text[start : start + length] in names]


def loosen(line: str) -> Loose:
    """A line with a blank at each seam, if it is glued; otherwise as it is."""
    blanks = [match[1] for match in _SENTENCE.finditer(line)]
    glued = sum(not blank for blank in blanks)
    if glued < max(_FEW_GLUED, _GLUED * len(blanks)):
        return Loose(line)
    seams = [match.start() for match in _SEAM.finditer(line)]
    parts = [line[first:after] for first, after in pairwise([0, *seams, len(line)])]
    return Loose(" ".join(parts), tuple(seam + at for at, seam in enumerate(seams)))
