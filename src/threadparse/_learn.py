"""A page to the dialect that it is written in: layouts of platforms that nobody has described.

In: a page. Out: a :class:`~threadparse._dialect.Dialect` with one header, or none where nothing repeats. The
comments themselves are then read by :mod:`threadparse._layout`, as with any other dialect, so that a dialect that was
saved reads a page as it did when it was learned.

How a layout is learned
    A comment section is one record repeated. Lines with a time are the anchors; those that look alike (the same words
    around the time, the same form of the time) make a group, and the groups are judged, not counted: "Joined: DATE"
    stands on a forum as often as the real dates. For each group some hypotheses tell where the author stands: beside
    the time, or some lines above or below, with or without words around the name. The text stands below the header, or
    above, which is likelier where nothing stands below the last header. Lines that come back at the edges of the texts
    are furniture. The hypothesis whose records look most like a conversation (:mod:`threadparse._judge`) is written
    down as templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import islice, pairwise, product

import attrs

from ._blocks import Block, choose_authors
from ._dialect import Dialect, HeaderShape, Level, Side, Slot
from ._furniture import Edges, Forms, least_often, peel, stretches
from ._judge import Said, judge, judge_records, measure
from ._layout import label_likeness, read_layout
from ._names import DIGITS, LIKELY, affix, mask, name_likeness, without_affix
from ._rows import NO_NAMES, Page, words_of
from ._shapes import Record, far_end
from ._templates import escaped, means_itself
from ._tokens import Kind, read_number

_MAX_GROUPS = 40
"""Most groups that are judged, the largest; a page with a comment section of 100 has about 30."""
_NEVER_NAMES = NO_NAMES | {Kind.ROLE}
"""Kinds of lines that no layout takes for authors; somebody may be called "Guest", but not every second one."""
_MAX_WRITTEN = 3
"""Most guesses that are written down and read back: the first three held the right one whenever any did."""
_MAX_SECOND = 3
"""Most guesses that are tried as a second kind of header."""
_LEAST_SECOND = 0.5
"""Least score of such a guess alone: what says that a page has no authors is none."""
_MUCH_BETTER = 1.15
"""How much better a page must read with it."""
_OFFSETS = (-1, -2, -3, -4, -5, 1, 2, 3)
"""Lines away from the time at which a name is looked for."""
_PRIOR = {"after": 1.0, "before": 0.75, "none": 0.0}
"""Texts stand below their headers on most platforms."""
_NO_LAST_TEXT = 0.7
"""What a layout with the texts below is worth where nothing stands below the last header."""
_MOST_TITLES = 2
"""Most lines between a name and the facts about that person."""
_RISING = 0.8
"""Share of the numbers beside times that count up from one to the next, where they number the comments."""
_NEAR_END = 8
"""Lines before the end of a text among which a label may stand; below it are names, one a line, and numbers."""
_LABEL_WORDS = 4
"""Most words of a label: "Last edited by a moderator:" is rarely below every fifth text."""
_LABELLED = 0.3
"""What a layout loses where each of its texts closes with a short line that is no sentence."""
_BLOCK = 0.95
"""What a name at the top of a block is worth beside one at a fixed place."""
_BARE_BLOCK = 0.75
"""The same where no number of a post and no fact about its author says that this is a forum."""
_SIDES: tuple[Side, ...] = ("after", "before")


_MAX_LITERAL = 60
"""Longest words, in code points, beside a name and on each side of a time: together they fit :data:`MAX_FORM`."""


_PINGBACK = HeaderShape("pingback", (Slot("@pingback: {author}", optional=False),), "none", level=Level(0))
"""WordPress lists them among the comments in every theme."""


@attrs.frozen
class _Group:
    """Anchors that look alike.

    Attributes:
        positions: Their lines.
        before: Mask of the words before the time, ``None`` if they vary.
        after: Mask of the words after the time, ``None`` if they vary.
        above: Mask of the line above, ``None`` if that varies, too.
        below: Mask of the line below.
    """

    positions: tuple[int, ...]
    before: str | None
    after: str | None
    above: str | None
    below: str | None

    def lines(self, at: int) -> range:
        """The lines that are alike around an anchor."""
        return range(at - (self.above is not None), at + (self.below is not None) + 1)


@attrs.frozen
class _Guess:
    """A hypothesis: a group, and where the author stands."""

    group: _Group
    place: int | str
    names: tuple[str, ...]
    prefix: tuple[str, ...]
    suffix: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    side: Side
    score: float


def learn_dialects(page: Page) -> list[tuple[Dialect, float]]:
    """The layouts that the page itself shows, with their scores, the best first."""
    guesses = sorted(_guesses(page), key=lambda guess: -guess.score)
    learned = [_read_back(page, guess, (_shape(guess),)) for guess in _shortlist(guesses)]
    learned.sort(key=lambda pair: -pair[1])
    if learned and learned[0][1] > 0:
        learned[0] = _with_second_kind(page, learned[0], guesses)
    return [(dialect, score) for dialect, score in learned if score > 0]


def _read_back(page: Page, guess: _Guess, shapes: tuple[HeaderShape, ...]) -> tuple[Dialect, float]:
    """A guess as a dialect, with the furniture of the page when it is read so, and its score."""
    dialect = _with_facts(page, Dialect("learned", "Learned from the page", "unknown", (*shapes, _PINGBACK), ()))
    records = read_layout(page, dialect)
    gaps = [(above.last + 1, below.first) for above, below in pairwise(records)]
    dialect = attrs.evolve(dialect, furniture=_furniture(page, records, gaps))
    records = read_layout(page, dialect)
    worth = 1 - _LABELLED * _left_to_texts(page, records)
    dialect = attrs.evolve(dialect, ends=_labels_below(page, records), is_flat=_is_forum(page, records))
    dialect = attrs.evolve(dialect, answers=_answers(page, records))
    records = read_layout(page, dialect)
    more = _furniture(page, records, [record.text for record in records[:-1]])  # what stood above the labels
    if more:
        dialect = attrs.evolve(dialect, furniture=tuple(sorted({*dialect.furniture, *more})))
        records = read_layout(page, dialect)
    worth *= _PRIOR[guess.side]
    if guess.place == "block":
        worth *= _BLOCK if dialect.is_flat else _BARE_BLOCK
    return dialect, judge_records(page, records) * worth * _ending(page, records)


def _with_second_kind(page: Page, best: tuple[Dialect, float], guesses: Sequence[_Guess]) -> tuple[Dialect, float]:
    """The best layout with another kind of header, if together they tell more: replies and guests look different."""
    dialect, score = best
    records = read_layout(page, dialect)
    taken = {at for record in records for at in range(record.first, record.last + 1)}
    section = range(min(taken, default=0), max(taken, default=-1) + 1)
    others = (
        guess
        for guess in guesses
        if guess.score > _LEAST_SECOND and guess.side == dialect.headers[0].text and _is_between(guess, section, taken)
    )
    for guess in islice(others, _MAX_SECOND):
        both = _read_back(page, guess, (dialect.headers[0], _shape(guess)))
        if both[1] > score * _MUCH_BETTER:
            return both
    return best


def _is_between(guess: _Guess, section: range, taken: Set[int]) -> bool:
    """Whether the headers of a guess stand within a section, most of them, and on lines that are not taken."""
    within = sum(first in section for first, _ in guess.spans)
    return 3 * within >= 2 * len(guess.spans) and not any(
        at in taken for first, last in guess.spans for at in range(first, last + 1)
    )


# -- groups ------------------------------------------------------------------------------------------------------------


def _groups(page: Page) -> list[_Group]:
    members: dict[_Look, list[int]] = {}
    for position, time in page.times.items():
        if _is_fact(page, position):
            continue
        words = page.words[position]
        before, after = mask(words[: time.start]), mask(words[time.end :])
        form = "relative" if time.kind == "relative" else time.shape
        for look in _looks(before, after, _beside(page, position - 1), _beside(page, position + 1), form):
            members.setdefault(look, []).append(position)
    distinct: dict[tuple[int, ...], _Group] = {}
    for look, alike in sorted(members.items(), key=lambda item: item[0].count(None)):
        positions = tuple(alike)
        if len(positions) > 1 and positions not in distinct:
            distinct[positions] = _Group(positions, *_numbered(page, positions, look[:4]))
    return sorted(distinct.values(), key=lambda group: -len(group.positions))[:_MAX_GROUPS]


_Look = tuple[str | None, str | None, str | None, str | None, str | None]
"""What is alike: before the time, after it, the lines above and below, and the time's form."""


