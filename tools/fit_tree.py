"""Fit the weights of ``src/threadparse/tree.toml`` on gold dumps.

    python tools/fit_tree.py GOLD.jsonl[.gz] [GOLD2 ...] > src/threadparse/tree.toml

A gold dump is a JSON object a line with ``comments`` (``author``, ``body``, ``parent``, ``reply_to``, ``posted_text``,
``posted_iso``, ``label``) and ``scraped_at``. Threads that came from one page are used once. Where no comment of a
thread has a marker, the thread is used twice: as it is, and with markers written from the gold parents, those to some
authors left out at random, as content extractors do. The model is a conditional logit over the candidates on the true
path, one per table, with a quadratic penalty. A file counts with a power of its decisions (``BALANCE``), so that a
large set does not drown a small one. Needs numpy and scipy.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs
import numpy as np
from scipy.optimize import minimize

from threadparse import _tree
from threadparse._evidence import FEATURES, Node, Page
from threadparse._lines import fold_key
from threadparse._locale import load_locale, locale_names
from threadparse._times import TimeReader, resolve

PENALTY = 2.0
FIXED = {
    "level": {"marked": 4.0, "unmarked": 6.0, "plain": 6.0},
    "root level": {"unmarked": 6.0, "plain": 6.0},
}
"""Levels are shown or not; no gold set has them for all comments, and where they are shown they are right."""
BALANCE = {"marked": 0.5, "unmarked": 0.1, "plain": 0.6}
"""Power of a file's number of decisions with which it counts: 1 for all decisions alike, 0 for all files alike."""
DROPPED = 0.25
"""Share of authors to whom markers are left out in the threads that get markers."""

Rows = list[tuple[np.ndarray, int]]


def main(paths: Sequence[str]) -> None:
    """Write ``tree.toml`` for the gold files to standard output."""
    rows: dict[str, list[Rows]] = {"marked": [], "unmarked": [], "plain": []}
    for path in paths:
        for files in rows.values():
            files.append([])
        for nodes, parents in threads([path]):
            collect(nodes, parents, {table: files[-1] for table, files in rows.items()})
    print("# Weights of the evidence for a parent: log odds, by the names in _evidence.py.")
    print("#")
    print("# Written by tools/fit_tree.py; do not edit. Tables: the comment has a marker that fits several comments;")
    print("# it has none, or one that names nobody, on a page with markers; the page has no markers.")
    for table, files in rows.items():
        weights, right = fit(files, table)
        decisions = sum(len(file) for file in files)
        print(f"\n[{table}]    # {decisions} decisions, {right:.3f} right where they were fitted")
        for feature, weight in zip(FEATURES, weights, strict=True):
            if abs(weight) >= 0.05:
                print(f'"{feature.name}" = {weight:.2f}')


def threads(paths: Sequence[str]) -> Iterator[tuple[list[Node], list[int | None]]]:
    """The distinct threads of gold files, as nodes and true parents."""
    reader = TimeReader([load_locale(name).time for name in ("en", *(n for n in locale_names() if n != "en"))])
    chance = random.Random(2026)
    seen = set()
    for path in paths:
        opener = gzip.open if path.endswith(".gz") else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                case = json.loads(line)
                comments = case["comments"]
                signature = (
                    case["platform"], tuple((c["author"], c["parent"], bool(c["reply_to"])) for c in comments)
                )  # fmt: skip
                if len(comments) < 2 or signature in seen or not any(c["parent"] is not None for c in comments):
                    continue
                seen.add(signature)
                nodes = [node(c, case, reader) for c in comments]
                parents = [c["parent"] for c in comments]
                yield nodes, parents
                if not any(n.reply_to for n in nodes):
                    dropped = {a for a in sorted({n.author for n in nodes}) if chance.random() < DROPPED}
                    yield with_markers(nodes, parents, dropped), parents


