"""A text without line breaks: what is one, and the rarer ways in which it is cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from threadparse import Dialect, parse
from threadparse._dialect import load_dialect
from threadparse._flow import cut
from threadparse._flowing import is_flowing
from threadparse._lines import split_lines
from threadparse._locale import load_locale
from threadparse._pieces import find_pieces
from threadparse._reading import read_page
from threadparse._tokens import lexer_for

PROSE = "The ledger beside the old pump was counted again, and nobody asked why it had been kept for so long. "


def _lines(text: str) -> list[str]:
    lexer = lexer_for(load_dialect("wpdiscuz"), (load_locale("en"),))
    return [content for content in cut(split_lines(text), lexer, [], (load_locale("en"),)).content if content]


@pytest.mark.parametrize(
    ("lines", "flows"),
    [
        ([PROSE * 3], True),
        ([PROSE * 3] * 3, True),
        ([PROSE * 3] * 4, False),
        ([PROSE * 30] * 4, True),
        ([PROSE * 3, *["Ann"] * 5], False),
        ([PROSE], False),
        ([f"Ann Lee says: May {n}, 2031 at 1:45 pm {PROSE}" for n in (3, 4, 5)], True),
        ([f"Ann Lee says: May {n}, 2031 {PROSE}" for n in (3, 4, 5)], True),
        ([f"Ann Lee {n} days agoThe ferry is late again, and nobody asked why it was." for n in (3, 4, 5)], True),
        ([f"Ann Lee {n} days ago {PROSE}" for n in (3, 4, 5)], True),
        ([f"Ann Lee vor {n} Tagen {PROSE}" for n in (3, 4, 5)], True),
        ([f"{words} {PROSE}" for words in ("Some 3 geese flew", "Nearly 4 boats sank", "Only 5 men stayed")], False),
        ([f"Ann Lee says: May {n}, 2031 at 1:45 pm {PROSE}" for n in (3, 4)], False),
        ([*(f"Ann Lee says: May {n}, 2031 at 1:45 pm {PROSE}" for n in (3, 4, 5)), *["Bob"] * 4], False),
        ([f"[Ann](/a) says: May {n}, 2031 at 1:45 pm {PROSE}" for n in (3, 4, 5)], False),
        ([f"[1:{n}] <ann> {PROSE}" for n in (31, 42, 53)], False),
        ([f"In the year 203{n} {PROSE}" for n in (3, 4, 5)], False),
    ],
)
def test_what_flows(lines: list[str], flows: bool) -> None:
    """An article's paragraphs are long lines too, but many and shorter; rows are comments, each with its time."""
    assert is_flowing("\n".join(lines), lines) == flows


def test_a_time_at_the_start_has_no_author() -> None:
    assert _lines(f"6 months ago {PROSE * 3}")[0] == "6 months ago"


def test_a_marker_at_the_end_has_no_name() -> None:
    assert _lines(f"{PROSE * 3}Reply to")[-1] == "Reply to"


def test_words_that_lead_to_a_time_stand_apart() -> None:
    lines = _lines(f"{PROSE}Ann Lee says: 6 months ago {PROSE}Bob says: 5 months ago {PROSE}")

    assert ["Ann Lee", "says:", "6 months ago"] == lines[lines.index("says:") - 1 :][:3]


def test_glued_words_lead_to_no_time() -> None:
    assert "says:" not in _lines(f"{PROSE}Ann Leesays: 6 months ago {PROSE}Bobsays: 5 months ago {PROSE}")


@pytest.mark.parametrize(
    ("numbers", "stand_apart"),
    [
        (("#1", "#2", "#3"), True),
        (("Staff #1", "#2", "#4"), True),
        (("1", "2", "3"), True),
        (("#7", "#3", "#1"), False),
        (("#1", "", ""), False),
    ],
)
def test_numbers_of_posts_count_up(numbers: tuple[str, ...], stand_apart: bool) -> None:
    people = zip(("Ann Lee", "Bob", "Carla"), (6, 5, 4), numbers, strict=True)
    lines = _lines(" ".join(f"{name} {ago} months ago {number} {PROSE}" for name, ago, number in people))

    assert (numbers[0].split()[-1] in lines) == stand_apart


def test_a_page_on_one_line_is_read() -> None:
    text = f"2 Comments Ann Lee 6 months ago {PROSE}Reply Bob 5 months ago Reply to Ann Lee {PROSE}Reply"

    assert [comment.author for comment in parse(text).comments] == ["Ann Lee", "Bob"]


def _post(name: str, at: int, text: str = PROSE) -> str:
    return f"{name} Member Joined Jan 3, 2030 Messages 12 Location York Jan {at}, 2031 #{at} {text}"


def _authors(*pieces: str) -> list[str]:
    return [comment.author for comment in parse(" ".join(pieces)).comments]


