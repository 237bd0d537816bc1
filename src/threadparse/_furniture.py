"""Furniture: which lines at the edges of texts are none of them.

In: a page, and what lies between its headers. Out: the forms that come back there (:func:`peel`), and, with what a
dialect names, :class:`Furniture`, which tells for a line at an edge whether it is text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from ._dialect import Dialect
from ._lines import GONE, fold_key
from ._names import LIKELY, ends_sentence, mask_key, name_likeness
from ._rows import BUTTONS, Page
from ._shapes import Record, past_fields, past_titles
from ._templates import escaped, means_itself, unescaped

_MAX_PEELED = 6
"""Most lines of furniture at one edge of a text; more are found where the dialect names them."""
_LEAST_SENTENCE = 5
"""Fewest spaces of a sentence that is a text even where it comes back; buttons and facts are shorter or end in none."""
_LEAST_TITLE = 8
"""Fewest letters of a title that is known by another line's end."""
_NEAR_TITLE = 200
"""Lines above the first text in which such a line is looked for."""
_LEAST_NAME = 2
"""Most letters of a name that is not looked for within other lines."""


class Stretch(NamedTuple):
    """The lines of a text before its furniture is off.

    Attributes:
        first: First line.
        after: The line after the last one.
        author: Who wrote it, folded.
        names: The masks of the author's name and of the next one's.
    """

    first: int
    after: int
    author: str
    names: tuple[str, str]


def stretches(texts: Sequence[tuple[int | None, int | None]], names: Sequence[str]) -> list[Stretch]:
    """The texts whose both ends are known, with their authors."""
    keys = list(map(fold_key, names))
    masks = [*map(mask_key, keys), ""]
    return [
        Stretch(first, after, key, near)
        for (first, after), key, near in zip(texts, keys, pairwise(masks), strict=True)
        if first is not None and after is not None
    ]


def peel(page: Page, texts: Sequence[Stretch], names: Sequence[str]) -> frozenset[str]:
    """Masks of the lines that come back at the edges of some texts, peeled off from outside.

    In a mask, "{name}" is the text's author or the next one: "Edited by Ann", "Ann's picture".

    Args:
        page: The page.
        texts: The texts.
        names: All authors of the page.
    """
    needed = least_often(len(texts))
    edges_of = Edges(page, names)
    furniture: set[str] = set()
    rest = list(texts)
    for _ in range(_MAX_PEELED):
        rest = [edges_of.trimmed(text, furniture) for text in rest]
        edges = [text for text in rest if text.after - text.first > 1]
        tops = Counter(edges_of.form(text.first, text) for text in edges if not _greets(page.words[text.first]))
        ends = _not_signed(page, [(edges_of.form(text.after - 1, text), text) for text in edges])
        new = {form for form, count in (*tops.items(), *ends.items()) if count >= needed and form} - furniture
        if not new:
            break
        furniture |= new
    return frozenset(furniture)


def _greets(words: str) -> bool:
    """Whether a line opens a text though many texts do so: "Hi," and "Hello Ann!"."""
    return words.endswith((",", "!")) and words.count(" ") < _LEAST_SENTENCE


def least_often(texts: int) -> float:
    """How often a line comes back that is furniture, by the number of texts."""
    return max(2.0, 0.34 * texts) if texts < 9 else 0.2 * texts


def _not_signed(page: Page, ends: Sequence[tuple[str, Stretch]]) -> Counter[str]:
    """How often each form ends a text, but for signatures: the author's own name, or what one person alone writes."""
    writers: dict[str, set[str]] = {}
    for form, text in ends:
        writers.setdefault(form, set()).add(text.author)
    several = len({text.author for _, text in ends}) > 1
    return Counter(
        form
        for form, text in ends
        if page.keys[text.after - 1] != text.author and (len(writers[form]) > 1 or not several)
    )


