"""A thread as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from ._model import Comment, Thread

_MAX_INDENT = 12
"""Deepest level that is drawn by indentation; below it the level stands in brackets, so that lines stay readable."""
_CONTROL = regex.compile(r"[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]")


def outline(thread: Thread, *, width: int = 80) -> Iterator[str]:
    """The tree, a line per comment: author, time, marks and the first words, indented by depth.

    Control characters, lone surrogates and direction overrides of the dump are replaced by U+FFFD, so that a dump
    cannot speak to the terminal.

    Args:
        thread: What to show.
        width: Columns of the terminal; a line is cut there.
    """
    yield _summary(thread)
    if thread.comments:
        yield ""
    for comment in thread.walk():
        level = min(comment.depth, _MAX_INDENT)
        deep = f"[{comment.depth}] " if comment.depth > _MAX_INDENT else ""
        head = _clean(f"{'  ' * level}{deep}{_head(comment)}: ")
        words = _clean(" ".join(comment.text[: 4 * width].split()))
        line = head + words
        yield line if len(line) <= width else line[: max(width, len(head) + 20) - 1].rstrip() + "…"
    for note in thread.notes:
        yield f"note: {note.code}: {_clean(note.message)}"


def _summary(thread: Thread) -> str:
    if not thread.comments:
        return "no comments found"
    count = len(thread.comments)
    declared = "" if thread.declared_count in (None, count) else f" (the page says {thread.declared_count})"
    plural = "comment" if count == 1 else "comments"
    people = len(thread.participants)
    return f"{count} {plural}{declared} by {people} people, {thread.dialect}, {thread.locale}"


def _head(comment: Comment) -> str:
    marks = []
    if comment.role is not None:
        marks.append(comment.role)
    if comment.posted is not None:
        marks.append(comment.posted.raw)
    if comment.votes:
        marks.append(f"{comment.votes:+d}")
    if comment.edited is not None:
        marks.append("edited")
    if comment.truncated:
        marks.append("cut")
    if comment.parent_confidence < 0.8:
        marks.append(f"parent {comment.parent_confidence:.0%}")
    return f"{comment.author} ({', '.join(marks)})" if marks else comment.author


def _clean(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)
