"""Nodes to a tree: who answers whom, and how sure that is.

In: the comments of a page as :class:`~threadparse._evidence.Node`, in document order. Out: :class:`Edge`, one per
comment, and notes.

How the tree is decided
    In a dump in thread order the parent of a comment lies on the *path*, the chain from a root to the comment right
    above. So the tree is a walk: each comment either opens a new path (a root) or attaches to a comment of the path,
    and what was deeper leaves it. The walk is inferred as a whole. A *state* is a path; each comment leads from the
    states above it to its own, with a probability that comes from the evidence (:mod:`threadparse._evidence`) and
    from weights that were fitted on known trees (``tree.toml``).

    - A marker that names somebody who stands on the path once settles the edge.
    - A marker that names somebody who is not on the path makes the state itself unlikely: so a later marker proves
      that the comments between were replies and no roots.
    - Everything else is weighed: the probability of an edge is a softmax over the candidates.

    The states are kept few (a *beam*). The probability of an edge is its share in all walks that were kept
    (forward-backward); the tree takes the likeliest parent of each comment that is still on the path.

    Some pages are not in thread order: unthreaded lists, by date, whose markers name anybody above (or below, newest
    first). They show themselves by markers that name nobody on the path; then the nearest comment by the named author
    is the parent.

    Everything is summed in a fixed order and rounded to four digits, so that it is the same on every machine. A step
    looks at no more than ``_NEAREST + _NAMED`` candidates and ``_BEAM`` states: the cost is linear.
"""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import cast

import attrs

from ._evidence import FEATURES, Measure, Node, Page, Place
from ._model import Candidate

_BEAM = 8
"""States kept per comment on a page without markers. 16 gain less than 0.002 on known trees."""
_MARKED_BEAM = 4
"""The same on a page with markers, where most edges are certain."""
_NEAREST = 8
"""Comments of the path that may be the parent of a comment without a marker; 98 % of the true ones are among them."""
_NAMED = 4
"""Comments of the path by the author whom a marker names that are told apart."""
_MAX_CLIMB = 1_000
"""How far up the path the author of a marker is looked for: linear cost, and no page shows that many levels."""
_OWN = 30
"""How far up the path the child's own author is looked for."""
_UNNAMED = -5.0
"""Log probability of a marker that names nobody on the path: people get renamed, comments deleted."""
_FORGET = 1e-4
"""Shares below this are dropped; four digits are shown."""
_LOG_FORGET = math.log(_FORGET)
_MAX_SHOWN = 6
"""Candidates that an edge lists."""
_UNTHREADED = 0.3
"""Share of markers that name nobody on the path from which on a page is taken to be unthreaded."""


@attrs.frozen
class Edge:
    """The place of a comment in the tree.

    Attributes:
        parent: Index of the parent, ``None`` for a root.
        confidence: Probability that this is right, 4 digits.
        candidates: All that was considered, likeliest first; the probabilities sum to 1.
        depth: Number of ancestors.
    """

    parent: int | None
    confidence: float
    candidates: tuple[Candidate, ...]
    depth: int


@attrs.frozen
class _Table:
    """The weights for one kind of decision, with the measures that they weigh, by what those depend on."""

    root: tuple[tuple[float, Measure], ...]
    pair: tuple[tuple[float, Measure], ...]
    path: tuple[tuple[float, Measure], ...]


@cache
def weights() -> dict[str, dict[str, float]]:
    """The weights of ``tree.toml``: by table, by the name of the feature."""
    return cast(
        dict[str, dict[str, float]],
        tomllib.loads((resources.files(__package__) / "tree.toml").read_text(encoding="utf-8")),
    )


@cache
def _table(name: str) -> _Table:
    known = weights()[name]
    measures: dict[str, list[tuple[float, Measure]]] = {"root": [], "pair": [], "path": []}
    for feature in FEATURES:
        if feature.name in known:
            measures[feature.of].append((known[feature.name], feature.measure))
    return _Table(**{of: tuple(pairs) for of, pairs in measures.items()})


