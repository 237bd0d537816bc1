"""Lines to records by a plain layout: a header that comes back, with a text below or above it.

In: a page and a :class:`~threadparse._dialect.Dialect` that is a layout, written by hand or learned. Out:
:class:`Layout`, the headers and the lines of each text. wpDiscuz alone is read by :mod:`threadparse._records`, which
knows its tails; every other platform is a layout.

How a layout is read
    Only lines with words count: blank lines, rules, pictures and a list's bare numbers are stepped over. The line with
    the time, or with the header's own words, is the anchor; the other lines of the header are matched upwards and
    downwards from it. Between two headers stands a text. What stands at its edges and is furniture, by the dialect or
    by a locale's words, is no part of it, and the last text ends where the page's own furniture begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import cached_property
from itertools import pairwise

import attrs
import regex

from ._blocks import Block, choose_authors
from ._dialect import Dialect, HeaderShape, Slot
from ._headers import Header
from ._lines import Lines, fold_key, plain_name
from ._locale import KEYS, Locale
from ._templates import MAX_NAME, STAMP, compile_line
from ._times import Found
from ._tokens import Kind, Lexer, Tokens

MAX_STAMPED = 150
"""Longest header line that holds a time, in code points; the longest seen has 120."""
_MAX_BLOCK = 18
"""Most lines of a "{any}*": a forum's titles, counts and dates beside a name."""
_LEAST_SIGNATURE = 3
"""Fewest words of a signature; "Regards, Ann" is a person's own."""
_MAX_SIGNATURE = 20
"""Most lines of a signature."""
_MAX_TITLE = 4
"""Most times that a thread's title stands on its page without a "Re:"; names and ranks stand there more often."""
_MAX_SAYS = 8
"""Most spaces in what stands above a quotation: "On 5 May 2020 at 12:30, Ann Other said:"."""
_MAX_RE = 6
"""Most letters of what stands before an answer's title: "Re:", "Antw:"."""
_MAX_TITLES = 4
"""Most titles between an author's name and the facts about him."""
_MAX_FIELDS = 12
"""Most facts about an author beside a post."""
_MAX_LABEL = 48
"""Longest line of such a block, in code points."""
_MAX_EDGE = 100
"""Longest line that may be furniture at the edge of a text, in code points."""
_MAX_PEELED = 6
"""Most lines of furniture at one edge of a text; more are found where the dialect names them."""
_MAX_TAIL = 400
"""Most lines with words that the first or last text of a page may have when nothing says where it ends."""

_DECORATION = regex.compile(r"(?:(?:[•·◦▪□■○●►▸*+o-]|#{1,6})\s+|\[[^\[\]\s]{1,24}\]\s*)+(?=\S)")
"""A bullet, a heading's marks, the name of a picture's file in brackets."""
_LIST_NUMBER = regex.compile(r"[0-9]{1,4}[.)]\s+(?=\S)")
_LONE_NUMBER = regex.compile(r"[0-9]{1,4}[.)]")
_EMPHASIS = regex.compile(r"\*\*|__|(?<!\w)[_`]+(?=\S)|(?<=\S)[_`]+(?!\w)")
_LEADING = regex.compile(r"^[^\w]+")
_DIGITS = regex.compile(r"[0-9]+(?:[.,][0-9]+)*")
_SENTENCE_ENDS = (".", "!", "?", "…", ",", "。", "！", "？")
_EDGES = " \t\u00a0|·•–—,»:-"
"""What stands between a name and the words or the time beside it."""
_LEAST_LIKELY = 0.15
"""Likeness to a name below which words beside a time are prose."""
_STEPPED_OVER = frozenset({Kind.BLANK, Kind.RULE, Kind.IMAGE})
_HEADINGS = frozenset({Kind.COUNT, Kind.COUNT_LABEL, Kind.SORT})
_MAX_HEADINGS = 2
"""Most headings of a section; words that stand between more comments are their furniture ("Replies")."""
_MAX_AFFIX = 3
"""Most words beside a name that may belong to the layout: "Posted by", "says:", "(not verified)"."""
_SHARED = 0.7
"""Share of the records in which a word must stand beside the name to belong to the layout."""
_NEAR = 6
"""Lines above the first comment in which the section's heading stands: sort bars may stand between."""
_RUN = 3
"""Lines without a sentence, one below the other, from which on they are a menu and not the end of a text."""
_STOPS = frozenset({Kind.FORM, Kind.SITE, Kind.PAGER, Kind.SORT, Kind.COUNT})
"""Kinds of lines that end the last text."""
BUTTONS = frozenset({Kind.REPLY, Kind.BUTTON, Kind.HIDDEN, Kind.PAGER, Kind.SORT})
"""Kinds of lines that are furniture at the edge of a text."""
_NO_LABELS = BUTTONS | {Kind.FORM, Kind.SITE, Kind.EDITED, Kind.COUNT}
NO_NAMES = _NO_LABELS | {Kind.TIME, Kind.NUMBER, Kind.COUNT_LABEL, Kind.MARKER, Kind.MARKER_WORD, Kind.READ_MORE}


