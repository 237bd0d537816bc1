"""``merge``: several dumps of one page become one thread.

In: threads of one page, read at different times or out of different extractors' dumps. Out: one thread that holds every
comment of any of them once.

How the dumps are brought together
    - *Who is who.* See :mod:`threadparse._align`.
    - *What it says.* The latest dump has the last word, but a text that it cuts is completed, and the interval of a
      time is what all dumps allow.
    - *Whom it answers.* See :func:`_parent`.
    - *Where it stands.* As in the latest dump; what that one lacks follows what it follows in the latest dump that has
      it. If all dumps are in thread order, so is the result.

The text of the result is all texts, one after the other in order of time, and its segments are all segments. The
segments of a comment stand in each dump that shows it; its span is in the dump that its text was taken from.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import TypeVar

import attrs

from ._align import END, Records, Sighting, align, common_interval, intervals_of, letters_of
from ._model import Thread, check_text
from ._values import Candidate, Note, Segment, Span, Timestamp

_FORGET = 1e-3
"""What a dump gives at least to a parent: of the edges that are given as certain, about one in a thousand is wrong."""
_SURE = 0.8
"""From this probability on a dump is sure of a parent, as ``threadparse show`` sees it."""
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
    parents = [_parent(records, record) for record in range(len(records.sightings))]
    _break_circles(parents)
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


# Whom it answers


@attrs.frozen
class _Parent:
    """Whom a record answers.

    Attributes:
        record: The parent's record, ``None`` for a root.
        candidates: All records that were considered, with their probabilities, likeliest first.
        says: The sighting whose dump is surest of it.
        is_contradicted: Whether two dumps are sure of different parents.
    """

    record: int | None
    candidates: tuple[tuple[int | None, float], ...]
    says: Sighting
    is_contradicted: bool

    @property
    def confidence(self) -> float:
        """Probability that ``record`` is right."""
        return dict(self.candidates).get(self.record, 0.0)


def _parent(records: Records, record: int) -> _Parent:
    """The parent of a record, as all dumps together see it."""
    sightings = records.sightings[record]
    said = [_owner(records, number, comment.parent_index) for number, comment in sightings]
    shares = [
        {_owner(records, number, c.index): c.probability for c in comment.parent_candidates} or {parent: 1.0}
        for (number, comment), parent in zip(sightings, said, strict=True)
    ]
    candidates = tuple(shares[0].items()) if len(shares) == 1 else _pooled(records, sightings, shares)
    chosen = said[0] if len(set(said)) == 1 else candidates[0][0]
    surest = max(range(len(shares)), key=lambda number: shares[number].get(chosen, 0.0))
    return _Parent(chosen, candidates, sightings[surest], _is_contradicted(records, sightings, said, chosen))


def _is_contradicted(
    records: Records, sightings: Sequence[Sighting], said: Sequence[int | None], chosen: int | None
) -> bool:
    """Whether a dump is sure of the parent and another one of a different parent, and each shows both."""
    sure = [
        (number, parent)
        for (number, comment), parent in zip(sightings, said, strict=True)
        if comment.parent_confidence >= _SURE
    ]
    agreeing = [number for number, parent in sure if parent == chosen]
    return any(
        _shows(records, number, chosen) and any(_shows(records, other, parent) for other in agreeing)
        for number, parent in sure
        if parent != chosen
    )


def _owner(records: Records, dump: int, index: int | None) -> int | None:
    return None if index is None else records.owners[dump][index]


def _shows(records: Records, dump: int, record: int | None) -> bool:
    return record is None or dump in records.seen[record]


def _pooled(
    records: Records, sightings: Sequence[Sighting], shares: Sequence[dict[int | None, float]]
) -> tuple[tuple[int | None, float], ...]:
    """The geometric mean of what the dumps give; one says nothing for or against a comment that it lacks.

    The dumps show one page, so they are no independent witnesses: on known trees, multiplying their probabilities made
    them too sure (log loss 0.41 against 0.29), and so did trusting the surest dump (0.49).
    """
    scores: dict[int | None, float] = {}
    for candidate in dict.fromkeys(candidate for share in shares for candidate in share):
        given = (
            share.get(candidate, _FORGET) if _shows(records, number, candidate) else max(share.values())
            for (number, _), share in zip(sightings, shares, strict=True)
        )
        scores[candidate] = math.exp(math.fsum(math.log(max(share, _FORGET)) for share in given) / len(shares))
    total = math.fsum(scores.values())
    pooled = ((candidate, round(score / total, 4)) for candidate, score in scores.items())
    return tuple(sorted((pair for pair in pooled if pair[1]), key=lambda pair: -pair[1]))


def _break_circles(parents: list[_Parent]) -> None:
    """Make a root of the least sure record of each circle of answers: the dumps contradict each other."""
    done = [False] * len(parents)
    for start in range(len(parents)):
        path: dict[int, None] = {}
        record: int | None = start
        while record is not None and not done[record]:
            done[record] = True
            path[record] = None
            record = parents[record].record
        if record in path:
            walked = list(path)
            weakest = min(walked[walked.index(record) :], key=lambda member: parents[member].confidence)
            parents[weakest] = attrs.evolve(parents[weakest], record=None, is_contradicted=True)


# Where it stands


def _order(records: Records, parents: Sequence[_Parent]) -> list[tuple[int, int]]:
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


def _thread(records: Records, parents: Sequence[_Parent], order: Sequence[tuple[int, int]]) -> Thread:
    dumps = records.dumps
    offsets = list(accumulate((len(dump.text) for dump in dumps), initial=0))
    index = {record: position for position, (record, _) in enumerate(order)}
    deleted, found = _deleted(records), _found_replies(records, parents)
    comments, notes = [], list(_notes(records, parents, offsets))
    for record, depth in order:
        parent, (number, said) = parents[record], _text_sighting(records.sightings[record])
        span = _shifted(said.span, offsets[number])
        posted, is_contradicted = _posted([c.posted for _, c in records.sightings[record] if c.posted is not None])
        if posted is not None and is_contradicted:
            notes.append(Note("time-conflict", f"the dumps contradict each other about {posted.raw!r}", span))
        if parent.is_contradicted:
            notes.append(Note("parent-conflict", "the dumps contradict each other about whom it answers", span))
        seen = [comment for _, comment in records.sightings[record]]
        comments.append(
            attrs.evolve(
                seen[-1],
                index=index[record],
                text=said.text,
                truncated=said.truncated,
                posted=posted,
                reply_to=_last(comment.reply_to for comment in seen),
                parent_index=None if parent.record is None else index[parent.record],
                parent_confidence=parent.confidence,
                parent_candidates=tuple(
                    Candidate(None if other is None else index[other], share) for other, share in parent.candidates
                ),
                depth=depth,
                edited=_last(comment.edited for comment in seen),
                role=_last(comment.role for comment in seen),
                votes=_last(comment.votes for comment in seen),
                hidden_replies=max(0, seen[-1].hidden_replies - found[record]),
                span=span,
                deleted=seen[-1].deleted or record in deleted,
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


def _notes(records: Records, parents: Sequence[_Parent], offsets: Sequence[int]) -> Iterator[Note]:
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


def _found_replies(records: Records, parents: Sequence[_Parent]) -> Counter[int]:
    """By record: how many of its replies the latest dump that shows it does not show."""
    return Counter(
        parent.record
        for record, parent in enumerate(parents)
        if parent.record is not None and records.sightings[parent.record][-1][0] not in records.seen[record]
    )
