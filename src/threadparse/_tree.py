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
    - What shows that an edge is impossible (an order broken, a displayed level) is not part of the softmax. It lowers
      the whole walk: a walk in which a comment has no possible parent must be wrong further up.

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
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import cast

import attrs

from ._evidence import FEATURES, Measure, Page, Place
from ._model import Candidate

_BEAM = 8
"""States kept per comment on a page without markers. 16 gain less than 0.002 on known trees."""
_MARKED_BEAM = 4
"""The same on a page with markers, where most edges are certain."""
_NEAREST = 5
"""Comments of the path that may be the parent of a comment without a marker; more made known trees no better."""
_NAMED = 4
"""Comments of the path by the author whom a marker names that are told apart."""
_MAX_CLIMB = 200
"""How far up the path the author of a marker is looked for: linear cost, and no page shows that many levels."""
_OWN = 30
"""How far up the path the child's own author is looked for."""
_UNNAMED = -7.0
"""Log probability of a marker that names nobody on the path: people get renamed, comments deleted."""
_FORGET = math.log(1e-3)
"""Options and states that are so much less likely than the best one are dropped; on known trees they made no edge."""
_LEAST_SHOWN = 1e-4
"""Least probability that is listed; four digits are shown."""
_DECIDES = {"plain": ("out of order",)}
"""What shows by table that an edge is impossible, beside the features that always do: on a page without markers the
order of the roots is the best evidence there is, while markers know better than it."""
_MAX_SHOWN = 6
"""Candidates that an edge lists."""
_FARTHER = 0.6
"""On an unthreaded page, how much less likely each farther comment by the named author is; from known pages."""
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


_Weighed = tuple[tuple[float, Measure, bool], ...]
"""Weights with the measures that they weigh, and whether these decide."""


@attrs.frozen
class _Table:
    """The weights for one kind of decision, by what their features depend on."""

    root: _Weighed
    pair: _Weighed
    path: _Weighed


@cache
def weights() -> dict[str, dict[str, float]]:
    """The weights of ``tree.toml``: by table, by the name of the feature."""
    return cast(
        dict[str, dict[str, float]],
        tomllib.loads((resources.files(__package__) / "tree.toml").read_text(encoding="utf-8")),
    )


@cache
def _table(name: str, *, displays: bool) -> _Table:
    """The weights of a table; without the features that decide, for a page that displays nothing of its structure."""
    known = weights()[name]
    groups: dict[str, list[tuple[float, Measure, bool]]] = {"root": [], "pair": [], "path": []}
    for feature in FEATURES:
        if feature.name in known and (displays or not feature.decides):
            decides = feature.decides or feature.name in _DECIDES.get(name, ())
            groups[feature.of].append((known[feature.name], feature.measure, decides))
    return _Table(**{of: tuple(group) for of, group in groups.items()})


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


@attrs.define(eq=False)
class _State:
    """A path, with how likely the walks to it are and the ways in which they came."""

    path: Step
    forward: float
    ways: list[tuple[_State | None, float, int | None]]
    backward: float = -math.inf


def build_tree(page: Page) -> list[Edge]:
    """The likeliest tree over all comments of a page, with the probability of each edge."""
    nodes = page.nodes
    if not nodes:
        return []
    layers = _walk(page)
    unnamed = sum(1 for i, node in enumerate(nodes) if node.reply_to is not None and not _is_named(page, layers[i], i))
    marked = sum(1 for node in nodes if node.reply_to is not None)
    if marked and unnamed > max(1, _UNTHREADED * marked):
        unthreaded = _unthreaded(page)
        if unthreaded is not None:
            return unthreaded
    return _edges(page, layers)


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


def reasons(page: Page, edges: Sequence[Edge]) -> list[list[tuple[Candidate, tuple[str, ...]]]]:
    """By comment: its likeliest candidates, each with what speaks for it and (beginning with "but") against it."""
    steps: list[Step] = []
    result = []
    for child, edge in enumerate(edges):
        told: _Told = _told(page, child, steps[-1]) if steps else {None: (1.0, ("is the first comment",))}
        result.append([(candidate, _reason(candidate, told)) for candidate in edge.candidates[:_MAX_TOLD]])
        steps.append(Step(child, None if edge.parent is None else _step(steps, edge.parent), edge.depth))
    return result


