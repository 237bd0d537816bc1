"""``threadparse extract``: a crawl's archives to Parquet."""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ._common import DIALECT, LOCALE, SCRAPED_AT, TIMEZONE, parse_options
from ._files import reason
from ._intake import JOBS, all_inputs
from ._terminal import complain

if TYPE_CHECKING:
    from ._extraction import Extraction


def extract(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", show_default=False, help="WET, Parquet, JSON Lines, texts, or folders of them."),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where shards and manifest go.")],
    rows: Annotated[
        Literal["comments", "threads"], typer.Option(help="What a row is: a comment, or a page with its comments.")
    ] = "comments",
    shard_pages: Annotated[
        int, typer.Option(min=1, metavar="N", help="Pages of a source that make a shard.")
    ] = 100_000,
    jobs: JOBS = 0,
    text_column: Annotated[str, typer.Option(metavar="NAME", help="Column of the text.")] = "text",
    id_column: Annotated[
        str | None, typer.Option(metavar="NAME", help="Column of the page's name; else url, or id.")
    ] = None,
    date_column: Annotated[
        str | None, typer.Option(metavar="NAME", help="Column of the scrape's time; else date, or timestamp.")
    ] = None,
    scraped_at: SCRAPED_AT = None,
    timezone: TIMEZONE = None,
    dialect: DIALECT = None,
    locale: LOCALE = None,
) -> None:
    """Extract the comments of a crawl: WET, Parquet, JSON Lines and texts to Parquet. Run it again to go on."""
    try:  # the other commands must work where the extra `crawl` is not installed
        from ._archives import Columns, find_sources  # noqa: PLC0415  (wants the extra `crawl`)
        from ._extraction import Extraction, Manifest, ManifestError  # noqa: PLC0415  (wants the extra `crawl`)
        from ._shards import Settings  # noqa: PLC0415  (wants the extra `crawl`)
    except ModuleNotFoundError as error:
        raise typer.BadParameter("this command needs more libraries: pip install 'threadparse[crawl]'") from error
    default = Columns()
    columns = Columns(
        text=text_column,
        id=default.id if id_column is None else (id_column,),
        date=default.date if date_column is None else (date_column,),
    )
    settings = Settings(
        rows=rows,
        shard_pages=shard_pages,
        columns=columns,
        options=parse_options(scraped_at, timezone, dialect, locale),
    )
    words = {
        "version": importlib.metadata.version("threadparse"),
        "rows": rows,
        "shard size": str(shard_pages),
        "text column": columns.text,
        "id column": " or ".join(columns.id),
        "date column": " or ".join(columns.date),
        "time of the scrape": str(scraped_at),
        "time zone": str(timezone),
        "dialect": str(dialect),
        "locale": str(locale),
    }
    inputs = [given for given in all_inputs(files) if out.resolve() not in given.path.resolve().parents]
    try:
        extraction = Extraction(Manifest(out, words), settings, find_sources(inputs))
    except (ManifestError, OSError) as error:
        complain(str(out), reason(error) if isinstance(error, OSError) else str(error))
        raise typer.Exit(1) from error
    _run(extraction, jobs or os.cpu_count() or 1)


def _run(extraction: Extraction, jobs: int) -> None:
    """Do it, tell of it, and end with the exit code that says how it went."""
    try:
        extraction.run(jobs)
    except KeyboardInterrupt:
        complain("extract", "stopped; the same command goes on from here")
        raise typer.Exit(130) from None
    for line in extraction.summary():
        typer.echo(line)
    if extraction.complaints:
        raise typer.Exit(1)
