"""The reply tree: each kind of evidence by itself, what certain evidence decides, and what must change nothing."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Any, cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadparse import explain, parse
from threadparse._comments import _level
from threadparse._conversation import Conversation, Node
from threadparse._evidence import FEATURES, Place
from threadparse._headershapes import Level
from threadparse._intervals import pairs_of, tighten
from threadparse._lines import split_lines
from threadparse._nodes import displayed_levels
from threadparse._reasons import reasons
from threadparse._texts import _ODD, _PLAIN_WORD, _WORD
from threadparse._tree import Edge, _candidates, _parents_stand_above, build_tree, open_doubtful
from threadparse._values import Candidate
from threadparse._weighing import Step, Weigher, decision, weights

LONG_AGO = datetime(2031, 1, 1, tzinfo=UTC)


def node(author: str, reply_to: str | None = None, day: float | None = None, **fields: Any) -> Node:
    """A comment of one day; days count from the first of January."""
    if day is not None:
        fields |= {"earliest": LONG_AGO + timedelta(days=day), "latest": LONG_AGO + timedelta(days=day + 1)}
    if "level" in fields:
        fields["level"] = Level(fields["level"], fields.pop("beside", -1.0), fields.pop("is_first", None))
    return Node(author=author, text=fields.pop("text", "so it goes"), reply_to=reply_to, **fields)


def tree(nodes: Sequence[Node]) -> list[Edge]:
    return build_tree(Conversation(nodes))


def parents(nodes: Sequence[Node]) -> list[int | None]:
    return [edge.parent for edge in tree(nodes)]


def value(name: str, nodes: Sequence[Node], child: int, parent: int | None, **place: Any) -> float:
    feature = next(feature for feature in FEATURES if feature.name == name)
    return feature.value(Conversation(nodes), Place(child, parent, **place))


# Each feature: a page on which it speaks, where, and what it says.

ANN_BOB = [node("ann"), node("bob")]
DATED = [node("ann", day=0), node("bob", day=9), node("cy", day=4), node("dee", day=5)]
"""Oldest first: bob's comment is younger than what follows, and so no root."""
EVIDENCE: dict[str, tuple[Sequence[Node], int, int | None, Mapping[str, Any], float]] = {
    "root": (ANN_BOB, 1, None, {}, 1.0),
    "out of order": (DATED, 1, None, {}, 1.0),
    "steady": ([node("a", day=i) for i in range(60)], 1, None, {}, 1.0),
    "disorder": ([node("a", day=i % 2 * 2) for i in range(11)], 1, None, {}, 5 / 15),
    "long text": ([node("ann"), node("bob", text="x" * 2_980)], 1, None, {}, 2.0),
    "trackback": ([node("ann"), node("bob", is_trackback=True)], 1, None, {}, 1.0),
    "new here": (ANN_BOB, 1, None, {}, 1.0),
    "usually answers": ([node("ann"), node("bob", "ann"), node("bob")], 2, None, {}, 1.0986),
    "root level": ([node("ann", level=0), node("bob", level=1)], 1, None, {}, -1.0),
    "shows replies": ([node("ann", shown_replies=0), node("bob")], 0, None, {}, 1.0),
    "counted": ([node("ann", shown_replies=1), node("bob"), node("cy")], 1, None, {}, -1.0),
    "rare word": (
        [node("ann", text="the lantern of the harbour"), node("bob", text="which lantern?"), node("cy"), node("dee")],
        1, 0, {}, 0.2291,
    ),
    "asks": ([node("ann", text="Who was it?"), node("bob")], 1, 0, {}, 1.0),
    "quoted": (
        [node("ann", text="Nobody counted the geese here."), node("bob", text="> nobody counted the geese\n!")],
        1, 0, {}, 1.0,
    ),
    "addressed": ([node("ann lee"), node("bob", text="Ann, it was Tuesday.")], 1, 0, {}, 1.0),
    "named by number": ([node("ann", number=7), node("bob", text="@7: it was Tuesday.")], 1, 0, {}, 1.0),
    "older than parent": (DATED, 2, 1, {}, 1.0),
    "never named": ([node("ann"), node("bob"), node("cy", "ann"), node("dee")], 3, 1, {}, 1.0),
    "named elsewhere": ([node("ann"), node("bob", "ann"), node("dee")], 2, 0, {}, 0.25),
    "long name": ([node("ann"), node("bob", "ann"), node("someone long"), node("cy")], 3, 2, {}, 1.0),
    "host answers": ([node("ann"), *[node("host")] * 3], 1, 0, {}, 1.0),
    "to trackback": ([node("ann", is_trackback=True), node("bob")], 1, 0, {}, 1.0),
    "level": ([node("ann", level=0), node("bob", level=1)], 1, 0, {}, 1.0),
    "folded": ([node("ann", hidden_replies=3), node("bob")], 1, 0, {}, 1.0),
    "replies shown": ([node("ann", shown_replies=0), node("bob")], 1, 0, {}, 1.0),
    "rank": (ANN_BOB, 1, 0, {"rank": 5}, 1.0),
    "depth": (ANN_BOB, 1, 0, {"depth": 1}, 0.2),
    "to root": (ANN_BOB, 1, 0, {"depth": 0, "rank": 1}, 1.0),
    "to childless root": (ANN_BOB, 1, 0, {"depth": 0, "rank": 0}, 1.0),
    "first reply": ([node("ann"), node("bob", level=1, is_first=False)], 1, 0, {"rank": 0}, -1.0),
    "no replies shown": ([node("ann"), node("bob"), node("cy", shown_replies=0)], 1, 0, {}, 1.0),
    "sibling order": ([node("ann", day=0), node("bob", day=3), node("cy", day=1)], 2, 0, {"sibling": 1}, 0.4),
    "answered": ([node("ann"), node("bob"), node("ann")], 1, 0, {}, 1.0),
    "spoke before": ([node("bob"), node("ann"), node("bob")], 2, 1, {}, 1.0),
    "newcomer": ([node("bob"), node("ann"), node("cy"), node("bob")], 3, 1, {"rank": 1, "sibling": 2}, 1.0),
    "turn": ([node("bob"), node("ann"), node("bob")], 2, 1, {"grandparent": 0}, 1.0),
}  # fmt: skip
SILENT: dict[str, tuple[Sequence[Node], int, int | None, Mapping[str, Any]]] = {
    "out of order": (DATED, 2, None, {}),
    "steady": (DATED, 1, None, {}),
    "disorder": ([node("a", day=i) for i in range(11)], 1, None, {}),
    "trackback": (ANN_BOB, 1, None, {}),
    "new here": ([node("ann"), node("ann")], 1, None, {}),
    "usually answers": (ANN_BOB, 1, None, {}),
    "root level": (ANN_BOB, 1, None, {}),
    "shows replies": (ANN_BOB, 0, None, {}),
    "counted": (ANN_BOB, 1, None, {}),
    "asks": (ANN_BOB, 1, 0, {}),
    "rare word": ([node("ann", text="of geese"), node("bob", text="of lamps")], 1, 0, {}),
    "quoted": ([node("ann", text="Nobody."), node("bob", text="> somebody counted the geese\n!")], 1, 0, {}),
    "addressed": ([node("ann"), node("bob", text="It was said on that day that ann was here.")], 1, 0, {}),
    "named by number": ([node("ann", number=8), node("bob", text="@7: it was Tuesday.")], 1, 0, {}),
    "older than parent": (DATED, 1, 0, {}),
    "never named": (ANN_BOB, 1, 0, {}),
    "named elsewhere": (ANN_BOB, 1, 0, {}),
    "long name": ([node("ann"), node("bob", "ann"), node("cy")], 2, 0, {}),
    "host answers": (ANN_BOB, 1, 0, {}),
    "to trackback": (ANN_BOB, 1, 0, {}),
    "level": (ANN_BOB, 1, 0, {}),
    "folded": ([node("ann", hidden_replies=3, shown_replies=1), node("bob")], 1, 0, {}),
    "replies shown": (ANN_BOB, 1, 0, {}),
    "rank": (ANN_BOB, 1, 0, {"rank": 0}),
    "depth": (ANN_BOB, 1, 0, {"depth": 0}),
    "to root": (ANN_BOB, 1, 0, {"depth": 1}),
    "to childless root": (ANN_BOB, 1, 0, {"depth": 0, "rank": 1}),
    "first reply": (ANN_BOB, 1, 0, {}),
    "no replies shown": (ANN_BOB, 1, 0, {}),
    "sibling order": (ANN_BOB, 1, 0, {}),
    "answered": ([node("ann"), node("ann"), node("ann")], 1, 0, {}),
    "spoke before": (ANN_BOB, 1, 0, {}),
    "newcomer": ([node("ann"), node("bob"), node("bob")], 2, 0, {"rank": 1, "sibling": 1}),
    "turn": ([node("ann"), node("ann"), node("ann")], 2, 1, {"grandparent": 0}),
}
ALWAYS = {"root", "long text"}
"""They speak of every comment."""


