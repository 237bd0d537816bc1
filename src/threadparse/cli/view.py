"""``threadparse view``: the thread as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from threadparse._parse import parse
from threadparse.view import render_page

from ._common import (
    DEFAULT_MAX_SIZE,
    DIALECT,
    ENCODING,
    FILE,
    LOCALE,
    MAX_SIZE,
    SCRAPED_AT,
    TIMEZONE,
    parse_options,
    read_one,
)
from ._files import reason
from ._output import whole
from ._terminal import complain


def view(
    file: FILE,
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="PAGE",
            show_default=False,
            help="The page, as thread.html, or - for standard output.",
        ),
    ],
    title: Annotated[
        str | None, typer.Option(metavar="WORDS", help="Its heading; else the article's first line.")
    ] = None,
    scraped_at: SCRAPED_AT = None,
    timezone: TIMEZONE = None,
    dialect: DIALECT = None,
    locale: LOCALE = None,
    encoding: ENCODING = None,
    max_size: MAX_SIZE = DEFAULT_MAX_SIZE,
) -> None:
    """Write a dump as one HTML page to read, search and check it with."""
    options = parse_options(scraped_at, timezone, dialect, locale)
    page = render_page(parse(read_one(file, encoding, max_size), **options), title=title)
    try:
        with whole(output) as place:
            place.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        complain(str(output), reason(error))
        raise typer.Exit(1) from error
