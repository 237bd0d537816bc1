"""A thread as an outline for people: one fact a line, replies indented below their parents.

Only what differs from the usual is shown: a certain parent is one number, a certain root has no ``parent`` line. Three
parts, a blank line between them: the tree, the segments (where each piece begins and ends), the notes. Invisible
characters are escaped as in the fixture files; inside a segment ``⏎`` is a line break and ``⇥`` a run of spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from fixture_format import escape
from threadparse import Candidate, Comment, Segment, Thread, Timestamp

_WIDTH = 116
_INDENTATION = re.compile(" {3,}")
_HEAD, _TAIL = 16, 8
"""How much of a long segment is shown: enough to see that it begins and ends where it should."""


def outline(thread: Thread, text: str) -> str:
    """All parts."""
    return "\n\n".join(parts(thread, text).values())


def parts(thread: Thread, text: str) -> dict[str, str]:
    """The parts by name: ``tree``, ``segments``, ``notes``."""
    return {
        "tree": "\n".join(_tree_lines(thread)),
        "segments": "\n".join(["segments:", *_segment_lines(thread.segments, text)]),
        "notes": "\n".join(["notes:", *_note_lines(thread, text)]) if thread.notes else "notes: none",
    }


def stated_parts(expected: str) -> tuple[str, ...]:
    """The names of the parts that an outline written by hand states."""
    sections = ["tree", *(line.partition(":")[0] for line in expected.split("\n"))]
    return tuple(part for part in ("tree", "segments", "notes") if part in sections)


def _tree_lines(thread: Thread) -> Iterator[str]:
    yield f"dialect: {thread.dialect or 'none'}"
    yield f"locale: {thread.locale or 'none'}"
    yield f"count: {'none' if thread.declared_count is None else thread.declared_count}"
    yield f"article: {escape(_shorten(' '.join(thread.article.split()), 48, 24)) or 'none'}"
    for comment in thread.comments:
        yield ""
        indent = "  " * comment.depth
        yield escape(f"{indent}#{comment.index} {comment.author}".rstrip(" "))
        yield from (f"{indent}    {escape(fact)}" for fact in _facts(comment))
        yield from (f"{indent}    | {escape(line)}".rstrip(" ") for line in _text_lines(comment.text))


def _text_lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n") if text else []


def _facts(comment: Comment) -> Iterator[str]:
    if comment.posted is not None:
        yield f"posted: {_moment(comment.posted)}"
    if comment.reply_to is not None:
        yield f"reply to: {comment.reply_to}"
    if comment.parent_candidates != (Candidate(comment.parent_index, 1.0),):
        yield f"parent: {_parents(comment)}"
    elif comment.parent_index is not None:
        yield f"parent: {comment.parent_index}"
    yield from _marks(comment)


def _marks(comment: Comment) -> Iterator[str]:
    if comment.role is not None:
        yield f"role: {comment.role}"
    if comment.votes is not None:
        yield f"votes: {comment.votes}"
    if comment.truncated:
        yield "truncated"
    if comment.edited is not None:
        at = comment.edited.at
        yield f"edited: {comment.edited.raw}"
        yield f"edited by: {comment.edited.by or 'nobody'}, {'no time' if at is None else _moment(at)}"
    if comment.hidden_replies:
        yield f"hidden replies: {comment.hidden_replies}"
    if comment.is_trackback:
        yield "trackback"


def _moment(timestamp: Timestamp) -> str:
    if timestamp.earliest is None or timestamp.latest is None:
        return f"{timestamp.raw} ({timestamp.unit})"
    return f"{timestamp.raw} ({timestamp.unit}, {timestamp.earliest.isoformat()} to {timestamp.latest.isoformat()})"


def _parents(comment: Comment) -> str:
    """The candidates with their shares to one digit, so that tuning does not rewrite every fixture."""
    shares = [f"{_index(c.index)} at {c.probability:.1f}" for c in comment.parent_candidates if c.probability >= 0.05]
    chosen = _index(comment.parent_index)
    return ", ".join(shares) if shares and shares[0].startswith(f"{chosen} ") else f"{chosen}, though {shares}"


def _index(index: int | None) -> str:
    return "none" if index is None else str(index)


def _segment_lines(segments: tuple[Segment, ...], text: str) -> Iterator[str]:
    """A line for each run of segments of one comment, continued where it is long."""
    for owner, run in groupby(segments, key=lambda segment: segment.comment):
        line = "  -" if owner is None else f"  #{owner}"
        for segment in run:
            piece = f"{segment.kind.value} {_quoted(text[segment.span.start : segment.span.end])}"
            if len(line) + len(piece) > _WIDTH:
                yield line
                line = "    "
            line += f" {piece}"
        yield line


def _quoted(text: str) -> str:
    shown = _shorten(_INDENTATION.sub("⇥", text.replace("\r\n", "\n")), _HEAD, _TAIL)
    return f'"{escape(shown)}"'.replace("\n", "⏎")


def _shorten(text: str, head: int, tail: int) -> str:
    return text if len(text) <= head + tail + 3 else f"{text[:head]} … {text[-tail:]}"


def _note_lines(thread: Thread, text: str) -> Iterator[str]:
    for note in thread.notes:
        place = "" if note.span is None else f" (line {_line_number(text, note.span.start)})"
        yield f"  {note.code}{place}: {escape(note.message)}"


def _line_number(text: str, offset: int) -> int:
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1
