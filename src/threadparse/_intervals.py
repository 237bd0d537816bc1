"""Intervals of times, tightened by what must hold between comments.

In: an interval per instant, and pairs of instants of which one is not later than the other. Out: the intervals without
what the pairs make impossible, and the instants that contradict each other. An interval never becomes empty: a pair
across which two instants contradict each other is left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from ._conversation import Conversation, older_before
from ._tree import Edge

Interval = tuple[datetime, datetime] | None
"""A closed interval; ``None`` where nothing is known."""
Pair = tuple[int, int]
"""Two instants, the first one not later than the second one."""

_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""Where nothing is known, for comparing."""
_SURE = 3
"""So many comments must stand in an order, and none against it, before the others are taken to be in it too."""


def tighten(intervals: Sequence[Interval], pairs: Sequence[Pair]) -> tuple[list[Interval], list[Pair]]:
    """The tightened intervals, and the instants that contradict each other, in the order of the second one.

    The first one of two that contradict each other begins after the end of the second one, though it is not later; with
    other instants between them, perhaps unknown ones, as the pairs lead there.

    Args:
        intervals: One for each instant. An unknown one stays unknown, but what holds across it is used.
        pairs: They must form no circle. Linear in their number.
    """
    order, below = _ordered(len(intervals), pairs)
    earliest = [
        ((own or _EVER)[0], instant) for instant, own in enumerate(intervals)
    ]  # with whose interval starts there
    latest = [(own or _EVER)[1] for own in intervals]
    kept: list[list[int]] = [[] for _ in intervals]
    contradictions = set()
    for instant in order:
        start, origin = earliest[instant]
        for later in below[instant]:
            if start > latest[later]:
                contradictions.add((origin, later))
            else:
                kept[instant].append(later)
                earliest[later] = max(earliest[later], earliest[instant])
    for instant in reversed(order):
        latest[instant] = min([latest[instant], *(latest[later] for later in kept[instant])])
    tight = [
        None if own is None else (start, end) for own, (start, _), end in zip(intervals, earliest, latest, strict=True)
    ]
    return tight, sorted(contradictions, key=lambda pair: pair[::-1])


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
        pairs += _in_order(page, groups) or _in_order(page, [indices[::-1] for indices in groups])
    return pairs, wrong


def _in_order(page: Conversation, groups: Sequence[Sequence[int]]) -> list[Pair]:
    """The neighbours in the groups if these are in order of time; none if they do not show it.

    Neighbours show the order. Any two of a group speak against it: between them a comment may stand whose time is
    unknown or vague.
    """
    pairs = [pair for indices in groups for pair in pairwise(indices)]
    shown = sum(page.is_before(first, second) for first, second in pairs)
    if shown < _SURE or any(any(older_before([page.nodes[i] for i in reversed(indices)])) for indices in groups):
        return []
    return pairs
