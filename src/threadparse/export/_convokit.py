"""A corpus folder as ConvoKit reads it, written without ConvoKit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from threadparse._model import Comment, Thread

from ._columns import Page

_STR, _INT, _FLOAT, _BOOL = ("<class 'str'>"), ("<class 'int'>"), ("<class 'float'>"), ("<class 'bool'>")
_UTTERANCE_META = {
    "index": _INT,
    "depth": _INT,
    "parent_confidence": _FLOAT,
    "posted": _STR,
    "posted_latest": _STR,
    "role": _STR,
    "votes": _INT,
    "edited": _STR,
    "truncated": _BOOL,
    "hidden_replies": _INT,
    "is_trackback": _BOOL,
    "deleted": _BOOL,
}
_CONVERSATION_META = {"page": _STR, "article": _STR, "dialect": _STR, "locale": _STR}
_FORMAT = 1
"""ConvoKit's count of how often a corpus was dumped."""


def write_convokit(pages: Iterable[Page], folder: str | Path) -> None:
    """Write a ConvoKit corpus: comments are utterances, each root with all below it is a conversation, authors speak.

    An utterance's id is ``page#index``, its timestamp the beginning of the interval in which it was written, in
    seconds since 1970. It leaves out ``reply_to``, candidates, spans, notes and segments. Authors of one name are one
    speaker on all pages; ConvoKit wants a name, so an empty one becomes ``[unknown]``.

    Args:
        pages: Read as they are written; each name once.
        folder: Is made if need be; the five files of a corpus in it are written anew.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    speakers: dict[str, Any] = {}
    conversations: dict[str, Any] = {}
    with (place / "utterances.jsonl").open("w", encoding="ascii", newline="\n") as file:
        for page, thread in pages:
            about = {"page": page, "article": thread.article, "dialect": thread.dialect, "locale": thread.locale}
            for root, comment in _with_roots(thread):
                file.write(json.dumps(_utterance(page, root, comment)) + "\n")
                speakers.setdefault(_speaker(comment), {"meta": {}, "vectors": []})
                conversations.setdefault(f"{page}#{root}", {"meta": about, "vectors": []})
    others = {
        "speakers": speakers,
        "conversations": conversations,
        "corpus": {},
        "index": {
            "utterances-index": {name: [kind] for name, kind in _UTTERANCE_META.items()},
            "speakers-index": {},
            "conversations-index": {name: [kind] for name, kind in _CONVERSATION_META.items()},
            "overall-index": {},
            "version": _FORMAT,
            "vectors": [],
        },
    }
    for name, content in others.items():
        (place / f"{name}.json").write_text(json.dumps(content), encoding="ascii")


def _with_roots(thread: Thread) -> Iterable[tuple[int, Comment]]:
    """Each comment with the index of the root above it, depth first."""
    root = 0
    for comment in thread.walk():
        root = comment.index if comment.parent_index is None else root
        yield root, comment


def _speaker(comment: Comment) -> str:
    return comment.author or "[unknown]"


def _utterance(page: str, root: int, comment: Comment) -> dict[str, Any]:
    posted = comment.posted
    earliest, latest = (None, None) if posted is None else (posted.earliest, posted.latest)
    return {
        "id": f"{page}#{comment.index}",
        "conversation_id": f"{page}#{root}",
        "text": comment.text,
        "speaker": _speaker(comment),
        "reply-to": None if comment.parent_index is None else f"{page}#{comment.parent_index}",
        "timestamp": None if earliest is None else int(earliest.timestamp()),
        "vectors": [],
        "meta": {
            "index": comment.index,
            "depth": comment.depth,
            "parent_confidence": comment.parent_confidence,
            "posted": posted and posted.raw,
            "posted_latest": latest and latest.isoformat(),
            "role": comment.role,
            "votes": comment.votes,
            "edited": comment.edited and comment.edited.raw,
            "truncated": comment.truncated,
            "hidden_replies": comment.hidden_replies,
            "is_trackback": comment.is_trackback,
            "deleted": comment.deleted,
        },
    }
