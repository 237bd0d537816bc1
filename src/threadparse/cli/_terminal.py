"""What is printed, and where: results on standard output, the rest on standard error; nothing steers the terminal."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, Group, RenderableType

from threadparse.export import harmless

_KEPT_BY_LESS = "FRX"
"""As git sets them: leave if it fits the screen, show colours, do not clear the screen."""


def prepare_streams() -> None:
    """Make a pipe carry UTF-8, whatever the environment says, and let no character end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")


def print_lines(lines: Iterable[RenderableType], *, paged: bool = False) -> None:
    """Print lines that are already as long as they should be, through the pager if that is asked for.

    Rich leaves colours away where standard output is no terminal or ``NO_COLOR`` is set.
    """
    console = Console(highlight=False, soft_wrap=True)
    if paged and console.is_terminal:
        os.environ.setdefault("LESS", _KEPT_BY_LESS)
        with console.pager(styles=True):
            console.print(Group(*lines))
        return
    with _open_pipe():
        for line in lines:
            with console.capture() as printed:  # rich would end the program with an error where a pipe is closed
                console.print(line)
            sys.stdout.write(printed.get())
        sys.stdout.flush()


def write_bytes(file: Path) -> None:
    """Copy a file to standard output."""
    with _open_pipe(), file.open("rb") as source:
        shutil.copyfileobj(source, sys.stdout.buffer)
        sys.stdout.flush()


@contextmanager
def _open_pipe() -> Iterator[None]:
    """Writing to standard output, until a reader such as head has seen enough."""
    try:
        yield
    except BrokenPipeError:  # what is still buffered goes nowhere, else Python complains when it closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(name: str, message: str) -> None:
    """One line on standard error: what is wrong, and with what."""
    sys.stderr.write(f"threadparse: {harmless(name)}: {harmless(message)}\n")
    sys.stderr.flush()
