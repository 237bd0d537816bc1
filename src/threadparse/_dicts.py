"""A thread as plain lists, dicts, strings and numbers, and back: the shape of ``to_dict`` and ``to_json``.

In: a thread, or what was made of one. Out: a dict, or the fields of a thread and of its comments.
``export/thread.schema.json`` describes the shape.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ._values import Candidate, Edit, Note, Segment, SegmentKind, Span, Timestamp

if TYPE_CHECKING:
    from ._model import Comment, Thread

SCHEMA = 1
"""Version of the shape that ``to_dict`` writes; it rises when a field is renamed or changes its meaning."""


def thread_to_dict(thread: Thread) -> dict[str, Any]:
    """The thread with its ``schema`` number; times in ISO 8601."""
    return {
        "schema": SCHEMA,
        "dialect": thread.dialect,
        "locale": thread.locale,
        "declared_count": thread.declared_count,
        "scraped_at": _iso(thread.scraped_at),
        "article": thread.article,
        "text": thread.text,
        "comments": [_comment_to_dict(comment) for comment in thread.comments],
        "segments": [[s.kind.value, s.span.start, s.span.end, s.comment] for s in thread.segments],
        "notes": [{"code": n.code, "message": n.message, "span": _pair(n.span)} for n in thread.notes],
    }


def thread_fields(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a thread but for its comments."""
    if data.get("schema") != SCHEMA:
        raise ValueError(f"expected schema {SCHEMA}, got {data.get('schema')!r}")
    return {
        "segments": tuple(
            Segment(SegmentKind(kind), Span(start, end), comment) for kind, start, end, comment in data["segments"]
        ),
        "notes": tuple(
            Note(n["code"], n["message"], None if n["span"] is None else Span(*n["span"])) for n in data["notes"]
        ),
        "dialect": data["dialect"],
        "locale": data["locale"],
        "declared_count": data["declared_count"],
        "scraped_at": _moment(data["scraped_at"]),
        "article": data["article"],
        "text": data["text"],
    }


def _comment_to_dict(comment: Comment) -> dict[str, Any]:
    edit = comment.edited
    return {
        "index": comment.index,
        "author": comment.author,
        "text": comment.text,
        "posted": _timestamp_to_dict(comment.posted),
        "reply_to": comment.reply_to,
        "parent_index": comment.parent_index,
        "parent_confidence": comment.parent_confidence,
        "parent_candidates": [[c.index, c.probability] for c in comment.parent_candidates],
        "depth": comment.depth,
        "truncated": comment.truncated,
        "edited": None if edit is None else {"raw": edit.raw, "by": edit.by, "at": _timestamp_to_dict(edit.at)},
        "role": comment.role,
        "votes": comment.votes,
        "hidden_replies": comment.hidden_replies,
        "is_trackback": comment.is_trackback,
        "span": [comment.span.start, comment.span.end],
        "deleted": comment.deleted,
    }


def comment_fields(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a comment."""
    edit = data["edited"]
    return {
        "index": data["index"],
        "author": data["author"],
        "text": data["text"],
        "posted": _timestamp_from_dict(data["posted"]),
        "reply_to": data["reply_to"],
        "parent_index": data["parent_index"],
        "parent_confidence": data["parent_confidence"],
        "parent_candidates": tuple(Candidate(index, share) for index, share in data["parent_candidates"]),
        "depth": data["depth"],
        "truncated": data["truncated"],
        "edited": None if edit is None else Edit(edit["raw"], edit["by"], _timestamp_from_dict(edit["at"])),
        "role": data["role"],
        "votes": data["votes"],
        "hidden_replies": data["hidden_replies"],
        "is_trackback": data["is_trackback"],
        "span": Span(*data["span"]),
        "deleted": data["deleted"],
    }


def _timestamp_to_dict(timestamp: Timestamp | None) -> dict[str, Any] | None:
    if timestamp is None:
        return None
    return {
        "raw": timestamp.raw,
        "earliest": _iso(timestamp.earliest),
        "latest": _iso(timestamp.latest),
        "unit": timestamp.unit,
    }


def _timestamp_from_dict(data: dict[str, Any] | None) -> Timestamp | None:
    if data is None:
        return None
    return Timestamp(data["raw"], _moment(data["earliest"]), _moment(data["latest"]), data["unit"])


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(iso: str | None) -> datetime | None:
    return None if iso is None else datetime.fromisoformat(iso)


def _pair(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]
