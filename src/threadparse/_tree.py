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
    (forward-backward in logarithms); the tree takes the likeliest parent of each comment that is still on the path.

    Some pages are not in thread order: unthreaded lists, by date, whose markers name anybody above (or below, newest
    first). They show themselves by markers that name nobody on the path, or, where all times are in order, would do so
    if comments without markers were no answers; then the nearest comment by the named author is the parent. Or texts
    open with the numbers of comments that are not on the path, or headers say the number: then these are the parents.

    Everything is summed in a fixed order and rounded to four digits, so that it is the same on every machine. A step
    looks at no more than ``NEAREST`` or ``NAMED`` candidates and ``_BEAM`` states: the cost is linear.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import attrs

from ._conversation import Conversation
from ._model import Candidate
from ._weighing import FORGET, NAMED, Step, Weigher, log_sum

_BEAM = 8
"""States kept per comment. 16 gain less than 0.002 on known trees."""
_DIGITS = 4
"""Digits of a probability; a candidate that has none of them is not listed."""
_MAX_SHOWN = 6
"""Candidates that an edge lists."""
_FARTHER = 0.6
"""On an unthreaded page, how much less likely each farther comment by the named author is; from known pages."""
_TURN = 4.0
"""How much likelier one is there that answers the author whose turn it is; from known pages."""
_LISTED = 0.5
"""Steadiness of a page from which on it may be a list by date: seven steps in time, all of them one way."""
_UNTHREADED = 0.2
"""Share of markers that name nobody on the path, and of what strays as they do, from which on a page is unthreaded."""

_FEW_NUMBERS = 2
"""Texts from which on a page is one whose texts name comments by number; a single one may mean something else."""
_NUMBERED = 0.9
"""How sure such a number is; it is a judgement, since known trees have none."""


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
    """A path, the ways in which walks come to it, and how likely all walks are that lead to it, and on from it."""

    path: Step
    ways: list[tuple[_State | None, float]]
    forward: float
    backward: float = -math.inf

    @property
    def parent(self) -> int | None:
        """Whom the latest comment of the path answers."""
        return None if self.path.above is None else self.path.above.comment


def build_tree(page: Conversation) -> list[Edge]:
    """The likeliest tree over all comments of a page, with the probability of each edge."""
    nodes = page.nodes
    if not nodes:
        return []
    edges = _edges(page, _walk(page))
    if page.marked and _strays(page, edges) > max(1, _UNTHREADED * page.named.total()):
        unthreaded = _unthreaded(page)
        if unthreaded is not None:
            return unthreaded
    numbered = page.named_by_number
    is_said = any(node.answers is not None for node in nodes)
    if is_said or sum(edges[index].parent != parent for index, parent in numbered.items()) >= _FEW_NUMBERS:
        return _in_list(
            [_by_number(numbered.get(index)) for index in range(len(nodes))], is_above=not page.newest_first
        )
    return edges


def _strays(page: Conversation, edges: Sequence[Edge]) -> int:
    """How many markers name nobody on the path; where all times are in order as in a list, replies without one, too."""
    is_list = page.steadiness > _LISTED
    strays = 0
    for node, edge in zip(page.nodes, edges, strict=True):
        if node.reply_to is None:
            strays += is_list and edge.parent is not None
        else:
            strays += edge.parent is None or page.nodes[edge.parent].author != node.reply_to
    return strays


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
    weigher = Weigher(page)
    layers = [_next_states(weigher, 0, [None])]
    for child in range(1, len(page.nodes)):
        # The last comment's states lead nowhere; to drop some of them would tell of the comments above.
        layers[-1] = _pruned(layers[-1])
        layers.append(_next_states(weigher, child, layers[-1]))
    return layers


def _next_states(weigher: Weigher, child: int, states: Sequence[_State | None]) -> list[_State]:
    """All states after a comment; ``None`` is the one before the first comment."""
    ways: dict[Step | None, list[tuple[_State | None, float]]] = {}
    for state in states:
        for step, log_share in weigher.options(child, None if state is None else state.path):
            ways.setdefault(step, []).append((state, log_share))
    return [
        _State(
            Step(child, step, 0 if step is None else step.depth + 1),
            own,
            log_sum([share if state is None else state.forward + share for state, share in own]),
        )
        for step, own in ways.items()
    ]


def _pruned(states: list[_State]) -> list[_State]:
    """The likeliest states first, no more than the beam holds."""
    states.sort(key=lambda state: (-state.forward, state.path.depth))
    least = states[0].forward + FORGET
    return [state for state in states[:_BEAM] if state.forward > least]


