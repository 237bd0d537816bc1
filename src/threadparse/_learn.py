"""A page to the dialect that it is written in: layouts of platforms that nobody has described.

In: a page. Out: a :class:`~threadparse._dialect.Dialect` with one kind of header or two, or none where nothing
repeats. The comments themselves are then read by :mod:`threadparse._layout`, as with any other dialect, so that a
dialect that was saved reads a page as it did when it was learned.

How a layout is learned
    The best guesses (:mod:`threadparse._guesses`) are written down as templates and read back, with what else the page
    then shows: titles and facts below the name, furniture (lines that come back at the edges of the texts), labels that
    end a text, links to the parent. What reads most like a conversation (:mod:`threadparse._judge`) is the layout;
    texts above their headers are likelier where nothing stands below the last one. Another kind of header is taken in
    if the page reads much better with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from typing import Any

import attrs

from ._dialect import Dialect
from ._furniture import Forms, least_often, peel, stretches
from ._guesses import BLOCK, PRIOR, Guess, find_guesses, shapes
from ._headershapes import HeaderShape, Level, Slot
from ._judge import judge_records, measure
from ._layout import read_layout
from ._rows import Page, words_of
from ._shapes import Record
from ._templates import escaped, means_itself

_MAX_WRITTEN = 3
"""Most guesses that are written down and read back: the first three held the right one whenever any did."""
_MAX_SECOND = 3
"""Most guesses that are tried as a second kind of header."""
_MUCH_BETTER = 1.15
"""How much better a page must read with a second kind of header than without."""
_NO_LAST_TEXT = 0.7
"""What a layout with the texts below is worth where nothing stands below the last header."""
_MOST_TITLES = 2
"""Most lines between a name and the facts about that person."""
_NEAR_END = 8
"""Lines before the end of a text among which a label may stand; below it are names, one a line, and numbers."""
_LABEL_WORDS = 4
"""Most words of a label: "Last edited by a moderator:" is rarely below every fifth text."""
_LABELLED = 0.3
"""What a layout loses where each of its texts closes with a short line that is no sentence."""
_A_LINE_AWAY = 0.98
"""What a name below the time is worth for each line between: titles stand below names."""
_BARE_BLOCK = 0.75
"""What a name in a block is worth where no number of a post and no fact about its author says that this is a forum."""


_PINGBACK = HeaderShape(
    "pingback", (Slot("@pingback: {author}", optional=False, is_headline=True),), "none", level=Level(0)
)
"""WordPress lists them among the comments in every theme."""


_Learned = tuple[Dialect, float, list[Record]]
"""A layout, its score and the comments that it yields."""


def learn_dialects(page: Page) -> list[_Learned]:
    """The layouts that the page itself shows, the best first, with their scores and the comments that they yield."""
    guesses = find_guesses(page)
    read = (_read_back(page, guess, shapes(guess)) for guess in _shortlist(guesses))
    learned = sorted((layout for layout in read if layout[1] > 0), key=lambda layout: -layout[1])
    if learned:
        learned[0] = _with_second_kind(page, learned[0], guesses)
    return learned


def _read_back(page: Page, guess: Guess, headers: tuple[HeaderShape, ...]) -> _Learned:
    """A guess as a dialect, with the furniture of the page when it is read so, its score and its comments."""
    dialect = Dialect("learned", "Learned from the page", "unknown", (*headers, _PINGBACK), ())
    reading = _Reading(page, dialect, read_layout(page, dialect))
    reading = reading.having(headers=_with_marker(page, dialect, reading.records))
    reading = reading.having(headers=_with_facts(page, reading.dialect, reading.records))
    gaps = [(above.last + 1, below.first) for above, below in pairwise(reading.records)]
    reading = reading.having(furniture=_furniture(page, reading.records, gaps))
    worth = PRIOR[guess.side] * (1 - _LABELLED * _left_to_texts(page, reading.records))
    reading = reading.having(
        ends=_labels_below(page, reading.records),
        is_flat=_is_forum(page, reading.records),
        answers=_answers(page, reading.records),
    )
    above_labels = _furniture(page, reading.records, [record.text for record in reading.records[:-1]])
    reading = reading.having(furniture=tuple(sorted({*reading.dialect.furniture, *above_labels})))
    if guess.place == "block":
        worth *= BLOCK if reading.dialect.is_flat else _BARE_BLOCK
    elif isinstance(guess.place, int) and guess.place > 0:
        worth *= _A_LINE_AWAY ** abs(guess.place)
    score = judge_records(page, reading.records) * worth * _ending(page, reading.records)
    return reading.dialect, score, reading.records


@attrs.frozen
class _Reading:
    """A page, a dialect, and how the page reads in it."""

    page: Page
    dialect: Dialect
    records: list[Record]

    def having(self, **changes: Any) -> _Reading:
        """The page read by the dialect with changes, if they are any."""
        dialect = attrs.evolve(self.dialect, **changes)
        return self if dialect == self.dialect else _Reading(self.page, dialect, read_layout(self.page, dialect))


def _with_second_kind(page: Page, best: _Learned, guesses: Sequence[Guess]) -> _Learned:
    """The best layout with another kind of header, if together they tell more: replies and guests look different."""
    dialect, score, records = best
    taken = _lines_of((record.first, record.last) for record in records)
    section = range(min(taken), max(taken))
    others = (
        guess for guess in guesses if guess.side == dialect.headers[0].text and _is_between(guess, section, taken)
    )
    for guess in islice(others, _MAX_SECOND):
        both = _read_back(page, guess, (*dialect.headers[:-1], *shapes(guess)))
        if both[1] > score * _MUCH_BETTER:
            return both
    return best


def _is_between(guess: Guess, section: range, taken: frozenset[int]) -> bool:
    """Whether the headers of a guess stand within a section, most of them, and on lines that are not taken."""
    within = sum(first in section for first, _ in guess.spans)
    return 3 * within >= 2 * len(guess.spans) and taken.isdisjoint(_lines_of(guess.spans))


def _lines_of(spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    """The lines from the first to the last of each span."""
    return frozenset(at for first, last in spans for at in range(first, last + 1))


def _shortlist(guesses: Sequence[Guess]) -> list[Guess]:
    """The guesses that are worth reading back: the best ones, and the best with a block, however little it is worth."""
    different = {shapes(guess): guess for guess in reversed(guesses)}  # of equal headers the best guess
    best = sorted(different.values(), key=lambda guess: -guess.score)
    blocks = (guess for guess in best[_MAX_WRITTEN:] if guess.place == "block")
    return [*best[:_MAX_WRITTEN], *islice(blocks, 1)]


def _is_forum(page: Page, records: Sequence[Record]) -> bool:
    """Whether most headers number a post, or tell facts about its author."""
    facts = sum(_has_fact(page, record.first, record.last + 1) for record in records)
    numbers = sum("number" in record.fields for record in records)
    return 2 * max(facts, numbers) > len(records)


def _has_fact(page: Page, first: int, after: int) -> bool:
    """Whether a fact about an author stands in some lines."""
    return any(page.is_field(at, 1) or (at + 1 < after and page.is_field(at, 2)) for at in range(first, after))


def _left_to_texts(page: Page, records: Sequence[Record]) -> float:
    """Share of the headers above which a label was left to the text above."""
    texts = [record.text for record in records[:-1]]
    left = [page.is_label(after - 1) for first, after in texts if after - first > 1]
    return sum(left) / max(1, len(left))


def _ending(page: Page, records: Sequence[Record]) -> float:
    """What the end of the section says for texts below their headers: there the last one has a text, too."""
    if not records or records[-1].shape.text != "after" or measure(page, *records[-1].text).words:
        return 1.0
    return _NO_LAST_TEXT


def _furniture(page: Page, records: Sequence[Record], texts: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The lines that come back at the edges of the texts; the last text may reach into the page's own."""
    names = [record.author for record in records]
    known = stretches([*texts, (None, None)], names) if records else []
    return tuple(sorted(filter(means_itself, map(escaped, peel(page, known, names)))))


