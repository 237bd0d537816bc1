"""Candidates to headers: which of the ways to read a page is the likeliest.

In: a page and candidates. Out: :class:`Choice`, the headers that do not overlap and have the most points in sum.

How the choice is made
    A candidate earns points for what headers have and texts have not (a doublet, a marker that names somebody on the
    page, a button above), and loses points for what names have not (a sentence's end).

    Then the page itself is asked: whatever most candidates do alike (a doublet or none, the marker above or below the
    time, a blank line or none below the header, a button above it) is this page's convention, and a candidate that
    does otherwise loses points. This is what tells a header from a text that looks like one: a line "6 months ago" in
    somebody's comment has no doublet, no button above it and a sentence where the name should be.

    The set of headers that do not overlap and have the most points in sum is chosen (:class:`_Chains`), the
    conventions are counted again over that set, and the choice is made once more.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from ._headers import Header
from ._lines import fold_key
from ._pagelines import SECTION_KINDS, TAIL_KINDS, PageLines
from ._tokens import Kind

_CLOSING_KINDS = TAIL_KINDS | SECTION_KINDS
_OWN_LINES = SECTION_KINDS | {Kind.EDITED}
"""Closing lines that stand above single headers, so that they are nobody's convention."""
_BLANK, _TEXT = Kind.BLANK, Kind.TEXT
_ROUNDS = 2
"""How often the conventions are counted; a third round changed nothing on any development set."""
_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？", "»", '"', "”")

# Points are natural logarithms of odds, rounded: how much likelier a line group is a header than a text when it has
# the property. Measured on rendered threads with texts that imitate headers.
_POINTS = {
    "any header": -2.0,
    "time": 1.5,
    "doublet": 2.5,
    "doublet of a button": 0.5,
    "marker": 0.5,
    "marker names an author": 1.0,
    "marker names nobody": -1.5,
    "role": 0.5,
    "below a closing line": 1.5,
    "below the section's head": 2.0,
    "name ends like a sentence": -3.0,
    "name is long": -1.5,
    "name is wrapped": -2.0,
    "name is furniture": -1.0,
    "name is a number": -2.0,
    "name is of the section's head": -2.0,
    "name is a phrase": -4.0,
    "nothing below": -4.0,
    "only furniture below": -1.5,
    "no time": 0.0,
    "name comes back": 1.0,
}
_NAME_KINDS = {
    **dict.fromkeys(SECTION_KINDS, _POINTS["name is of the section's head"]),
    **dict.fromkeys((Kind.EDITED, Kind.COUNT, Kind.MARKER), _POINTS["name is a phrase"]),
    Kind.NUMBER: _POINTS["name is a number"],
    **dict.fromkeys((Kind.TEXT, Kind.RULE), 0.0),
}
"""Points of a name by the kind of its line; lines of other kinds are furniture."""
_NEUTRAL = 0.7
"""What a convention kept is worth at most; a convention broken costs up to five times as much."""
_BROKEN = -3.5
_TRAIT_WEIGHTS = {"closing": 2.0, "doublet": 2.0, "below": 2.0, "marker_style": 2.0}
"""What texts cannot imitate: the line above a header, and the white space that an extractor leaves in a marker."""
_SURPLUS = 0.1
"""Most headers beyond the number that the section's head counts, as a share of it: where there are more, the number is
that of something else."""
_APART = 0.8
"""Points that such headers have less than all others at least; on known pages it was 0.9 or more."""
_OPENED = -3.0
"""Points of a header without a marker above a text that opens with one: the marker stands at the wrong end of it."""
_ABSENT = ...
"""The value of a trait that a header does not show."""


class _Traits(NamedTuple):
    """What a page's headers do alike, as far as one header shows it."""

    doublet: object
    below: object
    """Whether the line below is blank."""
    continues: object
    """Whether a text stands on the line directly above."""
    closing: object
    """What stands above."""
    gap: object
    """Lines from name to time."""
    indent: object
    """Columns from name to time."""
    time: object
    role: object
    """Whether the role stands below the name, and below the first name of a doublet."""
    marker: object
    """Whether the marker stands below the time."""
    marker_style: object
    """Kind of the marker's line, and its words and white space up to the name."""


class Choice(NamedTuple):
    """The likeliest headers of a page, with the points of each and of all together."""

    headers: list[Header]
    points: dict[int, float]
    """By a header's first line."""
    strength: float


