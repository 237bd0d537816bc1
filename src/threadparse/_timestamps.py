"""The displayed times of a page's comments to timestamps.

In: a reading, the moment of the scrape and the site's time zone. Out: when each comment was posted and edited, as
intervals tightened by what must hold between comments, and notes where the page contradicts itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import attrs

from ._comments import Draft
from ._intervals import Interval, pairs_of, tighten
from ._notes import contradiction
from ._reading import Reading
from ._resolve import Clock
from ._times import Found
from ._values import Edit, Note, Timestamp

_WESTERNMOST, _EASTERNMOST = timedelta(hours=-12), timedelta(hours=14)
"""The offsets from UTC that are in use: Baker Island, and the Line Islands of Kiribati (IANA time zone database)."""
_RENDERING = timedelta(seconds=30)
"""A page's "2 minutes ago" is from before it reached who scraped it; wpDiscuz pages took up to 10 s."""
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def timestamps(
    reading: Reading, moment: datetime | None, timezone: tzinfo | None
) -> tuple[list[Timestamp | None], list[Edit | None], list[Note]]:
    """For each comment when it was posted, and its edit; and where the page contradicts itself."""
    clock = reading.clock
    if moment is None or timezone not in (None, UTC):
        clock = Clock(moment, timezone or UTC, reading.dialect.rounding, day_first=reading.day_first)
    timestamp = _Timestamps(clock, moment, is_anywhere=timezone is None).timestamp
    posted = [timestamp(draft.posted, draft.time) for draft in reading.drafts]
    edits = [_edit(draft, timestamp) for draft in reading.drafts]
    return _tightened(reading, posted, edits, moment)


def _tightened(
    reading: Reading, posted: Sequence[Timestamp | None], edits: Sequence[Edit | None], moment: datetime | None
) -> tuple[list[Timestamp | None], list[Edit | None], list[Note]]:
    """The times without what cannot be: a reply is not before its parent, nor an edit before its comment.

    What is after the scrape is wrong, and so tells nothing of other times.
    """
    count = len(posted)
    times = [*posted, *(None if edit is None else edit.at for edit in edits)]
    pairs, contradictions = pairs_of(reading.conversation, reading.edges)
    pairs += [(index, count + index) for index, edit in enumerate(edits) if edit is not None]
    intervals = [_interval(time) for time in times]
    late = {i for i, own in enumerate(intervals) if moment is not None and own is not None and own[0] > moment}
    for index in late:
        intervals[index] = None
    intervals, more = tighten(intervals, pairs)
    tight = [_within(time, interval) for time, interval in zip(times, intervals, strict=True)]
    changed = [
        None if edit is None else attrs.evolve(edit, at=at) for edit, at in zip(edits, tight[count:], strict=True)
    ]
    contradictions = [pair for pair in contradictions if pair[0] not in late]
    wrong = [*((None, index) for index in sorted(late)), *contradictions, *more]
    return tight[:count], changed, [contradiction(reading.drafts, *pair) for pair in wrong]


def _edit(draft: Draft, timestamp: Callable[[str | None, Found | None], Timestamp | None]) -> Edit | None:
    if draft.edited is None:
        return None
    raw, by, when, found = draft.edited
    return Edit(raw, by, timestamp(when, found))


def _interval(time: Timestamp | None) -> Interval:
    if time is None or time.earliest is None or time.latest is None:
        return None
    return time.earliest, time.latest


def _within(time: Timestamp | None, interval: Interval) -> Timestamp | None:
    if time is None or interval is None or interval == (time.earliest, time.latest):
        return time
    return attrs.evolve(time, earliest=interval[0], latest=interval[1])


class _Timestamps:
    """The timestamps of one page: words that come several times make one."""

    def __init__(self, clock: Clock, scraped_at: datetime | None, *, is_anywhere: bool) -> None:
        self._clock = clock
        self._scraped_at = scraped_at
        self._is_anywhere = is_anywhere
        self._made: dict[tuple[str, Found], Timestamp] = {}

    def timestamp(self, raw: str | None, found: Found | None) -> Timestamp | None:
        if raw is None or found is None:
            return None
        made = self._made.get((raw, found))
        if made is None:
            made = self._made[raw, found] = Timestamp(raw, *self._interval(found), found.unit)
        return made

    def _interval(self, found: Found) -> tuple[datetime | None, datetime | None]:
        earliest, latest = self._clock.interval(found)
        if earliest is None or latest is None:
            return None, None
        if found.kind == "relative":
            return _shift(earliest, -_RENDERING), latest
        if self._is_anywhere and found.zone is None:
            earliest, latest = _shift(earliest, -_EASTERNMOST), _shift(latest, -_WESTERNMOST)
        if self._scraped_at is not None and earliest <= self._scraped_at:
            latest = min(latest, self._scraped_at)
        return earliest, latest


def _shift(moment: datetime, by: timedelta) -> datetime:
    """A moment some hours away, or the first or last one that there is."""
    try:
        return moment + by
    except OverflowError:
        return _FIRST if by < timedelta(0) else _LAST
