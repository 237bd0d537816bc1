"""A text without line breaks: what is one, and the rarer ways in which it is cut."""

from __future__ import annotations

import pytest

from threadparse import parse
from threadparse._dialect import load_dialect
from threadparse._flow import cut, is_flowing
from threadparse._lines import split_lines
from threadparse._locale import load_locale
from threadparse._tokens import lexer_for

PROSE = "The ledger beside the old pump was counted again, and nobody asked why it had been kept for so long. "


def _lines(text: str) -> list[str]:
    lexer = lexer_for(load_dialect("wpdiscuz"), (load_locale("en"),))
    return [content for content in cut(split_lines(text), lexer).content if content]


@pytest.mark.parametrize(
    ("lines", "flows"),
    [
        ([PROSE * 3], True),
        ([PROSE * 3] * 3, True),
        ([PROSE * 3] * 4, False),
        ([PROSE * 30] * 4, True),
        ([PROSE * 3, *["Ann"] * 5], False),
        ([PROSE], False),
    ],
)
def test_what_flows(lines: list[str], flows: bool) -> None:
    """An article's paragraphs are long lines too, but many and shorter."""
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
