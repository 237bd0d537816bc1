"""Many inputs to threads: read, parsed over processes if asked, with a bar; what is wrong is said in a line each."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import attrs
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from threadparse._batch import parse_many
from threadparse._model import Thread

from ._files import MEGABYTE, Input, InputError, find_inputs, read_dump
from ._terminal import complain

FILES = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE", show_default=False, help="Files, folders (all files below), or - for standard input."
    ),
]
JOBS = Annotated[
    int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Processes to parse with; 0 takes one per processor.")
]
FAIL_FAST = Annotated[bool, typer.Option("--fail-fast", help="End at the first input that cannot be used.")]


def all_inputs(files: Iterable[Path]) -> list[Input]:
    """What the user named, each file once."""
    return list({source.path: source for source in find_inputs(files)}.values())


@attrs.define
class Intake:
    """Reads inputs and parses them. What is wrong with one is printed, counted, and does not stop the others.

    Attributes:
        inputs: What to read, in order.
        options: For :func:`threadparse.parse`.
        encoding: Of all inputs, ``None`` to find out.
        max_size: Megabytes of text to accept, unpacked.
        jobs: Processes, 0 for one per processor.
        fail_fast: Whether to end at the first input that cannot be used.
        failed: Number of inputs that could not be used.
    """

    inputs: list[Input]
    options: dict[str, Any]
    encoding: str | None
    max_size: float
    jobs: int
    fail_fast: bool
    failed: int = 0

    def threads(self) -> Iterator[tuple[Input, Thread]]:
        """The inputs that can be used, with their threads, in order, behind a bar on a terminal's standard error.

        Raises:
            typer.Exit: An input cannot be used, and ``fail_fast`` was asked for.
        """
        read: deque[tuple[Input, InputError | str | None]] = deque()
        threads = parse_many(self._texts(read), processes=self.jobs or os.cpu_count() or 1, **self.options)
        with _progress(len(self.inputs)) as progress:
            for thread in threads:
                source, remark = read.popleft()
                crash = next((note.message for note in thread.notes if note.code == "worker-crashed"), None)
                if isinstance(remark, InputError) or crash is not None:
                    self.refuse(source.name, crash or str(remark))
                else:
                    if remark:
                        complain(source.name, remark)
                    yield source, thread
                progress.advance(progress.task_ids[0])

    def _texts(self, read: deque[tuple[Input, InputError | str | None]]) -> Iterator[str]:
        """A text per input, empty for those that cannot be used; what there is to say is put into the queue."""
        for source in self.inputs:
            try:
                dump = read_dump(source.path, encoding=self.encoding, limit=int(self.max_size * MEGABYTE))
            except InputError as error:
                read.append((source, error))
                yield ""
            else:
                read.append((source, dump.remark))
                yield dump.text

    def refuse(self, name: str, message: str) -> None:
        """Say what is wrong with an input or its output, and count it."""
        complain(name, message)
        self.failed += 1
        if self.fail_fast:
            raise typer.Exit(1)


def _progress(total: int) -> Progress:
    """A bar with the number of inputs, where there are several and standard error is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    progress = Progress(
        *columns, TimeRemainingColumn(), console=console, disable=total < 2 or not console.is_terminal, transient=True
    )
    progress.add_task("parsing", total=total)
    return progress
