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
_AT_TOP = 0.5
_AT_CLEAN_TOP = 2.0
_BELOW_NAME = -2.0
_USUAL_HEIGHT = 1.5
_LEAVES_NO_TEXT = -1.0
"""Weights of the vote, in the order of what they told on real forums."""


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
    keys = [[page.keys[at] for at in range(block.top, block.bottom + 1)] for block in blocks]
    seen = Counter(key for block in keys for key in set(block))
    follow = Counter(pair for block in keys for pair in set(pairwise(block)) if not _announces(*pair))

    announced = {below for block in keys for line, below in pairwise(block) if line == below[:1]}
    tops = Counter(block[0] for block in keys)
    ranks = {key for key, count in seen.items() if 2 * count > max(4, len(blocks)) and 4 * tops[key] <= count}
    ranks -= announced

    def chosen(number: int, titles: Set[str], height: int | None) -> int:
        def vote(place: int) -> float:
            at = blocks[number].top + place
            usual = height is not None and _height(page, at, blocks[number].bottom) == height
            result = (
                2 * likeness(at) - 0.01 * place + _USUAL_HEIGHT * usual + _of_words(keys[number], place, titles | ranks)
            )
            key = keys[number][place]
            result += _BELOW_NAME * (place > 0 and follow[keys[number][place - 1], key] > 1)
            result += _IS_CALLED * (key in page.called) + _IS_TITLE * (key not in titles and page.is_rank(at))
            result += (
                _IS_RANK
                if key in ranks
                else _COMES_BACK * (key not in titles and seen[key] > 1 and (key in tops or key in announced))
            )
            return result + (not place) * _at_top(blocks[number])

        return max(range(len(keys[number])), key=vote)

    first = [chosen(number, frozenset(), None) for number in range(len(blocks))]
    heights = Counter(
        _height(page, block.top + place, block.bottom) for block, place in zip(blocks, first, strict=True)
    )
    height = heights.most_common(1)[0][0] if blocks else None
    picked = Counter(block[place] for block, place in zip(keys, first, strict=True))
    below = Counter(
        key for block, place in zip(keys, first, strict=True) for key in {*block[place + 1 :]} - {block[place]}
    )
    titles = {key for key, count in below.items() if count > max(1, picked[key])}
    result = []
    for number, block in enumerate(blocks):
        place = start = chosen(number, titles, height)
        if start and _announces(keys[number][start - 1], keys[number][start]):
            start -= 1
        if place + 1 < len(keys[number]) and keys[number][place + 1] == keys[number][place]:
            place += 1
        result.append((block.top + start, block.top + place))
    return result


def _at_top(block: Block) -> float:
    if block.is_clean:
        return _AT_CLEAN_TOP
    return _LEAVES_NO_TEXT if block.follows else _AT_TOP


def _announces(line: str, name: str) -> bool:
    """Whether a line above a name is the name's first letter, the name itself, or the name and a title."""
    return line == name or line == name[:1] or line.startswith(f"{name} ")


def _of_words(block: Sequence[str], place: int, titles: Set[str]) -> float:
    """What the words of a block say for and against a line as the author's."""
    key = block[place]
    twice = block.count(key) > 1
    twice = twice or (place + 1 < len(block) and f"{key} {block[place + 1]}" in block[place + 2 :])
    result = _IS_TITLE if key in titles else _TWICE * twice
    if place and key not in titles and _announces(block[place - 1], key):
        result += _INITIAL
    if place + 1 < len(block):
        result += _ABOVE_TITLE * (block[place + 1] in titles)
        below = block[place + 1]
        result += _IS_INITIAL * (below != key and _announces(key, below))
    return result


def _is_title(page: Page, at: int, *, is_first: bool) -> bool:
    if not is_first and (page.kinds[at] is Kind.ROLE or page.is_rank(at)):
        return False
    return any(map(str.isalpha, page.words[at]))


def _height(page: Page, at: int, bottom: int) -> int:
    """Lines of a block below the author that are no facts about him; roles below a title stand there for some only."""
    height = 0
    position = at + 1
    while position <= bottom:
        if page.is_field(position, 1):
            position += 1
        elif position < bottom and page.is_field(position, 2):
            position += 2
        else:
            height += page.keys[position] != page.keys[at] and _is_title(page, position, is_first=not height)
            position += 1
    return height
