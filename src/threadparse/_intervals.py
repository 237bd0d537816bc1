"""Intervals of times, tightened by what must hold between comments.

In: an interval per instant, and pairs of instants of which one is not later than the other. Out: the intervals without
what the pairs make impossible, and the pairs that contradict the intervals. An interval never becomes empty: a pair
that contradicts is left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from ._conversation import Conversation
from ._tree import Edge

Interval = tuple[datetime, datetime] | None
"""A closed interval; ``None`` where nothing is known."""
Pair = tuple[int, int]
"""Two instants, the first one not later than the second one."""

_SURE = 3
"""So many comments must stand in an order, and none against it, before the others are taken to be in it too."""


def tighten(intervals: Sequence[Interval], pairs: Sequence[Pair]) -> tuple[list[Interval], list[Pair]]:
    """The tightened intervals, and the pairs that contradict them, in the order of the second instant.

    Args:
        intervals: One for each instant. An unknown one stays unknown, but what holds across it is used.
        pairs: They must form no circle. Linear in their number.
    """
    order, below = _ordered(len(intervals), pairs)
    earliest = [None if interval is None else interval[0] for interval in intervals]
    latest = [None if interval is None else interval[1] for interval in intervals]
    kept: list[list[int]] = [[] for _ in intervals]
    contradictions = []
    for instant in order:
        start = earliest[instant]
        for later in below[instant]:
            end, known = latest[later], earliest[later]
            if start is not None and end is not None and start > end:
                contradictions.append((instant, later))
                continue
            kept[instant].append(later)
            if start is not None and (known is None or start > known):
                earliest[later] = start
    for instant in reversed(order):
        for later in kept[instant]:
            end, known = latest[later], latest[instant]
            if end is not None and (known is None or end < known):
                latest[instant] = end
    return [
        None if interval is None or start is None or end is None else (start, end)
        for interval, start, end in zip(intervals, earliest, latest, strict=True)
    ], sorted(contradictions, key=lambda pair: (pair[1], pair[0]))


def _ordered(number: int, pairs: Sequence[Pair]) -> tuple[list[int], list[list[int]]]:
    """The instants, each one after all that are not later, and by instant those that are not earlier."""
    below: list[list[int]] = [[] for _ in range(number)]
    waiting = [0] * number
    for first, second in pairs:
        below[first].append(second)
        waiting[second] += 1
    ready = deque(instant for instant in range(number) if not waiting[instant])
    order = []
    while ready:
        instant = ready.popleft()
        order.append(instant)
        for later in below[instant]:
            waiting[later] -= 1
            if not waiting[later]:
                ready.append(later)
    return order, below


def pairs_of(page: Conversation, edges: Sequence[Edge]) -> tuple[list[Pair], list[Pair]]:
    """What must hold between the comments of a page, as pairs of indices, and what must but does not.

    A reply is not before its parent, if the parent is certain. Replies to one comment are in the page's order, and so
    are the roots, if enough of them show this order and none goes against it.
    """
    siblings: dict[int | None, list[int]] = {}
    for index, edge in enumerate(edges):
        if edge.confidence == 1.0:
            siblings.setdefault(edge.parent, []).append(index)
    roots = siblings.pop(None, [])
    replies = [(parent, index) for parent, indices in siblings.items() if parent is not None for index in indices]
    wrong = [pair for pair in replies if page.is_before(pair[1], pair[0])]
    pairs = [pair for pair in replies if not page.is_before(pair[1], pair[0])]
    for groups in ([roots], list(siblings.values())):
        pairs += _in_order(page, [pair for indices in groups for pair in pairwise(indices)])
    return pairs, wrong


def _in_order(page: Conversation, neighbours: Sequence[Pair]) -> list[Pair]:
    """The pairs, turned into the order that they show; none if they show no order."""
    up = sum(page.is_before(first, second) for first, second in neighbours)
    down = sum(page.is_before(second, first) for first, second in neighbours)
    if up >= _SURE and not down:
        return list(neighbours)
    if down >= _SURE and not up:
        return [(second, first) for first, second in neighbours]
    return []
