"""Lines as symbols, and the patterns of times over symbols.

In: the words of some locales; then tokens of a line. Out: symbols, compiled patterns, and tables that give matched
words their values. What the patterns are for, and in which order they are tried, is told in ``_times``.

A *symbol* stands for one token: a word of the data has a code point of its own, a digit of any script is its ASCII
digit, a run of white space is one blank, a mark is itself in its plainest form, an unknown word is ``x`` (``o`` when it
has one or two letters: glued to a digit it is an ordinal's, as in "5th" or "1er"), anything else ``?``; what cannot be
seen is nothing. So a word list is a character class, digits keep their values, and only relative templates differ from
locale to locale.

All repeats are bounded and none is nested.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, Generic, TypeVar

import attrs
import regex

from ._timewords import UNITS, TimeWords

# -- tokens and symbols ------------------------------------------------------------------------------------------------

# Scripts that write words without spaces (Hangul: its units are glued to numbers and to "ago"); a letter is a token.
_SCRIPT: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_LETTER: Final = r"\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{M}\p{Cf}"
# A word ends where a small letter meets a capital ("RoyMarch"), and before a capital with small letters ("RJToday").
_TOKEN: Final = regex.compile(
    rf"[{_SCRIPT}]|\p{{Lu}}?[[{_LETTER}]--[{_SCRIPT}]]+|\p{{Lu}}+(?!\p{{Ll}})|\s+|.", regex.DOTALL | regex.VERSION1
)
# The same for ASCII, where most lines are and where `re` is three times as fast.
_ASCII_TOKEN: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\s+|.", re.DOTALL)
_LONG_WORD: Final = regex.compile(rf"[[\p{{Lu}}{_LETTER}]--[{_SCRIPT}\p{{Cf}}]]{{3,}}", regex.VERSION1)
_ASCII_LONG_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_UNSPACED: Final = regex.compile(rf"[{_SCRIPT}]")
_INVISIBLE: Final = regex.compile(r"\p{Cf}+")
# Words whose symbols are kept, in number and in letters: what a language's common words are, and a few megabytes.
_MAX_KEPT: Final = 20_000
_MAX_KEPT_LETTERS: Final = 24
# Symbols of words start here: code points that no other symbol uses, in the plane where `re` has fast sets.
_FIRST_WORD: Final = 0x4E00
_MARKS: Final = {
    **{mark: mark for mark in "!\"#%&'()*+,-./:;<=>@[]|~·•°"},
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc`\u00b4\u2032", "'"),
    **dict.fromkeys("\u060c\u3001", ","),
    "\u2236": ":",
    "\u2044": "/",
    "\u2219": "·",
}


def fold(token: str) -> str:
    """A word as it is compared: compatibility form, case folded, no invisible characters, no Turkish dots."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", token).casefold())
    return folded.replace("\u0131", "i").replace("\u0307", "")


def tokenize(line: str) -> list[str]:
    """The tokens of a line; joined, they are the line."""
    return (_ASCII_TOKEN if line.isascii() else _TOKEN).findall(line)


def _classify(token: str) -> tuple[str, bool]:
    """A token's symbol and ``False``, or a word's folded form and ``True``."""
    if token.isascii() and token.isalpha():
        return token.lower(), True
    if token.isspace():
        return " ", False
    digit = unicodedata.decimal(token, None) if len(token) == 1 else None
    if digit is not None:
        return str(digit), False
    key = fold(token)
    if key[:1].isalpha():
        return key, True
    return _MARKS.get(token) or (_MARKS.get(key, "?") if key else ""), False


_Value = TypeVar("_Value")


@attrs.frozen
class Words(Generic[_Value]):
    """Forms with a value each.

    Attributes:
        pattern: Matches any of the forms; a blank in them may be missing in the line.
        values: By the form without blanks.
    """

    pattern: str
    values: Mapping[str, _Value]

    @property
    def heads(self) -> str:
        """The symbols that the forms begin with."""
        return "".join(sorted({form[0] for form in self.values}))

    def value(self, matched: str) -> _Value:
        """The value of a form that ``pattern`` matched."""
        return self.values[matched.replace(" ", "")]


