"""The candidates for a parent, and how likely each one is by itself: what one step of a walk needs.

In: a comment, and the path above it. Out: the comments of the path that it may answer, with the logarithm of their
shares. The weights stand in ``tree.toml``; they were fitted on known trees by ``tools/fit_tree.py``. Nothing here looks
at what follows the comment; :mod:`threadparse._tree` does.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import islice
from typing import cast

import attrs

from ._conversation import Conversation
from ._evidence import FEATURES, Measure, Place

NEAREST = {"unmarked": 3, "plain": 5}
"""By table: comments of the path that may be the parent of a comment without a marker; more made known trees no better.
"""
NAMED = 4
"""Comments of the path by the author whom a marker names that are told apart."""
_MAX_CLIMB = 200
"""How far up the path the author of a marker is looked for: linear cost, and no page shows that many levels."""
_UNNAMED = -7.0
"""Log probability of a marker that names nobody on the path: people get renamed, comments deleted."""
FORGET = math.log(1e-4)
"""Options and states that are so much less likely than the best one are dropped; on known trees they made no edge."""
_DECIDES = {"plain": ("out of order",)}
"""What shows by table that an edge is impossible, beside the features that always do: on a page without markers the
order of the roots is the best evidence there is, while markers know better than it."""


@attrs.define(eq=False)
class Step:
    """A comment on a path; a path is a chain of these, shared between the states that hold it.

    Attributes:
        comment: Index of the comment.
        above: Its parent on the path, ``None`` for a root.
        depth: Number of ancestors.
    """

    comment: int
    above: Step | None
    depth: int

    def upward(self) -> Iterator[Step]:
        """The path from here to its root."""
        step: Step | None = self
        while step is not None:
            yield step
            step = step.above


@cache
def weights() -> dict[str, dict[str, float]]:
    """The weights of ``tree.toml``: by table, by the name of the feature."""
    return cast(
        dict[str, dict[str, float]],
        tomllib.loads((resources.files(__package__) / "tree.toml").read_text(encoding="utf-8")),
    )


def decision(page: Conversation, child: int, path: Step) -> tuple[str, Sequence[tuple[Step | None, int]]]:
    """The table whose weights decide for a comment, and the candidates on a path, each with its rank."""
    name = page.nodes[child].reply_to
    named = [] if name is None else _named(page, path, name)
    if named:
        return "marked", named
    # A marker that names nobody was not lost: what is known of lost markers does not help.
    table = "unmarked" if page.marked and name is None else "plain"
    return table, _near(path, NEAREST[table])


def _near(path: Step, most: int) -> list[tuple[Step | None, int]]:
    """The candidates of a comment without a marker: none, and the nearest comments of the path, with their ranks."""
    return [(None, 0), *((step, rank) for rank, step in enumerate(islice(path.upward(), most)))]


def _named(page: Conversation, path: Step, name: str) -> list[tuple[Step, int]]:
    """The comments on a path by somebody, nearest first, each with the number of comments below it."""
    nodes, most = page.nodes, min(NAMED, page.comments_of[name])  # who comments once is not looked for any further up
    named: list[tuple[Step, int]] = []
    step: Step | None = path
    for rank in range(_MAX_CLIMB):
        if step is None or len(named) == most:
            break
        if nodes[step.comment].author == name:
            named.append((step, rank))
        step = step.above
    return named


def places_of(child: int, path: Step, candidates: Sequence[tuple[Step | None, int]]) -> list[Place]:
    """The candidates as the features see them."""
    farthest = max(rank for _, rank in candidates)
    below = [None, *(step.comment for step in islice(path.upward(), farthest))]  # by rank: the next one of the path
    return [Place(child, None) if step is None else _place(child, step, rank, below[rank]) for step, rank in candidates]


def _place(child: int, step: Step, rank: int, sibling: int | None) -> Place:
    grandparent = None if step.above is None else step.above.comment
    return Place(child, step.comment, rank, step.depth, sibling, grandparent)


_Weighed = tuple[tuple[float, Measure, bool], ...]
"""Weights with the measures that they weigh, and whether these decide."""
_Points = tuple[float, float]
"""Weighed values of a place: of what is weighed against other candidates, and of what decides."""


@attrs.frozen
class _Table:
    """The weights for one kind of decision, by what their features depend on."""

    base: float
    root: _Weighed
    pair: _Weighed
    step: _Weighed
    path: _Weighed


def log_sum(logs: Sequence[float]) -> float:
    """The logarithm of a sum, by the logarithms of its parts."""
    if len(logs) == 1:
        return logs[0]
    top = max(logs)
    return top + math.log(math.fsum([math.exp(log - top) for log in logs]))


class Weigher:
    """Weighs the candidates of a page's comments; what several paths share is computed once per comment."""

    def __init__(self, page: Conversation) -> None:
        self._page = page
        self._tables: dict[str, _Table] = {}
        self._child = -1
        self._pairs: dict[tuple[str, int], _Points] = {}
        self._steps: dict[tuple[str, Step | None], _Points] = {}

    def options(self, child: int, path: Step | None) -> list[tuple[Step | None, float]]:
        """The candidates on a path, with the logarithm of their shares; ``None`` stands for a root."""
        if path is None:
            return [(None, 0.0)]
        table, candidates = decision(self._page, child, path)
        if len(candidates) == 1:
            return [(candidates[0][0], 0.0)]
        options = self.shares(child, path, candidates, table)
        if table == "marked" or self._page.nodes[child].reply_to is None:
            return options
        return [(step, share + _UNNAMED) for step, share in options]

    def shares(
        self, child: int, path: Step, candidates: Sequence[tuple[Step | None, int]], table: str
    ) -> list[tuple[Step | None, float]]:
        """A softmax over the candidates by the weights of a table, lowered where a candidate is impossible."""
        if child != self._child:
            self._child = child
            self._pairs.clear()
            self._steps.clear()
        points = [self._steps.get((table, step)) or self._step_points(table, step, rank) for step, rank in candidates]
        path_features = self._table(table).path
        if path_features:
            places = places_of(child, path, candidates)
            more = (self._points(path_features, place) for place in places)
            points = [(a + b, c + d) for (a, c), (b, d) in zip(points, more, strict=True)]
        total = log_sum([score for score, _ in points])
        shares = [score + decided for score, decided in points]
        least = max(shares) + FORGET
        if min(shares) > least:
            return [(step, share - total) for (step, _), share in zip(candidates, shares, strict=True)]
        # What is dropped goes to the others: it says nothing of the path.
        kept = [(step, share) for (step, _), share in zip(candidates, shares, strict=True) if share > least]
        total -= log_sum(shares) - log_sum([share for _, share in kept])
        return [(step, share - total) for step, share in kept]

    def _step_points(self, table: str, step: Step | None, rank: int) -> _Points:
        """The points of a candidate wherever on the path it stands, kept for the other paths that it is on."""
        weighed = self._table(table)
        if step is None:
            score, decided = self._points(weighed.root, Place(self._child, None))
            known = weighed.base + score, decided
        else:
            place = _place(self._child, step, rank, None)
            pair = self._pairs.get((table, step.comment))
            if pair is None:
                pair = self._pairs[table, step.comment] = self._points(weighed.pair, place)
            more, impossible = self._points(weighed.step, place)
            known = pair[0] + more, pair[1] + impossible
        self._steps[table, step] = known
        return known

    def _points(self, group: _Weighed, place: Place) -> _Points:
        """The weighed values of a place."""
        page = self._page
        child = page.nodes[place.child]
        parent = child if place.parent is None else page.nodes[place.parent]
        score = decided = 0.0
        for weight, measure, decides in group:
            value = measure(page, place, child, parent)
            if value:
                if decides:
                    decided += weight * value
                else:
                    score += weight * value
        return score, decided

    def _table(self, name: str) -> _Table:
        """The weights of a table, without the features that say nothing on this page."""
        known = self._tables.get(name)
        if known is None:
            page, weighed = self._page, weights()[name]
            groups: dict[str, list[tuple[float, Measure, bool]]] = {}
            for feature in FEATURES:
                own = groups.setdefault(feature.of, [])
                if feature.name in weighed and feature.shows(page):
                    decides = feature.decides or feature.name in _DECIDES.get(name, ())
                    own.append((weighed[feature.name], feature.measure, decides))
            base, _ = self._points(tuple(groups.pop("page")), Place(0, None))
            known = self._tables[name] = _Table(base, **{of: tuple(group) for of, group in groups.items()})
        return known
