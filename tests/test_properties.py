"""What holds for every input, and that a rendered conversation parses back to itself."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conversations import Conversation, chain, threads, with_plain_names
from fixture_format import FIXTURES, read_case
from invariants import FRAGMENTS, SCRAPED_AT, assert_all_holds, assert_tree_is_sound
from languages import NAMES, Language
from rendering import STYLES, Layout, Style, render
from threadparse import Comment, Thread, explain, learn, parse, parse_all
from threadparse._screen import screen_for

LINKS = 10_000
EXAMPLES = max(20, settings().max_examples // 2)
"""Of tests that run for each language, or for each way to write a page."""

hostile_texts = st.one_of(
    st.text(st.characters(categories=None), max_size=400),
    st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("\n".join),
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=60).map("\r\n".join),
    st.lists(st.sampled_from((*FRAGMENTS, "\n", "\r", "\n", "\n", "\u2028", "\x85", "\x0b"))).map("".join),
)


@given(hostile_texts, st.sampled_from((None, SCRAPED_AT)))
@settings(max_examples=300)
def test_everything_holds_for_every_text(text: str, scraped_at: datetime | None) -> None:
    assert_all_holds(text, scraped_at=scraped_at)


@given(hostile_texts)
def test_everything_that_reads_a_text_takes_every_text(text: str) -> None:
    """Only ``learn`` may refuse one: nothing repeats on it."""
    for thread in parse_all(text):
        assert_tree_is_sound(thread)
    assert text == "".join(text[line.span.start : line.span.end] for line in explain(text))
    try:
        learned = learn(text)
    except ValueError as error:
        if "repeats" not in str(error):
            raise
    else:
        assert_all_holds(text, dialect=learned)


@given(hostile_texts)
@settings(max_examples=300)
def test_a_glance_changes_nothing(text: str) -> None:
    assert parse(text) == _read_whole(text)


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.txt")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_glance_changes_no_fixture(path: Path) -> None:
    text = read_case(path).dump
    if not screen_for(None).passes(text):
        assert parse(text) == _read_whole(text)


def _read_whole(text: str) -> Thread:
    """What ``parse`` gives where a glance is not trusted."""
    return parse_all(text)[0]


@given(hostile_texts)
def test_line_breaks_do_not_matter(text: str) -> None:
    lines = _with_line_feeds(text)
    expected = [_facts(comment) for comment in parse(lines).comments]

    assert expected == [_facts(comment) for comment in parse(lines.replace("\n", "\r\n")).comments]
    assert expected == [_facts(comment) for comment in parse(lines.replace("\n", "\r")).comments]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@pytest.mark.parametrize("layout", [Layout.ONE, Layout.TWO, Layout.THREE], ids=lambda layout: layout.value)
@given(conversation=threads())
@settings(max_examples=EXAMPLES)
def test_a_rendered_conversation_parses_back(layout: Layout, style: Style, conversation: Conversation) -> None:
    conversation = with_plain_names(conversation)
    if not style.has_avatars:  # a label is then one more line that could be a name
        conversation = attrs.evolve(
            conversation, remarks=tuple(attrs.evolve(remark, role=None) for remark in conversation.remarks)
        )

    thread = parse(render(conversation, layout, style))

    assert _said(conversation) == _heard(thread)
    assert_parents_are_right(conversation, thread)
    assert_tree_is_sound(thread)


def assert_parents_are_right(conversation: Conversation, thread: Thread) -> None:
    """The markers decide; where times and words make a root look like a reply without its marker, a note says so."""
    doubted = [note.span for note in thread.notes if note.code == "missing-marker"]
    if not doubted:
        assert [remark.parent for remark in conversation.remarks] == [c.parent_index for c in thread.comments]
        assert all(c.parent_confidence > 0.9 for c in thread.comments if c.parent_index is not None)
    for comment in thread.comments:
        if comment.span in doubted:
            assert comment.parent_confidence < 0.97
            assert conversation.remarks[comment.index].parent is None


LANGUAGES = {name: Language.load(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
@given(
    conversation=threads(),
    layout=st.sampled_from([Layout.ONE, Layout.TWO, Layout.THREE]),
    style=st.sampled_from(STYLES),
)
@settings(max_examples=EXAMPLES)
def test_a_conversation_in_any_language_parses_back(
    name: str, conversation: Conversation, layout: Layout, style: Style
) -> None:
    language = LANGUAGES[name]
    conversation = attrs.evolve(language.translated(with_plain_names(conversation)), has_form=True)
    # In Chinese "reply to" is the button's word: on a line of its own, and without buttons, it could close a comment.
    is_button = language.say("reply") == language.marker.removesuffix("{name}").strip()
    assume(conversation.has_reply_buttons or not is_button or len(style.marker) == 1)
    if not style.has_avatars:
        conversation = attrs.evolve(
            conversation, remarks=tuple(attrs.evolve(remark, role=None) for remark in conversation.remarks)
        )

    thread = parse(render(conversation, layout, style, language))

    assert _said(conversation) == _heard(thread)
    assert_parents_are_right(conversation, thread)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@given(conversation=threads(is_old=True))
@settings(max_examples=EXAMPLES)
def test_an_old_page_parses_back_but_for_its_tree(style: Style, conversation: Conversation) -> None:
    conversation = with_plain_names(conversation)
    bare = attrs.evolve(
        conversation,
        remarks=tuple(attrs.evolve(r, edited=None, truncated=False, role="Member") for r in conversation.remarks),
        has_sort_bar=False,
    )

    thread = parse(render(bare, Layout.OLD, style))

    assert _said(bare) == _heard(thread)
    assert_tree_is_sound(thread)


@pytest.fixture(scope="module")
def deep() -> Thread:
    return parse(render(chain(LINKS), Layout.ONE, STYLES[0]))


def test_depth_does_not_matter(deep: Thread) -> None:
    assert [None, *range(LINKS - 1)] == [comment.parent_index for comment in deep.comments]
    assert list(range(LINKS)) == [comment.depth for comment in deep.comments]
    assert deep == copy.copy(deep) == copy.deepcopy(deep) == pickle.loads(pickle.dumps(deep))
    assert deep == Thread.from_dict(deep.to_dict())
    assert len({deep, *deep.comments}) == LINKS + 1
    assert repr(deep)
    assert deep.to_json()


def _said(conversation: Conversation) -> list[dict[str, Any]]:
    return [
        {
            "author": remark.author,
            "posted": remark.posted,
            "text": _folded(" ".join(remark.paragraphs)),
            "role": remark.role,
            "votes": remark.vote_sum,
            "edited": remark.edited and remark.edited[1],
            "truncated": remark.truncated,
            "hidden replies": remark.hidden_replies,
        }
        for remark in conversation.remarks
    ]


def _heard(thread: Thread) -> list[dict[str, Any]]:
    return [
        {
            "author": comment.author,
            "posted": comment.posted and comment.posted.raw,
            "text": _folded(comment.text),
            "role": comment.role,
            "votes": comment.votes,
            "edited": comment.edited and comment.edited.by,
            "truncated": comment.truncated,
            "hidden replies": comment.hidden_replies,
        }
        for comment in thread.comments
    ]


def _facts(comment: Comment) -> dict[str, Any]:
    facts = {field.name: getattr(comment, field.name) for field in attrs.fields(Comment) if field.name[0] != "_"}
    return {**facts, "text": _with_line_feeds(comment.text), "span": None}


def _folded(text: str) -> str:
    return " ".join(text.split())


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