def choose(page: PageLines, candidates: Sequence[Header]) -> Choice:
    """The best headers among some candidates, which are in order of their lines."""
    if not candidates:
        return Choice([], {}, 0.0)
    above = [line_above(page, header) for header in candidates]
    traits = list(map(_traits, repeat(page), candidates, above))
    points = list(map(_own_points, repeat(page), candidates, above))
    keys = {name: fold_key(name) for header in candidates for name in (header.author, header.reply_to) if name}
    authors = [keys.get(header.author, "") for header in candidates]
    named = [None if header.reply_to is None else keys.get(header.reply_to, "") for header in candidates]
    for i in _coming_back(candidates, authors):
        points[i] += _POINTS["name comes back"]
    chains = _Chains(page, candidates)
    scores = points
    chosen, strength = chains.best(scores)
    before: list[int] | None = None
    for _ in range(_ROUNDS):
        if chosen == before:  # the same headers have the same conventions
            break
        before = chosen
        known = {authors[i] for i in chosen}
        worth = _conventions([traits[i] for i in chosen], set(traits))
        scores = [
            _POINTS["any header"] + own + (0.0 if name is None else _marker_points(name, known)) + worth[trait]
            for own, name, trait in zip(points, named, traits, strict=True)
        ]
        chosen, strength = chains.best(scores)
    return Choice([candidates[i] for i in chosen], {candidates[i].start: scores[i] for i in chosen}, strength)


def without_surplus(page: PageLines, headers: list[Header], points: Mapping[int, float]) -> list[Header]:
    """Without the least likely headers where there are a few more than the section's head counts.

    A page counts all its comments, and may show fewer of them, but never more: somebody's text imitates a header. It
    stands below text, and the page's conventions tell it from the others; if they do not, the count is wrong.
    """
    declared = page.declared_above(headers[0].start) if headers else None
    surplus = 0 if declared is None else len(headers) - declared
    if declared is None or not 0 < surplus <= most_surplus(declared):
        return headers
    below_text = [header for header in headers[1:] if line_above(page, header) is _TEXT]
    ranked = sorted((points[h.start] + _OPENED * _is_above_marker(page, h), h.start) for h in below_text)
    ranked.append((math.inf, -1))
    if len(ranked) <= surplus or ranked[surplus][0] - ranked[surplus - 1][0] < _APART:
        return headers
    imitated = {start for _, start in ranked[:surplus]}
    return [header for header in headers if header.start not in imitated]


def most_surplus(declared: int) -> float:
    """Most headers beyond the number that the section's head counts that texts which imitate headers account for."""
    return max(1.0, declared * _SURPLUS)


def _coming_back(candidates: Sequence[Header], authors: Sequence[str]) -> list[int]:
    """The candidates without a time whose name stands in another such candidate's place too."""
    untimed = [i for i, header in enumerate(candidates) if "when" not in header.lines]
    places = Counter(name for name, _ in {(authors[i], candidates[i].lines["author"]) for i in untimed})
    return [i for i in untimed if places[authors[i]] > 1]


def _own_points(page: PageLines, header: Header, above: Kind) -> float:
    """The points that a header has by itself."""
    total = _POINTS["time" if "when" in header.lines else "no time"]
    is_doublet = "alt" in header.lines
    if is_doublet:
        # A button above somebody who is named like it makes a doublet too.
        is_button = page.kinds[header.lines["author"][0]] in TAIL_KINDS
        total += _POINTS["doublet of a button" if is_button else "doublet"]
    if "role" in header.lines:
        total += _POINTS["role"]
    if header.reply_to is not None:
        total += _POINTS["marker"]
    if above in SECTION_KINDS:
        total += _POINTS["below the section's head"]
    elif above is not _TEXT:
        total += _POINTS["below a closing line"]
    return total if is_doublet else total + _name_points(page, header)


def _name_points(page: PageLines, header: Header) -> float:
    author, total = header.author, 0.0
    words = author.count(" ") + 1
    if author.endswith(_SENTENCE_ENDS) and (words > 3 or author[0].islower()):
        total += _POINTS["name ends like a sentence"]
    if len(author) > 50 or words > 6:
        total += _POINTS["name is long"]
    first, after = header.lines["author"]
    if after - first > 1:
        total += _POINTS["name is wrapped"]
    return total + _NAME_KINDS.get(page.kinds[first], _POINTS["name is furniture"])


def _is_above_marker(page: PageLines, header: Header) -> bool:
    """Whether a marker stands below a header that has none: no text opens with one."""
    below = page.below[header.end - 1]
    return below is not None and page.kinds[below] is Kind.MARKER


def _marker_points(name: str, authors: set[str]) -> float:
    return _POINTS["marker names an author" if name in authors else "marker names nobody"]


