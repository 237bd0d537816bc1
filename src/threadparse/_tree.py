"""Nodes to a tree: who answers whom, and how sure that is.

In: the comments of a page as :class:`~threadparse._conversation.Node`, in document order. Out: :class:`Edge`, one per
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
    - What shows that an edge is impossible (an order broken, a displayed level) is not part of the softmax. It lowers
      the whole walk: a walk in which a comment has no possible parent must be wrong further up.

    The states are kept few (a *beam*). The probability of an edge is its share in all walks that were kept
    (forward-backward); the tree takes the likeliest parent of each comment that is still on the path.

    Some pages are not in thread order: unthreaded lists, by date, whose markers name anybody above (or below, newest
    first). They show themselves by markers that name nobody on the path; then the nearest comment by the named author
    is the parent.

    Everything is summed in a fixed order and rounded to four digits, so that it is the same on every machine. A step
    looks at no more than ``NEAREST`` or ``NAMED`` candidates and ``_BEAM`` states: the cost is linear.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

import attrs

from ._conversation import Conversation
from ._model import Candidate
from ._weighing import FORGET, NAMED, Step, Weigher

_BEAM = 8
"""States kept per comment on a page without markers. 16 gain less than 0.002 on known trees."""
_MARKED_BEAM = 8
"""The same on a page with markers, where most edges are certain."""
_LEAST_SHOWN = 1e-4
"""Least probability that is listed; four digits are shown."""
_MAX_SHOWN = 6
"""Candidates that an edge lists."""
_FARTHER = 0.6
"""On an unthreaded page, how much less likely each farther comment by the named author is; from known pages."""
_TURN = 4.0
"""How much likelier one is there that answers the author whose turn it is; from known pages."""
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


@attrs.define(eq=False)
class _State:
    """A path, with how likely the walks to it are and the ways in which they came."""

    path: Step
    forward: float
    ways: list[tuple[_State | None, float, int | None]]
    backward: float = -math.inf


def build_tree(page: Conversation) -> list[Edge]:
    """The likeliest tree over all comments of a page, with the probability of each edge."""
    nodes = page.nodes
    if not nodes:
        return []
    edges = _edges(page, _walk(page))
    unnamed = sum(
        node.reply_to is not None and (edge.parent is None or nodes[edge.parent].author != node.reply_to)
        for node, edge in zip(nodes, edges, strict=True)
    )
    if page.marked and unnamed > max(1, _UNTHREADED * page.named.total()):
        unthreaded = _unthreaded(page)
        if unthreaded is not None:
            return unthreaded
    return edges


def open_doubtful(edges: Sequence[Edge], least: float) -> list[Edge]:
    """The tree without the parents whose probability is below ``least``: those comments become roots."""
    result = list(edges)
    for index in sorted(range(len(edges)), key=lambda index: edges[index].depth):  # parents before their replies
        edge = edges[index]
        if edge.parent is None:
            continue
        if edge.confidence >= least:
            result[index] = attrs.evolve(edge, depth=result[edge.parent].depth + 1)
            continue
        root = next((c.probability for c in edge.candidates if c.index is None), 0.0)
        result[index] = attrs.evolve(edge, parent=None, confidence=root, depth=0)
    return result


def _walk(page: Conversation) -> list[list[_State]]:
    """The states after each comment, pruned to the beam."""
    layers: list[list[_State]] = []
    states: list[_State] = []
    beam = _MARKED_BEAM if page.marked else _BEAM
    weigher = Weigher(page)
    last = len(page.nodes) - 1
    for child in range(last + 1):
        # The last comment's states lead nowhere; to drop some would tell of the comments above.
        states = _pruned(_next_states(weigher, child, states), beam if child < last else None)
        layers.append(states)
    return layers


def _next_states(weigher: Weigher, child: int, states: Sequence[_State]) -> list[_State]:
    """All states after a comment."""
    found: dict[int, _State] = {}
    for state in states or (None,):
        before, path = (0.0, None) if state is None else (state.forward, state.path)
        for step, log_share in weigher.options(child, path):
            key, parent = (-1, None) if step is None else (id(step), step.comment)
            known = found.get(key)
            if known is None:
                own = Step(child, step, 0 if step is None else step.depth + 1)
                found[key] = _State(own, before + log_share, [(state, log_share, parent)])
            else:
                known.ways.append((state, log_share, parent))
                known.forward = _log_add(known.forward, before + log_share)
    return list(found.values())


def _pruned(states: list[_State], beam: int | None) -> list[_State]:
    """The likeliest states first, no more than the beam holds; their numbers are kept near zero on long pages."""
    if len(states) > 1:
        states.sort(key=lambda state: (-state.forward, state.path.depth))
    top = states[0].forward
    if beam is not None:
        states = [state for state in states[:beam] if state.forward - top > FORGET]
    for state in states:
        state.forward -= top
    return states


def _edges(page: Conversation, layers: Sequence[Sequence[_State]]) -> list[Edge]:
    """The likeliest parent of each comment that is still on the path, with the share of each edge in all walks."""
    _run_backward(layers)
    edges: list[Edge] = []
    on_path: list[int] = []
    places: dict[str, list[int]] = {}  # by author: the depths at which they stand on the path
    for index, (node, states) in enumerate(zip(page.nodes, layers, strict=True)):
        shares = _posterior(states)
        named = places.get(node.reply_to, []) if node.reply_to is not None else []
        if len(named) == 1:  # on the path that was chosen, the marker leaves no choice
            chosen: int | None = on_path[named[0]]
        else:
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
        above = {id(before): before for state in states for before, _, _ in state.ways if before is not None}
        if len(above) == 1:
            next(iter(above.values())).backward = 0.0
            continue
        for state in states:
            for before, log_share, _ in state.ways:
                if before is not None and state.backward > -math.inf:
                    before.backward = _log_add(before.backward, state.backward + log_share)
        top = max((state.backward for state in above.values()), default=0.0)
        for state in above.values():  # only their ratios count: this keeps them near zero
            state.backward -= top


def _posterior(states: Sequence[_State]) -> dict[int | None, float]:
    """The parents of a comment with their shares over all walks."""
    if len(states) == 1 == len(states[0].ways):
        return {states[0].ways[0][2]: 1.0}
    logs: dict[int | None, list[float]] = {}
    for state in states:
        for before, log_share, parent in state.ways:
            forward = 0.0 if before is None else before.forward
            logs.setdefault(parent, []).append(forward + log_share + state.backward)
    if len(logs) == 1:
        return dict.fromkeys(logs, 1.0)
    top = max(max(values) for values in logs.values())
    shares = {parent: math.fsum(math.exp(value - top) for value in sorted(values)) for parent, values in logs.items()}
    total = math.fsum(sorted(shares.values()))
    return {parent: share / total for parent, share in shares.items()}


def _candidates(shares: dict[int | None, float], chosen: int | None) -> tuple[Candidate, ...]:
    """The candidates of an edge, the chosen one first, then the likeliest."""
    ranked = sorted(shares, key=lambda parent: (parent != chosen, -shares[parent], parent is None, -(parent or 0)))
    if chosen not in shares:
        ranked.insert(0, chosen)
    return _rounded([(parent, shares.get(parent, 0.0)) for parent in ranked[:_MAX_SHOWN]])


def _rounded(shares: Sequence[tuple[int | None, float]]) -> tuple[Candidate, ...]:
    """Shares of at least one in ten thousand, rounded, the first one taking what rounding leaves over."""
    others = [(parent, round(share, 4)) for parent, share in shares[1:]]
    others = [(parent, share) for parent, share in others if share >= _LEAST_SHOWN]
    first = round(1.0 - math.fsum(share for _, share in others), 4)
    return (Candidate(shares[0][0], first), *(Candidate(parent, share) for parent, share in others))


def _log_add(a: float, b: float) -> float:
    if a < b:
        a, b = b, a
    return a + math.log1p(math.exp(b - a))


def _unthreaded(page: Conversation) -> list[Edge] | None:
    """The tree of an unthreaded page, ``None`` if its markers do not name comments above or below either."""
    places: dict[str, list[int]] = {}
    for index, node in enumerate(page.nodes):
        places.setdefault(node.author, []).append(index)
    is_above = _parents_stand_above(page, places)
    parents: list[tuple[Candidate, ...]] = []
    found = 0
    for index, node in enumerate(page.nodes):
        own = [] if node.reply_to is None else places.get(node.reply_to, [])
        at = bisect_left(own, index)
        below = [other for other in own[at : at + 1 + NAMED] if other != index]
        near = own[max(0, at - NAMED) : at][::-1] if is_above else below
        found += bool(near)
        parents.append(_by_distance(near, [page.nodes[other].reply_to == node.author for other in near]))
    if 2 * found < page.named.total():
        return None
    depths: dict[int, int] = {}
    for index in range(len(parents)) if is_above else reversed(range(len(parents))):
        parent = parents[index][0].index
        depths[index] = 0 if parent is None else depths[parent] + 1
    return [
        Edge(candidates[0].index, candidates[0].probability, candidates, depths[index])
        for index, candidates in enumerate(parents)
    ]


def _by_distance(near: Sequence[int], turns: Sequence[bool]) -> tuple[Candidate, ...]:
    """Comments by the named author, likeliest first; a root where there are none.

    Args:
        near: The comments, nearest first.
        turns: For each, whether it answers the author whose turn it is now.
    """
    if not near:
        return (Candidate(None, 1.0),)
    shares = [_FARTHER**rank * (_TURN if turn else 1.0) for rank, turn in enumerate(turns)]
    total = math.fsum(shares)
    ranked = sorted(range(len(near)), key=lambda rank: (-shares[rank], rank))
    return _rounded([(near[rank], shares[rank] / total) for rank in ranked])


def _parents_stand_above(page: Conversation, places: dict[str, list[int]]) -> bool:
    """Whether an unthreaded page stands oldest first: by names with comments on one side only, or the times."""
    above = below = 0
    for index, node in enumerate(page.nodes):
        own = [] if node.reply_to is None else places.get(node.reply_to, [])
        if own:
            above += own[-1] <= index
            below += own[0] >= index
    return not page.newest_first if above == below else above > below
