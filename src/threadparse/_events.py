"""Lines to events, where it is known what they are: a run of lines, a header's fields, a whole comment.

In: lines, and what they are. Out: :class:`Event`, one per run of lines, in order, which tile the lines. What a line is,
:mod:`threadparse._machine` decides.
"""

from __future__ import annotations

from typing import NamedTuple

from ._headers import Header
from ._tokens import Kind, Tokens
from ._values import SegmentKind

_SEGMENT_OF_FIELD = {
    "alt": SegmentKind.AVATAR,
    "role": SegmentKind.ROLE,
    "author": SegmentKind.AUTHOR,
    "when": SegmentKind.TIME,
    "marker": SegmentKind.MARKER,
    "votes": SegmentKind.VOTES,
}


class Event(NamedTuple):
    """A run of lines of one kind.

    Attributes:
        kind: What the lines are.
        first: First line.
        after: Line after the last one.
        comment: Number of the comment, in document order, or ``None``.
    """

    kind: SegmentKind
    first: int
    after: int
    comment: int | None


class Events:
    """Events, as they are added one below the other.

    Attributes:
        so_far: Those there are.
    """

    def __init__(self, tokens: Tokens) -> None:
        self.so_far: list[Event] = []
        self._tokens = tokens

    def add(self, kind: SegmentKind, first: int, after: int, comment: int | None) -> None:
        """Add lines; a run of one kind and comment is one event."""
        if first >= after:
            return
        last = self.so_far[-1] if self.so_far else None
        if last is not None and last.kind is kind and last.comment == comment and last.after == first:
            self.so_far[-1] = Event(kind, last.first, after, comment)
        else:
            self.so_far.append(Event(kind, first, after, comment))

    def add_comment(self, header: Header, text: tuple[int, int], span: tuple[int, int], comment: int) -> None:
        """Add a comment whose header and text are known.

        Args:
            header: The header.
            text: The first line of the text and the one after the last.
            span: The same of all that belongs to the comment.
            comment: Its number.
        """
        start, end = span
        if text[1] <= header.start:
            self.add_fields(header, start, text[0], comment)
            self._add_text(text[0], *text, comment)
            self._add_furniture(text[1], header.start, comment)
            self.add_fields(header, header.start, end, comment)
        else:
            self.add_fields(header, start, header.end, comment)
            self._add_text(header.end, *text, comment)
            self.add_fields(header, text[1], end, comment)

    def add_fields(self, header: Header, start: int, end: int, comment: int) -> None:
        """Add lines with some of a header's fields among them."""
        at = start
        for field, (first, after) in sorted(header.lines.items(), key=lambda item: item[1]):
            if start <= first < end:
                self._add_furniture(at, first, comment)
                self.add(_SEGMENT_OF_FIELD[field], max(at, first), after, comment)
                at = max(at, after)
        self._add_furniture(at, end, comment)

    def _add_text(self, start: int, first: int, after: int, comment: int) -> None:
        """A text with what stands above it, and the line below it that says who edited it."""
        self.add(SegmentKind.UI, start, first, comment)
        last = after - 1
        while last > first and self._tokens.kinds[last] is Kind.BLANK:
            last -= 1
        is_edit = first < after and bool(self._end_of_edit(last, after))
        self.add(SegmentKind.TEXT, first, last if is_edit else after, comment)
        if is_edit:
            self.add(SegmentKind.EDIT, last, after, comment)

    def _add_furniture(self, first: int, after: int, comment: int) -> None:
        """Furniture below a text, and in it the line that says who edited it."""
        for at in range(first, after):
            end = self._end_of_edit(at, after)
            if end:
                self.add(SegmentKind.UI, first, at, comment)
                self.add(SegmentKind.EDIT, at, end, comment)
                first = end
        self.add(SegmentKind.UI, first, after, comment)

    def past_edit(self, first: int, after: int) -> int:
        """The line after one right below the last comment that says who edited it, or the line itself."""
        below = next((at for at in range(first, after) if self._tokens.kinds[at] is not Kind.BLANK), None)
        return first if below is None else self._end_of_edit(below, after) or first

    def _end_of_edit(self, at: int, after: int) -> int:
        """The line after one that says who edited it, or after the time below one that says only that; 0 without."""
        kinds = self._tokens.kinds
        if kinds[at] is Kind.EDIT_WORD:
            below = next((line for line in range(at + 1, after) if kinds[line] is not Kind.BLANK), at)
            return below + 1 if kinds[below] is Kind.TIME else 0
        return at + 1 if kinds[at] is Kind.EDITED and at in self._tokens.readings else 0
