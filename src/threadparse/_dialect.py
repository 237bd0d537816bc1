"""Dialects: how a platform's comments look as lines, from ``dialects/*.toml``.

In: a name or a file. Out: a :class:`Dialect`. A dialect knows no language: words come from the locales.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

import attrs
import regex

from ._datafile import check_keys, flag, packaged_names, read_packaged, read_toml, string, string_list
from ._errors import DataError
from ._locale import KEYS, LINE_KEYS
from ._templates import check_line, compile_template, placeholders, without_optional

Rounding = Literal["calendar", "nearest", "unknown"]
Field = Literal[
    "alt",
    "role",
    "author",
    "when",
    "marker",
    "name",
    "n",
    "number",
    "any",
    "field",
    "initial",
    "title",
    "word",
    "level",
    "again",
]
Side = Literal["after", "before", "none"]
TailKind = Literal["edited", "votes", "reply", "hidden_replies", "when", "ui"]

_FIELD = regex.compile(r"\{\w+\}")
_MAX_HEADERS = 20
"""Most kinds of header in one dialect, and most lines in one header: each costs a try per comment."""


@attrs.frozen
class Slot:
    """A line of a header.

    Attributes:
        template: What the line looks like: fields in braces, literal text, and ``@key`` for any word that a locale has
            under that key: ``"{author} @says"``.
        optional: Whether the line may be missing.
        repeated: Whether any number of such lines may stand here, none too: ``{any}*`` short lines, none of them a
            sentence; ``{field}*`` facts about the author, "Joined: 2015", with the value on the next line or not.
        fields: What the line holds, in order.
        is_simple: Whether the line holds one field and nothing else.
        is_name: Whether the line is the author's name, with nothing else that must be there.
    """

    template: str
    optional: bool
    repeated: bool = False
    fields: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)
    is_simple: bool = attrs.field(init=False, eq=False, repr=False)
    is_name: bool = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        fields = placeholders(self.template)
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "is_name", without_optional(self.template) == "{author}")
        object.__setattr__(self, "is_simple", len(fields) == 1 and self.template == f"{{{fields[0]}}}")

    @property
    def is_glued(self) -> bool:
        """Whether nothing but a time and punctuation tells where a name in the line ends."""
        words = self.template
        return not any(map(str.isalpha, words.replace("{author}", "").replace("{when}", "").replace("{any}", "")))

    @property
    def has_words(self) -> bool:
        """Whether the line has words of its own."""
        return any(map(str.isalpha, _FIELD.sub("", self.template)))

    def __str__(self) -> str:
        return f"{self.template}{'*' if self.repeated else '?' * self.optional}"


@attrs.frozen
class Level:
    """What a page displays of a comment's depth.

    Attributes:
        depth: Number of ancestors.
        beside: How well a parent fits that is displayed at the same depth, -1 to 1: not at all, or as well as one that
            is displayed one level above, where "Re: " opens the titles of all replies, however deep.
        is_first: Whether it is the first reply to its parent; ``None`` if the page does not tell.
    """

    depth: int
    beside: float = -1.0
    is_first: bool | None = None


@attrs.frozen
class HeaderShape:
    """The lines of a header, in order.

    Attributes:
        name: For people and for ``explain``.
        slots: The lines; exactly one holds the author, each other field stands at most once, but the role twice.
        text: Whether the comment's text stands after or before its header; ``"none"`` for a header without a text, as
            that of a pingback.
        level: What the platform displays of the depth of comments of this kind, ``None`` if it does not tell.
        foot: Lines below the text that belong to the comment, the first of which tells where the text ends; they may be
            missing.
        is_below: Whether comments of this kind stand one level below the latest comment whose kind has a level.
        is_timed: Whether the header shows a time.
        anchor: The slot by which a layout's header is found: the one with the time, or the first with words of its own.
    """

    name: str
    slots: tuple[Slot, ...]
    text: Side = "after"
    level: Level | None = None
    is_below: bool = False
    foot: tuple[Slot, ...] = ()
    is_timed: bool = attrs.field(init=False, eq=False, repr=False)
    anchor: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        timed = [number for number, slot in enumerate(self.slots) if "when" in slot.fields]
        worded = [number for number, slot in enumerate(self.slots) if not slot.is_simple]
        object.__setattr__(self, "is_timed", bool(timed))
        object.__setattr__(self, "anchor", (timed or worded or [0])[0])

    def toml_lines(self) -> list[str]:
        """The header's table in a dialect's file."""
        lines = [f"name = {_toml(self.name)}", f"lines = {_toml([str(slot) for slot in self.slots])}"]
        lines += [f"text = {_toml(self.text)}"] if self.text != "after" else []
        if self.level is not None:
            lines += [f"level = {self.level.depth}"] + ["deeper = true"] * (self.level.beside > 0)
            lines += [] if self.level.is_first is None else [f"first = {str(self.level.is_first).lower()}"]
        lines += [f"foot = {_toml([str(slot) for slot in self.foot])}"] if self.foot else []
        return lines + ["below = true"] * self.is_below


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
        starts: Lines below which a text surely starts, in the same form: what stands above them is furniture.
        ends: Lines with which a text surely ends, in the same form: what follows up to the next header is furniture.
        joins: Lines that join the names in a list of people below a text ("and"), in the same form.
        opens: Lines that open the section of comments, in the same form: above the first of them there are none.
        closes: Lines that close it.
        answers: Lines of a header that tell an answer from a root, in the same form.
        replies_open: Lines between two comments below which the replies to the latest root stand, in the same form.
        replies_close: Lines between two comments below which there is a root again, in the same form.
        glued: What stands between two comments where the pieces of a page have no blanks between: "ReplyDelete".
        trim: What the platform writes at both ends of a text, in this order from outside.
        signs: Words, one of which stands on every page of the platform.
        is_flat: Whether the platform shows no answers: every comment is a root.
        is_headed: Whether comments count only below a heading ("3 Comments"): their headers have no words.
        has_headings: Whether headings stand between the comments ("5 Answers"), so that none opens their section.
        file: Name of the file it was read from.
    """

    name: str
    title: str
    rounding: Rounding
    headers: tuple[HeaderShape, ...]
    tail: tuple[TailKind, ...]
    lines: dict[str, tuple[str, ...]] = attrs.field(factory=dict, hash=False)
    furniture: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    replies_open: tuple[str, ...] = ()
    replies_close: tuple[str, ...] = ()
    glued: tuple[str, ...] = ()
    trim: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    is_flat: bool = False
    is_headed: bool = False
    has_headings: bool = False
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
        lists = (
            *("signs", "furniture", "starts", "ends", "joins", "opens", "closes", "answers"),
            *("replies_open", "replies_close", "glued", "trim"),
        )
        out = [f"{key} = {_toml(getattr(self, key))}" for key in ("name", "title", "rounding")]
        out += [f"{key} = {_toml(list(getattr(self, key)))}" for key in lists if getattr(self, key)]
        out += (
            ["flat = true"] * self.is_flat
            + ["headed = true"] * self.is_headed
            + ["headings = true"] * self.has_headings
        )
        for header in self.headers:
            out += ["", "[[header]]", *header.toml_lines()]
        out.append("")
        if self.tail:
            out += ["[tail]", f"order = {_toml(list(self.tail))}", ""]
        if self.lines:
            out += ["[lines]", *(f"{key} = {_toml(list(forms))}" for key, forms in self.lines.items())]
        Path(path).write_text("\n".join(out) + "\n", encoding="utf-8")

    @classmethod
    def from_data(cls, data: dict[str, Any], *, file: str) -> Dialect:
        """Check and build a dialect from the file's tables."""
        check_keys(
            data,
            {
                "name",
                "title",
                "rounding",
                "signs",
                "flat",
                "headings",
                "headed",
                "furniture",
                "starts",
                "ends",
                "joins",
                "opens",
                "closes",
                "answers",
                "replies_open",
                "replies_close",
                "glued",
                "trim",
                "header",
                "tail",
                "lines",
            },
            file=file,
            key="",
        )
        rounding = string(data.get("rounding", "unknown"), file=file, key="rounding")
        if rounding not in get_args(Rounding):
            raise DataError(f"is none of {', '.join(get_args(Rounding))}", file=file, key="rounding")
        lines = data.get("lines", {})
        check_keys(lines, {*KEYS, "picture"}, file=file, key="lines")
        forms = {key: string_list(lines[key], file=file, key=f"lines.{key}") for key in lines}
        for key, values in forms.items():
            for form in values:
                compile_template(form, file=file, key=f"lines.{key}")
        return cls(
            name=string(data.get("name"), file=file, key="name"),
            title=string(data.get("title"), file=file, key="title"),
            rounding=cast(Rounding, rounding),
            headers=_headers(data.get("header"), file=file),
            tail=_tail(data.get("tail", {}), file=file),
            lines=forms,
            furniture=_forms(data, "furniture", file=file),
            starts=_forms(data, "starts", file=file),
            ends=_forms(data, "ends", file=file),
            joins=_forms(data, "joins", file=file),
            opens=_forms(data, "opens", file=file),
            closes=_forms(data, "closes", file=file),
            answers=_forms(data, "answers", file=file),
            replies_open=_forms(data, "replies_open", file=file),
            replies_close=_forms(data, "replies_close", file=file),
            glued=string_list(data.get("glued", []), file=file, key="glued"),
            trim=string_list(data.get("trim", []), file=file, key="trim"),
            signs=string_list(data.get("signs", []), file=file, key="signs"),
            has_headings=flag(data.get("headings", False), file=file, key="headings"),
            is_headed=flag(data.get("headed", False), file=file, key="headed"),
            is_flat=flag(data.get("flat", False), file=file, key="flat"),
            file=file,
        )


