"""Why the tree is as it is, in words: for each comment its likeliest parents, and what speaks for and against them.

In: a page and its edges. Out: words for people, from the same features that decided.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ._conversation import Conversation
from ._evidence import FEATURES, Place
from ._tree import Edge
from ._values import Candidate
from ._weighing import Step, Weigher, decision, places_of, weights

_MAX_TOLD = 3
"""Candidates of a comment that are explained."""
_MAX_REASONS = 4
"""Features that are named for a candidate."""
_LEAST_TOLD = 0.3
"""Log odds from which on a feature is named."""
_CLEARLY = 0.25
"""How much likelier a candidate must be by the whole page than by itself for that to be named."""
_FIRST = "is the first comment"
_NAMED_ONCE = "is by the only one above whom the marker can mean"
_NAMED_TOO = "is by the author whom the marker names"
_NUMBERED = "has the number that the text opens with"
_ELSEWHERE = "is possible only if a comment above answers another one"
_NEEDED = "is needed by what follows"


def reasons(page: Conversation, edges: Sequence[Edge]) -> list[list[tuple[Candidate, tuple[str, ...]]]]:
    """By comment: its likeliest candidates, each with what speaks for it and (beginning with "but") against it."""
    steps: list[Step] = []
    result = []
    weigher = Weigher(page)
    for child, edge in enumerate(edges):
        told: _Told = _told(page, weigher, child, steps[-1], edge) if steps else {None: (_FIRST,)}
        shown = edge.candidates[:_MAX_TOLD]
        result.append([(own, told.get(own.index) or (_off_path(page, child, edge, own.index),)) for own in shown])
        steps.append(Step(child, None if edge.parent is None else _step(steps, edge.parent), edge.depth))
    return result


def _step(steps: Sequence[Step], parent: int) -> Step | None:
    """The step of a parent; ``None`` for one below, on pages that stand newest first."""
    return steps[parent] if parent < len(steps) else None


def _off_path(page: Conversation, child: int, edge: Edge, candidate: int | None) -> str:
    """What is said of a candidate that does not stand on the path: the parent on an unthreaded page, or no parent."""
    if candidate is None or candidate != edge.parent:
        return _ELSEWHERE
    return _NUMBERED if page.named_by_number.get(child) == candidate else _NAMED_TOO


_Told = dict[int | None, tuple[str, ...]]
"""By candidate: what is said of it."""


def _told(page: Conversation, weigher: Weigher, child: int, path: Step, edge: Edge) -> _Told:
    """The candidates on a path, with what the features and the page say of them."""
    table, candidates = decision(page, child, path)
    places = places_of(child, path, candidates)
    if len(candidates) == 1:
        return {places[0].parent: (_NAMED_ONCE,)}
    by_itself = {step: math.exp(share) for step, share in weigher.shares(child, path, candidates, table)}
    by_the_page = {candidate.index: candidate.probability for candidate in edge.candidates}
    told: _Told = {}
    for place, (step, _) in zip(places, candidates, strict=True):
        named = [_NAMED_TOO] if table == "marked" else []
        gained = by_the_page.get(place.parent, 0.0) - by_itself.get(step, 0.0)
        needed = [_NEEDED] if gained > _CLEARLY else []
        told[place.parent] = (*named, *_strongest(page, table, place), *needed)
    return told


def _strongest(page: Conversation, table: str, place: Place) -> list[str]:
    """What the features that count most say of a candidate, what speaks for it first."""
    said = []
    for feature in FEATURES:
        value = feature.value(page, place)
        points = weights()[table].get(feature.name, 0.0) * value
        if abs(points) >= _LEAST_TOLD:
            words = feature.words if value > 0 else feature.opposite
            said.append((-abs(points), words if points > 0 else f"but {words}"))
    return sorted((words for _, words in sorted(said)[:_MAX_REASONS]), key=lambda words: words.startswith("but "))
