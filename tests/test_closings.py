"""Headers that close a text on its last line: where that line is cut, and where it is left alone."""

from __future__ import annotations

import pytest

from threadparse import parse
from threadparse._closings import closing_templates, cut_closings
from threadparse._dialect import load_dialect
from threadparse._lines import split_lines
from threadparse._locale import load_locale
from threadparse._tokens import lexer_for

ENGLISH = (load_locale("en"),)
TEMPLATES = ("– {author} {when}",)
LONG = "The ledger beside the old pump was counted again by all of them"


def _cut(text: str) -> list[str]:
    find = lexer_for(load_dialect("wpdiscuz"), ENGLISH).times.find
    return cut_closings(split_lines(text), TEMPLATES, find, ENGLISH).content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes. – Ann May 3, 2031", ["Yes.", "– Ann May 3, 2031"]),
        ("– Ann May 3, 2031", ["– Ann May 3, 2031"]),
        (f"{LONG} – Ann\nLee May 3, 2031", [LONG, "– Ann Lee May 3, 2031"]),
        (f"{LONG} – Ann May 3, 2031\nat 10:12", [LONG, "– Ann May 3, 2031 at 10:12"]),
        (f"{LONG} – Ann May 3, 2031\nYes.", [LONG, "– Ann May 3, 2031", "Yes."]),
        ("Yes. – Ann\nLee May 3, 2031", ["Yes. – Ann", "Lee May 3, 2031"]),
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
    find = lexer_for(load_dialect("wpdiscuz"), ENGLISH).times.find

    assert [0, 3] == sorted(cut_closings(lines, TEMPLATES, find, ENGLISH).alts)


def test_only_headers_that_open_with_a_sign_close_a_line() -> None:
    templates = closing_templates([load_dialect("stackexchange"), load_dialect("typepad")])

    assert {"–"} == {template[0] for template in templates}


def test_a_dialect_that_is_given_cuts_its_own() -> None:
    text = "asked May 1, 2031 at 9:00\nBob\nYes. – Ann May 3, 2031 at 10:12\n"

    assert ["Ann"] == [c.author for c in parse(text, dialect="stackexchange").comments if c.text == "Yes."]