def _beside(page: Page, position: int) -> str | None:
    """The mask of a line beside a time, if many times may have such a one beside them."""
    if not 0 <= position < len(page) or position in page.times:
        return None
    form = page.masks[position]
    return form if form and means_itself(escaped(form), _MAX_LITERAL) else None


def _is_fact(page: Page, position: int) -> bool:
    """Whether a line tells something about an author: "Joined: Jun 29, 2031", on one line or on two."""
    return page.is_field(position, 1) or (position > 0 and page.is_field(position - 1, 2))


def _numbered(page: Page, positions: Sequence[int], look: Sequence[str | None]) -> Iterator[str | None]:
    """What is alike around some times, with "{number}" for numbers that count up: "#12"."""
    sides = (
        [page.words[at][: page.times[at].start] for at in positions],
        [page.words[at][page.times[at].end :] for at in positions],
        [page.words[max(0, at - 1)] for at in positions],
        [page.words[min(len(page) - 1, at + 1)] for at in positions],
    )
    for form, words in zip(look, sides, strict=True):
        yield form if form is None or form.count("{n}") != 1 else _counted(form, words)


def _counted(form: str, lines: Sequence[str]) -> str:
    """The mask of some lines, with "{number}" if their first numbers count up."""
    shown = [match for line in lines if (match := DIGITS.search(line))]
    numbers = [number for match in shown if (number := read_number(match[0])) is not None]
    rising = sum(upper < lower for upper, lower in pairwise(numbers))
    return form.replace("{n}", "{number}") if rising >= _RISING * (len(lines) - 1) else form


