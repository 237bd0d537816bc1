"""The command line: one module per command, each a function that typer turns into a command.

To add a command, write its function in a module of its own and name it in ``_COMMANDS``, in the order of the help.
Files are read with :mod:`._files`, which knows packings and encodings; what comes from a dump goes to the terminal
through :func:`threadparse.export.harmless`, which takes away what could steer it.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from . import convert, explain, extract, learn, show, stats, view
from ._terminal import prepare_streams

_COMMANDS: tuple[Callable[..., None], ...] = (
    show.show,
    view.view,
    explain.explain,
    stats.stats,
    convert.convert,
    learn.learn,
    extract.extract,
)

app = typer.Typer(
    name="threadparse",
    rich_markup_mode=None,  # plain help reads the same in a terminal, a pipe and the documentation
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in _COMMANDS:
    app.command()(_command)


def _print_version(wanted: bool) -> None:  # noqa: FBT001  (typer passes it so)
    if wanted:
        typer.echo(f"threadparse {importlib.metadata.version('threadparse')}")
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """The options of the command itself."""


app.callback(help="The conversation in the plain text of a web page.")(_options)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    prepare_streams()
    code: int | str | None = 0
    try:
        app(arguments, prog_name="threadparse")
    except SystemExit as left:  # typer always ends so
        code = left.code
    return int(code or 0)
