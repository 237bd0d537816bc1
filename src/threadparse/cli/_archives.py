"""From a source of a crawl to its pages, one after another: archives, tables, lines of JSON, folders of text.

In: a :class:`Source`. Out: a :class:`Page` for each record, in the order of the source, or an :class:`Unreadable` where
a record cannot be used; a :class:`SourceError` where the source cannot be read any further. Nothing here knows
comments, prints, or keeps more than a record or a thousand rows in memory.
"""

from __future__ import annotations

import enum
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
from fastwarc.warc import ArchiveIterator, WarcRecordType

from ._files import Input, InputError, read_dump, reason

_PACKINGS = {".gz": "gzip", ".zst": "zstd"}
_BUFFER = 1 << 18
"""Bytes of a packed file that are read at once."""
_ROWS = 1000
"""Rows of a table that are read at once: some megabytes of text."""


class Kind(enum.Enum):
    """How a source is read."""

    WARC = "warc"
    PARQUET = "parquet"
    JSON_LINES = "json lines"
    TEXTS = "texts"


_KINDS = {
    ".warc": Kind.WARC,
    ".wet": Kind.WARC,
    ".parquet": Kind.PARQUET,
    ".jsonl": Kind.JSON_LINES,
    ".ndjson": Kind.JSON_LINES,
    ".json": Kind.JSON_LINES,
}
"""By the name's ending, packing left aside; what ends otherwise is a text."""


class SourceError(Exception):
    """A source cannot be read, or not to its end; the message says why, without the source's name."""


@attrs.frozen
class Source:
    """What is read by one process, from its first page to its last.

    Attributes:
        name: What the manifest and messages call it.
        kind: How it is read.
        files: The one file, or the texts of one folder.
        size: Bytes of all files, packed as they are.
    """

    name: str
    kind: Kind
    files: tuple[Path, ...]
    size: int


@attrs.frozen
class Page:
    """A page of a crawl.

    Attributes:
        id: Its address or another name.
        text: Its text.
        scraped_at: The moment of the scrape, ``None`` where the source does not tell.
        length: Bytes of the text.
        position: Bytes of the source that had been read when it came.
    """

    id: str
    text: str
    scraped_at: datetime | None
    length: int
    position: int


@attrs.frozen
class Unreadable:
    """A record that is no page.

    Attributes:
        name: Which one it is.
        reason: Why not.
        position: As in :class:`Page`.
    """

    name: str
    reason: str
    position: int


@attrs.frozen
class Columns:
    """Names of columns in tables and lines of JSON.

    Attributes:
        text: The page's text.
        id: The page's name: of several, the first that there is.
        date: The moment of the scrape: likewise.
    """

    text: str = "text"
    id: tuple[str, ...] = ("url", "id")
    date: tuple[str, ...] = ("date", "timestamp")


def find_sources(inputs: Iterable[Input]) -> list[Source]:
    """A source for each archive or table, and one for the texts of each folder, in the order of the inputs.

    A source is named by its full path, so that it is known again from any working folder. What is not there is a source
    too; it will turn out when it is read.
    """
    groups: dict[tuple[Kind, str], dict[Path, Path]] = {}
    for given in inputs:
        path = given.path.resolve()
        kind = _kind(path)
        place = path.parent if kind is Kind.TEXTS else path
        groups.setdefault((kind, place.as_posix()), {})[path] = given.path
    return [
        Source(name, kind, tuple(files.values()), sum(_size(file) for file in files))
        for (kind, name), files in groups.items()
    ]


def _kind(path: Path) -> Kind:
    bare = path.with_suffix("") if path.suffix.lower() in _PACKINGS else path
    return _KINDS.get(bare.suffix.lower(), Kind.TEXTS)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def read_pages(source: Source, columns: Columns) -> Iterator[Page | Unreadable]:
    """The pages of a source.

    Raises:
        SourceError: It cannot be read, or not any further; the pages before were given.
    """
    try:
        yield from _READERS[source.kind](source, columns)
    except OSError as error:
        raise SourceError(reason(error)) from error
    except (EOFError, pa.ArrowException) as error:
        raise SourceError(str(error)) from error


def _read_warc(source: Source, columns: Columns) -> Iterator[Page]:
    del columns
    (path,) = source.files
    number = 0
    wanted = WarcRecordType.conversion
    for record in ArchiveIterator(str(path), record_types=wanted, parse_http=False, fsspec_args=False):
        raw = record.reader.read()
        if len(raw) != record.content_length:
            raise EOFError("ends within a record")
        number += 1
        name = record.headers.get("WARC-Target-URI") or record.record_id or f"{path.name}:{number}"
        yield Page(name, raw.decode("utf-8", "replace"), record.record_date, len(raw), record.stream_pos)
    if not number:
        raise SourceError("has no conversion records: the text of pages is in WET files")


def _read_parquet(source: Source, columns: Columns) -> Iterator[Page | Unreadable]:
    (path,) = source.files
    with pq.ParquetFile(path) as file:
        names, total = file.schema_arrow.names, file.metadata.num_rows
        if columns.text not in names:
            raise SourceError(f"has no column {columns.text!r}, only {', '.join(names)}")
        wanted = [name for name in (columns.text, *columns.id, *columns.date) if name in names]
        number = 0
        for batch in file.iter_batches(_ROWS, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield _page(row, f"{path.name}:{number}", columns, source.size * number // total)


def _read_json_lines(source: Source, columns: Columns) -> Iterator[Page | Unreadable]:
    (path,) = source.files
    with path.open("rb") as raw:
        lines = io.BufferedReader(
            pa.input_stream(raw, compression=_PACKINGS.get(path.suffix.lower()), buffer_size=_BUFFER)
        )
        for number, line in enumerate(lines, 1):
            name, position = f"{path.name}:{number}", raw.tell()
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                yield Unreadable(name, f"is no JSON: {error}", position)
                continue
            yield _page(row, name, columns, position)


def _page(row: object, name: str, columns: Columns, position: int) -> Page | Unreadable:
    text = row.get(columns.text) if isinstance(row, Mapping) else None
    if not isinstance(row, Mapping) or not isinstance(text, str):
        return Unreadable(name, f"has no text in {columns.text!r}", position)
    page_id = next((row[column] for column in columns.id if row.get(column) is not None), name)
    date = next((row[column] for column in columns.date if row.get(column) is not None), None)
    return Page(str(page_id), text, _moment(date), len(text.encode("utf-8", "replace")), position)


def _moment(date: object) -> datetime | None:
    """A moment from ISO 8601 or a table's own type, in UTC where no zone is given; ``None`` for anything else."""
    if isinstance(date, str):
        try:
            date = datetime.fromisoformat(date)
        except ValueError:
            return None
    if not isinstance(date, datetime):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def _read_texts(source: Source, columns: Columns) -> Iterator[Page | Unreadable]:
    del columns
    position = 0
    for path in source.files:
        try:
            dump = read_dump(path)
        except InputError as error:
            yield Unreadable(path.as_posix(), str(error), position)
            continue
        length = len(dump.text.encode("utf-8", "replace"))
        position += _size(path)
        yield Page(path.as_posix(), dump.text, None, length, position)


_READERS: dict[Kind, Callable[[Source, Columns], Iterator[Page | Unreadable]]] = {
    Kind.WARC: _read_warc,
    Kind.PARQUET: _read_parquet,
    Kind.JSON_LINES: _read_json_lines,
    Kind.TEXTS: _read_texts,
}
