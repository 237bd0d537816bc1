"""Which layout a page shows at first sight: a page in, the lines of the best guess's header out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
DATES = ("3 May 2031", "4 May 2031", "6 May 2031", "9 May 2031", "10 May 2031")
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
        ("{when}\nLetter {rising}\n{author}\n{text}", "{when} / letter {number} / {author} / text"),
        ("{author}{titles}\n{when}\n{text}", "{author} / {any}* / {when} / text"),
        ("{author}\nJoined: {joined}\n{when}\n{text}", "{author} / {any} / {when} / text"),
        ("{author}\nJoined\n{joined}\n{when}\n{text}", "{author} / {any} / {any} / {when} / text"),
        ("{text}\n{author}\n{when}", "text / {author} / {when}"),
        ("{text}\n{author} | {when}", "text / {author} | {when}"),
        ("{text}\n{author}\n{when}\nSeen by the ferryman", "text / {author} / {when} / seen by the ferryman"),
        ("Seen by the ferryman\n{author}\n{when}\n{text}", "{author} / {when} / text"),
    ],
)
def test_the_best_guess(form: str, expected: str) -> None:
    best, *_ = find_guesses(_page(page_of(form)))

    assert (expected, NAMES) == (header_of(shapes(best)[0]), best.names)


def test_two_comments_are_the_fewest() -> None:
    assert [] == find_guesses(_page(page_of("{author}\n{when}\n{text}", 1)))
    best, *_ = find_guesses(_page(page_of("{author}\n{when}\n{text}", 2)))
    assert ("{author} / {when} / text", NAMES[:2]) == (header_of(shapes(best)[0]), best.names)


def test_what_comes_back_is_no_text() -> None:
    guesses = find_guesses(_page(page_of("{author}\n{when}\nSeen by the ferryman")))

    assert {0.0} == {guess.score for guess in guesses if guess.names == NAMES}


def test_the_end_of_a_page_does_not_stand_above_its_top() -> None:
    page = page_of("{when}\n{author}\n{text}") + "Joined\n"
    best, *_ = find_guesses(_page(page))

    assert ("{when} / {author} / text", NAMES) == (header_of(shapes(best)[0]), best.names)