def _forms(data: dict[str, Any], key: str, *, file: str) -> tuple[str, ...]:
    """Lines of furniture: each is tried as a template, so that what cannot be one is found here."""
    forms = string_list(data.get(key, []), file=file, key=key)
    for form in forms:
        check_line(form, LINE_KEYS, file=file, key=key)
    return forms


def _headers(tables: object, *, file: str) -> tuple[HeaderShape, ...]:
    if not isinstance(tables, list) or not 0 < len(tables) <= _MAX_HEADERS:
        raise DataError(f"is not a list of 1 to {_MAX_HEADERS} tables", file=file, key="header")
    headers = []
    for number, table in enumerate(tables):
        key = f"header[{number}]"
        check_keys(table, {"name", "lines", "text", "level", "deeper", "first", "below", "foot"}, file=file, key=key)
        side = table.get("text", "after")
        if side not in get_args(Side):
            raise DataError(f"is none of {', '.join(get_args(Side))}", file=file, key=f"{key}.text")
        lines = string_list(table.get("lines"), file=file, key=f"{key}.lines")
        slots = tuple(_slot(line, file=file, key=f"{key}.lines") for line in lines)
        foot = tuple(
            _slot(line, file=file, key=f"{key}.foot")
            for line in string_list(table.get("foot", []), file=file, key=f"{key}.foot")
        )
        fields = [field for slot in (*slots, *foot) for field in slot.fields]
        authors = [slot for slot in slots if "author" in slot.fields]
        if len(slots) > _MAX_HEADERS or fields.count("author") != 1 or authors[0].optional:
            raise DataError("does not hold {author} exactly once, or is too long", file=file, key=f"{key}.lines")
        if any(
            fields.count(field) > (2 if field == "role" else 1) for field in set(fields) - {"any", "n", "word", "again"}
        ):
            raise DataError("holds a field twice", file=file, key=f"{key}.lines")
        level = _level(table, file=file, key=key)
        is_below = flag(table.get("below", False), file=file, key=f"{key}.below")
        if is_below and level is not None:
            raise DataError("is the level given by another kind; this one has its own", file=file, key=f"{key}.below")
        name = string(table.get("name"), file=file, key=f"{key}.name")
        headers.append(HeaderShape(name, slots, side, level, is_below, foot))
    return tuple(headers)