class Page:
    """The lines of a page that have words, by position.

    Attributes:
        lines: The page.
        tokens: Its tokens.
        lexer: Reads times in the page's languages.
        locales: The page's languages.
        is_cut: Whether the text had no line breaks, so that the lines are guessed.
        at: The number of each line.
        words: The line without a list's bullet or number and without emphasis.
        kinds: The kind of its token.
    """

    def __init__(
        self, lines: Lines, tokens: Tokens, lexer: Lexer, locales: tuple[Locale, ...], *, is_cut: bool = False
    ) -> None:
        self.lines = lines
        self.tokens = tokens
        self.lexer = lexer
        self.locales = locales
        self.is_cut = is_cut
        self.at: list[int] = []
        self.words: list[str] = []
        self.kinds: list[Kind] = []
        for index, content in enumerate(lines.content):
            kind = tokens.kinds[index]
            if kind not in _STEPPED_OVER and not _LONE_NUMBER.fullmatch(content):
                self.at.append(index)
                self.words.append(self._bare(content))
                self.kinds.append(kind)

    def _bare(self, content: str) -> str:
        """A line without a list's bullet or number and without emphasis."""
        words = content
        match = _LIST_NUMBER.match(words)
        if match is not None:
            time = self.lexer.times.find(words[:MAX_STAMPED])
            if time is None or time.start >= match.end():  # "26. May" is no list's
                words = words[match.end() :]
        words = _DECORATION.sub("", words, count=1) if _DECORATION.match(words) else words
        if self.lines.is_markdown or "**" in words:
            words = plain_name(_EMPHASIS.sub("", words)).strip() or content
        return words

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def times(self) -> dict[int, Found]:
        """By position, in order: the time in a line, for the lines short enough to be a header's."""
        find = self.lexer.times.find
        found = {}
        for position, words in enumerate(self.words):
            if len(words) <= MAX_STAMPED and self.kinds[position] is not Kind.EDITED:
                time = find(words)
                if time is not None:
                    found[position] = time
        return found

    @cached_property
    def masks(self) -> list[str]:
        """Each line folded, with "{n}" for its numbers: what is alike in two records has the same mask."""
        return [mask(words) if len(words) <= _MAX_EDGE else "" for words in self.words]

    def mask(self, position: int) -> str:
        """The mask with "{when}" in place of the line's time; the plain one if it has none."""
        time = self.times.get(position)
        if time is None:
            return self.masks[position]
        words = self.words[position]
        return f"{mask(words[: time.start])} {{when}} {mask(words[time.end :])}".strip()

    @cached_property
    def _patterns(self) -> dict[str, regex.Pattern[str]]:
        return {}

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        return {key: [form for locale in self.locales for form in locale.words.get(key, ())] for key in KEYS}

    @cached_property
    def _joined(self) -> tuple[str, ...]:
        return tuple(sorted((fold_key(word) for word in self._forms["joined"]), key=len, reverse=True))

    def pattern(self, template: str) -> regex.Pattern[str]:
        """The pattern of a header's line in the page's languages."""
        if template not in self._patterns:
            self._patterns[template] = compile_line(template, self._forms, file="<dialect>", key="header")
        return self._patterns[template]

    def stamped(self, position: int) -> str:
        """A line with :data:`STAMP` in place of its time, if it has one."""
        words, time = self.words[position], self.times.get(position)
        return words if time is None else f"{words[: time.start]}{STAMP}{words[time.end :]}"

    def indent(self, position: int) -> int:
        """Columns of white space to the left of a line."""
        raw = self.lines.raw[self.at[position]]
        return len(raw) - len(raw.lstrip())

    def is_field(self, position: int, width: int) -> bool:
        """Whether a line, or two, are a fact about an author: "Joined: 2015", or "Joined" and "2015" below."""
        words = self.words[position]
        key = fold_key(words).rstrip(" :")
        if width == 2:
            return key in self._joined and len(self.words[position + 1]) <= _MAX_LABEL
        return len(words) <= MAX_STAMPED and key not in self._joined and self._opens_as_field(key)

    def _opens_as_field(self, key: str) -> bool:
        word = next((word for word in self._joined if key.startswith(word)), None)
        rest = "" if word is None else key[len(word) :].lstrip()
        return rest.startswith(":") or _DIGITS.search(rest) is not None

    @cached_property
    def _stands_at(self) -> dict[str, list[int]]:
        stands: dict[str, list[int]] = {}
        for position, words in enumerate(self.words):
            stands.setdefault(_LEADING.sub("", fold_key(words)), []).append(position)
        return stands

    def is_title(self, position: int) -> bool:
        """Whether a line is the thread's title again: it stood above, or does so after a "Re:"."""
        key = fold_key(self.words[position])
        if len(key) > MAX_STAMPED:
            return False
        bare = key.partition(":")[2].lstrip() if key.find(":") in range(1, _MAX_RE) else key
        stands = self._stands_at.get(_LEADING.sub("", bare), [position])
        if stands[0] < position and (bare != key or len(stands) <= _MAX_TITLE):
            return True
        return position > 0 and len(bare) > 2 and fold_key(self.words[0]).startswith(bare)

    def opens_text(self, position: int) -> bool:
        """Whether a line surely belongs to a text, even if others open like it: "Ann said:", a "Re:" and a title."""
        for at in (position, position + 1):
            if at < len(self) and self.words[at].endswith(":") and self.words[at].count(" ") < _MAX_SAYS:
                return True
        return fold_key(self.words[position]).find(":") in range(1, _MAX_RE)

    def is_label(self, position: int) -> bool:
        """Whether a line may stand in a header's block, beside the name: short, and no sentence."""
        words = self.words[position]
        return (
            len(words) <= _MAX_LABEL and not words.endswith(_SENTENCE_ENDS) and self.kinds[position] not in _NO_LABELS
        )


