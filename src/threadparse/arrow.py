"""Comments as Arrow tables (extra ``arrow``), and from there as Parquet.

A table has one row per comment, under the constant schema :data:`COMMENTS`, whatever the pages hold. It leaves out what
belongs to a page as a whole: article, notes, segments, declared count, time of the scrape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import regex

from .export._columns import COLUMNS, Page, rows

__all__ = ["COMMENTS", "comment_batch", "comment_batches", "write_parquet"]

_TIME = pa.timestamp("us", tz="UTC")
_CANDIDATE = pa.struct([pa.field("index", pa.int32()), pa.field("probability", pa.float64(), nullable=False)])
_BATCH_ROWS = 50_000
"""Rows of a record batch, and of a row group in a file: some 10 MB, a size that readers of Parquet like."""
_SURROGATE = regex.compile(r"\p{Cs}")

_TYPES = {
    "page": pa.string(),
    "dialect": pa.string(),
    "locale": pa.string(),
    "index": pa.int32(),
    "parent_index": pa.int32(),
    "parent_confidence": pa.float64(),
    "parent_candidates": pa.list_(pa.field("item", _CANDIDATE, nullable=False)),
    "depth": pa.int32(),
    "author": pa.string(),
    "role": pa.string(),
    "reply_to": pa.string(),
    "text": pa.string(),
    "truncated": pa.bool_(),
    "posted": pa.string(),
    "posted_earliest": _TIME,
    "posted_latest": _TIME,
    "posted_unit": pa.string(),
    "edited": pa.string(),
    "edited_by": pa.string(),
    "edited_at": pa.string(),
    "edited_earliest": _TIME,
    "edited_latest": _TIME,
    "edited_unit": pa.string(),
    "votes": pa.int64(),
    "hidden_replies": pa.int32(),
    "is_trackback": pa.bool_(),
    "deleted": pa.bool_(),
    "start": pa.int64(),
    "end": pa.int64(),
}
_ALWAYS_THERE = {
    "page",
    "index",
    "parent_confidence",
    "parent_candidates",
    "depth",
    "author",
    "text",
    "truncated",
    "hidden_replies",
    "is_trackback",
    "deleted",
    "start",
    "end",
}

COMMENTS: pa.Schema = pa.schema([pa.field(name, _TYPES[name], name not in _ALWAYS_THERE) for name in COLUMNS])
"""The schema of a table of comments: the fields of :class:`threadparse.Comment`, times and edits spread over columns.

``page`` is the caller's name of the page; ``index`` and ``parent_index`` count within it. Times are in UTC.
"""


def comment_batch(pages: Iterable[Page]) -> pa.RecordBatch:
    """The comments of some pages as one batch with the schema :data:`COMMENTS`.

    Args:
        pages: Each with the name that the column ``page`` gives it. A page without comments has no row.

    Returns:
        A row per comment, in document order. A lone surrogate, which UTF-8 cannot say, becomes U+FFFD.
    """
    given = list(rows(pages))
    columns = [_column(field, [COLUMNS[field.name](*row) for row in given]) for field in COMMENTS]
    return pa.record_batch(columns, schema=COMMENTS)


def _column(field: pa.Field, values: list[Any]) -> pa.Array:
    try:
        return pa.array(values, field.type)
    except UnicodeEncodeError:
        return pa.array([value and _SURROGATE.sub("\ufffd", value) for value in values], field.type)


def comment_batches(pages: Iterable[Page]) -> Iterator[pa.RecordBatch]:
    """As :func:`comment_batch`, but in batches of about 50,000 rows, so that any number of pages fits in the memory."""
    waiting: list[Page] = []
    count = 0
    for page, thread in pages:
        waiting.append((page, thread))
        count += len(thread.comments)
        if count >= _BATCH_ROWS:
            yield comment_batch(waiting)
            waiting, count = [], 0
    if count:
        yield comment_batch(waiting)


def write_parquet(pages: Iterable[Page], path: str | Path) -> None:
    """Write the comments of pages to one Parquet file, a row group per 50,000 rows or so.

    Args:
        pages: As for :func:`comment_batch`; read as they are written.
        path: The file, written anew.
    """
    with pq.ParquetWriter(path, COMMENTS, compression="zstd") as file:
        for batch in comment_batches(pages):
            file.write_batch(batch)
