"""Evidence for a parent: what speaks for and against an edge, as named numbers.

In: a page, and a candidate on the path. Out: a value per feature, 0 where the page does not show it. ``FEATURES`` is
the table: a feature has a name (its key in ``tree.toml``, where its weight stands), a function and words for people.
Nothing here adds, weighs or decides; :mod:`threadparse._tree` does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Literal

import attrs

from ._conversation import Conversation, Node, is_before

_MAX_PATH = 5.0
_RAREST = 4.0
"""Weight of a word that two of a hundred comments share."""
_QUESTION_MARKS = "?？؟"
_MAX_CLOSING = 200
"""Code points at the end of a text in which a question asks for an answer; the first ones of a text are rhetorical."""


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
    """

    child: int
    parent: int | None
    rank: int = 0
    depth: int = 0
    sibling: int | None = None
    grandparent: int | None = None


Measure = Callable[[Conversation, Place, Node, Node], float]
"""Of a page, a place, the child and the candidate; for a root the child stands in the candidate's place too."""


@attrs.frozen
class Feature:
    """One kind of evidence.

    Attributes:
        name: Key of its weight.
        of: What it depends on: "page" or "root" (the page, or the comment; it speaks for being a root), "pair" (the
            comment and the candidate), "step" (and the candidate's ancestors, and whether it ends the path) or "path"
            (and what else stands below it on the path).
        words: What it says of the comment (for "root") or of the candidate, for people: "it ...".
        measure: Its value for a place, mostly 0 to 1; below 0 it speaks against.
        decides: Whether the page displays it, so that it shows what is impossible. Such a value does not make other
            candidates likelier, it makes the whole walk unlikely in which nothing else is left.
        opposite: What a value below 0 says.
        shows: Whether a page can show it; if not, its value is 0 everywhere on it.
    """

    name: str
    of: Literal["page", "root", "pair", "step", "path"]
    words: str
    measure: Measure
    decides: bool = False
    opposite: str = ""
    shows: Callable[[Conversation], bool] = lambda page: True

    def value(self, page: Conversation, place: Place) -> float:
        """The value for a place; 0 where the feature does not speak about it."""
        child = page.nodes[place.child]
        if self.of in {"page", "root"}:
            return float(self.measure(page, place, child, child)) if place.parent is None else 0.0
        if place.parent is None:
            return 0.0
        return float(self.measure(page, place, child, page.nodes[place.parent]))


def _habit(page: Conversation, place: Place, child: Node, _: Node) -> float:
    """Log odds of a marker among the author's other comments: who else always answers probably answers here too."""
    if not page.marked or child.reply_to is not None:
        return 0.0
    marked = page.marked_of[child.author]
    return max(-4.0, min(4.0, math.log((marked + 0.5) / (page.comments_of[child.author] - 1 - marked + 0.5))))


def _root_level(page: Conversation, place: Place, child: Node, _: Node) -> float:
    return 0.0 if child.level is None else -1.0 if child.level.depth else 1.0


def _counted(page: Conversation, place: Place, child: Node, _: Node) -> float:
    counted = page.counted[place.child]
    return 0.0 if counted is None else -1.0 if counted else 1.0