@pytest.mark.parametrize("name", EVIDENCE)
def test_a_feature_speaks(name: str) -> None:
    nodes, child, parent, place, expected = EVIDENCE[name]
    assert expected == pytest.approx(value(name, nodes, child, parent, **place), abs=1e-3)


QUOTED = [node("ann"), node("bob", text="Nobody counted them."), node("cy", text="> nobody counted\n!")]
OTHERWISE: list[tuple[str, Sequence[Node], int, int | None, Mapping[str, Any], float]] = [
    ("usually answers", [node("ann"), *[node("bob", "ann")] * 3, *[node("cy")] * 40], 9, None, {}, -4.0),
    ("usually answers", [node("ann"), *[node("bob", "ann")] * 60, node("bob")], 61, None, {}, 4.0),
    ("root level", [node("ann", level=0), node("bob", level=1)], 0, None, {}, 1.0),
    ("counted", [node("ann", shown_replies=1), node("bob"), node("cy")], 2, None, {}, 1.0),
    ("named elsewhere", [node("ann"), *[node("bob", "ann")] * 4, node("dee")], 5, 0, {}, 1.0),
    ("named elsewhere", [node("ann"), *[node("bob", "ann")] * 9, node("dee")], 10, 0, {}, 1.0),
    ("named elsewhere", [node("ann"), node("bob", "ann"), node("dee", "ann")], 2, 0, {}, 0.0),
    ("quoted", QUOTED, 2, 1, {}, 1.0),
    ("quoted", QUOTED, 2, 0, {}, 0.0),
    ("host answers", [*[node("host")] * 4, node("ann")], 1, 0, {}, 0.0),
    ("host answers", [node("ann"), node("bob"), *[node("host")] * 3], 1, 0, {}, 0.0),
    ("level", [node("ann", level=2), node("bob", level=1, beside=0.6)], 1, 0, {}, -1.0),
    ("level", [node("ann", level=0), node("bob", level=2, beside=0.6)], 1, 0, {}, -1.0),
    ("folded", [node("ann", hidden_replies=0), node("bob")], 1, 0, {}, 0.0),
    ("replies shown", [node("ann", shown_replies=0), node("bob"), node("cy")], 2, 0, {}, 0.0),
    ("no replies shown", [node("ann"), node("bob"), node("cy", shown_replies=0)], 1, 0, {"depth": 1}, 0.0),
    ("first reply", [node("ann"), node("bob", level=1, is_first=True)], 1, 0, {"rank": 0}, 1.0),
    ("first reply", [node("ann"), node("bob", level=1, is_first=True)], 1, 0, {"rank": 1}, -1.0),
    ("rank", ANN_BOB, 1, 0, {"rank": 9}, 1.0),
    ("depth", ANN_BOB, 1, 0, {"depth": 9}, 1.0),
    ("to childless root", ANN_BOB, 1, 0, {"depth": 1, "rank": 1}, 0.0),
    ("turn", [node("bob"), node("ann"), node("cy")], 2, 1, {"grandparent": 0}, 0.0),
    ("sibling order", [node("ann", day=0), *[node("bob", "ann", day=i) for i in (1, 2, 5)], node("cy", day=3)],
     4, 0, {"sibling": 3}, 1.0),
]  # fmt: skip


@pytest.mark.parametrize("case", OTHERWISE, ids=lambda case: case[0])
def test_what_else_a_feature_says(case: Any) -> None:
    name, nodes, child, parent, place, expected = case
    assert expected == pytest.approx(value(name, nodes, child, parent, **place), abs=1e-3)


@pytest.mark.parametrize("name", SILENT)
def test_a_feature_is_silent(name: str) -> None:
    nodes, child, parent, place = SILENT[name]
    assert 0.0 == value(name, nodes, child, parent, **place)


def test_plain_words_are_the_same_words() -> None:
    plain = [char for char in map(chr, range(sys.maxunicode + 1)) if _ODD.match(char) is None]
    assert len(plain) > 2000
    for char in plain:
        assert _WORD.findall(4 * char) == _PLAIN_WORD.findall(4 * char)


def test_every_feature_has_a_case_and_a_weight() -> None:
    assert {feature.name for feature in FEATURES} == set(EVIDENCE) == set(SILENT) | ALWAYS
    assert set(EVIDENCE) == {name for table in weights().values() for name in table}


def test_a_feature_of_roots_says_nothing_of_parents_and_the_other_way_round() -> None:
    for feature in FEATURES:
        nodes, child, *_ = EVIDENCE[feature.name]
        wrong = Place(child, 0 if feature.of in {"page", "root"} else None)
        assert 0.0 == feature.value(Conversation(nodes), wrong)


@pytest.mark.parametrize(
    ("author", "opening", "expected"),
    [
        ("ann lee", "Ann Lee, it was Tuesday.", 1.0),
        ("ann lee", "Good morning Ann!", 1.0),
        ("ann lee", "Happy to hear it was good for you, Ann!", 1.0),
        ("ann lee", "I said so before. @Ann Lee knows.", 1.0),
        ("lance p. corporal", "Morning LPC", 1.0),
        ("lance p. corporal", "morning lpc", 0.0),
        ("ann lee", "Annual reports are late.", 0.0),
        ("ann lee", "It was Tuesday when Ann came.", 0.0),
        ("bo", "Bo, it was Tuesday.", 1.0),
        ("lance p. corporal", "LPC, it was Tuesday.", 1.0),
        ("ann lee", "It was near to, Ann", 1.0),
        ("ann lee", "So it was with Ann", 1.0),
        ("ann lee", "So it was, with Ann", 0.0),
        ("x y", "@x marks the spot", 0.0),
        ("ann lee", "Anns, it was Tuesday.", 0.0),
        ("ann lee", "It was a Tuesday when [Ann came", 0.0),
        ("lance p. corporal", "Morning ALPCO", 0.0),
        ("al lee", "Al, it was Tuesday.", 0.0),
        ("al bo", "AB, it was Tuesday.", 1.0),
        ("ann 2nd", "A2, it was Tuesday.", 0.0),
        ("ann lee", "x" * 75 + ", Ann", 1.0),  # at the end of what is looked at
        ("ann lee", "x" * 76 + ", Ann", 0.0),
        ("x", "x marks the spot", 0.0),
        ("x", "@x marks the spot", 1.0),
        ("bob", "@B marks the spot", 0.0),
        ("????", "???? ????", 0.0),
        ("", "Anything", 0.0),
        ("李小川", "李小川 你好", 1.0),
    ],
)
def test_somebody_is_addressed(author: str, opening: str, expected: float) -> None:
    assert expected == Conversation([node(author), node("bob", text=opening)]).texts.addresses(1, author)