def _edges(page: Conversation, layers: Sequence[Sequence[_State]]) -> list[Edge]:
    """The likeliest parent of each comment that is still on the path, with the share of each edge in all walks."""
    _run_backward(layers)
    all_walks = log_sum([state.forward for state in layers[-1]])
    edges: list[Edge] = []
    on_path: dict[int, None] = {}  # the path that was chosen, from its root
    places: dict[str, list[int]] = {}  # by author: the comments on it
    for index, (node, states) in enumerate(zip(page.nodes, layers, strict=True)):
        shares = _posterior(states, all_walks)
        named = places.get(node.reply_to, []) if node.reply_to is not None else []
        if len(named) == 1:  # on the path that was chosen, the marker leaves no choice
            chosen: int | None = named[0]
        else:
            chosen = max(
                (parent for parent in shares if parent is None or parent in on_path),
                key=lambda parent: _preference(parent, shares),
                default=None,
            )
        candidates = _candidates(shares, chosen)
        depth = 0 if chosen is None else edges[chosen].depth + 1
        edges.append(Edge(chosen, candidates[0].probability, candidates, depth))
        while len(on_path) > depth:
            gone, _ = on_path.popitem()
            places[page.nodes[gone].author].pop()
        on_path[index] = None
        places.setdefault(node.author, []).append(index)
    return edges


def _run_backward(layers: Sequence[Sequence[_State]]) -> None:
    """Give each state the logarithm of how likely the walks from it are; those that were pruned have none."""
    onward: dict[_State | None, list[float]] = {state: [0.0] for state in layers[-1]}
    for states in reversed(layers):
        above: dict[_State | None, list[float]] = {}
        for state in states:
            if state in onward:
                state.backward = log_sum(onward[state])
                for before, log_share in state.ways:
                    above.setdefault(before, []).append(state.backward + log_share)
        onward = above


def _posterior(states: Sequence[_State], all_walks: float) -> dict[int | None, float]:
    """The parents of a comment with their shares in all walks, as many digits as are shown."""
    shares: dict[int | None, float] = {}
    for state in states:
        share = math.exp(state.forward + state.backward - all_walks)
        shares[state.parent] = shares.get(state.parent, 0.0) + share
    return {parent: round(share, _DIGITS) for parent, share in shares.items()}


def _preference(parent: int | None, shares: dict[int | None, float]) -> tuple[float, bool, int | None]:
    """What is greatest for the likeliest parent; of equally likely ones for the nearest, and the root comes last."""
    return shares[parent], parent is not None, parent


def _candidates(shares: dict[int | None, float], chosen: int | None) -> tuple[Candidate, ...]:
    """The candidates of an edge: the chosen one, which takes what rounding leaves over, then the likeliest."""
    others = [parent for parent, share in shares.items() if share and parent != chosen]
    others.sort(key=lambda parent: _preference(parent, shares), reverse=True)
    shown = [Candidate(parent, shares[parent]) for parent in others[: _MAX_SHOWN - 1]]
    left = round(1.0 - math.fsum(candidate.probability for candidate in shown), _DIGITS)
    return (Candidate(chosen, left), *shown)


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
        after = bisect_right(own, index)
        near = own[max(0, at - NAMED) : at][::-1] if is_above else own[after : after + NAMED]
        found += bool(near)
        parents.append(_by_distance(near, [page.nodes[other].reply_to == node.author for other in near]))
    if 2 * found < page.named.total():
        return None
    return _in_list(parents, is_above=is_above)


def _by_number(parent: int | None) -> tuple[Candidate, ...]:
    """The comment whose number a text opens with; a root where there is none."""
    if parent is None:
        return (Candidate(None, 1.0),)
    return Candidate(parent, _NUMBERED), Candidate(None, round(1.0 - _NUMBERED, _DIGITS))


def _in_list(parents: Sequence[tuple[Candidate, ...]], *, is_above: bool) -> list[Edge]:
    """The tree of an unthreaded page, by the candidates of each comment; parents stand above, or else below."""
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
    weighed = [_FARTHER**rank * (_TURN if turn else 1.0) for rank, turn in enumerate(turns)]
    total = math.fsum(weighed)
    shares: dict[int | None, float] = {
        other: round(weight / total, _DIGITS) for other, weight in zip(near, weighed, strict=True)
    }
    return _candidates(shares, max(shares, key=lambda other: _preference(other, shares)))


def _parents_stand_above(page: Conversation, places: dict[str, list[int]]) -> bool:
    """Whether an unthreaded page stands oldest first: by names with comments on one side only, or the times."""
    lead = 0
    for index, node in enumerate(page.nodes):
        own = [] if node.reply_to is None else places.get(node.reply_to, [])
        if own:
            lead += (own[-1] <= index) - (own[0] >= index)
    return lead > 0 if lead else not page.newest_first
