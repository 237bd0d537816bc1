"""Displayed times: one short line of text in, a closed interval of aware datetimes out.

A line comes in as a page shows it; words come from locale data, none are written here. Out goes a :class:`Found` (where
the time stands, its kind, precision and surface form), which :func:`resolve` turns into an interval. This module never
reads the clock, never guesses a year or an era that it was not given, and raises for no line at all.

How a time is recognised
------------------------
1. A line is cut into tokens: a run of letters (cut again where a lower-case letter meets a capital: "RoyMarch"), a
   letter of a script that writes no spaces, a digit, a run of white space, any other character.
2. Each token becomes one *symbol*. A word of the locale data has a symbol of its own, whatever its case or Unicode
   form; a digit of any script is its ASCII digit; white space is one blank; another word is ``x``, or ``o`` when it is
   one or two letters glued to a digit (the ordinals of "5th", "1er" need no data); invisible characters vanish.
   Words are thus compared whole: "a" never matches inside "day", and "月" needs no space around it.
3. Patterns are written over symbols, so that a word list is a character class, digits keep their values, and a
   pattern is the same for all languages. Only the relative templates differ from locale to locale.
4. :meth:`TimeReader.read` asks for a whole line. It turns most lines away by their first two characters, and stops at
   the first unknown word. :meth:`TimeReader.find` searches inside a line, the surest kind of time first.

All repeats in the patterns are bounded and none is nested, and lines are bounded too, so that time is linear.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from itertools import accumulate
from typing import Any, Final, Generic, TypeVar

import attrs
import regex
from dateutil import tz
from dateutil.relativedelta import relativedelta

from threadparse._errors import DataError

UNITS: Final = ("year", "month", "week", "day", "hour", "minute", "second")

# Longest displayed time seen in 292 real threads: 44 code points. A longer line is a sentence.
_READ_LIMIT: Final = 80
# A line with a name, a title and a date; beyond it `find` would search prose.
_FIND_LIMIT: Final = 200
# Data may come from a user's own file: these bounds keep patterns small. The longest form of 18 languages has 24 code
# points, the longest list about 30 entries.
_FORM_LIMIT: Final = 100
_LIST_LIMIT: Final = 200
_MEMO_LIMIT: Final = 4096

_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)

# WordPress' MONTH_IN_SECONDS and YEAR_IN_SECONDS are 30 and 365 days; so are those of timeago.js and its kin.
_LENGTH: Final = {
    "year": timedelta(days=365),
    "month": timedelta(days=30),
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}

_FORM_KEYS: Final = ("now", "relative", "today", "yesterday", "am", "pm", "filler")


# -- the words of a locale ---------------------------------------------------------------------------------------------


@attrs.frozen
class TimeWords:
    """The words of one language for times: the ``[time]`` table of a locale file.

    Case, width of white space and Unicode form of a word do not matter. Every field may be empty.

    Attributes:
        now: Phrases for this very moment ("right now").
        relative: Templates of ``{n}`` and ``{unit}``, in pairs, one or two of them ("{n} {unit} ago"). A template
            without ``{n}`` means one unit. Without any other word ("{n} {unit}") it is for languages that have no "ago".
        today: Names of the day of the scrape.
        yesterday: Names of the day before.
        am: Marks of the hours before noon.
        pm: Marks of the hours after noon.
        filler: Words around dates and clocks that say nothing ("at", "Uhr").
        months: Names of the 12 months, January first.
        weekdays: Names of the 7 days, Monday first.
        units: Names of the units of time; keys as in :data:`UNITS`.
        numbers: Words for numbers ("an" = 1), 0 to 9999.
    """

    now: tuple[str, ...] = ()
    relative: tuple[str, ...] = ()
    today: tuple[str, ...] = ()
    yesterday: tuple[str, ...] = ()
    am: tuple[str, ...] = ()
    pm: tuple[str, ...] = ()
    filler: tuple[str, ...] = ()
    months: tuple[tuple[str, ...], ...] = ((),) * 12
    weekdays: tuple[tuple[str, ...], ...] = ((),) * 7
    units: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, hash=False)
    numbers: Mapping[str, int] = attrs.field(factory=dict, hash=False)

    @classmethod
    def from_data(cls, data: object, *, file: str) -> TimeWords:
        """The words in a decoded ``[time]`` table; a key that is missing leaves its field empty.

        Raises:
            DataError: A type, key, length or placeholder is wrong; names ``file`` and the dotted key.
        """
        table = _table(data, file=file, key="time")
        known = {*_FORM_KEYS, "months", "weekdays", "units", "numbers"}
        for key in table:
            if key not in known:
                raise DataError("unknown key", file=file, key=f"time.{key}")
        fields: dict[str, Any] = {
            key: _forms(table[key], file=file, key=f"time.{key}") for key in _FORM_KEYS if key in table
        }
        for template in fields.get("relative", ()):
            _check_template(template, file=file)
        for key, length in (("months", 12), ("weekdays", 7)):
            if key in table:
                fields[key] = _name_lists(table[key], length, file=file, key=f"time.{key}")
        fields["units"] = _units(table.get("units", {}), file=file)
        fields["numbers"] = _numbers(table.get("numbers", {}), file=file)
        return cls(**fields)


def _table(data: object, *, file: str, key: str) -> dict[str, object]:
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise DataError("expected a table", file=file, key=key)
    return data


def _list(data: object, *, file: str, key: str) -> Sequence[object]:
    if not isinstance(data, (list, tuple)):
        raise DataError("expected a list", file=file, key=key)
    if len(data) > _LIST_LIMIT:
        raise DataError(f"more than {_LIST_LIMIT} entries", file=file, key=key)
    return data


def _form(data: object, *, file: str, key: str) -> str:
    if not isinstance(data, str) or not data.strip(_EDGE):
        raise DataError("expected a string that is not blank", file=file, key=key)
    if len(data) > _FORM_LIMIT:
        raise DataError(f"longer than {_FORM_LIMIT} characters", file=file, key=key)
    return data


def _forms(data: object, *, file: str, key: str) -> tuple[str, ...]:
    return tuple(_form(form, file=file, key=key) for form in _list(data, file=file, key=key))


def _name_lists(data: object, length: int, *, file: str, key: str) -> tuple[tuple[str, ...], ...]:
    lists = _list(data, file=file, key=key)
    if len(lists) != length:
        raise DataError(f"expected {length} lists of names, got {len(lists)}", file=file, key=key)
    return tuple(_forms(names, file=file, key=key) for names in lists)


def _units(data: object, *, file: str) -> dict[str, tuple[str, ...]]:
    units = {}
    for unit, forms in _table(data, file=file, key="time.units").items():
        if unit not in UNITS:
            raise DataError("unknown unit", file=file, key=f"time.units.{unit}")
        units[unit] = _forms(forms, file=file, key=f"time.units.{unit}")
    return units


def _numbers(data: object, *, file: str) -> dict[str, int]:
    numbers = {}
    for word, number in _table(data, file=file, key="time.numbers").items():
        key = f"time.numbers.{word}"
        if type(number) is not int or not 0 <= number <= 9999:
            raise DataError("expected a whole number from 0 to 9999", file=file, key=key)
        numbers[_form(word, file=file, key=key)] = number
    return numbers


def _check_template(template: str, *, file: str) -> None:
    places = re.findall(r"\{[^{}]*\}", template)
    bare = re.sub(r"\{(?:n|unit)\}", "", template)
    numbers, units = places.count("{n}"), places.count("{unit}")
    if "{" in bare or "}" in bare or units not in (1, 2) or numbers not in (0, units):
        message = f"{template!r}: expected {{unit}} once or twice, each with {{n}} or none, and no other placeholder"
        raise DataError(message, file=file, key="time.relative")


# -- tokens and symbols ------------------------------------------------------------------------------------------------

# Scripts that write words without spaces (Hangul: its units are glued to numbers and to "ago"); a letter is a token.
_SCRIPT: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_LETTER: Final = r"\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{M}\p{Cf}"
_TOKEN: Final = regex.compile(
    rf"[{_SCRIPT}]|\p{{Lu}}*[[{_LETTER}]--[{_SCRIPT}]]+|\p{{Lu}}+|\s+|.", regex.DOTALL | regex.VERSION1
)
# The same for ASCII, where most lines are and where `re` is three times as fast.
_ASCII_TOKEN: Final = re.compile(r"[A-Z]*[a-z]+|[A-Z]+|\s+|.", re.DOTALL)
_LONG_WORD: Final = regex.compile(rf"[[\p{{Lu}}{_LETTER}]--[{_SCRIPT}]]{{3,}}", regex.VERSION1)
_ASCII_LONG_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_UNSPACED: Final = regex.compile(rf"[{_SCRIPT}]")
_INVISIBLE: Final = regex.compile(r"\p{Cf}+")
_DIGIT: Final = re.compile(r"\d")
# Symbols of words start here: code points that no other symbol uses, in the plane where `re` has fast sets.
_FIRST_WORD: Final = 0x4E00
_PUNCTUATION: Final = {
    **{mark: mark for mark in "!\"#%&'()*+,-./:;<=>@[]|~·•°"},
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc`\u00b4\u2032", "'"),
    **dict.fromkeys("\u060c\u3001", ","),
    "\u2236": ":",
    "\u2044": "/",
    "\u2219": "·",
}
# What may surround a line without being seen: white space, direction marks, zero-width characters.
_EDGE: Final = " \t\n\r\f\v\u00a0\u2002\u2003\u2009\u202f\u3000\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\ufeff"


def _key(token: str) -> str:
    """A word as it is compared: compatibility form, case folded, no invisible characters, no Turkish dots."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", token).casefold())
    return folded.replace("\u0131", "i").replace("\u0307", "")