def _with_marker(page: Page, dialect: Dialect, records: Sequence[Record]) -> tuple[HeaderShape, ...]:
    """The dialect's headers, with "Reply to Ann" below them, if there is such a line and Ann writes here."""
    *own, pingback = dialect.headers
    below = (record.last + 1 for record in records if record.last + 1 < len(page))
    if own[0].text != "after" or {record.author for record in records}.isdisjoint(map(page.answered, below)):
        return dialect.headers
    marker = Slot("{marker}", optional=True)
    return (*(attrs.evolve(header, slots=(*header.slots, marker)) for header in own), pingback)


def _with_facts(page: Page, dialect: Dialect, records: Sequence[Record]) -> tuple[HeaderShape, ...]:
    """The dialect's headers, with the facts about an author that stand below them, if there are some."""
    *own, pingback = dialect.headers
    facts = sum(_opens_with_fact(page, above.last + 1, below.first) for above, below in pairwise(records))
    if own[0].text != "after" or not facts or facts < least_often(len(records)):
        return dialect.headers
    below = (Slot("{any}", optional=False, repeated=True), Slot("{field}", optional=False, repeated=True))
    return (*(attrs.evolve(header, slots=(*header.slots, *below)) for header in own), pingback)


def _opens_with_fact(page: Page, first: int, after: int) -> bool:
    """Whether a fact about an author opens a text, perhaps below a title or two, and more stands below it."""
    for at in range(first, min(after - 1, first + _MOST_TITLES + 1)):
        if page.is_field(at, 1) or (at + 2 < after and page.is_field(at, 2)):
            return True
        if not page.is_label(at):
            return False
    return False


def _labels_below(page: Page, records: Sequence[Record]) -> tuple[str, ...]:
    """The labels that come back near the ends of the texts, with what they label below: "Reactions: Ann and Ben"."""
    writers: dict[str, list[str]] = {}
    for record in records[:-1]:
        first, after = record.text
        near = range(max(first + 1, after - _NEAR_END), after)
        for label in {_label(page, at) for at in near} - {""}:
            writers.setdefault(label, []).append(record.author)
    needed = least_often(len(records) - 1)
    common = [label for label, names in writers.items() if len(names) >= needed and len(set(names)) > 1]
    bare = sorted(filter(means_itself, map(escaped, common)))
    return tuple(form for label in bare for form in (label, f"{label} {{any}}"))


def _answers(page: Page, records: Sequence[Record]) -> tuple[str, ...]:
    """The words of a link to the parent, if some headers have it and some have not."""
    forms = [f"{{any}} {word}{rest}" for word in words_of(page.locales)["parent"] for rest in ("", " {any}")]
    links = Forms(page, forms)
    linked = sum(any(map(links.match, range(record.first, record.last + 1))) for record in records)
    return tuple(forms) if linked >= least_often(len(records)) and linked < len(records) else ()


def _label(page: Page, position: int) -> str:
    """What a line labels itself or the line below with, folded and with its colon; "" if it does not."""
    head, colon, _ = page.masks[position].partition(":")
    is_label = colon and head.count(" ") < _LABEL_WORDS and page.is_label(position)
    return f"{head}:" if is_label and not page.opens_text(position) else ""
