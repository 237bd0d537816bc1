"""Which line of the block above a header's time is the author: lines of all blocks in, a line of each out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from threadparse._authors import label_likeness
from threadparse._blocks import Block, choose_authors
from threadparse._dialect import load_dialect
from threadparse._lines import split_lines
from threadparse._locale import load_locale
from threadparse._rows import Page
from threadparse._tokens import lexer_for

ENGLISH = (load_locale("en"),)
TIME = "5 May 2031"


def _page(content: Sequence[str]) -> Page:
    lines = split_lines("\n".join(content))
    lexer = lexer_for(load_dialect("wpdiscuz"), ENGLISH)
    return Page(lines, lexer.read(lines), lexer, ENGLISH)


def _chosen(
    blocks: Sequence[Sequence[str]],
    *,
    text: str = "So it is.",
    likely: Sequence[str] = (),
    follows: bool = False,
    is_clean: bool = False,
) -> list[str]:
    """The header's first line and the author's, with those between, for each block; some lines are like a name."""
    content: list[str] = []
    places = []
    for block in blocks:
        places.append(Block(len(content), len(content) + len(block) - 1, follows, is_clean))
        content += [*block, TIME, text]
    page = _page(content)
    assert content == page.words
    chosen = choose_authors(page, places, lambda at: float(page.words[at] in likely))
    return [" / ".join(page.words[first : author + 1]) for first, author in chosen]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([], []),
        ([["Ann Lee"], ["Bob"]], ["Ann Lee", "Bob"]),
        ([["Moss grows", "Ann Lee", "Ann Lee"], ["Rain", "Bob", "Bob"]], ["Ann Lee / Ann Lee", "Bob / Bob"]),
        ([["Moss grows", "A", "Ann Lee"], ["Rain", "B", "Bob"]], ["A / Ann Lee", "B / Bob"]),
        ([["Moss grows", "Ann Lee Keeper", "Ann Lee"]], ["Ann Lee Keeper / Ann Lee"]),
        ([["Moss grows", "Ann Lee", "Owl", "Ann Lee", "Owl"]], ["Ann Lee"]),
        ([["Moss grows", "Ann Lee", "Owl", "Ann Lee Owl"]], ["Ann Lee"]),
        (
            [["Ann Lee", "Keeper"], ["Bob", "Keeper"], ["Cy", "Warden"], ["Rain", "Dee", "Keeper"]],
            ["Ann Lee", "Bob", "Cy", "Dee"],
        ),
        ([["Ann Lee", "Senior Member"], ["Rain", "Bob", "Senior Member"]], ["Ann Lee", "Bob"]),
        (
            [["Ann Lee"], ["Moss grows", "Ann Lee"], ["Rain", "Ann Lee"], ["Ann Lee"]],
            ["Ann Lee", "Ann Lee", "Ann Lee", "Ann Lee"],
        ),
        (
            [["Ann Lee", "Owl", "Joined: 2015"], ["Bob", "Ram", "Joined", "2016"], ["Rain", "Cy", "Fox"]],
            ["Ann Lee", "Bob", "Cy"],
        ),
        (
            [["Ann Lee", "Joined: 2015", "Owl"], ["Bob", "Joined: 2016", "Ram"], ["Rain", "Cy", "Fox"]],
            ["Ann Lee", "Bob", "Cy"],
        ),
        (
            [["Ann Lee", "Joined", "2015", "Owl"], ["Bob", "Joined", "2016", "Ram"], ["Rain", "Cy", "Fox"]],
            ["Ann Lee", "Bob", "Cy"],
        ),
        (
            [["Ann Lee", "Owl", "Senior Member"], ["Bob", "Ram"], ["Rain", "Cy", "Fox"]],
            ["Ann Lee", "Bob", "Cy"],
        ),
        (
            [["Ann Lee", "Owl", "Admin"], ["Bob", "Ram"], ["Rain", "Cy", "Fox"]],
            ["Ann Lee", "Bob", "Cy"],
        ),
        (
            [["Ann Lee", "Owl"], ["Bob", "Ram"], ["Rain", "Cy", "Fox", "412"]],
            ["Ann Lee", "Bob", "Cy"],
        ),
        (
            [["Ann Lee", "Keeper"], ["Bob", "Keeper"], ["Rain", "Cy", "Keeper"], ["Keeper"]],
            ["Ann Lee", "Bob", "Cy", "Keeper"],
        ),
    ],
    ids=[
        "no block",
        "nothing else",
        "twice",
        "below its first letter",
        "below itself and a title",
        "twice with a title",
        "and again on one line with its title",
        "above titles that come back",
        "above ranks",
        "comes back",
        "as high as the others, facts aside",
        "facts above a title",
        "facts on two lines above a title",
        "a rank below a title",
        "a role below a title",
        "a number below a title",
        "above a rank that once stands alone",
    ],
)
def test_the_author_of_each_block(blocks: Sequence[Sequence[str]], expected: Sequence[str]) -> None:
    assert expected == _chosen(blocks)


def test_who_is_quoted_is_a_person() -> None:
    blocks = [["Moss grows", "Ann Lee"]]

    assert ["Moss grows"] == _chosen(blocks)
    assert ["Ann Lee"] == _chosen(blocks, text="Ann Lee said:")
    blocks += [["Rain", "Ann Lee"], ["Bob"]]
    assert ["Ann Lee", "Ann Lee", "Bob"] == _chosen(blocks, text="Ann Lee said:")


def test_what_ends_above_tells_of_the_first_line() -> None:
    """Below another comment's header the first line is likely its text, below furniture it is none."""
    blocks = [["Moss grows", "Ann Lee"]]

    assert ["Ann Lee"] == _chosen(blocks, follows=True)
    assert ["Moss grows"] == _chosen(blocks, follows=True, is_clean=True)
    assert ["Ann Lee / Ann Lee"] == _chosen([["Ann Lee", "Ann Lee", "Owl"]], is_clean=True)


def test_what_is_like_a_name_may_be_none() -> None:
    assert ["Ann Lee"] == _chosen([["Ann Lee"]], likely=[TIME])
    assert ["A / Ann Lee"] == _chosen([["A", "Ann Lee"]], likely=["A"], is_clean=True)
    assert ["Ann Lee"] * 2 == _chosen([["Ann Lee", "Owl"]] * 2, likely=["Owl"], follows=True)
    blocks = [["Ann Lee", "Online"], ["Rain", "Bob", "Online"], ["Cy", "Online"], ["Moss", "Dee", "Online"]]
    assert ["Ann Lee", "Bob", "Cy", "Dee"] == _chosen(blocks, likely=["Online"])


@pytest.mark.parametrize(
    ("lines", "may_be"),
    [
        (["Owl", "Ann Lee"], True),
        (["Owl", TIME], False),
        (["Owl", f"Back on {TIME}"], False),
        (["Owl", "Ann Lee " * 20], False),
        (["Owl", "Reply"], False),
        (["Owl", "Joined: 2015"], False),
        (["Owl", "Joined"], True),
        (["Joined", "Cork"], False),
        (["Joined: 2015", "Ann Lee"], True),
        (["Ann Lee"], True),
    ],
)
def test_what_may_be_a_name(lines: Sequence[str], may_be: bool) -> None:
    assert may_be == (label_likeness(_page(lines), len(lines) - 1) > 0)
