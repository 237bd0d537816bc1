"""Comments as Arrow tables (extra ``arrow``), and from there as Parquet.

A table has one row per comment, under the constant schema :data:`COMMENTS`, whatever the pages hold. It leaves out what
belongs to a page as a whole: article, notes, segments, declared count, time of the scrape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import regex

from ._model import Comment, Thread

__all__ = ["COMMENTS", "comment_batch", "comment_batches", "write_parquet"]

_TIME = pa.timestamp("us", tz="UTC")
_CANDIDATE = pa.struct([pa.field("index", pa.int32()), pa.field("probability", pa.float64(), nullable=False)])
_BATCH_ROWS = 50_000
"""Rows of a record batch, and of a row group in a file: some 10 MB, a size that readers of Parquet like."""
_SURROGATE = regex.compile(r"\p{Cs}")

_Value = Callable[[str, Thread, Comment], Any]
_COLUMNS: list[tuple[pa.Field, _Value]] = [
    (pa.field("page", pa.string(), nullable=False), lambda page, thread, c: page),
    (pa.field("dialect", pa.string()), lambda page, thread, c: thread.dialect),
    (pa.field("locale", pa.string()), lambda page, thread, c: thread.locale),
    (pa.field("index", pa.int32(), nullable=False), lambda page, thread, c: c.index),
    (pa.field("parent_index", pa.int32()), lambda page, thread, c: c.parent_index),
    (pa.field("parent_confidence", pa.float64(), nullable=False), lambda page, thread, c: c.parent_confidence),
    (
        pa.field("parent_candidates", pa.list_(pa.field("item", _CANDIDATE, nullable=False)), nullable=False),
        lambda page, thread, c: [{"index": p.index, "probability": p.probability} for p in c.parent_candidates],
    ),
    (pa.field("depth", pa.int32(), nullable=False), lambda page, thread, c: c.depth),
    (pa.field("author", pa.string(), nullable=False), lambda page, thread, c: c.author),
    (pa.field("role", pa.string()), lambda page, thread, c: c.role),
    (pa.field("reply_to", pa.string()), lambda page, thread, c: c.reply_to),
    (pa.field("text", pa.string(), nullable=False), lambda page, thread, c: c.text),
    (pa.field("truncated", pa.bool_(), nullable=False), lambda page, thread, c: c.truncated),
    (pa.field("posted", pa.string()), lambda page, thread, c: c.posted and c.posted.raw),
    (pa.field("posted_earliest", _TIME), lambda page, thread, c: c.posted and c.posted.earliest),
    (pa.field("posted_latest", _TIME), lambda page, thread, c: c.posted and c.posted.latest),
    (pa.field("posted_unit", pa.string()), lambda page, thread, c: c.posted and c.posted.unit),
    (pa.field("edited", pa.string()), lambda page, thread, c: c.edited and c.edited.raw),
    (pa.field("edited_by", pa.string()), lambda page, thread, c: c.edited and c.edited.by),
    (pa.field("edited_at", pa.string()), lambda page, thread, c: c.edited and c.edited.at and c.edited.at.raw),
    (pa.field("edited_earliest", _TIME), lambda page, thread, c: c.edited and c.edited.at and c.edited.at.earliest),
    (pa.field("edited_latest", _TIME), lambda page, thread, c: c.edited and c.edited.at and c.edited.at.latest),
    (pa.field("edited_unit", pa.string()), lambda page, thread, c: c.edited and c.edited.at and c.edited.at.unit),
    (pa.field("votes", pa.int64()), lambda page, thread, c: c.votes),
    (pa.field("hidden_replies", pa.int32(), nullable=False), lambda page, thread, c: c.hidden_replies),
    (pa.field("is_trackback", pa.bool_(), nullable=False), lambda page, thread, c: c.is_trackback),
    (pa.field("deleted", pa.bool_(), nullable=False), lambda page, thread, c: c.deleted),
    (pa.field("start", pa.int64(), nullable=False), lambda page, thread, c: c.span.start),
    (pa.field("end", pa.int64(), nullable=False), lambda page, thread, c: c.span.end),
]

COMMENTS: pa.Schema = pa.schema([field for field, _ in _COLUMNS])
"""The schema of a table of comments: the fields of :class:`threadparse.Comment`, times and edits spread over columns.

``page`` is the caller's name of the page; ``index`` and ``parent_index`` count within it. Times are in UTC.
"""


def comment_batch(pages: Iterable[tuple[str, Thread]]) -> pa.RecordBatch:
    """The comments of some pages as one batch with the schema :data:`COMMENTS`.

    Args:
        pages: Each with the name that the column ``page`` gives it. A page without comments has no row.

    Returns:
        A row per comment, in document order. A lone surrogate, which UTF-8 cannot say, becomes U+FFFD.
    """
    rows = [(page, thread, comment) for page, thread in pages for comment in thread.comments]
    return pa.record_batch(
        [_column(field, [value(*row) for row in rows]) for field, value in _COLUMNS], schema=COMMENTS
    )


def _column(field: pa.Field, values: list[Any]) -> pa.Array:
    try:
        return pa.array(values, field.type)
    except UnicodeEncodeError:
        return pa.array([value and _SURROGATE.sub("\ufffd", value) for value in values], field.type)


def comment_batches(pages: Iterable[tuple[str, Thread]]) -> Iterator[pa.RecordBatch]:
    """As :func:`comment_batch`, but in batches of about 50,000 rows, so that any number of pages fits in the memory."""
    waiting: list[tuple[str, Thread]] = []
    rows = 0
    for page, thread in pages:
        waiting.append((page, thread))
        rows += len(thread.comments)
        if rows >= _BATCH_ROWS:
            yield comment_batch(waiting)
            waiting, rows = [], 0
    if rows:
        yield comment_batch(waiting)


def write_parquet(pages: Iterable[tuple[str, Thread]], path: str | Path) -> None:
    """Write the comments of pages to one Parquet file, a row group per 50,000 rows or so.

    Args:
        pages: As for :func:`comment_batch`; read as they are written.
        path: The file, written anew.
    """
    with pq.ParquetWriter(path, COMMENTS, compression="zstd") as file:
        for batch in comment_batches(pages):
            file.write_batch(batch)
