"""Where the author stands in the block of short lines above a header's time.

Forums show a person beside each post: a picture or its first letter, the name, a title or two, facts ("Joined: 2015").
As lines these stand above the post's time, with the end of the text before right above them, so that the name is not
at a fixed place. What tells it is put to a vote: the name is often there twice, or below its first letter; people come
back, and then at the top of their blocks; titles come back too, but below a name; and blocks are about equally high.
Who is quoted ("Ann said:") is a person, and "Senior Member" is none.

In: the blocks of a page, as first and last positions. Out: the author's position in each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from ._shapes import past_fields
from ._tokens import Kind

if TYPE_CHECKING:
    from ._rows import Page

_TWICE = 3.0
_INITIAL = 3.0
_IS_INITIAL = -5.0
_COMES_BACK = 1.5
_IS_TITLE = -2.5
_IS_RANK = -2.5
_ABOVE_TITLE = 2.0
_IS_CALLED = 2.0
_IS_NAMED = 6.0
_AT_TOP = 0.5
_AT_CLEAN_TOP = 2.0
_IS_SIGNATURE = -3.0
_BELOW_NAME = -2.0
_USUAL_HEIGHT = 1.5
_LEAVES_NO_TEXT = -1.0
"""Weights of the vote, in the order of what they told on real forums."""
_FACTS = 3
"""Lines at a block's end that tell people apart: how many posts, where from, since when."""


@attrs.frozen
class Block:
    """Short lines above a header's time.

    Attributes:
        top: First line; what stands above is no short line, furniture, or another header.
        bottom: Last line.
        follows: Whether another comment's header ends right above, so that a first line here is likely its text.
        is_clean: Whether furniture ends right above, so that a first line here is none of a text.
    """

    top: int
    bottom: int
    follows: bool
    is_clean: bool


def choose_authors(page: Page, blocks: Sequence[Block], likeness: Callable[[int], float]) -> list[tuple[int, int]]:
    """First line of the header, and the line with the author, in each block.

    Args:
        page: The page.
        blocks: Its blocks, none of them empty.
        likeness: How much a line is like a name, 0 to 1.
    """
    vote = _Vote(page, blocks, likeness)
    vote.learn([vote.winner(number) for number in range(len(blocks))])
    return [vote.place(number) for number in range(len(blocks))]


