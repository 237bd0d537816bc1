"""The benchmark runs; its figures are for people, and no test depends on them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "run.py"
TABLES = (
    "generated wpDiscuz pages", "nearest neighbours", "times", "pages without comments", "peak memory", "import",
    "growth",
)  # fmt: skip


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    gold = tmp_path_factory.mktemp("gold") / "one.jsonl"
    gold.write_text('{"text": "Ann\\nAnn\\n2 days ago\\nHello.\\n", "scraped_at": "2031-01-01T00:00:00+00:00"}\n')
    command = [sys.executable, str(SCRIPT), "--scale", "0.002", "--rounds", "1", str(gold)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("title", TABLES)
def test_there_is_a_table(output: str, title: str) -> None:
    assert any(line.startswith(title) for line in output.splitlines())


def test_dumps_of_files_are_measured(output: str) -> None:
    assert "dumps of the files given: 1, 0.00 M code points, 1 comments" in output
