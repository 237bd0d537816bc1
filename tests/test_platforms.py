"""What holds for a conversation on every platform, in every language, whatever is read of it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import Conversation, threads, with_plain_names
from invariants import assert_all_holds
from languages import NAMES, Language
from layouts import render_as
from threadparse import Thread, parse
from threadparse._dialect import dialect_names, load_dialect

LANGUAGES = {name: Language.load(name) for name in NAMES}
EXAMPLES = max(2, settings().max_examples // 20)
"""Few: there are many platforms, and many parses in each example."""
FOOTER = "\n\nPost navigation\nPrevious post\n© 2031 The Marsh Courier. All rights reserved.\n"
PROSE = "The ledger beside the old pump was counted again, and nobody asked why it had been kept for so long."


@pytest.mark.parametrize("name", dialect_names())
@given(conversation=threads(), language=st.sampled_from(NAMES), seed=st.integers(0, 2**16))
@settings(max_examples=EXAMPLES)
def test_everything_holds_on_every_platform(name: str, conversation: Conversation, language: str, seed: int) -> None:
    page = LANGUAGES[language].translated(conversation)
    text = render_as(page, load_dialect(name), LANGUAGES[language], seed)

    thread = assert_all_holds(text)
    line_break = random.Random(seed).choice(("\r\n", "\r"))
    assert _said(thread) == _said(parse(text.replace("\n", line_break)))
    assert_all_holds(text, dialect=name, locale=language)


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
