"""An extraction as its parent process sees it: jobs for processes, the manifest, the bar, the summary.

The manifest is what makes a killed run go on without loss or double rows. A finished shard is still called
``NAME.parquet.part``. Its entry goes into the manifest, and then the ``.part`` goes from its name: so every
``.parquet`` in the folder is in the manifest, whenever the power fails. A new run first gives shards that have an entry
their names, removes those that have none, and has each source read on behind the records that its entries count.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import attrs
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from threadparse._batch import interrupts_held

from ._archives import Source
from ._files import MEGABYTE
from ._shards import PART, Complaint, End, Job, Message, Progress, Settings, Shard, serve
from ._terminal import complain

_COMPLAINTS = 10
"""Lines that are printed about one source; beyond that complaints are only counted: a crawl can hold a million."""


class ManifestError(Exception):
    """The folder holds another extraction than the one that is asked for; the message says which."""


class Manifest:
    """The file ``manifest.jsonl``: a line with the settings, then a line for each shard, only ever appended to."""

    def __init__(self, folder: Path, words: dict[str, str]) -> None:
        self._folder = folder
        self._path = folder / "manifest.jsonl"
        self.shards: dict[str, list[Shard]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        if not self._load(words):
            self._path.unlink(missing_ok=True)
            self._append({"settings": words})
        self._settle()

    def _load(self, words: dict[str, str]) -> bool:
        """Read what is there; ``False`` if there is nothing, or only the beginning of a first line."""
        raw = self._path.read_bytes() if self._path.exists() else b""
        whole = raw[: raw.rfind(b"\n") + 1]  # a line without its end was being written when the power went
        if not whole:
            return False
        if len(whole) < len(raw):
            os.truncate(self._path, len(whole))
        head, *entries = map(json.loads, whole.splitlines())
        before = head["settings"]
        changed = sorted(key for key in before.keys() | words.keys() if before.get(key) != words.get(key))
        if changed:
            raise ManifestError(f"was begun with another {' and another '.join(changed)}; use another folder")
        for entry in entries:
            shard = Shard(**{**entry, "counts": Counter(entry["counts"])})
            self.shards.setdefault(shard.source, []).append(shard)
        return True

    def _settle(self) -> None:
        for shard in self.all_shards():
            if shard.file is not None and not (self._folder / shard.file).exists():
                self._name(shard.file)
        for leftover in self._folder.glob(f"*.parquet{PART}"):
            leftover.unlink()

    def _name(self, file: str) -> None:
        (self._folder / f"{file}{PART}").replace(self._folder / file)

    def _append(self, line: dict[str, Any]) -> None:
        with self._path.open("ab") as file:
            file.write(json.dumps(line).encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def add(self, shard: Shard) -> None:
        """Make a finished shard part of the result."""
        self._append(attrs.asdict(shard))
        self.shards.setdefault(shard.source, []).append(shard)
        if shard.file is not None:
            self._name(shard.file)

    def all_shards(self) -> Iterator[Shard]:
        """Every entry, source by source."""
        return (shard for shards in self.shards.values() for shard in shards)

    def totals(self) -> Counter[str]:
        """The counts of all shards, added up."""
        total: Counter[str] = Counter()
        for shard in self.all_shards():
            total.update(shard.counts)
        return total

    def job(self, source: Source, settings: Settings) -> Job | None:
        """What is left to do for a source, ``None`` if nothing is.

        Raises:
            ManifestError: The source is not what it was when its reading began.
        """
        shards = self.shards.get(source.name, [])
        if shards and shards[-1].size != source.size:
            raise ManifestError("has changed since its reading began; use another folder")
        if shards and shards[-1].is_last:
            return None
        skip = sum(shard.records for shard in shards)
        return Job(source=source, folder=self._folder, settings=settings, number=len(shards), skip=skip)


def run_jobs(jobs: Iterable[Job], processes: int) -> Iterator[tuple[Job, Message]]:
    """Do the jobs over processes; yields what they report, for each job one ``End`` at last.

    A process that dies is reported as a complaint about its source, and a new one takes its place.
    """
    waiting = deque(jobs)
    workers: dict[Connection, tuple[BaseProcess, Job]] = {}
    try:
        while waiting or workers:
            while waiting and len(workers) < processes:
                connection, process = _start_worker()
                workers[connection] = process, _next_job(connection, waiting)
            heard = wait(list(workers))
            for ready in [connection for connection in workers if connection in heard]:
                process, job = workers[ready]
                message = _received(ready, process)
                if message is None:
                    del workers[ready]
                    yield job, Complaint(job.source.name, f"the process that read it died (code {process.exitcode})")
                    yield job, End()
                    continue
                yield job, message
                if isinstance(message, End):
                    del workers[ready]
                    if waiting:
                        workers[ready] = process, _next_job(ready, waiting)
                    else:
                        ready.send(None)
                        process.join()
    finally:
        for process, _ in workers.values():
            process.kill()
            process.join()


def _start_worker() -> tuple[Connection, BaseProcess]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,))
    with interrupts_held():
        process.start()
    theirs.close()
    return ours, process


def _next_job(connection: Connection, waiting: deque[Job]) -> Job:
    job = waiting.popleft()
    connection.send(job)
    return job


def _received(connection: Connection, process: BaseProcess) -> Message | None:
    """The next message, or ``None`` if the process has died."""
    try:
        message: Message = connection.recv()
    except (EOFError, ConnectionResetError):
        process.join()
        return None
    return message


@attrs.define
class Extraction:
    """A run: jobs, what they report, and what is told about it.

    Attributes:
        manifest: Of the folder.
        settings: Those that the manifest was opened with.
        sources: What to read.
        complaints: By source, how many things could not be read.
        now: What this run has done, beside what the manifest counts from earlier ones.
        seconds: How long it took.
    """

    manifest: Manifest
    settings: Settings
    sources: list[Source]
    complaints: Counter[str] = attrs.field(factory=Counter)
    now: Counter[str] = attrs.field(factory=Counter)
    seconds: float = 0.0

    def run(self, processes: int) -> None:
        """Do what is left to do. Ctrl-C leaves everything so that the next run goes on."""
        jobs = list(self._jobs())
        under_way: dict[str, Progress] = {}
        total = sum(source.size for source in self.sources)
        done = total - sum(job.source.size for job in jobs)
        begun = time.monotonic()
        with _bar(total, done) as bar:
            for job, message in run_jobs(jobs, processes):
                name = job.source.name
                if isinstance(message, Complaint):
                    self._complain(name, message)
                elif isinstance(message, Progress):
                    under_way[name] = message
                elif isinstance(message, Shard):
                    self.manifest.add(message)
                    self.now.update(message.counts)
                    under_way[name] = attrs.evolve(under_way.get(name, Progress(0, 0, 0)), pages=0, bytes=0)
                else:
                    under_way.pop(name, None)
                    done += job.source.size
                self.seconds = time.monotonic() - begun
                bar.update(
                    bar.task_ids[0],
                    completed=done + sum(progress.position for progress in under_way.values()),
                    speed=self._speed(under_way.values()),
                )

    def _jobs(self) -> Iterator[Job]:
        for source in self.sources:
            try:
                job = self.manifest.job(source, self.settings)
            except ManifestError as error:
                self._complain(source.name, Complaint(source.name, str(error)))
                continue
            if job is not None:
                yield job

    def _complain(self, source: str, complaint: Complaint) -> None:
        self.complaints[source] += 1
        if self.complaints[source] <= _COMPLAINTS:
            complain(complaint.name, complaint.reason)
        elif self.complaints[source] == _COMPLAINTS + 1:
            complain(source, "more could not be read; the summary counts it")

    def _speed(self, under_way: Iterable[Progress] = ()) -> str:
        pages = self.now["pages"] + sum(progress.pages for progress in under_way)
        length = self.now["bytes"] + sum(progress.bytes for progress in under_way)
        seconds = max(self.seconds, 0.001)
        return f"{pages / seconds:,.0f} pages/s, {length / MEGABYTE / seconds:.2f} MB/s"

    def summary(self) -> Iterator[str]:
        """What was found, by this run and those before it that wrote to the same folder."""
        counts = self.manifest.totals()
        files = [shard.file for shard in self.manifest.all_shards() if shard.file is not None]
        pages, threads = counts["pages"], counts["threads"]
        yield f"pages         {pages:,} ({counts['bytes'] / MEGABYTE:,.1f} MB of text)"
        yield f"with threads  {threads:,}" + (f" ({threads / pages:.2%})" if pages else "")
        yield f"comments      {counts['comments']:,}"
        for title, prefix in (("dialects", "dialect:"), ("languages", "locale:"), ("notes", "note:")):
            found = Counter({key.removeprefix(prefix): n for key, n in counts.items() if key.startswith(prefix)})
            yield f"{title:<14}" + (", ".join(f"{key} {n:,}" for key, n in sorted(found.most_common())) or "none")
        yield f"undated       {counts['undated']:,}"
        yield f"unreadable    {counts['unreadable']:,}"
        yield f"files         {len(files):,}"
        yield f"this run      {self.now['pages']:,} pages in {self.seconds:.1f} s: {self._speed()}"


def _bar(total: int, done: int) -> Bar:
    """A bar over the sources' bytes, on a terminal's standard error."""
    console = Console(stderr=True)
    speed = TextColumn("{task.fields[speed]}")
    columns = (BarColumn(), TaskProgressColumn(), speed, TextColumn("ETA"), TimeRemainingColumn())
    bar = Bar(*columns, console=console, disable=not console.is_terminal, transient=True)
    bar.add_task("extracting", total=total, completed=done, speed="")
    return bar
