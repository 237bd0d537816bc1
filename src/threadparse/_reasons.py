"""Why the tree is as it is, in words: for each comment its likeliest parents, and what speaks for and against them.

In: a page and its edges. Out: words for people, from the same features that decided.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ._conversation import Conversation
from ._evidence import FEATURES
from ._model import Candidate
from ._tree import Edge
from ._weighing import Step, Weigher, decision, places_of, weights

_MAX_TOLD = 3
"""Candidates of a comment that are explained."""
_MAX_REASONS = 4
"""Features that are named for a candidate."""
_LEAST_TOLD = 0.3
"""Log odds from which on a feature is named."""
_CLEARLY = 0.25
"""How much likelier a candidate must be by the whole page than by itself for that to be named."""
_NAMED_ONCE = "is by the only one above whom the marker can mean"
_NAMED_TOO = "is by the author whom the marker names"
_ELSEWHERE = "is possible only if a comment above answers another one"
_NEEDED = "is needed by what follows"


def reasons(page: Conversation, edges: Sequence[Edge]) -> list[list[tuple[Candidate, tuple[str, ...]]]]:
    """By comment: its likeliest candidates, each with what speaks for it and (beginning with "but") against it."""
    steps: list[Step] = []
    result = []
    weigher = Weigher(page)
    for child, edge in enumerate(edges):
        told: _Told = _told(page, weigher, child, steps[-1]) if steps else {None: (1.0, ("is the first comment",))}
        result.append([(candidate, _reason(candidate, told)) for candidate in edge.candidates[:_MAX_TOLD]])
        steps.append(Step(child, None if edge.parent is None else _step(steps, edge.parent), edge.depth))
    return result


def _step(steps: Sequence[Step], parent: int) -> Step | None:
    """The step of a parent; ``None`` for one below, on pages that stand newest first."""
    return steps[parent] if parent < len(steps) else None


_Told = dict[int | None, tuple[float, tuple[str, ...]]]
"""By candidate: its share and what is said of it."""


def _told(page: Conversation, weigher: Weigher, child: int, path: Step) -> _Told:
    """The candidates on a path, each with its share by itself and what the features say of it."""
    table, candidates = decision(page, child, path)
    if len(candidates) == 1 and candidates[0][0] is not None:
        return {candidates[0][0].comment: (1.0, (_NAMED_ONCE,))}
    shares = {id(step): share for step, share in weigher.shares(child, path, candidates, table)}
    told: _Told = {}
    known = weights()[table]
    for place, (step, _) in zip(places_of(child, path, candidates), candidates, strict=True):
        said = []
        for feature in FEATURES:
            value = feature.value(page, place)
            points = known.get(feature.name, 0.0) * value
            if abs(points) >= _LEAST_TOLD:
                words = feature.words if value > 0 else feature.opposite
                said.append((-abs(points), words if points > 0 else f"but {words}"))
        share = math.exp(min(shares.get(id(step), -math.inf), 0.0))
        strongest = [words for _, words in sorted(said)[:_MAX_REASONS]]
        named = [_NAMED_TOO] if table == "marked" else []
        told[place.parent] = share, tuple(named + sorted(strongest, key=lambda words: words.startswith("but ")))
    return told


def _reason(candidate: Candidate, told: _Told) -> tuple[str, ...]:
    share, words = told.get(candidate.index, (0.0, (_ELSEWHERE,)))
    return (*words, _NEEDED) if words != (_ELSEWHERE,) and candidate.probability - share > _CLEARLY else words
