"""Which comments of several dumps are one: dumps in, the record of each comment out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from test_model import comment, thread
from threadparse import Timestamp
from threadparse._align import align, intervals_of

FIRST_OF_MAY = datetime(2031, 5, 1, tzinfo=UTC)
LONG = "copper lanterns of the whole orchard were counted"
"""Enough letters to know a text by, even with another author."""


def _day(first: int, last: int | None = None) -> Timestamp:
    earliest, latest = (FIRST_OF_MAY + timedelta(days=day) for day in (first, first + 1 if last is None else last))
    return Timestamp("some day", earliest, latest, "day")


def _owners(*dumps: Sequence[tuple[str, str] | tuple[str, str, Timestamp | None]]) -> list[list[int]]:
    """The records of some dumps' comments, each of them an author, a text, and perhaps a time."""
    threads = [
        thread(
            *(
                comment(index, author=author, text=text, posted=time[0] if time else None)
                for index, (author, text, *time) in enumerate(dump)
            )
        )
        for dump in dumps
    ]
    return [list(own) for own in align(threads).owners]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("Ann", "x" * 40), ("Anna", "x" * 40), True),
        (("Ann", "x" * 39), ("Anna", "x" * 39), False),
        (("Ann", "x" * 24), ("Ann", "x" * 24 + "and more"), True),
        (("Ann", "x" * 23), ("Ann", "x" * 23 + "and more"), False),
        (("Ann", "x" * 30), ("Ann", "x" * 24 + "and more"), False),
        (("Ann", "geese are here"), ("Ann", "Geese are here, many of them."), True),
        (("Ann", "two geese"), ("Ann", "our geese"), True),
        (("Ann", "two of the geese"), ("Ann", "all the small geese"), True),
        (("Ann", "two of the geese"), ("Ann", "all our small geese"), False),
        (("Ann", "two"), ("Ann", "all"), False),
        (("Ann", "two-geese"), ("Ann", "Two geese!"), True),
        (("Ann", ":-)"), ("Ann", ":-)"), True),
        (("Ann", ":-)"), ("Ann", ":-("), False),
        (("Ann", "two geese"), ("Bob", "our geese"), False),
        (("Ann", "two geese", _day(1)), ("Ann", "our geese", _day(9)), False),
        (("Ann", "two geese", _day(9)), ("Ann", "our geese", _day(1)), False),
        (("Ann", "two geese", _day(1, 9)), ("Ann", "our geese", _day(5)), True),
        (("Ann", "two", _day(1)), ("Ann", "all", _day(1, 9)), True),
        (("Ann", "two", _day(1, 9)), ("Ann", "all", _day(5)), False),
        (("Ann", "two", _day(5)), ("Ann", "all", _day(1, 9)), False),
    ],
    ids=[
        "a long text by a renamed author",
        "a short text by another one",
        "a text that was cut",
        "a cut text that is too short",
        "one opening, two texts",
        "edited",
        "half the words",
        "half the words of four",
        "fewer than half",
        "no word",
        "the same letters",
        "the same sign",
        "another sign",
        "another author",
        "edited, but later",
        "edited, but earlier",
        "edited, at one time",
        "of one time, whatever it says",
        "of an overlapping time",
        "of an overlapping time that begins earlier",
    ],
)
def test_two_dumps_of_one_comment(one: tuple[str, str], other: tuple[str, str], is_same: bool) -> None:
    assert [[0], [0 if is_same else 1]] == _owners([one], [other])


@pytest.mark.parametrize("order", [1, -1], ids=["above", "below"])
def test_an_edited_comment_is_known_by_the_one_beside_it(order: int) -> None:
    """On its other side stands a new one; so the one there says nothing."""
    before = [("Bob", LONG), ("Ann", "two geese")][::order]
    after = [("Bob", LONG), ("Ann", "our geese"), ("Cy", "Who counts?")][::order]

    old, new = _owners(before, after)
    assert old == [record for record in new if record in old]


def test_the_side_on_which_the_other_one_stands_matters() -> None:
    before, after = [("Bob", LONG), ("Ann", "two geese")], [("Cy", "No."), ("Ann", "our geese"), ("Bob", LONG)]

    assert [[0, 1], [2, 3, 0]] == _owners(before, after)


@pytest.mark.parametrize("order", [1, -1], ids=["first", "last"])
def test_an_edited_comment_is_known_by_the_end_of_the_page(order: int) -> None:
    before, after = [("Ann", "two geese"), ("Bob", LONG)], [("Ann", "our geese"), ("Cy", "No."), ("Bob", LONG)]

    old, new = _owners(before[::order], after[::order])
    assert old == [record for record in new if record in old]


def test_comments_alike_are_told_apart_by_whom_they_answer() -> None:
    bob, cy = comment(0, author="Bob", text=LONG), comment(1, author="Cy", text="Nobody counts.")
    answers = [comment(2 + parent, parent, 1, author="Ann", text="Yes.") for parent in (0, 1)]
    swapped = [comment(2 + 1 - parent, parent, 1, author="Ann", text="Yes.") for parent in (1, 0)]

    assert [[0, 1, 2, 3], [0, 1, 3, 2]] == [
        *map(list, align([thread(bob, cy, *own) for own in (answers, swapped)]).owners)
    ]


def test_a_chain_of_edited_comments_is_known_from_its_end() -> None:
    before = [("Ann", "two geese"), ("Bob", "two lamps"), ("Cy", "two pumps"), ("Dee", LONG)]
    after = [("Eve", "Who counts?"), ("Ann", "our geese"), ("Bob", "our lamps"), ("Cy", "our pumps"), ("Dee", LONG)]

    assert [[0, 1, 2, 3], [4, 0, 1, 2, 3]] == _owners(before, after)


def test_a_comment_is_compared_with_its_longest_text() -> None:
    opening = "x" * 24
    whole, other = ("Ann", f"{opening}that was all"), ("Ann", f"{opening}no")

    assert [[0], [0], [1]] == _owners([whole], [("Ann", opening)], [other])
    assert [[0], [0], [1]] == _owners([("Ann", opening)], [whole], [other])


def test_comments_alike_in_everything_are_told_apart_by_their_order() -> None:
    twice = [("Ann", "Yes."), ("Bob", "No."), ("Ann", "Yes.")]

    assert [[0, 1, 2], [0, 1, 2], [0]] == _owners(twice, twice, twice[:1])


def test_a_time_without_both_ends_is_no_interval() -> None:
    whole = _day(1)
    assert whole.earliest is not None
    halves = [Timestamp("then", whole.earliest, None, "day"), Timestamp("then", None, whole.latest, "day")]

    assert [(whole.earliest, whole.latest)] == intervals_of([*halves, whole])