class Edges:
    """The lines at the edges of texts, by their forms: what is alike in the furniture of two texts has one form."""

    def __init__(self, page: Page, names: Sequence[str]) -> None:
        self._page = page
        self._authors = {fold_key(name) for name in names}.difference(GONE)
        self._known: dict[tuple[int, tuple[str, str]], str] = {}

    def form(self, position: int, text: Stretch) -> str:
        """The line's mask, with "{name}" for the text's author and the next one."""
        asked = position, text.names
        known = self._known.get(asked)
        if known is None:
            known = self._known[asked] = self._form(position, text)
        return known

    def _form(self, position: int, text: Stretch) -> str:
        page = self._page
        if page.keys[position] in self._authors:
            return "{name}"
        form = page.stamped_masks[position]
        for name in text.names:
            if len(name) > _LEAST_NAME and name in form and f" {name} " in f" {form.replace(';', ' ')} ":
                form = form.replace(name, "{name}", 1)
                break
        return form

    def trimmed(self, text: Stretch, furniture: Set[str]) -> Stretch:
        """A text without the buttons and the furniture, by their forms, at its edges."""
        kinds, first, after = self._page.kinds, text.first, text.after
        while first < after and (kinds[first] in BUTTONS or self.form(first, text) in furniture):
            first += 1
        while after > first and (kinds[after - 1] in BUTTONS or self.form(after - 1, text) in furniture):
            after -= 1
        return text._replace(first=first, after=after)


