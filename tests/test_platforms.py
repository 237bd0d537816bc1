"""What holds for a conversation on every platform, in every language, whatever is read of it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import ODD_NAMES, PLAIN_NAMES, Conversation, Habits, fill, threads, with_plain_names
from invariants import assert_all_holds
from languages import NAMES, Language
from layouts import render_as
from threadparse import Thread, parse
from threadparse._dialect import dialect_names, load_dialect

LANGUAGES = {name: Language.load(name) for name in NAMES}
PAIRS = [
    (name, NAMES[(2 * number + more) % len(NAMES)]) for number, name in enumerate(dialect_names()) for more in (0, 1)
]
"""Each platform in two languages, and each language on three platforms or four."""
EXAMPLES = max(2, settings().max_examples // 20)
"""Few: there are many platforms, and many parses in each example."""
FOOTER = "\n\nPost navigation\nPrevious post\n© 2031 The Marsh Courier. All rights reserved.\n"
PROSE = "The ledger beside the old pump was counted again, and nobody asked why it had been kept for so long."


def test_every_platform_and_every_language_is_among_the_pairs() -> None:
    assert (set(dialect_names()), set(NAMES)) == tuple(map(set, zip(*PAIRS, strict=True)))


@pytest.mark.parametrize(("name", "language"), PAIRS)
@given(seed=st.integers(0, 2**16))
@settings(max_examples=EXAMPLES // 2)
def test_everything_holds_on_every_platform_in_every_language(name: str, language: str, seed: int) -> None:
    source = random.Random(f"{name} {language} {seed}")
    names = source.sample((*PLAIN_NAMES, *ODD_NAMES), 5)
    habits = Habits(names=names, vote_lines=source.randint(0, 2), is_relative=source.random() < 0.5)
    page = fill(Conversation(remarks=()), habits, number=source.randint(2, 9), seed=seed)
    text = render_as(LANGUAGES[language].translated(page), load_dialect(name), LANGUAGES[language], seed)

    thread = assert_all_holds(text)
    assert _said(thread) == _said(parse(text.replace("\n", source.choice(("\r\n", "\r")))))
    assert_all_holds(text, dialect=name, locale=language)


@pytest.mark.parametrize("name", dialect_names())
@given(conversation=threads(), seed=st.integers(0, 2**16))
@settings(max_examples=EXAMPLES // 2)
def test_everything_holds_on_one_line(name: str, conversation: Conversation, seed: int) -> None:
    line = " ".join(render_as(conversation, load_dialect(name), LANGUAGES["en"], seed).split())
    assert_all_holds(line)
    assert_all_holds(line, dialect=name)


@pytest.mark.parametrize("name", dialect_names())
@given(conversation=threads(), seed=st.integers(0, 2**16))
@settings(max_examples=EXAMPLES)
def test_what_stands_around_a_page_does_not_matter(name: str, conversation: Conversation, seed: int) -> None:
    """Which platform it is, is said: a page whose lines fit several may be taken for another with more above it."""
    text = render_as(with_plain_names(conversation), load_dialect(name), LANGUAGES["en"], seed)
    thread = parse(text, dialect=name)

    below = parse(text + FOOTER, dialect=name)
    assert _said(thread)[:-1] == _said(below)[: len(thread.comments) - 1]
    above = parse("\n\n".join(["A longer page", PROSE, PROSE, text]), dialect=name)
    assert _said(thread) == _said(above)


def _said(thread: Thread) -> list[tuple[object, ...]]:
    return [
        (
            comment.author,
            comment.text.replace("\r\n", "\n").replace("\r", "\n"),
            comment.posted and comment.posted.raw,
            comment.parent_index,
        )
        for comment in thread.comments
    ]
