"""``threadparse convert``: dumps to the formats that other tools read.

A format is either one document per input or one output for all inputs. Outputs are written beside their place and then
moved there, so that what stands there is always whole.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from threadparse import export
from threadparse.export._columns import Page

from ._common import DEFAULT_MAX_SIZE, DIALECT, ENCODING, LOCALE, MAX_SIZE, SCRAPED_AT, TIMEZONE, parse_options
from ._files import STDIN, Input, reason
from ._intake import FAIL_FAST, FILES, JOBS, Intake, all_inputs
from ._output import whole

_DOCUMENTS: dict[str, tuple[str, Callable[[Page], str]]] = {
    "json": (".json", lambda page: page[1].to_json(indent=1) + "\n"),
    "json-nested": (".json", lambda page: export.to_nested_json(page[1]) + "\n"),
    "jsonld": (".jsonld", lambda page: export.to_jsonld(page[1]) + "\n"),
    "md": (".md", lambda page: export.to_markdown(page[1])),
    "txt": (".txt", lambda page: export.to_text(page[1])),
}
"""Formats with a document per input: suffix, and what makes the document."""


def _parquet(pages: Iterable[Page], path: Path) -> None:
    _needing("threadparse.arrow", "arrow").write_parquet(pages, path)


def _comment_graph(pages: Iterable[Page], path: Path) -> None:
    graph = _needing("threadparse.export.graph", "graph")
    graph.write_graphml(graph.comment_graph(pages), path)


def _author_graph(pages: Iterable[Page], path: Path) -> None:
    graph = _needing("threadparse.export.graph", "graph")
    graph.write_graphml(graph.author_graph(pages), path)


def _needing(module: str, extra: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise typer.BadParameter(f"this format needs more libraries: pip install 'threadparse[{extra}]'") from error


def _as_text(write: Callable[[Iterable[Page], IO[str]], None]) -> Callable[[Iterable[Page], Path], None]:
    def write_file(pages: Iterable[Page], path: Path) -> None:
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            write(pages, file)

    return write_file


_COLLECTIONS: dict[str, tuple[str, Callable[[Iterable[Page], Path], None]]] = {
    "jsonl": (".jsonl", _as_text(export.write_jsonl)),
    "csv": (".csv", _as_text(export.write_csv)),
    "parquet": (".parquet", _parquet),
    "graphml": (".graphml", _comment_graph),
    "graphml-authors": (".graphml", _author_graph),
    "convokit": ("", export.write_convokit),
}
"""Formats that take all inputs into one output: suffix, and what writes it."""

_FORMATS = [*_DOCUMENTS, *_COLLECTIONS]
_FOLDER = "convokit"
"""The format whose output is a folder."""


def convert(
    files: FILES,
    *,
    to: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            autocompletion=lambda: _FORMATS,
            help=f"One of {', '.join(_FORMATS)}; else what the suffix of the output says.",
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="OUT", help="A file, or a folder for a document per input; - prints."),
    ] = Path(STDIN),
    jobs: JOBS = 1,
    fail_fast: FAIL_FAST = False,
    scraped_at: SCRAPED_AT = None,
    timezone: TIMEZONE = None,
    dialect: DIALECT = None,
    locale: LOCALE = None,
    encoding: ENCODING = None,
    max_size: MAX_SIZE = DEFAULT_MAX_SIZE,
) -> None:
    """Write dumps in the format of another tool.

    json, json-nested, jsonld, md and txt have a document per input; with several inputs, or a folder, OUT is a folder.
    The other formats take all inputs into one OUT.
    """
    chosen = to or _by_suffix(output)
    if chosen not in _FORMATS:
        raise typer.BadParameter(f"there is no format {chosen!r}, but {', '.join(_FORMATS)}", param_hint="-f")
    inputs = all_inputs(files)
    options = parse_options(scraped_at, timezone, dialect, locale)
    intake = Intake(inputs, options, encoding, max_size, jobs, fail_fast)
    if chosen in _COLLECTIONS:
        _write_one(intake, chosen, output)
    else:
        several = len(files) > 1 or files[0].is_dir()
        _write_each(intake, chosen, output, several=several)
    if intake.failed:
        raise typer.Exit(1)


def _by_suffix(output: Path) -> str:
    if output == Path(STDIN):
        raise typer.BadParameter("say the format with -f, or the output with -o", param_hint="-f")
    suffixes = {suffix: name for name, (suffix, _) in reversed([*_DOCUMENTS.items(), *_COLLECTIONS.items()]) if suffix}
    suffix = output.suffix.lower()
    if suffix not in suffixes:
        message = f"{output} has no suffix of a format ({', '.join(sorted(suffixes))}): say the format"
        raise typer.BadParameter(message, param_hint="-f")
    return suffixes[suffix]


def _write_one(intake: Intake, chosen: str, output: Path) -> None:
    """All inputs into one output."""
    if chosen == _FOLDER and (output == Path(STDIN) or output.is_file()):
        raise typer.BadParameter(f"{_FOLDER} is a folder: name it", param_hint="-o")
    if chosen != _FOLDER and output.is_dir():
        raise typer.BadParameter(f"{output} is a folder; {chosen} is one file for all inputs", param_hint="-o")
    pages = ((source.page, thread) for source, thread in intake.threads())
    try:
        with whole(output) as place:
            _COLLECTIONS[chosen][1](pages, place)
    except OSError as error:
        intake.refuse(str(output), reason(error))


def _write_each(intake: Intake, chosen: str, output: Path, *, several: bool) -> None:
    """A document per input."""
    suffix, document = _DOCUMENTS[chosen]
    if several and (output == Path(STDIN) or output.is_file() or output.suffix.lower() == suffix):
        raise typer.BadParameter(f"{chosen} is a document per input: name a folder for them", param_hint="-o")
    taken: dict[Path, Input] = {}
    for source, thread in intake.threads():
        inside = several or output.is_dir()
        target = output / f"{source.relative}{suffix}" if inside else output
        if target in taken:
            intake.refuse(source.name, f"its output {target} is already that of {taken[target].name}")
            continue
        taken[target] = source
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with whole(target) as place:
                place.write_bytes(document((source.page, thread)).encode("utf-8", "replace"))
        except OSError as error:
            intake.refuse(str(target), reason(error))
