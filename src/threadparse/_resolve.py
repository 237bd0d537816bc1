"""Found times to intervals: in which closed interval of aware datetimes an instant lies.

In: a :class:`~threadparse._times.Found`, the moment of the scrape, the site's time zone, and how its platform rounds.
Out: the interval's ends in UTC. Nothing here reads the clock or guesses a year.

How long a time is in the past is a matter of how a platform rounds; see :func:`resolve`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from ._times import Found, day_of

if TYPE_CHECKING:
    from dateutil.relativedelta import relativedelta

ANY_MOMENT: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Against which relative times are compared when nobody says when the page was fetched; only their order counts."""
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)

_Amounts = tuple[tuple[str, int], ...]
_Span = tuple[datetime, datetime]

# MONTH_IN_SECONDS and YEAR_IN_SECONDS of WordPress are 30 and 365 days; so are those of timeago.js and its kin.
_LENGTH: Final = {
    "year": timedelta(days=365),
    "month": timedelta(days=30),
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
_MONTHS: Final = {"year": 12, "month": 1}
# "right now" and its kin: less than a minute (wpDiscuz and XenForo alike).
_NOW: Final = timedelta(minutes=1)


def resolve(
    found: Found,
    *,
    scraped_at: datetime | None,
    timezone: tzinfo,
    day_first: bool | None,
    rounding: str,
) -> tuple[datetime | None, datetime | None]:
    """The closed interval in which the instant of a time lies, both ends in UTC; ``(None, None)`` if nothing is known.

    Args:
        found: The time.
        scraped_at: When the page was fetched; naive is taken to be in ``timezone``. Without it nothing is known of
            relative times, of a clock alone, of today, yesterday and weekdays, and of dates without a year.
        timezone: Of the site. A time that states its own zone keeps that.
        day_first: Whether "03/04/2021" is in April. ``None``: with dots it is (as wherever dots are written); with
            other marks the interval spans both readings, since either is as common.
        rounding: How the platform rounds relative times. ``"calendar"``: the calendar difference, floored (wpDiscuz).
            ``"nearest"``: to the nearest multiple of a unit, a month of 30 and a year of 365 days (WordPress).
            ``"unknown"``: the union of these two and of the same lengths floored.

    Raises:
        ValueError: ``rounding`` is none of the three.
    """
    if rounding not in _ROUNDINGS:
        raise ValueError(f"expected rounding to be one of {', '.join(_ROUNDINGS)}, got {rounding!r}")
    now = None if scraped_at is None else _to_utc(scraped_at, timezone)
    zone = found.zone or timezone
    if found.kind != "relative":
        wall = None if now is None else _to_wall(now, zone)
        spans = [_span_of_day(found, day, zone) for day in _candidates(found, wall, day_first=day_first)]
    elif now is None:
        spans = []
    elif not found.amounts:
        spans = [(_earlier(now, _NOW), now)]
    else:
        spans = [span(found.amounts, now, zone) for span in _ROUNDINGS[rounding]]
    ends = [end for span in spans for end in span]
    return (min(ends), max(ends)) if ends else (None, None)


def is_earlier(one: Found, other: Found, rounding: str) -> bool:
    """Whether a time is surely before another one on the same page: of two relative ones, or of two dates."""
    is_relative = one.kind == other.kind == "relative"
    ends = [
        resolve(found, scraped_at=ANY_MOMENT if is_relative else None, timezone=UTC, day_first=None, rounding=rounding)
        for found in (one, other)
    ]
    latest, earliest = ends[0][1], ends[1][0]
    return latest is not None and earliest is not None and latest < earliest


class Clock:
    """:func:`resolve` for the times of one page: most of them come several times, and each is resolved once.

    Args:
        scraped_at: As for ``resolve``.
        timezone: As for ``resolve``.
        rounding: As for ``resolve``.
        day_first: As for ``resolve``; :func:`day_first_evidence` tells it for a page.
    """

    def __init__(
        self, scraped_at: datetime | None, timezone: tzinfo, rounding: str, *, day_first: bool | None = None
    ) -> None:
        self._resolve = partial(
            resolve, scraped_at=scraped_at, timezone=timezone, day_first=day_first, rounding=rounding
        )
        self._known: dict[Found, tuple[datetime | None, datetime | None]] = {}

    def interval(self, found: Found) -> tuple[datetime | None, datetime | None]:
        """The closed interval in which the instant of a time lies, as ``resolve`` gives it."""
        interval = self._known.get(found)
        if interval is None:
            interval = self._known[found] = self._resolve(found)
        return interval


def _to_utc(moment: datetime, zone: tzinfo) -> datetime:
    """An instant in UTC, clipped at the ends of the calendar; a naive one is a wall clock in ``zone``."""
    if moment.utcoffset() is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _EARLIEST if moment.year == 1 else _LATEST


def _to_wall(moment: datetime, zone: tzinfo) -> datetime:
    """An instant as a naive wall clock in ``zone``; at the ends of the calendar, in UTC."""
    try:
        return moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


def _earlier(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment - by
    except OverflowError:
        return _EARLIEST


@lru_cache(maxsize=1024)
def _months(number: int) -> relativedelta:
    """Some months; making them takes longer than counting them, and few pages need any."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415  (it takes longer to import than this package)

    return relativedelta(months=number)


def _months_earlier(moment: datetime, months: int, zone: tzinfo, *, late: bool) -> datetime:
    """``months`` calendar months before.

    A month before March 31 there is no February 31: relativedelta clips to February 28, while PHP counts one month from
    any hour of the 28th. With ``late`` a clipped result is therefore moved to the last instant of its month.
    """
    if not months:
        return moment
    wall = _to_wall(moment, zone)
    try:
        shifted = wall + _months(-months)
    except (ValueError, OverflowError):
        return _EARLIEST
    if late and shifted.day != wall.day:
        shifted = datetime.combine(shifted, time.max)
    return _to_utc(shifted, zone)


def _calendar_span(amounts: _Amounts, now: datetime, zone: tzinfo) -> _Span:
    """PHP's ``DateTime::diff``, floored at the last unit shown.

    Whether the days or the months are taken off first decides, in "1 month 23 days", about the length of the month in
    between; versions of PHP differ, so both orders count.
    """
    unit, number = amounts[-1]
    ends: list[datetime] = []
    for stated, late in (((*amounts[:-1], (unit, number + 1)), False), (amounts, True)):
        months = sum(n * _MONTHS.get(u, 0) for u, n in stated)
        rest = sum((n * _LENGTH[u] for u, n in stated if u not in _MONTHS), timedelta(0))
        ends.append(_months_earlier(_earlier(now, rest), months, zone, late=late))
        if months and rest:
            ends.append(_earlier(_months_earlier(now, months, zone, late=late), rest))
    return min(ends), max(ends)


def _fixed_length(amounts: _Amounts) -> timedelta:
    return sum((number * _LENGTH[unit] for unit, number in amounts), timedelta(0))


def _nearest_span(amounts: _Amounts, now: datetime, _zone: tzinfo) -> _Span:
    """Half a unit to each side; "1 minute" is also what WordPress shows for less, since it never says 0."""
    unit, number = amounts[-1]
    total, half = _fixed_length(amounts), _LENGTH[unit] / 2
    latest = now if total <= _NOW and number <= 1 else _earlier(now, total - half)
    return _earlier(now, total + half), latest


def _floored_span(amounts: _Amounts, now: datetime, _zone: tzinfo) -> _Span:
    """Fixed lengths, floored at the last unit shown."""
    total = _fixed_length(amounts)
    return _earlier(now, total + _LENGTH[amounts[-1][0]]), _earlier(now, total)


_ROUNDINGS: Final = {
    "calendar": (_calendar_span,),
    "nearest": (_nearest_span,),
    "unknown": (_calendar_span, _nearest_span, _floored_span),
}


def _candidates(found: Found, wall: datetime | None, *, day_first: bool | None) -> list[date]:
    """The days that a time can mean; none if that takes the moment of the scrape and it is not known."""
    day = found.day
    if day.numeric is not None:
        by_day, by_month = day.numeric.readings()
        if day.numeric.mark == "." and day_first is None:
            day_first = True
        wanted = {None: (by_day, by_month), True: (by_day or by_month,), False: (by_month or by_day,)}[day_first]
        return [reading for reading in wanted if reading is not None]
    if day.year is not None and day.month is not None:
        return [date(day.year, day.month, day.day or 1)]
    if wall is None:
        return []
    if day.month is not None and day.day is not None:
        return _latest_date(day.month, day.day, wall)
    back = day.back
    if back is None:
        back = 0 if day.weekday is None else (wall.weekday() - day.weekday) % 7
        if back == 0 and time(*found.clock or ()) > wall.time():
            back = 1 if day.weekday is None else 7
    return [date.fromordinal(max(wall.toordinal() - back, 1))]


def _latest_date(month: int, day: int, wall: datetime) -> list[date]:
    """The latest date of this month and day that is at most a day ahead (of a site further east)."""
    limit = date.fromordinal(min(wall.toordinal() + 1, date.max.toordinal()))
    # Between two February 29ths lie up to eight years.
    candidates = (day_of(year, month, day) for year in range(limit.year, max(limit.year - 9, 0), -1))
    return [candidate for candidate in candidates if candidate is not None and candidate <= limit][:1]


def _span_of_day(found: Found, day: date, zone: tzinfo) -> _Span:
    """The first and the last instant of what is shown: a month, a day, an hour, a minute or a second."""
    start, end = datetime.combine(day, time(*found.clock or ())), datetime.combine(day, time.max)
    if found.unit == "month":
        end = end.replace(day=calendar.monthrange(day.year, day.month)[1])
    elif found.unit != "day":
        fields = ("second", "minute", "hour")
        shown = fields[fields.index(found.unit) :]
        end = end.replace(**{field: getattr(start, field) for field in shown})
    # An hour that the end of summer time repeats counts both times.
    ends = [_to_utc(edge.replace(fold=fold), zone) for edge in (start, end) for fold in (0, 1)]
    return min(ends), max(ends)


def day_first_evidence(founds: Iterable[Found]) -> bool | None:
    """Whether the numeric dates of one page, in its order, put the day first; ``None`` if they do not tell.

    A date that is possible in one reading only decides. Else the reading in whose order the dates never turn, forwards
    or backwards, if the other reading's do.
    """
    dated = [(found.day.numeric.readings(), found.clock or (0, 0, 0)) for found in founds if found.day.numeric]
    by_day = [(reading, clock) for (reading, _), clock in dated if reading is not None]
    by_month = [(reading, clock) for (_, reading), clock in dated if reading is not None]
    if len(by_day) == len(by_month) == len(dated):
        day_is_steady, month_is_steady = _is_steady(by_day), _is_steady(by_month)
        return day_is_steady if day_is_steady != month_is_steady else None
    # Some are not possible by month, some not by day: the page has dates of more than one kind.
    return None if len(by_day) != len(dated) != len(by_month) else len(by_day) == len(dated)


def _is_steady(moments: list[tuple[date, tuple[int, int, int]]]) -> bool:
    """Whether moments only rise or only fall."""
    return moments in (sorted(moments), sorted(moments, reverse=True))
