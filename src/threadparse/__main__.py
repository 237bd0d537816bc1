"""The command ``threadparse``."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from . import parse
from ._outline import outline


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0, or 1 for a file that cannot be read."""
    options = _options().parse_args(arguments)
    try:
        raw = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    except OSError as error:
        print(f"threadparse: {options.file}: {error.strerror}", file=sys.stderr)
        return 1
    thread = parse(raw.decode("utf-8", "replace"))
    width = shutil.get_terminal_size().columns
    try:
        for line in outline(thread, width=width):
            sys.stdout.buffer.write(line.encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # a reader such as head has seen enough; Python must not complain when it closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="threadparse", description="The conversation in the plain text of a web page."
    )
    commands = options.add_subparsers(required=True, metavar="COMMAND")
    show = commands.add_parser("show", help="print the tree of a dump", description="Print the tree of a dump.")
    show.add_argument("file", help="a text file in UTF-8, or - for standard input")
    return options


if __name__ == "__main__":
    sys.exit(main())
