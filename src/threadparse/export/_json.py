"""JSON: flat is ``Thread.to_json``; here are the nested form, JSON Lines, and the schema of all three."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import IO, Any

from threadparse._model import Thread

from ._columns import Page


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``Thread.to_json``, of :func:`to_nested_json` and of a line of :func:`write_jsonl`."""
    schema: dict[str, Any] = json.loads((files("threadparse") / "export" / "thread.schema.json").read_bytes())
    return schema


def write_jsonl(pages: Iterable[Page], file: IO[str]) -> None:
    """Write pages as JSON Lines: per line ``Thread.to_dict()`` and the name of the page.

    Nothing is left out: ``Thread.from_dict(json.loads(line))`` is the thread again.

    Args:
        pages: Read as they are written.
        file: Text; what is written is ASCII.
    """
    for page, thread in pages:
        file.write(json.dumps({"page": page} | thread.to_dict()) + "\n")


def to_nested_json(thread: Thread) -> str:
    """The thread as JSON in which each comment holds the replies to it, in the list ``replies``.

    Nothing is left out. ``index`` and ``parent_index`` stay, so that sorting all comments by ``index`` gives the flat
    form back. It is written at any depth, but few programs read JSON that is nested deeper than some hundred levels
    (Python's own stops at the interpreter's recursion limit): for deep threads use the flat form.
    """
    whole = thread.to_dict()
    comments = whole.pop("comments")
    return json.dumps(whole)[:-1] + ', "comments": [' + "".join(_nested(thread, comments)) + "]}"


def _nested(thread: Thread, comments: list[dict[str, Any]]) -> Iterator[str]:
    """The comments depth first; going up, the brackets of all that ends there are closed."""
    levels: dict[int | None, int] = {None: -1}
    open_ones = 0
    for comment in thread.walk():
        level = levels[comment.index] = levels[comment.parent_index] + 1
        if level < open_ones:
            yield "]}" * (open_ones - level) + ", "
        yield json.dumps(comments[comment.index])[:-1] + ', "replies": ['
        open_ones = level + 1
    yield "]}" * open_ones