def mask(words: str) -> str:
    """A line as the layout of a page knows it: folded, with "{n}" for each number."""
    return _DIGITS.sub("{n}", fold_key(words)).strip()


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
        level: The displayed depth, ``None`` if the header's kind does not tell.
        foot: First of the comment's lines below its text, ``None`` without such lines.
    """

    first: int
    last: int
    fields: Fields
    shape: HeaderShape
    text: tuple[int, int] = (0, 0)
    level: int | None = None
    foot: int | None = None

    @property
    def author(self) -> str:
        """The author's name as displayed."""
        return plain_name(self.fields["author"][2])

    @property
    def is_open(self) -> bool:
        """Whether the header opens with a block of short lines, so that its first line is not sure."""
        return "block" in self.fields and self.fields["block"][0] == self.first

    def below(self, position: int) -> Record | None:
        """The record with its open block cut off at a line; ``None`` if nothing of the block is left."""
        top, bottom, _ = self.fields["block"]
        if top > position:
            return self
        if bottom <= position:
            return None
        return attrs.evolve(self, first=position + 1, fields={**self.fields, "block": (position + 1, bottom, "")})


def read_layout(page: Page, dialect: Dialect) -> list[Record]:
    """The comments of a page in a dialect's layout; none if nothing fits."""
    records: list[Record] = []

    no_names = frozenset((*dialect.furniture, *dialect.starts, *dialect.opens, *dialect.closes))
    ends = _Forms(page, dialect.ends)
    for record in _fits(page, dialect.headers):
        if "block" not in record.fields and _is_furniture(page, record, no_names, ends):
            continue
        clipped = record.below(records[-1].last) if records and record.is_open else record
        if clipped is None:
            continue
        if records and clipped.first <= records[-1].last:
            if not _is_better(clipped, records[-1], dialect.headers):
                continue
            records.pop()
        records.append(clipped)
    records = _between(page, records, dialect)
    if not dialect.has_headings:
        records = _one_section(page, records)
    records = _without_shared_words(_once(page, _settle_blocks(page, records, dialect)))
    records = _with_feet(page, records)
    texts = _texts(page, records, dialect)
    if dialect.is_flat:
        texts = _without_signatures(page, records, texts)
    levels = _levels(records, _Forms(page, dialect.answers) if dialect.answers else None)
    return [
        attrs.evolve(record, text=text, level=level) for record, text, level in zip(records, texts, levels, strict=True)
    ]


def _is_furniture(page: Page, record: Record, masks: frozenset[str], ends: _Forms) -> bool:
    """Whether the platform's own words stand where the author should."""
    position = record.fields["author"][0]
    return page.masks[position] in masks or ends.match(position)


def _is_better(record: Record, other: Record, shapes: Sequence[HeaderShape]) -> bool:
    """Whether a header replaces the one above that it overlaps: with a time, or longer and named first."""
    if record.shape.is_timed != other.shape.is_timed:
        return record.shape.is_timed
    return record.first <= other.first and shapes.index(record.shape) < shapes.index(other.shape)


def name_likeness(words: str) -> float:
    """How much some words look like a name, 0 to 1: names are short, and no sentences."""
    if not words or len(words) > 60:
        return 0.0
    if not any(map(str.isalnum, words)):
        return 0.4 if not words.isascii() and len(words) <= 8 else 0.0  # an emoji, but no row of dots
    count = words.count(" ") + 1
    likeness = 1.0 if count <= 3 else 0.8 if count <= 5 else 0.3
    if words.endswith((*_SENTENCE_ENDS, ":", ";", '"', "”")):
        likeness *= 0.5 if count <= 2 else 0.1
    if words.isdecimal():
        likeness *= 0.1
    elif 2 * sum(map(str.isdigit, words)) > len(words):
        likeness *= 0.5
    if count > 2 and words[0].islower():
        likeness *= 0.4
    if "http" in words or ": " in words:
        likeness *= 0.3
    return likeness


