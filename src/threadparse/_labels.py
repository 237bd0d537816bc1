"""Labels beside names that no language knows, to roles: "Premium Member".

In: a page. Out: nothing; the lines of labels become roles. wpDiscuz shows a label with a comment, and a site may call
it what it likes. It is told by its place:

- between a picture's words and the name, which are the same: "Ann", "Premium Member", "Ann";
- between two such names and the time, or between a comment's tail and the next name: there one label of the page must
  come back, with another name beside it.
"""

from __future__ import annotations

from collections import defaultdict

from ._lines import fold_key, plain_name
from ._names import ends_sentence
from ._pagelines import SECTION_KINDS, TAIL_KINDS, PageLines
from ._tokens import Kind

_LONGEST = 40
"""Longest label, in code points; the longest seen has 24."""
_MOST_WORDS = 4
_CLOSING = TAIL_KINDS | SECTION_KINDS | {Kind.IMAGE}
"""Kinds of lines right below which a label may stand that has no name above it."""
_BETWEEN, _BELOW, _ABOVE = "between", "below", "above"
"""Where a label stands: between two names, below them, or above the only one."""


def mark_labels(page: PageLines) -> None:
    """Take lines for roles that stand where roles do."""
    beside: dict[str, dict[str, set[str]]] = {place: defaultdict(set) for place in (_BELOW, _ABOVE)}
    doubtful: dict[str, list[int]] = {_BELOW: [], _ABOVE: []}
    for at in sorted(page.times.union(page.lines_of(Kind.MARKER))):
        place, name, label = _label_above(page, at)
        if place == _BETWEEN:
            page.kinds[label] = Kind.ROLE
        elif place:
            beside[place][page.lines.content[label]].add(name)
            doubtful[place].append(label)
    for place, labels in doubtful.items():
        if any(len(names) > 1 for names in beside[place].values()):
            for label in labels:
                page.kinds[label] = Kind.ROLE


def _label_above(page: PageLines, at: int) -> tuple[str, str, int]:
    """The place of a line above a time or marker that may be a label, the name beside it, the line; "" without one."""
    last = page.above[at]
    middle = None if last is None else page.above[last]
    first = None if middle is None else page.above[middle]
    if last is None or middle is None or first is None:
        return "", "", -1
    top, second, third = (_shown(page, line) for line in (first, middle, last))
    if top and top == second and top != third and _may_be_label(page, last):
        return _BELOW, top, last
    if second == third or page.kinds[last] is not Kind.TEXT or not _may_be_label(page, middle):
        return "", "", -1
    if top == third:
        return _BETWEEN, third, middle
    return (_ABOVE if page.kinds[first] in _CLOSING else ""), third, middle


def _shown(page: PageLines, at: int) -> str:
    """The words of a line, or those of its picture."""
    return fold_key(plain_name(page.lines.alts.get(at, page.lines.content[at])))


def _may_be_label(page: PageLines, at: int) -> bool:
    words = page.lines.content[at]
    is_short = len(words) <= _LONGEST and words.count(" ") < _MOST_WORDS
    is_picture = fold_key(words) in page.lexer.stand_ins
    return page.kinds[at] is Kind.TEXT and is_short and not is_picture and not ends_sentence(words)
