"""Evidence for a parent: what speaks for and against an edge, as named numbers.

In: the comments of a page as :class:`Node`, and a candidate on the path. Out: a value per feature, 0 where the page
does not show it. ``FEATURES`` is the table: a feature has a name (its key in ``tree.toml``, where its weight stands), a
function and words for people. Nothing here adds, weighs or decides; :mod:`threadparse._tree` does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Literal

import attrs
import regex

_WORD = regex.compile(r"\p{Han}{2}|[\w--\p{Han}]{4,30}", regex.VERSION1)
"""Words that can be rare; in Chinese, where nothing stands between words, pairs of characters."""
_MAX_TEXT = 2_000
"""Code points of a text that are looked at for shared words; an answer takes up the first words of what it answers."""
_MAX_OPENING = 80
"""Code points of a text in which somebody is addressed ("Morning LPC", "@Ian: ..."); later names are mentions."""
_GREETING = 15
"""Code points that may stand before the name: "Good morning, "."""
_QUOTED = regex.compile(r'^\s{0,9}>[\s>]{0,9}(.{12,200})|[“"«„»]([^“”"«»„\n]{12,200})[”"»“«]', regex.MULTILINE)
"""Words that a text takes from another one: behind ">", or in quotation marks."""
_MAX_QUOTE = 24
"""Code points of a quote that must stand in the other text: quotes are cut, and extractors lose where they end."""
_MAX_PATH = 5.0
_MANY = 4.0
"""Logarithm of a number of comments (about 50) from which on more make no difference."""
_FAR_FEWER = 3
"""How many times more comments must break the other order of the roots, where markers tell most of the replies."""
_FEW_STEPS = 5
"""Number of steps in time that count for half: an order broken once on a short page says little."""
_FEW_MARKERS = 20
"""Where most comments have lost their times, markers on less than one comment in so many are words of texts."""


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
        level: Displayed level, 0 for a root, ``None`` where the dump does not show levels.
        shown_replies: The number in "Hide Replies (3)" below it, 0 where it stands without a number; pages with that
            button have it below the roots with replies, and nowhere else. ``None`` without it.
        hidden_replies: The number in "View Replies (3)" below it.
    """

    author: str
    text: str
    reply_to: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    is_trackback: bool = False
    level: int | None = None
    shown_replies: int | None = None
    hidden_replies: int = 0