# -- headers -----------------------------------------------------------------------------------------------------------


def _fits(page: Page, shapes: Sequence[HeaderShape]) -> Iterator[Record]:
    """The first fitting shape at each anchor, in order."""
    worded = [shape for shape in shapes if not shape.is_timed]
    anchors: Iterable[int] = range(len(page)) if worded else page.times
    for position in anchors:
        candidates = shapes if position in page.times else worded
        record = next(filter(None, (_fit(page, shape, position) for shape in candidates)), None)
        if record is not None:
            yield record


def _fit(page: Page, shape: HeaderShape, position: int) -> Record | None:
    """A header with its anchor at a line."""
    fields: Fields = {}
    anchor = shape.anchor
    if not _take(page, shape.slots[anchor], position, fields):
        return None
    first = _walk(page, shape.slots[:anchor][::-1], position, -1, fields)
    if first is None:
        return None
    last = _walk(page, shape.slots[anchor + 1 :], position, 1, fields)
    if last is None or "author" not in fields:
        return None
    return Record(first, last, fields, shape)


def _walk(page: Page, slots: Sequence[Slot], position: int, by: int, fields: Fields) -> int | None:
    """Fit slots to the lines beside a position, in direction ``by``; the last line taken, ``None`` if one fails."""
    in_block = False
    for slot in slots:
        at: int | None = position
        if slot.template == "{field}" and slot.repeated:
            at = _past_titles(page, position) if in_block and by > 0 else _past_fields(page, position, by)
        elif slot.repeated:
            in_block = True
            continue
        elif in_block and by < 0 and slot.template == "{alt}":
            at = _take_alt(page, slot, position, fields)
        elif in_block:
            at = _take_far(page, slot, position, by, fields)
        elif 0 <= position + by < len(page) and _take(page, slot, position + by, fields):
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
    """The far end of the block beside a line, where the slot's field stands."""
    position = far_end(page, near, by)
    if position == near:
        return None
    if by < 0 and slot.template == "{author}":  # which line it is, is settled when all blocks are known
        fields["author"] = (position, position, page.words[position])
    elif not _take(page, slot, position, fields):
        return None
    fields["block"] = (min(position, near + by), max(position, near + by), "")
    return position


def _named_top(page: Page, position: int, author: str) -> int | None:
    """The first line of the block above a line that is a person's name, or opens with it; ``None`` if there is none."""
    key = fold_key(author)
    end = far_end(page, position, -1)
    for at in range(max(0, end - 1), position):
        words = fold_key(page.words[at])
        if words == key or words.startswith(f"{key} "):
            return at
    return None


def _past_titles(page: Page, position: int) -> int:
    """The last line of the facts about an author below his name; a few titles may stand between."""
    for titles in range(_MAX_TITLES + 1):
        last = _past_fields(page, position + titles, 1)
        if last > position + titles:
            return last
        if position + titles + 1 >= len(page) or len(page.words[position + titles + 1]) > _MAX_LABEL:
            break
    return position


def _past_fields(page: Page, position: int, by: int) -> int:
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


def far_end(page: Page, position: int, by: int) -> int:
    """The last line of the block of labels and facts beside a line."""
    labels = 0
    while labels < _MAX_BLOCK:
        past = _past_fields(page, position, by)
        if past == position:
            past += by
            if not 0 <= past < len(page) or not page.is_label(past):
                break
            labels += 1
        position = past
    return position


def _settle_blocks(page: Page, records: list[Record], dialect: Dialect) -> list[Record]:
    """The records with the author found in the block above each."""
    furniture, ends = _Forms(page, dialect.furniture), _Forms(page, dialect.ends)
    upward = {number: record.fields["block"] for number, record in enumerate(records) if record.is_open}
    blocks = {}
    for number, (top, bottom, _) in upward.items():
        above = records[number - 1].last if number else -1
        start = _below_ends(page, ends, top, bottom)
        while start < bottom and furniture.match(start):
            start += 1
        blocks[number] = Block(start, bottom, follows=start == above + 1)
    chosen = choose_authors(page, list(blocks.values()), lambda at: _likeness(page, furniture, at))
    settled = list(records)
    for number, (first, author) in zip(upward, chosen, strict=True):
        record = records[number]
        fields = {**record.fields, "author": (author, author, _without_role(page.words[author], dialect))}
        settled[number] = attrs.evolve(record, first=first, fields=fields)
    return settled


def _below_ends(page: Page, ends: _Forms, top: int, bottom: int) -> int:
    """The first line of a block below the last one that ends a text; one with a colon takes its value along."""
    for at in range(bottom, top - 1, -1):
        if ends.match(at):
            return min(bottom, at + 2 if page.words[at].endswith(":") and at + 1 < bottom else at + 1)
    return top


