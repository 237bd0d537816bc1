"""Displayed times: one short line of text in, the time that it shows out.

A line comes in as a page shows it. Out goes a :class:`Found` (where the time stands, its kind, precision and surface
form), which ``_resolve`` turns into an interval. All words come from locale data (``_timewords``). Nothing here
reads the clock, guesses a year or an era, or raises for any line.

How a time is recognised
------------------------
1. A line is cut into tokens, and each token becomes one symbol (``_timegrammar``). Words are thus compared whole: "a"
   never matches inside "day", "RoyMarch" is two words, and "月" needs no space around it.
2. Patterns over symbols know seven kinds of times, the surest first: a date with its year; a date without; "6 months
   ago" and its like; today, yesterday, or a weekday with a clock; a clock; a month with its year; a bare "3d", or
   "3 days" in a language that has no "ago". Beside a date stands a clock or none.
3. :meth:`TimeReader.read` asks for a whole line. It is called on most short lines of a dump, so it turns most away by
   their first two characters, or by the first longer word that is no time's, before anything else is done.
4. :meth:`TimeReader.find` searches inside a line. The kinds that prose has as well must stand at an end of the line.
5. A match is still no time where the calendar has no such day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from datetime import timezone as fixed_zone
from functools import cached_property
from itertools import accumulate
from typing import Final

import attrs

from ._timegrammar import NUMERIC, Grammar, fold, tokenize
from ._timewords import UNITS, TimeWords

__all__ = ["UNITS", "Found", "TimeReader", "TimeWords", "day_of"]

# The longest displayed time in 292 real threads has 44 code points; a much longer line is a sentence.
_READ_LIMIT: Final = 80
# A line with a name, a title and a date; beyond it `find` would search prose.
_FIND_LIMIT: Final = 200
_MEMO_LIMIT: Final = 4096
# Kinds of times that prose has more often than headers.
_PROSE: Final = ("clock", "month")
_DIGIT: Final = re.compile(r"\d")
# What may surround a line without being seen: white space, direction marks, zero-width characters.
_EDGE: Final = (
    " \t\n\r\f\v\u00a0\u2002\u2003\u2009\u202f\u3000\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
)


# -- what was found ----------------------------------------------------------------------------------------------------


@attrs.frozen
class _Numeric:
    """A date such as "03/04/2021": its two numbers, the year, and the mark between them."""

    first: int
    other: int
    year: int
    mark: str

    def readings(self) -> tuple[date | None, date | None]:
        """What it can mean: day first, month first; ``None`` where there is no such day."""
        return day_of(self.year, self.other, self.first), day_of(self.year, self.first, self.other)


@attrs.frozen
class _Day:
    """The day that a time names; what it leaves open is ``None``.

    Attributes:
        year: Four digits.
        month: 1 to 12.
        day: 1 to 31.
        numeric: A date whose day and month are not told apart; the other fields are then ``None``.
        back: Days before the day of the scrape ("yesterday" = 1).
        weekday: Monday = 0.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    numeric: _Numeric | None = None
    back: int | None = None
    weekday: int | None = None

    @property
    def is_possible(self) -> bool:
        """Whether the calendar has such a day."""
        if self.numeric is not None:
            return any(self.numeric.readings())
        if self.month is None or self.day is None:
            return True
        # 2000 is a leap year: without a year, February 29 may stand.
        return day_of(self.year or 2000, self.month, self.day) is not None


_NO_DAY: Final = _Day()
_OFFSET: Final = re.compile(r"([+-])([0-9]{1,2}?):?([0-9]{2})?$")


