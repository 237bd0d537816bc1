"""The same call for each engine for large data: its table of pages goes in, its table of comments comes out.

Every function is :func:`threadparse.arrow.parse_batch` in the engine's own words; pages need the columns of
:data:`threadparse.arrow.PAGES`. ``rows`` and further options are those of ``parse_batch``. An engine is imported when
its function is called; the extras ``ray``, ``spark``, ``datasets``, ``polars``, ``duckdb`` and ``datatrove`` install
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ._parse import parse
from .arrow import COMMENTS, THREADS, Rows, parse_batch, parse_table, thread_row

if TYPE_CHECKING:
    import datasets
    import duckdb
    import polars as pl
    import pyspark.sql
    import ray.data
    from datatrove.data import Document

__all__ = ["datatrove_step", "on_datasets", "on_duckdb", "on_polars", "on_ray", "on_spark"]

_SCHEMAS: dict[Rows, pa.Schema] = {"comments": COMMENTS, "threads": THREADS}

_DUCKDB_ROWS = 10_000
"""Pages that DuckDB hands over at once: some 50 MB of a crawl. Its own 131,072 rows are meant for numbers."""


def on_ray(pages: ray.data.Dataset, *, rows: Rows = "comments", **options: Any) -> ray.data.Dataset:
    """Ray Data: ``map_batches`` over Arrow tables; lazy, like everything there."""
    return pages.map_batches(
        parse_table, batch_format="pyarrow", zero_copy_batch=True, fn_kwargs={"rows": rows, **options}
    )


def on_spark(pages: pyspark.sql.DataFrame, *, rows: Rows = "comments", **options: Any) -> pyspark.sql.DataFrame:
    """Spark: ``mapInArrow``; lazy. Moments come back in the session's time zone, as always in Spark."""
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415  (who uses another engine has no Spark)

    work = partial(_in_arrow, rows=rows, **options)
    return pages.mapInArrow(work, from_arrow_schema(_SCHEMAS[rows]))


def _in_arrow(batches: Iterable[pa.RecordBatch], **options: Any) -> Iterator[pa.RecordBatch]:
    return map(partial(parse_batch, **options), batches)


def on_datasets(pages: datasets.Dataset, *, rows: Rows = "comments", **options: Any) -> datasets.Dataset:
    """Hugging Face datasets: ``map(batched=True)`` over Arrow tables."""
    result = pages.with_format("arrow").map(
        parse_table, batched=True, remove_columns=pages.column_names, fn_kwargs={"rows": rows, **options}
    )
    return result.with_format(None)


def on_polars(pages: pl.DataFrame, *, rows: Rows = "comments", **options: Any) -> pl.DataFrame:
    """Polars: a frame of pages becomes a frame of comments."""
    import polars as pl  # noqa: PLC0415  (who uses another engine has no Polars)

    return pl.DataFrame(parse_table(pages.to_arrow(), rows=rows, **options))


def on_duckdb(pages: duckdb.DuckDBPyRelation, *, rows: Rows = "comments", **options: Any) -> pa.Table:
    """DuckDB: a relation of pages, read as a stream, becomes a table of comments that SQL can name."""
    batches = _in_arrow(pages.to_arrow_reader(_DUCKDB_ROWS), rows=rows, **options)
    return pa.Table.from_batches(batches, _SCHEMAS[rows])


def datatrove_step(
    documents: Iterable[Document], rank: int = 0, world_size: int = 1, **options: Any
) -> Iterator[Document]:
    """datatrove: a step of a pipeline; each document gets its thread, in plain values, as ``metadata["thread"]``.

    Args:
        documents: Their ``text`` is parsed. ``metadata["date"]``, where datatrove's readers of crawls leave the date of
            the record, is the moment of the scrape.
        rank: Number of the task; datatrove passes it, and nothing depends on it.
        world_size: Number of tasks; as above.
        options: Passed to :func:`threadparse.parse`; bind them with :func:`functools.partial`.

    Yields:
        The documents, in order, those without comments too. ``metadata["thread"]`` has the keys of
        :data:`threadparse.arrow.THREADS` but ``page``.
    """
    del rank, world_size
    for document in documents:
        thread = parse(document.text, scraped_at=_moment(document.metadata.get("date")), **options)
        document.metadata["thread"] = thread_row(thread)
        yield document


def _moment(date: datetime | str | None) -> datetime | None:
    if date is None:
        return None
    moment = datetime.fromisoformat(date) if isinstance(date, str) else date
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