def _classify(token: str) -> tuple[str, bool]:
    """A token's symbol and ``False``, or a word's key and ``True``; ``""`` for what cannot be seen."""
    if token.isascii() and token.isalpha():
        return token.lower(), True
    if token.isspace():
        return " ", False
    digit = unicodedata.decimal(token, None) if len(token) == 1 else None
    if digit is not None:
        return str(digit), False
    key = _key(token)
    if key[:1].isalpha():
        return key, True
    return _PUNCTUATION.get(token) or (_PUNCTUATION.get(key, "?") if key else ""), False


_Value = TypeVar("_Value")


@attrs.frozen
class _Words(Generic[_Value]):
    """Forms with a value each: ``pattern`` matches any of them, ``values`` has them without blanks."""

    pattern: str
    values: Mapping[str, _Value]

    def value(self, matched: str) -> _Value:
        return self.values[matched.replace(" ", "")]


class _Lexicon:
    """The symbols of all words of some locales."""

    def __init__(self) -> None:
        self.symbols: dict[str, str] = {}

    def encode(self, form: str) -> str:
        """The symbols of a form of the data; a word that is new gets one."""
        parts = [_classify(token) for token in _TOKEN.findall(form)]
        return "".join(
            self.symbols.setdefault(part, chr(_FIRST_WORD + len(self.symbols))) if is_word else part
            for part, is_word in parts
        )

    def words(self, pairs: Iterable[tuple[str, _Value]]) -> _Words[_Value]:
        """Forms and their values; of two equal forms the first one counts."""
        values: dict[str, _Value] = {}
        for form, value in pairs:
            values.setdefault(self.encode(form.strip()), value)
        return _Words(_any(values), {form.replace(" ", ""): value for form, value in reversed(values.items())})

    def surfaces(self) -> dict[str, str]:
        """Tokens as they stand in most lines, to their symbols: a shortcut past folding."""
        table = {mark: mark for mark in "0123456789 "} | _PUNCTUATION
        for word, symbol in self.symbols.items():
            table.update({word: symbol, word.capitalize(): symbol, word.upper(): symbol})
        return table


