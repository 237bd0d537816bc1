"""Data files: TOML from a path or from the package, and checks of what stands in it.

In: a path, or a kind of file and a name. Out: tables, names, strings. What cannot be used in a file is a
:class:`~threadparse.DataError` that names file and key. What the keys mean is known to those who ask:
:mod:`threadparse._locale` and :mod:`threadparse._dialect`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ._errors import DataError

_MAX_FILE = 200_000
"""Largest data file read, in bytes; the largest of our own has 10,000."""
_MAX_PARTS = 20
"""Most parts of a dotted key, ours have two: the time that the standard library takes grows as their square."""
_PART = r"""(?:[\w-]{1,99}|"[^"\n]{0,99}"|'[^'\n]{0,99}')"""
_DEEP = re.compile(rf"(?<![\w-])(?:{_PART}[ \t]*\.[ \t]*){{{_MAX_PARTS}}}")
_MAX_FORMS = 200
"""Most forms under one key; our longest list has 120."""


@cache
def packaged_names(kind: str) -> tuple[str, ...]:
    """The names of the files of a kind, ``"dialect"`` or ``"locale"``, that come with threadparse, sorted."""
    files = (resources.files(__package__) / f"{kind}s").iterdir()
    return tuple(sorted(file.name[:-5] for file in files if file.name.endswith(".toml")))


def read_packaged(kind: str, name: str) -> dict[str, Any]:
    """The tables of a file that comes with threadparse.

    Raises:
        ValueError: There is no such file; the message lists those there are.
    """
    names = packaged_names(kind)
    if name not in names:
        raise ValueError(f"unknown {kind} {name!r}; there are {', '.join(names)}")
    resource = resources.files(__package__) / f"{kind}s" / f"{name}.toml"
    return tomllib.loads(resource.read_text(encoding="utf-8"))


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of bounded size, every failure as a :class:`DataError` that names the file."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_FILE + 1)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=path.name) from error
    if len(raw) > _MAX_FILE:
        raise DataError(f"is larger than {_MAX_FILE} bytes", file=path.name)
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
    """``value`` as a tuple if it is a list of at most :data:`_MAX_FORMS` strings, else :class:`DataError`."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise DataError("is not a list of strings", file=file, key=key)
    if len(value) > _MAX_FORMS:
        raise DataError(f"has more than {_MAX_FORMS} forms", file=file, key=key)
    return tuple(value)


def flag(value: object, *, file: str, key: str) -> bool:
    """``value`` if it is true or false, else :class:`DataError`."""
    if not isinstance(value, bool):
        raise DataError("is neither true nor false", file=file, key=key)
    return value


def toml_value(value: str | list[str]) -> str:
    """A TOML string or list of strings; JSON's escapes are TOML's too, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