def _without_role(words: str, dialect: Dialect) -> str:
    """A name without a word of the platform that stands behind it: "Ann Discussion starter"."""
    for role in dialect.lines.get("role", ()):
        if words.casefold().endswith(f" {role.casefold()}"):
            return words[: -len(role)].rstrip()
    return words


def _once(page: Page, records: list[Record]) -> list[Record]:
    """The records, a header that stands there twice as one: forums show it for telephones and for screens."""
    result: list[Record] = []
    for record in records:
        again = _again(page, result[-1], record) if result else None
        if again is None:
            result.append(record)
        else:
            result[-1] = again
    return result


def _again(page: Page, above: Record, record: Record) -> Record | None:
    """Two records as one, if the second is the header of the first again: the same time and, right away, the name."""
    after = above.last + 1
    if "block" not in above.fields or record.fields.get("block", (0, 0, ""))[0] != after:
        return None
    if "when" not in record.fields or above.fields["when"][2] != record.fields["when"][2]:
        return None
    top, bottom, _ = above.fields["block"]
    key = fold_key(page.words[after])
    for at in range(top, bottom + 1):
        words = fold_key(page.words[at])
        if words == key or words.startswith(f"{key} "):
            author = (after, after, page.words[after])
            return attrs.evolve(record, first=at, fields={**record.fields, "author": author, "alt": author})
    return None


def _likeness(page: Page, furniture: _Forms, at: int) -> float:
    if (
        furniture.match(at)
        or page.kinds[at] in NO_NAMES
        or at in page.times
        or len(page.words[at]) > MAX_NAME
        or page.is_field(at, 1)
    ):
        return -4.0
    return name_likeness(page.words[at])


def _without_shared_words(records: list[Record]) -> list[Record]:
    """The records without the words that most names open or close with: a picture's "Avatar of", a "says:"."""
    names = [record.author for record in records]
    prefix, suffix = affix(names, 0), affix(names, -1)
    if not prefix and not suffix:
        return records
    plain = []
    for record in records:
        first, last, words = record.fields["author"]
        fields = {**record.fields, "author": (first, last, without_affix(words, prefix, suffix))}
        plain.append(attrs.evolve(record, fields=fields))
    return plain


def affix(names: Sequence[str], end: int) -> tuple[str, ...]:
    """Words that most names open with (``end`` 0) or close with (-1), the outermost first, digits as "{n}"."""
    split = [name.split() for name in dict.fromkeys(names) if name]  # one person's names are alike
    found: list[str] = []
    while len(split) > 2 and len(found) < _MAX_AFFIX:
        at = len(found)
        edge = [words[at if end == 0 else -1 - at] for words in split if len(words) > at + 1]
        counts = Counter(mask(word) for word in edge if end == 0 or not word[0].isupper())  # "B." is a name's end
        word, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
        if count < _SHARED * len(split) or not word:
            break
        found.append(word)
    return tuple(found)


def without_affix(name: str, prefix: Sequence[str], suffix: Sequence[str]) -> str:
    """A name without the words of :func:`affix`."""
    words = name.split()
    for word in prefix:
        if len(words) > 1 and mask(words[0]) == word:
            words = words[1:]
    for word in suffix:
        if len(words) > 1 and mask(words[-1]) == word:
            words = words[:-1]
    return " ".join(words).strip(_EDGES)


def _take(page: Page, slot: Slot, position: int, fields: Fields) -> bool:
    """Whether a slot fits a line; its fields are then added."""
    words = page.words[position]
    test = _TESTS.get(slot.template)
    if test is not None:
        return test(page, position, fields)
    if slot.is_name and (len(words) > MAX_NAME or page.kinds[position] in NO_NAMES or position in page.times):
        return False
    if slot.template == "{author}":
        fields["author"] = (position, position, words)
        return True
    if len(words) > MAX_STAMPED or ("when" in slot.fields and position not in page.times):
        return False
    return _take_words(page, slot, position, fields)


def _take_words(page: Page, slot: Slot, position: int, fields: Fields) -> bool:
    """Whether a line reads like the slot's template."""
    words = page.words[position]
    match = page.pattern(slot.template).fullmatch(page.stamped(position) if "when" in slot.fields else words)
    if match is None:
        return False
    for field, text in match.groupdict().items():
        name = text.strip(_EDGES)
        if not name or (field == "author" and slot.is_glued and name_likeness(name) < _LEAST_LIKELY):
            return False
        fields[field] = (position, position, name)
    if "when" in slot.fields:
        time = page.times[position]
        fields["when"] = (position, position, words[time.start : time.end])
    return True


def _is_again(page: Page, position: int, fields: Fields) -> bool:
    """Whether a line is one of those between the time and itself once more."""
    words = fold_key(page.words[position])
    return any(words == fold_key(page.words[at]) for at in range(fields["when"][0], position))


