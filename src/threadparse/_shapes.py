"""Rows to records: every way in which the header shapes of a layout fit the lines of a page.

In: a page and header shapes. Out: :class:`Record`, one per fit; which of them are the page's comments is decided in
:mod:`threadparse._layout`. The line with the time, or with the header's own words, is the anchor; the other lines are
matched upwards and downwards from it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import attrs

from ._headershapes import HeaderShape, Level, Slot
from ._lines import fold_key, plain_name
from ._names import EDGES, name_likeness
from ._rows import MAX_LABEL, MAX_STAMPED, NO_NAMES, Page
from ._templates import MAX_NAME
from ._tokens import Kind

_MAX_BLOCK = 18
"""Most lines of a "{any}*" that are no facts: a forum's titles, counts and dates beside a name."""
_MAX_HEIGHT = 42
"""Lines from which on it takes in no more facts: so many labels and a dozen facts on two lines each."""
_MAX_TITLES = 6
"""Most titles between an author's name and the facts about him."""
_MAX_FIELDS = 12
"""Most facts about an author beside a post."""
_LEAST_LIKELY = 0.15
"""Likeness to a name below which words beside a time are prose."""
Fields = dict[str, tuple[int, int, str]]
"""Where each field of a header stands, by its name: first and last line, and its words."""


@attrs.frozen
class Record:
    """A comment's lines, by position.

    Attributes:
        first: First line of the header.
        last: Last line of the header.
        fields: Where each field stands: first and last line, and its words.
        shape: The header's shape.
        text: First line of the text and the line after its last.
        level: What is displayed of the depth, ``None`` if the header's kind does not tell.
        foot: First of the comment's lines below its text, ``None`` without such lines.
    """

    first: int
    last: int
    fields: Fields
    shape: HeaderShape
    text: tuple[int, int] = (0, 0)
    level: Level | None = None
    foot: int | None = None

    @property
    def author(self) -> str:
        """The author's name as displayed."""
        return plain_name(self.fields["author"][2])

    @property
    def is_open(self) -> bool:
        """Whether the header opens with a block of short lines, so that its first line is not sure."""
        return "block" in self.fields and self.fields["block"][0] == self.first

    @property
    def is_vague(self) -> bool:
        """Whether no words tell which line of that block is the author's name."""
        return self.is_open and any(slot.template == "{author}" for slot in self.shape.slots)

    def below(self, position: int) -> Record | None:
        """The record with its open block cut off at a line; ``None`` if nothing of the block is left."""
        top, bottom, _ = self.fields["block"]
        if top > position:
            return self
        if bottom <= position:
            return None
        return attrs.evolve(self, first=position + 1, fields={**self.fields, "block": (position + 1, bottom, "")})


def is_better(record: Record, other: Record, shapes: Sequence[HeaderShape]) -> bool:
    """Whether a header replaces the one above that it overlaps: with a time, or longer and named first."""
    if record.shape.is_timed != other.shape.is_timed:
        return record.shape.is_timed
    return record.first <= other.first and shapes.index(record.shape) < shapes.index(other.shape)


def fits(page: Page, shapes: Sequence[HeaderShape], starts: Collection[int]) -> Iterator[Record]:
    """The first fitting shape at each anchor, in order.

    Args:
        page: The page.
        shapes: The shapes.
        starts: The lines at which a header may stand that nothing but its place tells.
    """
    anchors = [starts if shape.is_bare else _anchors(page, shape.slots[shape.anchor]) for shape in shapes]
    for position in sorted(set().union(*anchors)):
        candidates = (shape for shape, own in zip(shapes, anchors, strict=True) if position in own)
        record = next(filter(None, (_fit(page, shape, position) for shape in candidates)), None)
        if record is not None:
            yield record


def _anchors(page: Page, slot: Slot) -> Collection[int]:
    """The lines that a slot may fit by their words alone; what it fits is asked line by line."""
    if slot.template in SLOT_TESTS or slot.template == "{author}":
        return range(len(page))
    return page.reading_like(slot.template, is_timed="when" in slot.fields)


def _fit(page: Page, shape: HeaderShape, position: int) -> Record | None:
    """A header with its anchor at a line."""
    fields: Fields = {}
    anchor = shape.anchor
    if not _may_be_marked(page, shape, position):
        return None
    if not take(page, shape.slots[anchor], position, fields):
        return None
    first = walk(page, shape.slots[:anchor][::-1], position, -1, fields)
    if first is None:
        return None
    last = walk(page, shape.slots[anchor + 1 :], position, 1, fields)
    if last is None or "author" not in fields:
        return None
    return Record(first, last, fields, shape)


def _may_be_marked(page: Page, shape: HeaderShape, position: int) -> bool:
    """Whether Markdown's mark before a line, if any, suits a header.

    A heading stands above its text, and what says in a quotation who wrote, and not when, is a quotation itself.
    """
    is_below = shape.text == "before" and page.opens_with(position, "#")
    return not is_below and (shape.is_timed or not page.opens_with(position, ">"))


def walk(page: Page, slots: Sequence[Slot], position: int, by: int, fields: Fields) -> int | None:
    """Fit slots to the lines beside a position, in direction ``by``; the last line taken, ``None`` if one fails."""
    in_block = False
    for slot in slots:
        at: int | None = position
        if slot.template == "{field}" and slot.repeated:
            at = past_titles(page, position) if in_block and by > 0 else past_fields(page, position, by)
        elif slot.repeated:
            in_block = True
            continue
        elif in_block and by < 0 and slot.template == "{alt}":
            at = _take_alt(page, slot, position, fields)
        elif in_block:
            at = _take_far(page, slot, position, by, fields)
        elif 0 <= position + by < len(page) and take(page, slot, position + by, fields):
            at = position + by
        elif not slot.optional:
            at = None
        if at is None:
            return None
        position, in_block = at, False
    return position


