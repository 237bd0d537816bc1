"""The columns of a table of comments, shared by CSV, Arrow and data frames: each a name and how to get its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from threadparse._model import Comment, Thread
from threadparse._values import Timestamp

Page = tuple[str, Thread]
"""The caller's name of a page, and its thread."""


def _edited_at(c: Comment) -> Timestamp | None:
    return None if c.edited is None else c.edited.at


COLUMNS: dict[str, Callable[[str, Thread, Comment], Any]] = {
    "page": lambda page, thread, c: page,
    "dialect": lambda page, thread, c: thread.dialect,
    "locale": lambda page, thread, c: thread.locale,
    "index": lambda page, thread, c: c.index,
    "parent_index": lambda page, thread, c: c.parent_index,
    "parent_confidence": lambda page, thread, c: c.parent_confidence,
    "parent_candidates": lambda page, thread, c: [
        {"index": p.index, "probability": p.probability} for p in c.parent_candidates
    ],
    "depth": lambda page, thread, c: c.depth,
    "author": lambda page, thread, c: c.author,
    "role": lambda page, thread, c: c.role,
    "reply_to": lambda page, thread, c: c.reply_to,
    "text": lambda page, thread, c: c.text,
    "truncated": lambda page, thread, c: c.truncated,
    "posted": lambda page, thread, c: c.posted and c.posted.raw,
    "posted_earliest": lambda page, thread, c: c.posted and c.posted.earliest,
    "posted_latest": lambda page, thread, c: c.posted and c.posted.latest,
    "posted_unit": lambda page, thread, c: c.posted and c.posted.unit,
    "edited": lambda page, thread, c: c.edited and c.edited.raw,
    "edited_by": lambda page, thread, c: c.edited and c.edited.by,
    "edited_at": lambda page, thread, c: (at := _edited_at(c)) and at.raw,
    "edited_earliest": lambda page, thread, c: (at := _edited_at(c)) and at.earliest,
    "edited_latest": lambda page, thread, c: (at := _edited_at(c)) and at.latest,
    "edited_unit": lambda page, thread, c: (at := _edited_at(c)) and at.unit,
    "votes": lambda page, thread, c: c.votes,
    "hidden_replies": lambda page, thread, c: c.hidden_replies,
    "is_trackback": lambda page, thread, c: c.is_trackback,
    "deleted": lambda page, thread, c: c.deleted,
    "start": lambda page, thread, c: c.span.start,
    "end": lambda page, thread, c: c.span.end,
}


def rows(pages: Iterable[Page]) -> Iterator[tuple[str, Thread, Comment]]:
    """The comments of all pages in document order, each with where it is from: what the functions above take."""
    return ((page, thread, comment) for page, thread in pages for comment in thread.comments)