def _looks(before: str, after: str, above: str | None, below: str | None, form: str) -> Iterator[_Look]:
    """What other anchors may have in common with one, from all to nothing."""
    befores = dict.fromkeys((before, None if before else ""))
    afters = dict.fromkeys((after, None if after else ""))
    beside = dict.fromkeys(((None, None), (above, None), (None, below)))
    for left, right, (upper, lower), shape in product(befores, afters, beside, (form, None)):
        yield left, right, upper, lower, shape


# -- guesses -----------------------------------------------------------------------------------------------------------


def _guesses(page: Page) -> Iterator[_Guess]:
    for group in _groups(page):
        for place, names_at in _places(page, group):
            yield from _judged(page, group, place, names_at)


_Named = tuple[str, int]
"""What may be a name, and the line that it stands on; "" where there is none."""


def _places(page: Page, group: _Group) -> Iterator[tuple[int | str, list[_Named]]]:
    """The places where the author may stand, with what stands there in each record."""
    times, words = page.times, page.words
    if group.before != "":
        yield "before", [(words[at][: times[at].start], at) for at in group.positions]
    if group.after != "":
        yield "after", [(words[at][times[at].end :], at) for at in group.positions]
    for offset in _OFFSETS:
        if offset not in (-1 if group.above else 0, 1 if group.below else 0):
            yield offset, [_named(page, at + offset) for at in group.positions]
    yield "block", _in_blocks(page, [group.lines(at)[0] for at in group.positions])


def _named(page: Page, position: int) -> _Named:
    if not 0 <= position < len(page) or page.kinds[position] in _NEVER_NAMES or position in page.times:
        return "", position
    if _is_fact(page, position):
        return "", position
    return page.words[position], position


def _in_blocks(page: Page, tops: Sequence[int]) -> list[_Named]:
    """Who stands in the blocks of short lines above some headers, by a vote of all of them."""
    starts = [max(far_end(page, top, -1), above + 1) for above, top in pairwise((-1, *tops))]
    blocks = {
        top: Block(start, top - 1, follows=False, is_clean=False)
        for start, top in zip(starts, tops, strict=True)
        if start < top
    }
    chosen = choose_authors(page, list(blocks.values()), lambda at: label_likeness(page, at))
    authors = {top: author for top, (_, author) in zip(blocks, chosen, strict=True)}
    return [_named(page, authors[top]) if top in authors else ("", top) for top in tops]


def _judged(page: Page, group: _Group, place: int | str, named: list[_Named]) -> Iterator[_Guess]:
    """The guess with the text below and above, if the names are likely."""
    prefix, suffix = affix([name for name, _ in named], 0), affix([name for name, _ in named], -1)
    if not means_itself(_with_affix(prefix, suffix), _MAX_LITERAL):
        prefix, suffix = (), ()
    kept: list[int] = []
    spans: list[tuple[int, int]] = []
    for number, (at, (_, line)) in enumerate(zip(group.positions, named, strict=True)):
        alike = group.lines(at)
        span = min(alike[0], line), max(alike[-1], line)
        if not spans or span[0] > spans[-1][1]:
            kept.append(number)
            spans.append(span)
    if len(kept) < 2:
        return
    names = tuple(without_affix(named[number][0], prefix, suffix) for number in kept)
    if sum(map(name_likeness, names)) < LIKELY * len(group.positions):
        return
    times = [page.times[group.positions[number]] for number in kept]
    if place == "block" and (prefix or suffix):
        return
    for side in _SIDES:
        texts = [measure(page, first, after) for first, after in _texts(page, spans, side, names)]
        score = judge(Said(names, texts, times), anchors=len(group.positions)) * _PRIOR[side]
        if place == "block":
            score *= _BLOCK
        yield _Guess(group, place, names, prefix, suffix, tuple(spans), side, score)


