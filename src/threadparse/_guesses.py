"""A page to guesses about its layout: which lines are headers, and where the author stands in them.

In: a page. Out: :class:`Guess`, each with a score; which of them reads the page best, :mod:`threadparse._learn` finds.

How the guesses are made
    A comment section is one record repeated. Lines with a time are the anchors; those that look alike (the same words
    around the time, the same line above or below it, the same form of the time) make a group, and the groups are
    judged, not counted: "Joined: DATE" stands on a forum as often as the real dates. For each group some guesses tell
    where the author stands: beside the time, some lines above or below, with or without words around the name, behind
    "Posted by" a few lines above, or in the block of short lines above. The text stands below the header, or above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import attrs

from ._authors import label_likeness
from ._blocks import Block, choose_authors
from ._furniture import Edges, peel, stretches
from ._headershapes import HeaderShape, Side, Slot
from ._judge import Said, judge, measure
from ._names import DIGITS, LIKELY, affix, mask, name_likeness, without_affix
from ._rows import MAX_STAMPED, NO_NAMES, Page
from ._shapes import far_end
from ._templates import escaped, means_itself
from ._tokens import Kind, read_number

_MAX_GROUPS = 40
"""Most groups that are judged, the largest; a page with a comment section of 100 has about 30."""
_NEVER_NAMES = NO_NAMES | {Kind.ROLE}
"""Kinds of lines that no layout takes for authors; somebody may be called "Guest", but not every second one."""
_OFFSETS = (-1, -2, -3, -4, -5, 1, 2, 3)
"""Lines away from the time at which a name is looked for."""
_SIGNED = {"signed": ("@posted_by {author}",), "signed in pieces": ("@posted_by", "{author}")}
"""The places that words tell, and their lines."""
_MAX_BETWEEN = 2
"""Lines that may stand between such a place and the time: where somebody lives, a title."""
_RISING = 0.8
"""Share of the numbers beside times that count up from one to the next, where they number the comments."""
_MAX_LITERAL = 60
"""Longest words, in code points, beside a name and on each side of a time: together they fit :data:`MAX_FORM`."""
PRIOR = {"after": 1.0, "before": 0.75, "none": 0.0}
"""Texts stand below their headers on most platforms."""
BLOCK = 0.95
"""What a name at the top of a block is worth beside one at a fixed place."""
_SIDES: tuple[Side, ...] = ("after", "before")


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
class Guess:
    """A hypothesis: a group, and where the author stands.

    Attributes:
        group: The group.
        place: Where the author stands.
        names: The authors.
        prefix: Words before all of the names.
        suffix: Words behind all of them, from the last.
        spans: First and last line of each header.
        side: Where the texts stand.
        score: How much it looks like a conversation.
        between: How many lines may stand below an author whom words tell, if their number varies.
        has_initials: Whether a letter stands above most authors in place of a picture.
    """

    group: _Group
    place: int | str
    names: tuple[str, ...]
    prefix: tuple[str, ...]
    suffix: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    side: Side
    score: float
    between: tuple[int, ...] = ()
    has_initials: bool = False


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


def find_guesses(page: Page) -> list[Guess]:
    """The guesses about a page, the best first."""
    return sorted(_all_guesses(page), key=lambda guess: -guess.score)


def _all_guesses(page: Page) -> Iterator[Guess]:
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
            named = [_named(page, at + offset) for at in group.positions]
            yield offset, named if offset > 0 else [_without_initial(page, *own) for own in named]
    for place, lines in _SIGNED.items():
        yield place, [_signed(page, lines, group.lines(at)[0]) for at in group.positions]
    yield "block", _in_blocks(page, [group.lines(at)[0] for at in group.positions])


def _named(page: Page, position: int) -> _Named:
    if not 0 <= position < len(page) or page.kinds[position] in _NEVER_NAMES or position in page.times:
        return "", position
    if _is_fact(page, position) or page.pattern("@posted_by").fullmatch(page.words[position]):
        return "", position
    return page.words[position], position


def _without_initial(page: Page, name: str, position: int) -> _Named:
    """What may be a name, if it is no letter in place of a picture above one."""
    return ("" if name and page.is_initial(position) else name), position


def _signed(page: Page, lines: Sequence[str], top: int) -> _Named:
    """Who is named behind "Posted by", or on the line below it, a few lines above a header's other lines."""
    for first in range(top - len(lines), max(-1, top - len(lines) - _MAX_BETWEEN - 1), -1):
        words = page.words[first]
        match = page.pattern(lines[0]).fullmatch(words) if len(words) <= MAX_STAMPED else None
        if match is not None:
            return (match["author"] if len(lines) == 1 else _named(page, first + 1)[0]), first
    return "", top


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


def _judged(page: Page, group: _Group, place: int | str, named: list[_Named]) -> Iterator[Guess]:
    """The guess with the text below and above, if the names are likely."""
    shown = [name for name, _ in named]
    prefix, suffix = affix(shown, closes=False), affix(shown, closes=True)
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
    between: tuple[int, ...] = ()
    if isinstance(place, str) and place in _SIGNED:
        heights = {group.lines(group.positions[number])[0] - spans[at][0] for at, number in enumerate(kept)}
        between = tuple(sorted(height - len(_SIGNED[place]) for height in heights if height))
    has_initials = _have_initials(page, [named[number] for number in kept])
    for side in _SIDES:
        texts = [measure(page, first, after) for first, after in _texts(page, spans, side, names)]
        score = judge(Said(names, texts, times), anchors=len(group.positions)) * PRIOR[side]
        if place == "block":
            score *= BLOCK
        yield Guess(group, place, names, prefix, suffix, tuple(spans), side, score, between, has_initials)


def _have_initials(page: Page, named: Sequence[_Named]) -> bool:
    """Whether a letter or two stand above most names, in place of a picture."""
    initials = sum(page.is_initial(line - 1) for name, line in named if name and line)
    return 2 * initials > len(named)


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


def shapes(guess: Guess) -> tuple[HeaderShape, ...]:
    """The header of a guess, in its forms."""
    return tuple(HeaderShape("learned", slots, guess.side) for slots in _forms(guess))


def _forms(guess: Guess) -> Iterator[tuple[Slot, ...]]:
    """The lines of a header; below a name that words tell there may be more of them or fewer."""
    slots = _slots(guess)
    if not guess.between:
        yield slots
    else:
        lines = _SIGNED[str(guess.place)]
        signed = *lines[:-1], lines[-1].replace("{author}", _with_affix(guess.prefix, guess.suffix))
        for number in guess.between:
            names = tuple(Slot(line, optional=False) for line in signed)
            yield (*names, *(Slot("{any}", optional=False) for _ in range(number)), *slots)


def _slots(guess: Guess) -> tuple[Slot, ...]:
    """The lines of a header at fixed places; without the author where words tell him."""
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
    initials = (Slot("{initial}", optional=True),)
    if guess.place < 0:
        return (*initials * guess.has_initials, name, *between, *time)
    return (*time, *between, *initials * any(len(name) <= 2 for name in guess.names), name)


def _around(form: str | None) -> str:
    """The words on one side of the time as a piece of a template."""
    if form is None or not means_itself(escaped(form).replace("{number}", "{n}"), _MAX_LITERAL):
        return "{any}"
    return escaped(form)


def _with_affix(prefix: Sequence[str], suffix: Sequence[str]) -> str:
    return escaped(" ".join([*prefix, "{author}", *reversed(suffix)]))
