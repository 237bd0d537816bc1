"""The comments of a page as the tree sees them, and what is asked of all of them.

In: comments as :class:`Node`. Out: facts about the page. Nothing here knows a candidate for a parent;
:mod:`threadparse._evidence` does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise

import attrs

from ._headershapes import Level
from ._texts import Texts

_MANY = 4.0
"""Logarithm of a number of comments (about 50) from which on more make no difference."""
_FAR_FEWER = 3
"""How many times more comments must break the other order of the roots, where markers tell most of the replies."""
_FEW_STEPS = 5
"""Number of steps in time that count for half: an order broken once on a short page says little."""
_MAX_ALIKE = 40
"""Code points of a text by which a comment is known when it stands on the page once more."""
_FEW_MARKERS = 20
"""Where most comments have lost their times, markers on less than one comment in so many are words of texts."""


@attrs.frozen
class Node:
    """A comment, as far as the tree asks for it.

    Attributes:
        author: Name, folded for comparing.
        text: Text.
        reply_to: Name in the marker, folded, ``None`` without one.
        earliest: Start of the time's interval; of relative times without ``scraped_at``, against any fixed moment.
        latest: End of the interval.
        is_trackback: Whether it is a trackback.
        level: Displayed level, ``None`` where the dump does not show levels.
        shown_replies: The number in "Hide Replies (3)" below it, 0 where it stands without a number; pages with that
            button have it below the roots with replies, and nowhere else. ``None`` without it.
        hidden_replies: The number in "View Replies (3)" below it.
        number: The number that the page shows with it, ``None`` without one.
        answers: The number of the comment that its header says it answers, ``None`` where it says none.
    """

    author: str
    text: str
    reply_to: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    is_trackback: bool = False
    level: Level | None = None
    shown_replies: int | None = None
    hidden_replies: int = 0
    number: int | None = None
    answers: int | None = None


class Conversation:
    """What is asked of all comments of a page, each fact computed once and most of them only when asked for.

    Attributes:
        nodes: The comments, in document order.
        marked: Whether the page has markers.
        timeless: Whether most comments show no time.
        authors: Their names.
        texts: What one text says of another.
        named: By name: how many markers name it.
        marked_of: By author: how many of the comments have a marker.
        comments_of: By author: how many comments.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.named = Counter[str](node.reply_to for node in nodes if node.reply_to is not None)
        self.comments_of = Counter(node.author for node in nodes)
        self.authors = frozenset(self.comments_of)
        self.timeless = 2 * sum(node.earliest is None for node in nodes) > len(nodes)
        fitting = sum(self.named[author] for author in self.authors)  # the others may be words of texts
        self.marked = fitting > 0 and (not self.timeless or fitting * _FEW_MARKERS >= len(nodes))
        self.texts = Texts([node.text for node in nodes], self.authors)

    @cached_property
    def marked_of(self) -> Counter[str]:
        return Counter(node.author for node in self.nodes if node.reply_to is not None)

    @cached_property
    def numbered(self) -> Counter[int]:
        """By number: how many comments the page shows with it; nested lists count anew."""
        return Counter(node.number for node in self.nodes if node.number is not None)

    @cached_property
    def named_by_number(self) -> dict[int, int]:
        """By comment: the older one whose number its header or its text opens with; newest first, it stands below."""
        places = {node.number: index for index, node in enumerate(self.nodes) if node.number is not None}
        result: dict[int, int] = {}
        for index in range(len(self.nodes)) if places else ():
            said = self.nodes[index].answers
            numbers = self.texts.numbers(index) if said is None else (said,)
            others = (places[number] for number in numbers if self.numbered[number] == 1)
            older = [other for other in others if (other > index if self.newest_first else other < index)]
            if older:
                result[index] = older[0]
        return result

    @cached_property
    def longest_named(self) -> int:
        """Length of the longest name in a marker; extractors that drop link-heavy lines drop longer ones."""
        return max(map(len, self.named), default=0)

    @cached_property
    def first_of(self) -> dict[str, int]:
        """By author: the index of the first comment."""
        first: dict[str, int] = {}
        for index, node in enumerate(self.nodes):
            first.setdefault(node.author, index)
        return first

    @cached_property
    def earlier_of(self) -> list[int]:
        """By comment: the index of its author's comment before, -1 for the first."""
        last: dict[str, int] = {}
        result = []
        for index, node in enumerate(self.nodes):
            result.append(last.get(node.author, -1))
            last[node.author] = index
        return result

    @cached_property
    def host(self) -> str | None:
        """Who has written by far the most comments: mostly the article's author, who answers the others."""
        (name, most), *others = self.comments_of.most_common(2)
        return name if most > max(2, 1.5 * (others[0][1] if others else 0)) else None

    @cached_property
    def has_levels(self) -> bool:
        """Whether the page displays the depth of any comment."""
        return any(node.level is not None for node in self.nodes)

    @cached_property
    def hides_replies(self) -> bool:
        """Whether any comment has replies that the page does not show."""
        return any(node.hidden_replies > 0 for node in self.nodes)

    @cached_property
    def has_trackbacks(self) -> bool:
        """Whether any comment is a trackback."""
        return any(node.is_trackback for node in self.nodes)

    @cached_property
    def shows_replies(self) -> bool:
        """Whether the page has "Hide Replies" below the roots that have replies."""
        return any(node.shown_replies is not None for node in self.nodes)

    @cached_property
    def counted(self) -> list[bool | None]:
        """By comment: whether a "Hide Replies (3)" above counts it; ``None`` where none above has a number."""
        result: list[bool | None] = [None] * len(self.nodes)
        end = -1
        for index, node in enumerate(self.nodes):
            if index <= end:
                result[index] = True
            elif end >= 0 and index == end + 1:
                result[index] = False
            if node.shown_replies:
                end = index + node.shown_replies
        return result

    @cached_property
    def _originals(self) -> list[int]:
        """The comments without those that a page shows once more, as "popular", say: a copy stands in no order."""
        first: dict[tuple[str, str, datetime | None], int] = {}
        for index, node in enumerate(self.nodes):
            first.setdefault((node.author, node.text[:_MAX_ALIKE], node.earliest), index)
        return list(first.values())

    @cached_property
    def out_of_order(self) -> list[bool]:
        """By comment: whether it cannot be a root because the roots are in order of time.

        A root of a page with the oldest roots first is older than all that stands below it, and one of a page with
        the newest roots first is older than all that stands above. The order that fewer comments break is the
        page's; by votes, or with a thread pinned on top, there is none.
        """
        places = self._originals
        nodes = [self.nodes[place] for place in places]
        above, below = older_before(nodes), older_before(nodes[::-1])[::-1]
        fewer, more = sorted((above, below), key=sum)
        result = [False] * len(self.nodes)
        if sum(fewer) * (_FAR_FEWER if self.marked else 1) < sum(more):
            for place, is_out in zip(places, fewer, strict=True):
                result[place] = is_out
        return result

    @cached_property
    def steadiness(self) -> float:
        """How surely all comments are in order of time, as in a list without replies: 0 to 1, with their number."""
        up, down = _steps([self.nodes[place] for place in self._originals])
        return 0.0 if up and down else min(math.log1p(up + down), _MANY) / _MANY

    @cached_property
    def newest_first(self) -> bool:
        """Whether most comments are younger than the one below."""
        up, down = _steps(self.nodes)
        return down > up

    @cached_property
    def disorder(self) -> float:
        """Share of the steps from one comment without a marker to the next that go against the order of the most."""
        up, down = _steps([node for node in self.nodes if node.reply_to is None])
        return min(up, down) / (up + down + _FEW_STEPS)

    @cached_property
    def replies_oldest_first(self) -> bool | None:
        """Whether the replies to a comment stand oldest first, by those that have markers; ``None`` if unknown."""
        older = younger = 0
        for sibling, child in _sure_siblings(self.nodes):
            older += is_before(sibling, child)
            younger += is_before(child, sibling)
        return None if older == younger else older > younger

    def is_before(self, one: int, other: int) -> bool:
        """Whether a comment is older than another one for sure."""
        return is_before(self.nodes[one], self.nodes[other])


