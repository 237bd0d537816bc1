"""Whom each comment of several dumps answers, as all of them together see it.

In: records, which :mod:`threadparse._align` made of the dumps' comments. Out: :class:`Parent`, one per record, without
circles. Dumps of one page see the same tree, each with gaps of its own, so their probabilities are pooled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs

from ._align import Records, Sighting

_FORGET = 1e-3
"""What a dump gives at least to a parent: of the edges that are given as certain, about one in a thousand is wrong."""
_SURE = 0.8
"""From this probability on a dump is sure of a parent, as ``threadparse show`` sees it."""
_LEAST = 1e-4
"""The last digit of a probability: what is below it is not told from nothing."""


@attrs.frozen
class Parent:
    """Whom a record answers.

    Attributes:
        record: The parent's record, ``None`` for a root.
        candidates: All records that were considered, with their probabilities, likeliest first.
        says: The sighting whose dump is surest of it.
        is_contradicted: Whether two dumps are sure of different parents.
    """

    record: int | None
    candidates: tuple[tuple[int | None, float], ...]
    says: Sighting
    is_contradicted: bool

    @property
    def confidence(self) -> float:
        """Probability that ``record`` is right."""
        return dict(self.candidates).get(self.record, 0.0)


def find_parents(records: Records) -> list[Parent]:
    """The parent of each record."""
    parents = [_parent(records, record) for record in range(len(records.sightings))]
    _break_circles(parents)
    return parents


def _parent(records: Records, record: int) -> Parent:
    """The parent of a record, as all dumps together see it."""
    sightings = records.sightings[record]
    said = [_owner(records, number, comment.parent_index) for number, comment in sightings]
    shares = [
        {_owner(records, number, c.index): c.probability for c in comment.parent_candidates} or {parent: 1.0}
        for (number, comment), parent in zip(sightings, said, strict=True)
    ]
    candidates = tuple(shares[0].items()) if len(shares) == 1 else _pooled(records, sightings, shares)
    chosen = said[0] if len(set(said)) == 1 else candidates[0][0]
    surest = max(range(len(shares)), key=lambda number: shares[number].get(chosen, 0.0))
    return Parent(chosen, candidates, sightings[surest], _is_contradicted(records, sightings, said, chosen))


def _is_contradicted(
    records: Records, sightings: Sequence[Sighting], said: Sequence[int | None], chosen: int | None
) -> bool:
    """Whether a dump is sure of the parent and another one of a different parent, and each shows both."""
    sure = [
        (number, parent)
        for (number, comment), parent in zip(sightings, said, strict=True)
        if comment.parent_confidence >= _SURE
    ]
    agreeing = [number for number, parent in sure if parent == chosen]
    return any(
        _shows(records, number, chosen) and any(_shows(records, other, parent) for other in agreeing)
        for number, parent in sure
        if parent != chosen
    )


def _owner(records: Records, dump: int, index: int | None) -> int | None:
    return None if index is None else records.owners[dump][index]


def _shows(records: Records, dump: int, record: int | None) -> bool:
    return record is None or dump in records.seen[record]


def _pooled(
    records: Records, sightings: Sequence[Sighting], shares: Sequence[dict[int | None, float]]
) -> tuple[tuple[int | None, float], ...]:
    """The geometric mean of what the dumps give; one says nothing for or against a comment that it lacks.

    The dumps show one page, so they are no independent witnesses: on known trees, multiplying their probabilities made
    them too sure (log loss 0.41 against 0.29), and so did trusting the surest dump (0.49).
    """
    scores: dict[int | None, float] = {}
    for candidate in dict.fromkeys(candidate for share in shares for candidate in share):
        given = [
            share.get(candidate, _FORGET) if _shows(records, number, candidate) else max(share.values())
            for (number, _), share in zip(sightings, shares, strict=True)
        ]
        least = max(_LEAST, min(_FORGET, max(given)))  # what no dump gives a parent, all together do not either
        scores[candidate] = math.exp(math.fsum(math.log(max(share, least)) for share in given) / len(shares))
    total = math.fsum(scores.values())
    pooled = ((candidate, round(score / total, 4)) for candidate, score in scores.items())
    return tuple(sorted((pair for pair in pooled if pair[1]), key=lambda pair: -pair[1]))


def _break_circles(parents: list[Parent]) -> None:
    """Make a root of the least sure record of each circle of answers: the dumps contradict each other."""
    done = [False] * len(parents)
    for start in range(len(parents)):
        path: dict[int, None] = {}
        record: int | None = start
        while record is not None and not done[record]:
            done[record] = True
            path[record] = None
            record = parents[record].record
        if record in path:
            walked = list(path)
            weakest = min(walked[walked.index(record) :], key=lambda member: parents[member].confidence)
            parents[weakest] = attrs.evolve(parents[weakest], record=None, is_contradicted=True)