def _texts(page: Page, spans: Sequence[tuple[int, int]], side: Side, names: Sequence[str]) -> list[tuple[int, int]]:
    """The lines between the headers, without the furniture at their edges."""
    if side == "after":
        ends = [span[0] for span in spans[1:]] + [min(len(page), spans[-1][1] + 8)]
        texts = [(span[1] + 1, end) for span, end in zip(spans, ends, strict=True)]
    else:
        starts = [max(0, spans[0][0] - 8)] + [span[1] + 1 for span in spans[:-1]]
        texts = [(start, span[0]) for start, span in zip(starts, spans, strict=True)]
    known = stretches(texts, names)
    furniture = peel(page, known[:-1] if side == "after" else known[1:], names)
    edges = Edges(page, names)
    return [(text.first, text.after) for text in (edges.trimmed(text, furniture) for text in known)]


def _shortlist(guesses: Sequence[_Guess]) -> list[_Guess]:
    """The guesses that are worth reading back: the best ones, and the best with a block, however little it is worth."""
    blocks = (guess for guess in guesses[_MAX_WRITTEN:] if guess.place == "block")
    return [*guesses[:_MAX_WRITTEN], *islice(blocks, 1)]


def _is_forum(page: Page, records: Sequence[Record]) -> bool:
    """Whether most headers number a post, or tell facts about its author."""
    headers = [range(record.first, record.last + 1) for record in records]
    facts = sum(any(page.is_field(at, 1 + (at < header[-1])) for at in header) for header in headers)
    numbers = sum("number" in record.fields for record in records)
    return 2 * max(facts, numbers) > len(records)


def _left_to_texts(page: Page, records: Sequence[Record]) -> float:
    """Share of the headers above which a label or a fact about an author was left to the text above."""
    gaps = [(above, below.first - 1) for above, below in pairwise(records) if above.text[1] - above.text[0] > 1]
    left = sum(
        page.is_label(above.text[1] - 1) or page.is_field(last, 1) or page.is_field(last, 2) for above, last in gaps
    )
    return left / max(1, len(gaps))


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


def _with_facts(page: Page, dialect: Dialect) -> Dialect:
    """The dialect with the facts about an author that stand below its headers, if there are some."""
    shape, *others = dialect.headers
    records = read_layout(page, dialect)
    facts = sum(_opens_with_fact(page, above.last + 1, below.first) for above, below in pairwise(records))
    if shape.text != "after" or not facts or facts < least_often(len(records)):
        return dialect
    below = (Slot("{any}", optional=False, repeated=True), Slot("{field}", optional=False, repeated=True))
    return attrs.evolve(dialect, headers=(attrs.evolve(shape, slots=(*shape.slots, *below)), *others))


def _opens_with_fact(page: Page, first: int, after: int) -> bool:
    """Whether a fact about an author stands near the top of a text, perhaps below a title."""
    lines = range(first, min(after, first + _MOST_TITLES + 1))
    return any(page.is_field(at, 1) or (at + 1 < after and page.is_field(at, 2)) for at in lines)


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


# -- writing it down ---------------------------------------------------------------------------------------------------


def _shape(guess: _Guess) -> HeaderShape:
    """The header of a guess."""
    return HeaderShape("learned", _slots(guess), guess.side)


def _slots(guess: _Guess) -> tuple[Slot, ...]:
    author, group = _with_affix(guess.prefix, guess.suffix), guess.group
    before, after = _around(group.before), _around(group.after)
    if guess.place == "before":
        before = author
    elif guess.place == "after":
        after = author
    above, below = ((Slot(escaped(form), optional=False),) if form else () for form in (group.above, group.below))
    time = (*above, Slot(f"{before} {{when}} {after}".strip(), optional=False), *below)
    name = Slot(author, optional=False)
    if guess.place == "block":
        return (name, Slot("{any}", optional=False, repeated=True), *time)
    if isinstance(guess.place, str):
        return time
    beside = below if guess.place > 0 else above
    between = tuple(Slot("{any}", optional=False) for _ in range(abs(guess.place) - 1 - len(beside)))
    initials = (Slot("{initial}", optional=True),) if any(len(name) <= 2 for name in guess.names) else ()
    return (name, *between, *time) if guess.place < 0 else (*time, *between, *initials, name)


def _around(form: str | None) -> str:
    """The words on one side of the time as a piece of a template."""
    if form is None or not means_itself(escaped(form).replace("{number}", "{n}"), _MAX_LITERAL):
        return "{any}"
    return escaped(form)


def _with_affix(prefix: Sequence[str], suffix: Sequence[str]) -> str:
    return escaped(" ".join([*prefix, "{author}", *reversed(suffix)]))