class _Vote:
    """Which line of each block is the author, by all blocks of the page together.

    What is a title, and how high a block is, is learned from a first vote without it.
    """

    def __init__(self, page: Page, blocks: Sequence[Block], likeness: Callable[[int], float]) -> None:
        self._page = page
        self._blocks = blocks
        self._likeness = likeness
        self._keys = keys = [[page.keys[at] for at in range(block.top, block.bottom + 1)] for block in blocks]
        seen = Counter(key for block in keys for key in set(block))
        tops = Counter(block[0] for block in keys)
        announced = {below for block in keys for line, below in pairwise(block) if line == below[:1]}
        ranks = {key for key, count in seen.items() if 2 * count > max(4, len(blocks)) and 4 * tops[key] <= count}
        self._follow = Counter(pair for block in keys for pair in set(pairwise(block)) if not _announces(*pair))
        self._ranks = ranks - announced
        self._come_back = {key for key, count in seen.items() if count > 1 and (key in tops or key in announced)}
        self._titles: Set[str] = frozenset()
        self._usual: int | None = None
        self._signed: Set[str] = frozenset()

    def learn(self, places: Sequence[int]) -> None:
        """Take the usual height of a block, the titles below names, and signatures above them, from a first vote."""
        self._learn_heights(places)
        chosen = [(block, self.winner(number)) for number, block in enumerate(self._keys)]
        picked = Counter(block[place] for block, place in chosen)
        below = Counter(key for block, place in chosen for key in {*block[place:]} - {block[place]})
        self._titles = {key for key, count in below.items() if count > max(1, picked[key])}

    def _learn_heights(self, places: Sequence[int]) -> None:
        """Take the usual height, and what stands below one person's posts only, above the facts about several."""
        heights = Counter(self._height(number, place) for number, place in enumerate(places))
        self._usual = max(heights, key=heights.__getitem__, default=None)
        writers: dict[str, set[str]] = {}
        facts: dict[str, set[tuple[str, ...]]] = {}
        for (above, place), block in zip(zip(self._keys, places, strict=True), self._keys[1:], strict=False):
            for key in set(block):
                writers.setdefault(key, set()).add(above[place])
                facts.setdefault(key, set()).add(tuple(block[-_FACTS:]))
        self._signed = {key for key, names in writers.items() if len(names) == 1 and len(facts[key]) > 1}

    def winner(self, number: int) -> int:
        """The place of the author's line in a block."""
        return max(range(len(self._keys[number])), key=lambda place: self._points(number, place))

    def place(self, number: int) -> tuple[int, int]:
        """First line of the header and the author's line, as positions on the page."""
        keys, top = self._keys[number], self._blocks[number].top
        place = self.winner(number)
        is_announced = place > 0 and _announces(keys[place - 1], keys[place])
        return top + place - is_announced, top + place

    def _points(self, number: int, place: int) -> float:
        block, keys = self._blocks[number], self._keys[number]
        key, at = keys[place], block.top + place
        points = 2 * self._likeness(at) - 0.01 * place
        is_picture = (block.is_clean or not number) and self._is_ranks_picture(keys, place)
        points += _of_words(keys, place, self._titles, self._titles | self._ranks, is_picture=is_picture)
        points += _USUAL_HEIGHT * (self._usual is not None and self._height(number, place) == self._usual)
        points += _IS_CALLED * (key in self._page.called) + _IS_NAMED * self._page.is_named(at)
        if key not in self._titles:
            points += _IS_TITLE * self._page.is_rank(at)
            points += _COMES_BACK * (key in self._come_back and key not in self._ranks)
        points += _IS_RANK * (key in self._ranks)
        points += _IS_SIGNATURE * (key in self._signed and self._is_high(number, place))
        if place:
            above = keys[place - 1]
            is_below = self._follow[above, key] > 1 and not (above in self._signed and self._is_high(number, place - 1))
            return points + _BELOW_NAME * is_below
        return points + (_AT_CLEAN_TOP if block.is_clean else _LEAVES_NO_TEXT if block.follows else _AT_TOP)

    def _is_ranks_picture(self, keys: Sequence[str], place: int) -> bool:
        """Whether a line may be a rank and its picture's words, since it stands below another one more than once."""
        top = place - (place > 0 and _announces(keys[place - 1], keys[place]))
        return top > 0 and self._follow[keys[top - 1], keys[place]] > 1

    def _is_high(self, number: int, place: int) -> bool:
        """Whether a line stands higher than names usually do, as the end of the text above does."""
        return self._usual is not None and self._height(number, place) > self._usual

    def _height(self, number: int, place: int) -> int:
        block = self._blocks[number]
        return _height(self._page, block.top + place, block.bottom)


def _announces(line: str, name: str) -> bool:
    """Whether a line above a name is the name's first letter, the name itself, or the name and a title."""
    return line == name or line == name[:1] or line.startswith(f"{name} ")


def _of_words(block: Sequence[str], place: int, titles: Set[str], belows: Set[str], *, is_picture: bool) -> float:
    """What the words of a block say for and against a line as the author's.

    Args:
        block: The lines, folded.
        place: Which of them.
        titles: Lines that stand below names.
        belows: The same, and lines that most blocks have.
        is_picture: Whether it stands twice as a rank does, by its picture.
    """
    key = block[place]
    is_twice = [key] in (block[place - 1 : place], block[place + 1 : place + 2]) or _is_repeated(block, place)
    is_announced = place > 0 and _announces(block[place - 1], key)
    if key in titles:
        result = _IS_TITLE
    elif is_picture:
        result = 0.0
    else:
        result = _TWICE * is_twice + _INITIAL * is_announced
    if place + 1 < len(block):
        below = block[place + 1]
        result += _ABOVE_TITLE * (below in belows)
        result += _IS_INITIAL * (below != key and _announces(key, below))
    return result


def _is_title(page: Page, at: int, *, is_first: bool) -> bool:
    if not is_first and (page.kinds[at] is Kind.ROLE or page.is_rank(at)):
        return False
    return any(map(str.isalpha, page.words[at]))


def _is_repeated(block: Sequence[str], place: int) -> bool:
    """Whether a line and the one below it stand further below once more, on two lines or on one."""
    pair, below = list(block[place : place + 2]), block[place + 2 :]
    return pair in map(list, pairwise(below)) or " ".join(pair) in below


def _height(page: Page, at: int, bottom: int) -> int:
    """Lines of a block below the author that are no facts about him; roles below a title stand there for some only."""
    height, position = 0, at
    while position < bottom:
        past = past_fields(page, position, 1)
        if past == position:
            past += 1
            height += page.keys[past] != page.keys[at] and _is_title(page, past, is_first=not height)
        position = past
    return height