def _is_alt(page: Page, position: int, fields: Fields) -> bool:
    """Whether a line is the author's name, or the line below it, once more."""
    words = fold_key(page.words[position])
    if "author" in fields:
        return words == fold_key(fields["author"][2])
    return position + 1 < len(page) and words == fold_key(page.words[position + 1])


_TESTS: dict[str, Callable[[Page, int, Fields], bool]] = {
    "{any}": lambda page, position, fields: len(page.words[position]) <= MAX_STAMPED,
    "{again}": _is_again,
    "{title}": lambda page, position, fields: page.is_title(position),
    "{alt}": _is_alt,
}
"""The slots that are no templates of words."""


def is_headed(page: Page, records: Sequence[Record]) -> bool:
    """Whether a section's heading ("3 Comments") stands within a few lines above the first record."""
    if not records:
        return False
    first = min(records[0].first, records[0].text[0])
    return Kind.COUNT in page.kinds[max(0, first - _NEAR) : first]


# -- the section and its texts -----------------------------------------------------------------------------------------


def _between(page: Page, records: list[Record], dialect: Dialect) -> list[Record]:
    """The records below the first line that opens the platform's section, and above the one that closes it."""
    opens, closes = _Forms(page, dialect.opens), _Forms(page, dialect.closes)
    first = next(filter(opens.match, range(len(page))), -1) if dialect.opens else -1
    kept = [record for record in records if record.first > first] or records
    if dialect.closes and kept:
        after = next(filter(closes.match, range(kept[0].last + 1, len(page))), len(page))
        kept = [record for record in kept if record.first < after]
    return kept


def _one_section(page: Page, records: list[Record]) -> list[Record]:
    """The records between the section's heading and the page's own furniture.

    The article's own byline stands above the heading; lists of other pages, with names and dates, below a form.
    """
    gaps = [page.kinds[above.last + 1 : below.first] for above, below in pairwise(records)]
    headed = [number for number, kinds in enumerate(gaps, start=1) if not _HEADINGS.isdisjoint(kinds)]
    if headed and len(headed) <= _MAX_HEADINGS and 2 * headed[0] <= len(records):
        return _one_section(page, records[headed[0] :])
    for number, kinds in enumerate(gaps, start=1):
        if 2 * number >= len(records) and (Kind.SITE in kinds or kinds.count(Kind.FORM) > 1):
            return records[:number]
    return records


def _with_feet(page: Page, records: Sequence[Record]) -> list[Record]:
    """The records with what stands below their texts: the last such above the next header, or the first."""
    found = []
    for number, record in enumerate(records):
        is_last = number + 1 == len(records)
        after = min(len(page), record.last + _MAX_TAIL) if is_last else records[number + 1].first
        lines = range(record.last + 1, after) if record.shape.foot else range(0)
        feet = (_foot(page, record, at) for at in (lines if is_last else reversed(lines)))
        found.append(next(filter(None, feet), record))
    return found


def _foot(page: Page, record: Record, position: int) -> Record | None:
    """The record with its foot at a line."""
    fields = dict(record.fields)
    first, *others = record.shape.foot
    if not _take(page, first, position, fields) or _walk(page, others, position, 1, fields) is None:
        return None
    return attrs.evolve(record, fields=fields, foot=position)


def _levels(records: Iterable[Record], answers: _Forms | None) -> Iterator[int | None]:
    """The depth of each comment by its header: of its kind, or 0 and 1 where a line tells answers from roots."""
    latest = None
    for record in records:
        if record.shape.is_below:
            yield None if latest is None else latest + 1
            continue
        latest = record.shape.level
        if "level" in record.fields:  # counted from 1
            latest = max(0, int(record.fields["level"][2]) - 1)
        elif latest is None and answers is not None:
            latest = int(any(map(answers.match, range(record.first, record.last + 1))))
        yield latest


def _texts(page: Page, records: Sequence[Record], dialect: Dialect) -> list[tuple[int, int]]:
    """Each record's text, which stands between its header and the next one's."""
    spans = [(record.first, record.last) for record in records]
    texts: list[tuple[int | None, int | None]] = []
    for number, record in enumerate(records):
        if record.shape.text == "after":
            below = spans[number + 1][0] if number + 1 < len(spans) else None
            if below is not None and record.foot is None and records[number + 1].shape.text == "before":
                below = _shared_at(page, record.last + 1, below)
            texts.append((record.last + 1, below if record.foot is None else record.foot))
        elif record.shape.text == "before":
            above = texts[-1][1] if number else _named_above(page, record, dialect)
            if number and records[number - 1].shape.text != "after":
                above = spans[number - 1][1] + 1
            texts.append((above, record.first))
        else:
            texts.append((record.last + 1, record.last + 1))
    whole = [(first, after) for first, after in texts if first is not None and after is not None]
    recurring = peel(page, whole, [record.author for record in records])
    furniture = _Furniture(page, dialect, recurring, records)
    margin = _margin(page, spans, whole)
    return [_cut(page, furniture, text, margin) for text in texts]


