"""Draw what ``benchmarks/tree.py --reliability`` wrote.

    python tools/plot_reliability.py RELIABILITY.json docs/reliability.svg

Needs matplotlib.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams |= {"svg.hashsalt": "threadparse", "svg.fonttype": "none"}  # the same numbers give the same file
from matplotlib import pyplot as plt  # noqa: E402


def main(source: str, target: str) -> None:
    """Draw a line per series, and the diagonal on which confidences are true."""
    figure, axes = plt.subplots(figsize=(5, 4))
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", label="true")
    for title, bins in json.loads(Path(source).read_text(encoding="utf-8")).items():
        axes.plot([b[1] for b in bins], [b[2] for b in bins], marker="o", label=title)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share of right parents")
    axes.legend()
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main(*sys.argv[1:])