def _pattern(symbols: str) -> str:
    """A pattern for a form; a blank in it may be missing in the line."""
    return "".join(" ?" if symbol == " " else re.escape(symbol) for symbol in symbols)


def _any(forms: Iterable[str]) -> str:
    """A pattern for any of some encoded forms, longest first; matches nothing where there are none."""
    unique = set(forms)
    single = "".join(sorted(re.escape(form) for form in unique if len(form) == 1))
    several = sorted((form for form in unique if len(form) > 1), key=lambda form: (-len(form), form))
    branches = [_pattern(form) for form in several] + ([f"[{single}]"] if single else [])
    return f"(?:{'|'.join(branches)})" if branches else r"(?!)"


# -- patterns over symbols ---------------------------------------------------------------------------------------------

# No digit may stand directly before a number, nor a digit with a mark that goes on with it (versions, ranges).
_LEFT: Final = r"(?<![0-9])(?<![0-9][.:/,-])"
_RIGHT: Final = r"(?![0-9]|[.:/-][0-9])"
# 1900 to 2199: no comment is older, and the years of other eras (1403, 2567) are not to be read as ours.
_YEAR: Final = r"(?:19|20|21)[0-9]{2}"
_DAY: Final = r"(?:3[01]|[12][0-9]|0?[1-9])"
_HOUR: Final = r"(?:2[0-3]|[01]?[0-9])"
_SIXTY: Final = r"[0-5][0-9]"


@attrs.frozen
class _Template:
    """A relative template of one locale.

    Attributes:
        text: As in the data.
        pattern: Over symbols, with a group for each place.
        places: ``"n"`` or ``"unit"`` for each group.
        numbers: The locale's words for numbers.
        units: The locale's words for units.
    """

    text: str
    pattern: str
    places: tuple[str, ...]
    numbers: _Words[int]
    units: _Words[str]

    @property
    def is_plain(self) -> bool:
        """Whether it has no word of its own, so that it says "3 days" and not "3 days ago"."""
        return not re.sub(r"\{n\}|\{unit\}|\W", "", self.text)

    def amounts(self, groups: Sequence[str]) -> tuple[tuple[str, int], ...]:
        """What the words of the groups state, such as ``(("month", 1), ("day", 20))``; ``()`` for "right now"."""
        pairs = list(zip(self.places, groups, strict=True))
        units = [self.units.value(group) for place, group in pairs if place == "unit"]
        numbers = [int(g) if g.isdecimal() else self.numbers.value(g) for place, g in pairs if place == "n"]
        return tuple(zip(units, numbers or [1] * len(units), strict=True))


def _templates(lexicon: _Lexicon, words: TimeWords) -> list[_Template]:
    """All relative forms of one locale, the longest first, and the bare "3d"."""
    numbers = lexicon.words(words.numbers.items())
    units = lexicon.words((form, unit) for unit in UNITS for form in words.units.get(unit, ()))
    short = lexicon.words(
        (form, unit)
        for unit in UNITS
        for form in words.units.get(unit, ())
        if len(form) <= 3 and form.isalpha() and not _UNSPACED.search(form)
    )
    number = rf"([0-9]{{1,4}}|{numbers.pattern})"
    made = [_Template("now", _any(lexicon.encode(form) for form in words.now), (), numbers, units)]
    for text in sorted(words.relative, key=lambda text: (-text.count("{unit}"), -len(text))):
        pieces = re.split(r"\{(n|unit)\}", text.strip())
        pattern = "".join(
            _pattern(lexicon.encode(piece)) if i % 2 == 0 else number if piece == "n" else f"({units.pattern})"
            for i, piece in enumerate(pieces)
        )
        made.append(_Template(text, pattern, tuple(pieces[1::2]), numbers, units))
    bare = rf"(?<![^ ])([0-9]{{1,3}})({short.pattern})(?![^ |·•,)-])"
    return [*made, _Template("{n}{unit}", bare, ("n", "unit"), numbers, units)]


