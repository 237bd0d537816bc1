"""How good the reply tree is, on gold dumps.

    python benchmarks/tree.py GOLD.jsonl[.gz] [GOLD2 ...] [--platform wordpress] [--reliability OUT.json]

A gold dump is a JSON object a line, as in ``tools/gold.py``. The tree is built from the gold comments themselves,
without markers and without indentation, from those threads that have replies; then with a marker to each gold parent.
Printed are, for both: the share of right parents, what calling every comment a root gives, the expected calibration
error, how many edges have a confidence of at least 0.95, and how many of these are right. ``--reliability`` writes, for
ten bins of confidence, the number of edges, their mean confidence and the share that is right: what
``tools/plot_reliability.py`` draws. Weights that were fitted on the same threads flatter themselves.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import attrs

from threadparse._conversation import Conversation, Node
from threadparse._tree import build_tree

SURE = 0.95
BINS = 10


@attrs.define
class Tally:
    """Edges with their confidence, and whether they are right."""

    edges: list[tuple[float, bool]] = attrs.Factory(list)
    roots: int = 0

    def add(self, nodes: Sequence[Node], parents: Sequence[int | None]) -> None:
        """Build the tree of a thread and compare it with the true one."""
        built = build_tree(Conversation(nodes))
        self.edges += [(edge.confidence, edge.parent == parent) for edge, parent in zip(built, parents, strict=True)]
        self.roots += sum(parent is None for parent in parents)

    def bins(self) -> list[tuple[int, float, float]]:
        """By bin of confidence: number of edges, mean confidence, share of right ones."""
        result = []
        for number in range(BINS):
            own = [edge for edge in self.edges if min(BINS - 1, int(edge[0] * BINS)) == number]
            if own:
                result.append((len(own), sum(c for c, _ in own) / len(own), sum(r for _, r in own) / len(own)))
        return result

    def report(self, title: str) -> str:
        """The figures in a line."""
        count = len(self.edges)
        sure = [right for confidence, right in self.edges if confidence >= SURE]
        error = sum(number * abs(confidence - right) for number, confidence, right in self.bins()) / count
        return (
            f"{title}: {count} comments, parents {sum(r for _, r in self.edges) / count:.3f}, all roots "
            f"{self.roots / count:.3f}, ece {error:.3f}, confidence >= {SURE}: {len(sure) / count:.3f} of the edges, "
            f"{sum(sure) / max(1, len(sure)):.3f} of these right"
        )


def gold_reader() -> ModuleType:
    """``tools/gold.py``, which reads gold dumps."""
    path = Path(__file__).parent.parent / "tools" / "gold.py"
    spec = importlib.util.spec_from_file_location("gold", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("gold", nargs="+")
    options.add_argument("--platform", help="only the threads of this platform")
    options.add_argument("--reliability", type=Path, help="write the reliability here, as JSON")
    given = options.parse_args()
    gold = gold_reader()
    reader = gold.every_language()
    tallies = {"no markers": Tally(), "all markers": Tally()}
    for path in given.gold:
        for case in gold.cases(path):
            parents = [comment["parent"] for comment in case["comments"]]
            if given.platform not in (None, case["platform"]) or not any(p is not None for p in parents):
                continue
            nodes = [attrs.evolve(node, reply_to=None) for node in gold.as_gold(case, reader)]
            tallies["no markers"].add(nodes, parents)
            tallies["all markers"].add(gold.with_markers(nodes, parents, set()), parents)
    for title, tally in tallies.items():
        print(tally.report(title))
    if given.reliability is not None:
        given.reliability.write_text(json.dumps({title: tally.bins() for title, tally in tallies.items()}, indent=1))


if __name__ == "__main__":
    main()
