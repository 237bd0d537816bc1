"""The values that :func:`threadparse.parse` returns.

Everything here is frozen. A thread is stored flat: ``comments`` in document order, each with the index of its
parent. ``parent``, ``replies`` and ``roots`` are views on that, and nothing recurses, so that a chain of ten thousand
replies compares, prints, hashes, copies, pickles and exports like any other.
"""

from __future__ import annotations

import enum
import json
import pickle
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from ._pseudonyms import pseudonymize

SCHEMA = 1
"""Version of the shape that ``to_dict`` writes; it rises when a field is renamed or changes its meaning."""


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


class _Bound:
    """A place for the thread that a comment belongs to, outside of attrs' fields: ``asdict`` would never end there."""

    __slots__ = ("_thread",)
    _thread: Thread | None


@attrs.frozen
class Comment(_Bound):
    """One comment.

    A comment that is copied or pickled by itself leaves its thread behind; its values stay.

    Attributes:
        index: Position in ``thread.comments``.
        author: Name as displayed, white space folded; ``""`` where the page shows none.
        text: Paragraphs as in the dump; header, marker and truncation mark removed.
        posted: Displayed time, ``None`` where the page shows none.
        reply_to: Name in the marker, ``None`` without a marker.
        parent_index: Index of the comment that this one answers, ``None`` for a root.
        parent_confidence: Probability, 0 to 1, that ``parent_index`` is right.
        parent_candidates: All parents that were considered, likeliest first.
        depth: Number of ancestors, 0 for a root.
        truncated: Whether the page cut the text ("Read more").
        edited: The note that the comment was edited, ``None`` without one.
        role: Label beside the name ("Author", "Admin"), ``None`` without one.
        votes: Sum of the votes shown, ``None`` where none are shown.
        hidden_replies: Number of replies that the page keeps folded away and the dump does not hold.
        is_trackback: Whether it is another page's link and not a person's comment.
        span: From the first line of the header to the last line that belongs to the comment.
        deleted: Whether an earlier dump holds the comment and a later one has lost it; only
            :func:`threadparse.merge` can know.
    """

    index: int
    author: str
    text: str
    posted: Timestamp | None
    reply_to: str | None
    parent_index: int | None
    parent_confidence: float
    parent_candidates: tuple[Candidate, ...]
    depth: int
    truncated: bool
    edited: Edit | None
    role: str | None
    votes: int | None
    hidden_replies: int
    is_trackback: bool
    span: Span
    deleted: bool = False

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_thread", None)

    def __getstate__(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in _COMMENT_FIELDS)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        for name, value in zip(_COMMENT_FIELDS, state, strict=True):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_thread", None)

    @property
    def parent(self) -> Comment | None:
        """The comment that this one answers, ``None`` for a root or a comment outside a thread."""
        if self._thread is None or self.parent_index is None:
            return None
        return self._thread.comments[self.parent_index]

    @property
    def replies(self) -> tuple[Comment, ...]:
        """The direct answers, in document order; empty for a comment outside a thread."""
        if self._thread is None:
            return ()
        comments = self._thread.comments
        return tuple(comments[i] for i in self._thread._children.get(self.index, ()))


_COMMENT_FIELDS = tuple(field.name for field in attrs.fields(Comment))
_PLAIN_FIELDS = tuple(name for name in _COMMENT_FIELDS if name not in ("parent_candidates", "span"))
_plain_values = attrgetter(*_PLAIN_FIELDS)
_PackedComment = tuple[tuple[Any, ...], list[tuple[int | None, float]], int, int]


def _packed_comment(comment: Comment) -> _PackedComment:
    """A comment's values without an object for each."""
    candidates = [(candidate.index, candidate.probability) for candidate in comment.parent_candidates]
    return _plain_values(comment), candidates, comment.span.start, comment.span.end


def _unpacked_comment(values: tuple[Any, ...], shares: list[tuple[int | None, float]], start: int, end: int) -> Comment:
    plain = dict(zip(_PLAIN_FIELDS, values, strict=True))
    candidates = tuple([Candidate(index, share) for index, share in shares])
    return Comment(parent_candidates=candidates, span=Span(start, end), **plain)


def _replies(comments: Sequence[Comment]) -> dict[int | None, tuple[int, ...]]:
    """The indices of each comment's replies, those of the roots under ``None``."""
    replies: dict[int | None, list[int]] = {}
    for comment in comments:
        replies.setdefault(comment.parent_index, []).append(comment.index)
    return {parent: tuple(indices) for parent, indices in replies.items()}


