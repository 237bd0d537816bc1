"""``threadparse learn``: a page's layout as a dialect file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from threadparse import learn as learn_layout

from ._common import DEFAULT_MAX_SIZE, ENCODING, FILE, LOCALE, MAX_SIZE, parse_options, read_one
from ._files import STDIN, Input, reason
from ._output import whole
from ._terminal import complain


def learn(
    file: FILE,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT", help="The file, as site.toml; - prints it.")
    ] = Path(STDIN),
    locale: LOCALE = None,
    encoding: ENCODING = None,
    max_size: MAX_SIZE = DEFAULT_MAX_SIZE,
) -> None:
    """Learn from a page how its comments look, as a dialect file for the site's other pages (--dialect site.toml)."""
    names = parse_options(None, None, None, locale)["locale"]
    text = read_one(file, encoding, max_size)
    try:
        dialect = learn_layout(text, locale=names)
    except ValueError as error:
        complain(Input(file, file).name, str(error))
        raise typer.Exit(1) from error
    try:
        with whole(output) as place:
            dialect.save(place)
    except OSError as error:
        complain(str(output), reason(error))
        raise typer.Exit(1) from error