def _clock(number: int, parts: Mapping[str, str], *, dot: str = "") -> str:
    """The pattern of a clock; ``dot`` is a branch for "20.55", beginning with ``|``."""
    half, zulu = parts["half"], parts["zulu"]
    # "4.15" is a rating: without `dot`, a dot needs am or pm behind it.
    mark = rf"(?::| ?{parts['hour']} ?|\.(?=[0-5][0-9] ?{half}){dot})"
    second = rf"(?:[:.](?P<second_{number}>{_SIXTY})(?:[.,][0-9]{{1,9}})?)?"
    minutes = rf"{mark}(?P<minute_{number}>{_SIXTY})(?: ?{parts['minute']})?{second}(?: ?(?P<half_{number}b>{half}))?"
    zone = rf"(?: ?(?P<zone_{number}>{zulu}?[+-][01][0-9]:?{_SIXTY}(?![0-9])|{zulu}))?"
    return (
        rf"(?:(?P<half_{number}a>{half}) ?)?{_LEFT}(?P<hour_{number}>{_HOUR})"
        rf"(?:{minutes}| ?(?P<half_{number}c>{half}))(?![0-9]|:[0-9]){zone}"
    )


def _dates(parts: Mapping[str, str]) -> str:
    """The pattern of a date with its year; the groups' names end in the number of the form."""
    month, filler, ordinal = parts["month"], parts["filler"], parts["ordinal"]
    between = rf"(?:[ .,/'-]|{filler})"
    short = r"(?<=['-])[0-9]{2}"
    after_year = rf"(?:{_RIGHT}|(?=[0-9]{{1,2}} ?{parts['unit']}))"
    forms = (
        rf"(?P<day_1>{_DAY}){ordinal}{between}{{0,4}}(?P<month_1>{month}){between}{{0,5}}(?P<year_1>{_YEAR}|{short})",
        rf"(?P<month_2>{month})[ .-]{{0,2}}(?P<day_2>{_DAY}){ordinal}{between}{{1,4}}(?P<year_2>{_YEAR}|{short})",
        rf"(?P<year_3>{_YEAR})(?:[ .,/-]|{parts['year']}){{0,3}}(?P<month_3>{month})[ .-]{{0,2}}(?P<day_3>{_DAY})"
        rf"{ordinal}(?: ?{parts['day']})?",
        rf"(?P<year_4>{_YEAR}) ?{parts['year']} ?(?P<month_4>1[0-2]|0?[1-9]) ?{parts['months']} ?(?P<day_4>{_DAY})"
        rf"(?: ?{parts['day']})?",
        rf"(?P<year_5>{_YEAR})(?P<sep_5>[./-]) ?(?P<month_5>1[0-2]|0?[1-9])(?P=sep_5) ?(?P<day_5>{_DAY})",
        rf"(?P<first>{_DAY})(?P<sep_6>[./-]) ?(?P<other>{_DAY})(?:(?P=sep_6) ?|, ?)(?P<year_6>{_YEAR}|[0-9]{{2}})",
    )
    return rf"{_LEFT}(?:{'|'.join(forms)}){after_year}"


def _yearless_dates(parts: Mapping[str, str]) -> str:
    """The pattern of a date without a year."""
    month, between = parts["month"], rf"(?:[ .-]|{parts['filler']})"
    forms = (
        rf"(?P<month_7>{month})[ .-]{{0,2}}(?P<day_7>{_DAY}){parts['ordinal']}",
        rf"(?P<day_8>{_DAY}){parts['ordinal']}{between}{{0,4}}(?P<month_8>{month})",
        rf"(?P<month_9>1[0-2]|0?[1-9]) ?{parts['months']} ?(?P<day_9>{_DAY}) ?{parts['day']}",
    )
    # A number that follows is a year that is not ours.
    return rf"{_LEFT}(?:{'|'.join(forms)}){_RIGHT}(?![ ,.']{{1,3}}[0-9]{{3,4}}(?![0-9]))"


def _absolute_patterns(parts: Mapping[str, str]) -> dict[str, str]:
    """Patterns of everything that is not relative, by name."""
    weekday, filler, back = parts["weekday"], parts["filler"], parts["back"]
    gap = rf"(?:[ ,.@|/·•()~-]|{filler}|{weekday}|{parts['iso']}){{1,8}}"
    before = rf"(?:{_clock(1, parts)}{gap})?"
    # Behind a date a dot will do if a filler leads to the clock ("um 9.05") or the hour has two digits.
    led = rf"[ ,.-]{{0,3}}{filler} ?{_clock(2, parts, dot='|[.]')}"
    after = rf"(?:{led}|{gap}{_clock(3, parts, dot='|(?<=[0-9][0-9])[.]')})?"
    named = rf"(?:{weekday}[ .,]{{0,3}}(?:{filler}[ ,]?)?)?"
    return {
        "date": rf"{before}{named}{_dates(parts)}{after}",
        "yearless": rf"{before}{named}{_yearless_dates(parts)}{after}",
        "day": rf"{before}(?P<back>{back}){after}|(?P<weekday>{weekday}){gap}{_clock(4, parts)}",
        "clock": _clock(1, parts),
        # "30 February 2020" is no day and no month either.
        "month": rf"(?<![0-9])(?<![0-9][ .,])(?<![0-9][.o] )(?P<month>{parts['month']})[ .,]{{0,2}}(?:{filler} ?)?(?P<year>{_YEAR}){_RIGHT}",
    }


