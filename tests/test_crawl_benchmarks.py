"""The benchmarks of crawls run; their figures are for people, and no test depends on them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def run(script: str, *options: object) -> str:
    command = [sys.executable, str(BENCHMARKS / script), *map(str, options)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_scaling() -> None:
    said = run("scaling.py", "--pages", 8, "--rounds", 1)
    assert re.search(
        r"^round 1: 1 process +[\d.]+ s, 2 processes +[\d.]+ s, ratio [\d.]+, at best [\d.]+", said, re.MULTILINE
    )


def test_growth() -> None:
    said = run("growth.py", "one time", "--scale", 0.02, "--search", 0.1)
    assert re.search(r"^one time +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+$", said, re.MULTILINE)
    assert re.search(r"^the slowest of \d+ blocks$", said, re.MULTILINE)


def test_a_crawl_is_the_same_each_time_and_is_timed(tmp_path: Path) -> None:
    for needed in ("fastwarc", "pyarrow", "typer"):
        pytest.importorskip(needed, reason="the extra 'crawl' is not installed")
    said = run("crawl.py", "--megabytes", 0.2, "--folder", tmp_path / "crawl")
    assert re.search(r"^pages +\d+ \(0\.2 MB of text\)$", said, re.MULTILINE)
    assert re.search(r"^processors +[\d.]+ s for 0\.2 MB: [\d.]+ MB/s per core$", said, re.MULTILINE)
    run("crawl.py", "--megabytes", 0.2, "--folder", tmp_path / "again")
    first, again = (sorted((tmp_path / name).iterdir()) for name in ("crawl", "again"))
    assert [path.name for path in first] == [path.name for path in again] == ["00000.warc.wet.gz"]
    assert first[0].read_bytes() == again[0].read_bytes()
