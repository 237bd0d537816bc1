"""How time grows with the size of hostile texts, and whether worse ones can be found.

    python benchmarks/growth.py [FAMILY ...] [--scale 1] [--full] [--search 600] [--seed 0]

Prints a line per family, all of ``tests/hostile.py`` by default: seconds for each size, microseconds per code point at
the largest, and the exponent of time ~ size ** exponent, fitted over all sizes. ``--full`` parses each family that the
project promises at its full size, once;
``--search`` looks for so many seconds for short blocks of lines that are slow when repeated, by chance and by changing
the slowest ones, and measures what it found. Times are those of the processor.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests")]

from hostile import FAMILIES, Block, Family, known_lines
from threadparse import parse

_SIZES = (4_000, 20_000, 100_000)
"""Lengths, in code points."""
_FULL: Mapping[str, tuple[str, int]] = {
    "a name 100,000 times": ("one name", 100_000),
    "a time 100,000 times": ("one time", 100_000),
    "quotes 10,000 deep": ("quotes ever deeper", 10_000),
    "a line of 50 MB": ("one line", 50_000_000 // 28),
    "a line of 1 MB": ("one line", 1_000_000 // 28),
    "1,000,000 markers to unknown names": ("markers alone, to nobody", 1_000_000),
    "100,000 headers": ("every line a header", 100_000),
}
"""By title: a family, and how many pieces."""
_LEAST = 200, 800
"""Least size of both in code points: a growth needs two sizes."""
_TRIAL = (3_000, 12_000)
"""Lengths at which the search judges a block."""
_KEPT = 6
"""Blocks that are measured of those with the highest cost, and of those with the highest exponent."""
_POOL = 20
"""Slowest blocks that are changed to find slower ones."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", metavar="FAMILY", default=list(FAMILIES), help="which texts")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual sizes")
    parser.add_argument("--full", action="store_true", help="also parse the promised families at full size")
    parser.add_argument("--search", type=float, default=0, metavar="SECONDS", help="how long to look for slow blocks")
    parser.add_argument("--seed", type=int, default=0, help="of the search")
    options = parser.parse_args()
    sizes = [max(500, round(size * options.scale)) for size in _SIZES]
    parse("Ann\nAnn\n6 months ago\nHello.\n")  # reads the data files
    _head(sizes)
    for name in options.families:
        _row(name, FAMILIES[name], sizes)
    if options.full:
        print(f"\n{'at full size':44}{'MB':>10}{'s':>10}{'us/char':>10}")
        for title, (name, number) in _FULL.items():
            text = FAMILIES[name](number)
            seconds = _seconds(text)
            print(f"{title:44}{len(text) / 1e6:10.1f}{seconds:10.2f}{seconds / len(text) * 1e6:10.2f}", flush=True)
    if options.search:
        costly, growing, tried = _search(options.search, options.seed, options.scale)
        for title, blocks in ((f"the slowest of {tried} blocks", costly), ("the fastest growing", growing)):
            print(f"\n{title}")
            _head(sizes)
            for block in blocks:
                _row(repr(block), block, sizes)


def _head(sizes: Sequence[int]) -> None:
    print(f"{'time ~ size ** exponent':44}{''.join(f'{size:>10,}' for size in sizes)}{'us/char':>10}{'exponent':>10}")


def _row(name: str, family: Family, sizes: Sequence[int]) -> None:
    texts = [_sized(family, size) for size in sizes]
    taken = [min(_seconds(text) for _ in range(3 if len(text) < _SIZES[-1] // 2 else 1)) for text in texts]
    lengths = [math.log(len(text)) for text in texts]
    exponent = statistics.linear_regression(lengths, [math.log(seconds) for seconds in taken]).slope
    figures = "".join(f"{seconds:10.3f}" for seconds in taken)
    print(f"{name:44}{figures}{taken[-1] / len(texts[-1]) * 1e6:10.2f}{exponent:10.2f}", flush=True)


def _sized(family: Family, size: int) -> str:
    """About so many code points of a family; pieces need not be of one length."""
    least, most = 1, size
    while least < most:
        middle = (least + most) // 2
        if len(family(middle)) < size:
            least = middle + 1
        else:
            most = middle
    return family(least)


def _seconds(text: str) -> float:
    gc.collect()
    start = time.process_time()
    parse(text)
    return max(time.process_time() - start, 1e-6)


def _search(seconds: float, seed: int, scale: float) -> tuple[list[Block], list[Block], int]:
    """The blocks with the highest cost per code point, those with the highest exponent, and how many were tried."""
    source, lines = random.Random(seed), known_lines()
    small, large = (max(least, round(size * scale)) for least, size in zip(_LEAST, _TRIAL, strict=True))
    costs: dict[Block, float] = {}
    exponents: dict[Block, float] = {}
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        worst = sorted(costs, key=costs.__getitem__)[-_POOL:] + sorted(exponents, key=exponents.__getitem__)[-_POOL:]
        block = Block.random(source, lines)
        if worst and source.random() < 0.6:
            block = source.choice(worst).mutated(source, lines)
        texts = _sized(block, small), _sized(block, large)
        first, second = map(_seconds, texts)
        costs[block] = second / len(texts[1])
        exponents[block] = math.log(second / first) / math.log(len(texts[1]) / len(texts[0]))
    found = [sorted(of, key=of.__getitem__)[-_KEPT:][::-1] for of in (costs, exponents)]
    return found[0], found[1], len(costs)


if __name__ == "__main__":
    main()
