"""What :func:`threadparse.parse` returns: a thread, and the comments in it.

Both are frozen. A thread is stored flat: ``comments`` in document order, each with the index of its parent. ``parent``,
``replies`` and ``roots`` are views on that, and nothing recurses, so that a chain of ten thousand replies compares,
prints, hashes, copies, pickles and exports like any other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from ._dicts import comment_fields, thread_fields, thread_to_dict
from ._packing import pack_comments, pack_segments, unpack_comments, unpack_segments
from ._values import Candidate, Edit, Note, Segment, SegmentKind, Span, Timestamp

# A pickled thread names the classes of its values as parts of this module.
__all__ = [
    "Candidate",
    "Comment",
    "Edit",
    "Note",
    "Segment",
    "SegmentKind",
    "Span",
    "Thread",
    "Timestamp",
    "check_text",
]


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
        thread = object.__new__(cls)
        for name, value in fields.items():
            object.__setattr__(thread, name, value)
        object.__setattr__(thread, "_later", later)
        thread._bind(thread.comments)
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
                self._bind(tuple(later[name]()))
            elif name == "segments":
                rows = later[name]()
                object.__setattr__(self, name, tuple([Segment(k, Span(s, e), comment) for k, s, e, comment in rows]))
            else:
                object.__setattr__(self, name, later[name]())
            return object.__getattribute__(self, name)

    def __getstate__(self) -> tuple[object, ...]:
        later = getattr(self, "_later", {})
        rows = (
            later["segments"]()
            if "segments" in later
            else [(s.kind, s.span.start, s.span.end, s.comment) for s in self.segments]
        )
        packed = {"comments": pack_comments(self.comments, Comment), "segments": pack_segments(rows)}
        return tuple(packed[name] if name in packed else getattr(self, name) for name in _THREAD_FIELDS)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        values = dict(zip(_THREAD_FIELDS, state, strict=True))
        later: dict[str, Callable[[], Any]] = {
            "comments": partial(unpack_comments, values.pop("comments"), Comment),
            "segments": partial(unpack_segments, values.pop("segments")),
        }
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
        from ._pseudonyms import pseudonymize  # noqa: PLC0415  (cryptography for few threads takes time to import)

        return pseudonymize(self, key)

    def to_dict(self) -> dict[str, Any]:
        """The thread as plain lists, dicts, strings and numbers, with a ``schema`` number; times in ISO 8601."""
        return thread_to_dict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Thread:
        """The inverse of :meth:`to_dict`.

        Raises:
            ValueError: The data has another schema number.
            KeyError: A field is missing.
        """
        fields = thread_fields(data)
        return cls(comments=tuple(Comment(**comment_fields(comment)) for comment in data["comments"]), **fields)

    def to_json(self, *, indent: int | None = None) -> str:
        """:meth:`to_dict` as JSON text; lone surrogates are escaped, so that it always encodes as UTF-8."""
        return json.dumps(self.to_dict(), ensure_ascii=True, indent=indent)


def check_text(thread: Thread) -> None:
    """Raise ``ValueError`` for a thread that was built by hand without the text that its segments tile."""
    end = thread.segments[-1].span.end if thread.segments else 0
    if end != len(thread.text):
        raise ValueError(f"the segments tile {end} code points, but the thread's text has {len(thread.text)}")


_THREAD_FIELDS = tuple(field.name for field in attrs.fields(Thread))
