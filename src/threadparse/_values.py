"""The small values that a thread and its comments are made of: places, times, notes.

Everything here is frozen and knows nothing of the thread it is in; :mod:`threadparse._model` has those that do.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar

import attrs


class _Plain:
    """A value that is pickled as its class and fields, which takes half the time that attrs' own way takes."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), tuple([getattr(self, name) for name in type(self).__match_args__])


@attrs.frozen
class Span(_Plain):
    """A half-open range of the input, in code points.

    Attributes:
        start: Index of the first code point, 0 or more.
        end: Index after the last one, at least ``start``.
    """

    start: int
    end: int


class SegmentKind(enum.Enum):
    """What a piece of the input is."""

    ARTICLE = "article"
    """Text above the comments."""
    COUNT = "count"
    """The number of comments, as the page states it."""
    AVATAR = "avatar"
    """The picture's alternative text: the first half of a doublet."""
    AUTHOR = "author"
    ROLE = "role"
    TIME = "time"
    MARKER = "marker"
    """"Reply to X"."""
    QUOTE = "quote"
    """Words of the article that an inline comment is about."""
    TEXT = "text"
    TRUNCATION = "truncation"
    """"… Read more »" at the end of a text."""
    EDIT = "edit"
    """"Last edited ... by ..."."""
    VOTES = "votes"
    HIDDEN_REPLIES = "hidden_replies"
    """"View Replies (3)"."""
    UI = "ui"
    """Page furniture: buttons, forms, sort bars, share links."""
    REST = "rest"
    """What stands below the comments."""


@attrs.frozen
class Segment(_Plain):
    """A piece of the input. The segments of a thread tile the input: joined in order, they are the input.

    Attributes:
        kind: What the piece is.
        span: Where it stands.
        comment: Index of the comment it belongs to, or ``None``.
    """

    kind: SegmentKind
    span: Span
    comment: int | None = None


@attrs.frozen
class Note(_Plain):
    """Something that a reader of the result should know.

    Attributes:
        code: Stable name, listed in the documentation.
        message: One English sentence.
        span: The place in the input, or ``None`` where the whole input is meant.
    """

    code: str
    message: str
    span: Span | None = None


@attrs.frozen
class Timestamp(_Plain):
    """A displayed time, and the interval in which the true instant lies.

    Attributes:
        raw: The words of the page, white space folded: ``"6 months ago"``.
        earliest: Aware datetime in UTC, or ``None`` where the page does not fix it (a relative time without
            ``scraped_at``).
        latest: Aware datetime, not before ``earliest``; the interval is closed.
        unit: Precision: ``"year"``, ``"month"``, ``"week"``, ``"day"``, ``"hour"``, ``"minute"`` or ``"second"``.
    """

    raw: str
    earliest: datetime | None
    latest: datetime | None
    unit: str


@attrs.frozen
class Edit(_Plain):
    """That a comment was edited.

    Attributes:
        raw: The words of the page.
        by: Name of the editor, if shown.
        at: Time of the edit, if shown.
    """

    raw: str
    by: str | None = None
    at: Timestamp | None = None


@attrs.frozen
class Candidate(_Plain):
    """A possible parent.

    Attributes:
        index: Index of the comment, ``None`` for "a root, in answer to nobody".
        probability: 0 to 1; the candidates of a comment sum to 1 (rounded to 4 digits).
    """

    index: int | None
    probability: float
