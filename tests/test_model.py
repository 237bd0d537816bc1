"""Threads built by hand: what must hold for the values whatever a dump says, and at any depth."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from threadparse import (
    Candidate,
    Comment,
    DataError,
    Edit,
    Note,
    ParseError,
    Segment,
    SegmentKind,
    Span,
    Thread,
    ThreadparseError,
    Timestamp,
    _dialect,
    _headershapes,
    _model,
)

LINKS = 10_000
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


def comment(index: int, parent: int | None = None, depth: int = 0, **changes: Any) -> Comment:
    facts: dict[str, Any] = {
        "index": index,
        "author": f"Rower {index}",
        "text": "We kept the ledger.",
        "posted": Timestamp("2 months ago", None, None, "month"),
        "reply_to": None if parent is None else f"Rower {parent}",
        "parent_index": parent,
        "parent_confidence": 1.0,
        "parent_candidates": (Candidate(parent, 1.0),),
        "depth": depth,
        "truncated": False,
        "edited": None,
        "role": None,
        "votes": None,
        "hidden_replies": 0,
        "is_trackback": False,
        "span": Span(index * 10, index * 10 + 10),
    }
    return Comment(**facts | changes)


def thread(*comments: Comment, **changes: Any) -> Thread:
    facts: dict[str, Any] = {
        "comments": comments,
        "segments": (Segment(SegmentKind.TEXT, Span(0, 10), 0),),
        "notes": (),
        "dialect": "wpdiscuz",
        "locale": "en",
        "declared_count": None,
        "scraped_at": None,
        "article": "",
    }
    return Thread(**facts | changes)


def forest() -> Thread:
    """Two roots; the first has two replies, and the first of these one."""
    return thread(comment(0), comment(1, 0, 1), comment(2, 1, 2), comment(3, 0, 1), comment(4))


def chain(links: int = LINKS) -> Thread:
    return thread(*(comment(i, i - 1 if i else None, i) for i in range(links)))


def full() -> Thread:
    """A thread in which every field says something."""
    moment = Timestamp("2 months ago", NOON.replace(month=2, day=5), NOON.replace(month=3), "month")
    odd = comment(
        0,
        author="\ud800 李",
        posted=moment,
        parent_confidence=0.75,
        parent_candidates=(Candidate(None, 0.75), Candidate(1, 0.25)),
        truncated=True,
        edited=Edit("Last edited 2 months ago by Kip", "Kip", moment),
        role="Admin",
        votes=-3,
        hidden_replies=2,
        is_trackback=True,
        deleted=True,
    )
    return thread(
        odd,
        comment(1, posted=None, edited=Edit("edited")),
        notes=(Note("odd", "It is odd.", Span(3, 5)), Note("plain", "It is plain.")),
        declared_count=2,
        scraped_at=NOON,
        article="A kiln by the river",
        text="A kiln by the river\n",
    )


def test_navigation() -> None:
    value = forest()
    root, reply, deep, second, other = value.comments

    assert (root, other) == value.roots
    assert [0, 1, 2, 3, 4] == [c.index for c in value.walk()]
    assert (reply, second) == root.replies
    assert (deep,) == reply.replies
    assert () == deep.replies
    assert reply is deep.parent
    assert root.parent is None
    assert ("Rower 0", "Rower 1", "Rower 2", "Rower 3", "Rower 4") == value.participants


def test_walk_is_depth_first_where_the_page_is_not() -> None:
    value = thread(comment(0), comment(1), comment(2, 0, 1), comment(3, 1, 1), comment(4, 0, 1))

    assert [0, 2, 4, 1, 3] == [c.index for c in value.walk()]


def test_participants_come_once() -> None:
    value = thread(comment(0, author="Kip"), comment(1, author="Bob"), comment(2, author="Kip"))

    assert ("Kip", "Bob") == value.participants


def test_a_comment_outside_a_thread_has_no_relatives() -> None:
    alone = comment(1, 0, 1)

    assert alone.parent is None
    assert () == alone.replies


def test_a_comment_in_two_threads_keeps_its_first() -> None:
    value = forest()
    other = thread(value.comments[0])

    assert () == other.comments[0].replies
    assert 2 == len(value.comments[0].replies)
    assert value.comments[0] == other.comments[0]


def test_values_are_frozen() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        forest().article = "other"  # type: ignore[misc]


def test_what_is_put_off_is_there_when_it_is_asked_for() -> None:
    made: list[str] = []

    def make() -> str:
        made.append("article")
        return "So it goes."

    def put_off() -> Thread:
        fields = {field.name: getattr(forest(), field.name) for field in attrs.fields(Thread)}
        del fields["article"]
        return Thread._put_off({"article": make}, **fields)

    whole = attrs.evolve(forest(), article="So it goes.")
    lazy = put_off()
    assert not made
    assert ("So it goes.", "So it goes.") == (lazy.article, lazy.article)
    assert ["article"] == made
    assert whole == put_off() == pickle.loads(pickle.dumps(put_off())) == copy.deepcopy(put_off())
    assert whole.to_dict() == put_off().to_dict()
    assert (hash(whole), repr(whole)) == (hash(put_off()), repr(put_off()))
    assert not hasattr(lazy, "articles")


def test_a_dict_holds_everything() -> None:
    value = full()

    assert value == Thread.from_dict(value.to_dict())
    assert value == Thread.from_dict(json.loads(value.to_json()))
    assert value == Thread.from_dict(json.loads(value.to_json(indent=2)))
    assert 1 == value.to_dict()["schema"]
    assert value.to_json().isascii()


def test_another_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="schema 1, got 2"):
        Thread.from_dict({**full().to_dict(), "schema": 2})


def test_a_missing_field_is_named() -> None:
    data = full().to_dict()
    del data["article"]

    with pytest.raises(KeyError, match="article"):
        Thread.from_dict(data)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
@pytest.mark.parametrize("make", [forest, full, chain])
def test_copies_are_equal_and_whole(duplicate: Callable[[Thread], Thread], make: Callable[[], Thread]) -> None:
    value = make()
    other = duplicate(value)

    assert value == other
    assert hash(value) == hash(other)
    assert [c.index for c in value.walk()] == [c.index for c in other.walk()]
    assert [c.parent for c in value.comments] == [c.parent for c in other.comments]


@pytest.mark.parametrize(
    "ask",
    [
        lambda thread: thread.roots,
        lambda thread: list(thread.walk()),
        lambda thread: thread.comments[0].replies,
        lambda thread: thread.participants,
        lambda thread: thread.segments,
        lambda thread: thread.to_dict(),
        lambda thread: pickle.loads(pickle.dumps(thread)),
    ],
)
@pytest.mark.parametrize("make", [forest, full])
def test_a_thread_that_travelled(make: Callable[[], Thread], ask: Callable[[Thread], object]) -> None:
    value = pickle.loads(pickle.dumps(make()))

    assert ask(make()) == ask(value)
    assert value.comments is value.comments
    assert all(comment.parent is None or comment in comment.parent.replies for comment in value.comments)


def test_a_travelled_thread_unpacks_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = list[bytes]()
    load = pickle.loads

    def loads(data: bytes) -> Any:
        unpacked.append(data)
        return load(data)

    monkeypatch.setattr(pickle, "loads", loads)
    value = load(pickle.dumps(full()))

    assert (full().article, full().dialect, full().notes) == (value.article, value.dialect, value.notes)
    assert [] == unpacked
    assert full().comments == value.comments == value.comments
    assert 1 == len(unpacked)
    assert full().segments == value.segments == value.segments
    assert 2 == len(unpacked)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_every_pickle_protocol(protocol: int) -> None:
    value = full()

    assert value == pickle.loads(pickle.dumps(value, protocol))


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_comment_alone_can_be_copied(duplicate: Callable[[Comment], Comment]) -> None:
    value = chain().comments[-1]

    assert value == duplicate(value)


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda value: value == chain(), id="compare"),
        pytest.param(repr, id="print"),
        pytest.param(lambda value: {value, *value.comments}, id="hash"),
        pytest.param(lambda value: value.to_json(), id="export"),
        pytest.param(lambda value: Thread.from_dict(value.to_dict()) == value, id="import"),
        pytest.param(lambda value: attrs.evolve(value, article="other").walk(), id="evolve"),
    ],
)
def test_depth_does_not_matter(use: Callable[[Thread], Any]) -> None:
    assert use(chain())


def test_a_comment_prints_without_its_thread() -> None:
    assert "_thread" not in repr(forest().comments[0])
    assert repr(comment(4)) == repr(forest().comments[4])


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ParseError("two parents", line=3, column=7), "two parents (line 3, column 7)"),
        (DataError("unknown word", file="en.toml", key="words.reply"), "en.toml: words.reply: unknown word"),
        (DataError("empty", file="en.toml"), "en.toml: empty"),
    ],
)
def test_errors_say_where_and_survive_pickling(error: ThreadparseError, text: str) -> None:
    other = pickle.loads(pickle.dumps(error))

    assert text == str(error)
    assert text == str(other)
    assert vars(error) == vars(other)
    assert isinstance(other, ThreadparseError)
    assert isinstance(other, ValueError)


def test_a_pickle_of_an_earlier_version_finds_its_classes() -> None:
    values = (Candidate, Comment, Edit, Note, Segment, SegmentKind, Span, Thread, Timestamp)
    shapes = (_headershapes.HeaderShape, _headershapes.Level, _headershapes.Slot)

    assert values == tuple(getattr(_model, value.__name__) for value in values)
    assert shapes == tuple(getattr(_dialect, shape.__name__) for shape in shapes)
