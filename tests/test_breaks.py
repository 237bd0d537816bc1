"""Headers that share a line with a text or stand on two: where lines are cut and joined, and where left alone."""

from __future__ import annotations

import attrs
import pytest

from threadparse import parse
from threadparse._breaks import Find, closing_templates, cut_closings, cut_permalinks, join_wrapped_times
from threadparse._dialect import load_dialect
from threadparse._lines import split_lines
from threadparse._locale import load_locale
from threadparse._pagelines import LONGEST_WRAPPED, SHORTEST_WRAPPED
from threadparse._tokens import lexer_for

ENGLISH = (load_locale("en"),)
TEMPLATES = ("– {author} {when}",)
LONG = "The ledger beside the old pump was counted again by all of them"


FIND = lexer_for(load_dialect("wpdiscuz"), ENGLISH).times.find


def _finds(start: int, end: int | None = None) -> Find:
    """Finds a time at a place of any words."""
    time = FIND("May 3, 2031")
    assert time is not None
    return lambda words: attrs.evolve(time, start=start, end=len(words) if end is None else end)


def _cut(text: str) -> list[str]:
    return cut_closings(split_lines(text), TEMPLATES, FIND, ENGLISH).content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes. – Ann May 3, 2031", ["Yes.", "– Ann May 3, 2031"]),
        ("– Ann May 3, 2031", ["– Ann May 3, 2031"]),
        (f"{LONG} – Ann\nLee May 3, 2031", [LONG, "– Ann Lee May 3, 2031"]),
        (f"{LONG} – Ann May 3, 2031\nat 10:12", [LONG, "– Ann May 3, 2031 at 10:12"]),
        (f"{LONG} – Ann May 3, 2031\nYes.", [LONG, "– Ann May 3, 2031", "Yes."]),
        ("Yes. – Ann\nLee May 3, 2031", ["Yes. – Ann", "Lee May 3, 2031"]),
        (f"{LONG} {LONG} – Ann\nLee May 3, 2031", [f"{LONG} {LONG} – Ann", "Lee May 3, 2031"]),
        (f"{LONG} – Ann", [f"{LONG} – Ann"]),
        ("No – not on May 3, 2031, I said", ["No – not on May 3, 2031, I said"]),
        (f"No – {LONG * 3} – on May 3, 2031 it was", [f"No – {LONG * 3} – on May 3, 2031 it was"]),
        (f"No – {LONG * 3}", [f"No – {LONG * 3}"]),
        ("Yes. – [Ann](/ann) May 3, 2031", ["Yes. – Ann May 3, 2031"]),
    ],
    ids=[
        "closes a line",
        "is a line",
        "reaches over two lines",
        "ends on the next line",
        "is whole at the end of a long line",
        "is no wrapped line",
        "is longer than a wrapped line",
        "has no time at the end",
        "is prose",
        "is a long line of prose",
        "is far from the end",
        "is a link",
    ],
)
def test_where_a_line_is_cut(text: str, expected: list[str]) -> None:
    assert expected == _cut(text)


def test_pictures_keep_their_words() -> None:
    lines = split_lines("[map.png]\nYes. – Ann May 3, 2031\n[pump.png]")

    assert [0, 3] == sorted(cut_closings(lines, TEMPLATES, FIND, ENGLISH).alts)


def test_only_headers_that_open_with_a_sign_close_a_line() -> None:
    templates = closing_templates([load_dialect(name) for name in ("pixnet", "stackexchange", "typepad")])

    assert ("– {author}{?♦} commented {when}", "– {author}{?♦} {when}") == templates


def test_a_dialect_that_is_given_cuts_its_own() -> None:
    text = "asked May 1, 2031 at 9:00\nBob\nYes. – Ann May 3, 2031 at 10:12\n"

    assert ["Ann"] == [c.author for c in parse(text, dialect="stackexchange").comments if c.text == "Yes."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{LONG} May 3,\n2031\nYes.", [f"{LONG} May 3, 2031", "Yes."]),
        (f"{LONG} May 3,\n2031 at 10:12 #4", [f"{LONG} May 3, 2031 at 10:12 #4"]),
        (f"{LONG} May 3, 2031\n4", [f"{LONG} May 3, 2031", "4"]),
        (f"{LONG} May 3,\n\n2031", [f"{LONG} May 3,", "", "2031"]),
        ("Ann May 3,\n2031", ["Ann May 3,", "2031"]),
        (f"{LONG} May 3,\n2031 {LONG * 2}", [f"{LONG} May 3,", f"2031 {LONG * 2}"]),
        (f"[#](/{'t' * 60}\n{LONG.replace(' ', '-')}) May 3,\n2031, by Ann", ["May 3, 2031, by Ann"]),
        (f"{LONG} May\n{LONG[:50]}", [f"{LONG} May", LONG[:50]]),
        (f"{LONG} {LONG}\n2031", [f"{LONG} {LONG}", "2031"]),
        (f"{LONG}\n2031", [LONG, "2031"]),
    ],
    ids=[
        "a year",
        "a year and more",
        "a time that is whole",
        "a blank line between",
        "a short line",
        "a long line below",
        "a link that was wrapped above",
        "no digit",
        "a long line",
        "no time",
    ],
)
def test_wrapped_times_are_joined(text: str, expected: list[str]) -> None:
    assert expected == join_wrapped_times(split_lines(text), FIND).content


