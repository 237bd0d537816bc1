"""The machine alone: lines and headers in, runs of lines out; a letter per line says what it became."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from threadparse import SegmentKind
from threadparse._dialect import load_dialect
from threadparse._events import Event
from threadparse._headers import Header
from threadparse._lines import Lines, split_lines
from threadparse._locale import load_locale
from threadparse._machine import run, run_layout
from threadparse._records import Records
from threadparse._tokens import Tokens, lexer_for

_LETTERS = {
    SegmentKind.ARTICLE: "a", SegmentKind.TEXT: "x", SegmentKind.UI: "u", SegmentKind.AUTHOR: "n",
    SegmentKind.TIME: "t", SegmentKind.EDIT: "e", SegmentKind.VOTES: "v", SegmentKind.HIDDEN_REPLIES: "h",
    SegmentKind.COUNT: "c", SegmentKind.REST: "r", SegmentKind.MARKER: "m",
}  # fmt: skip
EDITED = "Last edited 5 months ago by Bob"
FAR = ["The mill closed."] * 300
"""Lines above a page; so far down, two equal numbers of lines are two objects."""


def _read(lines: Sequence[str]) -> tuple[Lines, Tokens]:
    read = split_lines("\n".join(lines) + "\n")
    lexer = lexer_for(load_dialect("wpdiscuz"), (load_locale("en"),))
    return read, lexer.read(read)


def _header(first: int, name: str, **fields: tuple[int, int]) -> Header:
    lines = {"author": (first, first + 1), **fields}
    end = max(after for _, after in lines.values())
    return Header(first, end, name, lines, None, None, None, None, "one")


def _letters(events: Sequence[Event], count: int) -> str:
    """The events as letters; they tile the lines."""
    assert [0, *(event.after for event in events)] == [*(event.first for event in events), count]
    assert all(event.first < event.after for event in events)
    for above, below in pairwise(events):  # a run of one kind is one event
        assert (above.kind, above.comment) != (below.kind, below.comment)
    return "".join(_LETTERS[event.kind] * (event.after - event.first) for event in events)


def _walked(lines: Sequence[str], *, votes: int = 1, reply_button: bool = True, end: int | None = None) -> str:
    """A page whose lines "Ann" are headers."""
    headers = tuple(_header(at, "Ann") for at, line in enumerate(lines) if line == "Ann")
    records = Records(headers, votes, reply_button, len(lines) if end is None else end, 9.0)
    return _letters(run(*_read(lines), records), len(lines))


@pytest.mark.parametrize(
    ("below", "letters"),
    [
        (["So it is, and so it was.", "3", "Reply"], "xvu"),
        (["So it is, and so it was.", "", "3", "", "Reply"], "xxvvu"),
        (["So it is, and so it was.", EDITED, "3", "Reply", "View Replies (3)"], "xevuh"),
        (["So it is, and so it was.", EDITED, "Nor was it."], "xxx"),
        (["So it is, and so it was.", "3", "Nor was it."], "xxx"),
        (["So it is, and so it was.", "8", "3", "Reply"], "xxvu"),
        (["So it is, and so it was.", "9", "8", "3", "Reply"], "xxxvu"),
        (["So it is, and so it was.", "3", EDITED], "xxe"),
        (["So it is, and so it was.", EDITED, EDITED, "3"], "xxev"),
        (["So it is, and so it was.", "Reply", "3"], "xxv"),
        (["So it is, and so it was.", "Reply", "Reply"], "xxu"),
        (["So it is, and so it was.", "Reply", EDITED, "3"], "xxev"),
        (["So it is, and so it was.", "Share", "3", "Reply"], "xxvu"),
        (["So it is, and so it was.", "Share", "Reply", "Share", "Share"], "xxuuu"),
        (["So it is, and so it was.", "Share", EDITED], "xxe"),
        (["So it is, and so it was.", "----", "Reply"], "xxu"),
        (["So it is, and so it was.", "Reply", "----"], "xuu"),
        (["So it is, and so it was.", "3", "----", "Reply"], "xvuu"),
        (["So it is, and so it was.", EDITED, "----", "3"], "xeuv"),
        (["So it is, and so it was.", "----", "Nor was it."], "xxx"),
        (["So it is, and so it was.", "Share", "Nor was it."], "xxx"),
        (["So it is, and so it was.", ":-)", "Share"], "xuu"),
        ([":-)", "Share"], "xu"),
        ([":)", "Share"], "xu"),
        (["", ":-)", "", "Share"], "xxxu"),
        (["----", "Share"], "uu"),
    ],
)  # fmt: skip
def test_tail(below: list[str], letters: str) -> None:
    """It is the same before the next header and at the end of the thread."""
    assert _walked(["Ann", *below]) == f"n{letters}"
    assert _walked(["Ann", *below, "Ann", "Good."]) == f"n{letters}nx"
    assert _walked([*FAR, "Ann", *below, "Ann", "Good."]) == "a" * len(FAR) + f"n{letters}nx"


def test_a_page_without_votes_and_buttons_has_them_in_texts() -> None:
    below = ["So it is, and so it was.", "3", "Reply"]

    assert _walked(["Ann", *below], votes=0) == "nxxu"
    assert _walked(["Ann", *below], reply_button=False) == "nxxx"
    assert _walked(["Ann", *below[:2], "Share"], reply_button=False) == "nxvu"


@pytest.mark.parametrize(
    ("above", "letters"),
    [
        (["The mill closed.", "2 Comments"], "ac"),
        (["The mill closed.", "2", "Comments"], "acc"),
        (["The mill closed.", "2", "", "Comments", "Oldest"], "acccu"),
        (["The mill closed.", "2", "", "", "Comments", "Oldest"], "auuuuu"),
        (["The mill closed.", "Name*", "Ferry", "Comments", "Oldest"], "auuuu"),
        (["The mill closed.", "2", "The mill opened, and nobody counted any of the geese or lanterns."], "aaa"),
        (["The mill closed.", "2", "3", "Comments"], "aacc"),
        (["The mill closed.", "2", "Reply", "Oldest"], "aaau"),
        (["The mill closed.", "2", EDITED, "Oldest"], "aaau"),
        (["The mill closed.", "2", "----", "Comments"], "auuu"),
        (["The mill closed.", "----", "Name*", "2 Comments"], "auuc"),
        (["The mill closed.", "Name*", "3", "Reply"], "auuu"),
        (["The mill closed.", "Name*", EDITED, "Oldest"], "aaau"),
        (["The mill closed.", "Oldest", "Comments"], "auu"),
        (["The mill closed.", "Name*", "Ferry", "Oldest"], "auuu"),
        (["The mill closed.", "Name*", "x" * 60, "Oldest"], "auuu"),
        (["The mill closed.", "Name*", "x" * 61, "Oldest"], "aaau"),
        (["The mill closed.", "Author", "Name*"], "auu"),
    ],
)
def test_head(above: list[str], letters: str) -> None:
    assert _walked([*above, "Ann", "Good."]) == f"{letters}nx"


@pytest.mark.parametrize(
    ("lines", "letters"),
    [
        (["The mill closed.", "Share"], "aa"),
        (["The mill closed.", "Name*"], "aa"),
        (["The mill closed.", "Name*", "Email*"], "auu"),
        (["The mill closed.", "2 Comments", "Name*"], "acu"),
        (["The mill closed.", "2 Comments", "Share"], "aaa"),
    ],
)
def test_a_form_without_comments_is_a_head_too(lines: list[str], letters: str) -> None:
    assert _walked(lines) == letters


def test_what_stands_below_the_thread_is_the_rest() -> None:
    assert _walked(["Ann", "Good.", "3", "Older posts", "3"], end=3) == "nxvrr"


# -- layouts -----------------------------------------------------------------------------------------------------------


def _laid_out(lines: Sequence[str], headers: Sequence[Header], texts: Sequence[tuple[int, int]]) -> str:
    return _letters(run_layout(*_read(lines), headers, texts), len(lines))


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        (["Good.", "Better."], "xx"),
        (["Good.", EDITED], "xe"),
        (["Good.", "3"], "xx"),
        (["Good.", "2 Comments"], "xx"),
        (["Good.", EDITED, "", ""], "xeee"),
        (["Good.", "", EDITED, ""], "xxee"),
        (["Good.", EDITED, "Better."], "xxx"),
        ([EDITED], "e"),
        (["", ""], "xx"),
        (["", EDITED], "xe"),
        ([], ""),
    ],
)
def test_text_of_a_layout(text: list[str], letters: str) -> None:
    lines = [*FAR, "Ann", "1 May", *text, "Share", "Bob", "Good.", "Footer"]
    top = len(FAR)
    below = top + 2 + len(text)
    headers = [_header(top, "Ann", when=(top + 1, top + 2)), _header(below + 1, "Bob")]

    assert _laid_out(lines, headers, [(top + 2, below), (below + 2, below + 3)]) == "a" * top + f"nt{letters}unxr"


def test_text_above_its_header() -> None:
    lines = ["The mill closed.", "Good.", "Share", "Ann", "1 May", "Better.", "Bob", "2 May", "Footer"]
    headers = [_header(3, "Ann", when=(4, 5)), _header(6, "Bob", when=(7, 8))]

    assert _laid_out(lines, headers, [(1, 2), (5, 6)]) == "axuntxntr"


def test_fields_below_a_text_belong_to_the_header() -> None:
    lines = ["Ann", "Good.", "Share", "1 May", "Reply", "Bob", "Better.", EDITED, "2 May", "Footer"]
    headers = [
        Header(0, 1, "Ann", {"author": (0, 1), "when": (3, 4)}, None, None, None, None, "one"),
        Header(5, 6, "Bob", {"author": (5, 6), "when": (8, 9)}, None, None, None, None, "one"),
    ]

    assert _laid_out(lines, headers, [(1, 2), (6, 7)]) == "nxutunxetr"


def test_an_edit_stands_among_furniture_below_a_text() -> None:
    lines = ["Ann", "Good.", "3", EDITED, "Share", "2 Comments", "1 May", "Footer"]
    headers = [Header(0, 1, "Ann", {"author": (0, 1), "when": (6, 7)}, None, None, None, None, "one")]

    assert _laid_out(lines, headers, [(1, 2)]) == "nxueuutr"


def test_what_stands_above_no_text_is_furniture() -> None:
    headers = [_header(0, "Ann"), _header(2, "Bob")]

    assert _laid_out(["Ann", EDITED, "Bob", "Better."], headers, [(2, 2), (3, 4)]) == "nunx"


def test_fields_below_a_comment_without_words_stand_there_once() -> None:
    lines = ["Ann", "1 May", "Bob", "Better."]
    headers = [
        Header(0, 1, "Ann", {"author": (0, 1), "when": (1, 2)}, None, None, None, None, "one"),
        _header(2, "Bob"),
    ]

    assert _laid_out(lines, headers, [(1, 1), (3, 4)]) == "ntnx"


def test_a_layout_without_comments_is_an_article() -> None:
    assert _laid_out(["The mill closed.", "Share"], [], []) == "aa"
    assert _laid_out(["The mill closed.", "2 Comments", "Name*"], [], []) == "acu"
