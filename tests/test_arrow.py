"""Threads as tables: every field of every comment, under one schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_model import comment, full, thread
from threadparse import Comment, Thread

pa = pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")
from pyarrow import parquet

from threadparse import arrow


def expected_row(page: str, source: Thread, c: Comment) -> dict[str, object]:
    edited = c.edited
    at = edited.at if edited else None
    return {
        "page": page,
        "dialect": source.dialect,
        "locale": source.locale,
        "index": c.index,
        "parent_index": c.parent_index,
        "parent_confidence": c.parent_confidence,
        "parent_candidates": [{"index": p.index, "probability": p.probability} for p in c.parent_candidates],
        "depth": c.depth,
        "author": c.author,
        "role": c.role,
        "reply_to": c.reply_to,
        "text": c.text,
        "truncated": c.truncated,
        "posted": c.posted.raw if c.posted else None,
        "posted_earliest": c.posted.earliest if c.posted else None,
        "posted_latest": c.posted.latest if c.posted else None,
        "posted_unit": c.posted.unit if c.posted else None,
        "edited": edited.raw if edited else None,
        "edited_by": edited.by if edited else None,
        "edited_at": at.raw if at else None,
        "edited_earliest": at.earliest if at else None,
        "edited_latest": at.latest if at else None,
        "edited_unit": at.unit if at else None,
        "votes": c.votes,
        "hidden_replies": c.hidden_replies,
        "is_trackback": c.is_trackback,
        "deleted": c.deleted,
        "start": c.span.start,
        "end": c.span.end,
    }


def test_a_row_says_all_that_the_comment_says() -> None:
    pages = [("a", full()), ("b", thread()), ("c", thread(comment(0), comment(1, 0, 1)))]
    rows = [expected_row(page, source, c) for page, source in pages for c in source.comments]
    rows[0]["author"] = "\ufffd 李"  # UTF-8 has no lone surrogates
    assert rows == arrow.comment_batch(pages).to_pylist()


def test_the_schema_does_not_depend_on_the_pages() -> None:
    assert arrow.COMMENTS == arrow.comment_batch([]).schema == arrow.comment_batch([("a", full())]).schema


def test_what_utf8_cannot_say_is_replaced() -> None:
    odd = thread(comment(0, author="A\ud800", role=None), comment(1))
    assert ["A\ufffd", "Rower 1"] == arrow.comment_batch([("a", odd)])["author"].to_pylist()


def test_parquet_in_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "_BATCH_ROWS", 3)
    pages = [(str(n), thread(comment(0), comment(1, 0, 1))) for n in range(5)]
    arrow.write_parquet(iter(pages), tmp_path / "out.parquet")
    file = parquet.ParquetFile(tmp_path / "out.parquet")
    assert [4, 4, 2] == [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert arrow.COMMENTS == file.schema_arrow.remove_metadata()
    assert arrow.comment_batch(pages).to_pylist() == file.read().to_pylist()


def test_no_pages_are_a_file_without_rows(tmp_path: Path) -> None:
    arrow.write_parquet([], tmp_path / "out.parquet")
    assert 0 == parquet.read_table(tmp_path / "out.parquet").num_rows