def test_a_name_beside_a_post_may_hold_a_word_for_roles() -> None:
    posts = [_post(name, at) for at, name in enumerate(("G Guest 12", "Ann Lee", "G Guest 12", "Ann Lee"), 1)]

    assert _authors("XenForo is here.", *posts) == ["Guest 12", "Ann Lee", "Guest 12", "Ann Lee"]


def test_a_post_without_anybody_beside_it_has_no_name() -> None:
    posts = [_post(name, at) for at, name in enumerate(("Ann Lee", "Bob", "Ann Lee"), 1)]
    nobody = f"You must log in or register to reply here. Jan 4, 2031 #4 {PROSE}"

    assert _authors("XenForo is here.", *posts, nobody)[:3] == ["Ann Lee", "Bob", "Ann Lee"]


def test_names_behind_times() -> None:
    posts = [
        f"#{at} 2031-11-0{at} 15:14:37 {name} Registered: 2030-11-01 Posts: {at} {PROSE} Offline"
        for at, name in enumerate(("Ann Lee", "bob", "Ann Lee"), 1)
    ]

    lines = _lines_of(" ".join(["FluxBB", *posts]))

    assert [line for line in lines if line in ("Ann Lee", "bob")] == ["Ann Lee", "bob", "Ann Lee"]


def _lines_of(text: str) -> list[str]:
    return list(read_page(text, None, None)[0].lines.content)


@pytest.mark.parametrize("above", ["And so it was. ", "[…] as this page tells us […] "])
def test_the_title_of_a_page_that_links_here_is_an_author(above: str) -> None:
    title = "What will become of the small museums in our long valley this year"
    first = f"2 Comments Ann Lee says: May 3, 2031 at 5:00 pm {PROSE}{PROSE}{above}"
    text = f"{first}{title} says: May 4, 2031 at 5:00 pm […] lamps […]"

    assert title in _lines_of(text)


def test_a_title_without_an_end_before_it_is_cut_as_a_name_is() -> None:
    words = "one word after another and never a stop " * 5
    text = f"2 Comments Ann Lee says: May 3, 2031 at 5:00 pm {words}{words}says: May 4, 2031 at 5:00 pm […] lamps […]"

    assert max(map(len, _lines_of(text))) > 200


def test_words_behind_a_clock_belong_to_it_where_all_have_them() -> None:
    people = ("Ann Lee", "Bob", "Carla")
    text = " ".join(
        f"{name} sagt: {at}. Mai 2031 um 15:05 Uhr Das ist so. {PROSE}Antworten" for at, name in enumerate(people, 1)
    )

    assert [line for line in _lines_of(f"3 Kommentare {text}") if line.startswith("1. Mai")] == [
        "1. Mai 2031 um 15:05 Uhr"
    ]


def test_a_post_at_the_start_of_a_page_has_nobody_beside_it() -> None:
    posts = [_post(name, at) for at, name in enumerate(("Ann Lee", "Bob", "Ann Lee"), 2)]

    assert _lines_of(" ".join([f"Jan 1, 2031 #1 {PROSE}", *posts]))[:2] == ["Jan 1, 2031", "#1"]


def test_a_text_between_facts_and_a_time_is_not_cut_into_short_lines() -> None:
    text = "Messages 12 " + "and so on and on " * 6
    posts = [_post(name, at) for at, name in enumerate(("Ann Lee", "Bob", "Ann Lee"), 1)]

    assert ("and so on and on " * 6).strip() in _lines_of(" ".join(["XenForo", *posts, text, "Jan 5, 2031 #4", PROSE]))


def test_words_before_a_time_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "board.toml").write_text("""
name = "board"
title = "Board"
rounding = "unknown"
[[header]]
name = "author, date"
lines = ["{author}", "{?on} {when} {?(edited)} #{n}"]
""")
    posts = [f"{name} 3 May 2031 #{at} {PROSE}" for at, name in enumerate(("Ann Lee!", "Bob", "Ann Lee!"), 1)]
    thread = parse(" ".join(posts), dialect=Dialect.load(tmp_path / "board.toml"))

    assert "3 May 2031 #2" in [thread.text[s.span.start : s.span.end].strip() for s in thread.segments]


@pytest.mark.parametrize(("numbers", "headers"), [((1, 2, 3, 4), 4), ((1, 7, 3, 9), 2)])
def test_words_stand_before_the_numbers_of_posts_if_these_count_up(numbers: tuple[int, ...], headers: int) -> None:
    since, between = "Joined May 3, 2012 Messages 40", ("", "Staff ", "", "Staff ")
    posts = [
        f"Person{number} Member {since} June {number}, 2031 {word}#{number} {PROSE}"
        for number, word in zip(numbers, between, strict=True)
    ]
    locales = (load_locale("en"),)
    lexer = lexer_for(load_dialect("wpdiscuz"), locales)
    pieces = find_pieces("".join(posts), lexer, [load_dialect("xenforo")], locales)

    assert headers == sum(piece.has_block for piece in pieces)
