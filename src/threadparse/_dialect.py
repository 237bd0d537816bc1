"""Dialects: how a platform's comments look as lines, from ``dialects/*.toml``.

In: a name or a file. Out: a :class:`Dialect`. A dialect knows no language: words come from the locales.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

import attrs

from ._datafile import check_keys, flag, packaged_names, read_packaged, read_toml, string, string_list, toml_value
from ._errors import DataError
from ._headershapes import HeaderShape, Level, Slot, read_headers
from ._locale import KEYS, LINE_KEYS
from ._templates import check_line, compile_template

# A pickled dialect names its headers' classes as parts of this module.
__all__ = ["Dialect", "HeaderShape", "Level", "Slot", "dialect_names", "load_dialect"]

Rounding = Literal["calendar", "nearest", "unknown"]
TailKind = Literal["edited", "votes", "reply", "hidden_replies", "when", "ui"]

_REPLIES = ("answers", "answers_below", "replies_open", "replies_close", "hides")
_FORMS = ("furniture", "votes", "starts", "ends", "joins", "opens", "closes", *_REPLIES)
"""Keys of lines of furniture; an attribute has the same name."""
_WORDS = ("glued", "trim", "pictures", "signs")
"""Keys of words that are no lines, in the same way."""
_FLAGS = {
    "flat": "is_flat", "headed": "is_headed", "headings": "has_headings", "word_limit": "has_word_limit",
    "subjects": "has_subjects", "clocks": "has_clocks",
    "names_answered": "names_answered",
}  # fmt: skip
"""Keys that are true or false, and their attributes."""
_KEYS = frozenset({"name", "title", "variant_of", "rounding", *_FORMS, *_WORDS, *_FLAGS, "header", "tail", "lines"})


@attrs.frozen
class Dialect:
    """How the comments of one platform look as lines.

    Attributes:
        name: Short name, as in ``thread.dialect``.
        title: The platform's name, for people.
        rounding: How the platform rounds relative times.
        headers: Shapes of a comment's header.
        tail: What stands below a text, in order.
        lines: Words of the platform that no language changes, by the same keys as in a locale.
        furniture: Lines at the edges of a text that are none of it, folded, with ``{n}`` for numbers and ``{name}`` for
            people of the page.
        votes: Lines with a number of votes, in the same form: above a text whose header stands below it, else below it.
        starts: Lines below which a text surely starts, in the same form: what stands above them is furniture.
        ends: Lines with which a text surely ends, in the same form: what follows up to the next header is furniture.
        joins: Lines that join the names in a list of people below a text ("and"), or close it, in the same form.
        opens: Lines that open the section of comments, in the same form: above the first of them there are none.
        closes: Lines that close it.
        answers: Lines of a header that tell an answer from a root, in the same form.
        answers_below: Lines below a text whose answers follow; those of ``answers`` then stand below texts too.
        replies_open: Lines between two comments below which the replies to the latest root stand, in the same form.
        replies_close: Lines between two comments below which there is a root again, in the same form.
        hides: Lines between two comments that stand for hidden ones, with their number, or for all that are still to
            come below the comment above.
        glued: What stands between two comments where the pieces of a page have no blanks between: "ReplyDelete".
        trim: What the platform writes at both ends of a text, in this order from outside.
        pictures: Lines that stand in a text in place of a picture.
        signs: Words, one of which stands on every page of the platform.
        is_flat: Whether the platform shows no answers: every comment is a root.
        is_headed: Whether comments count only below a heading ("3 Comments"): their headers have no words.
        has_headings: Whether headings stand between the comments ("5 Answers"), so that none opens their section.
        has_word_limit: Whether long texts are cut at a number of words, the same on a whole page.
        has_subjects: Whether a subject may stand above a text, made of the text's first words where nobody wrote one.
        has_clocks: Whether dates and their clocks are pieces of their own, which may stand on two lines.
        names_answered: Whether behind an author's name stands whom he answers, with nothing between.
        file: Name of the file it was read from.
    """

    name: str
    title: str
    rounding: Rounding
    headers: tuple[HeaderShape, ...]
    tail: tuple[TailKind, ...]
    lines: dict[str, tuple[str, ...]] = attrs.field(factory=dict, hash=False)
    furniture: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    answers_below: tuple[str, ...] = ()
    replies_open: tuple[str, ...] = ()
    replies_close: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    glued: tuple[str, ...] = ()
    trim: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    is_flat: bool = False
    is_headed: bool = False
    has_headings: bool = False
    has_word_limit: bool = False
    has_subjects: bool = False
    has_clocks: bool = False
    names_answered: bool = False
    file: str = attrs.field(default="<dialect>", repr=False, eq=False)

    @property
    def is_layout(self) -> bool:
        """Whether the dialect is a plain layout, without a grammar of what stands below a text."""
        return not self.tail

    @classmethod
    def load(cls, path: str | Path) -> Dialect:
        """Read a dialect from a TOML file.

        Raises:
            DataError: The file cannot be read, is no TOML, or says something that cannot be used; names file and key.
        """
        return cls.from_data(read_toml(Path(path)), file=Path(path).name)

    def save(self, path: str | Path) -> None:
        """Write the dialect as a TOML file that :meth:`load` reads back; an existing file is replaced."""
        lists = [(key, list(getattr(self, key))) for key in ("signs", *_FORMS, "glued", "trim", "pictures")]
        out = [f"{key} = {toml_value(getattr(self, key))}" for key in ("name", "title", "rounding")]
        out += [f"{key} = {toml_value(values)}" for key, values in lists if values]
        out += [f"{key} = true" for key, name in _FLAGS.items() if getattr(self, name)]
        for header in self.headers:
            out += ["", "[[header]]", *header.toml_lines()]
        out.append("")
        if self.tail:
            out += ["[tail]", f"order = {toml_value(list(self.tail))}", ""]
        if self.lines:
            out += ["[lines]", *(f"{key} = {toml_value(list(forms))}" for key, forms in self.lines.items())]
        Path(path).write_text("\n".join(out) + "\n", encoding="utf-8")

    @classmethod
    def from_data(cls, data: dict[str, Any], *, file: str) -> Dialect:
        """Check and build a dialect from the file's tables."""
        check_keys(data, _KEYS, file=file, key="")
        data = _with_what_it_varies(data, file=file)
        rounding = string(data.get("rounding", "unknown"), file=file, key="rounding")
        if rounding not in get_args(Rounding):
            raise DataError(f"is none of {', '.join(get_args(Rounding))}", file=file, key="rounding")
        lines = _lines(data.get("lines", {}), file=file)
        others: dict[str, Any] = {key: _forms(data, key, file=file) for key in _FORMS}
        others |= {key: string_list(data.get(key, []), file=file, key=key) for key in _WORDS}
        others |= {name: flag(data.get(key, False), file=file, key=key) for key, name in _FLAGS.items()}
        return cls(
            name=string(data.get("name"), file=file, key="name"),
            title=string(data.get("title"), file=file, key="title"),
            rounding=cast(Rounding, rounding),
            headers=read_headers(data.get("header"), file=file),
            tail=_tail(data.get("tail", {}), file=file),
            lines=lines,
            file=file,
            **others,
        )


