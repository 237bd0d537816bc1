"""Candidates to headers: which of the ways to read a page is the likeliest.

In: a page and candidates. Out: the headers that do not overlap and have the most points in sum.

How the choice is made
    A candidate earns points for what headers have and texts have not (a doublet, a marker that names somebody on the
    page, a button above), and loses points for what names have not (a sentence's end).

    Then the page itself is asked: whatever most candidates do alike (a doublet or none, the marker above or below the
    time, a blank line or none below the header, a button above it) is this page's convention, and a candidate that
    does otherwise loses points. This is what tells a header from a text that looks like one: a line "6 months ago" in
    somebody's comment has no doublet, no button above it and a sentence where the name should be.

    The set of headers that do not overlap and have the most points in sum is chosen (:func:`_best_chain`), the
    conventions are counted again over that set, and the choice is made once more.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from ._headers import Header
from ._lines import fold_key
from ._page import SECTION_KINDS, TAIL_KINDS, Page
from ._tokens import Kind

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
    "name is a phrase": -4.0,
    "nothing below": -4.0,
    "only furniture below": -1.5,
    "no time": 0.0,
}
_NEUTRAL = 0.7
"""What a convention kept is worth at most; a convention broken costs up to five times as much."""
_BROKEN = -3.5
_TRAIT_WEIGHTS = {"closing": 2.0, "doublet": 2.0, "below": 2.0, "marker style": 2.0}
"""What texts cannot imitate: the line above a header, and the white space that an extractor leaves in a marker."""


def choose(page: Page, candidates: Sequence[Header]) -> tuple[list[Header], float]:
    """The best headers among some candidates, and their points in sum."""
    if not candidates:
        return [], 0.0
    traits = [_traits(page, header) for header in candidates]
    points = [_own_points(page, header) for header in candidates]
    chosen, strength = _best_chain(page, candidates, points)
    for _ in range(_ROUNDS):
        authors = {candidates[i].author_key for i in chosen}
        conventions = _Conventions([traits[i] for i in chosen])
        scores = [
            _POINTS["any header"] + own + _marker_points(header, authors) + conventions.points(trait)
            for header, own, trait in zip(candidates, points, traits, strict=True)
        ]
        chosen, strength = _best_chain(page, candidates, scores)
    return [candidates[i] for i in chosen], strength


def _own_points(page: Page, header: Header) -> float:
    """The points that a header has by itself."""
    total = _POINTS["time" if "when" in header.lines else "no time"]
    kind = page.kinds[header.lines["author"][0]]
    if "alt" in header.lines:
        # A button above somebody who is named like it makes a doublet too.
        total += _POINTS["doublet"] if kind not in TAIL_KINDS else _POINTS["doublet of a button"]
    if "role" in header.lines:
        total += _POINTS["role"]
    if header.reply_to is not None:
        total += _POINTS["marker"]
    before = line_above(page, header)
    if before == "section":
        total += _POINTS["below the section's head"]
    elif before != "text":
        total += _POINTS["below a closing line"]
    return total + _name_points(page, header)


def _name_points(page: Page, header: Header) -> float:
    author, total = header.author, 0.0
    if "alt" in header.lines:
        return total
    words = author.count(" ") + 1
    if author.endswith(_SENTENCE_ENDS) and (words > 3 or author[0].islower()):
        total += _POINTS["name ends like a sentence"]
    if len(author) > 50 or words > 6:
        total += _POINTS["name is long"]
    first, after = header.lines["author"]
    if after - first > 1:
        total += _POINTS["name is wrapped"]
    kind = page.kinds[header.lines["author"][0]]
    if kind in (Kind.EDITED, Kind.COUNT, Kind.MARKER):
        total += _POINTS["name is a phrase"]
    elif kind is Kind.NUMBER:
        total += _POINTS["name is a number"]
    elif kind not in (Kind.TEXT, Kind.RULE):
        total += _POINTS["name is furniture"]
    return total


def _marker_points(header: Header, authors: set[str]) -> float:
    if header.reply_to is None:
        return 0.0
    known = fold_key(header.reply_to) in authors
    return _POINTS["marker names an author" if known else "marker names nobody"]


def line_above(page: Page, header: Header) -> str:
    """What stands above a header: "section", a closing line's kind, or "text"."""
    above = page.step(header.start, -1)
    if above is None:
        return "text"
    kind = page.kinds[above]
    if kind in SECTION_KINDS:
        return "section"
    return kind.name if kind in TAIL_KINDS else "text"


