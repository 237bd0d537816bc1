"""Links as converters write them are links as inline Markdown has them; what people wrote stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadparse._notation import STRUCK, rewritten

MENU = ("Home", "About us", "Archive", "Contact", "Imprint", "News", "Boats", "Water", "Links", "Search")


def menu(form: str) -> str:
    """A menu with links of a form: enough of them to tell a converter by."""
    return "\n".join(form.format(word=word, n=number, gap="    ") for number, word in enumerate(MENU, start=1)) + "\n"


NUMBERED = menu("[{n}]{word}")
REFERRING = menu("[{word}][{n}]")
DEFINED = "\n" + menu("[{n}]: https://weir.example/{n}")
BRACKETED = menu("{word} [/pages/{n}]")
BESIDE = menu("{word}{gap}(/pages/{n})")
SPANS = menu('[{word}]{{.item lang="en"}}')
TAGS = '<div id="top">\n\n[The weir](/)\n'


@pytest.mark.parametrize(
    ("page", "text", "expected"),
    [
        pytest.param(NUMBERED, "[11]Ann Lee says:", "Ann Lee says:", id="a number before a link's words"),
        pytest.param(NUMBERED, "[13]Ann", "Ann", id="links without words are counted"),
        pytest.param(NUMBERED, "[11]Ann Lee[12]2 days ago", "Ann Lee 2 days ago", id="two links beside each other"),
        pytest.param(NUMBERED, "as he said [2] and [3]", "as he said [2] and [3]", id="numbers that do not go on"),
        pytest.param(NUMBERED, "References\n\n   1. https://weir.example/", "\n\n", id="the list of addresses"),
        pytest.param(NUMBERED, "   Visible links\n   1. /about\n   Hidden links:", "\n\n", id="its titles"),
        pytest.param(NUMBERED, "1. /etc/passwd\n[11]Ann", "1. /etc/passwd\nAnn", id="a list above the last link"),
        pytest.param(REFERRING, "[Ann Lee][5] says:", "[Ann Lee]() says:", id="a reference"),
        pytest.param(REFERRING, "[Ann Lee][11] says:", "[Ann Lee][11] says:", id="a reference to nothing"),
        pytest.param(REFERRING, "![Ann Lee][5]", "![Ann Lee]()", id="a picture"),
        pytest.param(REFERRING, "[Ann][]\n[Ann]: /u/1 'x'", "[Ann]()\n", id="a reference by its own words"),
        pytest.param(REFERRING, "[Ann] says\n[Ann]: </u/1>", "Ann says\n", id="a reference by words alone"),
        pytest.param(REFERRING, "see [1] there", "see [1] there", id="a number is no reference"),
        pytest.param(REFERRING, "see [1][2] there", "see [1][2] there", id="numbers one behind the other"),
        pytest.param(REFERRING, "[77]: https://weir.example/", "[77]: https://weir.example/", id="somebody's own"),
        pytest.param(BRACKETED, "Ann [https://weir.example/u/1] says:", "Ann says:", id="an address in brackets"),
        pytest.param(BRACKETED, "Ann [item?id=1]2 days ago", "Ann 2 days ago", id="words right behind an address"),
        pytest.param(BRACKETED, "Ann [laughs]", "Ann [laughs]", id="brackets without an address"),
        pytest.param(BRACKETED, "[/1](/1)", "[/1](/1)", id="an address that is a link's words"),
        pytest.param(BESIDE, "Ann    (https://weir.example/u/(1))    says:", "Ann    says:", id="one in parentheses"),
        pytest.param(BESIDE, "Reply    ()", "Reply    ", id="a link that leads nowhere"),
        pytest.param(BESIDE, "Ann (#12) says (/s)", "Ann (#12) says (/s)", id="the number of a comment"),
        pytest.param(BESIDE, "Ann (who else)", "Ann (who else)", id="parentheses without an address"),
        pytest.param(SPANS, '[[Ann]{.name}](/u/1){rel="me"} says:', "[Ann](/u/1) says:", id="a span in a link"),
        pytest.param(SPANS, "[a [b [c]{.c}]{.b}]{.a}", "a b c", id="spans within spans"),
        pytest.param(SPANS, "::: {#c-1 .comment}\nHere.\n:::", "\nHere.\n", id="fences"),
        pytest.param(SPANS, "2.  ::: comment", "2.  ", id="a fence in a list"),
        pytest.param(SPANS, "## The weir {#weir}", "## The weir", id="a heading"),
        pytest.param(SPANS, "a set {1, 2}", "a set {1, 2}", id="braces"),
        pytest.param(TAGS, '<div id="c-1"> Ann', " Ann", id="tags"),
        pytest.param(TAGS, "a <b> c", "a <b> c", id="what is no tag of these"),
        pytest.param(TAGS, "a\\\nb \\\\\nc", "a\nb \\\\\nc", id="hard line breaks"),
    ],
)
def test_rewriting(page: str, text: str, expected: str) -> None:
    below = DEFINED if page == REFERRING else ""
    written = rewritten(f"{page}{text}\n{below}")
    assert written[len(page) :][: len(text)].replace(STRUCK, "") == expected


@pytest.mark.parametrize("text", [NUMBERED, REFERRING + DEFINED, BRACKETED, BESIDE, SPANS, TAGS])
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_ends_of_lines_do_not_matter(text: str, end: str) -> None:
    assert rewritten(text.replace("\n", end)) == rewritten(text).replace("\n", end)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(f"As was shown [{n}]." for n in range(1, 9)), id="notes behind words"),
        pytest.param("\n".join(f"[{n}] The weir" for n in (7, 3, 1, 9, 2, 8, 5)), id="numbers in no order"),
        pytest.param("\n".join(f"[{n}]The weir" for n in (7, 3, 1, 9, 2, 8, 5)), id="glued numbers in no order"),
        pytest.param("See [1][2].\n\n[1]: https://weir.example/\n[2]: https://weir.example/2", id="few references"),
        pytest.param("Ann [https://weir.example/] says", id="one address in brackets"),
        pytest.param("Ann (https://weir.example/) says\n" * 9, id="addresses that people wrote"),
        pytest.param("It was so.  (https://weir.example/) In (/usr/lib) it is.\n" * 12, id="addresses and paths"),
        pytest.param("[a]{.b} (c){d}", id="few attributes"),
        pytest.param("[a](b)\n" + "<div>\nc\n</div>\n" * 9, id="tags that somebody asks about"),
        pytest.param("[a](b)\n" + "docker run \\\n  weir\n" * 9, id="a program's line that goes on"),
        pytest.param("if (a) {b} else if (c){ d } [e]{f}\n" * 9, id="a program's text"),
        pytest.param("So [/quote] [/b] it is [#12] (/s) [?] (?)\n" * 12, id="marks that people write"),
        pytest.param("So it is.[1]\n[1]https://weir.example\n[2]https://weir.example\n" * 9, id="notes below texts"),
    ],
)
def test_what_people_wrote_stays(text: str) -> None:
    assert rewritten(text) == text


PIECES = st.sampled_from(
    [
        "[1]",
        "[2]",
        "[3]",
        "[",
        "]",
        "](",
        ")",
        "[a][1]",
        "[1]: /x\n",
        " [/a]",
        "  (/b)",
        "]{.c}",
        "::: {#d}\n",
        "{",
        "}",
    ]
) | st.sampled_from(
    ["<div>\n", "</div>\n", "\\\n", "\r\n", "\r", "\n", " ", "a", "(", "}", "References\n", "1. http://e\n", STRUCK]
)


@given(st.lists(PIECES, max_size=80).map("".join))
def test_length_and_lines_stay(text: str) -> None:
    page = rewritten(text)
    assert len(page) == len(text)
    assert [at for at, char in enumerate(page) if char in "\r\n"] == [
        at for at, char in enumerate(text) if char in "\r\n"
    ]