def line_above(page: PageLines, header: Header) -> Kind:
    """What stands above a header: a line of the section's head or of a tail, or text."""
    above = page.above[header.start]
    kind = _TEXT if above is None else page.kinds[above]
    return kind if kind in _CLOSING_KINDS else _TEXT


def _traits(page: PageLines, header: Header, above: Kind) -> _Traits:
    fields, kinds = header.lines, page.kinds
    author, alt, role = fields["author"], fields.get("alt"), fields.get("role")
    when, marker = fields.get("when"), fields.get("marker")
    style: object = _ABSENT
    if marker is not None:
        raw = page.lines.raw[marker[0]]
        style = (kinds[marker[0]], raw[: raw.rfind((header.reply_to or "")[:10])].lstrip())
    return _Traits(
        alt is not None,
        kinds[header.end] is _BLANK if header.end < len(kinds) else None,
        kinds[header.start - 1] is _TEXT if header.start > 0 else _ABSENT,
        _ABSENT if above in _OWN_LINES else above,
        _ABSENT if when is None or role is not None or marker is not None else when[0] - author[1],
        _ABSENT if when is None else page.lines.indent(when[0]) - page.lines.indent(author[0]),
        _ABSENT if when is None else header.time is not None and header.time.kind,
        _ABSENT if role is None else (role > author, alt is not None and role > alt),
        _ABSENT if marker is None else when is not None and marker > when,
        style,
    )


def _conventions(chosen: Sequence[_Traits], asked: set[_Traits]) -> dict[_Traits, float]:
    """What keeping and breaking conventions is worth, by how many of the chosen headers have each trait's values."""
    if not chosen:
        return dict.fromkeys(asked, 0.0)
    numbers = Counter(chosen)
    tables = []
    for name, values, wanted in zip(_Traits._fields, zip(*numbers, strict=True), zip(*asked, strict=True), strict=True):
        count: dict[object, int] = {}
        for value, number in zip(values, numbers.values(), strict=True):
            count[value] = count.get(value, 0) + number
        total = len(chosen) - count.pop(_ABSENT, 0)
        worth = {value: _worth(name, value, count.get(value, 0), total) for value in set(wanted)}
        tables.append({**worth, _ABSENT: 0.0})
    return {traits: sum(table[value] for table, value in zip(tables, traits, strict=True)) for traits in asked}


def _worth(name: str, value: object, count: int, total: int) -> float:
    """What it is worth that a header has a value of a trait which ``count`` of ``total`` headers have."""
    if not total:
        return 0.0
    share = (count + 0.5) / (total + 1.0)
    worth = min(max(math.log(2.0 * share), _BROKEN), _NEUTRAL) * _TRAIT_WEIGHTS.get(name, 1.0)
    # A text may end with a number anywhere.
    return max(worth, 0.0) if name == "closing" and value is not Kind.TEXT else worth


class _Chains:
    """Headers that do not overlap, in order: the best such chain, for points that change from round to round.

    Two headers without text between them cost points: somebody posted an empty comment, or one of them is none.
    """

    def __init__(self, page: PageLines, headers: Sequence[Header]) -> None:
        ends = sorted(header.end for header in headers)
        above: dict[int, list[tuple[int, float]]] = {}
        for start in {header.start for header in headers}:
            costs = {bisect_right(ends, start): _POINTS["nothing below"]}
            costs[bisect_right(ends, page.last_line(start))] = _POINTS["only furniture below"]
            costs[bisect_right(ends, page.last_text(start))] = 0.0
            above[start] = [(number, cost) for number, cost in costs.items() if number]
        # For each header: how many others, in order of their ends, may stand above it, and at what cost. Of equal
        # numbers the one that costs least counts.
        order = sorted(range(len(headers)), key=lambda i: headers[i].end)
        self._options = [(i, above[headers[i].start]) for i in order]

    def best(self, points: Sequence[float]) -> tuple[list[int], float]:
        """Indices of the headers of the chain that has the most points in sum, and that sum."""
        best_of = [(0.0, -1)]  # by how many headers may be in the chain: its points, and the last one in it
        before = [-1] * len(points)
        for i, options in self._options:
            value, last = 0.0, -1
            for number, cost in options:
                other, head = best_of[number]
                other += cost
                if other > value or (other == value and head > last):
                    value, last = other, head
            before[i] = last
            with_this = value + points[i], i
            best_of.append(max(best_of[-1], with_this))
        value, last = best_of[-1]
        chain = []
        while last >= 0:
            chain.append(last)
            last = before[last]
        return chain[::-1], value
