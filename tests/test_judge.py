"""How much some records look like a conversation: names, times and texts in, what each of them is worth out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from test_guesses import NAMES, TEXTS, page_of
from test_layouts import dialect
from threadparse._dialect import load_dialect
from threadparse._judge import Said, judge, judge_records, measure_lines, order, variety
from threadparse._layout import read_layout
from threadparse._lines import split_lines
from threadparse._locale import load_locale
from threadparse._rows import Page
from threadparse._times import Found
from threadparse._tokens import lexer_for

ENGLISH = (load_locale("en"),)
MANY = tuple(map("Name{}".format, "ABCDEFGHIJKLMNOPQRSTUVWXY"))
MAY = ("3 May 2031", "4 May 2031", "6 May 2031", "9 May 2031", "10 May 2031")


def _page(text: str) -> Page:
    lines = split_lines(text)
    lexer = lexer_for(load_dialect("wpdiscuz"), ENGLISH)
    return Page(lines, lexer.read(lines), lexer, ENGLISH)


def _times(*times: str) -> list[Found]:
    return list(_page("\n".join(times)).times.values())


@pytest.mark.parametrize(
    ("names", "guessed", "known"),
    [
        (["Ann", "Ann"], 1.0, 1.0),
        (["Ann", "Ann", "ann"], 0.0, 0.05),
        (["Ann", "Ann", "Bob"], 1.0, 1.0),
        (["Ann", "Ann", "Ann", "Bob"], 0.35, 0.8),
        (["Ann", "Ann", "Bob", "Cy"], 1.0, 1.0),
        (["Ann"] * 4 + [*MANY[:3]], 0.35, 0.8),
        (["Ann"] * 5 + [*MANY[:3]], 0.15, 0.15),
        (["Ann"] * 5 + [*MANY[:4]], 0.35, 0.8),
        (["Ann"] * 6 + [*MANY[:4]], 0.15, 0.15),
        (["Ann"] * 9 + ["Bob"], 0.15, 0.15),
        (["Ann"] * 10 + ["Bob"], 0.0, 0.15),
        (["Ann", "Bob"] * 3, 1.0, 1.0),
        (["Ann", "Bob"] * 10, 0.4, 0.4),
        (["Ann", "Bob", "Cy"] * 10, 0.4, 0.4),
        (["Ann", "Bob", "Cy"] * 8, 1.0, 1.0),
        ([*MANY], 1.0, 1.0),
        (["Ann says", "Bob says", "Cy says"], 0.3, 0.3),
        (["Ann Lee says", "Bob says", "Cy says", "Dee"], 0.3, 0.3),
        (["Ann says", "Bob says"] * 2, 1.0, 1.0),
        (["Ann says", "Bob says", "Cy says", "Dee", "Eve"], 1.0, 1.0),
        (["by Ann", "by Bob", "by Cy"], 0.3, 0.3),
        (["1. Ann", "2. Bob", "3. Cy"], 0.3, 0.3),
        (["Dr Ann", "Dr Bob", "Dr Cy"], 1.0, 1.0),
    ],
)
def test_what_authors_are_worth(names: Sequence[str], guessed: float, known: float) -> None:
    """One who speaks alone is a label or a blog; few who speak in turn are ranks; words that all share, a layout's."""
    assert (guessed, known) == (variety(names, is_known=False), variety(names, is_known=True))


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (MAY, 1.0),
        (MAY[::-1], 1.0),
        (MAY[:1] * 5, 1.0),
        ((*MAY[1:], MAY[0]), 0.75),
        ((MAY[0], MAY[2], MAY[1], MAY[4], MAY[3]), 0.5),
        (MAY[:3], 1.0),
        ((MAY[1], MAY[0], MAY[2]), 0.5),
        (MAY[:2], 0.7),
        ((), 0.7),
        (("3 days ago", "2 days ago", "1 hour ago"), 1.0),
    ],
)
def test_in_what_order_times_are(times: Sequence[str], expected: float) -> None:
    assert expected == order(_times(*times))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], (0, False)),
        (["A kiln by the river"], (5, False)),
        (["It rained."], (2, True)),
        (["It rained.", "So", "it did"], (5, True)),
        (["Yes :-)"], (2, True)),
        (["so " * 18 + "so"], (19, False)),
        (["so " * 19 + "so"], (20, True)),
        (["雨が降った"], (3, False)),
        (["雨が降った。"], (4, True)),
        (["naïve"], (1, False)),
    ],
)
def test_how_many_words_a_text_has_and_whether_it_is_prose(lines: Sequence[str], expected: tuple[int, bool]) -> None:
    measure = measure_lines(lines)
    assert expected == (measure.words, measure.is_prose)