def is_before(one: Node, other: Node) -> bool:
    """Whether a comment is older than another one for sure: "2 days ago" ends where "1 day ago" begins."""
    if one.earliest is None or one.latest is None or other.earliest is None:
        return False
    return one.latest <= other.earliest and one.earliest < other.earliest


def _steps(nodes: Sequence[Node]) -> tuple[int, int]:
    """How many comments are surely younger than the one above, and how many older."""
    known = [node for node in nodes if node.earliest is not None]
    return sum(is_before(a, b) for a, b in pairwise(known)), sum(is_before(b, a) for a, b in pairwise(known))


def older_before(nodes: Sequence[Node]) -> list[bool]:
    """By comment: whether an older one stands before it."""
    result: list[bool] = []
    oldest: Node | None = None
    for node in nodes:
        result.append(oldest is not None and is_before(oldest, node))
        if oldest is None or oldest.latest is None or (node.latest is not None and node.latest < oldest.latest):
            oldest = node
    return result


def _sure_siblings(nodes: Sequence[Node]) -> list[tuple[Node, Node]]:
    """Successive replies to one comment, as far as markers that fit once on the path show them."""
    siblings = []
    path: list[tuple[Node, bool]] = []  # with whether the marker fitted once
    depths: dict[str, list[int]] = {}  # by author, on the path
    for node in nodes:
        named = depths.get(node.reply_to, []) if node.reply_to is not None else []
        depth = named[-1] + 1 if named else 0 if node.reply_to is None else len(path)
        sure = len(named) == 1
        if sure and depth < len(path) and path[depth][1]:
            siblings.append((path[depth][0], node))
        for gone, _ in path[depth:]:
            depths[gone.author].pop()
        del path[depth:]
        path.append((node, sure))
        depths.setdefault(node.author, []).append(depth)
    return siblings