class Lexicon:
    """The symbols of all words of some locales.

    Attributes:
        symbols: Folded words to symbols; names of zones as they stand, in capitals, since "est" is a French word.
    """

    def __init__(self) -> None:
        self.symbols: dict[str, str] = {}

    def encode(self, form: str) -> str:
        """The symbols of a form of the data; a word that is new gets one."""
        parts = [_classify(token) for token in tokenize(form)]
        return "".join(
            self.symbols.setdefault(part, chr(_FIRST_WORD + len(self.symbols))) if is_word else part
            for part, is_word in parts
        )

    def words(self, pairs: Iterable[tuple[str, _Value]]) -> Words[_Value]:
        """Forms and their values; of two equal forms the first one counts."""
        forms: list[str] = []
        values: dict[str, _Value] = {}
        for form, value in pairs:
            forms.append(self.encode(form.strip()))
            values.setdefault(forms[-1].replace(" ", ""), value)
        return Words(any_of(forms), values)

    def zones(self, pairs: Iterable[tuple[str, str]]) -> Words[str]:
        """Names of zones, which count in capitals only, and those in no language, with their values."""
        values = {self.encode(name): value for name, value in _MERIDIAN.items()}
        values |= {self.symbols.setdefault(name, chr(_FIRST_WORD + len(self.symbols))): value for name, value in pairs}
        return Words(any_of(values), values)

    def symbol(self, token: str) -> str:
        """The symbol of any token; nothing is added."""
        part, is_word = _classify(token)
        return self.symbols.get(part, "o" if len(part) <= 2 else "x") if is_word else part

    @cached_property
    def surfaces(self) -> Surfaces:
        """Tokens to symbols, as :meth:`symbol` tells them; for lexicons to which nothing is added any more."""
        table = Surfaces(self)
        table.update({char: char for char in "0123456789 "} | {"  ": " "} | _MARKS)
        for word, symbol in self.symbols.items():
            written = {word} if word.isupper() else {word, word.capitalize(), word.upper()}
            table.update(dict.fromkeys(written, symbol))
        return table

    def is_foreign(self, text: str) -> bool:
        """Whether the first longer word of a text is in no word list, so that the text as a whole is no time."""
        found = (_ASCII_LONG_WORD if text.isascii() else _LONG_WORD).search(text)
        if found is None or found[0] in self.symbols or _classify(found[0])[0] in self.symbols:
            return False
        # "OnMarch" are two words.
        return found[0][1:] == found[0][1:].lower() or found[0] == found[0].upper()