def node(comment: dict[str, Any], case: dict[str, Any], reader: TimeReader) -> Node:
    """A gold comment as the tree sees it."""
    scraped = case.get("scraped_at")
    moment = datetime.fromisoformat(scraped) if scraped else datetime(2026, 1, 1, tzinfo=UTC)
    found = reader.find((comment.get("posted_text") or "")[:200])
    earliest = latest = None
    if found is not None:
        earliest, latest = resolve(found, scraped_at=moment, timezone=UTC, day_first=None, rounding="calendar")
    return Node(
        author=fold_key(comment["author"]),
        text=comment["body"],
        reply_to=fold_key(comment["reply_to"]) if comment["reply_to"] else None,
        earliest=earliest,
        latest=latest,
        is_host=comment.get("label") in ("Author", "Admin", "Editor"),
        is_trackback=comment.get("kind") in ("pingback", "trackback"),
    )


def with_markers(nodes: Sequence[Node], parents: Sequence[int | None], dropped: set[str]) -> list[Node]:
    """The nodes with a marker to each parent whose author is not dropped."""
    marked = []
    for own, parent in zip(nodes, parents, strict=True):
        named = None if parent is None or nodes[parent].author in dropped else nodes[parent].author
        marked.append(attrs.evolve(own, reply_to=named))
    return marked


def collect(nodes: Sequence[Node], parents: Sequence[int | None], rows: dict[str, Rows]) -> None:
    """The decisions along the true path of one thread."""
    page = Page(nodes)
    steps: list[_tree._Step] = []
    path: _tree._Step | None = None
    for child, parent in enumerate(parents):
        if path is not None:
            above, on_path = path, {}
            step: _tree._Step | None = path
            while step is not None:
                on_path[step.comment] = step
                step = step.above
            if parent is not None and parent not in on_path:
                return  # not in thread order
            candidates, table = options(page, child, above)
            chosen = [i for i, (step, _) in enumerate(candidates) if (None if step is None else step.comment) == parent]
            if table is not None and chosen and len(candidates) > 1:
                places = _tree._places(page, child, above, candidates)
                matrix = np.array([[feature.value(page, place) for feature in FEATURES] for place in places])
                rows[table].append((matrix, chosen[0]))
        top = None if parent is None else steps[parent]
        path = _tree._Step(child, top, 0 if top is None else top.depth + 1, child if top is None else top.root)
        steps.append(path)


def options(page: Page, child: int, path: _tree._Step) -> tuple[list[tuple[_tree._Step | None, int]], str | None]:
    """The candidates that the model weighs for a comment, and the table whose weights it takes."""
    reply_to = page.nodes[child].reply_to
    if reply_to is not None:
        named = _tree._named(page, path, reply_to)
        if named:
            return [(step, rank) for step, rank in named], "marked"
    near: list[tuple[_tree._Step | None, int]] = [(None, 0)]
    step: _tree._Step | None = path
    while step is not None and len(near) <= _tree._NEAREST:
        near.append((step, len(near) - 1))
        step = step.above
    return near, ("unmarked" if page.marked else "plain") if reply_to is None else None


def fit(files: Sequence[Rows], table: str) -> tuple[np.ndarray, float]:
    """The weights that make the true parents likeliest, and the share of them that is then first."""
    fixed = np.array([FIXED.get(feature.name, {}).get(table, 0.0) for feature in FEATURES])
    rows = [row for file in files for row in file]
    matrix = np.concatenate([features for features, _ in rows])
    sizes = np.array([len(features) for features, _ in rows])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    chosen = starts + np.array([index for _, index in rows])
    group = np.repeat(np.arange(len(rows)), sizes)
    count = np.concatenate([np.full(len(file), len(file) ** (BALANCE[table] - 1.0)) for file in files if file])
    count *= len(rows) / count.sum()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        scores -= np.maximum.reduceat(scores, starts)[group]
        exponent = np.exp(scores)
        shares = exponent / np.add.reduceat(exponent, starts)[group]
        value = -(count * np.log(np.maximum(shares[chosen], 1e-300))).sum() + PENALTY * (weights**2).sum() / 2
        return value, matrix.T @ (shares * count[group]) - matrix[chosen].T @ count + PENALTY * weights

    weights = minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x
    scores = matrix @ weights
    right = sum(int(np.argmax(scores[s : s + n]) + s == c) for s, n, c in zip(starts, sizes, chosen, strict=True))
    return np.where(fixed != 0, fixed, weights), right / len(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