@attrs.frozen(cache_hash=True)
class Found:
    """A time that a line shows.

    Attributes:
        start: Where it begins in the line, in code points.
        end: Where it ends, exclusive.
        kind: ``"relative"`` ("6 months ago", "right now", "3d"), ``"absolute"`` (a date, with or without year and
            clock; also "yesterday" and "Tuesday at 4:27 pm") or ``"clock"`` (a clock alone).
        unit: The smallest unit shown: one of :data:`UNITS`.
        shape: The surface form, the same for all times in one format: a relative time's template ("{n} {unit} ago",
            "now", "{n}{unit}"), or a mask: ``0`` a number, ``M`` a month, ``W`` a weekday, ``p`` am or pm, ``T`` today
            or yesterday (of several words, the first), ``f`` another word, ``o`` an ordinal's ending; marks and blanks
            as they are.
        amounts: Of a relative time, each unit and how many of it; empty for "right now".
        day: The day that another time names.
        clock: Hour, minute and second.
        zone: The zone that it states.
    """

    start: int
    end: int
    kind: str
    unit: str
    shape: str
    amounts: tuple[tuple[str, int], ...] = ()
    day: _Day = _NO_DAY
    clock: tuple[int, int, int] | None = None
    zone: tzinfo | None = None


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, ``None`` if the calendar has no such one."""
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] else None


def _read_year(text: str) -> int:
    """A year of four or two digits: 70 to 99 are of the last century (Unix counts from 1970)."""
    year = int(text)
    return year if year > 99 else year + (1900 if year >= 70 else 2000)


def _read_day(fields: Mapping[str, str], grammar: Grammar) -> _Day:
    """The day in the groups of a match; it may be one that the calendar does not have."""
    if "back" in fields:
        return _Day(back=grammar.days.value(fields["back"]))
    if "weekday" in fields:
        return _Day(weekday=grammar.weekdays.value(fields["weekday"]))
    if "first" in fields:
        numbers = int(fields["first"]), int(fields["other"]), _read_year(fields["year"])
        return _Day(numeric=_Numeric(*numbers, fields["mark"]))
    if "month" not in fields:
        return _NO_DAY
    year = _read_year(fields["year"]) if "year" in fields else None
    text = fields["month"]
    month = int(text) if text.isdecimal() else grammar.months.value(text)
    return _Day(year=year, month=month, day=int(fields["day"]) if "day" in fields else None)


def _read_clock(fields: Mapping[str, str], grammar: Grammar) -> tuple[int, int, int] | None:
    if "hour" not in fields:
        return None
    hour = int(fields["hour"])
    half = grammar.halves.value(fields["half"]) if "half" in fields else None
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return hour, int(fields.get("minute", 0)), int(fields.get("second", 0))


def _read_zone(text: str, grammar: Grammar) -> tzinfo | None:
    """A zone by its offset or its name; ``None`` where several zones have the name."""
    stated = _OFFSET.search(text) or _OFFSET.search(grammar.zones.value(text))
    if stated is None:
        return None
    delta = timedelta(hours=int(stated[2]), minutes=int(stated[3] or 0))
    return fixed_zone(-delta if stated[1] == "-" else delta)


def _is_version(fields: Mapping[str, str]) -> bool:
    """Whether "1.2.14" stands without a clock: a date with so few digits is a version or a chapter more often."""
    if "first" not in fields or "hour" in fields:
        return False
    return fields["mark"] == "." and len(fields["first"] + fields["other"] + fields["year"]) < 6


# -- reading -----------------------------------------------------------------------------------------------------------


class _Symbols:
    """A line's tokens and the symbol of each; ``text`` is the symbols joined."""

    def __init__(self, tokens: list[str], symbols: list[str]) -> None:
        self.text = "".join(symbols)
        self._tokens = tokens
        self._symbols = symbols

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where the symbols from ``start`` to ``end`` stand in the line, in code points."""
        first, last = self._places[start], self._places[end - 1]
        return first[0], last[1]

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        """Where each symbol's token begins and ends."""
        ends = accumulate(len(token) for token in self._tokens)
        places = zip(self._symbols, self._tokens, ends, strict=True)
        return [(end - len(token), end) for symbol, token, end in places if symbol]


