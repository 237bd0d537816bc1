"""No pattern backtracks for long: what the audit in ``patterns.py`` finds, held."""

from __future__ import annotations

import pytest

import patterns
from patterns import LINE, Pattern, Reader

ALL = {(one.place, patterns.shape(one.source)): one for one in patterns.collected()}
IN_FUNCTIONS = {
    "_templates.compile_line",  # lines of dialects
    "_templates.pattern",  # forms of locales and dialects
    "_timegrammar._patterns",  # times
    "_timegrammar._needs",  # one character of some
    "_timegrammar._templates",  # splits a form of a data file
    "_timegrammar.is_plain",  # a form of a data file
    "_timewords._check_template",  # a form of a data file
    "_times._found",  # one character again and again
    "_flow._names_quoted",  # words of a language, as they stand
    "_clues._above",  # lines of headers, joined, in a window of 240 code points
    "_clues._below",  # the same, in a window of 60
    "_clues._glued",  # words of a platform behind a number
    "_breaks.cut_glued",  # words of a platform, as they stand
    "_pieces._glued_replies",  # words of a language, as they stand
    "_paragraphs._mark_patterns",  # white space around words, in a window of 400 code points
}
"""Where functions compile patterns or use them as strings; a new one belongs into the audit."""
SECONDS = 0.5
"""For the slowest match on a line; the slowest takes some milliseconds, and one that backtracks takes years."""


def test_the_audit_knows_every_place_that_compiles() -> None:
    assert patterns.places_in_functions() == IN_FUNCTIONS


@pytest.mark.parametrize("place", sorted({place for place, _ in ALL}))
def test_no_repeat_is_ambiguous_without_a_bound(place: str) -> None:
    for pattern in _of(place):
        tree = Reader(pattern.source).whole()
        assert not patterns.is_nested(tree), pattern.source
        assert not list(patterns.clashes(tree, float("inf"))), pattern.source


@pytest.mark.parametrize("place", sorted({place for place, _ in ALL}))
def test_attacks_end_soon(place: str) -> None:
    for pattern in _of(place):
        assert patterns.seconds(pattern, patterns.attacks(pattern.source, LINE)) < SECONDS, pattern.source


@pytest.mark.parametrize(
    ("source", "nested", "clashing"),
    [
        ("(?:a+)+b", True, False),
        ("(?:a|b+)*c", True, False),
        (r"(?:,\d+)*", False, False),
        (r"\d*\d+x", False, True),
        (r"\w+\s*\w+x", False, True),
        (r"\w+\s+\w+x", False, False),
        (r"[^\[\]]*\[[^\]]*\]", False, False),
    ],
)
def test_the_audit_finds_what_is_ambiguous(source: str, nested: bool, clashing: bool) -> None:
    tree = Reader(source).whole()
    assert nested == patterns.is_nested(tree)
    assert clashing == bool(list(patterns.clashes(tree, float("inf"))))


def _of(place: str) -> list[Pattern]:
    return [pattern for (of, _), pattern in ALL.items() if of == place]
