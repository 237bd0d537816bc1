"""A glued line: when it is one, where its seams are, and where names end in it."""

from __future__ import annotations

import pytest

from threadparse import parse
from threadparse._seams import Loose, loosen, name_ends

GLUED = "So it goes.And on.It was late.Nobody knew."
WITH_BLANKS = "So it goes. And on. It was late. Nobody knew. "


@pytest.mark.parametrize(
    ("line", "loose"),
    [
        (GLUED + "ReplyShare", "So it goes. And on. It was late. Nobody knew. Reply Share"),
        (GLUED + "Reply3 repliesAnn", "So it goes. And on. It was late. Nobody knew. Reply 3 replies Ann"),
        (GLUED + "-2Reply", "So it goes. And on. It was late. Nobody knew. -2 Reply"),
        (GLUED + "McDonald", "So it goes. And on. It was late. Nobody knew. Mc Donald"),
        (GLUED + "Ann@Bob", "So it goes. And on. It was late. Nobody knew. Ann @Bob"),
        (WITH_BLANKS + "ReplyShare", WITH_BLANKS + "ReplyShare"),
        ("So it goes.And on.It was late. ReplyShare", "So it goes.And on.It was late. ReplyShare"),
        (WITH_BLANKS * 9 + GLUED, WITH_BLANKS * 9 + GLUED),
    ],
)
def test_a_line_is_loosened_if_its_sentences_are_glued(line: str, loose: str) -> None:
    assert loosen(line).text == loose


def test_places_are_those_of_the_line() -> None:
    line = GLUED + "ReplyShare3 repliesAnn Lee 2d"
    loose = loosen(line)

    for word in ("Share", "3 replies", "Ann Lee", "2d"):
        assert line[loose.place(loose.text.index(word)) :].startswith(word)


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["Ann Lee_Hello", "Bob_Why"], {"Ann Lee", "Bob"}),
        (["Ann Lee Hello", "Ann Leethanks"], {"Ann Lee"}),
        (["Ann Leethanks", "Ann Lee Hello"], {"Ann Lee"}),
        (["annhello", "annthanks", "annwhy"], {"ann"}),
        (["annhello", "annthanks"], set()),
        (["Good night._Vote", "Bill W._Why"], {"Bill W."}),
        (["Ann Lee was never seen_Again", "Bob"], set()),
        (["Ann"], set()),
        ([], set()),
    ],
)
def test_names_in_front_of_texts(texts: list[str], names: set[str]) -> None:
    """Each "_" is a seam."""
    text = "|".join(texts)
    starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "|")][: len(texts)]
    seams = tuple(at for at, letter in enumerate(text) if letter == "_")

    assert Loose(text.replace("_", " "), seams).names_at(starts) == names


def test_a_name_ends_within_a_word() -> None:
    assert name_ends("so: anneliesehello", 4, frozenset({"anne", "anneliese", "bob"})) == [8, 13]
    assert not name_ends("anne", 0, frozenset())


def _page(*comments: str, head: str = "") -> list[str]:
    return [comment.author for comment in parse(f"{GLUED} {head}" + "".join(comments)).comments]


def _closed(name: str, text: str, role: str = "Guest") -> str:
    return f"{role}{name}{text}Vote Up0Vote Down  3 days ago"


@pytest.mark.parametrize(
    ("head", "last", "authors"),
    [
        ("4 Comments  newest  oldest  most voted", "", ["Ann Lee", "bobby", "bobby", "bobby"]),
        ("4 Comments  newest  oldest  most voted and then some words", "", []),
        ("4 Comments  newest  oldest  most voted", "Guest", []),
    ],
)
def test_times_that_close_are_told_by_the_roles_behind_them(head: str, last: str, authors: list[str]) -> None:
    """The first comment's role stands behind another piece, and none behind the last time."""
    comments = [
        _closed("Ann Lee", "So it is.And so it was."),
        _closed("bobby", "nobody ever asked me.But I would know."),
        _closed("bobby", "so I said it.Twice."),
        _closed("bobby", "anyway, good night."),
    ]

    assert [name for name in _page(*comments, last, head=head) if name in ("Ann Lee", "bobby")] == authors