@pytest.mark.parametrize(
    ("others", "opening", "expected"),
    [
        (["ann o."], "Ann, no.", 0.5),
        (["ann o.", "ann of the mill"], "Ann, no.", 1 / 3),
        (["ann o."], "Ann Lee, no.", 1.0),
        (["abel lund"], "AL, no.", 0.5),
        (["abel lund", "al"], "AL, no.", 1 / 3),
        (["abel lund"], "ABL, no.", 0.0),
    ],
)
def test_a_name_that_others_share_is_less_of_a_sign(others: Sequence[str], opening: str, expected: float) -> None:
    nodes = [node("ann lee"), *map(node, others), node("bob", text=opening)]
    assert expected == Conversation(nodes).texts.addresses(len(nodes) - 1, "ann lee")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@12 no", (12,)),
        (">>12\n>>3\nboth of you", (12, 3)),
        ("#12: no", (12,)),
        ("#12\nno", (12,)),
        ("Dear № 12, no", (12,)),
        ("#1 in my heart", ()),
        ("@2.5 volts", ()),
        ("@12th of May", ()),
        ("12 geese", ()),
        ("x" * 80 + "@12", ()),
    ],
)
def test_comments_named_by_number(text: str, expected: tuple[int, ...]) -> None:
    assert expected == Conversation([node("ann"), node("bob", text=text)]).texts.numbers(1)


def numbered(*texts: str, first: int = 1) -> list[Node]:
    return [node(f"author {at}", text=text, number=at) for at, text in enumerate(texts, start=first)]


def test_a_list_in_which_texts_name_numbers_is_no_thread() -> None:
    edges = tree(numbered("one", "two", "three", "@1: no", "@2: no, see @3"))
    assert [None, None, None, 0, 1] == [edge.parent for edge in edges]
    assert [0, 0, 0, 1, 1] == [edge.depth for edge in edges]
    assert ((0, 0.9), (None, 0.1)) == tuple((c.index, c.probability) for c in edges[3].candidates)


def test_one_number_off_the_path_makes_no_list() -> None:
    nodes = [node("ann", number=1, level=0), node("bob", level=0), node("cy", text="@1: no", level=0)]
    assert [None, None, None] == parents(nodes)


def test_newest_first_a_number_names_a_comment_below() -> None:
    nodes = [
        node(f"author {at}", text=text, number=at, day=at)
        for at, text in [(5, "@2: no"), (4, "@1: no"), (3, "@4: no"), (2, "two"), (1, "one")]
    ]
    assert [3, 4, None, None, None] == parents(nodes)


def test_a_number_that_two_comments_have_names_neither_for_sure() -> None:
    nodes = [node("ann", number=1), node("bob", number=1), node("cy", text="@1: no"), node("dee", text="@1: no")]
    assert 0.5 == value("named by number", nodes, 2, 0)
    assert {} == Conversation(nodes).named_by_number


def test_a_word_that_few_of_many_texts_share_is_rare() -> None:
    nodes = [node("ann", text="which lantern"), node("bob", text="the lantern"), *[node("cy")] * 10]
    assert value("rare word", nodes, 1, 0) > 0
    assert value("rare word", [*nodes[:6], *[node("dee", text="a lantern")] * 2, *nodes[6:]], 1, 0) == 0
    assert value("rare word", [*nodes, *[node("dee", text="a lantern")] * 3, *[node("eve")] * 6], 1, 0) > 0


def test_who_addresses_the_host_means_the_article() -> None:
    nodes = [node("ann"), *[node("host")] * 3, node("bob", text="host, what a page!")]
    assert 0.0 == value("addressed", nodes, 4, 1)


@pytest.mark.parametrize(
    "text",
    ["“nobody counted the geese” is wrong", '"Nobody counted the geese" is wrong', "»nobody counted the geese«, yes"],
)
def test_a_quote_in_quotation_marks(text: str) -> None:
    nodes = [node("ann", text="So. Nobody counted the geese, then."), node("bob", text=text)]
    assert Conversation(nodes).texts.quotes(1, 0)


@pytest.mark.parametrize(
    ("quoted", "is_quote"),
    [
        ("> nobody counted all the gulls\n!", True),  # like the text in its first 24 letters
        ("> nobody counted all the ravens\n!", False),
        ("> nobody counted\n!", True),
        ("> all the geese\n!", True),
        ("> the geese\n!", False),
        ("> so many geese\n> and nobody counted all the geese\n!", False),
        ("> so many geese\n> nobody counted all the geese\n!", True),
        ("> > nobody counted\n!", True),
        ("nobody counted all the geese", False),
        ("said “...nobody counted…”", True),
        ("said “all geese”", False),
    ],
)
def test_what_is_a_quote(quoted: str, is_quote: bool) -> None:
    nodes = [node("ann", text="Nobody counted all the geese."), node("bob", text=quoted)]
    assert is_quote == Conversation(nodes).texts.quotes(1, 0)