class _Aside:
    """What a thread has beside its fields, out of attrs' sight: each comment's replies, and fields that are put off."""

    __slots__ = ("_children", "_later")
    _children: dict[int | None, tuple[int, ...]]
    _later: dict[str, Callable[[], Any]]


@attrs.frozen
class Thread(_Aside):
    """A conversation.

    Attributes:
        comments: In document order.
        segments: Pieces of the input, in order; joined, they are the input.
        notes: What a reader should know, in the order of the input.
        dialect: Name of the dialect that fitted, ``None`` where no comments were found.
        locale: Name of the locale that fitted (``"en"``), ``None`` where no comments were found.
        declared_count: Number of comments that the page states ("58 Comments"), ``None`` where it states none.
        scraped_at: The moment of the scrape, as given to :func:`threadparse.parse`.
        article: Text above the comments, free of the furniture of the comment form.
        text: The input, which all spans refer to. Of a merged thread: its inputs, one after the other.
    """

    comments: tuple[Comment, ...]
    segments: tuple[Segment, ...]
    notes: tuple[Note, ...]
    dialect: str | None
    locale: str | None
    declared_count: int | None
    scraped_at: datetime | None
    article: str
    text: str = attrs.field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        for position, comment in enumerate(self.comments):
            parent = comment.parent_index
            if comment.index != position or (parent is not None and not 0 <= parent < len(self.comments)):
                raise ValueError(f"comment {comment.index} at position {position} has no valid index or parent")
        # A comment of another thread is copied, so that its own navigation stays as it was.
        self._bind(tuple([c if c._thread is None else attrs.evolve(c) for c in self.comments]))

    def _bind(self, comments: tuple[Comment, ...]) -> None:
        """Take comments that belong to no thread for one's own."""
        for comment in comments:
            object.__setattr__(comment, "_thread", self)
        object.__setattr__(self, "comments", comments)

    @classmethod
    def _put_off(cls, later: dict[str, Callable[[], Any]], **fields: Any) -> Thread:
        """A thread some of whose fields are made when they are first asked for: most callers never do.

        Args:
            later: By field, what makes it. Segments are made as rows: kind, start, end and comment.
            fields: The other fields.
        """
        without: dict[str, Any] = dict.fromkeys(later)
        thread = cls(**fields, **without)
        for name in later:
            object.__delattr__(thread, name)
        object.__setattr__(thread, "_later", later)
        return thread

    if not TYPE_CHECKING:  # pragma: no branch; for the type checker the fields are simply there

        def __getattr__(self, name: str) -> Any:
            # Python asks here for a field that has no value yet.
            later = {} if name == "_later" else getattr(self, "_later", {})
            if name == "_children":
                object.__setattr__(self, name, _replies(self.comments))
            elif name not in later:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            elif name == "comments":
                self._bind(tuple([_unpacked_comment(*comment) for comment in later[name]()]))
            elif name == "segments":
                rows = later[name]()
                object.__setattr__(self, name, tuple([Segment(k, Span(s, e), comment) for k, s, e, comment in rows]))
            else:
                object.__setattr__(self, name, later[name]())
            return object.__getattribute__(self, name)

    def __getstate__(self) -> tuple[object, ...]:
        # Comments and segments travel as bytes: who gets them unpacks what is asked for, when it is. A crawl is read
        # back by one process for all that parse, and a comment has eight segments.
        later = getattr(self, "_later", {})
        packed = {
            "comments": pickle.dumps([_packed_comment(comment) for comment in self.comments]),
            "segments": pickle.dumps(
                list(later["segments"]())
                if "segments" in later
                else [(s.kind, s.span.start, s.span.end, s.comment) for s in self.segments]
            ),
        }
        return tuple(packed[name] if name in packed else getattr(self, name) for name in _THREAD_FIELDS)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        values = dict(zip(_THREAD_FIELDS, state, strict=True))
        later = {name: partial(pickle.loads, values.pop(name)) for name in ("comments", "segments")}
        for name, value in values.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_later", later)

    @property
    def roots(self) -> tuple[Comment, ...]:
        """The comments in answer to nobody, in document order."""
        return tuple(self.comments[i] for i in self._children.get(None, ()))

    @property
    def participants(self) -> tuple[str, ...]:
        """The authors' names, each once, in the order of their first comment."""
        return tuple(dict.fromkeys(comment.author for comment in self.comments))

    def walk(self) -> Iterator[Comment]:
        """All comments, depth first: each one before its replies, siblings in document order."""
        waiting = list(reversed(self._children.get(None, ())))
        while waiting:
            index = waiting.pop()
            yield self.comments[index]
            waiting.extend(reversed(self._children.get(index, ())))

    def pseudonymize(self, key: bytes | str) -> Thread:
        """The same thread, in which nobody who writes in it is named.

        Authors, names in markers and in "Last edited by" become pseudonyms, and so do their mentions in texts, in the
        article and in the rest of the page. Under one key the same name has the same pseudonym in every thread, upper
        and lower case being one; without the key nobody can compute it. ``text`` is the dump with pseudonyms, and the
        spans fit it. What cannot be found, such as nicknames and people who only are written about, is left: see
        the page on limits.

        Args:
            key: A secret, such as ``secrets.token_bytes(32)``; a ``str`` is taken as UTF-8.

        Raises:
            TypeError: The key is neither ``bytes`` nor ``str``.
            ValueError: The key is empty, or the thread was built without its text.
        """
        check_text(self)
        return pseudonymize(self, key)

    def to_dict(self) -> dict[str, Any]:
        """The thread as plain lists, dicts, strings and numbers, with a ``schema`` number; times in ISO 8601."""
        return {
            "schema": SCHEMA,
            "dialect": self.dialect,
            "locale": self.locale,
            "declared_count": self.declared_count,
            "scraped_at": _iso(self.scraped_at),
            "article": self.article,
            "text": self.text,
            "comments": [_comment_to_dict(comment) for comment in self.comments],
            "segments": [[s.kind.value, s.span.start, s.span.end, s.comment] for s in self.segments],
            "notes": [{"code": n.code, "message": n.message, "span": _pair(n.span)} for n in self.notes],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Thread:
        """The inverse of :meth:`to_dict`.

        Raises:
            ValueError: The data has another schema number.
            KeyError: A field is missing.
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"expected schema {SCHEMA}, got {data.get('schema')!r}")
        return cls(
            comments=tuple(_comment_from_dict(comment) for comment in data["comments"]),
            segments=tuple(
                Segment(SegmentKind(kind), Span(start, end), comment) for kind, start, end, comment in data["segments"]
            ),
            notes=tuple(
                Note(n["code"], n["message"], None if n["span"] is None else Span(*n["span"])) for n in data["notes"]
            ),
            dialect=data["dialect"],
            locale=data["locale"],
            declared_count=data["declared_count"],
            scraped_at=_moment(data["scraped_at"]),
            article=data["article"],
            text=data["text"],
        )

    def to_json(self, *, indent: int | None = None) -> str:
        """:meth:`to_dict` as JSON text; lone surrogates are escaped, so that it always encodes as UTF-8."""
        return json.dumps(self.to_dict(), ensure_ascii=True, indent=indent)


def check_text(thread: Thread) -> None:
    """Raise ``ValueError`` for a thread that was built by hand without the text that its segments tile."""
    end = thread.segments[-1].span.end if thread.segments else 0
    if end != len(thread.text):
        raise ValueError(f"the segments tile {end} code points, but the thread's text has {len(thread.text)}")


_THREAD_FIELDS = tuple(field.name for field in attrs.fields(Thread))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(iso: str | None) -> datetime | None:
    return None if iso is None else datetime.fromisoformat(iso)


def _pair(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]


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


def _comment_from_dict(data: dict[str, Any]) -> Comment:
    edit = data["edited"]
    return Comment(
        index=data["index"],
        author=data["author"],
        text=data["text"],
        posted=_timestamp_from_dict(data["posted"]),
        reply_to=data["reply_to"],
        parent_index=data["parent_index"],
        parent_confidence=data["parent_confidence"],
        parent_candidates=tuple(Candidate(index, share) for index, share in data["parent_candidates"]),
        depth=data["depth"],
        truncated=data["truncated"],
        edited=None if edit is None else Edit(edit["raw"], edit["by"], _timestamp_from_dict(edit["at"])),
        role=data["role"],
        votes=data["votes"],
        hidden_replies=data["hidden_replies"],
        is_trackback=data["is_trackback"],
        span=Span(*data["span"]),
        deleted=data["deleted"],
    )