def _take_alt(page: Page, slot: Slot, position: int, fields: Fields) -> int | None:
    """The first line of the block above a line that is the name again; the line itself if it may be missing."""
    top = _named_top(page, position, fields["author"][2])
    if top is None:
        return position if slot.optional else None
    fields["alt"] = (top, top, fields["author"][2])
    return top


def _take_far(page: Page, slot: Slot, near: int, by: int, fields: Fields) -> int | None:
    """The far end of the block beside a line, where the slot's field stands; a comma joins a line, and no block."""
    position = far_end(page, near, by)
    if position == near or page.words[near + by] == ",":
        return None
    if by < 0 and slot.template == "{author}":  # which line it is, is settled when all blocks are known
        fields["author"] = (position, position, page.words[position])
    elif not take(page, slot, position, fields):
        return None
    fields["block"] = (min(position, near + by), max(position, near + by), "")
    return position


def _named_top(page: Page, position: int, author: str) -> int | None:
    """The first line of the block above a line that is a person's name, or opens with it; ``None`` if there is none."""
    key = fold_key(author)
    end = far_end(page, position, -1)
    for at in range(max(0, end - 1), position):
        words = page.keys[at]
        if words == key or words.startswith(f"{key} "):
            return at
    return None


def past_titles(page: Page, position: int) -> int:
    """The last line of the facts about an author below his name; a few titles may stand between, but no next header."""
    for titles in range(_MAX_TITLES + 1):
        last = past_fields(page, position + titles, 1)
        if last > position + titles:
            return last
        below = position + titles + 1
        if below >= len(page) or below in page.times or len(page.words[below]) > MAX_LABEL:
            break
    return position


def past_fields(page: Page, position: int, by: int) -> int:
    """The last line of the facts about an author beside a line."""
    for _ in range(_MAX_FIELDS):
        for width in (1, 2):  # the value stands behind the word, or on the line below
            word = position + by if by > 0 else position - width
            if word >= 0 and word + width <= len(page) and page.is_field(word, width):
                position += by * width
                break
        else:
            break
    return position


def far_end(page: Page, near: int, by: int) -> int:
    """The last line of the block of labels and facts beside a line."""
    labels, position = 0, near
    while labels < _MAX_BLOCK and abs(position - near) < _MAX_HEIGHT:
        past = past_fields(page, position, by)
        if past == position:
            past += by
            if not 0 <= past < len(page) or not page.is_label(past):
                break
            labels += 1
        position = past
    return position


def take(page: Page, slot: Slot, position: int, fields: Fields) -> bool:
    """Whether a slot fits a line; its fields are then added."""
    words = page.words[position]
    test = SLOT_TESTS.get(slot.template)
    if test is not None:
        return test(page, position, fields)
    if slot.is_name and (_is_no_name(page, position) or (position in page.times and not slot.is_headline)):
        return False
    if slot.template == "{author}":
        fields["author"] = (position, position, words)
        return True
    if len(words) > MAX_STAMPED or ("when" in slot.fields and position not in page.times):
        return False
    return _take_words(page, slot, position, fields)


def _is_no_name(page: Page, position: int) -> bool:
    """Whether a line is surely nobody's name: too long, a button, or the word above a fact's value."""
    is_fact = position + 1 < len(page) and page.is_field(position, 2)
    return is_fact or page.kinds[position] in NO_NAMES or len(page.words[position]) > MAX_NAME


def _take_words(page: Page, slot: Slot, position: int, fields: Fields) -> bool:
    """Whether a line reads like the slot's template."""
    words = page.words[position]
    match = page.pattern(slot.template).fullmatch(page.stamped(position) if "when" in slot.fields else words)
    if match is None:
        return False
    for field, text in match.groupdict().items():
        name = text.strip(EDGES)
        if not name or (field == "author" and slot.is_glued and name_likeness(name) < _LEAST_LIKELY):
            return False
        fields[field] = (position, position, name)
    if "when" in slot.fields:
        time = page.times[position]
        fields["when"] = (position, position, words[time.start : time.end])
    return True


def _is_again(page: Page, position: int, fields: Fields) -> bool:
    """Whether a line is one of those between the time and itself once more."""
    words = page.keys[position]
    return any(words == page.keys[at] for at in range(fields["when"][0], position))


def _is_alt(page: Page, position: int, fields: Fields) -> bool:
    """Whether a line is the author's name, or the line below it, once more."""
    words = page.keys[position]
    if "author" in fields:
        return words == fold_key(fields["author"][2])
    return position + 1 < len(page) and words == page.keys[position + 1]


def _is_role(page: Page, position: int, fields: Fields) -> bool:
    """Whether a line is a role: "Author", "Admin"."""
    if page.kinds[position] is not Kind.ROLE:
        return False
    fields["role"] = (position, position, page.words[position])
    return True


def _is_marker(page: Page, position: int, fields: Fields) -> bool:
    """Whether a line names whom the comment answers."""
    name = page.answered(position)
    if name:
        fields["name"] = (position, position, name)
    return bool(name)


SLOT_TESTS: dict[str, Callable[[Page, int, Fields], bool]] = {
    "{any}": lambda page, position, fields: len(page.words[position]) <= MAX_STAMPED,
    "{again}": _is_again,
    "{title}": lambda page, position, fields: page.is_title(position),
    "{alt}": _is_alt,
    "{role}": _is_role,
    "{marker}": _is_marker,
    "{initial}": lambda page, position, fields: page.is_initial(position),
}
"""The slots that are no templates of words."""