@pytest.mark.parametrize(
    ("above", "below", "is_joined"),
    [
        ("x" * SHORTEST_WRAPPED, "2031", True),
        ("x" * (SHORTEST_WRAPPED - 1), "2031", False),
        ("x" * LONGEST_WRAPPED, "2031", True),
        ("x" * (LONGEST_WRAPPED + 1), "2031", False),
        (LONG, "x" * 11 + "1", True),
        (LONG, "x" * 12 + "1", False),
        (LONG, "1" * 90, True),
        (LONG, "1" * 91, False),
        (LONG, "1", True),
    ],
)
def test_how_long_the_lines_of_a_wrapped_time_may_be(above: str, below: str, is_joined: bool) -> None:
    assert is_joined == (len(join_wrapped_times(split_lines(f"{above}\n{below}"), _finds(0))) == 1)


@pytest.mark.parametrize(
    ("start", "end", "is_joined"),
    [
        (0, None, True),
        (len(LONG) - 1, len(LONG) + 1, True),
        (len(LONG), None, False),
        (len(LONG) + 1, None, False),
        (0, len(LONG), False),
    ],
)
def test_a_wrapped_time_stands_on_both_lines(start: int, end: int | None, is_joined: bool) -> None:
    assert is_joined == (len(join_wrapped_times(split_lines(f"{LONG}\n2031"), _finds(start, end))) == 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("May 3, 2031\n10:12 AM\nHi", ["May 3, 2031 10:12 AM", "Hi"]),
        ("May 3, 2031\n \n10:12", ["May 3, 2031 10:12"]),
        ("10:12\nHi", ["10:12", "Hi"]),
        ("We met\n10:12", ["We met", "10:12"]),
        ("We met on May 3, 2031\n10:12", ["We met on May 3, 2031", "10:12"]),
        ("On that day, the third of May, we met\n10:12", ["On that day, the third of May, we met", "10:12"]),
        ("May 3, 2031\n\n\n10:12", ["May 3, 2031", "", "", "10:12"]),
    ],
)
def test_a_clock_is_joined_to_its_date(text: str, expected: list[str]) -> None:
    assert expected == join_wrapped_times(split_lines(text), FIND, clocks=True).content
    assert split_lines(text).content == join_wrapped_times(split_lines(text), FIND).content


def test_comment_links_stay_links() -> None:
    lines = split_lines(f"{LONG} May 3,\n2031\n\n[ Ann ](/a#comment-12)")

    assert frozenset({2}) == join_wrapped_times(lines, FIND).links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 * [Share on\nthe pump](/p)[Share on\nthe well](/w)", ["0 * Share on the pump Share on the well"]),
        ("See [this\n\nand that](/t)", ["See [this", "", "and that](/t)"]),
        ("[![Ann](/a.png)\n\nAnn](/ann)", ["Ann"]),
    ],
    ids=["within a line", "no link over paragraphs", "a picture in a link"],
)
def test_wrapped_links_are_joined(text: str, expected: list[str]) -> None:
    assert expected == split_lines(text).content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "1. **Ann**says: [May 3, 2031](/p#comment-1) Thanks! [Reply](/p?replytocom=1#respond)",
            ["1. **Ann** says:", "May 3, 2031", "Thanks!", "Reply"],
        ),
        ("Ann [May 3, 2031](/p#comment-1) - [Reply](/p#comment-1)", ["Ann May 3, 2031 - Reply"]),
        ("Ann [May 3, 2031](/p#comment-1) at 10:12", ["Ann May 3, 2031 at 10:12"]),
        ("- [May 3, 2031](/p#comment-1) Thanks!", ["- May 3, 2031 Thanks!"]),
        ("![Ann](/a.png) [May 3, 2031](/p#comment-1) Thanks!", ["May 3, 2031 Thanks!"]),
        ("Ann on [Mending kettles](/p#comment-1) Thanks!", ["Ann on Mending kettles Thanks!"]),
        ("Thanks!\n[Ann](/u) wrote on 3 May\n[Reply](/p#comment-1)", ["Thanks!", "Ann wrote on 3 May", "Reply"]),
        ("[Ann](/u) says: [May 3, 2031](/p) Thanks!", ["Ann says: May 3, 2031 Thanks!"]),
        ("Ann says: May 3, 2031 #comment-1 Thanks!", ["Ann says: May 3, 2031 #comment-1 Thanks!"]),
    ],
    ids=[
        "header, text and button",
        "a header alone",
        "a clock is behind",
        "only a bullet is above",
        "only a picture is above",
        "is a title",
        "on lines already",
        "is no comment's link",
        "is no Markdown",
    ],
)
def test_where_a_line_is_cut_at_links(text: str, expected: list[str]) -> None:
    assert expected == cut_permalinks(split_lines(text), FIND, ENGLISH).content
