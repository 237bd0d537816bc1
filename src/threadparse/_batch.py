"""``parse_many``: many texts, in order, over processes if asked.

In: any iterable of texts. Out: an iterator of threads in the same order. Texts travel in batches, because a message
between processes costs as much as parsing a short page; a few batches per process are under way, which bounds the
memory. Threads come back without their texts, which are here already. A process that dies takes all batches under way
with it: the first of them is then parsed text by text, each alone in a process, so that the one that kills it is known
by its index, and the others are sent again.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from multiprocessing.process import BaseProcess
from typing import Any

import attrs

from ._errors import ParseError
from ._model import Thread
from ._parse import parse
from ._values import Note, Segment, SegmentKind, Span

_WAITING = 3
"""Batches under way per process: one that it parses, one that waits for it, one whose threads wait to be asked for."""
_BATCH_LENGTH = 65_536
"""Code points from which on a batch is sent; below some 10,000, sending begins to be felt."""
_BATCH_TEXTS = 64
"""Texts from which on a batch is sent, however short they are, so that the first thread does not keep one waiting."""

Work = partial[Thread]
"""``parse`` with its options."""


def parse_many(texts: Iterable[str], *, processes: int | None = None, **options: Any) -> Iterator[Thread]:
    """Parse texts one after another.

    With several processes, each starts as a new interpreter that imports the script: its main part must stand below
    ``if __name__ == "__main__":``. A thread from another process unpacks its comments when they are first asked for.

    Args:
        texts: Any iterable, endless ones too. It is read as threads are asked for: a text at a time, or with several
            processes up to three batches for each, a batch being 64 texts or 65,536 code points, or one longer text.
        processes: Number of processes; ``None`` or 1 parses in this one.
        options: Passed to :func:`threadparse.parse` for each text.

    Yields:
        A thread per text, in the order of the texts. A text that kills its process (it may need more memory than there
        is) gives a thread without comments and with the note ``worker-crashed``, and the others are carried on.

    Raises:
        ValueError: ``processes`` is less than 1.
        Exception: Whatever :func:`threadparse.parse` raises for a text, when its turn comes, with the text's index
            among the exception's notes.
        concurrent.futures.BrokenExecutor: Not even an idle process stays alive.
    """
    if processes is not None and processes < 1:
        raise ValueError(f"processes is a number from 1, not {processes}")
    work = partial(parse, **options)
    if processes is None or processes == 1:
        return _here(work, texts, first=0)
    return _over_processes(work, texts, processes)


@attrs.frozen
class _Batch:
    """Texts that travel together; ``first`` is the index of the first one."""

    first: int
    texts: list[str]


def _here(work: Work, texts: Iterable[str], first: int) -> Iterator[Thread]:
    """Parse in this process; an exception is told which text it came from."""
    for index, text in enumerate(texts, first):
        try:
            thread = work(text)
        except Exception as error:
            error.add_note(f"This was text {index}, the first one being 0.")
            raise
        yield thread


def _over_processes(work: Work, texts: Iterable[str], processes: int) -> Iterator[Thread]:
    batches = _batches(texts)
    waiting: deque[tuple[_Batch, Future[bytes]]] = deque()
    pool = _pool(processes)
    try:
        for batch in islice(batches, processes * _WAITING):
            waiting.append((batch, _send(pool, work, batch)))
        while waiting:
            batch, future = waiting.popleft()
            error = future.exception()
            if isinstance(error, BrokenExecutor):
                pool.shutdown()
                pool = _pool(processes)
                waiting = deque((later, _send(pool, work, later)) for later, _ in waiting)
            for later in islice(batches, 1):
                waiting.append((later, _send(pool, work, later)))
            if error is None:
                yield from _unpacked(future.result(), batch.texts)
            elif isinstance(error, BrokenExecutor):
                yield from _each_alone(work, batch)
            else:
                yield from _here(work, batch.texts, batch.first)  # raises it again, when its turn comes
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(texts: Iterable[Any]) -> Iterator[_Batch]:
    first, batch, length = 0, list[str](), 0
    for text in texts:
        batch.append(text)
        length += len(text) if isinstance(text, str) else 0  # what is no text is for parse to complain of
        if length >= _BATCH_LENGTH or len(batch) >= _BATCH_TEXTS:
            yield _Batch(first, batch)
            first, batch, length = first + len(batch), [], 0
    if batch:
        yield _Batch(first, batch)


def _pool(processes: int) -> ProcessPoolExecutor:
    # A copy of this process ("fork") would hang where another library's thread holds a lock; a new one never does.
    return ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=start_worker)


def _send(pool: ProcessPoolExecutor, work: Work, batch: _Batch) -> Future[bytes]:
    try:
        with interrupts_held():
            return pool.submit(_parse_all, work, batch.texts)
    except BrokenExecutor as error:
        future: Future[bytes] = Future()
        future.set_exception(error)
        return future


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a process may start: it inherits that, and would die noisily before it can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _parse_all(work: Work, texts: list[str]) -> bytes:
    return _packed(list(map(work, texts)), texts)


class _Packer(pickle.Pickler):
    """Packs threads with the numbers of their texts in place of these."""

    def __init__(self, file: io.BytesIO, texts: Sequence[str]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._numbers = {id(text): number for number, text in enumerate(texts)}

    def persistent_id(self, value: object) -> int | None:
        return self._numbers.get(id(value))


class _Unpacker(pickle.Unpickler):
    """Puts the texts back."""

    def __init__(self, file: io.BytesIO, texts: Sequence[str]) -> None:
        super().__init__(file)
        self._texts = texts

    def persistent_load(self, number: int) -> str:
        return self._texts[number]


def _packed(threads: list[Thread], texts: Sequence[str]) -> bytes:
    file = io.BytesIO()
    _Packer(file, texts).dump(threads)
    return file.getvalue()


def _unpacked(packed: bytes, texts: Sequence[str]) -> list[Thread]:
    threads: list[Thread] = _Unpacker(io.BytesIO(packed), texts).load()
    return threads


def _each_alone(work: Work, batch: _Batch) -> Iterator[Thread]:
    """Parse each text in a process where nothing else is under way; a new one after each crash."""
    pool = _pool(1)
    try:
        for index, text in enumerate(batch.texts, batch.first):
            with interrupts_held():
                ready = pool.submit(_idle)
            ready.result()  # a process that cannot even start is no text's fault
            future = pool.submit(work, text)
            error = future.exception()
            if isinstance(error, BrokenExecutor):
                pool.shutdown()
                pool = _pool(1)
                yield _crashed(work, text, index)
            elif error is None:
                yield future.result()
            else:
                yield from _here(work, [text], index)
    finally:
        pool.shutdown(cancel_futures=True)


def _idle() -> None:
    """What a process does to show that it is there."""


def _crashed(work: Work, text: str, index: int) -> Thread:
    message = f"the process that parsed text {index}, the first one being 0, ended before it was done"
    if work.keywords.get("strict"):
        raise ParseError(message, line=1, column=1)
    segments = (Segment(SegmentKind.REST, Span(0, len(text))),) if text else ()
    return attrs.evolve(work(""), text=text, segments=segments, notes=(Note("worker-crashed", message),))


def start_worker() -> None:
    """What each worker process does first: it leaves Ctrl-C to its parent and ends when the parent has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess | None) -> None:
    """Wait for the parent's end. A worker whose parent was killed would wait for work for ever."""
    if parent is not None:
        parent.join()
        os._exit(1)