@attrs.define(eq=False)
class _Step:
    """A comment on a path; a path is a chain of these, shared between the states that hold it."""

    comment: int
    above: _Step | None
    depth: int
    root: int


@attrs.define(eq=False)
class _State:
    """A path, with how likely the walks to it are and the ways in which they came."""

    path: _Step
    forward: float
    ways: list[tuple[_State | None, float, int | None]]
    backward: float = -math.inf


def build_tree(nodes: Sequence[Node]) -> list[Edge]:
    """The likeliest tree over all comments of a page, with the probability of each edge."""
    if not nodes:
        return []
    page = Page(nodes)
    layers = _walk(page)
    unnamed = sum(1 for i, node in enumerate(nodes) if node.reply_to is not None and not _is_named(page, layers[i], i))
    marked = sum(1 for node in nodes if node.reply_to is not None)
    if marked and unnamed > max(1, _UNTHREADED * marked):
        unthreaded = _unthreaded(page)
        if unthreaded is not None:
            return unthreaded
    return _edges(page, layers)


def _walk(page: Page) -> list[list[_State]]:
    """The states after each comment, pruned to the beam."""
    layers: list[list[_State]] = []
    states: list[_State] = []
    beam = _MARKED_BEAM if page.marked else _BEAM
    for child in range(len(page.nodes)):
        page.memo.clear()
        found: dict[int, _State] = {}
        before: list[_State | None] = [*states] or [None]
        for state in before:
            log_before = 0.0 if state is None else state.forward
            for step, log_share in _options(page, child, None if state is None else state.path):
                key = -1 if step is None else id(step)
                parent = None if step is None else step.comment
                total = log_before + log_share
                known = found.get(key)
                if known is None:
                    path = _Step(child, None, 0, child)
                    if step is not None:
                        path = _Step(child, step, step.depth + 1, step.root)
                    found[key] = _State(path, total, [(state, log_share, parent)])
                    continue
                known.ways.append((state, log_share, parent))
                known.forward = _log_add(known.forward, total)
        states = sorted(found.values(), key=lambda s: (-s.forward, s.path.depth))[:beam]
        top = states[0].forward
        for state in states:  # keep the numbers near zero on long pages
            state.forward -= top
        layers.append(states)
    return layers


def _options(page: Page, child: int, path: _Step | None) -> list[tuple[_Step | None, float]]:
    """The candidates for a parent from one state, with the logarithm of their shares; ``None`` stands for a root."""
    if path is None:
        return [(None, 0.0)]
    node = page.nodes[child]
    penalty, table = 0.0, "plain"
    if node.reply_to is not None:
        named = _named(page, path, node.reply_to)
        if len(named) == 1:
            return [(named[0][0], 0.0)]
        if named:
            return _shares(page, child, path, named, "marked")
        penalty = _UNNAMED
    if page.marked:
        table = "unmarked"
    near: list[tuple[_Step | None, int]] = [(None, 0)]
    step: _Step | None = path
    while step is not None and len(near) <= _NEAREST:
        near.append((step, len(near) - 1))
        step = step.above
    options = _shares(page, child, path, near, table)
    return [(step, share + penalty) for step, share in options] if penalty else options


def _named(page: Page, path: _Step, name: str) -> list[tuple[_Step, int]]:
    """The comments on a path by somebody, nearest first, each with the number of comments below it."""
    found: list[tuple[_Step, int]] = []
    if name not in page.authors:
        return found
    step: _Step | None = path
    for rank in range(_MAX_CLIMB):
        if step is None or len(found) == _NAMED:
            break
        if page.nodes[step.comment].author == name:
            found.append((step, rank))
        step = step.above
    return found