def _score(*, names: Sequence[str] = NAMES, texts: Sequence[str] = TEXTS, times: Sequence[str] = MAY) -> float:
    return judge(Said(names, [measure_lines([text]) for text in texts], _times(*times)), anchors=5)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ({}, {"names": ("", *NAMES[1:])}),
        ({}, {"names": ("Is that a name? I do not think that it is one.", *NAMES[1:])}),
        ({}, {"times": MAY[::2] + MAY[1::2]}),
        ({}, {"texts": ("A title", *TEXTS[1:])}),
        ({}, {"texts": ["A title of some length without an end"] * 5}),
        ({}, {"texts": ["So it is."] * 5}),
        ({"texts": ["so " * 399 + "so."] * 5}, {"texts": ["so " * 400 + "so."] * 5}),
        ({}, {"names": NAMES[:4], "texts": TEXTS[:4], "times": MAY[:4]}),
    ],
    ids=["no name", "a sentence for a name", "out of order", "a title", "titles", "short", "articles", "fewer"],
)
def test_what_looks_less_like_a_conversation(more: dict[str, Sequence[str]], less: dict[str, Sequence[str]]) -> None:
    assert _score(**more) > _score(**less) > 0


def test_without_comments_there_is_no_conversation() -> None:
    assert 0 == judge(Said((), (), ()), anchors=1)
    assert 0 == _score(names=[""] * 5)


def _records(form: str, *lines: str, is_known: bool = False) -> float:
    page = _page(page_of(form))
    return judge_records(page, read_layout(page, dialect({"name": "one", "lines": list(lines)})), is_known=is_known)


def test_what_a_header_says_of_itself_counts() -> None:
    """Numbers that count up, a name that stands there twice, and the platform's words, where the platform is known."""
    plain = _records("{author}\n{when}\n{text}", "{author}", "{when}")
    assert plain > 0
    assert 2 * plain == pytest.approx(
        _records("{author}\n#{rising}\n{when}\n{text}", "{author}", "#{number}", "{when}")
    )
    assert plain == _records("{author}\n#{falling}\n{when}\n{text}", "{author}", "#{number}", "{when}")
    assert 1.25 * plain == pytest.approx(
        _records("{author}\n#{many}\n{when}\n{text}", "{author}", "#{number}", "{when}")
    )
    twice = ("{author}\n{words}\n{author}\n{when}\n{text}", "{alt}", "{any}*", "{author}", "{when}")
    assert 2 * plain == pytest.approx(_records(*twice))
    worded = ("{author}\nwrote on {when}\n{text}", "{author}", "wrote on {when}")
    assert plain == _records(*worded)
    assert 1.5 * plain == pytest.approx(_records(*worded, is_known=True))


def test_lists_are_no_conversation() -> None:
    plain = _records("{author}\n{when}\n{text}", "{author}", "{when}")

    listed = _records("{author}\n{when}\n* {text}\n* {words}", "{author}", "{when}")
    assert plain / 5 > listed > 0
    assert 10 * listed == pytest.approx(
        _records("{author}\n{when}\n* {text}\n* {words}", "{author}", "{when}", is_known=True)
    )
    assert listed == _records("{author}\n{when}\n{text}\n* {words}", "{author}", "{when}")
    assert plain / 5 < _records("{author}\n{when}\n{text}\n{text}\n* {words}", "{author}", "{when}")
