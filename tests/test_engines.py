"""Each engine's example in the documentation, run for real: its rows are those of ``parse`` in a loop.

These tests are slow and need the extra ``engines``, so they run when asked for: ``pytest -m engines``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conversations import FOOTERS, PLAIN_NAMES, Conversation, Habits, fill
from rendering import STYLES, Layout, render
from test_docs import ROOT, blocks
from threadparse import parse

pa = pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")
from pyarrow import parquet

from threadparse import arrow, engines

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
ENV = {
    "HF_HUB_OFFLINE": "1",
    "PYSPARK_PYTHON": sys.executable,
    "RAY_USAGE_STATS_ENABLED": "0",
    "SPARK_LOCAL_IP": "127.0.0.1",
}
ROWS = {
    "Polars": "comments.to_dicts()",
    "DuckDB": "comments.to_pylist()",
    "Hugging Face datasets": "list(comments)",
    "Ray Data": "comments.take_all()",
    "Spark": "comments.toArrow().to_pylist()",
}
"""How each engine's result is read row by row."""
WRITE_ROWS = """
import json
with open("rows.json", "w", encoding="utf-8") as file:
    json.dump({rows}, file, default=lambda moment: moment.timestamp())
"""


def pages() -> list[dict[str, Any]]:
    """Pages with and without comments, in several layouts, with and without the moment of the scrape."""
    texts = ["", "An article about a pump.\n\nIt never rained again."]
    for number, style in enumerate(STYLES):
        page = Conversation(remarks=(), has_form=True, footer=FOOTERS[number % len(FOOTERS)])
        conversation = fill(page, Habits(names=PLAIN_NAMES[:6], vote_lines=number % 3), number=12, seed=number)
        texts.append(render(conversation, list(Layout)[number % 4], style))
    moments = [NOW - timedelta(hours=number) if number % 3 else None for number in range(len(texts))]
    return [
        {"id": f"page {number}", "text": text, "scraped_at": at, "date": at and at.isoformat()}
        for number, (text, at) in enumerate(zip(texts, moments, strict=True))
    ]


def plain(rows: list[dict[str, Any]]) -> Any:
    """Rows as JSON has them."""
    return json.loads(json.dumps(rows, default=datetime.timestamp))


def example(engine: str) -> str:
    lines = (ROOT / "docs" / "crawl.md").read_text(encoding="utf-8").splitlines()
    heading = lines.index(f"### {engine}")
    start, code = next(found for found in blocks(ROOT / "docs" / "crawl.md", "python") if found[0] > heading)
    assert not [line for line in lines[heading + 1 : start] if line.startswith("#")], f"{engine} has no example"
    return "\n".join(code)


def run(script: str, folder: Path) -> None:
    """Run in a process of its own, since an engine takes hold of its process."""
    schema = pa.schema([*arrow.PAGES, pa.field("date", pa.string())])
    parquet.write_table(pa.Table.from_pylist(pages(), schema), folder / "pages.parquet")
    (folder / "script.py").write_text(script, encoding="utf-8")
    env = os.environ | ENV | {"HF_HOME": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=240
    )
    assert 0 == done.returncode, done.stderr


def loop(rows: arrow.Rows) -> list[dict[str, Any]]:
    """What ``parse`` gives, page by page, in the shape of a table."""
    found = []
    for page in pages():
        thread = parse(page["text"], scraped_at=page["scraped_at"])
        row = {"page": page["id"]} | arrow.thread_row(thread)
        if rows == "threads":
            found.append(row)
        else:
            about = {name: row[name] for name in ("page", "dialect", "locale")}
            found += [about | comment for comment in row["comments"]]
    return found


def by_place(row: dict[str, Any]) -> tuple[str, int]:
    return row["page"], row.get("index", 0)


@pytest.mark.engines
@pytest.mark.timeout(300)
@pytest.mark.parametrize("rows", ["comments", "threads"])
@pytest.mark.parametrize("engine", ROWS)
def test_an_engine_gives_what_parse_gives_in_a_loop(engine: str, rows: arrow.Rows, tmp_path: Path) -> None:
    script = example(engine).replace("(pages)", f"(pages, rows={rows!r})")
    if rows == "threads":
        script = "\n".join(line for line in script.splitlines() if not line.startswith("busiest"))
    run(script + WRITE_ROWS.format(rows=ROWS[engine]), tmp_path)
    got = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    assert sorted(plain(loop(rows)), key=by_place) == sorted(got, key=by_place)


@pytest.mark.engines
@pytest.mark.timeout(300)
def test_datatrove_gives_what_parse_gives_in_a_loop(tmp_path: Path) -> None:
    run(example("datatrove"), tmp_path)
    lines = (tmp_path / "out" / "00000.jsonl").read_text(encoding="utf-8").splitlines()
    documents = [json.loads(line) for line in lines]
    got = [{"page": document["id"]} | document["metadata"]["thread"] for document in documents]
    expected = [
        page for page in json.loads(json.dumps(loop("threads"), default=datetime.isoformat)) if page["page"] != "page 0"
    ]
    assert expected == got  # datatrove's readers leave out documents without text


class Document:
    """As much of datatrove's class as the step uses."""

    def __init__(self, text: str, **metadata: object) -> None:
        self.text = text
        self.metadata: dict[str, Any] = metadata


@pytest.mark.parametrize("date", [None, NOW, NOW.isoformat(), "2031-05-04T12:00:00Z", datetime(2031, 5, 4, 12)])  # noqa: DTZ001
def test_the_date_of_the_record_is_the_moment_of_the_scrape(date: datetime | str | None) -> None:
    text = pages()[2]["text"]
    documents = [Document(text, date=date), Document("")]
    assert documents == list(engines.datatrove_step(documents, locale="en"))
    expected = parse(text, scraped_at=None if date is None else NOW, locale="en")
    assert expected.comments
    assert arrow.thread_row(expected) == documents[0].metadata["thread"]
    assert [] == documents[1].metadata["thread"]["comments"]
