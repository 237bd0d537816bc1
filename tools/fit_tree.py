"""Fit the weights of ``src/threadparse/tree.toml`` on gold dumps.

    python tools/fit_tree.py GOLD.jsonl[.gz] [GOLD2 ...] > src/threadparse/tree.toml

``gold.py`` tells what a gold dump is, and what is made of it. The model is a conditional logit over the candidates on
the true path, one per table, with a quadratic penalty. The decisions of a file and of a way of using it count with a
power of their number (``BALANCE``), so that a large set does not drown a small one. Needs numpy and scipy.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from gold import threads
from scipy.optimize import minimize

from threadparse import _weighing
from threadparse._conversation import Conversation, Node
from threadparse._evidence import FEATURES

PENALTY = 1.0
USED = {
    "marked": ("older than parent", "sibling order", "rank", "newcomer", "turn", "rare word", "quoted"),
    "unmarked": (
        "root", "out of order", "disorder", "long text", "trackback", "new here", "usually answers", "rare word",
        "quoted", "asks", "addressed", "older than parent", "never named", "named elsewhere", "long name",
        "host answers", "to trackback", "depth", "to childless root", "spoke before", "turn",
    ),
    "plain": (
        "root", "out of order", "steady", "disorder", "long text", "trackback", "new here", "rare word",
        "quoted", "older than parent", "host answers", "to trackback", "depth", "to root",
        "to childless root", "answered", "spoke before", "turn",
    ),
}  # fmt: skip
"""The features of each table: the others made decisions on threads that were left out worse, or no better.

But "asks" and "addressed" were taken from ``plain`` by what pages gave that the weights were fitted on."""
FIXED = {
    "root level": 6.0, "shows replies": 6.0, "counted": 6.0, "level": 6.0, "first reply": 6.0, "folded": -6.0,
    "replies shown": 6.0, "no replies shown": -6.0, "named by number": 6.0,
}  # fmt: skip
"""What a page displays, or a text says in so many words, is right, and that is in too few gold dumps to be fitted."""
BALANCE = {"marked": 0.5, "unmarked": 0.45, "plain": 0.5}
"""Power of a group's number of decisions with which it counts: 1 for all decisions alike, 0 for all groups alike.

These were chosen among some twenty by the share of right edges on the very threads that were fitted; they differ by a
few edges."""
WHOLE = {"unmarked": {"root": 0.3}}
"""Log odds that are added: most pages have all their markers, while most ways of using a gold thread leave some out."""
Rows = list[tuple[np.ndarray, int]]


def main(paths: Sequence[str]) -> None:
    """Write ``tree.toml`` for the gold files to standard output."""
    rows: dict[str, dict[tuple[str, str], Rows]] = {table: defaultdict(list) for table in USED}
    for path in paths:
        for use, nodes, parents in threads(path):
            collect(nodes, parents, {table: groups[path, use] for table, groups in rows.items()})
    print("# Weights of the evidence for a parent: log odds, by the names in _evidence.py.")
    print("#")
    print("# Written by tools/fit_tree.py; do not edit. Tables: the comment has a marker that fits several comments;")
    print("# it has none, or one that names nobody, on a page with markers; the page has no markers.")
    for table, groups in rows.items():
        weights, right = fit([group for group in groups.values() if group], table)
        decisions = sum(len(group) for group in groups.values())
        print(f"\n[{table}]    # {decisions} decisions, {right:.3f} right where they were fitted")
        for feature, weight in zip(FEATURES, weights, strict=True):
            if abs(weight) >= 0.05:
                print(f'"{feature.name}" = {weight + WHOLE.get(table, {}).get(feature.name, 0.0):.2f}')


def collect(nodes: Sequence[Node], parents: Sequence[int | None], rows: dict[str, Rows]) -> None:
    """The decisions along the true path of one thread."""
    page = Conversation(nodes)
    steps: list[_weighing.Step] = []
    path: _weighing.Step | None = None
    for child, parent in enumerate(parents):
        if path is not None:
            above, on_path = path, {}
            step: _weighing.Step | None = path
            while step is not None:
                on_path[step.comment] = step
                step = step.above
            if parent is not None and parent not in on_path:
                return  # not in thread order
            table, candidates = _weighing.decision(page, child, above)
            chosen = [i for i, (step, _) in enumerate(candidates) if (None if step is None else step.comment) == parent]
            if chosen and len(candidates) > 1:
                places = _weighing.places_of(child, above, candidates)
                matrix = np.array([[feature.value(page, place) for feature in FEATURES] for place in places])
                rows[table].append((matrix, chosen[0]))
        top = None if parent is None else steps[parent]
        path = _weighing.Step(child, top, 0 if top is None else top.depth + 1)
        steps.append(path)


def fit(groups: Sequence[Rows], table: str) -> tuple[np.ndarray, float]:
    """The weights that make the true parents likeliest, and the share of them that is then first."""
    used = np.array([feature.name in USED[table] for feature in FEATURES])
    fixed = np.array([FIXED.get(feature.name, 0.0) for feature in FEATURES])
    rows = [row for group in groups for row in group]
    matrix = np.concatenate([features for features, _ in rows])
    sizes = np.array([len(features) for features, _ in rows])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    chosen = starts + np.array([index for _, index in rows])
    owner = np.repeat(np.arange(len(rows)), sizes)
    count = np.concatenate([np.full(len(group), len(group) ** (BALANCE[table] - 1.0)) for group in groups])
    count *= len(rows) / count.sum()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ (weights * used)
        scores -= np.maximum.reduceat(scores, starts)[owner]
        exponent = np.exp(scores)
        shares = exponent / np.add.reduceat(exponent, starts)[owner]
        value = -(count * np.log(np.maximum(shares[chosen], 1e-300))).sum() + PENALTY * (weights**2).sum() / 2
        gradient = matrix.T @ (shares * count[owner]) - matrix[chosen].T @ count
        return value, gradient * used + PENALTY * weights

    weights = np.where(used, minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x, fixed)
    scores = matrix @ weights
    right = sum(int(np.argmax(scores[s : s + n]) + s == c) for s, n, c in zip(starts, sizes, chosen, strict=True))
    return weights, right / len(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