@pytest.mark.parametrize(("before", "is_seen"), [(7_970, True), (8_000, False)])
def test_a_quote_is_looked_for_in_the_first_8000_code_points(before: int, is_seen: bool) -> None:
    quoted = node("ann", text="x " * (before // 2) + "nobody counted the geese")
    assert is_seen == Conversation([quoted, node("bob", text="> nobody counted the geese\n!")]).texts.quotes(1, 0)


def test_pairs_of_characters_are_words_in_chinese() -> None:
    nodes = [node("ann", text="今天天气"), node("bob", text="今天"), node("cy", text="不好"), node("dee", text="谢谢")]
    assert value("rare word", nodes, 1, 0) > 0


def test_replies_below_the_deepest_level_stand_beside_their_parent() -> None:
    nodes = [node("ann", level=0), node("bob", level=1), node("cy", level=1, beside=0.6), node("dee", level=0)]
    assert 0.6 == value("level", nodes, 2, 1)
    assert -1.0 == value("level", nodes, 3, 1)
    assert 1.0 == value("root level", nodes, 3, None)


def test_what_is_counted_ends() -> None:
    nodes = [node("ann", shown_replies=2), node("bob"), node("cy"), node("dee"), node("eve")]
    assert [None, True, True, False, None] == Conversation(nodes).counted


def test_the_order_of_replies_is_the_pages() -> None:
    def page(days: Sequence[int]) -> list[Node]:
        return [node("ann", day=0), *(node(f"n{i}", "ann", day=day) for i, day in enumerate(days))]

    assert Conversation(page([1, 2, 3])).replies_oldest_first is True
    assert Conversation(page([3, 2, 1])).replies_oldest_first is False
    assert Conversation(page([2, 2, 2])).replies_oldest_first is None
    assert 1.0 == value("sibling order", page([3, 2, 1, 6]), 4, 0, sibling=3)
    assert 0.0 == value("sibling order", page([3, 2, 1]), 3, 0, sibling=2)


def test_roots_say_nothing_of_the_order_of_replies() -> None:
    assert Conversation([node("ann", day=5), node("bob", day=3), node("cy", day=1)]).replies_oldest_first is None


def test_half_of_the_times_are_enough() -> None:
    assert not Conversation([node("ann", day=0), node("bob")]).timeless
    assert Conversation([node("ann", day=0), node("bob"), node("cy")]).timeless


def test_a_marker_that_fits_nobody_hides_no_siblings() -> None:
    nodes = [node("ann", day=0), node("bob", "zoe", day=1), node("cy", "ann", day=2), node("dee", "ann", day=3)]
    assert Conversation(nodes).replies_oldest_first is True


def test_a_time_without_an_end_is_no_evidence() -> None:
    assert 0.0 == value("older than parent", [node("ann"), node("bob", day=1)], 1, 0)
    assert not Conversation([node("ann", day=1), node("bob")]).is_before(0, 1)


# What certain evidence decides

WORDS = ("ann", "bob", "cy", "dee", "eve", "flo", "gus")


@st.composite
def marked_threads(draw: st.DrawFn) -> tuple[list[Node], list[int | None]]:
    """A thread in order whose markers name somebody who stands on the path once, with misleading texts and times."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    nodes: list[Node] = []
    truth: list[int | None] = []
    path: list[int] = []
    for index in range(draw(st.integers(1, 14))):
        authors = [nodes[i].author for i in path]
        single = [i for i in path if authors.count(nodes[i].author) == 1]
        parent = chance.choice(single) if single else None
        author = chance.choice(WORDS)
        name = None if parent is None else nodes[parent].author
        nodes.append(node(author, name, chance.choice((None, chance.randint(0, 9))), text=f"@{chance.choice(WORDS)} x"))
        truth.append(parent)
        path = [*path[: path.index(parent) + 1], index] if parent is not None else [index]
    return nodes, truth


@given(marked_threads())
def test_a_marker_that_fits_once_is_exact_whatever_else_speaks_against_it(
    thread: tuple[list[Node], list[int | None]],
) -> None:
    nodes, truth = thread
    last = len(nodes)
    for index, (own, parent) in enumerate(zip(nodes, truth, strict=True)):
        if parent is None and own.reply_to is None and index:  # a root in the middle is no certain evidence
            last = index
            break
    edges = tree(nodes[:last])
    assert truth[:last] == [edge.parent for edge in edges]
    assert {1.0} == {edge.confidence for edge in edges}


@given(marked_threads(), st.text("qwzjkv", max_size=40))
def test_irrelevant_text_changes_no_edge(thread: tuple[list[Node], list[int | None]], noise: str) -> None:
    nodes, _ = thread
    noisy = [attrs.evolve(own, text=f"{own.text} {noise}" if noise else own.text) for own in nodes]
    lengthened = [attrs.evolve(own, text=f"{own.text} {'qqqq' * (len(noise) // 4)}") for own in nodes]
    assert parents(lengthened) == parents(noisy)


@given(marked_threads(), st.permutations(WORDS))
def test_other_names_change_no_edge(thread: tuple[list[Node], list[int | None]], names: Sequence[str]) -> None:
    nodes, _ = thread
    new = dict(zip(WORDS, (name * 2 for name in names), strict=True))
    plain = [attrs.evolve(own, text="so it goes") for own in nodes]
    renamed = [
        attrs.evolve(own, author=new[own.author], reply_to=None if own.reply_to is None else new[own.reply_to])
        for own in plain
    ]
    same_length = [
        attrs.evolve(own, author=own.author.ljust(3, "_"), reply_to=own.reply_to and own.reply_to.ljust(3, "_"))
        for own in plain
    ]
    assert parents(same_length) == parents(plain)
    assert [e.parent for e in tree(renamed) if e.confidence == 1.0 and e.parent is not None] == [
        e.parent for e in tree(plain) if e.confidence == 1.0 and e.parent is not None
    ]


# What the whole page says


def test_a_later_marker_proves_that_a_comment_was_a_reply() -> None:
    nodes = [node("ann"), node("bob", "ann"), node("cy"), node("dee", "ann"), node("eve", "ann"), node("flo", "bob")]
    without, within = tree(nodes[:3]), tree([*nodes[:3], node("flo", "bob")])
    reply = [sum(c.probability for c in edges[2].candidates if c.index is not None) for edges in (without, within)]
    assert reply[1] > 5 * reply[0]


def test_turns_tell_which_of_two_is_meant() -> None:
    nodes = [node("ann"), node("bob", "ann"), node("ann", "bob"), node("bob", "ann")]
    assert [None, 0, 1, 2] == parents(nodes)


def test_somebody_new_answers_who_opened_the_conversation() -> None:
    talk = [node("ann"), node("bob", "ann"), node("ann", "bob")]
    edges = [tree([*talk, node(author, "ann")])[3] for author in ("cy", "bob")]
    first = [next(c.probability for c in edge.candidates if c.index == 0) for edge in edges]
    assert first[0] > 0.3
    assert first[1] < 0.05


def test_two_who_write_in_turns_answer_each_other() -> None:
    talk = [node(author) for author in ("cy", "ann", "bob", "ann", "bob", "ann")]
    alone = [node(author) for author in ("cy", "ann", "bob", "dee", "eve", "flo")]
    roots = [sum(c.probability for c in tree(nodes)[4].candidates if c.index is None) for nodes in (talk, alone)]
    assert roots[0] < 0.8 * roots[1]


def test_replies_that_the_page_counts_are_replies() -> None:
    nodes = [node("ann", shown_replies=2), node("bob"), node("cy"), node("dee")]
    edges = tree(nodes)
    assert edges[1].parent == 0
    assert edges[2].parent in (0, 1)
    assert edges[3].parent is None


def test_displayed_levels_decide() -> None:
    levels = [0, 1, 2, 1, 0, 1]
    assert [None, 0, 1, 0, None, 4] == parents([node(f"n{i}", level=level) for i, level in enumerate(levels)])


def test_an_unthreaded_page_oldest_first() -> None:
    nodes = [node("ann"), node("bob"), node("cy", "ann"), node("dee", "bob"), node("eve", "ann"), node("ann", "dee")]
    edges = tree(nodes)
    assert [None, None, 0, 1, 0, 3] == [edge.parent for edge in edges]
    assert [0, 0, 1, 1, 1, 2] == [edge.depth for edge in edges]


def test_an_unthreaded_page_newest_first() -> None:
    nodes = [
        node("ann", "dee"),
        node("eve", "cy"),
        node("dee", "bob"),
        node("cy", "ann b."),
        node("bob"),
        node("ann b."),
    ]
    assert [2, 3, 4, 5, None, None] == parents(nodes)


def test_on_an_unthreaded_page_the_nearest_is_likelier() -> None:
    nodes = [node("ann"), node("bob"), node("ann"), node("cy", "bob"), node("dee", "ann"), node("eve", "bob")]
    candidates = tree([*nodes, node("flo", "ann")])[6].candidates
    assert [2, 0] == [candidate.index for candidate in candidates]
    assert 1.0 == pytest.approx(sum(candidate.probability for candidate in candidates))
    assert candidates[0].probability > candidates[1].probability


def test_on_an_unthreaded_page_too_two_take_turns() -> None:
    nodes = [node("ann"), node("bob"), node("cy", "ann"), node("dee", "bob"), node("eve", "ann"), node("bob", "eve")]
    assert 5 == parents([*nodes, node("bob", "cy"), node("eve", "bob")])[7]


def test_times_decide_which_side_of_an_unthreaded_page_the_parents_stand() -> None:
    names = ["ann", "bob", "ann", "bob", "ann", "bob"]
    markers = [None, "ann", "bob", "cy", "dee", "eve"]
    up = [node(name, marker, day=i) for i, (name, marker) in enumerate(zip(names, markers, strict=True))]
    assert Conversation(up).newest_first is False
    assert Conversation(up[::-1]).newest_first is True


def test_markers_that_name_nobody_leave_the_page_threaded() -> None:
    nodes = [node("ann"), node("bob", "zed"), node("cy", "zoe"), node("dee", "zed")]
    assert 4 == len(tree(nodes))
    assert 0 == parents([node("ann"), node("bob", "ann"), *nodes[1:]])[1]


def test_markers_in_texts_of_a_page_without_times_are_none() -> None:
    nodes = [node(f"n{i}") for i in range(50)]
    assert not Conversation([*nodes, node("ann", "n3")]).marked
    assert not Conversation([*nodes[:20], node("ann", "n3")]).marked
    assert Conversation([*nodes[:19], node("ann", "n3")]).marked
    assert Conversation([*[node(f"n{i}", day=i) for i in range(50)], node("ann", "n3", day=51)]).marked


def test_a_marker_in_a_text_marks_no_page() -> None:
    nodes = [node("ann", day=0), node("bob", day=8), node("cy", day=1), node("dee", "nobody here", day=2)]
    assert [None, 0, None] == parents(nodes)[:3]
    assert not Conversation(nodes).marked


def test_nothing_gives_nothing() -> None:
    assert [] == tree([])


def test_a_deep_path_is_climbed() -> None:
    nodes = [node("n0"), *(node(f"n{i}", f"n{i - 1}") for i in range(1, 400)), node("ann", "n0"), node("bob")]
    edges = tree(nodes)
    assert 0 == edges[400].parent
    assert 399 == edges[399].depth


def test_somebody_new_below_a_deep_path() -> None:
    nodes = [node("n0"), *(node(f"n{i}", f"n{i - 1}") for i in range(1, 60)), node("bob")]
    assert 59 == len({edge.depth for edge in tree(nodes)} - {0})


def test_a_parent_that_no_walk_kept_stands_first_with_nothing() -> None:
    assert (Candidate(None, 0.0), Candidate(1, 0.7), Candidate(2, 0.3)) == _candidates({1: 0.7, 2: 0.3}, None)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([4, 6, 8, 6, 4], [0, 1, 2, 1, 0]),
        ([4, 6, 8, 7], None),  # no multiple of the step
        ([4, 5], None),  # too narrow
        ([4, 16], [0, 1]),
        ([4, 16, 17], [0, 1, 1]),  # as wide as a step may be, to the nearest column
        ([4, 17], None),  # too wide
        ([4, 6, 10], None),  # two steps
        ([31, 36, 40, 30, 36, 40], [0, 1, 2, 0, 1, 2]),  # below "9." and "10."
        ([0, 4, 9, 5, 10], [0, 1, 2, 1, 2]),
        ([4, 5, 6, 8], None),  # no steps between
        ([4, 4], None),  # none
        ([4, 2], None),  # less than the first
        ([], []),
    ],
)
def test_indentation_is_a_level_where_it_is_that_of_a_tree(columns: list[int], expected: list[int] | None) -> None:
    drafts = [SimpleNamespace(level=column, header=SimpleNamespace(level=None, reply_to=None)) for column in columns]
    levels = [None if level is None else level.depth for level in displayed_levels(cast(Any, drafts))]
    assert (expected if expected is not None else [None] * len(columns)) == levels


def test_only_at_the_deepest_level_may_a_parent_stand_beside() -> None:
    drafts = [
        SimpleNamespace(level=column, header=SimpleNamespace(level=None, reply_to=None)) for column in (4, 6, 8, 6)
    ]
    assert [Level(0, -1.0), Level(1, -1.0), Level(2, 0.6), Level(1, -1.0)] == displayed_levels(cast(Any, drafts))


def test_pingbacks_stand_among_indented_comments() -> None:
    drafts = [
        SimpleNamespace(level=column, header=SimpleNamespace(level=level, reply_to=None))
        for column, level in [(16, None), (20, None), (12, Level(0)), (16, None)]
    ]
    assert [0, 1, 0, 0] == [level and level.depth for level in displayed_levels(cast(Any, drafts))]


@pytest.mark.parametrize(
    ("lines", "time_line", "expected"),
    [
        (["  + Ten clocks worth a journey", "    and more May 4, 2031"], 1, 2),
        (["  1. Ten clocks", "     worth a journey", "     and more May 4, 2031"], 2, 2),
        (["   Ten clocks", "    and more May 4, 2031"], 1, 4),
        (["  + Ten clocks", "", "    and more May 4, 2031"], 2, 4),
        (["  + one", "    two", "    three", "    four", "    and more May 4, 2031"], 4, 4),
        (["  + Ten clocks", "    May 4, 2031"], 1, 4),
        (["and more May 4, 2031"], 0, 0),
    ],
)
def test_a_wrapped_item_of_a_list_stands_where_its_mark_stands(lines: list[str], time_line: int, expected: int) -> None:
    text = split_lines("\n".join(lines))
    in_one_line = "and more" in lines[time_line]
    where = {"author": (time_line if in_one_line else 0, 0), "when": (time_line, 0)}
    assert expected == _level(text, cast(Any, SimpleNamespace(lines=where)))


def test_indentation_is_none_of_a_tree_where_an_answer_stands_as_far_left_as_a_root() -> None:
    drafts = [
        SimpleNamespace(level=column, header=SimpleNamespace(level=None, reply_to=name))
        for column, name in [(1, None), (8, None), (1, "ann")]
    ]
    assert [None] * 3 == displayed_levels(cast(Any, drafts))


def test_the_first_reply_answers_the_comment_right_above() -> None:
    fields: dict[str, Any] = {"level": 2, "beside": 1.0}
    nodes = [node("ann", level=0), node("bob", level=1, is_first=True)]
    nodes += [node("cy", is_first=True, **fields), node("dee", is_first=True, **fields)]
    nodes += [node("ann", is_first=False, **fields)]
    assert [None, 0, 1, 2] == parents(nodes)[:4]
    assert parents(nodes)[4] in {1, 2}


# Doubtful parents


DOUBTFUL = [
    Edge(None, 1.0, (Candidate(None, 1.0),), 0),
    Edge(0, 0.6, (Candidate(0, 0.6), Candidate(None, 0.4)), 1),
    Edge(1, 1.0, (Candidate(1, 1.0),), 2),
    Edge(2, 0.5, (Candidate(2, 0.5), Candidate(1, 0.5)), 3),
]


def test_doubtful_parents_are_left_open() -> None:
    opened = open_doubtful(DOUBTFUL, 0.8)
    assert [(None, 1.0, 0), (None, 0.4, 0), (1, 1.0, 1), (None, 0.0, 0)] == [
        (edge.parent, edge.confidence, edge.depth) for edge in opened
    ]
    assert [edge.candidates for edge in DOUBTFUL] == [edge.candidates for edge in opened]
    assert DOUBTFUL == open_doubtful(DOUBTFUL, 0.5)


DUMP = """\
4 Comments
Nela Okonjo
Nela Okonjo
4 days ago

Is the pool open again?

Bertil
Bertil
3 days ago
Reply to  Nela Okonjo

Since Monday.

Nela Okonjo
Nela Okonjo
3 days ago
Reply to  Bertil

Of which week?

Sunniva
Sunniva
2 days ago
Reply to  Nela Okonjo

Every one.
"""


def test_min_confidence_leaves_open_what_is_doubtful() -> None:
    sure = parse(DUMP).comments[3]
    assert sure.parent_index is not None
    assert sure.parent_confidence < 0.999
    thread = parse(DUMP, min_confidence=0.999)
    opened = thread.comments[3]
    assert (None, 0, 0.0) == (opened.parent_index, opened.depth, opened.parent_confidence)
    assert sure.parent_candidates == opened.parent_candidates
    assert ["open-parent"] == [note.code for note in thread.notes]
    assert [None, 0, 1] == [comment.parent_index for comment in thread.comments[:3]]


@pytest.mark.parametrize("least", [-0.1, 1.1, float("nan")])
def test_min_confidence_is_a_probability(least: float) -> None:
    with pytest.raises(ValueError, match="min_confidence: expected a number from 0 to 1"):
        parse(DUMP, min_confidence=least)


# Explanations


def test_reasons_say_what_decided() -> None:
    told = [line.parents for line in explain(DUMP) if line.parents]
    assert 4 == len(told)
    assert (None, 1.0, ("is the first comment",)) == attrs.astuple(told[0][0])
    assert ("is by the only one above whom the marker can mean",) == told[1][0].reasons
    assert all("is by the author whom the marker names" in parent.reasons for parent in told[3])


def test_reasons_speak_of_the_page() -> None:
    nodes = [
        node("ann", text="the harbour lantern of Tuesday"), node("bob", "ann"), node("cy"), node("flo", "bob"),
        node("gus"),
    ]  # fmt: skip
    page = Conversation(nodes)
    told = reasons(page, build_tree(page))
    proved = {candidate.index: words for candidate, words in told[2]}
    assert any("is needed by what follows" in words for words in proved.values())
    elsewhere = [words for own in told for _, words in own]
    assert any(words == ("is possible only if a comment above answers another one",) for words in elsewhere)


def test_reasons_for_a_page_that_stands_newest_first() -> None:
    nodes = [
        node("ann", "dee"),
        node("eve", "cy"),
        node("dee", "bob"),
        node("cy", "ann b."),
        node("bob"),
        node("ann b."),
    ]
    assert ("is by the author whom the marker names",) == said_of(nodes, 0, 2)


def test_reasons_for_a_list_in_which_texts_name_numbers() -> None:
    nodes = numbered("one", "two", "three", "@1: no", "@2: no")
    assert "has the number that the text opens with" in said_of(nodes, 3, 0)


def test_values_below_zero_have_words_of_their_own() -> None:
    for feature in FEATURES:
        nodes, child, parent, place, _ = EVIDENCE[feature.name]
        if feature.value(Conversation(nodes), Place(child, parent, **place)) < 0:
            assert feature.opposite
    nodes = [node("ann", level=0), node("bob", level=1)]
    page = Conversation(nodes)
    told = dict(reasons(page, build_tree(page))[1])
    assert any("is displayed one level above" in words for words in told.values())


def said_of(nodes: Sequence[Node], child: int, parent: int | None) -> tuple[str, ...]:
    page = Conversation(nodes)
    return next(words for own, words in reasons(page, build_tree(page))[child] if own.index == parent)


def test_reasons_name_the_four_that_count_most_and_what_speaks_against_last() -> None:
    nodes = [
        node("host"),
        node("ann lee", text="Who lit the lantern?", day=3),
        node("host", text="Ann, the lantern was mine.", day=1),
        node("bob", "host"),
        node("cy", "bob"),
        node("host", "cy"),
    ]
    assert (
        "is by somebody with a longer name than any in a marker",
        "is by somebody whom no marker names",
        "is by somebody addressed by name",
        "but is younger than its answer",
    ) == said_of(nodes, 2, 1)  # that it asks something counts less than these


def test_what_speaks_little_against_a_parent_is_said_so_and_less_is_not() -> None:
    assert -1 < weights()["plain"]["to childless root"] < -0.3
    words = said_of([node("ann"), node("bob")], 1, 0)
    assert "but is a root without replies" in words
    assert len(words) < 4


def test_reasons_are_given_for_the_three_likeliest() -> None:
    page = Conversation([node("ann"), *(node("ann", "ann") for _ in range(4))])
    edges = build_tree(page)
    assert len(edges[4].candidates) > 3
    assert 3 == len(reasons(page, edges)[4])


def test_only_what_weighs_in_a_table_is_said() -> None:
    nodes = [node("ann", text="Who was it?"), node("ann", "ann"), node("bob", "ann")]
    assert "asks" not in weights()["marked"]
    assert not any("asks" in words for words in said_of(nodes, 2, 0))


def test_what_is_likely_by_itself_is_not_needed_by_what_follows() -> None:
    for parent in (0, None):
        assert "is needed by what follows" not in said_of([node("ann"), node("bob", "ann"), node("cy")], 2, parent)


# Times


def hours(first: float, last: float) -> tuple[datetime, datetime]:
    return LONG_AGO + timedelta(hours=first), LONG_AGO + timedelta(hours=last)


@pytest.mark.parametrize(
    ("intervals", "pairs", "expected", "wrong"),
    [
        ([hours(0, 9), hours(3, 5)], [(0, 1)], [hours(0, 5), hours(3, 5)], []),
        ([hours(3, 5), hours(0, 9)], [(0, 1)], [hours(3, 5), hours(3, 9)], []),
        ([hours(3, 5), hours(0, 1)], [(0, 1)], [hours(3, 5), hours(0, 1)], [(0, 1)]),
        ([hours(3, 5), None, hours(0, 9)], [(0, 1), (1, 2)], [hours(3, 5), None, hours(3, 9)], []),
        ([hours(3, 5), None, hours(0, 1)], [(0, 1), (1, 2)], [hours(3, 5), None, hours(0, 1)], [(0, 2)]),
        ([hours(5, 6), hours(0, 9), hours(2, 3)], [(0, 1), (1, 2)], [hours(5, 6), hours(5, 9), hours(2, 3)], [(0, 2)]),
        ([hours(4, 9), hours(0, 6), hours(0, 5)], [(0, 1), (1, 2)], [hours(4, 5), hours(4, 5), hours(4, 5)], []),
        (
            [hours(6, 9), hours(5, 9), hours(0, 3), hours(0, 4)],
            [(0, 3), (1, 2), (1, 3)],
            [hours(6, 9), hours(5, 9), hours(0, 3), hours(0, 4)],
            [(1, 2), (0, 3), (1, 3)],
        ),
        ([hours(0, 9), hours(1, 9), hours(4, 9)], [(1, 0), (2, 1)], [hours(4, 9)] * 3, []),
        (
            [*(hours(i, 9) for i in range(3, 9)), hours(0, 1)],
            [(i, 6) for i in range(6)],
            [*(hours(i, 9) for i in range(3, 9)), hours(0, 1)],
            [(i, 6) for i in range(6)],
        ),
        ([hours(0, 9), hours(0, 9)], [], [hours(0, 9), hours(0, 9)], []),
        ([], [], [], []),
    ],
)
def test_intervals_are_tightened(intervals: Any, pairs: Any, expected: Any, wrong: Any) -> None:
    assert (expected, wrong) == tighten(intervals, pairs)


@st.composite
def instants(draw: st.DrawFn) -> tuple[list[Any], list[tuple[int, int]]]:
    """Intervals, some unknown, and pairs of them without a circle."""
    ends = draw(st.lists(st.none() | st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=9))
    order = draw(st.permutations(range(len(ends))))
    links = draw(st.lists(st.tuples(st.sampled_from(order), st.sampled_from(order)), max_size=14))
    pairs = sorted({(a, b) for a, b in links if order.index(a) < order.index(b)})
    return [None if own is None else hours(*sorted(own)) for own in ends], pairs


@given(instants())
def test_no_interval_becomes_empty_or_wider_and_nothing_more_follows(page: Any) -> None:
    intervals, pairs = page
    tight, wrong = tighten(intervals, pairs)
    for old, new in zip(intervals, tight, strict=True):
        if old is None or new is None:
            assert old is new
        else:
            assert old[0] <= new[0] <= new[1] <= old[1]
    again, still_wrong = tighten(tight, pairs)
    assert (tight, {later for _, later in wrong}) == (again, {later for _, later in still_wrong})


@given(instants())
def test_each_interval_holds_what_all_pairs_together_allow_and_no_more(page: Any) -> None:
    intervals, pairs = page
    not_later = {(i, i) for i in range(len(intervals))}
    while longer := {(a, c) for a, b in not_later for d, c in pairs if b == d} - not_later:
        not_later |= longer
    known = [(a, b) for a, b in not_later if intervals[a] is not None and intervals[b] is not None]
    tight, wrong = tighten(intervals, pairs)
    impossible = {(a, b) for a, b in known if intervals[b][1] < intervals[a][0]}
    assert set(wrong) <= impossible
    assert bool(wrong) == bool(impossible)
    if not impossible:
        for i, own in enumerate(intervals):
            starts = [intervals[a][0] for a, b in known if b == i]
            ends = [intervals[b][1] for a, b in known if a == i]
            assert tight[i] == (None if own is None else (max(starts), min(ends)))


def test_replies_and_roots_are_in_order_where_enough_of_them_show_it() -> None:
    def pairs(nodes: Sequence[Node]) -> list[tuple[int, int]]:
        page = Conversation(nodes)
        return pairs_of(page, build_tree(page))[0]

    replies = [node("ann", day=0), *(node(f"n{i}", "ann", day=i) for i in range(1, 6))]
    assert {(0, i) for i in range(1, 6)} | {(i, i + 1) for i in range(1, 5)} == set(pairs(replies))
    assert {(0, 1), (0, 2)} == set(pairs(replies[:3]))
    newest = [node("ann", day=0), *(node(f"n{i}", "ann", day=9 - i) for i in range(1, 6))]
    assert (2, 1) in pairs(newest)


@pytest.mark.parametrize("between", [{}, {"earliest": LONG_AGO, "latest": LONG_AGO + timedelta(days=90)}])
def test_an_order_is_broken_by_any_two(between: Any) -> None:
    """Between the fifth reply and the last one, which is older, stands one whose time is unknown or vague."""
    nodes = [node("ann", day=0), *(node(f"n{i}", "ann", day=2 * i) for i in range(1, 6))]
    nodes += [node("vic", "ann", **between), node("wil", "ann", day=7)]
    for own in (nodes, [nodes[0], *nodes[:0:-1]]):
        page = Conversation(own)
        pairs, wrong = pairs_of(page, build_tree(page))
        assert ({(0, i) for i in range(1, 8)}, []) == (set(pairs), wrong)


def test_only_certain_parents_tell_of_times() -> None:
    page = Conversation([node("ann", day=0), node("bob", day=1)])
    root = Edge(None, 1.0, (), 0)
    assert ([(0, 1)], []) == pairs_of(page, [root, Edge(0, 1.0, (), 1)])
    assert ([], []) == pairs_of(page, [root, Edge(0, 0.9999, (), 1)])


def test_three_steps_show_an_order() -> None:
    page = Conversation([node("ann"), *(node(f"n{i}", day=i) for i in range(1, 5))])
    edges = [Edge(None, 1.0, (), 0), *(Edge(0, 1.0, (), 1) for _ in range(4))]
    assert {(0, i) for i in range(1, 5)} | {(1, 2), (2, 3), (3, 4)} == set(pairs_of(page, edges)[0])
    assert {(0, i) for i in range(1, 4)} == set(pairs_of(page, edges[:4])[0])


def test_a_reply_before_its_parent_is_a_contradiction() -> None:
    page = Conversation([node("ann", day=5), node("bob", "ann", day=1)])
    assert ([], [(0, 1)]) == pairs_of(page, build_tree(page))


NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)


def test_a_parent_is_not_younger_than_its_reply() -> None:
    first, second = parse(
        DUMP.replace("4 days ago", "1 month ago").replace("3 days ago", "1 month ago", 1), scraped_at=NOW
    ).comments[:2]
    assert first.posted is not None
    assert second.posted is not None
    assert first.posted.earliest is not None
    assert second.posted.earliest is not None
    assert first.posted.earliest <= second.posted.earliest


def test_an_edit_before_its_comment_was_written_by_somebody() -> None:
    written = "Is the pool open again?\nLast edited 9 months ago by Nela Okonjo"
    thread = parse(DUMP.replace("Is the pool open again?", written), scraped_at=NOW)
    assert not thread.notes
    assert thread.comments[0].edited is None
    assert thread.comments[0].text.endswith(written)


def test_an_edit_is_not_before_its_comment() -> None:
    """Whether a date is before "9 months ago" only shows when it is known when the page was fetched."""
    dump = DUMP.replace("4 days ago", "April 27, 2031").replace(
        "again?\n", "again?\nLast edited 9 months ago by Nela Okonjo"
    )
    thread = parse(dump, scraped_at=NOW)
    assert ["contradictory-times"] == [note.code for note in thread.notes]
    assert "the edit is before" in thread.notes[0].message
    edited = thread.comments[0].edited
    assert edited is not None
    assert edited.at is not None
    assert edited.at.latest is not None
    assert edited.at.latest < NOW - timedelta(days=240)


def test_a_reply_dated_before_its_parent_has_a_note() -> None:
    thread = parse(DUMP.replace("4 days ago", "1 hour ago"), scraped_at=NOW)
    assert ["contradictory-times"] == [note.code for note in thread.notes]
    assert "'3 days ago' is before '1 hour ago'" in thread.notes[0].message


@pytest.mark.parametrize("zone", [None, UTC])
def test_nothing_is_after_the_scrape(zone: tzinfo | None) -> None:
    today = parse(DUMP.replace("2 days ago", "May 1, 2031"), scraped_at=NOW, timezone=zone).comments[-1].posted
    assert today is not None
    assert NOW == today.latest


def test_a_time_after_the_scrape_has_a_note_and_tells_nothing_of_other_times() -> None:
    thread = parse(DUMP.replace("4 days ago", "May 5, 2031"), scraped_at=NOW)
    assert [("contradictory-times", "'May 5, 2031' is after the time of the scrape")] == [
        (note.code, note.message) for note in thread.notes
    ]


def test_an_edit_after_the_scrape_has_a_note() -> None:
    edit = "again?\nLast edited May 5, 2031 by Nela Okonjo"
    thread = parse(DUMP.replace("again?\n", edit), scraped_at=NOW)
    assert ["the edit is after the time of the scrape"] == [note.message for note in thread.notes]


def test_a_name_far_up_the_path_is_weighed_too() -> None:
    """Ann is above and 41 levels up; both may be meant, and the evidence is asked for all levels between."""
    chain = [node(f"n{i}", f"n{i - 1}" if i else "ann") for i in range(40)]
    edge = tree([node("ann"), *chain, node("ann", "n39"), node("kip", "ann")])[-1]

    assert {candidate.index for candidate in edge.candidates} >= {0, 41}
    assert edge.parent == edge.candidates[0].index
    assert edge.confidence == edge.candidates[0].probability


def test_of_equal_candidates_the_nearest_comes_first() -> None:
    found = _candidates({None: 0.125, 0: 0.125, 1: 0.125, 2: 0.125, 3: 0.5}, 3)

    assert [candidate.index for candidate in found] == [3, 2, 1, 0, None]


def test_on_an_unthreaded_page_the_parent_is_the_likeliest_candidate() -> None:
    edges = tree([node("ann", "bob"), node("cy", "bob"), node("bob"), node("dee"), node("bob")])

    for edge in edges:
        assert edge.parent == edge.candidates[0].index
        assert edge.confidence == max(candidate.probability for candidate in edge.candidates)
    assert edges[0].parent == 2
    assert edges[3].confidence == 1.0


LEFT = [node("ann"), node("bob", "ann"), node("kip", "ann"), node("dee", "bob")]
"""When dee answers bob, kip's answer has taken bob off the path."""


def test_one_marker_that_names_somebody_off_the_path_leaves_the_page_threaded() -> None:
    assert parents(LEFT)[3] != 1
    deeper = [node("ann"), node("bob", "ann"), node("cy", "bob"), node("kip", "ann"), node("dee", "cy")]
    assert parents(deeper)[4] != 2


def test_two_such_markers_show_that_it_is_unthreaded() -> None:
    assert [None, 0, 0, 1, 1] == parents([*LEFT, node("eve", "bob")])


def test_two_of_many_markers_do_not_show_it() -> None:
    sure = [node("ann"), *(node(f"n{i}", "ann") for i in range(8))]
    assert 2 not in parents([*sure, node("dee", "n1"), node("eve", "n1")])[9:]


def test_where_most_markers_name_nobody_the_page_is_not_unthreaded() -> None:
    edges = tree([node("ann"), node("bob", "ann"), node("kip", "zed"), node("dee", "zoe")])
    assert all(edge.confidence < 1 for edge in edges[2:])


def test_markers_must_name_half_of_the_time_for_a_page_to_be_unthreaded() -> None:
    half = [*LEFT, node("kip", "zed"), node("flo", "zoe"), node("gus", "zulu")]
    assert [None, 0, 0, 1, None, None, None] == parents(half)
    assert parents([*half, node("ivo", "zed")])[3] != 1


def test_who_has_comments_on_both_sides_does_not_tell_which_way_a_page_stands() -> None:
    nodes = [node("bob", "ann"), node("ann", "cy"), *[node(f"n{i}", "ann") for i in range(3)], node("cy"), node("ann")]
    assert [1, 5, 6, 6, 6, None, None] == parents(nodes)


def test_markers_tell_better_than_times_which_way_an_unthreaded_page_stands() -> None:
    names = [("ann", None), ("bob", None), ("cy", "ann"), ("dee", "bob"), ("eve", "ann"), ("ann", "dee")]
    assert [None, None, 0, 1, 0, 3] == parents([node(*name, day=9 - day) for day, name in enumerate(names)])


@pytest.mark.parametrize("step", [1, -1])
def test_where_markers_do_not_tell_times_tell_which_way_an_unthreaded_page_stands(step: int) -> None:
    page = Conversation([node("ann", day=0), node("bob", "ann", day=2 * step), node("ann", day=4 * step)])
    assert (step > 0) == _parents_stand_above(page, {"ann": [0, 2], "bob": [1]})


def test_who_answers_himself_does_not_tell_which_way_an_unthreaded_page_stands() -> None:
    page = Conversation([node("ann", day=9), node("bob", "bob", day=5), node("cy", day=1)])
    assert page.newest_first
    assert not _parents_stand_above(page, {"ann": [0], "bob": [1], "cy": [2]})


def test_depth_is_the_length_of_the_chain_where_several_may_be_meant() -> None:
    nodes = [node("ann"), node("bob"), node("cy", "ann"), node("ann", "bob"), node("dee", "ann"), node("eve", "bob")]
    edges = tree([*nodes, node("flo", "cy")])
    assert [3, 0] == [candidate.index for candidate in edges[4].candidates]
    assert [0, 0, 1, 1, 2, 1, 2] == [edge.depth for edge in edges]


@pytest.mark.parametrize("order", [1, -1])
def test_on_an_unthreaded_page_nobody_answers_the_comment_itself(order: int) -> None:
    nodes = [
        node("ann", "ann"),
        node("eve", "cy"),
        node("dee", "bob"),
        node("cy", "ann b."),
        node("bob"),
        node("ann b."),
    ]
    for index, edge in enumerate(tree(nodes[::order])):
        assert index not in {candidate.index for candidate in edge.candidates}


@pytest.mark.parametrize(
    ("last", "shares"),
    [
        (node("flo", "ann"), {3: 0.625, 0: 0.375}),  # the farther one is 0.6 times as likely
        (node("bob", "ann"), {3: 0.8696, 0: 0.1304}),  # four times as likely is the one that answers bob
    ],
)
def test_on_an_unthreaded_page_distance_and_turns_weigh(last: Node, shares: Mapping[int, float]) -> None:
    nodes = [node("ann"), node("bob"), node("cy", "ann"), node("ann", "bob"), node("dee", "cy"), node("eve", "bob")]
    found = tree([*nodes, node("gus", "cy"), last])[-1].candidates
    assert shares == {candidate.index: candidate.probability for candidate in found}


@pytest.mark.parametrize(
    ("above", "name", "table", "ranks"),
    [
        ([f"n{i}" for i in range(200)], "n0", "marked", [199]),
        ([f"n{i}" for i in range(201)], "n0", "plain", [0, 0, 1, 2, 3, 4]),
        (["ann", "bob", "ann", "ann", "ann", "ann"], "ann", "marked", [0, 1, 2, 3]),
        (["ann", "bob", "cy", "dee", "eve", "flo"], None, "unmarked", [0, 0, 1, 2]),
    ],
)
def test_so_much_of_the_path_may_be_meant(above: Sequence[str], name: str | None, table: str, ranks: list[int]) -> None:
    """Somebody named within 200 levels, four times at most; else a root, or one of the nearest three or five."""
    nodes = [node(author, above[0] if index else None) for index, author in enumerate(above)]
    path: Step | None = None
    for index in range(len(above)):
        path = Step(index, path, index)
    assert path is not None
    found, candidates = decision(Conversation([*nodes, node("zoe", name)]), len(above), path)
    assert (table, ranks) == (found, [rank for _, rank in candidates])


def test_walks_that_come_to_an_end_count_for_nothing() -> None:
    chance = random.Random(1)
    edges = tree([node(f"n{chance.randrange(9)}", day=chance.randrange(60)) for _ in range(60)])
    for edge in edges:
        assert math.isclose(1.0, math.fsum(candidate.probability for candidate in edge.candidates), abs_tol=1e-9)
        assert all(0 <= candidate.probability <= 1 for candidate in edge.candidates)


def test_what_is_ten_thousand_times_less_likely_is_left_out_and_the_rest_is_whole() -> None:
    """Dee's comment is older than Bob's, by more than Cy's is."""
    nodes = [node("ann", day=3), node("bob", "ann", day=9), node("cy", "bob", day=8), node("dee", day=5)]
    options = Weigher(Conversation(nodes)).options(3, Step(2, Step(1, Step(0, None, 0), 1), 2))
    assert [None, 2, 0] == [step and step.comment for step, _ in options]
    assert 1.0 == pytest.approx(sum(math.exp(share) for _, share in options))


def test_an_edge_lists_six_candidates() -> None:
    assert [7, 6, 5, 4, 3, 2] == [candidate.index for candidate in _candidates(dict.fromkeys(range(8), 0.125), 7)]


def test_one_in_ten_thousand_is_shown_and_less_is_not() -> None:
    assert (Candidate(0, 0.9999), Candidate(1, 0.0001)) == _candidates({0: 0.9999, 1: 0.0001, 2: 0.0}, 0)
