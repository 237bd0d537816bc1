"""Which layout a page shows at first sight: a page in, the lines of the best guess's header out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest

from threadparse._dialect import load_dialect
from threadparse._guesses import find_guesses, shapes
from threadparse._headershapes import HeaderShape
from threadparse._lines import split_lines
from threadparse._locale import load_locale
from threadparse._rows import Page
from threadparse._tokens import lexer_for

ENGLISH = (load_locale("en"),)
NAMES = ("Orla Venn", "Bram Ostel", "Orla Venn", "Ida Quill", "Bram Ostel")
DATES = ("28 May 2031", "30 May 2031", "2 June 2031", "9 June 2031", "1 July 2031")
"""They rise, but their days do not: these are no numbers of posts."""
AGO = ("2 hours ago", "an hour ago", "3 days ago", "2 weeks ago", "a year ago")
TEXTS = (
    "Copper goes green in our air. Mine took two winters.",
    "Green is a colour too, and it needs no paint.",
    "Tell that to my neighbour, please.",
    "Which of them do you mean? The one with the ladder, I hope.",
    "The ladder is mine. He only borrowed it.",
)
WORDS = ("where it rains", "behind the mill", "with two geese", "and far away", "as ever")
TITLES = ("\nmiller of the pond", "", "\nkeeper of geese", "\nmiller of the pond", "")
LIKED = ("Ida Quill and Bram Ostel", "Ida Quill", "2 people", "Orla Venn", "nobody")
YEARS = ("1 May 2020", "4 July 2019", "9 May 2021", "8 June 2018", "4 July 2019")


PLACES = ("Cork", "Ghent", "Turku", "Brno", "Ghent")
TOLD: Mapping[str, Sequence[str]] = {
    "author": NAMES,
    "when": DATES,
    "ago": AGO,
    "text": TEXTS,
    "words": WORDS,
    "titles": TITLES,
    "place": PLACES,
    "joined": YEARS,
    "liked": LIKED,
    "rising": "12345",
    "falling": "54321",
    "mixed": "12435",
    "many": "11112",
}
"""What the five comments say; what the numbers are called says how they run."""


def page_of(form: str, number: int = len(NAMES), **told: Sequence[str]) -> str:
    """Five comments or fewer, each as a form says."""
    fields = {**TOLD, **told}
    return "".join(form.format(**{key: values[i] for key, values in fields.items()}) + "\n" for i in range(number))


def _page(text: str) -> Page:
    lines = split_lines(text)
    lexer = lexer_for(load_dialect("wpdiscuz"), ENGLISH)
    return Page(lines, lexer.read(lines), lexer, ENGLISH)


def header_of(shape: HeaderShape) -> str:
    """The lines of a header, and where the text stands."""
    lines = [slot.template + "?" * slot.optional + "*" * slot.repeated for slot in shape.slots]
    return " / ".join(["text"] * (shape.text == "before") + lines + ["text"] * (shape.text == "after"))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("{author}\n{when}\n{text}", "{author} / {when} / text"),
        ("{when}\n{author}\n{text}", "{when} / {author} / text"),
        ("{author}\n{words}\n{when}\n{text}", "{author} / {any} / {when} / text"),
        ("{author}\n{words}\n{words}\n{when}\n{text}", "{author} / {any} / {any} / {when} / text"),
        (
            "{author}\n{words}\n{words}\n{words}\n{when}\n{text}",
            "{author} / {any} / {any} / {any} / {when} / text",
        ),
        (
            "{author}\n{words}\n{words}\n{words}\n{words}\n{when}\n{text}",
            "{author} / {any} / {any} / {any} / {any} / {when} / text",
        ),
        ("{when}\n{words}\n{author}\n{text}", "{when} / {any} / {author} / text"),
        ("{when}\n{words}\n{words}\n{author}\n{text}", "{when} / {any} / {any} / {author} / text"),
        ("{author} | {when}\n{text}", "{author} | {when} / text"),
        ("{when} by {author}\n{text}", "{when} by {author} / text"),
        ("Words of {author} here\n{when}\n{text}", "words of {author} here / {when} / text"),
        ("{author}\non {when} said\n{text}", "{author} / on {when} said / text"),
        ("{author}\n{words} {when}\n{text}", "{author} / {any} {when} / text"),
        ("{author}\n{when} {words}\n{text}", "{author} / {when} {any} / text"),
        ("{author}\nThe week's letter\n{when}\n{text}", "{author} / the week's letter / {when} / text"),
        ("{when}\nThe week's letter\n{author}\n{text}", "{when} / the week's letter / {author} / text"),
        ("{author}\n{when} #{rising}\n{text}", "{author} / {when} #{number} / text"),
        ("{author}\nLetter {rising}, {when}\n{text}", "{author} / letter {number}, {when} / text"),
        ("{author}\n{when} #{falling}\n{text}", "{author} / {when} #{n} / text"),
        ("{author}\n{when} #{mixed}\n{text}", "{author} / {when} #{n} / text"),
        ("{author}\n{when} #{many}\n{text}", "{author} / {when} #{n} / text"),
        ("{author}\nLetter {rising}\n{when}\n{text}", "{author} / letter {number} / {when} / text"),
        ("Letter {rising}\n{when}\n{author}\n{text}", "letter {number} / {when} / {author} / text"),
        ("{text}\n{author}\n{when}\nLetter {rising}", "text / {author} / {when} / letter {number}"),
        ("{when}\nLetter {rising}\n{author}\n{text}", "{when} / letter {number} / {author} / text"),
        ("{author}{titles}\n{when}\n{text}", "{author} / {any}* / {when} / text"),
        ("{author}\nJoined: {joined}\n{when}\n{text}", "{author} / {any} / {when} / text"),
        ("{author}\nJoined\n{joined}\n{when}\n{text}", "{author} / {any} / {any} / {when} / text"),
        ("{text}\n{author}\n{when}", "text / {author} / {when}"),
        ("{text}\n{author} | {when}", "text / {author} | {when}"),
        ("{text}\n{author}\n{when}\nSeen by the ferryman", "text / {author} / {when} / seen by the ferryman"),
        ("Seen by the ferryman\n{author}\n{when}\n{text}", "{author} / {when} / text"),
        ("{when}\n{author}\n{text}\nSeen by the ferryman", "{when} / {author} / text"),
        ("The week's letter\n{when}\n{author}\n{text}", "the week's letter / {when} / {author} / text"),
        ("{author}\n{when}\nThe week's letter\n{text}", "{author} / {when} / the week's letter / text"),
        ("{words} {when} {author}\n{text}", "{any} {when} {author} / text"),
        ("{author}\n{ago}\n{text}\n{joined}\n{words}", "{author} / {when} / text"),
        ("Posted by {author}\n{when}\n{text}", "posted by {author} / {when} / text"),
    ],
)
def test_the_best_guess(form: str, expected: str) -> None:
    best, *others = guesses = find_guesses(_page(page_of(form)))

    assert (expected, NAMES) == (header_of(shapes(best)[0]), best.names)
    assert all(best.score >= guess.score for guess in others)
    assert all(above[1] < below[0] for guess in guesses for above, below in pairwise(guess.spans))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("Posted by {author}{titles}\n{when}\n{text}", ["{when}", "{any} / {when}"]),
        (
            "Posted by {author}{titles}\n{words}\n{when}\nThe week's letter\n{text}",
            ["{any} / {when} / the week's letter", "{any} / {any} / {when} / the week's letter"],
        ),
    ],
)
def test_lines_that_may_be_missing_below_a_name(form: str, expected: Sequence[str]) -> None:
    best, *_ = find_guesses(_page(page_of(form)))

    assert [f"@posted_by {{author}} / {lines} / text" for lines in expected] == [*map(header_of, shapes(best))]
    assert best.names == NAMES


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        (["O\n", "B\n", "", "I\n", ""], "{initial}? / {author} / {when} / text"),
        (["O\n", "", "", "I\n", ""], "{author} / {when} / text"),
        (["O\n", "", "", "I\n"], "{author} / {when} / text"),
    ],
    ids=["most", "some", "half"],
)
def test_letters_in_place_of_pictures(letters: Sequence[str], expected: str) -> None:
    best, *_ = find_guesses(_page(page_of("{letter}{author}\n{when}\n{text}", len(letters), letter=letters)))

    assert (expected, NAMES[: len(letters)]) == (header_of(shapes(best)[0]), best.names)


def test_comments_below_many_dated_lines() -> None:
    """Of all lines that are alike, those are judged that come back most often."""
    boats = [f"Boat {first}{last} leaves on 3 May 2031\nNo news.\n" * 2 for first in "ABCDEF" for last in "ABCDEFGH"]
    best, *_ = find_guesses(_page("".join(boats) + page_of("{author}\n{when}\n{text}")))

    assert ("{author} / {when} / text", NAMES) == (header_of(shapes(best)[0]), best.names)


def test_two_comments_are_the_fewest() -> None:
    assert [] == find_guesses(_page(page_of("{author}\n{when}\n{text}", 1)))
    best, *_ = find_guesses(_page(page_of("{author}\n{when}\n{text}", 2)))
    assert ("{author} / {when} / text", NAMES[:2]) == (header_of(shapes(best)[0]), best.names)


def test_what_comes_back_is_no_text() -> None:
    guesses = find_guesses(_page(page_of("{author}\n{when}\nSeen by the ferryman")))

    assert {0.0} == {guess.score for guess in guesses if guess.names == NAMES}


@pytest.mark.parametrize(
    ("plain", "furnished"),
    [
        ("{author}\n{when}\n{text}\n", "{author}\n{when}\n{text}\nSeen by the ferryman\n"),
        ("{text}\n{author}\n{when}\n", "Seen by the ferryman\n{text}\n{author}\n{when}\n"),
    ],
    ids=["below", "above"],
)
def test_furniture_does_not_count_as_words(plain: str, furnished: str) -> None:
    """The first text may reach into what stands above all comments, the last one into what stands below."""
    scores = []
    for form in (plain, furnished):
        page = _page("The letters\n" + page_of(form, 3).replace("\n\n", "\n") + "More letters\n")
        scores.append(next(round(guess.score, 6) for guess in find_guesses(page) if guess.names == NAMES[:3]))

    assert scores[0] == scores[1]


@pytest.mark.parametrize("above", ["Joined\n9 May 2030\n", "The letters\nJoined\n9 May 2030\n", "Joined: 9 May 2030\n"])
def test_the_time_of_a_fact_is_no_anchor(above: str) -> None:
    page = _page(above + page_of("{when}\n{author}\n{text}"))
    anchors = {at for guess in find_guesses(page) for at in guess.group.positions}

    assert [page.words.index(when) for when in DATES] == sorted(anchors)


def test_the_end_of_a_page_does_not_stand_above_its_top() -> None:
    page = page_of("{when}\n{author}\n{text}", 2)
    best, *_ = find_guesses(_page(page + "Joined\n"))
    assert ("{when} / {author} / text", NAMES[:2]) == (header_of(shapes(best)[0]), best.names)

    assert not any("Kip Orr" in guess.names for guess in find_guesses(_page(page + "Posted by Kip Orr\n")))