class TimeReader:
    """Reads the times of some languages. Results depend on the words alone; what it keeps is only a memo of them.

    Args:
        words: The languages at once, the likeliest first: of a word with two meanings, the first one counts.
    """

    def __init__(self, words: Sequence[TimeWords]) -> None:
        self._words = tuple(words)
        self._memo: dict[str, Found | None] = {}
        self._memo_inside: dict[str, Found | None] = {}
        self._memo_anywhere: dict[str, Found | None] = {}

    def read(self, line: str) -> Found | None:
        """The time that the whole line is, fillers and marks around it included; ``None`` if it is anything else."""
        if not self.may_be(line):
            return None
        if line in self._memo:
            return self._memo[line]
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        found = self._memo[line] = self._read(line)
        return found

    def find(self, line: str, *, inside: bool = False) -> Found | None:
        """The best time in a line of at most 200 characters: the surest kind, rather with a clock, rather the first.

        The order of the kinds is told at the head of this module.

        Args:
            line: The line.
            inside: Whether the line is no prose, so that times that prose has as well may stand anywhere in it.
        """
        if len(line) > _FIND_LIMIT:
            return None
        memo = self._memo_inside if inside else self._memo_anywhere
        if line not in memo:
            if len(memo) >= _MEMO_LIMIT:
                memo.clear()
            memo[line] = self.read(line) or self._find(line, inside=inside)
        return memo[line]

    def _find(self, line: str, *, inside: bool) -> Found | None:
        symbols = self._symbols(line)
        for name, pattern in self._possible(symbols.text):
            all_found = (
                self._found(name, match, symbols, *match.span("core"))
                for match in pattern.finditer(symbols.text)
                if inside or _stands_free(name, match)
            )
            best = min(filter(None, all_found), key=lambda found: found.clock is None, default=None)
            if best is not None:
                return _without_glued_digits(best, line)
        return None

    def find_all(self, text: str) -> list[Found]:
        """The times in a text of any length that do not overlap, the surer kind first where two do, in order.

        Left out are a clock, a month and "today" alone: prose is full of them.
        """
        symbols = self._symbols(text)
        found: list[Found] = []
        taken = bytearray(len(symbols.text))
        for name, pattern in self._possible(symbols.text):
            if name in _PROSE:
                continue
            for match in pattern.finditer(symbols.text):
                start, end = match.span("core")
                time = None if any(taken[start:end]) else self._found(name, match, symbols, start, end)
                if time is not None and (name != "day" or time.clock is not None):
                    taken[start:end] = b"\1" * (end - start)
                    found.append(time)
        return sorted(found, key=lambda time: time.start)

    @cached_property
    def _grammar(self) -> Grammar:
        return Grammar(self._words)

    @cached_property
    def _starts(self) -> frozenset[str]:
        """The first two characters of each line that may be a time without digits."""
        keys = {fold(form) for form in self._digitless()}
        return frozenset({key[:2] for key in keys} | {key + " " for key in keys if len(key) == 1})

    def _digitless(self) -> Iterable[str]:
        """The words that a time without digits may begin with."""
        for words in self._words:
            yield from (*words.now, *words.today, *words.yesterday)
            for template in words.relative:
                if template.startswith("{n}"):
                    yield from words.numbers
                elif template.startswith("{unit}"):
                    yield from (form for forms in words.units.values() for form in forms)
                else:
                    yield template.partition("{")[0]

    @cached_property
    def _shapes(self) -> dict[int, str]:
        """Symbols to the letters of a shape."""
        grammar = self._grammar
        known = {ord(symbol) for symbol in grammar.lexicon.symbols.values()}
        shapes = dict.fromkeys(known, "f") | dict.fromkeys(map(ord, "123456789"), "0")
        for letter, heads in (
            ("T", grammar.days.heads),
            ("W", grammar.weekdays.heads),
            ("M", grammar.months.heads),
            ("p", grammar.halves.heads),
        ):
            shapes |= dict.fromkeys(known.intersection(map(ord, heads)), letter)
        return shapes

    def may_be(self, line: str) -> bool:
        """Whether a whole line may be a time, by a look at its digits, its first letters and its first longer word."""
        text = line.strip(_EDGE)
        if not text or len(text) > _READ_LIMIT or text.isdecimal():
            return False
        return (self._may_open(text) or _DIGIT.search(text) is not None) and not self._grammar.lexicon.is_foreign(text)

    def _may_open(self, text: str) -> bool:
        """Whether a line without digits may be a time, by its first two characters (a third may combine with them)."""
        head = text[:3]
        head = head[:2].casefold() if head.isascii() else fold(text[:4])[:2]
        if head.isascii() and head.isalpha():
            return head in self._starts
        return head in self._starts or head[:1] in self._starts

    def _symbols(self, line: str) -> _Symbols:
        tokens = tokenize(line)
        return _Symbols(tokens, list(map(self._grammar.lexicon.surfaces.__getitem__, tokens)))

    def _possible(self, symbols: str) -> Iterator[tuple[str, re.Pattern[str]]]:
        """The patterns that may fit some symbols, by a look at each of them."""
        needs, has_digit = self._grammar.needs, _DIGIT.search(symbols) is not None
        for name, pattern in self._grammar.patterns.items():
            if (has_digit or name not in NUMERIC) and needs[name].search(symbols):
                yield name, pattern

    def _read(self, line: str) -> Found | None:
        symbols = self._symbols(line.rstrip(_EDGE))
        if "x" in symbols.text or "?" in symbols.text:
            return None
        start = len(symbols.text) - len(symbols.text.lstrip())
        for name, pattern in self._possible(symbols.text):
            match = pattern.fullmatch(symbols.text)
            found = match and self._found(name, match, symbols, start, len(symbols.text))
            if found:
                return found
        return None

    def _found(self, name: str, match: re.Match[str], symbols: _Symbols, start: int, end: int) -> Found | None:
        """The time of a match, placed from symbol ``start`` to ``end``; ``None`` if there is no such day."""
        place = symbols.place(start, end)
        grammar = self._grammar
        if name in grammar.templates:
            group = next(group for group in grammar.templates[name] if match[group] is not None)
            template = grammar.templates[name][group]
            amounts = template.amounts([match[group + 1 + i] for i in range(len(template.places))])
            return Found(*place, "relative", amounts[-1][0] if amounts else "second", template.text, amounts)
        fields = {name.partition("_")[0]: text for name, text in match.groupdict().items() if text is not None}
        day = _read_day(fields, grammar)
        if not day.is_possible or _is_version(fields):
            return None
        kind = "clock" if name == "clock" else "absolute"
        unit = "month" if name == "month" else next((u for u in ("second", "minute", "hour") if u in fields), "day")
        shape = re.sub(r"(.)\1+", r"\1", match["core"].translate(self._shapes))
        zone = _read_zone(fields["zone"], grammar) if "zone" in fields else None
        return Found(*place, kind, unit, shape, (), day, _read_clock(fields, grammar), zone)