class Furniture:
    """Which lines at the edge of a text are none of it, and which end one."""

    def __init__(self, page: Page, dialect: Dialect, recurring: frozenset[str], records: Sequence[Record]) -> None:
        self._page = page
        self._edges = Forms(page, dialect.furniture)
        self._votes = Forms(page, dialect.votes)
        known = sorted(map(escaped, recurring - {"{name}"}))
        self._recurring = Forms(page, [form for form in known if means_itself(form) or not _is_open(form)])
        self._recurring_names = "{name}" in recurring
        self._headers_below = all(header.text == "before" for header in dialect.headers)
        between = dialect.hides if self._headers_below else ()
        self._starts = Forms(page, (*dialect.starts, *dialect.opens, *between))
        self._ends = Forms(page, (*dialect.ends, *dialect.closes))
        self._rules = {form for form in dialect.ends if not any(map(str.isalnum, form))}
        self._joins = Forms(page, dialect.joins)
        self._names = "{name}" in dialect.furniture
        self._authors_below = "{name}" in dialect.ends
        self._is_flat = dialect.is_flat
        self._fields = "{field}" in dialect.furniture
        self._titles = "{title}" in dialect.furniture
        self._top = records[0].last if records else 0
        self._authors = {fold_key(record.author) for record in records}.difference(GONE)
        pairs = list(pairwise(records))
        closed = sum(self.is_edge(below.first - 1) for above, below in pairs if below.first - 1 > above.last)
        self.closes = bool(pairs) and 10 * closed >= 6 * len(pairs)
        """Whether furniture closes most texts, so that it closes the last one too."""

    def is_edge(self, position: int, owner: str = "", *, is_top: bool = False) -> bool:
        """Whether a line is furniture where it stands at the edge of a text, at its end if its author is given."""
        page = self._page
        if page.opens_quote(position):
            return False
        if page.kinds[position] in BUTTONS or self._edges.match(position):
            return True
        if self._votes.match(position):  # on a text's other side it is a number that somebody wrote
            return is_top is self._headers_below
        is_name = page.keys[position] in self._authors
        is_fact = self._fields and (page.is_field(position, 1) or self._is_half(position))
        if is_fact or (self._titles and self._is_title(position)) or (self._names and is_name):
            return True
        is_signed = page.keys[position] == owner
        recurs = self._recurring.match(position) or (self._recurring_names and is_name and not is_signed)
        return recurs and not (self._is_flat and (page.opens_text(position) or self._is_sentence(position)))

    def _is_title(self, position: int) -> bool:
        """Whether a line is the thread's title, perhaps with an icon's name before it: "Default Re: The pump"."""
        page, top = self._page, min(position, self._top)
        if page.is_title(position, top):
            return True
        word, _, title = page.keys[position].partition(" ")
        if not self._edges.has(word) or len(title) < _LEAST_TITLE:
            return False
        bare = title.removeprefix("re: ")
        return any(page.keys[at].endswith(bare) for at in range(max(0, top - _NEAR_TITLE), top))

    def _is_half(self, position: int) -> bool:
        """Whether a line is the word or the value of a fact about an author on two lines."""
        starts = (position - 1, position)
        return any(0 <= start < len(self._page) - 1 and self._page.is_field(start, 2) for start in starts)

    def _is_sentence(self, position: int) -> bool:
        """Whether a line is what some people's telephones write below their posts: "Sent from my pocket pump 3."."""
        words = self._page.words[position]
        return words.count(" ") >= _LEAST_SENTENCE and ends_sentence(words)

    def is_start(self, position: int) -> bool:
        """Whether a text starts below a line wherever that stands."""
        return self._starts.match(position)

    def is_end(self, position: int, owner: str) -> bool:
        """Whether a line ends a text wherever it stands, as the name of its author does with facts about him below."""
        if self._ends.match(position) or self._is_below_rule(position):
            return True
        return self._authors_below and self._block_end(position, owner) is not None

    def _is_below_rule(self, position: int) -> bool:
        """Whether a rule that ends texts stands between a line and the one with words above it."""
        page = self._page
        between = range(page.at[position - 1] + 1, page.at[position]) if position and self._rules else ()
        return any(page.lines.content[index] in self._rules for index in between)

    def below_block(self, first: int, after: int, owner: str) -> int:
        """Where a text begins if its author's name, with facts about him, stands above it among some lines."""
        lines = reversed(range(first, after)) if self._headers_below else ()
        ends = (self._block_end(at, owner) for at in lines)
        end = next((end for end in ends if end is not None), None)
        return first if end is None else min(end + 1, after)

    def _block_end(self, position: int, owner: str) -> int | None:
        """The last of the facts about somebody below a line with his name, and perhaps a title; ``None`` without."""
        page, rest = self._page, self._page.keys[position].removeprefix(owner)
        if rest == page.keys[position] or not page.is_label(position):  # a name may fold to nothing
            return None
        if page.keys[position + 1 : position + 2] == [owner]:  # "Cheers, Ann" above Ann's own block
            return None
        last = past_titles(page, position) if not rest[:1].strip() else past_fields(page, position, 1)
        return last if last > position or page.is_fact(rest.strip()) else None

    def above_reactions(self, first: int, end: int, last: int) -> int:
        """Where a text ends if who liked it stands above how many did, or that they did: "Ann and Ben", "2".

        Args:
            first: The text's first line.
            end: The line after its last one.
            last: The line after the furniture below it.
        """
        page = self._page
        counts = (at for at in range(end, last) if "{n}" in page.masks[at])
        below = (at for at in (end, last) if at < len(page))
        is_below = any(map(self._joins.match, below)) or not all(map(self._ends.match, counts))
        if not (self._joins and is_below):
            return end
        at = end
        if not self._joins.match(at - 1):
            if not self._is_name(at - 1):
                return end
            at -= 1
        while at - 2 > first and self._joins.match(at - 1):
            at -= 2
        return max(at, first)

    def _is_name(self, position: int) -> bool:
        return self._page.is_label(position) and name_likeness(self._page.words[position]) >= LIKELY


_OPEN = ("{any}", "{name}", "{word}", "{title}", "{field}")
"""What may be anything in a line of furniture; alone, they are no template of a line but a look at the page."""


def _is_open(form: str) -> bool:
    return form not in _OPEN and any(field in form for field in _OPEN)


class Forms:
    """A dialect's lines of furniture; most are looked up by their mask, open ones are patterns."""

    def __init__(self, page: Page, forms: Sequence[str]) -> None:
        self._page = page
        self._masks = frozenset(map(unescaped, forms))
        self._patterns = [("{when}" in form, page.pattern(form)) for form in forms if _is_open(form)]

    def __bool__(self) -> bool:
        return bool(self._masks)

    def has(self, mask: str) -> bool:
        """Whether a mask is one of the lines."""
        return mask in self._masks

    def match(self, position: int) -> bool:
        page = self._page
        if not self._masks or not page.masks[position]:
            return False
        if page.masks[position] in self._masks or page.stamped_masks[position] in self._masks:
            return True
        return any(
            pattern.fullmatch(page.stamped(position) if is_timed else page.words[position])
            for is_timed, pattern in self._patterns
        )