class _Grammar:
    """The patterns of some locales over symbols, and the tables that give words their values.

    Attributes:
        patterns: By name, the surest kind first. In each, the group ``core`` leaves out words and marks around the time.
        needs: By the same names, symbols of which a line must have one: a test that is cheaper than the pattern.
        templates: For the names ``"ago"`` and ``"plain"``, which template stands in which group.
    """

    def __init__(self, locales: Sequence[TimeWords]) -> None:
        self.lexicon = lexicon = _Lexicon()
        self.months = lexicon.words(_numbered((words.months for words in locales), first=1))
        self.weekdays = lexicon.words(_numbered((words.weekdays for words in locales), first=0))
        halves = [((words.am, "am"), (words.pm, "pm")) for words in locales]
        self.halves = lexicon.words((form, half) for pair in halves for forms, half in pair for form in forms)
        days = [((words.today, 0), (words.yesterday, 1)) for words in locales]
        self.days = lexicon.words((form, back) for pair in days for forms, back in pair for form in forms)
        made = [template for words in locales for template in _templates(lexicon, words)]
        filler = _any(lexicon.encode(form) for words in locales for form in words.filler)
        forms = {unit: [form for words in locales for form in words.units.get(unit, ())] for unit in UNITS}
        units = {unit: _any(map(lexicon.encode, forms[unit])) for unit in UNITS}
        parts = {
            **{"year": units["year"], "months": units["month"], "day": units["day"]},
            **{"hour": units["hour"], "minute": units["minute"], "unit": f"(?:{'|'.join(units.values())})"},
            **{"month": self.months.pattern, "weekday": self.weekdays.pattern, "half": self.halves.pattern},
            **{"back": self.days.pattern, "filler": filler},
            # ISO 8601 and the two names of its zero meridian are in no language.
            **{"iso": _any([lexicon.encode("T")]), "zulu": _any(lexicon.encode(zone) for zone in ("Z", "UTC", "GMT"))},
        }
        short = "".join(symbol for word, symbol in lexicon.symbols.items() if len(word) <= 2)
        parts["ordinal"] = rf"(?:[o°.{short}](?![0-9]))?"
        texts = _absolute_patterns(parts)
        self.templates = {"ago": _grouped(t for t in made if not t.is_plain)}
        self.templates["plain"] = _grouped(t for t in made if t.is_plain)
        for name, templates in self.templates.items():
            texts[name] = rf"{_LEFT}(?:{'|'.join(f'({t.pattern})' for t in templates.values())})(?![0-9])"
        marks = r"[ ()\[\]|·•.,:;*-]"
        before, after = rf"(?:{marks}|{filler}){{0,4}}", rf"(?:{marks}|{filler}|{parts['weekday']}){{0,4}}"
        self.patterns = {name: re.compile(rf"{before}(?P<core>{texts[name]}){after}") for name in _ORDER}


# What a line is read as when it could be several things; `find` goes by it too.
_ORDER: Final = ("date", "yearless", "ago", "day", "clock", "month", "plain")


def _numbered(lists: Iterable[Sequence[Sequence[str]]], *, first: int) -> Iterable[tuple[str, int]]:
    return ((name, number) for names in lists for number, forms in enumerate(names, first) for name in forms)


def _grouped(templates: Iterable[_Template]) -> dict[int, _Template]:
    """Templates by the number of their group, in a pattern that has them all behind the group ``core``."""
    grouped: dict[int, _Template] = {}
    group = 2
    for template in templates:
        grouped[group] = template
        group += 1 + len(template.places)
    return grouped


# -- what was found ----------------------------------------------------------------------------------------------------


@attrs.frozen
class _Day:
    """The day that a time names; what it leaves open is ``None``.

    Attributes:
        year: Four digits.
        month: 1 to 12.
        day: 1 to 31.
        numeric: For "03/04/2021": first number, second number, the mark between them. Month and day are then open.
        back: Days before the day of the scrape ("yesterday" = 1).
        weekday: Monday = 0.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    numeric: tuple[int, int, str] | None = None
    back: int | None = None
    weekday: int | None = None


@attrs.frozen
class Found:
    """A time that a line shows.

    Attributes:
        start: Where it begins in the line, in code points.
        end: Where it ends, exclusive.
        kind: ``"relative"`` ("6 months ago", "right now", "3d"), ``"absolute"`` (a date, with or without year and clock;
            also "yesterday" and "Tuesday at 4:27 pm") or ``"clock"`` (a clock alone).
        unit: The smallest unit shown: one of :data:`UNITS`.
        shape: The surface form, the same for all times in one format: a relative time's template ("{n} {unit} ago"),
            or a mask: ``0`` a number, ``M`` a month, ``W`` a weekday, ``p`` am or pm, ``T`` today or yesterday,
            ``f`` a filler, ``u`` a unit, marks and blanks as they are.
    """

    start: int
    end: int
    kind: str
    unit: str
    shape: str
    _amounts: tuple[tuple[str, int], ...] = ()
    _day: _Day = _Day()
    _clock: tuple[int, int, int] | None = None
    _zone: tzinfo | None = None


def _full_year(text: str) -> int:
    """A year of two or four digits; 70 to 99 are of the last century, as in POSIX' ``%y`` (which splits at 69)."""
    year = int(text)
    return year if year > 99 else year + (1900 if year >= 70 else 2000)


