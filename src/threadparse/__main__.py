"""The command ``threadparse``: the door to :mod:`threadparse.cli`, which needs the extra ``cli``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec

NEEDED = ("typer", "rich", "charset_normalizer", "jinja2", "zstandard")
"""The libraries of the extra ``cli``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Those after the command's name; ``None`` takes the process's own.

    Returns:
        The exit code: 0, or 1 where an input was not done, 2 where the command line is wrong, 130 after Ctrl-C.
    """
    if any(find_spec(name) is None for name in NEEDED):
        sys.stderr.write("threadparse: the command needs more libraries: pip install 'threadparse[cli]'\n")
        return 2
    from .cli import run  # noqa: PLC0415  (only now is it known that this can be imported)

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