def _rare_word(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    return page.texts.rarest_shared(place.child, place.parent or 0) / _RAREST


def _asks(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    closing = parent.text[-_MAX_CLOSING:]
    return any(mark in closing for mark in _QUESTION_MARKS)


def _addressed(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    # Who addresses the host mostly means the article; one's own name is a signature, or a quote's.
    return 0.0 if parent.author in (page.host, child.author) else page.texts.addresses(place.child, parent.author)


def _named_by_number(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    if parent.number is None or parent.number not in page.texts.numbers(place.child):
        return 0.0
    return 1.0 / page.numbered[parent.number]


def _never_named(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    return page.marked and child.reply_to is None and page.named[parent.author] == 0


def _named_elsewhere(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    return min(page.named[parent.author], 4) / 4 if page.marked and child.reply_to is None else 0.0


def _long_name(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    return page.marked and child.reply_to is None and len(parent.author) > page.longest_named


def _level_fits(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    if child.level is None or parent.level is None:
        return 0.0
    if parent.level.depth == child.level.depth - 1:
        return 1.0
    return child.level.beside if parent.level.depth == child.level.depth else -1.0


def _first_reply(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    if child.level is None or child.level.is_first is None:
        return 0.0
    return 1.0 if child.level.is_first == (place.rank == 0) else -1.0


def _folded(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    return parent.hidden_replies > 0 and parent.shown_replies is None


def _shown(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    return parent.shown_replies is not None and place.parent == place.child - 1


def _not_shown(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    return place.depth == 0 and parent.shown_replies is None and page.shows_replies


def _sibling_order(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    if place.sibling is None:
        return 0.0
    sibling = page.nodes[place.sibling]
    if page.replies_oldest_first is False:
        return is_before(sibling, child)
    # Where nothing shows the order, oldest first is the usual one.
    return float(is_before(child, sibling)) * (1.0 if page.replies_oldest_first else 0.4)


def _turn(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    # Whoever answers oneself takes no turns.
    if place.grandparent is None or child.author == parent.author:
        return 0.0
    return page.nodes[place.grandparent].author == child.author


def _answered(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    below = place.child + 1
    return below < len(page.nodes) and page.nodes[below].author == parent.author != child.author


def _spoke_before(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    above = (place.parent or 0) - 1
    return above >= 0 and page.nodes[above].author == child.author != parent.author


def _newcomer(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    return place.depth == 0 and page.earlier_of[place.child] < (place.parent or 0)


def _host_answers(page: Conversation, place: Place, child: Node, parent: Node) -> float:
    return child.author == page.host != parent.author


def _has_levels(page: Conversation) -> bool:
    return page.has_levels


def _shows_replies(page: Conversation) -> bool:
    return page.shows_replies


def _hides_replies(page: Conversation) -> bool:
    return page.hides_replies


def _has_trackbacks(page: Conversation) -> bool:
    return page.has_trackbacks


_displayed = partial(Feature, decides=True)
"""What a page displays of its structure."""

FEATURES: tuple[Feature, ...] = (
    Feature("root", "page", "shows no sign of an answer", lambda g, p, c, o: 1.0),
    Feature("steady", "page", "stands on a page that is in order of time", lambda g, p, c, o: g.steadiness),
    Feature("disorder", "page", "stands on a page whose order is often broken", lambda g, p, c, o: g.disorder),
    Feature("out of order", "root", "breaks the order of the roots", lambda g, p, c, o: g.out_of_order[p.child]),
    Feature("long text", "root", "is a long text", lambda g, p, c, o: min(math.log1p(len(c.text)), 8.0) / 4.0),
    Feature("trackback", "root", "is a trackback", lambda g, p, c, o: c.is_trackback, shows=_has_trackbacks),
    Feature("new here", "root", "is its author's first one", lambda g, p, c, o: g.first_of[c.author] == p.child),
    Feature(
        "usually answers",
        "root",
        "is by somebody who usually answers",
        _habit,
        opposite="is by somebody who rarely answers",
    ),
    _displayed(
        "root level",
        "root",
        "is displayed as a root",
        _root_level,
        opposite="is displayed as a reply",
        shows=_has_levels,
    ),
    _displayed(
        "shows replies",
        "root",
        "has the roots' button",
        lambda g, p, c, o: c.shown_replies is not None,
        shows=_shows_replies,
    ),
    _displayed(
        "counted",
        "root",
        "stands below the replies that the root above counts",
        _counted,
        opposite="is one of the replies that the root above counts",
        shows=_shows_replies,
    ),
    Feature("rare word", "pair", "shares a rare word", _rare_word),
    Feature("quoted", "pair", "is quoted", lambda g, p, c, o: g.texts.quotes(p.child, p.parent or 0)),
    Feature("asks", "pair", "asks something", _asks),
    Feature("addressed", "pair", "is by somebody addressed by name", _addressed),
    Feature(
        "named by number",
        "pair",
        "has the number that the text opens with",
        _named_by_number,
        shows=lambda g: bool(g.numbered),
    ),
    Feature("older than parent", "pair", "is younger than its answer", lambda g, p, c, o: is_before(c, o)),
    Feature("never named", "pair", "is by somebody whom no marker names", _never_named),
    Feature("named elsewhere", "pair", "is by somebody whom markers name elsewhere", _named_elsewhere),
    Feature("long name", "pair", "is by somebody with a longer name than any in a marker", _long_name),
    Feature(
        "host answers", "pair", "is a guest's; the host answers", _host_answers, shows=lambda g: g.host is not None
    ),
    Feature("to trackback", "pair", "is a trackback", lambda g, p, c, o: o.is_trackback, shows=_has_trackbacks),
    _displayed(
        "level",
        "pair",
        "is displayed one level above",
        _level_fits,
        opposite="is not displayed one level above",
        shows=_has_levels,
    ),
    _displayed("folded", "pair", "has replies that are not shown", _folded, shows=_hides_replies),
    _displayed("replies shown", "pair", "stands right above and shows its replies", _shown, shows=_shows_replies),
    Feature("rank", "path", "stands further up the path", lambda g, p, c, o: min(p.rank, _MAX_PATH) / _MAX_PATH),
    Feature("depth", "step", "is a reply itself", lambda g, p, c, o: min(p.depth, _MAX_PATH) / _MAX_PATH),
    Feature("to root", "step", "is a root", lambda g, p, c, o: p.depth == 0),
    Feature("to childless root", "step", "is a root without replies", lambda g, p, c, o: p.depth == p.rank == 0),
    _displayed(
        "first reply",
        "step",
        "has no replies yet, or has some, as displayed",
        _first_reply,
        opposite="has replies already, or none yet, other than displayed",
        shows=_has_levels,
    ),
    _displayed(
        "no replies shown",
        "step",
        "is a root without the button of those with replies",
        _not_shown,
        shows=_shows_replies,
    ),
    Feature("sibling order", "path", "has a reply whose time is out of order with this one", _sibling_order),
    Feature("answered", "pair", "is by the author of the next comment", _answered),
    Feature("spoke before", "pair", "stands right below a comment by this author", _spoke_before),
    Feature("newcomer", "path", "opened the conversation, where this author is new", _newcomer),
    Feature("turn", "step", "answers the same author, whose turn it is", _turn),
)
