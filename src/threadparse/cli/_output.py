"""Outputs that are whole or not there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ._files import STDIN
from ._terminal import write_bytes


@contextmanager
def whole(output: Path) -> Iterator[Path]:
    """A place to write to; what is there in the end goes to the output, and nothing if an error ends the writing."""
    folder = None if output == Path(STDIN) else output.parent
    with tempfile.TemporaryDirectory(prefix=".threadparse-", dir=folder) as temporary:
        place = Path(temporary, "out")
        yield place
        if folder is None:
            write_bytes(place)
        elif place.is_dir():
            output.mkdir(exist_ok=True)
            for file in place.iterdir():
                file.replace(output / file.name)
        else:
            place.replace(output)