def _step(steps: Sequence[Step], parent: int) -> Step | None:
    """The step of a parent; ``None`` for one below, on pages that stand newest first."""
    return steps[parent] if parent < len(steps) else None


_Told = dict[int | None, tuple[float, tuple[str, ...]]]
"""By candidate: its share and what is said of it."""


def _told(page: Page, child: int, path: Step) -> _Told:
    """The candidates on a path, each with its share by itself and what the features say of it."""
    table, candidates = decision(page, child, path)
    if len(candidates) == 1 and candidates[0][0] is not None:
        return {candidates[0][0].comment: (1.0, (_NAMED_ONCE,))}
    shares = {id(step): share for step, share in _shares(page, child, path, candidates, table, {})}
    told: _Told = {}
    known = weights()[table]
    for place, (step, _) in zip(places_of(page, child, path, candidates), candidates, strict=True):
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


def _walk(page: Page) -> list[list[_State]]:
    """The states after each comment, pruned to the beam."""
    layers: list[list[_State]] = []
    states: list[_State] = []
    beam = _MARKED_BEAM if page.marked else _BEAM
    for child in range(len(page.nodes)):
        memo: _Memo = {}
        found: dict[int, _State] = {}
        before: list[_State | None] = [*states] or [None]
        for state in before:
            log_before = 0.0 if state is None else state.forward
            for step, log_share in _options(page, child, None if state is None else state.path, memo):
                key = -1 if step is None else id(step)
                parent = None if step is None else step.comment
                total = log_before + log_share
                known = found.get(key)
                if known is None:
                    path = Step(child, step, 0 if step is None else step.depth + 1)
                    found[key] = _State(path, total, [(state, log_share, parent)])
                    continue
                known.ways.append((state, log_share, parent))
                known.forward = _log_add(known.forward, total)
        ranked = sorted(found.values(), key=lambda s: (-s.forward, s.path.depth))[:beam]
        top = ranked[0].forward
        states = [state for state in ranked if state.forward - top > _FORGET]
        for state in states:  # keep the numbers near zero on long pages
            state.forward -= top
        layers.append(states)
    return layers


_Memo = dict[tuple[str, int | None], tuple[float, float]]
"""For the comment that looks for its parent: by table and candidate, the points that do not depend on the path."""


def _options(page: Page, child: int, path: Step | None, memo: _Memo) -> list[tuple[Step | None, float]]:
    """The candidates for a parent from one state, with the logarithm of their shares; ``None`` stands for a root."""
    if path is None:
        return [(None, 0.0)]
    table, candidates = decision(page, child, path)
    if len(candidates) == 1:
        return [(candidates[0][0], 0.0)]
    options = _shares(page, child, path, candidates, table, memo)
    if table == "marked" or page.nodes[child].reply_to is None:
        return options
    return [(step, share + _UNNAMED) for step, share in options]


def decision(page: Page, child: int, path: Step) -> tuple[str, Sequence[tuple[Step | None, int]]]:
    """The table whose weights decide for a comment, and the candidates on a path, each with its rank."""
    name = page.nodes[child].reply_to
    named = [] if name is None else _named(page, path, name)
    if named:
        return "marked", named
    # A marker that names nobody was not lost: what is known of lost markers does not help.
    return "unmarked" if page.marked and name is None else "plain", _near(path)


def _near(path: Step) -> list[tuple[Step | None, int]]:
    """The candidates of a comment without a marker: none, and the nearest comments of the path, with their ranks."""
    near: list[tuple[Step | None, int]] = [(None, 0)]
    step: Step | None = path
    while step is not None and len(near) <= _NEAREST:
        near.append((step, len(near) - 1))
        step = step.above
    return near


def _named(page: Page, path: Step, name: str) -> list[tuple[Step, int]]:
    """The comments on a path by somebody, nearest first, each with the number of comments below it."""
    found: list[tuple[Step, int]] = []
    most = min(_NAMED, page.comments_of[name])  # who comments once is not looked for any further up
    step: Step | None = path
    for rank in range(_MAX_CLIMB):
        if step is None or len(found) == most:
            break
        if page.nodes[step.comment].author == name:
            found.append((step, rank))
        step = step.above
    return found


