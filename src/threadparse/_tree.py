"""Drafts to a tree: who answers whom.

In: drafts, in document order. Out: :class:`Edge`, one per comment, and notes.

In a dump in thread order the parent of a comment lies on the *path*, the chain from a root to the comment right before.
The marker names the parent's author. Where that author stands on the path once, the parent is certain.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ._comments import Draft
from ._lines import fold_key
from ._model import Candidate, Note, Span

_NEAREST = 0.5
"""Share of the nearest of several comments by the named author; on real pages it is right about half of the time."""
_UNKNOWN_NAME = 0.5
_MAX_CANDIDATES = 5


@attrs.frozen
class Edge:
    """The place of a comment in the tree.

    Attributes:
        parent: Index of the parent, ``None`` for a root.
        confidence: Probability that this is right.
        candidates: All that was considered, likeliest first.
        depth: Number of ancestors.
    """

    parent: int | None
    confidence: float
    candidates: tuple[Candidate, ...]
    depth: int


class _Path:
    """The chain from a root to the latest comment, with the places of each name on it."""

    def __init__(self) -> None:
        self._nodes: list[int] = []
        self._names: list[str] = []
        self._places: dict[str, list[int]] = {}

    def push(self, node: int, name: str, depth: int) -> None:
        """Put a comment on the path at a depth; what was deeper leaves the path."""
        while len(self._nodes) > depth:
            self._nodes.pop()
            self._places[self._names.pop()].pop()
        self._places.setdefault(name, []).append(depth)
        self._nodes.append(node)
        self._names.append(name)

    def of(self, name: str) -> list[int]:
        """The comments by somebody on the path, nearest first, at most a few."""
        return [self._nodes[depth] for depth in reversed(self._places.get(name, [])[-_MAX_CANDIDATES:])]


def build_tree(drafts: Sequence[Draft]) -> tuple[list[Edge], list[Note]]:
    """The tree over all comments of a page."""
    path = _Path()
    edges: list[Edge] = []
    notes: list[Note] = []
    marked = any(draft.header.reply_to is not None for draft in drafts)
    for index, draft in enumerate(drafts):
        candidates = _candidates(draft, path, marked=marked)
        if draft.header.reply_to is not None and candidates[0].index is None:
            message = f"the marker names {draft.header.reply_to!r}, who is not on the path"
            notes.append(Note("unknown-parent", message, Span(draft.start, draft.end)))
        best = candidates[0]
        depth = 0 if best.index is None else edges[best.index].depth + 1
        edges.append(Edge(best.index, best.probability, candidates, depth))
        path.push(index, draft.header.author_key, depth)
    return edges, notes


def _candidates(draft: Draft, path: _Path, *, marked: bool) -> tuple[Candidate, ...]:
    if draft.header.reply_to is None:
        return (Candidate(None, 0.95 if marked else 0.7),)
    named = path.of(fold_key(draft.header.reply_to))
    if not named:
        return (Candidate(None, _UNKNOWN_NAME),)
    if len(named) == 1:
        return (Candidate(named[0], 1.0),)
    others = round((1 - _NEAREST) / (len(named) - 1), 4)
    return (Candidate(named[0], _NEAREST), *(Candidate(node, others) for node in named[1:]))