# Of a relative time with one unit, when a name is glued to it; with two, the calendar sets the same bounds. Years are
# counted from 1970 at the earliest, where a computer's clock stands that was never set.
_MOST: Final = {"year": 60, "month": 11, "week": 52, "day": 31, "hour": 23, "minute": 59, "second": 59}


def _without_glued_digits(found: Found, line: str) -> Found:
    """A relative time without the digits that end the name before it: "mill4112 days ago" is mill41, 12 days ago."""
    is_glued = line[found.start - 1 : found.start].isalpha() or len(found.amounts) > 1
    if not found.amounts or not is_glued:
        return found
    unit, number = found.amounts[0]
    digits = str(number)
    if number <= _MOST[unit] or not line.startswith(digits, found.start):
        return found
    cut = next(at for at in range(1, len(digits)) if int(digits[at:]) <= _MOST[unit])
    amounts = ((unit, int(digits[cut:])), *found.amounts[1:])
    return attrs.evolve(found, start=found.start + cut, amounts=amounts)


def _stands_free(name: str, match: re.Match[str]) -> bool:
    """Whether what is left and right of a match does not make it a part of a sentence."""
    groups = match.groupdict()
    clock = any(text for group, text in groups.items() if group.startswith("hour"))
    half = any(text for group, text in groups.items() if group.startswith("half"))
    if name in ("date", "ago") or half or (clock and name != "clock"):
        return True
    start, end = match.span("core")
    before, after = match.string[:start].rstrip(), match.string[end:].lstrip()
    left, right = not before or before[-1] in "|·•-,(@~/[:", not after or after[0] in "|·•-,)@~/]:."
    # "John 3:16" stands at an end of a line as well.
    return (left and right) or (name != "clock" and not (before and after))