def _shares(
    page: Page, child: int, path: _Step, candidates: Sequence[tuple[_Step | None, int]], table: str
) -> list[tuple[_Step | None, float]]:
    """A softmax over the candidates by the weights of a table."""
    weighed, memo, nodes = _table(table), page.memo, page.nodes
    node = nodes[child]
    scores = []
    for place in _places(page, child, path, candidates):
        parent = place.parent
        if parent is None:
            other, score, measures = node, 0.0, weighed.root
        else:
            other, measures = nodes[parent], weighed.path
            known = memo.get((table, parent))
            if known is None:
                known = 0.0
                for weight, measure in weighed.pair:
                    known += weight * measure(page, place, node, other)
                memo[table, parent] = known
            score = known
        for weight, measure in measures:
            score += weight * measure(page, place, node, other)
        scores.append(score)
    top = max(scores)
    total = top + math.log(math.fsum(math.exp(score - top) for score in scores))
    return [
        (step, score - total)
        for (step, _), score in zip(candidates, scores, strict=True)
        if score - total > _LOG_FORGET
    ]


def _places(page: Page, child: int, path: _Step, candidates: Sequence[tuple[_Step | None, int]]) -> list[Place]:
    """The candidates as the features see them."""
    below: dict[int, int] = {}
    wanted = max((rank for _, rank in candidates), default=0)
    own, own_rank = page.nodes[child].author, -1
    step: _Step | None = path
    sibling: int | None = None
    for rank in range(max(wanted + 1, _OWN)):
        if step is None:
            break
        if own_rank < 0 and page.nodes[step.comment].author == own:
            own_rank = rank
        below[step.comment] = -1 if sibling is None else sibling
        sibling, step = step.comment, step.above
    seen: dict[str, int] = {}
    places = []
    for candidate, rank in candidates:
        if candidate is None:
            places.append(Place(child, None, 0, 0, None, None, 0, own_rank, path.root))
            continue
        author = page.nodes[candidate.comment].author
        next_below = below[candidate.comment]
        places.append(
            Place(
                child=child,
                parent=candidate.comment,
                rank=rank,
                depth=candidate.depth,
                sibling=None if next_below < 0 else next_below,
                grandparent=None if candidate.above is None else candidate.above.comment,
                named_before=seen.get(author, 0),
                own_rank=own_rank,
                root=path.root,
            )
        )
        seen[author] = seen.get(author, 0) + 1
    return places


def _is_named(page: Page, states: Sequence[_State], child: int) -> bool:
    """Whether the likeliest parent of a comment is by the author whom its marker names."""
    above = states[0].path.above
    return above is not None and page.nodes[above.comment].author == page.nodes[child].reply_to


def _edges(page: Page, layers: Sequence[Sequence[_State]]) -> list[Edge]:
    """The likeliest parent of each comment that is still on the path, with the share of each edge in all walks."""
    _run_backward(layers)
    edges: list[Edge] = []
    on_path: list[int] = []
    places: dict[str, list[int]] = {}  # by author: the depths at which they stand on the path
    for index, (node, states) in enumerate(zip(page.nodes, layers, strict=True)):
        named = places.get(node.reply_to, []) if node.reply_to is not None else []
        if len(named) == 1:  # on the path that was chosen, the marker leaves no choice
            chosen: int | None = on_path[named[0]]
            candidates: tuple[Candidate, ...] = (Candidate(chosen, 1.0),)
        else:
            shares = _posterior(states)
            chosen = max(
                (parent for parent in shares if parent is None or _stands(on_path, edges, parent)),
                key=lambda parent: (shares[parent], -1 if parent is None else parent),
                default=None,
            )
            candidates = _candidates(shares, chosen)
        depth = 0 if chosen is None else edges[chosen].depth + 1
        edges.append(Edge(chosen, candidates[0].probability, candidates, depth))
        for gone in reversed(on_path[depth:]):
            places[page.nodes[gone].author].pop()
        del on_path[depth:]
        on_path.append(index)
        places.setdefault(node.author, []).append(depth)
    return edges


def _stands(on_path: Sequence[int], edges: Sequence[Edge], comment: int) -> bool:
    """Whether a comment is on the path that was chosen so far."""
    depth = edges[comment].depth
    return depth < len(on_path) and on_path[depth] == comment


