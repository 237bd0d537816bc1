"""Pages in and comments out as Arrow tables (extra ``arrow``): what Parquet and every engine for large data speak.

Pages come in under the schema :data:`PAGES`. A table of comments has one row per comment, under the schema
:data:`COMMENTS`; it leaves out what belongs to a page as a whole. A table of threads has one row per page, also for
pages without comments, under the schema :data:`THREADS`; it leaves out the segments. The schemas are constant, whatever
the pages hold, because engines want to know them before the first row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import regex

from ._model import Thread
from ._parse import parse
from ._values import Note
from .export._columns import COLUMNS, Page
from .export._columns import rows as rows_of

__all__ = [
    "COMMENTS",
    "PAGES",
    "THREADS",
    "Rows",
    "comment_batch",
    "comment_batches",
    "parse_batch",
    "parse_table",
    "thread_batch",
    "thread_batches",
    "thread_row",
    "write_parquet",
]

Rows = Literal["comments", "threads"]
"""What a row is: a comment, or a page with the list of its comments."""

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

PAGES: pa.Schema = pa.schema([("id", pa.string()), ("text", pa.string()), ("scraped_at", _TIME)])
"""The schema of what is to be parsed: the caller's name of the page, its text (null is the empty text), and the moment
of its scrape, null where it is not known."""

_ABOUT_THE_PAGE = ("page", "dialect", "locale")
_ABOUT_THE_COMMENT = [name for name in COLUMNS if name not in _ABOUT_THE_PAGE]
_NOTE = pa.struct(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("message", pa.string(), nullable=False),
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
    ]
)
_COMMENT = pa.struct([COMMENTS.field(name) for name in _ABOUT_THE_COMMENT])

THREADS: pa.Schema = pa.schema(
    [
        pa.field("page", pa.string(), nullable=False),
        pa.field("dialect", pa.string()),
        pa.field("locale", pa.string()),
        pa.field("declared_count", pa.int64()),
        pa.field("article", pa.string(), nullable=False),
        pa.field("notes", pa.list_(pa.field("item", _NOTE, nullable=False)), nullable=False),
        pa.field("comments", pa.list_(pa.field("item", _COMMENT, nullable=False)), nullable=False),
    ]
)
"""The schema of a table of threads: the fields of :class:`threadparse.Thread`, a comment having the fields of
:data:`COMMENTS`. A page without comments has a row like any other, with an empty list."""


def comment_batch(pages: Iterable[Page]) -> pa.RecordBatch:
    """The comments of some pages as one batch with the schema :data:`COMMENTS`.

    Args:
        pages: Each with the name that the column ``page`` gives it. A page without comments has no row.

    Returns:
        A row per comment, in document order. A lone surrogate, which UTF-8 cannot say, becomes U+FFFD.
    """
    given = list(rows_of(pages))
    columns = [_column(field, [COLUMNS[field.name](*row) for row in given]) for field in COMMENTS]
    return pa.record_batch(columns, schema=COMMENTS)


def _column(field: pa.Field, values: list[Any]) -> pa.Array:
    try:
        return pa.array(values, field.type)
    except UnicodeEncodeError:
        return pa.array([value and _SURROGATE.sub("\ufffd", value) for value in values], field.type)


def comment_batches(pages: Iterable[Page]) -> Iterator[pa.RecordBatch]:
    """As :func:`comment_batch`, but in batches of about 50,000 rows, so that any number of pages fits in the memory."""
    return _in_batches(pages, comment_batch, 0)


def thread_batch(pages: Iterable[Page]) -> pa.RecordBatch:
    """The threads of some pages as one batch with the schema :data:`THREADS`, a row for each."""
    return pa.RecordBatch.from_pylist([{"page": page} | thread_row(thread) for page, thread in pages], THREADS)


def thread_batches(pages: Iterable[Page]) -> Iterator[pa.RecordBatch]:
    """As :func:`thread_batch`, but in batches of about 50,000 pages and comments."""
    return _in_batches(pages, thread_batch, 1)


def _in_batches(
    pages: Iterable[Page], make: Callable[[list[Page]], pa.RecordBatch], page_rows: int
) -> Iterator[pa.RecordBatch]:
    """Batches of pages that have some rows together, a page having ``page_rows`` rows beside its comments."""
    waiting: list[Page] = []
    count = 0
    for page, thread in pages:
        waiting.append((page, thread))
        count += page_rows + len(thread.comments)
        if count >= _BATCH_ROWS:
            yield make(waiting)
            waiting, count = [], 0
    if count:
        yield make(waiting)


def write_parquet(pages: Iterable[Page], path: str | Path) -> None:
    """Write the comments of pages to one Parquet file, a row group per 50,000 rows or so.

    Args:
        pages: As for :func:`comment_batch`; read as they are written.
        path: The file, written anew.
    """
    with pq.ParquetWriter(path, COMMENTS, compression="zstd") as file:
        for batch in comment_batches(pages):
            file.write_batch(batch)


def parse_batch(pages: pa.RecordBatch, *, rows: Rows = "comments", **options: Any) -> pa.RecordBatch:
    """Parse pages.

    Args:
        pages: A batch with the columns of :data:`PAGES`, by name and in any order; ``scraped_at`` may be missing, and
            other columns are not looked at. A column may have any type that Arrow casts to that of the schema: large
            strings, numbers as ids, dates as ISO 8601 strings, moments without a zone, which are taken as UTC.
        rows: ``"comments"`` for a row per comment, ``"threads"`` for a row per page.
        options: Passed to :func:`threadparse.parse`.

    Returns:
        A batch with the schema :data:`COMMENTS` or :data:`THREADS`, in the order of the pages.

    Raises:
        ValueError: A column is missing or cannot be cast, an id is null, a string is not UTF-8, or ``rows`` is neither
            of the two.
        Exception: Whatever :func:`threadparse.parse` raises.
    """
    _schema(rows)
    ids, texts, moments = _columns(pages)
    threads = [parse(text or "", scraped_at=at, **options) for text, at in zip(texts, moments, strict=True)]
    make = comment_batch if rows == "comments" else thread_batch
    return make(zip(ids, threads, strict=True))


def parse_table(pages: pa.Table, *, rows: Rows = "comments", **options: Any) -> pa.Table:
    """Parse pages, as :func:`parse_batch` does, but from a table to a table."""
    batches = [parse_batch(batch, rows=rows, **options) for batch in pages.to_batches()]
    return pa.Table.from_batches(batches, _schema(rows))


def thread_row(thread: Thread) -> dict[str, Any]:
    """A thread as plain values, as a row of :data:`THREADS` without the page's name."""
    return {
        "dialect": thread.dialect,
        "locale": thread.locale,
        "declared_count": thread.declared_count,
        "article": thread.article,
        "notes": [_note(note) for note in thread.notes],
        "comments": [
            {name: COLUMNS[name]("", thread, comment) for name in _ABOUT_THE_COMMENT} for comment in thread.comments
        ],
    }


def _note(note: Note) -> dict[str, Any]:
    start, end = (None, None) if note.span is None else (note.span.start, note.span.end)
    return {"code": note.code, "message": note.message, "start": start, "end": end}


def _schema(rows: Rows) -> pa.Schema:
    if rows not in ("comments", "threads"):
        raise ValueError(f"rows is 'comments' or 'threads', not {rows!r}")
    return COMMENTS if rows == "comments" else THREADS


def _columns(pages: pa.RecordBatch) -> list[list[Any]]:
    """Ids, texts and moments as Python values."""
    pages.validate(full=True)  # Arrow itself does not look whether a string is UTF-8
    names, columns = pages.schema.names, []
    for field in PAGES:
        if field.name in names:
            columns.append(pages.column(field.name).cast(field.type, safe=False).to_pylist())
        elif field.name == "scraped_at":
            columns.append([None] * pages.num_rows)
        else:
            raise ValueError(f"there is no column {field.name!r}, only {', '.join(names) or 'none at all'}")
    if None in columns[0]:
        raise ValueError(f"the id of row {columns[0].index(None)} is null, and comments are named by it")
    return columns
