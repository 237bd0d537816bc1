"""Locales: a language's words for times, markers and buttons, from ``locales/*.toml``.

In: a name or a file. Out: a :class:`Locale`. ``en.toml`` is the reference: its keys are the only ones there are.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import attrs

from ._datafile import check_keys, packaged_names, read_packaged, read_toml, string, string_list
from ._errors import DataError
from ._templates import compile_template
from ._timewords import TimeWords

KEYS = (
    "count", "count_label", "reply_to", "reply", "read_more", "edited", "hidden_replies", "shown_replies", "votes",
    "role", "says", "quoted", "pingback", "posted_by", "posted", "joined", "asked", "answered", "parent", "anonymous",
    "button", "pager", "sort", "form", "site", "particle",
)  # fmt: skip
"""The keys of ``[words]``; ``en.toml`` has them all, a test holds the two together."""
LINE_KEYS = (*KEYS, "on")
"""What a dialect's lines may name: these keys, and the words that lead to a date ("on"), from ``[time]``."""
_MAY_SHARE = {"role", "anonymous", "form", "count_label", "says", "posted_by", "posted", "particle"}
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


def locale_names() -> tuple[str, ...]:
    """The names of the locales that come with threadparse, sorted."""
    return packaged_names("locale")


@cache
def load_locale(name: str) -> Locale:
    """A locale that comes with threadparse.

    Raises:
        ValueError: There is no such locale; the message lists those there are.
    """
    return Locale.from_data(read_packaged("locale", name), file=f"{name}.toml")
