"""Evidence for a parent: what speaks for and against an edge, as named numbers.

In: the comments of a page as :class:`Node`, and a candidate on the path. Out: a value per feature, 0 where the page
does not show it. ``FEATURES`` is the table: a feature has a name (its key in ``tree.toml``, where its weight stands), a
function and a sentence for people. Nothing here adds, weighs or decides; :mod:`threadparse._tree` does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

import attrs
import regex

_WORD = regex.compile(r"\w{4,30}")
_MAX_TEXT = 2_000
"""Code points of a text that are looked at for shared words; an answer takes up the first words of what it answers."""
_MAX_OPENING = 80
"""Code points of a text in which somebody is addressed ("Morning LPC", "@Ian: ..."); later names are mentions."""
_MAX_PATH = 5.0


@attrs.frozen
class Node:
    """A comment, as far as the tree asks for it.

    Attributes:
        author: Name, folded for comparing.
        text: Text.
        reply_to: Name in the marker, folded, ``None`` without one.
        earliest: Start of the time's interval; of relative times without ``scraped_at``, against any fixed moment.
        latest: End of the interval.
        is_trackback: Whether it is a trackback.
        is_host: Whether the page marks its author as the article's author or as staff.
        level: Displayed level, 0 for a root, ``None`` where the dump does not show levels.
    """

    author: str
    text: str
    reply_to: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    is_trackback: bool = False
    is_host: bool = False
    level: int | None = None


class Page:
    """What is asked of all comments of a page, computed once.

    Attributes:
        nodes: The comments, in document order.
        oldest_first: Whether roots stand oldest first, ``None`` if the times do not say.
        marked: Whether any comment has a marker.
        max_level: Greatest displayed level.
        memo: For the comment that looks for its parent: by table and candidate, the points that
            do not depend on the path.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.marked = any(node.reply_to is not None for node in nodes)
        self.oldest_first = _oldest_first(nodes)
        self.max_level = max((node.level for node in nodes if node.level is not None), default=0)
        self.named = Counter(node.reply_to for node in nodes if node.reply_to is not None)
        self.comments_of = Counter(node.author for node in nodes)
        self.marked_of = Counter(node.author for node in nodes if node.reply_to is not None)
        self.authors = frozenset(self.comments_of)
        self.memo: dict[tuple[str, int], float] = {}
        self._words: dict[int, dict[str, float]] = {}
        self._openings: dict[int, str] = {}
        self._frequency: Counter[str] | None = None

    def words(self, index: int) -> dict[str, float]:
        """The words of a text that are rare on the page, each with its weight."""
        known = self._words.get(index)
        if known is None:
            if self._frequency is None:
                self._frequency = Counter(
                    word for node in self.nodes for word in set(_WORD.findall(node.text[:_MAX_TEXT].casefold()))
                )
            total = len(self.nodes)
            known = self._words[index] = {
                word: math.log((total + 1) / self._frequency[word])
                for word in set(_WORD.findall(self.nodes[index].text[:_MAX_TEXT].casefold()))
                if self._frequency[word] <= max(2, total // 4)
            }
        return known

    def opening(self, index: int) -> str:
        """The first words of a text, folded."""
        known = self._openings.get(index)
        if known is None:
            known = self._openings[index] = self.nodes[index].text[:_MAX_OPENING].casefold()
        return known

    def addresses(self, index: int, author: str) -> bool:
        """Whether a text opens with somebody's name, or with the first part of it."""
        opening = self.opening(index)
        if len(author) < 3:
            return f"@{author}" in opening
        at = opening.find(author)
        if at < 0:
            first = author.split(maxsplit=1)[0]
            if len(first) < 3 or first == author:
                return False
            at, author = opening.find(first), first
        if at < 0:
            return False
        after = opening[at + len(author) : at + len(author) + 1]
        before = opening[at - 1 : at] if at else ""
        return not after.isalnum() and not before.isalnum() and (at <= 12 or before == "@")


def _oldest_first(nodes: Sequence[Node]) -> bool | None:
    """Roots stand oldest first if the first comment is the oldest one, newest first if the last ones are older."""
    times = [(node.earliest, node.latest) for node in nodes if node.earliest is not None and node.latest is not None]
    if len(times) < 2:
        return None
    first_earliest, first_latest = times[0]
    older = sum(1 for _, latest in times[1:] if latest < first_earliest)
    younger = sum(1 for earliest, _ in times[1:] if earliest > first_latest)
    if older == younger == 0:
        return None
    return older == 0 or younger > 4 * older


@attrs.define(eq=False)
class Place:
    """A candidate parent, seen from a state of the path.

    Attributes:
        child: Index of the comment that looks for its parent.
        parent: Index of the candidate, ``None`` for "a root".
        rank: How many comments of the path are nearer.
        depth: Ancestors of the candidate.
        sibling: The candidate's latest reply, which is the next comment on the path; ``None`` for the path's end.
        grandparent: The candidate's own parent, ``None`` for a root.
        named_before: How many nearer comments of the path have the same author as the candidate.
        own_rank: How many comments of the path are nearer than the nearest one by the child's author, -1 without one.
        root: The latest root.
    """

    child: int
    parent: int | None
    rank: int
    depth: int
    sibling: int | None
    grandparent: int | None
    named_before: int
    own_rank: int
    root: int | None


Measure = Callable[[Page, Place, Node, Node], float]
"""Of a page, a place, the child and the candidate; for a root the child stands in the candidate's place too."""


@attrs.frozen
class Feature:
    """One kind of evidence.

    Attributes:
        name: Key of its weight.
        of: What it depends on: "root" (it speaks for being a root), "pair" (the comment and the candidate) or "path"
            (where the candidate stands).
        words: What it says, for people.
        measure: Its value for a place, mostly 0 to 1.
    """

    name: str
    of: Literal["root", "pair", "path"]
    words: str
    measure: Measure

    def value(self, page: Page, place: Place) -> float:
        """The value for a place; 0 where the feature does not speak about it."""
        child = page.nodes[place.child]
        if self.of == "root":
            return float(self.measure(page, place, child, child)) if place.parent is None else 0.0
        if place.parent is None:
            return 0.0
        return float(self.measure(page, place, child, page.nodes[place.parent]))


def _before(one: Node, other: Node) -> bool:
    """Whether a comment is older than another one for sure."""
    return one.latest is not None and other.earliest is not None and one.latest < other.earliest


def _shared_words(page: Page, place: Place, child: Node, parent: Node) -> float:
    own, other = page.words(place.child), page.words(place.parent or 0)
    if len(own) > len(other):
        own, other = other, own
    return min(math.fsum(sorted(weight for word, weight in own.items() if word in other)), 10.0) / 5.0


def _time_apart(page: Page, place: Place, child: Node, parent: Node) -> float:
    if child.earliest is None or parent.earliest is None:
        return 0.0
    hours = abs((child.earliest - parent.earliest).total_seconds()) / 3600
    return min(math.log1p(hours), 10.0) / 5.0


def _addresses_other(page: Page, place: Place, child: Node, parent: Node) -> float:
    opening = page.opening(place.child)
    if page.addresses(place.child, parent.author) or not opening:
        return 0.0
    head = opening.lstrip("@ ").split(" ")[0].strip(".,:;!")
    return float(len(head) > 2 and head in page.authors and head != child.author)


def _root_order_broken(page: Page, place: Place, child: Node, _: Node) -> float:
    if place.root is None or page.oldest_first is None:
        return 0.0
    root = page.nodes[place.root]
    return float(_before(child, root) if page.oldest_first else _before(root, child))


def _root_order_kept(page: Page, place: Place, child: Node, _: Node) -> float:
    if place.root is None or page.oldest_first is None:
        return 0.0
    root = page.nodes[place.root]
    return float(_before(root, child) if page.oldest_first else _before(child, root))


def _habit(page: Page, place: Place, child: Node, _: Node) -> float:
    """Log odds of a marker among the author's other comments: who else always answers probably answers here too."""
    if not page.marked or child.reply_to is not None:
        return 0.0
    marked = page.marked_of[child.author]
    return max(-2.0, min(2.0, math.log((marked + 0.5) / (page.comments_of[child.author] - 1 - marked + 0.5))))


def _never_named(page: Page, place: Place, child: Node, parent: Node) -> float:
    return page.marked and child.reply_to is None and page.named[parent.author] == 0


def _named_elsewhere(page: Page, place: Place, child: Node, parent: Node) -> float:
    return min(page.named[parent.author], 4) / 4 if page.marked and child.reply_to is None else 0.0


def _same_sibling(page: Page, place: Place, child: Node, parent: Node) -> float:
    return place.sibling is not None and page.nodes[place.sibling].author == child.author


def _turn(page: Page, place: Place, child: Node, parent: Node) -> float:
    return place.grandparent is not None and page.nodes[place.grandparent].author == child.author


def _turn_below(page: Page, place: Place, child: Node, parent: Node) -> float:
    if place.sibling is None or place.named_before == 0:
        return 0.0
    return page.nodes[place.sibling].author != child.author


def _sibling_younger(page: Page, place: Place, child: Node, parent: Node) -> float:
    return place.sibling is not None and _before(child, page.nodes[place.sibling])


def _level_fits(page: Page, place: Place, child: Node, parent: Node) -> float:
    if child.level is None or parent.level is None:
        return 0.0
    if parent.level == child.level - 1:
        return 1.0
    # Replies beyond the greatest depth stand beside their parents.
    return 0.6 if child.level == page.max_level == parent.level and child.level > 0 else -1.0


def _root_level(page: Page, place: Place, child: Node, _: Node) -> float:
    return 0.0 if child.level is None else 1.0 if child.level == 0 else -1.0


FEATURES: tuple[Feature, ...] = (
    Feature("root", "root", "in answer to nobody", lambda g, p, c, o: 1.0),
    Feature("root order broken", "root", "would break the order of the roots", _root_order_broken),
    Feature("root order kept", "root", "keeps the order of the roots", _root_order_kept),
    Feature("long text", "root", "is a long text", lambda g, p, c, o: min(math.log1p(len(c.text)), 8.0) / 4.0),
    Feature("trackback", "root", "is a trackback", lambda g, p, c, o: c.is_trackback),
    Feature("host opens", "root", "is by the host", lambda g, p, c, o: c.is_host),
    Feature("usually answers", "root", "is by somebody who usually answers", _habit),
    Feature("root level", "root", "is displayed as a root, or is not", _root_level),
    Feature("self", "pair", "is by the same author", lambda g, p, c, o: o.author == c.author),
    Feature("shared words", "pair", "shares rare words", _shared_words),
    Feature("addressed", "pair", "is addressed by name", lambda g, p, c, o: g.addresses(p.child, o.author)),
    Feature("other addressed", "pair", "is not whom the text addresses by name", _addresses_other),
    Feature("older than parent", "pair", "is younger than its answer", lambda g, p, c, o: _before(c, o)),
    Feature("time apart", "pair", "is far away in time", _time_apart),
    Feature("question", "pair", "ends with a question", lambda g, p, c, o: "?" in o.text[-40:]),
    Feature("host answers", "pair", "is a guest's; the host answers", lambda g, p, c, o: c.is_host and not o.is_host),
    Feature("never named", "pair", "is by somebody whom no marker names", _never_named),
    Feature("named elsewhere", "pair", "is by somebody whom markers name elsewhere", _named_elsewhere),
    Feature("level", "pair", "is displayed one level above, or is not", _level_fits),
    Feature("latest", "path", "stands right above", lambda g, p, c, o: p.rank == 0),
    Feature("rank", "path", "stands further up the path", lambda g, p, c, o: min(p.rank, _MAX_PATH) / _MAX_PATH),
    Feature("depth", "path", "is a reply itself", lambda g, p, c, o: min(p.depth, _MAX_PATH) / _MAX_PATH),
    Feature("named nearer", "path", "is by somebody who stands nearer too", lambda g, p, c, o: min(p.named_before, 3)),
    Feature("sibling", "path", "was answered by the same author already", _same_sibling),
    Feature("turn", "path", "answers the same author, whose turn it is", _turn),
    Feature("turn below", "path", "is by somebody who came back further down", _turn_below),
    Feature(
        "newcomer", "path", "opened what somebody new joins", lambda g, p, c, o: p.own_rank < 0 and p.named_before > 0
    ),
    Feature(
        "spoke below", "path", "was followed by the same author since", lambda g, p, c, o: 0 <= p.own_rank < p.rank
    ),
    Feature("sibling younger", "path", "was answered above by somebody who wrote later", _sibling_younger),
)