class Surfaces(dict[str, str]):
    """Tokens as they stand in lines, with their symbols; those of words that are asked for again are kept."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def __missing__(self, token: str) -> str:
        symbol = self._lexicon.symbol(token)
        if len(self) < _MAX_KEPT and len(token) <= _MAX_KEPT_LETTERS:
            self[token] = symbol
        return symbol


def _pattern(symbols: str) -> str:
    """A pattern for a form; a blank in it may be missing in the line."""
    return "".join(" ?" if symbol == " " else re.escape(symbol) for symbol in symbols)


def any_of(forms: Iterable[str]) -> str:
    """A pattern for any of some encoded forms, longest first; matches nothing where there are none."""
    unique = set(forms)
    single = "".join(sorted(re.escape(form) for form in unique if len(form) == 1))
    several = sorted((form for form in unique if len(form) > 1), key=lambda form: (-len(form), form))
    branches = [_pattern(form) for form in several] + ([f"[{single}]"] if single else [])
    return f"(?:{'|'.join(branches)})" if branches else r"(?!)"


# -- relative templates ------------------------------------------------------------------------------------------------


@attrs.frozen
class Template:
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
    numbers: Words[int]
    units: Words[str]

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


def _templates(lexicon: Lexicon, words: TimeWords) -> list[Template]:
    """All relative forms of one locale: the phrases for now, the templates with two amounts before the others, "3d"."""
    numbers = lexicon.words(words.numbers.items())
    forms = [(form, unit) for unit in UNITS for form in words.units.get(unit, ())]
    units = lexicon.words(forms)
    now = lexicon.words((form, None) for form in words.now)
    made = [Template("now", now.pattern, (), numbers, units)]
    place = {"n": rf"([0-9]{{1,4}}|{numbers.pattern})", "unit": f"({units.pattern})"}
    for text in sorted(words.relative, key=lambda text: (-text.count("{unit}"), -len(text))):
        pieces = re.split(r"\{(n|unit)\}", text.strip())
        literals = [_pattern(lexicon.encode(piece)) for piece in pieces[::2]]
        filled = [literal + place[name] for literal, name in zip(literals, pieces[1::2], strict=False)]
        made.append(Template(text, "".join(filled) + literals[-1], tuple(pieces[1::2]), numbers, units))
    short = [pair for pair in forms if len(pair[0]) <= 3 and pair[0].isalpha() and not _UNSPACED.search(pair[0])]
    bare = rf"(?<![^ ])([0-9]{{1,3}})({lexicon.words(short).pattern})(?![^ |·•,)-])"
    return [*made, Template("{n}{unit}", bare, ("n", "unit"), numbers, units)]


def _grouped(templates: Iterable[Template]) -> dict[int, Template]:
    """Templates by the number of their group, in a pattern that has them all behind the group ``core``."""
    grouped: dict[int, Template] = {}
    group = 2
    for template in templates:
        grouped[group] = template
        group += 1 + len(template.places)
    return grouped


# -- dates and clocks --------------------------------------------------------------------------------------------------

# No digit may stand directly before a number, nor a digit with a mark that goes on with it (versions, ranges).
_LEFT: Final = r"(?<![0-9])(?<![0-9][.:/,-])"
_RIGHT: Final = r"(?![0-9]|[.:/-][0-9])"
# 1900 to 2199: no comment is older, and the years of other eras (1403, 2567) are not to be read as ours.
_YEAR: Final = r"(?:19|20|21)[0-9]{2}"
_MONTH: Final = r"(?:1[0-2]|0?[1-9])"
_DAY: Final = r"(?:3[01]|[12][0-9]|0?[1-9])"
_HOUR: Final = r"(?:2[0-3]|[01]?[0-9])"
_SIXTY: Final = r"[0-5][0-9]"
# Behind a zone's name: "GMT+1", "UTC-05:30".
_OFFSET: Final = rf"(?:1[0-4]|0?[0-9])(?::?{_SIXTY})?"
# The letter of ISO 8601, and the two names of its zero meridian, are in no language.
_MERIDIAN: Final = dict.fromkeys(("Z", "UTC", "GMT"), "+00:00")


def _clock(number: int, parts: Mapping[str, str], *, dot: str = "") -> str:
    """The pattern of a clock; ``dot`` is a branch for "20.55", beginning with ``|``.

    Here and below, names of groups end in ``_`` and a number where one pattern has them several times.
    """
    half, zone = parts["half"], parts["zone"]
    # "4.15" is a rating: without `dot`, a dot needs am or pm behind it.
    mark = rf"(?::| ?{parts['hour_unit']} ?|\.(?=[0-5][0-9] ?{half}){dot})"
    second = rf"(?:[:.](?P<second_{number}>{_SIXTY})(?:[.,][0-9]{{1,9}})?)?"
    minute = rf"(?P<minute_{number}>{_SIXTY})(?: ?{parts['minute_unit']})?"
    # "14:05h" has the unit behind the minutes too.
    minutes = rf"{mark}{minute}{second}(?:{parts['hour_unit']}| ?(?P<half_{number}b>{half}))?"
    # Behind a clock stands EST, GMT-0500 (EST) or (EST). Brackets alone are no part of the time: by those templates
    # know LiveJournal.
    zone = rf"(?: ?(?P<zone_{number}a>{zone})(?: ?\({zone}\))?|(?= ?\((?P<zone_{number}b>{zone})\)))?"
    return (
        rf"(?:(?P<half_{number}a>{half}) ?)?{_LEFT}(?P<hour_{number}>{_HOUR})"
        rf"(?:{minutes}| ?(?P<half_{number}c>{half}))(?:(?<![0-9])|(?![0-9]|:[0-9])){zone}"
    )


def _dates(parts: Mapping[str, str]) -> str:
    """The pattern of a date with its year."""
    month, filler, th = parts["month"], parts["filler"], parts["ordinal"]
    year_unit, month_unit, unit = parts["year_unit"], parts["month_unit"], rf"(?: ?{parts['day_unit']})?"
    between = rf"(?:[ .,/'-]|{filler})"
    short = r"(?<=['-])[0-9]{2}"
    last_day = rf"(?P<day_3>{_DAY}){th}{unit}(?! ?,? ?{_YEAR}{_RIGHT})"
    forms = (
        # 5 May 2021, 16. March, 2023, 5-May-21, 05/May/21
        rf"(?P<day_1>{_DAY}){th}{between}{{0,4}}(?P<month_1>{month}){between}{{0,5}}(?P<year_1>{_YEAR}|{short}|(?<=/)[0-9]{{2}})",
        # 2021 May 5; 2021年3月5日 where "3月" is a month's name. In "Wren2001 May 5, 2021" the year stands behind.
        rf"(?P<year_3>{_YEAR})(?:[ .,/-]|{year_unit}){{,3}}(?P<month_3>{month})[ .-]{{,2}}{last_day}",
        # 2021年3月5日 where "月" is the unit
        rf"(?P<year_4>{_YEAR}) ?{year_unit} ?(?P<month_4>{_MONTH}) ?{month_unit} ?(?P<day_4>{_DAY}){unit}",
        # 2021-03-05
        rf"(?P<year_5>{_YEAR})(?P<mark_5>[./-]) ?(?P<month_5>{_MONTH})(?P=mark_5) ?(?P<day_5>{_DAY})",
        # 05.03.2021, 12/29/14, 17.07, 2011
        rf"(?P<first>{_DAY})(?P<mark_6>[./-]) ?(?P<other>{_DAY})(?:(?P=mark_6) ?|, ?)(?P<year_6>{_YEAR}|[0-9]{{2}})",
    )
    # May 5th, 2021, Nov 5 '10; behind a name that ends in a number too: "tinroof77August 13, 2019".
    named = rf"(?P<month_2>{month})[ .-]{{0,2}}(?P<day_2>{_DAY}){th}{between}{{1,4}}(?P<year_2>{_YEAR}|{short})"
    # "June 14, 20241 yr" is a date and another time, "June 14, 20244:15 pm" a date and a clock without its day.
    return rf"(?:{named}|{_LEFT}(?:{'|'.join(forms)}))(?:{_RIGHT}|(?=[0-9]{{1,2}}(?: ?{parts['unit']}|:{_SIXTY})))"


def _yearless_dates(parts: Mapping[str, str]) -> str:
    """The pattern of a date without a year."""
    month, th = parts["month"], parts["ordinal"]
    forms = (
        rf"(?P<month_7>{month})[ .-]{{0,2}}(?P<day_7>{_DAY}){th}",
        rf"(?P<day_8>{_DAY}){th}(?:[ .-]|{parts['filler']}){{0,4}}(?P<month_8>{month})",
        rf"(?P<month_9>{_MONTH}) ?{parts['month_unit']} ?(?P<day_9>{_DAY}) ?{parts['day_unit']}",
    )
    # A longer number that follows is a year that is not ours.
    return rf"{_LEFT}(?:{'|'.join(forms)}){_RIGHT}(?![ ,.']{{1,3}}[0-9]{{3,4}}(?![0-9]))"


def _absolute_patterns(parts: Mapping[str, str]) -> dict[str, str]:
    """Patterns of everything that is not relative, by name."""
    month, weekday, filler, back = parts["month"], parts["weekday"], parts["filler"], parts["back"]
    gap = rf"(?:[ ,.@|/·•()~-]|{filler}|{weekday}|{parts['iso']}){{0,8}}"
    before = rf"(?:{_clock(1, parts)}{gap})?"
    # Behind a date a dot will do if a filler leads to the clock ("um 9.05") or the hour has two digits.
    led = rf"[ ,.-]{{0,3}}{filler} ?{_clock(2, parts, dot='|[.]')}"
    after = rf"(?:{led}|{gap}{_clock(3, parts, dot='|(?<=[0-9][0-9])[.]')})?"
    named = rf"(?:{weekday}[ .,]{{0,3}}(?:{filler}[ ,]?)?)?"
    # C's ctime(): May 5 14:22:01 2021
    ctime = rf"(?P<month_c>{month}) {{0,2}}(?P<day_c>{_DAY}) {_clock(4, parts)} (?P<year_c>{_YEAR}){_RIGHT}"
    return {
        "date": rf"{before}{named}{_dates(parts)}{after}|{named}{ctime}",
        "yearless": rf"{before}{named}{_yearless_dates(parts)}{after}",
        "day": rf"{before}(?P<back>{back}){after}|(?P<weekday>{weekday}){gap}{_clock(5, parts)}",
        "clock": _clock(1, parts),
        # "30 February 2020" is no day and no month either.
        "month": rf"(?<![0-9])(?<![0-9][ .,])(?<![0-9][.o] )(?P<month>{month})[ .,]{{0,2}}(?:{filler} ?)?"
        rf"(?P<year>{_YEAR}){_RIGHT}",
    }


# -- the grammar -------------------------------------------------------------------------------------------------------

# Kinds of times that have a digit.
NUMERIC: Final = frozenset({"date", "yearless", "clock", "month"})
# The surest kind first: what a line is read as when it could be several things.
_ORDER: Final = ("date", "yearless", "ago", "day", "clock", "month", "plain")


class Grammar:
    """The patterns of some locales over symbols, and the tables that give words their values.

    Attributes:
        lexicon: The symbols of all words.
        months: Names of months, 1 to 12.
        weekdays: Names of weekdays, Monday 0.
        halves: ``"am"`` and ``"pm"``.
        days: Names of days, by how many days they lie back.
        zones: Names of time zones, with what they are ahead of UTC, ``""`` if that is not known.
        templates: For the names ``"ago"`` and ``"plain"``, which template stands in which group.
        patterns: By name, the surest kind first. In each, the group ``core`` leaves out what stands around the time.
        needs: By the same names, symbols of which a line must have one: a test that is cheaper than the pattern.
    """

    def __init__(self, locales: Sequence[TimeWords]) -> None:
        self.lexicon = lexicon = Lexicon()
        self.months = lexicon.words(_numbered((words.months for words in locales), first=1))
        self.weekdays = lexicon.words(_numbered((words.weekdays for words in locales), first=0))
        self.halves = lexicon.words(_named({"am": words.am, "pm": words.pm} for words in locales))
        self.days = lexicon.words(_named({0: words.today, 1: words.yesterday} for words in locales))
        self.zones = lexicon.zones(pair for words in locales for pair in words.zones.items())
        self._fillers = lexicon.words((form, None) for words in locales for form in words.filler)
        self._now = lexicon.words((form, None) for words in locales for form in words.now)
        self._units = {
            unit: lexicon.words(_named({unit: words.units.get(unit, ())} for words in locales)) for unit in UNITS
        }
        made = [template for words in locales for template in _templates(lexicon, words)]
        self.templates = {
            "ago": _grouped(template for template in made if not template.is_plain),
            "plain": _grouped(template for template in made if template.is_plain),
        }
        self.patterns = self._patterns()
        self.needs = self._needs()

    def _parts(self) -> dict[str, str]:
        """The patterns that the others are made of."""
        parts = {f"{unit}_unit": words.pattern for unit, words in self._units.items()}
        parts["unit"] = f"(?:{'|'.join(parts.values())})"
        parts |= {"month": self.months.pattern, "weekday": self.weekdays.pattern, "half": self.halves.pattern}
        parts |= {"back": self.days.pattern, "filler": self._fillers.pattern}
        parts["iso"] = self.lexicon.encode("T")
        zone = self.zones.pattern
        parts["zone"] = rf"(?:(?:{zone})?[+-][01][0-9]:?{_SIXTY}(?![0-9])|{zone}(?: ?[+-]{_OFFSET}(?![0-9]))?)"
        short = "".join(symbol for word, symbol in self.lexicon.symbols.items() if len(word) <= 2)
        parts["ordinal"] = rf"(?:[o°.{short}](?![0-9]))?"
        return parts

    def _patterns(self) -> dict[str, re.Pattern[str]]:
        parts = self._parts()
        texts = _absolute_patterns(parts)
        for name, templates in self.templates.items():
            branches = "|".join(f"({template.pattern})" for template in templates.values())
            texts[name] = rf"{_LEFT}(?:{branches})(?![0-9])"
        marks = rf"[ ()\[\]|·•.,:;*-]|{parts['filler']}"
        return {
            name: re.compile(rf"(?:{marks}){{0,4}}(?P<core>{texts[name]})(?:{marks}|{parts['weekday']}){{0,4}}")
            for name in _ORDER
        }

    def _needs(self) -> dict[str, re.Pattern[str]]:
        units = {unit: words.heads for unit, words in self._units.items()}
        any_unit = "".join(units.values())
        heads = {
            "date": self.months.heads + units["year"] + "./-",
            "yearless": self.months.heads + units["month"],
            "ago": any_unit + self._now.heads,
            "day": self.days.heads + self.weekdays.heads,
            "clock": self.halves.heads + units["hour"] + ":",
            "month": self.months.heads,
            "plain": any_unit,
        }
        return {name: re.compile(any_of(heads[name])) for name in _ORDER}


def _numbered(lists: Iterable[Sequence[Sequence[str]]], *, first: int) -> Iterable[tuple[str, int]]:
    return ((name, number) for names in lists for number, forms in enumerate(names, first) for name in forms)


def _named(tables: Iterable[Mapping[_Value, Sequence[str]]]) -> Iterable[tuple[str, _Value]]:
    return ((form, value) for table in tables for value, forms in table.items() for form in forms)
