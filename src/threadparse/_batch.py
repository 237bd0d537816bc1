"""``parse_many``: many texts, in order, over processes if asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

from ._model import Thread
from ._parse import parse

_WAITING = 4
"""Texts under way per process: enough to keep each one busy, few enough to bound the memory."""


def parse_many(texts: Iterable[str], *, processes: int | None = None, **options: Any) -> Iterator[Thread]:
    """Parse texts one after another.

    Args:
        texts: Any iterable; it is read as threads are asked for, a few texts ahead.
        processes: Number of processes; ``None`` or 1 parses in this one.
        options: Passed to :func:`threadparse.parse` for each text.

    Yields:
        A thread per text, in the order of the texts.

    Raises:
        ValueError: ``processes`` is less than 1.
        Exception: Whatever :func:`threadparse.parse` raises for a text, when its turn comes.
    """
    if processes is not None and processes < 1:
        raise ValueError(f"processes is a number from 1, not {processes}")
    one = partial(parse, **options)
    if processes is None or processes == 1:
        return map(one, texts)
    return _over_processes(one, texts, processes)


def _over_processes(one: partial[Thread], texts: Iterable[str], processes: int) -> Iterator[Thread]:
    waiting: deque[Future[Thread]] = deque()
    rest = iter(texts)
    with ProcessPoolExecutor(processes) as pool:
        try:
            for text in islice(rest, processes * _WAITING):
                waiting.append(pool.submit(one, text))
            while waiting:
                done = waiting.popleft().result()
                for text in islice(rest, 1):
                    waiting.append(pool.submit(one, text))
                yield done
        finally:
            for future in waiting:
                future.cancel()
