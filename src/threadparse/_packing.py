"""Comments and segments as bytes: how a thread travels between processes.

In: comments, or rows of segments. Out: bytes that hold plain values without an object for each, and back. Who gets a
thread unpacks what is asked for, when it is: a crawl is read back by one process for all that parse, and a comment has
eight segments.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

import attrs

from ._values import Candidate, SegmentKind, Span

if TYPE_CHECKING:
    from ._model import Comment

SegmentRow = tuple[SegmentKind, int, int, int | None]
"""A segment: kind, start, end and comment."""


def pack_comments(comments: Sequence[Comment], kind: type[Comment]) -> bytes:
    """Comments as bytes; ``kind`` is their class."""
    plain_values = attrgetter(*_plain_names(kind))
    return pickle.dumps(
        [
            (plain_values(comment), [(c.index, c.probability) for c in comment.parent_candidates], *_ends(comment.span))
            for comment in comments
        ]
    )


def unpack_comments(packed: bytes, kind: type[Comment]) -> list[Comment]:
    """The inverse of :func:`pack_comments`."""
    names = _plain_names(kind)
    return [
        kind(
            parent_candidates=tuple([Candidate(index, share) for index, share in shares]),
            span=Span(start, end),
            **dict(zip(names, values, strict=True)),
        )
        for values, shares, start, end in pickle.loads(packed)  # noqa: S301  (from inside a pickle)
    ]


def pack_segments(rows: Iterable[SegmentRow]) -> bytes:
    """Segments as bytes."""
    return pickle.dumps(list(rows))


def unpack_segments(packed: bytes) -> list[SegmentRow]:
    """The inverse of :func:`pack_segments`."""
    rows: list[SegmentRow] = pickle.loads(packed)  # noqa: S301  (from inside a pickle)
    return rows


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _plain_names(kind: type[Comment]) -> tuple[str, ...]:
    """The fields whose values travel as they are."""
    return tuple(field.name for field in attrs.fields(kind) if field.name not in ("parent_candidates", "span"))
