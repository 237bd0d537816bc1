"""Threads as schema.org's ``DiscussionForumPosting`` and ``Comment``, in JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from threadparse._model import Comment, Thread
from threadparse._values import Timestamp


def to_jsonld(thread: Thread, *, page: str | None = None) -> str:
    """The thread as JSON-LD: a flat ``@graph`` of the page and its comments, each with its ``parentItem``.

    ``datePublished`` has the precision that is known ("2023-10" where both ends of the interval lie in that month) and
    is left out where not even the year is. Also left out: probabilities, votes (schema.org counts ups and downs apart),
    roles, edits, the words of the times, trackbacks' mark, notes and segments.

    Args:
        thread: What to write.
        page: Address of the page; comments are ``page#comment-0`` and so on.
    """
    base = page or ""
    posting: dict[str, Any] = {
        "@type": "DiscussionForumPosting",
        "@id": base or "#page",
        "text": thread.article,
        "commentCount": len(thread.comments),
        "comment": [{"@id": _id(base, comment.index)} for comment in thread.roots],
    }
    if page is not None:
        posting["url"] = page
    if thread.locale is not None:
        posting["inLanguage"] = thread.locale
    graph = [posting, *(_comment(comment, base) for comment in thread.comments)]
    return json.dumps({"@context": "https://schema.org", "@graph": graph}, indent=1)


def _id(base: str, index: int) -> str:
    return f"{base}#comment-{index}"


def _comment(comment: Comment, base: str) -> dict[str, Any]:
    parent = comment.parent_index
    said: dict[str, Any] = {
        "@type": "Comment",
        "@id": _id(base, comment.index),
        "position": comment.index + 1,
        "text": comment.text,
        "parentItem": {"@id": (base or "#page") if parent is None else _id(base, parent)},
    }
    if comment.author:
        said["author"] = {"@type": "Person", "name": comment.author}
    published = _known_part(comment.posted)
    if published is not None:
        said["datePublished"] = published
    return said


def _known_part(time: Timestamp | None) -> str | None:
    """As much of a date as both ends of the interval agree on."""
    if time is None or time.earliest is None or time.latest is None:
        return None
    earliest, latest = time.earliest, time.latest
    if earliest == latest:
        return earliest.isoformat()
    if earliest.year != latest.year:
        return None
    if earliest.month != latest.month:
        return f"{earliest.year:04d}"
    return f"{earliest:%Y-%m-%d}" if earliest.day == latest.day else f"{earliest.year:04d}-{earliest.month:02d}"
