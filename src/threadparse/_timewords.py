"""The words for times of one language: the ``[time]`` table of a locale file, checked.

In: decoded TOML. Out: :class:`TimeWords`, or a ``DataError`` that names file and key. How the words are recognised is
the business of ``_timegrammar``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from ._errors import DataError

UNITS: Final = ("year", "month", "week", "day", "hour", "minute", "second")

# A user may bring a file of their own: these bounds keep the patterns made of it small. The longest form of the 18
# languages that wpDiscuz speaks has 24 code points, the longest list about 30 entries.
_FORM_LIMIT: Final = 100
_LIST_LIMIT: Final = 200
# Of a relative time, as many digits as a number can have.
_NUMBER_LIMIT: Final = 9999

# The zones in use are 12 hours behind UTC to 14 ahead.
_OFFSET: Final = re.compile(r"(?:[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?")

_FORM_KEYS: Final = ("now", "relative", "today", "yesterday", "am", "pm", "filler")
_NAME_KEYS: Final = {"months": 12, "weekdays": 7}


@attrs.frozen
class TimeWords:
    """The words of one language for times. Case, width of white space and Unicode form of a word do not matter.

    Attributes:
        now: Phrases for this very moment ("right now").
        relative: Templates of ``{n}`` and ``{unit}``, in pairs, one or two of them ("{n} {unit} ago"). A template
            without ``{n}`` means one unit; one without any word ("{n} {unit}") is for languages that have no "ago".
        today: Names of the day of the scrape.
        yesterday: Names of the day before.
        am: Marks of the hours before noon.
        pm: Marks of the hours after noon.
        filler: Words around dates and clocks that say nothing ("at", "Uhr").
        months: Names of the 12 months, January first.
        weekdays: Names of the 7 days, Monday first.
        units: Names of the units of time, by the keys of :data:`UNITS`.
        numbers: Words for numbers ("an" = 1), 0 to 9999.
        zones: Names of time zones, in capitals, with what they are ahead of UTC ("EST" = "-05:00"), ``""`` if several
            zones have the name.
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
    zones: Mapping[str, str] = attrs.field(factory=dict, hash=False)

    @classmethod
    def from_data(cls, data: object, *, file: str) -> TimeWords:
        """The words in a decoded ``[time]`` table; a key that is missing leaves its field empty.

        Raises:
            DataError: A type, key, length or placeholder is wrong; names ``file`` and the dotted key.
        """
        table = _table(data, file=file, key="time")
        fields: dict[str, Any] = {}
        for name, value in table.items():
            key = f"time.{name}"
            if name in _FORM_KEYS:
                fields[name] = _forms(value, file=file, key=key)
            elif name in _NAME_KEYS:
                fields[name] = _name_lists(value, _NAME_KEYS[name], file=file, key=key)
            elif name == "units":
                fields[name] = _units(value, file=file, key=key)
            elif name == "numbers":
                fields[name] = _numbers(value, file=file, key=key)
            elif name == "zones":
                fields[name] = _zones(value, file=file, key=key)
            else:
                raise DataError("unknown key", file=file, key=key)
        for template in fields.get("relative", ()):
            _check_template(template, file=file, key="time.relative")
        return cls(**fields)


def _table(data: object, *, file: str, key: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping) or not all(isinstance(name, str) for name in data):
        raise DataError("expected a table", file=file, key=key)
    return data


def _list(data: object, *, file: str, key: str) -> Sequence[object]:
    if not isinstance(data, (list, tuple)):
        raise DataError("expected a list", file=file, key=key)
    if len(data) > _LIST_LIMIT:
        raise DataError(f"more than {_LIST_LIMIT} entries", file=file, key=key)
    return data


def _form(data: object, *, file: str, key: str) -> str:
    if not isinstance(data, str) or all(char.isspace() or unicodedata.category(char) == "Cf" for char in data):
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


def _units(data: object, *, file: str, key: str) -> dict[str, tuple[str, ...]]:
    units = {}
    for unit, forms in _table(data, file=file, key=key).items():
        if unit not in UNITS:
            raise DataError(f"unknown unit; there are {', '.join(UNITS)}", file=file, key=f"{key}.{unit}")
        units[unit] = _forms(forms, file=file, key=f"{key}.{unit}")
    return units


def _numbers(data: object, *, file: str, key: str) -> dict[str, int]:
    numbers = {}
    for word, number in _table(data, file=file, key=key).items():
        if type(number) is not int or not 0 <= number <= _NUMBER_LIMIT:
            raise DataError(f"expected a whole number from 0 to {_NUMBER_LIMIT}", file=file, key=f"{key}.{word}")
        numbers[_form(word, file=file, key=f"{key}.{word}")] = number
    return numbers


def _zones(data: object, *, file: str, key: str) -> dict[str, str]:
    zones = {}
    for name, offset in _table(data, file=file, key=key).items():
        if not isinstance(offset, str) or not _OFFSET.fullmatch(offset):
            raise DataError("expected an offset like +05:30, or nothing", file=file, key=f"{key}.{name}")
        if not name.isalpha() or not name.isupper():
            raise DataError("expected letters, all of them capitals", file=file, key=f"{key}.{name}")
        zones[_form(name, file=file, key=f"{key}.{name}")] = offset
    return zones


def _check_template(template: str, *, file: str, key: str) -> None:
    literal = re.sub(r"\{(?:n|unit)\}", "", template)
    numbers, units = template.count("{n}"), template.count("{unit}")
    if "{" in literal or "}" in literal or units not in (1, 2) or numbers not in (0, units):
        message = f"{template!r}: expected {{unit}} once or twice, as often {{n}} or never, and no other placeholder"
        raise DataError(message, file=file, key=key)
