"""Options that several commands share, and how a command reads its one file."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from threadparse._dialect import Dialect
from threadparse._errors import ThreadparseError
from threadparse._parse import parse
from threadparse.export import harmless

from ._files import MEGABYTE, Input, InputError, read_dump
from ._terminal import complain


def _moment(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except KeyError as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def _encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise ValueError(str(error)) from error


FILE = Annotated[
    Path,
    typer.Argument(metavar="FILE", show_default=False, help="A text file, .gz, .zst, or - for standard input."),
]
SCRAPED_AT = Annotated[
    datetime | None,
    typer.Option(parser=_moment, metavar="TIME", help="When the page was scraped, as 2024-05-31T12:00+02:00."),
]
TIMEZONE = Annotated[
    ZoneInfo | None, typer.Option(parser=_zone, metavar="ZONE", help="The page's time zone, as Europe/Paris.")
]
DIALECT = Annotated[
    str | None, typer.Option(metavar="NAME", help="The platform, as wpdiscuz, or a dialect file, as site.toml.")
]
LOCALE = Annotated[list[str] | None, typer.Option(metavar="NAME", help="The page's language, as de; may be repeated.")]
ENCODING = Annotated[
    str | None, typer.Option(parser=_encoding, metavar="NAME", help="Encoding of the input; else UTF-8, or a guess.")
]
MAX_SIZE = Annotated[float, typer.Option(metavar="MB", min=0, help="Longest input to accept, unpacked.")]
DEFAULT_MAX_SIZE = 64.0
"""Megabytes: a page of a hundred thousand comments; parsing takes some ten times as much memory."""


def parse_options(
    scraped_at: datetime | None, timezone: ZoneInfo | None, dialect: str | None, locale: list[str] | None
) -> dict[str, Any]:
    """The options for :func:`threadparse.parse`, tried out, so that a wrong one ends the command at once."""
    try:
        options: dict[str, Any] = {
            "scraped_at": scraped_at,
            "timezone": timezone,
            "dialect": Dialect.load(dialect) if dialect is not None and dialect.endswith(".toml") else dialect,
            "locale": locale or None,
        }
        parse("", **options)
    except (ThreadparseError, OSError, ValueError) as error:
        raise typer.BadParameter(harmless(str(error))) from error
    return options


def read_one(file: Path, encoding: str | None, max_size: float) -> str:
    """The text of the command's one input; if there is none, the reason is printed and the command ends."""
    source = Input(file, file)
    try:
        dump = read_dump(file, encoding=encoding, limit=int(max_size * MEGABYTE))
    except InputError as error:
        complain(source.name, str(error))
        raise typer.Exit(1) from error
    if dump.remark:
        complain(source.name, dump.remark)
    return dump.text
