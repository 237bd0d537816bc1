"""A reading to a thread: the values that are returned, put together.

In: a reading, the moment of the scrape and the site's time zone. Out: a :class:`~threadparse.Thread`, whose segments
and article are made when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import pairwise, takewhile

from ._comments import Draft
from ._events import Event
from ._lines import raw_lines
from ._model import Comment, Thread
from ._notes import in_order
from ._packing import SegmentRow
from ._reading import Reading
from ._timestamps import timestamps
from ._tree import Edge
from ._values import Edit, SegmentKind, Span, Timestamp

_Cuts = Mapping[int | None, tuple[tuple[int, int] | None, tuple[int, int] | None]]
"""By comment: the lines of the quote that opens its text, and the code points of its truncation mark."""


def assemble(reading: Reading, moment: datetime | None, timezone: tzinfo | None) -> Thread:
    """The thread of a section."""
    posted, edits, contradictions = timestamps(reading, moment, timezone)
    placed = zip(reading.drafts, reading.edges, posted, edits, strict=True)
    comments = tuple([_comment(index, *parts) for index, parts in enumerate(placed)])
    text, starts, events = reading.lines.text, reading.lines.starts, reading.events
    cuts: _Cuts = {
        index: (draft.quote, draft.cut) for index, draft in enumerate(reading.drafts) if draft.quote or draft.cut
    }
    return Thread._put_off(
        {
            "segments": lambda: _segments(starts, events, cuts),
            "article": lambda: _article(text, starts, events),
        },
        comments=comments,
        notes=in_order([*reading.notes, *contradictions]),
        dialect=reading.dialect.name if comments else None,
        locale=reading.locales[0].name if comments else None,
        declared_count=_declared_count(reading),
        scraped_at=moment,
        text=text,
    )


def _comment(index: int, draft: Draft, edge: Edge, posted: Timestamp | None, edited: Edit | None) -> Comment:
    return Comment(
        index=index,
        author=draft.header.author,
        text=draft.text,
        posted=posted,
        reply_to=draft.header.reply_to,
        parent_index=edge.parent,
        parent_confidence=edge.confidence,
        parent_candidates=edge.candidates,
        depth=edge.depth,
        truncated=draft.truncated,
        edited=edited,
        role=draft.role,
        votes=draft.votes,
        hidden_replies=draft.hidden_replies,
        is_trackback=draft.is_trackback,
        span=Span(draft.start, draft.end),
    )


def article_alone(text: str, moment: datetime | None) -> Thread:
    """The thread of a text at which a glance is enough."""
    return Thread._put_off(
        {
            "segments": lambda: [(SegmentKind.ARTICLE, 0, len(text), None)] if text else [],
            "article": lambda: "\n".join(map(str.rstrip, raw_lines(text))).strip(),
        },
        comments=(),
        notes=(),
        dialect=None,
        locale=None,
        declared_count=None,
        scraped_at=moment,
        text=text,
    )


def _segments(starts: Sequence[int], events: Sequence[Event], cuts: _Cuts) -> Iterator[SegmentRow]:
    """The events as code points; a text is cut where its quote ends and where its truncation mark begins."""
    for kind, first, after, comment in events:
        start, end = starts[first], starts[after]
        if kind is SegmentKind.TEXT and comment in cuts:
            quote, cut = cuts[comment]
            if quote is not None and start < starts[quote[1]] <= end and quote[0] == first:
                yield SegmentKind.QUOTE, start, starts[quote[1]], comment
                start = starts[quote[1]]
            if cut is not None and start <= cut[0] < end:
                if start < cut[0]:
                    yield SegmentKind.TEXT, start, cut[0], comment
                yield SegmentKind.TRUNCATION, cut[0], end, comment
                continue
        if start < end:
            yield kind, start, end, comment


def _article(text: str, starts: Sequence[int], events: Sequence[Event]) -> str:
    """The lines above the comments, as far as they are no furniture; what was cut off a line is part of it."""
    rows: list[str] = []
    for kind, first, after, _ in takewhile(lambda event: event.comment is None, events):
        for start, end in pairwise(starts[first : after + 1]) if kind is SegmentKind.ARTICLE else ():
            if rows and text[start - 1] not in "\r\n":
                rows[-1] += text[start:end]
            else:
                rows.append(text[start:end])
    return "\n".join(map(str.rstrip, rows)).strip()


def _declared_count(reading: Reading) -> int | None:
    """The number in "58 Comments" in the section's head, the last one if it stands there twice."""
    readings, count = reading.tokens.readings, None
    for event in reading.events:
        if event.kind is SegmentKind.COUNT:
            numbers = [readings[i].number for i in range(event.first, event.after) if i in readings]
            count = next((number for number in numbers if number is not None), count)
    return count
