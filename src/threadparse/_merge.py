"""``merge``: several dumps of one page become one thread.

In: threads of one page, read at different times or out of different extractors' dumps. Out: one thread that holds every
comment of any of them once.

How the dumps are brought together
    - *Who is who.* See :mod:`threadparse._align`.
    - *What it says.* The latest dump has the last word, but a text that it cuts is completed, and the interval of a
      time is what all dumps allow.
    - *Whom it answers.* See :mod:`threadparse._answers`.
    - *Where it stands.* As in the latest dump; what that one lacks follows what it follows in the latest dump that has
      it. If all dumps are in thread order, so is the result.

The text of the result is all texts, one after the other in order of time, and its segments are all segments. The
segments of a comment stand in each dump that shows it; its span is in the dump that its text was taken from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import TypeVar

import attrs

from ._align import END, Records, Sighting, align, common_interval, intervals_of, letters_of
from ._answers import Parent, find_parents
from ._model import Comment, Thread, check_text
from ._values import Candidate, Note, Segment, Span, Timestamp

_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")


def merge(threads: Iterable[Thread]) -> Thread:
    """Make one thread of several dumps of one page.

    Every comment of any dump is in the result once. The latest dump has the last word, but

    - a text that it cuts is completed from another one;
    - the interval of a time is what all dumps allow, or, where they contradict each other, what any of them allows,
      with a note ``time-conflict``;
    - the probabilities of parents are the geometric mean of what the dumps give, so that the clearer dump decides;
      a note ``parent-conflict`` says where two are sure of different ones;
    - a comment that it lacks, although it shows what stood around it or all comments that it counts, stays and is
      marked ``deleted``.

    ``text`` is the dumps' texts, one after the other, and the segments tile it: a comment has segments in each dump
    that shows it, and its ``span`` is in the one that its text was taken from. If the comments are in thread order in
    all dumps, so they are in the result. The cost is linear in the size of the dumps.

    Args:
        threads: One or more, of the same page. They are taken in the order of ``scraped_at`` if each one has it, else
            in the order given, the oldest first. Of dumps with the same ``scraped_at`` none is later, so that what one
            extractor drops is not taken for deleted.

    Returns:
        The thread. Of one thread alone: that thread.

    Raises:
        TypeError: Something else than threads was passed.
        ValueError: There is no thread, or one was built by hand without its text.
    """
    dumps = _in_order(threads)
    if len(dumps) == 1:
        return dumps[0]
    records = align(dumps)
    parents = find_parents(records)
    return _thread(records, parents, _order(records, parents))


def _in_order(threads: Iterable[Thread]) -> list[Thread]:
    dumps = list(threads)
    for dump in dumps:
        if not isinstance(dump, Thread):
            raise TypeError(f"threads: expected threads, got {type(dump).__name__}; parse each dump first")
        check_text(dump)
    if not dumps:
        raise ValueError("there is no thread to merge")
    moments = [dump.scraped_at for dump in dumps if dump.scraped_at is not None]
    if len(moments) < len(dumps):
        return dumps
    return [dump for _, _, dump in sorted(zip(moments, range(len(dumps)), dumps, strict=True))]


# Where it stands


def _order(records: Records, parents: Sequence[Parent]) -> list[tuple[int, int]]:
    """The records in the order of the result, each with its depth."""
    ranked = _ranked(records)
    children: dict[int | None, list[int]] = {}
    for record in ranked:
        children.setdefault(parents[record].record, []).append(record)
    depths: dict[int, int] = {}
    waiting = [(root, 0) for root in reversed(children.get(None, ()))]
    while waiting:
        record, depth = waiting.pop()
        depths[record] = depth
        waiting.extend((child, depth + 1) for child in reversed(children.get(record, ())))
    if all(_is_in_thread_order(dump) for dump in records.dumps):
        return list(depths.items())
    return [(record, depths[record]) for record in ranked]


def _is_in_thread_order(dump: Thread) -> bool:
    return all(position == comment.index for position, comment in enumerate(dump.walk()))


def _ranked(records: Records) -> list[int]:
    """The records as in the latest dump; one that it lacks follows the one before it in the latest dump that has it."""
    followers: dict[int, list[int]] = {}
    placed: set[int] = set()
    for own in reversed(records.owners):
        before = END
        for record in own:
            if record not in placed:
                placed.add(record)
                followers.setdefault(before, []).append(record)
            before = record
    order: list[int] = []
    waiting = list(followers.get(END, ()))
    while waiting:
        record = waiting.pop()
        order.append(record)
        waiting.extend(followers.get(record, ()))
    return order


def _deleted(records: Records) -> frozenset[int]:
    """The records that the last dump lacks although it shows where they would stand."""
    last = len(records.dumps) - 1
    latest, now = records.dumps[last], frozenset(records.owners[last])
    is_whole = latest.declared_count is not None and latest.declared_count <= len(latest.comments)
    gone: set[int] = set()
    for number, (dump, own) in enumerate(zip(records.dumps[:-1], records.owners[:-1], strict=True)):
        if dump.scraped_at is not None and dump.scraped_at == latest.scraped_at:
            continue
        shown = [index for index, record in enumerate(own) if record in now]
        folded = _folded(records, number)
        for index, record in enumerate(own):
            is_inside = bool(shown) and shown[0] < index < shown[-1]
            if record not in now and not folded[index] and (is_whole or is_inside):
                gone.add(record)
    same = {number for number, dump in enumerate(records.dumps) if dump.scraped_at == latest.scraped_at is not None}
    return frozenset(record for record in gone if not records.seen[record] & same)


def _folded(records: Records, number: int) -> list[bool]:
    """By comment of a dump: whether the last dump may have it folded away, below a comment with hidden replies."""
    last = len(records.dumps) - 1
    hides = {
        record: comment.hidden_replies > 0
        for record, comment in zip(records.owners[last], records.dumps[last].comments, strict=True)
    }
    folded = [False] * len(records.owners[number])
    for comment in records.dumps[number].walk():
        above = comment.parent_index
        default = above is not None and folded[above]
        folded[comment.index] = hides.get(records.owners[number][comment.index], default)
    return folded


# What it says


def _text_sighting(sightings: Sequence[Sighting]) -> Sighting:
    """The latest sighting, or, if that is cut, the latest whole one that begins so, or the longest that does."""
    latest = sightings[-1]
    if not latest[1].truncated:
        return latest
    opening = letters_of(latest[1].text)
    longer = [sighting for sighting in sightings if letters_of(sighting[1].text).startswith(opening)]
    return max(longer, key=lambda sighting: (not sighting[1].truncated, len(sighting[1].text), sighting[0]))


def _posted(times: Sequence[Timestamp]) -> tuple[Timestamp | None, bool]:
    """The time that all sightings allow, in the words of the most precise one; and whether they contradict."""
    if not times:
        return None, False
    words = min(reversed(times), key=_vagueness)
    intervals = intervals_of(times)
    if not intervals:
        return words, False
    common = common_interval(intervals)
    if common is not None:
        return attrs.evolve(words, earliest=common[0], latest=common[1]), False
    earliest, latest = min(start for start, _ in intervals), max(end for _, end in intervals)
    return attrs.evolve(words, earliest=earliest, latest=latest), True


def _vagueness(time: Timestamp) -> tuple[timedelta, int]:
    unit = _UNITS.index(time.unit)
    if time.earliest is None or time.latest is None:
        return timedelta.max, unit
    return time.latest - time.earliest, unit


# The result


def _thread(records: Records, parents: Sequence[Parent], order: Sequence[tuple[int, int]]) -> Thread:
    dumps = records.dumps
    offsets = list(accumulate((len(dump.text) for dump in dumps), initial=0))
    index = {record: position for position, (record, _) in enumerate(order)}
    deleted, found = _deleted(records), _found_replies(records, parents)
    comments, notes = [], list(_notes(records, parents, offsets))
    for record, depth in order:
        parent = parents[record]
        comment, is_contradicted = _comment(records.sightings[record], parent, index, offsets)
        if comment.posted is not None and is_contradicted:
            message = f"the dumps contradict each other about {comment.posted.raw!r}"
            notes.append(Note("time-conflict", message, comment.span))
        if parent.is_contradicted:
            message = "the dumps contradict each other about whom it answers"
            notes.append(Note("parent-conflict", message, comment.span))
        comments.append(
            attrs.evolve(
                comment,
                index=index[record],
                depth=depth,
                hidden_replies=max(0, comment.hidden_replies - found[record]),
                deleted=comment.deleted or record in deleted,
            )
        )
    return Thread(
        comments=tuple(comments),
        segments=tuple(_segments(records, offsets, index)),
        notes=tuple(sorted(notes, key=lambda note: (note.span is None, note.span and note.span.start))),
        dialect=_last(dump.dialect for dump in dumps),
        locale=_last(dump.locale for dump in dumps),
        declared_count=_last(dump.declared_count for dump in dumps),
        scraped_at=_last(dump.scraped_at for dump in dumps),
        article=_last(dump.article or None for dump in dumps) or "",
        text="".join(dump.text for dump in dumps),
    )


def _comment(
    sightings: Sequence[Sighting], parent: Parent, index: dict[int, int], offsets: Sequence[int]
) -> tuple[Comment, bool]:
    """What all sightings say of a comment, and whether they contradict each other about its time."""
    number, said = _text_sighting(sightings)
    seen = [comment for _, comment in sightings]
    posted, is_contradicted = _posted([comment.posted for comment in seen if comment.posted is not None])
    comment = attrs.evolve(
        seen[-1],
        text=said.text,
        truncated=said.truncated,
        posted=posted,
        reply_to=_last(comment.reply_to for comment in seen),
        parent_index=None if parent.record is None else index[parent.record],
        parent_confidence=parent.confidence,
        parent_candidates=tuple(
            Candidate(None if other is None else index[other], share) for other, share in parent.candidates
        ),
        edited=_last(comment.edited for comment in seen),
        role=_last(comment.role for comment in seen),
        votes=_last(comment.votes for comment in seen),
        span=_shifted(said.span, offsets[number]),
    )
    return comment, is_contradicted


_T = TypeVar("_T")


def _last(values: Iterable[_T | None]) -> _T | None:
    """The last one that is not ``None``."""
    return next(reversed([value for value in values if value is not None]), None)


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _segments(records: Records, offsets: Sequence[int], index: dict[int, int]) -> Iterator[Segment]:
    for dump, own, offset in zip(records.dumps, records.owners, offsets, strict=False):
        for segment in dump.segments:
            comment = None if segment.comment is None else index[own[segment.comment]]
            yield Segment(segment.kind, _shifted(segment.span, offset), comment)


def _notes(records: Records, parents: Sequence[Parent], offsets: Sequence[int]) -> Iterator[Note]:
    """The notes of all dumps; about a comment, only those of the dump that its parent was taken from."""
    whole = set()
    for number, dump in enumerate(records.dumps):
        by_span = {comment.span: record for comment, record in zip(dump.comments, records.owners[number], strict=True)}
        for note in dump.notes:
            if note.span is None:
                if note not in whole:
                    yield note
                whole.add(note)
            elif note.span not in by_span or parents[by_span[note.span]].says[0] == number:
                yield attrs.evolve(note, span=_shifted(note.span, offsets[number]))


def _found_replies(records: Records, parents: Sequence[Parent]) -> Counter[int]:
    """By record: how many of its replies the latest dump that shows it does not show."""
    return Counter(
        parent.record
        for record, parent in enumerate(parents)
        if parent.record is not None and records.sightings[parent.record][-1][0] not in records.seen[record]
    )
