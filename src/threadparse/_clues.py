"""What dialects know about a text without line breaks: their headers around a time, and their words.

In: dialects and the page's languages. Out: :class:`Clues`, patterns and sets of keys; :mod:`threadparse._pieces` looks
for them in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import attrs
import regex

from ._dialect import Dialect
from ._headershapes import HeaderShape, Slot
from ._locale import Locale
from ._phrases import word_key
from ._rows import line_pattern
from ._shapes import SLOT_TESTS
from ._templates import placeholders, without_optional

_FIELD = regex.compile(r"\{\??[^{}]*\}")
_OPENING = regex.compile(r"^\{(?:author|any|word)\}\s*")
_CLOSING = regex.compile(r"\s*\{(?:author|any|word)\}$")
"""A field at the edge of a header's words that nothing bounds."""
_EDGES = frozenset({"{author}", "{any}", "{word}"})
_FREE = frozenset({"author", "any", "name", "role"})
_MOST_FREE = 2
"""Most fields of any length between the words of a header; each more can be divided in a hundred times more ways."""


@attrs.frozen
class Core:
    """The part of a header that its words and its time hold together.

    Attributes:
        above: What stands right before the time, with a group for each line; matched backwards, so that the nearest
            words count. ``None`` if nothing does.
        below: What stands right behind it, in the same way.
        is_within: Whether words stand before the time on its line.
        names: Whether the author's name follows.
        has_block: Whether titles and facts stand between the author's name and it.
    """

    above: regex.Pattern[str] | None
    below: regex.Pattern[str]
    is_within: bool
    names: bool
    has_block: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from others: headers of some platforms are alike around their times."""
        above = None if self.above is None else self.above.pattern
        return above, self.below.pattern, self.is_within, self.names, self.has_block


@attrs.frozen
class Clues:
    """What a dialect knows about a text without line breaks.

    Attributes:
        cores: Its headers with words.
        words: Its furniture, as keys.
        beside: Those that stand beside a name on forums.
        menus: Those that stand right behind a name there.
        callers: Those with a name behind.
        first_words: The first words of ``words``.
        glued: What stands there without blanks: "1,65511 gold badge1414 silver badges".
        has_counts: Whether a number may stand between a header and the next text.
    """

    cores: tuple[Core, ...] = ()
    words: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    menus: frozenset[str] = frozenset()
    callers: frozenset[str] = frozenset()
    first_words: frozenset[str] = frozenset()
    glued: tuple[regex.Pattern[str], ...] = ()
    has_counts: bool = False


def together(clues: Sequence[Clues]) -> Clues:
    """What some dialects know together."""
    return Clues(
        cores=tuple({core.key: core for clue in clues for core in clue.cores}.values()),
        words=frozenset[str]().union(*(clue.words for clue in clues)),
        beside=frozenset[str]().union(*(clue.beside for clue in clues)),
        menus=frozenset[str]().union(*(clue.menus for clue in clues)),
        callers=frozenset[str]().union(*(clue.callers for clue in clues)),
        first_words=frozenset[str]().union(*(clue.first_words for clue in clues)),
        glued=tuple(pattern for clue in clues for pattern in clue.glued),
        has_counts=any(clue.has_counts for clue in clues),
    )


@lru_cache(maxsize=64)
def clues_of(dialect: Dialect, locales: tuple[Locale, ...]) -> Clues:
    """What a dialect knows about a text without line breaks."""
    furniture = dialect.furniture + dialect.votes
    cores = [core for header in dialect.headers if (core := _core(header, locales)) is not None]
    ends = _words(dialect.ends + dialect.opens + dialect.closes)
    words = ends | _words(form for form in furniture + dialect.starts + dialect.hides if " " in form)
    has_blocks = any(core.has_block for core in cores)
    return Clues(
        cores=tuple(cores),
        words=words,
        beside=words & _words(furniture) - ends if has_blocks else frozenset(),
        menus=_menus(dialect),
        callers=frozenset(_phrase(form.removesuffix(" {any}")) for form in furniture if form.endswith(" by {any}")),
        first_words=frozenset(word.partition(" ")[0] for word in words),
        glued=_glued([form for form in furniture if form.startswith("{any}{n}")]),
        has_counts="{n}" in furniture and all(header.text == "before" for header in dialect.headers),
    )


def _menus(dialect: Dialect) -> frozenset[str]:
    """The lines of words right below the author's name in a dialect's headers, if they are more than one word."""
    pairs = (pair for header in dialect.headers for pair in pairwise(header.slots))
    below = (slot.template for above, slot in pairs if above.is_name and not (slot.fields or slot.optional))
    return frozenset(_phrase(template) for template in below if " " in template)


def _words(forms: Iterable[str]) -> frozenset[str]:
    """The words of forms without their free ends, of those that hold nothing else but numbers."""
    whole = (form.removeprefix("{any}").removesuffix("{any}").strip() for form in forms)
    return frozenset(_phrase(form) for form in whole if form and set(placeholders(form)) <= {"n"})


def _glued(forms: Sequence[str]) -> tuple[regex.Pattern[str], ...]:
    """A pattern for forms that are found within words too, by their numbers."""
    bare = {form.removeprefix("{any}").removesuffix("{any}").replace("{n}", "").strip() for form in forms}
    literals = "|".join(regex.escape(form) for form in sorted(bare, key=lambda form: (-len(form), form)))
    number = r"[0-9][0-9.,]{0,11}"
    return (regex.compile(rf"(?:{number}[km])?{number}\s?(?:{literals})", regex.IGNORECASE),) if bare else ()


def _phrase(form: str) -> str:
    return word_key(form.replace("{n}", "0"))


def _core(header: HeaderShape, locales: tuple[Locale, ...]) -> Core | None:
    """The part of a header around its time, without free words at its edges; ``None`` if no words are left."""
    if not header.is_timed:
        return None
    slots, anchor = header.slots, header.anchor
    first = next((at for at in range(anchor, 0, -1) if _is_apart(slots[at - 1])), 0)
    lasts = (at for at in range(anchor, len(slots) - 1) if _is_apart(slots[at + 1]) or _is_open(slots[at + 1]))
    last = next(lasts, len(slots) - 1)
    has_block = first > 0 and slots[first - 1].repeated
    author = next(at for at, slot in enumerate(slots) if "author" in slot.fields)
    while first < anchor and _is_free(slots[first]):
        first += 1
    while last > anchor and _is_free(slots[last]):
        last -= 1
    if sum(field in _FREE for slot in slots[first : last + 1] for field in slot.fields) > _MOST_FREE:
        first = last = anchor
    before, _, behind = slots[anchor].template.partition("{when}")
    lines = [(_OPENING.sub("", slot.template), slot.optional) for slot in slots[first:anchor]]
    above = [*lines, (_OPENING.sub("", before) if first == anchor else before, False)]
    lines = [(slot.template, slot.optional) for slot in slots[anchor + 1 : last + 1]]
    below = [(_CLOSING.sub("", behind) if last == anchor else behind, False), *lines]
    if not any(_FIELD.sub("", line).strip() for line, _ in above + below):
        return None
    return Core(
        above=_above(above, locales),
        below=_below(below, locales),
        is_within=bool(above[-1][0].strip()),
        names=author > anchor,
        has_block=has_block,
    )


def _above(lines: Sequence[tuple[str, bool]], locales: tuple[Locale, ...]) -> regex.Pattern[str] | None:
    """The pattern of the lines before a time; with each, whether it may be missing."""
    expression = "".join(_group(f"line{at}", line, locales) for at, line in enumerate(lines) if line[0].strip())
    flags = regex.IGNORECASE | regex.VERSION1 | regex.REVERSE
    return regex.compile(rf"(?<!\w){expression}", flags) if expression else None


def _below(lines: Sequence[tuple[str, bool]], locales: tuple[Locale, ...]) -> regex.Pattern[str]:
    """The pattern of what is on the time's own line behind it, and of the lines that follow."""
    (behind, _), *others = lines
    expression = line_pattern(behind.strip(), locales).pattern if behind.strip() else ""
    groups = (_group(f"line{at}_below", line, locales) for at, line in enumerate(others))
    return regex.compile(r"\s{0,4}" + expression + r"\s{0,4}" + "".join(groups), regex.IGNORECASE | regex.VERSION1)


def _group(name: str, line: tuple[str, bool], locales: tuple[Locale, ...]) -> str:
    template, is_optional = line
    expression = rf"(?P<{name}>{line_pattern(template.strip(), locales).pattern})\s{{0,4}}"
    return rf"(?:{expression})?" if is_optional else expression


def _is_apart(slot: Slot) -> bool:
    """Whether nothing tells where a line ends if it is not one by itself."""
    return slot.repeated or slot.template in SLOT_TESTS


def _is_open(slot: Slot) -> bool:
    """Whether a line is a name with anything behind it, so that the text below would be taken along."""
    return "author" in slot.fields and slot.template.endswith("{any}")


def _is_free(slot: Slot) -> bool:
    """Whether a line at the edge of a header has no words of its own, or may be missing."""
    return slot.optional or without_optional(slot.template) in _EDGES