def _date(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] else None


def _readings(day: _Day) -> tuple[date | None, date | None]:
    """The dates that a numeric date can mean: day first, month first."""
    assert day.year is not None and day.numeric is not None
    first, second, _ = day.numeric
    return _date(day.year, second, first), _date(day.year, first, second)


def _read_zone(text: str) -> tzinfo:
    match = re.search(r"([+-])([0-9]{2}):?([0-9]{2})", text)
    if match is None:
        return UTC
    seconds = int(match[2]) * 3600 + int(match[3]) * 60
    return tz.tzoffset(None, -seconds if match[1] == "-" else seconds)


def _read_clock(fields: Mapping[str, str], half: str | None) -> tuple[int, int, int] | None:
    if "hour" not in fields:
        return None
    hour = int(fields["hour"])
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return hour, int(fields.get("minute", 0)), int(fields.get("second", 0))


def _read_day(fields: Mapping[str, str], grammar: _Grammar) -> _Day | None:
    """The day in the groups of a match, ``None`` where there is no such day."""
    if "back" in fields:
        return _Day(back=grammar.days.value(fields["back"]))
    if "weekday" in fields:
        return _Day(weekday=grammar.weekdays.value(fields["weekday"]))
    year = _full_year(fields["year"]) if "year" in fields else None
    if "first" in fields:
        bare_version = fields["sep"] == "." and len(fields["year"]) == 2 and "hour" not in fields
        if bare_version and len(fields["first"] + fields["other"]) < 4:
            return None
        day = _Day(year=year, numeric=(int(fields["first"]), int(fields["other"]), fields["sep"]))
        return day if any(_readings(day)) else None
    if "month" not in fields:
        return _Day()
    text = fields["month"]
    month = int(text) if text.isdecimal() else grammar.months.value(text)
    if "day" not in fields:
        return _Day(year=year, month=month)
    number = int(fields["day"])
    # 2000 is a leap year: without a year, February 29 may stand.
    return _Day(year=year, month=month, day=number) if _date(year or 2000, month, number) else None


# -- reading -----------------------------------------------------------------------------------------------------------


class _Symbols:
    """A line's tokens and the symbol of each; ``text`` is the symbols joined."""

    def __init__(self, tokens: list[str], symbols: list[str]) -> None:
        self.text = "".join(symbols)
        self._tokens = tokens
        self._symbols = symbols

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where the symbols from ``start`` to ``end`` stand in the line, in code points."""
        lengths = [len(token) for token in self._tokens]
        ends = list(accumulate(lengths))
        seen = [i for i, symbol in enumerate(self._symbols) if symbol]
        return ends[seen[start]] - lengths[seen[start]], ends[seen[end - 1]]


class TimeReader:
    """Reads the times of some languages. Results depend on the words alone; what it keeps is only a memo of them.

    Args:
        words: The languages at once, the likeliest first: of a word with two meanings, the first one counts.
    """

    def __init__(self, words: Sequence[TimeWords]) -> None:
        self._words = tuple(words)
        self._memo: dict[str, Found | None] = {}

    def read(self, line: str) -> Found | None:
        """The time that the whole line is, fillers and marks around it included; ``None`` if it is anything else."""
        text = line.strip(_EDGE)
        if not text or len(text) > _READ_LIMIT or text.isdecimal():
            return None
        if (not _DIGIT.search(text) and not self._may_open(text)) or self._is_strange(text):
            return None
        try:
            return self._memo[line]
        except KeyError:
            pass
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        found = self._memo[line] = self._read(line)
        return found

    def find(self, line: str) -> Found | None:
        """The best time in a line of at most 200 characters: a date with a clock, a date, a relative time, today or
        yesterday, a clock, a month, a bare "3d"; the first one of its kind.

        A kind that prose has too (a date without a year, a bare "3d") must stand at an end of the line or between marks.
        """
        if len(line) > _FIND_LIMIT:
            return None
        found = self.read(line)
        if found is not None:
            return found
        symbols = self._symbols(line)
        if not self._openers.search(symbols.text):
            return None
        for name, pattern in self._grammar.patterns.items():
            if not self._grammar.needs[name].search(symbols.text):
                continue
            best = None
            for match in pattern.finditer(symbols.text):
                start, end = match.span("core")
                found = self._found(name, match, symbols, start, end)
                if found is None or not _stands_free(name, found, symbols.text, start, end):
                    continue
                if name not in ("date", "yearless") or found._clock is not None:
                    return found
                best = best or found
            if best is not None:
                return best
        return None

    @cached_property
    def _grammar(self) -> _Grammar:
        return _Grammar(self._words)

    @cached_property
    def _surfaces(self) -> dict[str, str]:
        return self._grammar.lexicon.surfaces()

    @cached_property
    def _openers(self) -> re.Pattern[str]:
        """What a time begins with: a digit, or a word of a time without digits."""
        lexicon = self._grammar.lexicon
        return re.compile("[0-9" + "".join(lexicon.encode(form)[0] for form in self._digitless()) + "]")

    @cached_property
    def _starts(self) -> frozenset[str]:
        """The first two characters of each line that may be a time without digits."""
        keys = {_key(form) for form in self._digitless()}
        short = {key for key in keys if len(key) == 1}
        return frozenset({key[:2] for key in keys} | {key + " " for key in short})

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
        grammar = self._grammar
        classes = (
            ("p", grammar.halves.values),
            ("M", grammar.months.values),
            ("W", grammar.weekdays.values),
            ("T", grammar.days.values),
        )
        table = {ord(symbol): "f" for symbol in grammar.lexicon.symbols.values()}
        for letter, values in reversed(classes):
            table.update({ord(symbol): letter for form in values for symbol in form if ord(symbol) >= _FIRST_WORD})
        return table | {ord(digit): "0" for digit in "0123456789"}

    def _may_open(self, text: str) -> bool:
        """Whether a line without digits may be a time, by its first two characters."""
        head = text[:2].casefold() if text.isascii() else _key(text[:4])[:2]
        return head in self._starts or head[:1] in self._starts

    def _is_strange(self, text: str) -> bool:
        """Whether the first longer word of a line is in no word list."""
        found = (_ASCII_LONG_WORD if text.isascii() else _LONG_WORD).search(text)
        if found is None:
            return False
        word = found[0]
        if _classify(word)[0] in self._grammar.lexicon.symbols:
            return False
        # "OnMarch" are two words.
        return word[1:] == word[1:].lower() or word == word.upper()

    def _symbol(self, token: str) -> str:
        """The symbol of a token; ``x`` for an unknown word, ``o`` for a short one: beside a digit it is an ordinal's."""
        symbol, is_word = _classify(token)
        return self._grammar.lexicon.symbols.get(symbol, "o" if len(symbol) <= 2 else "x") if is_word else symbol

    def _symbols(self, line: str) -> _Symbols:
        tokens = (_ASCII_TOKEN if line.isascii() else _TOKEN).findall(line)
        known = self._surfaces.get
        return _Symbols(tokens, [known(token) or self._symbol(token) for token in tokens])

    def _read(self, line: str) -> Found | None:
        symbols = self._symbols(line.rstrip(_EDGE))
        if "x" in symbols.text or "?" in symbols.text:
            return None
        start = len(symbols.text) - len(symbols.text.lstrip())
        for name, pattern in self._grammar.patterns.items():
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
        if day is None:
            return None
        clock = _read_clock(fields, grammar.halves.value(fields["half"]) if "half" in fields else None)
        unit = next((unit for unit in ("second", "minute", "hour", "day") if unit in fields), "day")
        unit = "month" if name == "month" else unit
        zone = _read_zone(fields["zone"]) if "zone" in fields else None
        shape = re.sub(r"(.)\1+", r"\1", match["core"].translate(self._shapes))
        return Found(*place, "clock" if name == "clock" else "absolute", unit, shape, (), day, clock, zone)


