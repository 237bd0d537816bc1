"""How much faster ``parse_many`` is with two processes than with one, in wall time.

    python benchmarks/scaling.py [--pages 1500] [--rounds 5] [--processes 2]

One process and several take turns, so that whatever else runs hits both; each round gives a ratio of wall times. It
says nothing on a machine whose cores are not idle. The second figure, "at best", does: what several idle cores would
make of the processor time that all processes together took, if none ever waited for another.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests")]

import inputs

from threadparse import parse_many


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1500, help="generated pages, half of them without comments")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    pairs = zip(inputs.conversations(options.pages // 2), inputs.articles(options.pages // 2), strict=True)
    texts = [page.text for page in itertools.chain.from_iterable(pairs)]
    size = sum(len(text) for text in texts) / 1e6
    print(f"{len(texts)} pages, {size:.1f} million code points; {os.cpu_count()} cores")
    ratios, bounds = [], []
    for number in range(options.rounds):
        load = os.getloadavg()[0]
        wall, work = _seconds(texts, 1)
        wall_of_several, work_of_several = _seconds(texts, options.processes)
        ratios.append(wall / wall_of_several)
        bounds.append(options.processes * work / work_of_several)
        print(
            f"round {number + 1}: 1 process {wall:6.2f} s, {options.processes} processes {wall_of_several:6.2f} s, "
            f"ratio {ratios[-1]:.2f}, at best {bounds[-1]:.2f} (load before: {load:.1f})"
        )
    middle, bound = statistics.median(ratios), statistics.median(bounds)
    print(f"median {middle:.2f}, best {max(ratios):.2f}; at best, median {bound:.2f}")


def _seconds(texts: list[str], processes: int) -> tuple[float, float]:
    """Wall time and processor time, of the parent and its processes, start included."""
    wall, work = time.perf_counter(), _work()
    for _ in parse_many(texts, processes=processes):
        pass
    return time.perf_counter() - wall, _work() - work


def _work() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


if __name__ == "__main__":
    main()