def _level(table: dict[str, object], *, file: str, key: str) -> Level | None:
    depth = table.get("level")
    if depth is None:
        if unused := {"deeper", "first"} & table.keys():
            raise DataError("says more of a level that is not there", file=file, key=f"{key}.{min(unused)}")
        return None
    if not (type(depth) is int and 0 <= depth < _MAX_HEADERS):
        raise DataError(f"is no number from 0 to {_MAX_HEADERS - 1}", file=file, key=f"{key}.level")
    beside = 1.0 if flag(table.get("deeper", False), file=file, key=f"{key}.deeper") else -1.0
    is_first = flag(table["first"], file=file, key=f"{key}.first") if "first" in table else None
    return Level(depth, beside, is_first)


def _slot(line: str, *, file: str, key: str) -> Slot:
    slot = Slot(
        line.rstrip("?*") if line.endswith(("}?", "}*")) else line.removesuffix("?"),
        line.endswith("?"),
        line in ("{any}*", "{field}*"),
    )
    if set(slot.fields) - set(get_args(Field)):
        known = ", ".join(f"{{{field}}}" for field in get_args(Field))
        raise DataError(f"{line!r} holds something else than {known} in braces", file=file, key=key)
    check_line(slot.template, LINE_KEYS, file=file, key=key)
    if not slot.is_simple and {"alt", "marker"} & set(slot.fields):
        raise DataError(f"{{alt}} and {{marker}} stand on lines of their own, not in {line!r}", file=file, key=key)
    return slot


def _tail(table: object, *, file: str) -> tuple[TailKind, ...]:
    check_keys(table, {"order"}, file=file, key="tail")
    order = string_list(cast(dict[str, Any], table).get("order", []), file=file, key="tail.order")
    if not set(order) <= set(get_args(TailKind)) or len(set(order)) < len(order):
        raise DataError(f"is not an order of {', '.join(get_args(TailKind))}", file=file, key="tail.order")
    return cast(tuple[TailKind, ...], order)


def _toml(value: str | list[str]) -> str:
    """A TOML string or list of strings; JSON's escapes are TOML's too, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


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
