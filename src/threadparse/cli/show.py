"""``threadparse show``: the tree in the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from threadparse._model import Comment, Thread
from threadparse._parse import parse
from threadparse.export import harmless
from threadparse.export._text import marks

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
from ._terminal import print_lines

_MAX_INDENT = 12
"""Deepest level that is drawn by indentation; below it the level stands in brackets, so that lines stay readable."""
_NARROWEST = 30
"""Columns that a text gets at least, however deep it stands."""
_STYLES = {
    "role": "magenta",
    "posted": "green",
    "votes": "blue",
    "edited": "dim",
    "truncated": "dim",
    "hidden_replies": "dim",
    "is_trackback": "dim",
    "deleted": "red",
    "parent_confidence": "yellow",
}


def show(
    file: FILE,
    *,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="Lines of each text; 0 shows all.")] = 3,
    brief: Annotated[bool, typer.Option("--brief", "-b", help="One line for each comment.")] = False,
    pager: Annotated[bool, typer.Option(help="Page what is longer than the screen.")] = True,
    scraped_at: SCRAPED_AT = None,
    timezone: TIMEZONE = None,
    dialect: DIALECT = None,
    locale: LOCALE = None,
    encoding: ENCODING = None,
    max_size: MAX_SIZE = DEFAULT_MAX_SIZE,
) -> None:
    """Print the tree of a dump."""
    options = parse_options(scraped_at, timezone, dialect, locale)
    thread = parse(read_one(file, encoding, max_size), **options)
    print_lines(outline(thread, width=Console().width, fold=lines, brief=brief), paged=pager)


def outline(thread: Thread, *, width: int, fold: int = 3, brief: bool = False) -> Iterator[Text]:
    """The thread as lines: a summary, the comments indented by depth, the notes.

    Args:
        thread: What to show.
        width: Columns of the terminal.
        fold: Most lines of each text, 0 for all.
        brief: One line for each comment, with the first words of its text.
    """
    yield Text(_summary(thread), style="bold")
    for comment in thread.walk():
        if brief:
            yield from [] if comment.index else [Text()]
            yield _brief(comment, width)
        else:
            yield Text()
            yield from _whole(comment, width, fold)
    if thread.notes:
        yield Text()
    for note in thread.notes:
        yield Text(f"note: {note.code}: {harmless(note.message)}", style="dim")


def _summary(thread: Thread) -> str:
    if not thread.comments:
        return "no comments found"
    count, people = len(thread.comments), len(thread.participants)
    declared = "" if thread.declared_count in (None, count) else f" (the page says {thread.declared_count})"
    comments = f"{count} comment{'s' if count != 1 else ''}{declared}"
    return f"{comments} by {people} {'people' if people != 1 else 'person'}, {thread.dialect}, {thread.locale}"


def _indent(comment: Comment) -> str:
    return "  " * min(comment.depth, _MAX_INDENT)


def _head(comment: Comment) -> Text:
    """Author and marks."""
    head = Text()
    if comment.depth > _MAX_INDENT:
        head.append(f"[{comment.depth}] ", "dim")
    head.append(harmless(comment.author), "bold cyan")
    said = list(marks(comment))
    for number, (field, words) in enumerate(said):
        head.append(", " if number else " (", "dim").append(harmless(words), _STYLES[field])
    return head.append(")", "dim") if said else head


def _brief(comment: Comment, width: int) -> Text:
    line = Text(_indent(comment)).append_text(_head(comment)).append(": ")
    room = max(width - line.cell_len, _NARROWEST)
    words = harmless(" ".join(comment.text[: 4 * width].split()))
    if cell_len(words) > room:
        words = set_cell_size(words, room - 1).rstrip() + "…"
    return line.append(words)


def _whole(comment: Comment, width: int, fold: int) -> Iterator[Text]:
    indent = _indent(comment)
    yield Text(indent).append_text(_head(comment))
    rows = [row for line in comment.text.split("\n") for row in _wrapped(line, width - len(indent) - 2)]
    folded = len(rows) - fold if fold and len(rows) > fold + 1 else 0  # a fold of one line would save nothing
    for row in rows[: len(rows) - folded]:
        yield Text(f"{indent}  {row}".rstrip())
    if folded:
        yield Text(f"{indent}  … {folded} more lines", style="dim")


def _wrapped(line: str, room: int) -> list[str]:
    return textwrap.wrap(harmless(line), max(room, _NARROWEST)) or [""]