def _stands_free(name: str, found: Found, symbols: str, start: int, end: int) -> bool:
    """Whether what is left and right of a time does not make it a part of a sentence."""
    if name in ("date", "ago") or (found._clock is not None and name != "clock"):
        return True
    before, after = symbols[:start].rstrip(), symbols[end:].lstrip()
    left = not before or before[-1] in "|·•-,(@~/[:"
    right = not after or after[0] in "|·•-,)@~/]:."
    return (left and right) or (name != "clock" and not (before and after)) or "p" in found.shape


# -- resolving ---------------------------------------------------------------------------------------------------------


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
            relative times, of a clock alone, and of dates without a year.
        timezone: Of the site. A time that states its own zone keeps that.
        day_first: Whether "03/04/2021" is in April. ``None``: with dots it is (as in all countries that write dots), with
            other marks the interval spans both readings.
        rounding: How the platform rounds relative times. ``"calendar"``: the calendar difference, floored (wpDiscuz).
            ``"nearest"``: to the nearest multiple of a unit, a month of 30 and a year of 365 days (WordPress).
            ``"unknown"``: the union of these two and of the same lengths floored.

    Raises:
        ValueError: ``rounding`` is none of the three.
    """
    if rounding not in _ROUNDINGS:
        raise ValueError(f"expected rounding to be one of {', '.join(_ROUNDINGS)}, got {rounding!r}")
    now = None if scraped_at is None else _to_utc(scraped_at, timezone)
    if found.kind == "relative":
        if now is None:
            return None, None
        spans = [span(found._amounts, now, timezone) for span in _ROUNDINGS[rounding]]
    else:
        zone = found._zone or timezone
        wall = None if now is None else _to_wall(now, zone)
        days = _candidates(found, wall, day_first)
        if not days:
            return None, None
        spans = [_span_of_day(found, day, zone) for day in days]
    ends = [end for span in spans for end in span]
    return min(ends), max(ends)


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
        return _EARLIEST if by > timedelta(0) else _LATEST


def _months_earlier(moment: datetime, months: int, zone: tzinfo, *, late: bool) -> datetime:
    """``months`` calendar months before.

    A month before March 31 there is no February 31. relativedelta clips to February 28; PHP counts a month from any hour
    of the 28th. With ``late`` a clipped result is therefore moved to the last instant of its month.
    """
    if not months:
        return moment
    wall = _to_wall(moment, zone)
    try:
        shifted = wall - relativedelta(months=months)
    except (ValueError, OverflowError):
        return _EARLIEST
    if late and shifted.day != wall.day:
        shifted = datetime.combine(shifted, time.max)
    return _to_utc(shifted, zone)


_Amounts = tuple[tuple[str, int], ...]
_Span = tuple[datetime, datetime]

# "right now" and its kin: less than a minute (wpDiscuz and XenForo alike).
_NOW: Final = timedelta(minutes=1)


def _calendar_span(amounts: _Amounts, now: datetime, zone: tzinfo) -> _Span:
    """PHP's ``DateTime::diff``, floored at the last unit shown.

    Whether the days or the months are taken off first decides, in "1 month 23 days", about the length of the month in
    between; versions of PHP differ, so both orders count.
    """
    if not amounts:
        return _earlier(now, _NOW), now
    unit, number = amounts[-1]
    ends = []
    for stated, late in (((*amounts[:-1], (unit, number + 1)), False), (amounts, True)):
        months = sum(n * {"year": 12, "month": 1}.get(u, 0) for u, n in stated)
        rest = sum((n * _LENGTH[u] for u, n in stated if u not in ("year", "month")), timedelta(0))
        ends.append(_months_earlier(_earlier(now, rest), months, zone, late=late))
        ends.append(_earlier(_months_earlier(now, months, zone, late=late), rest))
    return min(ends), max(ends)


def _nearest_span(amounts: _Amounts, now: datetime, zone: tzinfo) -> _Span:
    """Half a unit to each side; "1 minute" is also what is shown for less (WordPress never says 0)."""
    if not amounts:
        return _earlier(now, _NOW), now
    total = sum((number * _LENGTH[unit] for unit, number in amounts), timedelta(0))
    half = _LENGTH[amounts[-1][0]] / 2
    latest = now if total <= _LENGTH["minute"] else _earlier(now, total - half)
    return _earlier(now, total + half), latest


def _floored_span(amounts: _Amounts, now: datetime, zone: tzinfo) -> _Span:
    """Fixed lengths, floored at the last unit shown."""
    if not amounts:
        return _earlier(now, _NOW), now
    total = sum((number * _LENGTH[unit] for unit, number in amounts), timedelta(0))
    return _earlier(now, total + _LENGTH[amounts[-1][0]]), _earlier(now, total)


_ROUNDINGS: Final = {
    "calendar": (_calendar_span,),
    "nearest": (_nearest_span,),
    "unknown": (_calendar_span, _nearest_span, _floored_span),
}


def _candidates(found: Found, wall: datetime | None, day_first: bool | None) -> list[date]:
    """The days that a time can mean; none if that takes the moment of the scrape and it is not known."""
    day = found._day
    if day.numeric is not None:
        by_day, by_month = _readings(day)
        if day_first is None and day.numeric[2] == ".":
            day_first = True
        if by_day is None or by_month is None or day_first is None:
            return [reading for reading in (by_day, by_month) if reading is not None]
        return [by_day if day_first else by_month]
    if day.year is not None and day.month is not None:
        return [date(day.year, day.month, day.day or 1)]
    if wall is None:
        return []
    if day.month is not None and day.day is not None:
        return _latest_date(day.month, day.day, wall)
    back = day.back or 0
    if day.back is None and found._clock is not None:
        back = 0 if day.weekday is None else (wall.weekday() - day.weekday) % 7
        if back == 0 and time(*found._clock) > wall.time():
            back = 1 if day.weekday is None else 7
    return [date.fromordinal(max(wall.toordinal() - back, 1))]


def _latest_date(month: int, day: int, wall: datetime) -> list[date]:
    """The latest date of this month and day that is at most a day ahead (of a site further east)."""
    limit = date.fromordinal(min(wall.toordinal() + 1, date.max.toordinal()))
    # Between two February 29ths lie up to eight years.
    for year in range(limit.year, max(limit.year - 9, 0), -1):
        candidate = _date(year, month, day)
        if candidate is not None and candidate <= limit:
            return [candidate]
    return []


def _span_of_day(found: Found, day: date, zone: tzinfo) -> _Span:
    """The first and the last instant of what is shown: a month, a day, an hour, a minute or a second."""
    start = datetime.combine(day, time(*(found._clock or (0, 0, 0))))
    end = start.replace(microsecond=999_999)
    if found.unit != "second":
        end = end.replace(second=59)
    if found.unit in ("month", "day", "hour"):
        end = end.replace(minute=59)
    if found.unit in ("month", "day"):
        end = end.replace(hour=23)
    if found.unit == "month":
        end = end.replace(day=calendar.monthrange(day.year, day.month)[1])
    # An hour that summer time repeats counts both times.
    return _to_utc(start, zone), _to_utc(end.replace(fold=1), zone)


def day_first_evidence(founds: Iterable[Found]) -> bool | None:
    """Whether the numeric dates of one page, in its order, put the day first; ``None`` if they do not tell.

    A date that is possible in one reading only decides. Else the reading in whose order the dates never turn, forwards or
    backwards, if the other reading's do.
    """
    numeric = [found for found in founds if found._day.numeric is not None]
    readings = [_readings(found._day) for found in numeric]
    only_day = any(by_month is None for _, by_month in readings)
    only_month = any(by_day is None for by_day, _ in readings)
    if only_day or only_month:
        return only_day if only_day != only_month else None
    steady = []
    for reading in zip(*readings, strict=True):
        moments = [(day, found._clock or (0, 0, 0)) for day, found in zip(reading, numeric, strict=True)]
        steady.append(moments in (sorted(moments), sorted(moments, reverse=True)))
    return steady[0] if len(set(steady)) == 2 else None
