"""Labels beside names that no language knows, to roles: "Premium Member".

In: a page. Out: nothing; the lines of labels become roles. wpDiscuz shows a label with a comment, and a site may call
it what it likes. It is told by its place:

- between a picture's words and the name, which are the same: "Ann", "Premium Member", "Ann";
- between two such names and the time, where one label of the page comes back with another name;
- between a comment's tail and the next name, or that name and the time, in the same way; above the name also where
  another name of the page has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ._lines import fold_key, plain_name
from ._names import ends_sentence
from ._pagelines import SECTION_KINDS, TAIL_KINDS, PageLines
from ._tokens import Kind

_LONGEST = 40
"""Longest label, in code points; the longest seen has 24."""
_MOST_WORDS = 4
_CLOSING = TAIL_KINDS | SECTION_KINDS | {Kind.IMAGE}
"""Kinds of lines right below which a label may stand that has no name above it."""
_BETWEEN, _BELOW, _ABOVE, _BARE = "between", "below", "above", "bare"
"""Where a label stands: between two names, below them, or beside the only one; and a name that surely has none."""


def mark_labels(page: PageLines) -> None:
    """Take lines for roles that stand where roles do."""
    pairs: dict[str, list[tuple[int, int]]] = {_BELOW: [], _ABOVE: []}
    has_bare = False
    for at in sorted(page.times.union(page.lines_of(Kind.MARKER))):
        place, label, name = _label_above(page, at)
        if place == _BETWEEN:
            page.kinds[label] = Kind.ROLE
        elif place in pairs:
            pairs[place].append((label, name))
        has_bare |= place == _BARE
    for place, found in pairs.items():
        if (has_bare and place == _ABOVE) or _comes_back(page, found):
            _mark(page, [label for label, _ in found])
        elif place == _ABOVE and _comes_back(page, [(name, label) for label, name in found]):
            _mark(page, [name for _, name in found if _may_be_label(page, name)])


def _comes_back(page: PageLines, pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether the first of two lines comes back with another second one."""
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        beside[_shown(page, one)].add(_shown(page, other))
    return any(len(others) > 1 for others in beside.values())


def _mark(page: PageLines, labels: Iterable[int]) -> None:
    for label in labels:
        page.kinds[label] = Kind.ROLE


def _label_above(page: PageLines, at: int) -> tuple[str, int, int]:
    """The place of a line above a time or marker that may be a label, that line and its name's; "" without one."""
    last = page.above[at]
    middle = None if last is None else page.above[last]
    first = None if middle is None else page.above[middle]
    if last is None or middle is None or first is None:
        return "", -1, -1
    top, second, third = (_shown(page, line) for line in (first, middle, last))
    if top and top == second and top != third and _may_be_label(page, last):
        return _BELOW, last, middle
    if page.kinds[last] is not Kind.TEXT or second == third:
        return "", -1, -1
    if not _may_be_label(page, middle):
        return (_BARE if page.kinds[middle] in (Kind.REPLY, Kind.ROLE) else ""), -1, last
    if top == third and not _is_called(page, first):
        return _BETWEEN, middle, last
    return (_ABOVE if page.kinds[first] in _CLOSING else ""), middle, last


def _is_called(page: PageLines, at: int) -> bool:
    """Whether a line is the name behind "Reply to", which stands above a text and not above a label."""
    above = page.above[at]
    return above is not None and page.kinds[above] is Kind.MARKER_WORD


def _shown(page: PageLines, at: int) -> str:
    """The words of a line, or those of its picture."""
    return fold_key(plain_name(page.lines.alts.get(at, page.lines.content[at])))


def _may_be_label(page: PageLines, at: int) -> bool:
    words = page.lines.content[at]
    is_short = len(words) <= _LONGEST and words.count(" ") < _MOST_WORDS
    is_picture = fold_key(words) in page.lexer.stand_ins
    return page.kinds[at] is Kind.TEXT and is_short and not is_picture and not ends_sentence(words)
