"""The shapes of a header: which lines it has, in which order, and what they tell of the comment.

In: the ``[[header]]`` tables of a dialect's file. Out: :class:`HeaderShape`, each of :class:`Slot`, a line. How shapes
are found on a page is the business of :mod:`threadparse._headers` and :mod:`threadparse._shapes`.
"""

from __future__ import annotations

from typing import Literal, get_args

import attrs
import regex

from ._datafile import check_keys, flag, string, string_list, toml_value
from ._errors import DataError
from ._locale import LINE_KEYS
from ._templates import check_line, placeholders, without_optional

Field = Literal[
    "alt",
    "role",
    "author",
    "when",
    "marker",
    "name",
    "n",
    "number",
    "to",
    "votes",
    "any",
    "field",
    "initial",
    "title",
    "word",
    "level",
    "children",
    "again",
]
Side = Literal["after", "before", "none"]
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
        is_headline: Whether the author's name is the title of a page, as a pingback's is, and may hold a date.
        fields: What the line holds, in order.
        is_simple: Whether the line holds one field and nothing else.
        is_name: Whether the line is the author's name, with nothing else that must be there.
    """

    template: str
    optional: bool
    repeated: bool = False
    is_headline: bool = False
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
        has_tags: Whether the last lines between text and header are the page's tags, one a line.
        is_below: Whether comments of this kind stand one level below the latest comment whose kind has a level.
        is_childless: Whether nothing stands below comments of this kind: the page shows no number where it would be 0.
        is_timed: Whether the header shows a time.
        is_timed_below: Whether the time stands below the text.
        is_bare: Whether no time and no word tells it, only its place: below another comment's foot, or an opening.
        anchor: The slot by which a layout's header is found: the one with the time, or the first with words of its own.
    """

    name: str
    slots: tuple[Slot, ...]
    text: Side = "after"
    level: Level | None = None
    is_below: bool = False
    foot: tuple[Slot, ...] = ()
    has_tags: bool = False
    is_childless: bool = False
    is_timed: bool = attrs.field(init=False, eq=False, repr=False)
    is_timed_below: bool = attrs.field(init=False, eq=False, repr=False)
    is_bare: bool = attrs.field(init=False, eq=False, repr=False)
    anchor: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        timed = [number for number, slot in enumerate(self.slots) if "when" in slot.fields]
        worded = [number for number, slot in enumerate(self.slots) if not slot.is_simple]
        is_bare = bool(self.foot) and not timed and not any(slot.has_words for slot in self.slots)
        object.__setattr__(self, "is_timed", bool(timed))
        object.__setattr__(self, "is_timed_below", any("when" in slot.fields for slot in self.foot))
        object.__setattr__(self, "is_bare", is_bare)
        object.__setattr__(self, "anchor", (timed or worded or [0])[0])

    def toml_lines(self) -> list[str]:
        """The header's table in a dialect's file."""
        lines = [f"name = {toml_value(self.name)}", f"lines = {toml_value([str(slot) for slot in self.slots])}"]
        lines += [f"text = {toml_value(self.text)}"] if self.text != "after" else []
        if self.level is not None:
            lines += [f"level = {self.level.depth}"] + ["deeper = true"] * (self.level.beside > 0)
            lines += [] if self.level.is_first is None else [f"first = {str(self.level.is_first).lower()}"]
        lines += [f"foot = {toml_value([str(slot) for slot in self.foot])}"] if self.foot else []
        lines += ["below = true"] * self.is_below + ["tags = true"] * self.has_tags
        return lines + ["childless = true"] * self.is_childless


_KEYS = {"name", "lines", "text", "level", "deeper", "first", "below", "foot", "tags", "childless"}
"""Keys of a header's table."""


def read_headers(tables: object, *, file: str) -> tuple[HeaderShape, ...]:
    """The shapes in a dialect's file, checked."""
    if not isinstance(tables, list) or not 0 < len(tables) <= _MAX_HEADERS:
        raise DataError(f"is not a list of 1 to {_MAX_HEADERS} tables", file=file, key="header")
    headers = []
    for number, table in enumerate(tables):
        key = f"header[{number}]"
        check_keys(table, _KEYS, file=file, key=key)
        side = table.get("text", "after")
        if side not in get_args(Side):
            raise DataError(f"is none of {', '.join(get_args(Side))}", file=file, key=f"{key}.text")
        lines = string_list(table.get("lines"), file=file, key=f"{key}.lines")
        slots = tuple(_slot(line, file=file, key=f"{key}.lines", is_headline=side == "none") for line in lines)
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
        has_tags = flag(table.get("tags", False), file=file, key=f"{key}.tags")
        is_childless = flag(table.get("childless", False), file=file, key=f"{key}.childless")
        headers.append(HeaderShape(name, slots, side, level, is_below, foot, has_tags, is_childless))
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


def _slot(line: str, *, file: str, key: str, is_headline: bool = False) -> Slot:
    slot = Slot(
        line.rstrip("?*") if line.endswith(("}?", "}*")) else line.removesuffix("?"),
        line.endswith("?"),
        line in ("{any}*", "{field}*"),
        is_headline,
    )
    if set(slot.fields) - set(get_args(Field)):
        known = ", ".join(f"{{{field}}}" for field in get_args(Field))
        raise DataError(f"{line!r} holds something else than {known} in braces", file=file, key=key)
    check_line(slot.template, LINE_KEYS, file=file, key=key)
    if not slot.is_simple and {"alt", "marker"} & set(slot.fields):
        raise DataError(f"{{alt}} and {{marker}} stand on lines of their own, not in {line!r}", file=file, key=key)
    return slot