def _shares(  # noqa: PLR0913, PLR0917  (what a decision depends on)
    page: Page, child: int, path: Step, candidates: Sequence[tuple[Step | None, int]], table: str, memo: _Memo
) -> list[tuple[Step | None, float]]:
    """A softmax over the candidates by the weights of a table, lowered where a candidate is impossible."""
    weighed = _table(table, displays=page.displays)
    scores, shares = [], []
    for place in places_of(page, child, path, candidates):
        known = memo.get((table, place.parent))
        if known is None:
            group = weighed.root if place.parent is None else weighed.pair
            known = memo[table, place.parent] = _points(group, page, place)
        score, decided = known
        if place.parent is not None:
            more, impossible = _points(weighed.path, page, place)
            score += more
            decided += impossible
        scores.append(score)
        shares.append(score + decided)
    top = max(scores)
    total = top + math.log(math.fsum(math.exp(score - top) for score in scores))
    least = max(shares) + _FORGET
    return [(step, share - total) for (step, _), share in zip(candidates, shares, strict=True) if share > least]


def _points(group: _Weighed, page: Page, place: Place) -> tuple[float, float]:
    """The weighed values of a place: of what is weighed against other candidates, and of what decides."""
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


def places_of(page: Page, child: int, path: Step, candidates: Sequence[tuple[Step | None, int]]) -> list[Place]:
    """The candidates as the features see them."""
    own = page.nodes[child].author
    own_rank = -1
    below: list[int | None] = []  # by rank: the next comment of the path
    step: Step | None = path
    sibling: int | None = None
    wanted = max(rank for _, rank in candidates)
    for rank in range(max(wanted + 1, _OWN)):
        if step is None:
            break
        if own_rank < 0 and page.nodes[step.comment].author == own:
            own_rank = rank
        if own_rank >= 0 and rank > wanted:
            break
        below.append(sibling)
        sibling, step = step.comment, step.above
    seen: Counter[str] = Counter()
    places = []
    for candidate, rank in candidates:
        if candidate is None:
            places.append(Place(child, None, own_rank=own_rank))
            continue
        author = page.nodes[candidate.comment].author
        above = candidate.above
        places.append(
            Place(
                child,
                candidate.comment,
                rank,
                candidate.depth,
                below[rank],
                None if above is None else above.comment,
                seen[author],
                own_rank,
            )
        )
        seen[author] += 1
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
    if len(logs) == 1:
        return dict.fromkeys(logs, 1.0)
    top = max(max(values) for values in logs.values())
    shares = {parent: math.fsum(math.exp(value - top) for value in sorted(values)) for parent, values in logs.items()}
    total = math.fsum(sorted(shares.values()))
    return {parent: share / total for parent, share in shares.items()}


def _candidates(shares: dict[int | None, float], chosen: int | None) -> tuple[Candidate, ...]:
    """The candidates of an edge, the chosen one first, then the likeliest."""
    if len(shares) == 1 and chosen in shares:
        return (Candidate(chosen, 1.0),)
    ranked = sorted(shares, key=lambda parent: (parent != chosen, -shares[parent], -1 if parent is None else -parent))
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
    return a if b == -math.inf else a + math.log1p(math.exp(b - a))


def _unthreaded(page: Page) -> list[Edge] | None:
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
        below = [other for other in own[at : at + 1 + _NAMED] if other != index]
        near = own[max(0, at - _NAMED) : at][::-1] if is_above else below
        found += bool(near)
        parents.append(_by_distance(near))
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


def _by_distance(near: Sequence[int]) -> tuple[Candidate, ...]:
    """Comments by the named author, nearest first, with their probabilities; a root where there are none."""
    if not near:
        return (Candidate(None, 1.0),)
    total = math.fsum(_FARTHER**rank for rank in range(len(near)))
    return _rounded([(index, _FARTHER**rank / total) for rank, index in enumerate(near)])


def _parents_stand_above(page: Page, places: dict[str, list[int]]) -> bool:
    """Whether an unthreaded page stands oldest first: by names with comments on one side only, or the times."""
    above = below = 0
    for index, node in enumerate(page.nodes):
        own = [] if node.reply_to is None else places.get(node.reply_to, [])
        if own:
            above += own[-1] <= index
            below += own[0] >= index
    return not page.newest_first if above == below else above > below