def _shared_at(page: Page, first: int, after: int) -> int:
    """Where two texts part that stand between a header above the one and a header below the other.

    At the last bullet, else at the last line that is indented more than the one above, else at the last blank line.
    """

    def opens(at: int) -> tuple[bool, bool, bool, int]:
        content = page.lines.content[page.at[at]]
        is_gap = page.at[at] - page.at[at - 1] > 1
        return _DECORATION.match(content) is not None, page.indent(at) > page.indent(at - 1), is_gap, at

    return max(range(first + 1, after), key=opens, default=after)


def _without_signatures(
    page: Page, records: Sequence[Record], texts: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The texts without the lines that end all texts of one person, if there are some: a forum's signatures."""
    of_author: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        of_author.setdefault(fold_key(record.author), []).append(number)
    result = list(texts)
    for numbers in of_author.values():
        spans = [texts[number] for number in numbers if texts[number][0] < texts[number][1]]
        common = _common_end(page, spans) if len(spans) > 1 else 0
        for number in numbers:
            first, after = texts[number]
            if first < after:
                result[number] = (first, after - common)
    return result


def _common_end(page: Page, spans: Sequence[tuple[int, int]]) -> int:
    """How many last lines are the same in all spans; each keeps its first line."""
    common = 0
    while common < _MAX_SIGNATURE and all(after - common - 1 > first for first, after in spans):
        if len({fold_key(page.words[after - common - 1]) for _, after in spans}) > 1:
            break
        common += 1
    last = spans[0][1]
    return common if sum(page.words[at].count(" ") + 1 for at in range(last - common, last)) >= _LEAST_SIGNATURE else 0


def _margin(page: Page, spans: Sequence[tuple[int, int]], texts: Sequence[tuple[int, int]]) -> int:
    """The least indentation of the comments whose ends are known."""
    lines = [at for first, last in spans for at in range(first, last + 1)]
    lines += [at for first, after in texts for at in range(first, after)]
    return min((page.indent(at) for at in lines), default=0)


def peel(page: Page, texts: Sequence[tuple[int, int]], names: Sequence[str]) -> frozenset[str]:
    """Masks of the lines that come back at the edges of some texts, peeled off from outside."""
    needed = max(2.0, 0.34 * len(texts)) if len(texts) < 9 else 0.2 * len(texts)
    authors = {fold_key(name) for name in names}
    furniture: set[str] = set()

    def key(position: int) -> str:
        return "{name}" if fold_key(page.words[position]) in authors else page.mask(position)

    rest = list(texts)
    for _ in range(_MAX_PEELED):
        rest = [trimmed(page, text, furniture, key) for text in rest]
        tops = Counter(key(first) for first, after in rest if after - first > 1)
        ends = Counter(key(after - 1) for first, after in rest if after - first > 1)
        new = {form for form, count in (*tops.items(), *ends.items()) if count >= needed and form} - furniture
        if not new:
            break
        furniture |= new
    return frozenset(furniture)


def trimmed(page: Page, text: tuple[int, int], furniture: Set[str], key: Callable[[int], str]) -> tuple[int, int]:
    """A text without the buttons and the furniture, by their keys, at its edges."""
    first, after = text
    while first < after and (page.kinds[first] in BUTTONS or key(first) in furniture):
        first += 1
    while after > first and (page.kinds[after - 1] in BUTTONS or key(after - 1) in furniture):
        after -= 1
    return first, after


class _Furniture:
    """Which lines at the edge of a text are none of it, and which end one."""

    def __init__(self, page: Page, dialect: Dialect, recurring: frozenset[str], records: Sequence[Record]) -> None:
        self._page = page
        self._edges = _Forms(page, dialect.furniture)
        self._recurring = _Forms(page, sorted(recurring - {"{name}"}))
        self._recurring_names = "{name}" in recurring
        self._starts = _Forms(page, (*dialect.starts, *dialect.opens))
        self._ends = _Forms(page, (*dialect.ends, *dialect.closes))
        self._names = "{name}" in dialect.furniture
        self._is_flat = dialect.is_flat
        self._fields = "{field}" in dialect.furniture
        self._titles = "{title}" in dialect.furniture
        self._authors = {fold_key(record.author) for record in records}
        pairs = list(pairwise(records))
        closed = sum(self.is_edge(below.first - 1) for above, below in pairs if below.first - 1 > above.last)
        self.closes = bool(pairs) and 10 * closed >= 6 * len(pairs)
        """Whether furniture closes most texts, so that it closes the last one too."""

    def is_edge(self, position: int) -> bool:
        """Whether a line is furniture where it stands at the edge of a text."""
        page = self._page
        if page.kinds[position] in BUTTONS or self._edges.match(position):
            return True
        if self._fields and (page.is_field(position, 1) or self._is_half(position)):
            return True
        if self._titles and page.is_title(position):
            return True
        is_name = fold_key(page.words[position]) in self._authors
        if self._names and is_name:
            return True
        recurs = self._recurring.match(position) or (self._recurring_names and is_name)
        return recurs and not (self._is_flat and page.opens_text(position))

    def _is_half(self, position: int) -> bool:
        """Whether a line is the word or the value of a fact about an author on two lines."""
        starts = (position - 1, position)
        return any(0 <= start < len(self._page) - 1 and self._page.is_field(start, 2) for start in starts)

    def is_start(self, position: int) -> bool:
        """Whether a text starts below a line wherever that stands."""
        return self._starts.match(position)

    def is_end(self, position: int) -> bool:
        """Whether a line ends a text wherever it stands."""
        return self._ends.match(position)


_OPEN = ("{any}", "{name}", "{word}", "{title}", "{field}")
"""What may be anything in a line of furniture; alone, they are no template of a line but a look at the page."""


class _Forms:
    """A dialect's lines of furniture; most are looked up by their mask, open ones are patterns."""

    def __init__(self, page: Page, forms: Sequence[str]) -> None:
        self._page = page
        self._masks = frozenset(forms)
        open_ended = [form for form in forms if any(field in form for field in _OPEN) and form not in _OPEN]
        self._patterns = [("{when}" in form, page.pattern(form)) for form in open_ended]

    def match(self, position: int) -> bool:
        page = self._page
        if not self._masks or not page.masks[position]:
            return False
        if page.masks[position] in self._masks or page.mask(position) in self._masks:
            return True
        return any(
            pattern.fullmatch(page.stamped(position) if is_timed else page.words[position])
            for is_timed, pattern in self._patterns
        )


def _cut(page: Page, furniture: _Furniture, text: tuple[int | None, int | None], margin: int) -> tuple[int, int]:
    """A text without what is none of it at its edges; ``None`` where only the page's own furniture tells an end."""
    first, after = text
    start = _start_of_first(page, after or 0) if first is None else first
    end = min(len(page), start + _MAX_TAIL) if after is None else after
    if after is not None:
        start = next((at + 1 for at in reversed(range(start, end)) if furniture.is_start(at)), start)
    while start < end and furniture.is_edge(start):
        start += 1
    if after is None:
        end = _end_of_last(page, furniture, start, end, margin)
    end = next((at for at in range(start, end) if furniture.is_end(at)), end)
    while end > start and furniture.is_edge(end - 1):
        end -= 1
    return start, end


def _named_above(page: Page, record: Record, dialect: Dialect) -> int | None:
    """Where the first text begins if its author stands above it too; ``None`` if he does not."""
    if "{name}" not in dialect.furniture:
        return None
    key = fold_key(record.author)
    above = range(record.first - 1, max(0, record.first - _MAX_TAIL), -1)
    return next((at for at in above if fold_key(page.words[at]) == key), None)


def _start_of_first(page: Page, end: int) -> int:
    """Where the first text begins if it stands above its header: below the section's heading."""
    first = max(0, end - _MAX_TAIL)
    for position in range(end - 1, first - 1, -1):
        if page.kinds[position] in _STOPS | _HEADINGS:
            return position + 1
    return first


def _end_of_last(page: Page, furniture: _Furniture, first: int, end: int, margin: int) -> int:
    """Where the last text ends: at its closing furniture, the page's own, less indentation, or a menu."""
    run = 0
    for position in range(first, end):
        if page.kinds[position] in _STOPS or page.indent(position) < margin:
            return position
        if position > first and furniture.closes and furniture.is_edge(position):
            return position
        run = run + 1 if position > first and page.is_label(position) else 0
        if run == _RUN and not furniture.closes:
            return position - _RUN + 1
    return end


# -- what the rest of the way wants ------------------------------------------------------------------------------------


def as_header(page: Page, record: Record) -> Header:
    """A record's header by lines of the text."""
    fields = record.fields
    when = fields.get("when")
    role, reply_to = fields.get("role"), fields.get("name")
    return Header(
        start=page.at[record.first],
        end=page.at[record.last] + 1,
        author=record.author,
        lines={
            _FIELDS.get(field, field): (page.at[first], page.at[last] + 1)
            for field, (first, last, _) in fields.items()
            if field in _FIELDS
        },
        posted=None if when is None else when[2],
        time=None if when is None else page.times[when[0]],
        role=None if role is None else role[2],
        reply_to=None if reply_to is None else plain_name(reply_to[2]),
        shape=record.shape.name,
        level=record.level,
    )


def as_lines(page: Page, record: Record) -> tuple[int, int]:
    """A record's text by lines: the first one and the one after the last; empty texts stand below their header."""
    first, after = record.text
    if first >= after:
        below = page.at[record.last] + 1
        return below, below
    return page.at[first], page.at[after - 1] + 1


_FIELDS = {"author": "author", "when": "when", "role": "role", "name": "marker"}
"""The header's fields by the names of a template's; the others are furniture."""