def _run_backward(layers: Sequence[Sequence[_State]]) -> None:
    """Give each state the logarithm of how likely the walks from it are."""
    for state in layers[-1]:
        state.backward = 0.0
    for states in reversed(layers):
        for state in states:
            for before, log_share, _ in state.ways:
                if before is not None and state.backward > -math.inf:
                    before.backward = _log_add(before.backward, state.backward + log_share)
        _lower(states)


def _lower(states: Sequence[_State]) -> None:
    """Keep the backward numbers of the layer above near zero; only their ratios count."""
    above = {id(before): before for state in states for before, _, _ in state.ways if before is not None}
    top = max((state.backward for state in above.values()), default=0.0)
    for state in above.values():
        state.backward -= top


def _posterior(states: Sequence[_State]) -> dict[int | None, float]:
    """The parents of a comment with their shares over all walks."""
    logs: dict[int | None, list[float]] = {}
    for state in states:
        for before, log_share, parent in state.ways:
            forward = 0.0 if before is None else before.forward
            logs.setdefault(parent, []).append(forward + log_share + state.backward)
    top = max(max(values) for values in logs.values())
    shares = {parent: math.fsum(math.exp(value - top) for value in sorted(values)) for parent, values in logs.items()}
    total = math.fsum(sorted(shares.values()))
    return {parent: share / total for parent, share in shares.items()}


def _candidates(shares: dict[int | None, float], chosen: int | None) -> tuple[Candidate, ...]:
    """The candidates of an edge, the chosen one first, then the likeliest."""
    ranked = sorted(shares, key=lambda parent: (parent != chosen, -shares[parent], -1 if parent is None else -parent))
    if chosen not in shares:
        ranked.insert(0, chosen)
    return _rounded([(parent, shares.get(parent, 0.0)) for parent in ranked[:_MAX_SHOWN]])


def _rounded(shares: Sequence[tuple[int | None, float]]) -> tuple[Candidate, ...]:
    """Shares of at least one in ten thousand, rounded, the first one taking what rounding leaves over."""
    others = [(parent, round(share, 4)) for parent, share in shares[1:]]
    others = [(parent, share) for parent, share in others if share >= _FORGET]
    first = round(1.0 - math.fsum(share for _, share in others), 4)
    return (Candidate(shares[0][0], first), *(Candidate(parent, share) for parent, share in others))


def _log_add(a: float, b: float) -> float:
    if a < b:
        a, b = b, a
    return a if b == -math.inf else a + math.log1p(math.exp(b - a))


def _unthreaded(page: Page) -> list[Edge] | None:
    """The tree of an unthreaded page, ``None`` if its markers do not name comments above or below either."""
    places: dict[str, list[int]] = {}
    for index, node in enumerate(page.nodes):
        places.setdefault(node.author, []).append(index)
    newest_first = page.oldest_first is False
    parents: list[tuple[Candidate, ...]] = []
    found = 0
    for index, node in enumerate(page.nodes):
        own = places.get(node.reply_to or "", [])
        at = bisect_left(own, index)
        near = (
            [i for i in own[at : at + 1 + _NAMED] if i != index]
            if newest_first
            else own[max(0, at - _NAMED) : at][::-1]
        )
        if node.reply_to is None or not near:
            parents.append((Candidate(None, 1.0 if node.reply_to is None else 0.5),))
            continue
        found += 1
        first = 1.0 if len(near) == 1 else 0.5
        rest = (1.0 - first) / max(1, len(near) - 1)
        parents.append(_rounded([(near[0], first), *((i, rest) for i in near[1:])]))
    if 2 * found < sum(1 for node in page.nodes if node.reply_to is not None):
        return None
    depths: dict[int, int] = {}
    order = range(len(parents) - 1, -1, -1) if newest_first else range(len(parents))
    for index in order:
        parent = parents[index][0].index
        depths[index] = 0 if parent is None else depths[parent] + 1
    return [
        Edge(candidates[0].index, candidates[0].probability, candidates, depths[index])
        for index, candidates in enumerate(parents)
    ]
