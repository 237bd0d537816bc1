"""What one process of an extraction does: read a source, parse its pages, write the comments to shards.

In: a :class:`Job`. Out: messages to the parent, and files whose names end in ``.part``, which the parent makes part of
the result. A page's rows depend on the page alone, so it does not matter where one run ended and the next began.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import attrs
import pyarrow.parquet as pq

from threadparse._batch import start_worker
from threadparse._model import Thread
from threadparse._parse import parse
from threadparse.arrow import COMMENTS, THREADS, Rows, comment_batches, thread_batches

from ._archives import Columns, Page, Source, SourceError, Unreadable, read_pages

PART = ".part"
"""What the name of a shard ends in until it has its entry in the manifest."""
_REPORT_AFTER = 0.2
"""Seconds between two reports of progress: a bar that moves smoothly, at no cost."""


@attrs.frozen(kw_only=True)
class Settings:
    """What decides the rows.

    Attributes:
        rows: What a row is.
        shard_pages: Pages of a source whose comments make a shard.
        columns: Names of columns in tables.
        options: For :func:`threadparse.parse`; a page's own moment of the scrape goes before the one in there.
    """

    rows: Rows
    shard_pages: int
    columns: Columns
    options: dict[str, Any]


@attrs.frozen(kw_only=True)
class Shard:
    """An entry of the manifest.

    Attributes:
        source: Its name.
        size: The source's size when it was read, in bytes.
        number: 0 for the first shard of a source.
        file: Name of the file, ``None`` where no page had comments.
        is_last: Whether the source ends with it.
        counts: ``pages``, ``bytes``, ``threads``, ``comments``, ``undated`` and ``unreadable``, and
            ``dialect:NAME``, ``locale:NAME`` and ``note:CODE``: numbers of pages.
    """

    source: str
    size: int
    number: int
    file: str | None
    is_last: bool
    counts: Counter[str]

    @property
    def records(self) -> int:
        """Records of the source that it covers."""
        return self.counts["pages"] + self.counts["unreadable"]


@attrs.frozen
class Progress:
    """How far a process is: of its shard the pages and bytes of text, of its source the bytes of the file."""

    pages: int
    bytes: int
    position: int


@attrs.frozen
class Complaint:
    """Something could not be read: a record, or the rest of a source."""

    name: str
    reason: str


@attrs.frozen
class End:
    """A process is through with its source."""


Message = Progress | Complaint | Shard | End
Send = Callable[[Message], None]


@attrs.frozen(kw_only=True)
class Job:
    """What a process is to do: read a source from some record on."""

    source: Source
    folder: Path
    settings: Settings
    number: int
    """Of the first shard."""
    skip: int
    """Records that earlier shards cover."""


def serve(connection: Connection) -> None:
    """The life of a worker: jobs come, messages go, until ``None`` comes."""
    start_worker()
    while (job := connection.recv()) is not None:
        do_job(job, connection.send)
        connection.send(End())


def do_job(job: Job, send: Send) -> None:
    """Read a source to its end, shard by shard; where it cannot be read any further, the pages before are kept."""
    records = _until_damage(islice(read_pages(job.source, job.settings.columns), job.skip, None))
    number, is_last = job.number, False
    while not is_last:
        counts: Counter[str] = Counter()
        damage: list[SourceError] = []
        some = islice(_without_damage(records, damage), job.settings.shard_pages)
        file = _write(job, number, _threads(job, some, counts, send))
        is_last = not damage and counts["pages"] + counts["unreadable"] < job.settings.shard_pages
        source = job.source
        if counts or is_last:
            send(Shard(source=source.name, size=source.size, number=number, file=file, is_last=is_last, counts=counts))
        if damage:
            send(Complaint(source.name, str(damage[0])))
            return
        number += 1


Record = Page | Unreadable


def _until_damage(records: Iterator[Record]) -> Iterator[Record | SourceError]:
    try:
        yield from records
    except SourceError as error:
        yield error


def _without_damage(records: Iterator[Record | SourceError], damage: list[SourceError]) -> Iterator[Record]:
    for record in records:
        if isinstance(record, SourceError):
            damage.append(record)
            return
        yield record


def _threads(job: Job, records: Iterable[Record], counts: Counter[str], send: Send) -> Iterator[tuple[str, Thread]]:
    """Parse, count, report, and give the threads that have comments."""
    reported = time.monotonic()
    for record in records:
        if isinstance(record, Unreadable):
            counts["unreadable"] += 1
            send(Complaint(record.name, record.reason))
            continue
        own = {} if record.scraped_at is None else {"scraped_at": record.scraped_at}
        thread = parse(record.text, **job.settings.options | own)
        counts.update(_counted(record, thread))
        if time.monotonic() > reported + _REPORT_AFTER:
            reported = time.monotonic()
            send(Progress(counts["pages"], counts["bytes"], record.position))
        if thread.comments:
            yield record.id, thread


def _counted(page: Page, thread: Thread) -> dict[str, int]:
    found = {"pages": 1, "bytes": page.length, "undated": int(page.scraped_at is None)}
    if thread.comments:
        found |= {"threads": 1, "comments": len(thread.comments)}
        found |= {f"dialect:{thread.dialect}": 1, f"locale:{thread.locale}": 1}
        found |= {f"note:{note.code}": 1 for note in thread.notes}
    return found


def _write(job: Job, number: int, threads: Iterator[tuple[str, Thread]]) -> str | None:
    """Write a shard; returns its name, ``None`` if there was nothing to write."""
    rows = job.settings.rows
    schema, batches = (COMMENTS, comment_batches) if rows == "comments" else (THREADS, thread_batches)
    given = batches(threads)
    first = next(given, None)
    if first is None:
        return None
    name = shard_name(job.source.name, number)
    path = job.folder / f"{name}{PART}"
    with path.open("wb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            writer.write_batch(first)
            for batch in given:
                writer.write_batch(batch)
        file.flush()
        os.fsync(file.fileno())
    return name


def shard_name(source: str, number: int) -> str:
    """A file name that no other source and no other number gives: ``crawl.warc.wet.gz-1f0c2a7e-00003.parquet``."""
    digest = hashlib.blake2b(source.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    return f"{Path(source).name}-{digest}-{number:05}.parquet"