def _traits(page: Page, header: Header) -> dict[str, object]:
    """What a page's headers do alike, as far as this header shows it."""
    fields = header.lines
    author = fields["author"]
    traits: dict[str, object] = {
        "doublet": "alt" in fields,
        "below": page.kinds[header.end] is Kind.BLANK if header.end < len(page.kinds) else None,
    }
    if header.start > 0:
        traits["continues"] = page.kinds[header.start - 1] is Kind.TEXT
    before = line_above(page, header)
    if before not in ("section", Kind.EDITED.name):
        traits["closing"] = before
    if "when" in fields:
        when = fields["when"][0]
        if not {"role", "marker"} & fields.keys():
            traits["gap"] = when - author[1]
        traits["indent"] = page.indent(when) - page.indent(author[0])
        traits["time"] = header.time is not None and header.time.kind
    if "role" in fields:
        traits["role"] = (fields["role"] > author, "alt" in fields and fields["role"] > fields["alt"])
    if "marker" in fields:
        marker = fields["marker"][0]
        raw = page.lines.raw[marker]
        name = raw.rfind((header.reply_to or "")[:10])
        traits["marker"] = "when" in fields and fields["marker"] > fields["when"]
        traits["marker style"] = (page.kinds[marker], raw[:name].lstrip())
    return traits


class _Conventions:
    """What each value of each trait is worth, by how often the chosen headers have it."""

    def __init__(self, traits: Sequence[dict[str, object]]) -> None:
        counts: dict[str, Counter[object]] = {}
        for trait in traits:
            for name, value in trait.items():
                counts.setdefault(name, Counter())[value] += 1
        self._worth: dict[tuple[str, object], float] = {}
        self._unseen: dict[str, float] = {}
        for name, values in counts.items():
            total = values.total()
            self._unseen[name] = self._points(name, 0, total)
            for value, count in values.items():
                self._worth[name, value] = self._points(name, count, total)

    @staticmethod
    def _points(name: str, count: int, total: int) -> float:
        share = (count + 0.5) / (total + 1.0)
        return min(max(math.log(2.0 * share), _BROKEN), _NEUTRAL) * _TRAIT_WEIGHTS.get(name, 1.0)

    def points(self, trait: dict[str, object]) -> float:
        """The points of a header for keeping and breaking conventions."""
        total = 0.0
        for name, value in trait.items():
            worth = self._worth.get((name, value))
            if worth is None:
                worth = self._unseen.get(name, 0.0)
            if name == "closing" and value != "text":
                worth = max(worth, 0.0)  # a text may end with a number anywhere
            total += worth
        return total


def _best_chain(page: Page, headers: Sequence[Header], scores: Sequence[float]) -> tuple[list[int], float]:
    """Indices of the headers that do not overlap and have the most points in sum, and that sum.

    Two headers without text between them cost points: somebody posted an empty comment, or one of them is none.
    """
    order = sorted(range(len(headers)), key=lambda i: (headers[i].end, headers[i].start))
    ends = [headers[i].end for i in order]
    best_to: list[tuple[float, int]] = []  # by position in order: best sum of a chain ending at or before it, its last
    sums: dict[int, float] = {}
    before: dict[int, int] = {}
    last_text = _last_lines(page, frozenset({Kind.TEXT, Kind.IMAGE}))
    last_line = _last_lines(page, frozenset(Kind) - {Kind.BLANK})
    for position, i in enumerate(order):
        header = headers[i]
        options = [(0.0, -1)]
        for above, cost in (
            (header.start, _POINTS["nothing below"]),
            (last_line[header.start], _POINTS["only furniture below"]),
            (last_text[header.start], 0.0),
        ):
            count = bisect_right(ends, above, 0, position)
            if count:
                value, last = best_to[count - 1]
                options.append((value + cost, last))
        value, last = max(options)
        sums[i], before[i] = value + scores[i], last
        here = (sums[i], i)
        best_to.append(max(best_to[-1], here) if best_to else here)
    value, last = max((0.0, -1), best_to[-1])
    chain = []
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain[::-1], value


def _last_lines(page: Page, kinds: frozenset[Kind]) -> list[int]:
    """For each line: the index of the last line of these kinds above it, -1 if there is none."""
    last, result = -1, []
    for index, kind in enumerate(page.kinds):
        result.append(last)
        if kind in kinds:
            last = index
    result.append(last)
    return result
