"""Locales: a language's words for times, markers and buttons, from ``locales/*.toml``.

In: a name or a file. Out: a :class:`Locale`. ``en.toml`` is the reference: its keys are the only ones there are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import attrs

from ._errors import DataError
from ._templates import compile_template
from ._times import TimeWords

MAX_FILE = 200_000
"""Largest data file read, in bytes; the largest of our own has 10,000."""
_MAX_PARTS = 20
"""Most parts of a dotted key, ours have two: the time that the standard library takes grows as their square."""
_PART = r"""(?:[\w-]{1,99}|"[^"\n]{0,99}"|'[^'\n]{0,99}')"""
_DEEP = re.compile(rf"(?<![\w-])(?:{_PART}[ \t]*\.[ \t]*){{{_MAX_PARTS}}}")
MAX_FORMS = 200
"""Most forms under one key; our longest list has 40."""

KEYS = (
    "count", "count_label", "reply_to", "reply", "read_more", "edited", "hidden_replies", "shown_replies", "votes",
    "role", "says", "pingback", "posted_by", "posted", "joined", "parent", "anonymous", "button", "pager",
    "sort", "form", "site",
)  # fmt: skip
"""The keys of ``[words]``; ``en.toml`` has them all, a test holds the two together."""
LINE_KEYS = (*KEYS, "on")
"""What a dialect's lines may name: these keys, and the words that lead to a date ("on"), from ``[time]``."""
_MAY_SHARE = {"role", "anonymous", "form", "count_label", "says", "posted_by", "posted"}
"""Keys whose forms may stand under another one of these too: "Guest" is a role, a name and a field's label."""


@attrs.frozen
class Locale:
    """One language.

    Attributes:
        name: BCP 47 tag, equal to the file's stem: ``"en"``, ``"pt-BR"``.
        title: The language's name, for people.
        time: Words of times.
        words: Forms by key, as written in the file.
        file: Name of the file it was read from.
    """

    name: str
    title: str
    time: TimeWords = attrs.field(repr=False)
    words: dict[str, tuple[str, ...]] = attrs.field(repr=False, hash=False)
    examples: dict[str, dict[str, str]] = attrs.field(repr=False, hash=False, eq=False)
    file: str = attrs.field(repr=False, eq=False)

    @classmethod
    def load(cls, path: str | Path) -> Locale:
        """Read a locale from a TOML file.

        Raises:
            DataError: The file cannot be read, is no TOML, or says something that cannot be used; names file and key.
        """
        return cls.from_data(read_toml(Path(path)), file=Path(path).name)

    @classmethod
    def from_data(cls, data: dict[str, Any], *, file: str) -> Locale:
        """Check and build a locale from the file's tables."""
        check_keys(data, {"name", "title", "time", "words", "examples"}, file=file, key="")
        words = data.get("words", {})
        check_keys(words, set(KEYS), file=file, key="words")
        forms = {key: string_list(words[key], file=file, key=f"words.{key}") for key in words}
        for key, values in forms.items():
            for form in values:
                compile_template(form, file=file, key=f"words.{key}")
                if key == "reply_to" and "{name}" not in form:
                    raise DataError(f"{form!r} does not hold {{name}}", file=file, key="words.reply_to")
        _check_collisions(forms, file=file)
        examples = data.get("examples", {})
        check_keys(examples, {"time", "words"}, file=file, key="examples")
        return cls(
            name=string(data.get("name"), file=file, key="name"),
            title=string(data.get("title"), file=file, key="title"),
            time=TimeWords.from_data(data.get("time", {}), file=file),
            words=forms,
            examples=examples,
            file=file,
        )


def _check_collisions(forms: dict[str, tuple[str, ...]], *, file: str) -> None:
    owner: dict[str, str] = {}
    for key, values in forms.items():
        for form in values:
            other = owner.setdefault(" ".join(form.split()).casefold(), key)
            if other != key and not {other, key} <= _MAY_SHARE:
                raise DataError(f"{form!r} stands under words.{other} too", file=file, key=f"words.{key}")


@cache
def locale_names() -> tuple[str, ...]:
    """The names of the locales that come with threadparse, sorted."""
    folder = resources.files(__package__) / "locales"
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def load_locale(name: str) -> Locale:
    """A locale that comes with threadparse.

    Raises:
        ValueError: There is no such locale; the message lists those there are.
    """
    if name not in locale_names():
        raise ValueError(f"unknown locale {name!r}; there are {', '.join(locale_names())}")
    resource = resources.files(__package__) / "locales" / f"{name}.toml"
    return Locale.from_data(tomllib.loads(resource.read_text(encoding="utf-8")), file=f"{name}.toml")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of bounded size, every failure as a :class:`DataError` that names the file."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE + 1)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=path.name) from error
    if len(raw) > MAX_FILE:
        raise DataError(f"is larger than {MAX_FILE} bytes", file=path.name)
    try:
        return _decode(raw.decode("utf-8"), file=path.name)
    except (UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"is no TOML: {error}", file=path.name) from error


def _decode(text: str, *, file: str) -> dict[str, Any]:
    deep = _DEEP.search(text)
    if deep is not None:
        raise DataError(f"a key has more than {_MAX_PARTS} parts", file=file, key=deep[0][:40])
    try:
        return tomllib.loads(text)
    except ValueError as error:  # not only TOMLDecodeError: a number may have more digits than Python reads
        raise DataError(f"is no TOML: {error}", file=file) from error


def check_keys(table: object, known: Iterable[str], *, file: str, key: str) -> None:
    """Raise :class:`DataError` unless ``table`` is a table with known keys only."""
    if not isinstance(table, dict):
        raise DataError("is not a table", file=file, key=key)
    for name in table:
        if name not in known:
            raise DataError("unknown key", file=file, key=f"{key}.{name}" if key else str(name))


def string(value: object, *, file: str, key: str) -> str:
    """``value`` if it is a string that is not empty, else :class:`DataError`."""
    if not isinstance(value, str) or not value.strip():
        raise DataError("is not a string, or empty", file=file, key=key)
    return value


def string_list(value: object, *, file: str, key: str) -> tuple[str, ...]:
    """``value`` as a tuple if it is a list of at most :data:`MAX_FORMS` strings, else :class:`DataError`."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise DataError("is not a list of strings", file=file, key=key)
    if len(value) > MAX_FORMS:
        raise DataError(f"has more than {MAX_FORMS} forms", file=file, key=key)
    return tuple(value)