def _with_what_it_varies(data: dict[str, Any], *, file: str) -> dict[str, Any]:
    """The file's tables, and those that it leaves out as the dialect has them that it is a variant of."""
    if "variant_of" not in data:
        return data
    name = string(data["variant_of"], file=file, key="variant_of")
    if name not in dialect_names():
        raise DataError(f"is none of {', '.join(dialect_names())}", file=file, key="variant_of")
    varied = read_packaged("dialect", name)
    if "variant_of" in varied:  # one step, so that all of a dialect stands in two files
        raise DataError(f"{name} is itself a variant, of {varied['variant_of']}", file=file, key="variant_of")
    own = {"name", "title", "header"}  # these no two dialects share
    return {key: value for key, value in varied.items() if key not in own} | data


def _lines(table: object, *, file: str) -> dict[str, tuple[str, ...]]:
    """The platform's words by key; each is tried as a template, so that what cannot be one is found here."""
    check_keys(table, {*KEYS, "picture", "stand_in", "beside"}, file=file, key="lines")
    words = cast(dict[str, Any], table)
    forms = {key: string_list(words[key], file=file, key=f"lines.{key}") for key in words}
    for key, values in forms.items():
        for form in values:
            compile_template(form, file=file, key=f"lines.{key}")
    return forms


def _forms(data: dict[str, Any], key: str, *, file: str) -> tuple[str, ...]:
    """Lines of furniture: each is tried as a template, so that what cannot be one is found here."""
    forms = string_list(data.get(key, []), file=file, key=key)
    for form in forms:
        check_line(form, LINE_KEYS, file=file, key=key)
    return forms


def _tail(table: object, *, file: str) -> tuple[TailKind, ...]:
    check_keys(table, {"order"}, file=file, key="tail")
    order = string_list(cast(dict[str, Any], table).get("order", []), file=file, key="tail.order")
    if not set(order) <= set(get_args(TailKind)) or len(set(order)) < len(order):
        raise DataError(f"is not an order of {', '.join(get_args(TailKind))}", file=file, key="tail.order")
    return cast(tuple[TailKind, ...], order)


def dialect_names() -> tuple[str, ...]:
    """The names of the dialects that come with threadparse, sorted."""
    return packaged_names("dialect")


@cache
def load_dialect(name: str) -> Dialect:
    """A dialect that comes with threadparse.

    Raises:
        ValueError: There is no such dialect; the message lists those there are.
    """
    return Dialect.from_data(read_packaged("dialect", name), file=f"{name}.toml")