class Page:
    """What is asked of all comments of a page, each fact computed once and most of them only when asked for.

    Attributes:
        nodes: The comments, in document order.
        marked: Whether the page has markers.
        timeless: Whether most comments show no time.
        authors: Their names.
        named: By name: how many markers name it.
        marked_of: By author: how many of the comments have a marker.
        comments_of: By author: how many comments.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.named = Counter[str](node.reply_to for node in nodes if node.reply_to is not None)
        self.comments_of = Counter(node.author for node in nodes)
        self.authors = frozenset(self.comments_of)
        self.timeless = 2 * sum(node.earliest is None for node in nodes) > len(nodes)
        self.marked = bool(self.named) and (not self.timeless or self.named.total() * _FEW_MARKERS >= len(nodes))
        self._words: dict[int, dict[str, float]] = {}
        self._openings: dict[int, tuple[str, str]] = {}
        self._quotes: dict[int, list[str]] = {}

    @cached_property
    def marked_of(self) -> Counter[str]:
        return Counter(node.author for node in self.nodes if node.reply_to is not None)

    @cached_property
    def longest_named(self) -> int:
        """Length of the longest name in a marker; extractors that drop link-heavy lines drop longer ones."""
        return max(map(len, self.named), default=0)

    @cached_property
    def first_of(self) -> dict[str, int]:
        """By author: the index of the first comment."""
        first: dict[str, int] = {}
        for index, node in enumerate(self.nodes):
            first.setdefault(node.author, index)
        return first

    @cached_property
    def host(self) -> str | None:
        """Who has written by far the most comments: mostly the article's author, who answers the others."""
        (name, most), *others = self.comments_of.most_common(2)
        return name if most > max(2, 1.5 * (others[0][1] if others else 0)) else None

    @cached_property
    def max_level(self) -> int:
        """Greatest displayed level."""
        return max((node.level for node in self.nodes if node.level is not None), default=0)

    @cached_property
    def displays(self) -> bool:
        """Whether the page displays anything of its structure: levels, or buttons below comments with replies."""
        return any(n.level is not None or n.shown_replies is not None or n.hidden_replies for n in self.nodes)

    @cached_property
    def shows_replies(self) -> bool:
        """Whether the page has "Hide Replies" below the roots that have replies."""
        return any(node.shown_replies is not None for node in self.nodes)

    @cached_property
    def counted(self) -> list[bool | None]:
        """By comment: whether a "Hide Replies (3)" above counts it; ``None`` where none above has a number."""
        result: list[bool | None] = [None] * len(self.nodes)
        end = -1
        for index, node in enumerate(self.nodes):
            if index <= end:
                result[index] = True
            elif end >= 0 and index == end + 1:
                result[index] = False
            if node.shown_replies:
                end = index + node.shown_replies
        return result

    @cached_property
    def out_of_order(self) -> list[bool]:
        """By comment: whether it cannot be a root because the roots are in order of time.

        A root of a page with the oldest roots first is older than all that stands below it, and one of a page with
        the newest roots first is older than all that stands above. The order that fewer comments break is the
        page's; by votes, or with a thread pinned on top, there is none.
        """
        above, below = _older_before(self.nodes), _older_before(self.nodes[::-1])[::-1]
        fewer, more = sorted((above, below), key=sum)
        clear = sum(fewer) * (_FAR_FEWER if self.marked else 1) < sum(more)
        return fewer if clear else [False] * len(self.nodes)

    @cached_property
    def steadiness(self) -> float:
        """How surely all comments are in order of time, as in a list without replies: 0 to 1, with their number."""
        up, down = _steps(self.nodes)
        return 0.0 if up and down else min(math.log1p(up + down), _MANY) / _MANY

    @cached_property
    def newest_first(self) -> bool:
        """Whether most comments are younger than the one below."""
        up, down = _steps(self.nodes)
        return down > up

    @cached_property
    def disorder(self) -> float:
        """Share of the steps from one comment without a marker to the next that go against the order of the most."""
        up, down = _steps([node for node in self.nodes if node.reply_to is None])
        return min(up, down) / (up + down + _FEW_STEPS)

    @cached_property
    def replies_oldest_first(self) -> bool | None:
        """Whether the replies to a comment stand oldest first, by those that have markers; ``None`` if unknown."""
        older = younger = 0
        for sibling, child in _sure_siblings(self.nodes):
            older += _before(sibling, child)
            younger += _before(child, sibling)
        return None if older == younger else older > younger

    @cached_property
    def _folded_words(self) -> list[set[str]]:
        return [set(_WORD.findall(node.text[:_MAX_TEXT].casefold())) for node in self.nodes]

    @cached_property
    def _frequency(self) -> Counter[str]:
        return Counter(word for words in self._folded_words for word in words)

    def is_before(self, one: int, other: int) -> bool:
        """Whether a comment is older than another one for sure."""
        return _before(self.nodes[one], self.nodes[other])

    def words(self, index: int) -> dict[str, float]:
        """The words of a text that are rare on the page, each with its weight."""
        known = self._words.get(index)
        if known is None:
            frequency, total = self._frequency, len(self.nodes)
            most = max(2, total // 4)
            known = self._words[index] = {
                word: math.log((total + 1) / frequency[word])
                for word in self._folded_words[index]
                if frequency[word] <= most
            }
        return known

    @cached_property
    def _names(self) -> dict[str, tuple[tuple[str, ...], str]]:
        """By author: the forms in which others address them, folded, longest first, and the initials."""
        return {author: _forms_of(author) for author in self.authors}

    @cached_property
    def _shared_forms(self) -> Counter[str]:
        return Counter(form for forms, initials in self._names.values() for form in {*forms, initials})

    def addresses(self, index: int, author: str) -> float:
        """How surely a text opens with somebody's name, a part of it or the initials: 1 divided by whose it may be."""
        known = self._openings.get(index)
        if known is None:
            opening = self.nodes[index].text[:_MAX_OPENING]
            known = self._openings[index] = opening, opening.casefold()
        opening, folded = known
        forms, initials = self._names[author]
        for form in forms:
            at = folded.find(form)
            if at >= 0 and _stands_alone(folded, at, at + len(form)):
                return 1.0 / self._shared_forms[form]
        if initials:
            at = opening.find(initials.upper())
            if at >= 0 and _stands_alone(opening, at, at + len(initials)):
                return 1.0 / self._shared_forms[initials]
        return 0.0

    def quotes(self, index: int, other: int) -> bool:
        """Whether a text quotes another one."""
        quotes = self._quotes.get(index)
        if quotes is None:
            found = _QUOTED.findall(self.nodes[index].text[:_MAX_TEXT])
            quotes = self._quotes[index] = [(a or b).strip(" .,…").casefold()[:_MAX_QUOTE] for a, b in found]
        if not quotes:
            return False
        text = self.nodes[other].text[: 4 * _MAX_TEXT].casefold()
        return any(quote in text for quote in quotes)


def _forms_of(author: str) -> tuple[tuple[str, ...], str]:
    first, *others = author.lstrip("@").split() or [""]
    initials = first[:1] + "".join(word[0] for word in others)
    forms = [author.lstrip("@")]
    if len(first) > 2 and others:
        forms.append(first)
    forms = [form for form in forms if any(map(str.isalnum, form))]
    return tuple(forms), initials if initials.isalpha() and len(initials) > 1 else ""


def _stands_alone(opening: str, start: int, end: int) -> bool:
    """Whether a name is a word of its own, at the beginning, behind a comma or behind an "@"."""
    before = opening[start - 1 : start]
    if opening[end : end + 1].isalnum() or before.isalnum():
        return False
    if before == "@":
        return True
    return end - start > 1 and (start <= _GREETING or opening[start - 2 : start] == ", ")


def _before(one: Node, other: Node) -> bool:
    """Whether a comment is older than another one for sure: "2 days ago" ends where "1 day ago" begins."""
    if one.earliest is None or one.latest is None or other.earliest is None:
        return False
    return one.latest <= other.earliest and one.earliest < other.earliest


def _steps(nodes: Sequence[Node]) -> tuple[int, int]:
    """How many comments are surely younger than the one above, and how many older."""
    known = [node for node in nodes if node.earliest is not None]
    return sum(_before(a, b) for a, b in pairwise(known)), sum(_before(b, a) for a, b in pairwise(known))


def _older_before(nodes: Sequence[Node]) -> list[bool]:
    """By comment: whether an older one stands before it."""
    result: list[bool] = []
    oldest: Node | None = None
    for node in nodes:
        result.append(oldest is not None and _before(oldest, node))
        if oldest is None or oldest.latest is None or (node.latest is not None and node.latest < oldest.latest):
            oldest = node
    return result


def _sure_siblings(nodes: Sequence[Node]) -> list[tuple[Node, Node]]:
    """Successive replies to one comment, as far as markers that fit once on the path show them."""
    siblings = []
    path: list[tuple[Node, bool]] = []  # with whether the marker fitted once
    depths: dict[str, list[int]] = {}  # by author, on the path
    for node in nodes:
        named = depths.get(node.reply_to, []) if node.reply_to is not None else []
        depth = named[-1] + 1 if named else 0 if node.reply_to is None else len(path)
        sure = len(named) == 1
        if sure and depth < len(path) and path[depth][1]:
            siblings.append((path[depth][0], node))
        for gone, _ in path[depth:]:
            depths[gone.author].pop()
        del path[depth:]
        path.append((node, sure))
        depths.setdefault(node.author, []).append(depth)
    return siblings


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
    """

    child: int
    parent: int | None
    rank: int = 0
    depth: int = 0
    sibling: int | None = None
    grandparent: int | None = None
    named_before: int = 0
    own_rank: int = -1


Measure = Callable[[Page, Place, Node, Node], float]
"""Of a page, a place, the child and the candidate; for a root the child stands in the candidate's place too."""


@attrs.frozen
class Feature:
    """One kind of evidence.

    Attributes:
        name: Key of its weight.
        of: What it depends on: "root" (the comment; it speaks for being a root), "pair" (the comment and the
            candidate) or "path" (where the candidate stands).
        words: What it says of the comment (for "root") or of the candidate, for people: "it ...".
        measure: Its value for a place, mostly 0 to 1; below 0 it speaks against.
        decides: Whether the page displays it, so that it shows what is impossible. Such a value does not make other
            candidates likelier, it makes the whole walk unlikely in which nothing else is left.
        opposite: What a value below 0 says.
    """

    name: str
    of: Literal["root", "pair", "path"]
    words: str
    measure: Measure
    decides: bool = False
    opposite: str = ""

    def value(self, page: Page, place: Place) -> float:
        """The value for a place; 0 where the feature does not speak about it."""
        child = page.nodes[place.child]
        if self.of == "root":
            return float(self.measure(page, place, child, child)) if place.parent is None else 0.0
        if place.parent is None:
            return 0.0
        return float(self.measure(page, place, child, page.nodes[place.parent]))


def _habit(page: Page, place: Place, child: Node, _: Node) -> float:
    """Log odds of a marker among the author's other comments: who else always answers probably answers here too."""
    if not page.marked or child.reply_to is not None:
        return 0.0
    marked = page.marked_of[child.author]
    return max(-4.0, min(4.0, math.log((marked + 0.5) / (page.comments_of[child.author] - 1 - marked + 0.5))))


def _root_level(page: Page, place: Place, child: Node, _: Node) -> float:
    return 0.0 if child.level is None else 1.0 if child.level == 0 else -1.0


def _counted(page: Page, place: Place, child: Node, _: Node) -> float:
    counted = page.counted[place.child]
    return 0.0 if counted is None else -1.0 if counted else 1.0


def _shared_words(page: Page, place: Place, child: Node, parent: Node) -> float:
    own, other = page.words(place.child), page.words(place.parent or 0)
    if len(own) > len(other):
        own, other = other, own
    return min(math.fsum(sorted(own[word] for word in own.keys() & other.keys())), 10.0) / 5.0


def _time_apart(page: Page, place: Place, child: Node, parent: Node) -> float:
    if child.earliest is None or parent.earliest is None:
        return 0.0
    hours = abs((child.earliest - parent.earliest).total_seconds()) / 3600
    return min(math.log1p(hours), 10.0) / 5.0


def _addressed(page: Page, place: Place, child: Node, parent: Node) -> float:
    # Who addresses the host mostly means the article; one's own name is a signature, or a quote's.
    return 0.0 if parent.author in (page.host, child.author) else page.addresses(place.child, parent.author)


def _never_named(page: Page, place: Place, child: Node, parent: Node) -> float:
    return page.marked and child.reply_to is None and page.named[parent.author] == 0


def _named_elsewhere(page: Page, place: Place, child: Node, parent: Node) -> float:
    return min(page.named[parent.author], 4) / 4 if page.marked and child.reply_to is None else 0.0


def _long_name(page: Page, place: Place, child: Node, parent: Node) -> float:
    return page.marked and child.reply_to is None and len(parent.author) > page.longest_named


def _level_fits(page: Page, place: Place, child: Node, parent: Node) -> float:
    if child.level is None or parent.level is None:
        return 0.0
    if parent.level == child.level - 1:
        return 1.0
    # Replies beyond the greatest depth stand beside their parents.
    return 0.6 if child.level == page.max_level == parent.level and child.level > 0 else -1.0


def _folded(page: Page, place: Place, child: Node, parent: Node) -> float:
    return parent.hidden_replies > 0 and parent.shown_replies is None


def _shown(page: Page, place: Place, child: Node, parent: Node) -> float:
    return parent.shown_replies is not None and place.parent == place.child - 1


def _not_shown(page: Page, place: Place, child: Node, parent: Node) -> float:
    return place.depth == 0 and parent.shown_replies is None and page.shows_replies


def _sibling(page: Page, place: Place, child: Node, parent: Node) -> float:
    return place.sibling is not None and page.nodes[place.sibling].author == child.author


def _sibling_order(page: Page, place: Place, child: Node, parent: Node) -> float:
    if place.sibling is None:
        return 0.0
    sibling = page.nodes[place.sibling]
    if page.replies_oldest_first is False:
        return _before(sibling, child)
    # Where nothing shows the order, oldest first is the usual one.
    return float(_before(child, sibling)) * (1.0 if page.replies_oldest_first else 0.4)


def _turn(page: Page, place: Place, child: Node, parent: Node) -> float:
    return place.grandparent is not None and page.nodes[place.grandparent].author == child.author


def _turn_below(page: Page, place: Place, child: Node, parent: Node) -> float:
    if place.sibling is None or place.named_before == 0:
        return 0.0
    return page.nodes[place.sibling].author != child.author


FEATURES: tuple[Feature, ...] = (
    Feature("root", "root", "shows no sign of an answer", lambda g, p, c, o: 1.0),
    Feature("out of order", "root", "breaks the order of the roots", lambda g, p, c, o: g.out_of_order[p.child]),
    Feature("steady", "root", "stands on a page that is in order of time", lambda g, p, c, o: g.steadiness),
    Feature("timeless", "root", "stands on a page without times", lambda g, p, c, o: g.timeless),
    Feature("disorder", "root", "stands on a page whose order is often broken", lambda g, p, c, o: g.disorder),
    Feature("long text", "root", "is a long text", lambda g, p, c, o: min(math.log1p(len(c.text)), 8.0) / 4.0),
    Feature("trackback", "root", "is a trackback", lambda g, p, c, o: c.is_trackback),
    Feature("new here", "root", "is its author's first one", lambda g, p, c, o: g.first_of[c.author] == p.child),
    Feature(
        "usually answers",
        "root",
        "is by somebody who usually answers",
        _habit,
        opposite="is by somebody who rarely answers",
    ),
    Feature(
        "root level",
        "root",
        "is displayed as a root",
        _root_level,
        decides=True,
        opposite="is displayed as a reply",
    ),
    Feature("shows replies", "root", "has the roots' button", lambda g, p, c, o: c.shown_replies is not None, True),
    Feature(
        "counted",
        "root",
        "stands below the replies that the root above counts",
        _counted,
        decides=True,
        opposite="is one of the replies that the root above counts",
    ),
    Feature("self", "pair", "is by the same author", lambda g, p, c, o: o.author == c.author),
    Feature("shared words", "pair", "shares rare words", _shared_words),
    Feature("quoted", "pair", "is quoted", lambda g, p, c, o: g.quotes(p.child, p.parent or 0)),
    Feature("addressed", "pair", "is by somebody addressed by name", _addressed),
    Feature("older than parent", "pair", "is younger than its answer", lambda g, p, c, o: _before(c, o)),
    Feature("time apart", "pair", "is far away in time", _time_apart),
    Feature("never named", "pair", "is by somebody whom no marker names", _never_named),
    Feature("named elsewhere", "pair", "is by somebody whom markers name elsewhere", _named_elsewhere),
    Feature("long name", "pair", "is by somebody with a longer name than any in a marker", _long_name),
    Feature(
        "host answers", "pair", "is a guest's; the host answers", lambda g, p, c, o: c.author == g.host != o.author
    ),
    Feature("to trackback", "pair", "is a trackback", lambda g, p, c, o: o.is_trackback),
    Feature(
        "level",
        "pair",
        "is displayed one level above",
        _level_fits,
        decides=True,
        opposite="is not displayed one level above",
    ),
    Feature("folded", "pair", "has replies that are not shown", _folded, True),
    Feature("replies shown", "pair", "stands right above and shows its replies", _shown, True),
    Feature("rank", "path", "stands further up the path", lambda g, p, c, o: min(p.rank, _MAX_PATH) / _MAX_PATH),
    Feature("depth", "path", "is a reply itself", lambda g, p, c, o: min(p.depth, _MAX_PATH) / _MAX_PATH),
    Feature("to root", "path", "is a root", lambda g, p, c, o: p.depth == 0),
    Feature("to childless root", "path", "is a root without replies", lambda g, p, c, o: p.depth == p.rank == 0),
    Feature("no replies shown", "path", "is a root without the button of those with replies", _not_shown, True),
    Feature("named nearer", "path", "is by somebody who stands nearer too", lambda g, p, c, o: min(p.named_before, 3)),
    Feature("sibling", "path", "was answered by the same author already", _sibling),
    Feature("sibling order", "path", "has a reply whose time is out of order with this one", _sibling_order),
    Feature("turn", "path", "answers the same author, whose turn it is", _turn),
    Feature("turn below", "path", "is by somebody who came back further down", _turn_below),
    Feature(
        "newcomer", "path", "opened what somebody new joins", lambda g, p, c, o: p.own_rank < 0 and p.named_before > 0
    ),
    Feature(
        "spoke below", "path", "was followed by the same author since", lambda g, p, c, o: 0 <= p.own_rank < p.rank
    ),
)
