"""``merge``: several dumps of one page become one thread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import Conversation, threads, with_plain_names
from invariants import assert_tree_is_sound
from rendering import STYLES, Layout, render
from test_model import chain, comment, thread
from test_properties import hostile_texts
from threadparse import Candidate, Comment, Edit, Note, Segment, SegmentKind, Span, Thread, Timestamp, merge, parse

EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour-bridge.txt"
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
LONG = "The pump behind the mill was painted green when nobody counted the geese"


def page(*comments: str, count: int | None = None) -> str:
    """A dump: each comment as ``author | marker | text``, the marker may be empty; the lines of a text follow it."""
    lines = [f"{len(comments) if count is None else count} Comments"]
    for said in comments:
        author, marker, text = said.split(" | ")
        lines += [author, author, "2 days ago", *([f"Reply to  {marker}"] if marker else []), "", text, ""]
        lines += [] if "View Replies" in text else ["Reply"]
    return "\n".join(lines) + "\n"


def tree(merged: Thread) -> list[str]:
    """Each comment as ``author: first words``, indented, with a star if it is marked as deleted."""
    assert_tree_is_sound(merged)
    return [f"{'  ' * c.depth}{c.author}: {c.text[:12].strip()}{' *' * c.deleted}" for c in merged.comments]


def merged(*pages: str, **options: Any) -> Thread:
    return merge(parse(text, **options) for text in pages)


ANN, BOB, KIP = "Ann | | The geese are back.", "Bob | Ann | How many of them?", "Kip | | Nobody paints the pump."


def page_of(*comments: str) -> str:
    return page(*(said.replace(" | | ", " |  | ") for said in comments))


def test_one_thread_is_itself() -> None:
    value = parse(EXAMPLE.read_text(encoding="utf-8"))

    assert value is merge([value])


def test_the_same_dump_twice() -> None:
    value = parse(EXAMPLE.read_text(encoding="utf-8"))
    twice = merge([value, value])

    assert tree(value) == tree(twice)
    assert value.text * 2 == twice.text
    assert twice.text == "".join(twice.text[s.span.start : s.span.end] for s in twice.segments)
    assert [c.span.start + len(value.text) for c in value.comments] == [c.span.start for c in twice.comments]
    assert [c.parent_confidence for c in value.comments] == pytest.approx(
        [c.parent_confidence for c in twice.comments], abs=2e-4
    )
    assert Thread.from_dict(twice.to_dict()) == twice


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([(ANN, KIP), (ANN, BOB, KIP)], ["Ann: The geese ar", "  Bob: How many of", "Kip: Nobody paint"]),
        ([(ANN, BOB, KIP), (ANN, KIP)], ["Ann: The geese ar", "  Bob: How many of *", "Kip: Nobody paint"]),
        ([(ANN,), (KIP,)], ["Ann: The geese ar *", "Kip: Nobody paint"]),
        ([(KIP, ANN, BOB), (ANN, KIP)], ["Ann: The geese ar", "  Bob: How many of *", "Kip: Nobody paint"]),
        (
            [(ANN, BOB), (ANN, "Cleo | Ann | Seven."), (ANN, "Cleo | Ann | Seven.")],
            ["Ann: The geese ar", "  Bob: How many of *", "  Cleo: Seven."],
        ),
        (
            [("Ann | | Yes!", "Ann | | Yes!"), ("Ann | | Yes!", "Ann | | Yes!", "Ann | | Yes!")],
            ["Ann: Yes!", "Ann: Yes!", "Ann: Yes!"],
        ),
        ([(ANN, BOB), (ANN, BOB.replace("Bob", "BOB"))], ["Ann: The geese ar", "  BOB: How many of"]),
        ([("Ann | | 😀",), ("Ann | | 😀", "Ann | | 🦊")], ["Ann: 😀", "Ann: 🦊"]),
    ],
    ids=["new", "deleted", "all other", "other order", "three", "alike", "upper case", "no letters"],
)
def test_every_comment_once(pages: list[tuple[str, ...]], expected: list[str]) -> None:
    assert expected == tree(merged(*(page_of(*comments) for comments in pages)))


def test_what_was_deleted_between_two_replies_stays_in_thread_order() -> None:
    first = page_of(ANN, BOB, "Cleo | | The mill is closed.", KIP)
    second = page_of(ANN, "Dora | Ann | Seven of them.", KIP)

    assert [
        "Ann: The geese ar",
        "  Bob: How many of *",
        "  Dora: Seven of the",
        "Cleo: The mill is *",
        "Kip: Nobody paint",
    ] == tree(merged(first, second))


@pytest.mark.parametrize(
    ("second", "is_deleted"),
    [
        (page(ANN.replace("| |", "|  |"), KIP.replace("| |", "|  |"), count=3), True),
        (page(ANN.replace("| |", "|  |"), count=3), False),
        (page(ANN.replace("| |", "|  |"), count=1), True),
        (page(ANN.replace("| |", "|  |") + "\nReply\nView Replies (1)", KIP.replace("| |", "|  |")), False),
        ("1 Comment\n", False),
    ],
    ids=["between two", "the dump may end early", "all comments shown", "folded away", "nothing was read"],
)
def test_what_counts_as_deleted(second: str, *, is_deleted: bool) -> None:
    both = merged(page_of(ANN, BOB, KIP), second)

    assert [is_deleted] == [c.deleted for c in both.comments if c.author == "Bob"]


def test_replies_that_another_dump_shows_are_not_hidden() -> None:
    both = merged(page_of(ANN, BOB), page_of(ANN + "\nReply\nView Replies (3)"))

    assert [(2, False), (0, False)] == [(c.hidden_replies, c.deleted) for c in both.comments]


def test_what_an_extractor_drops_is_not_deleted() -> None:
    full, short = (parse(page_of(*said), scraped_at=NOON) for said in ((ANN, BOB, KIP), (ANN, KIP)))
    earlier = parse(page_of(ANN, BOB, "Dora | Bob | Seven.", KIP), scraped_at=NOON - timedelta(hours=2))

    assert [] == [c.author for c in merge([full, short]).comments if c.deleted]
    assert ["Dora"] == [c.author for c in merge([full, short, earlier]).comments if c.deleted]


def test_the_order_is_that_of_time() -> None:
    now, before = (parse(page_of(ANN + more), scraped_at=NOON - timedelta(days=d)) for more, d in (("!", 0), ("?", 1)))
    both = merge([now, before])

    assert "The geese are back.!" == both.comments[0].text
    assert before.text + now.text == both.text
    assert NOON == both.scraped_at


@pytest.mark.parametrize("order", [1, -1])
def test_a_text_that_is_cut_is_completed(order: int) -> None:
    cut, whole = f"Ann | | {LONG[:50]}…  Read more »", f"Ann | | {LONG}"
    both = merged(*(page_of(said, KIP) for said in (cut, whole)[::order]))

    assert [(LONG, False)] == [(c.text, c.truncated) for c in both.comments if c.author == "Ann"]
    assert 2 == len(both.comments)
    assert LONG in both.text[both.comments[0].span.start : both.comments[0].span.end]


def test_the_longest_of_two_cut_texts() -> None:
    both = merged(*(page_of(f"Ann | | {LONG[:end]}…  Read more »") for end in (60, 40)))

    assert [(LONG[:60], True)] == [(c.text, c.truncated) for c in both.comments]


def test_a_text_that_was_edited_and_is_cut_stays_cut() -> None:
    both = merged(page_of(ANN, f"Bob | Ann | {LONG}"), page_of(ANN, f"Bob | Ann | Edited: {LONG[:50]}…  Read more »"))

    assert [(f"Edited: {LONG[:50]}", True)] == [(c.text, c.truncated) for c in both.comments[1:]]


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [
        ("Bob | Ann | We saw seven geese.", "Bob | Ann | We saw eight geese.", 3),
        ("Bob | Ann | We saw seven geese.", "Bob | Ann | Mind the gap!", 4),
        (f"Bob | Ann | {LONG}", f"Bobby | Ann | {LONG}", 3),
        ("Bob | Ann | Seven geese.", "Bobby | Ann | Seven geese.", 4),
    ],
    ids=["edited", "another comment", "renamed", "another author"],
)
def test_who_is_who(before: str, after: str, number: int) -> None:
    both = merged(page_of(ANN, before, KIP), page_of(ANN, after, KIP))

    assert number == len(both.comments)
    assert after.partition(" | ")[0] == both.comments[number - 2].author


def test_an_edited_comment_is_known_by_the_one_after_it() -> None:
    first = page_of("Ann | | We saw seven geese.", KIP)
    second = page_of("Dora | | Spring!", "Ann | | We saw eight geese.", KIP)

    assert ["Dora: Spring!", "Ann: We saw eight", "Kip: Nobody paint"] == tree(merged(first, second))


def dated(text: str, *hours: float | None) -> Comment:
    """A comment that says so, posted between these hours of the day."""
    earliest, latest = (None if hour is None else NOON + timedelta(hours=hour) for hour in hours)
    return comment(0, author="Ann", text=text, posted=Timestamp("then", earliest, latest, "hour"), span=Span(0, 0))


def alone(said: Comment, **changes: Any) -> Thread:
    return thread(said, segments=(), **changes)


@pytest.mark.parametrize(
    ("times", "number"),
    [
        (((0, 1), (0, 2)), 1),
        (((0, 1), (0.5, 2)), 2),
        (((0, 1), (3, 4)), 2),
        (((None, None), (3, 4)), 2),
    ],
    ids=["same moment", "may be the same", "not the same", "unknown"],
)
def test_a_comment_of_other_words_is_the_same_at_the_same_moment(times: Any, number: int) -> None:
    both = merge([alone(dated("We saw geese", *times[0])), alone(dated("[removed]", *times[1]))])

    assert number == len(both.comments)


def test_an_edit_at_another_time_is_another_comment() -> None:
    both = merge([alone(dated("We saw seven geese", 0, 1)), alone(dated("We saw eight geese", 2, 3))])

    assert 2 == len(both.comments)


@pytest.mark.parametrize(
    ("times", "expected", "codes"),
    [
        ([(0, 5), (3, 9)], (3, 5), []),
        ([(0, 5), (None, None)], (0, 5), []),
        ([(None, None), (None, None)], (None, None), []),
        ([(0, 5), (5, 6), (1, 9)], (5, 5), []),
        ([(0, 2), (4, 6)], (0, 6), ["time-conflict"]),
    ],
)
def test_times(times: list[tuple[float | None, float | None]], expected: Any, codes: list[str]) -> None:
    both = merge(alone(dated("We saw geese", *hours)) for hours in times)
    posted = both.comments[0].posted

    assert 1 == len(both.comments)
    assert posted is not None
    assert (posted.earliest, posted.latest) == tuple(h if h is None else NOON + timedelta(hours=h) for h in expected)
    assert codes == [note.code for note in both.notes]


def test_the_words_of_the_most_precise_time() -> None:
    month = Timestamp("2 months ago", None, None, "month")
    day = Timestamp("May 4", None, None, "day")
    said = [attrs.evolve(dated("Yes", None, None), posted=time) for time in (day, month)]

    assert day == merge(map(alone, said)).comments[0].posted


def test_no_time_at_all() -> None:
    said = attrs.evolve(dated("Yes", 0, 0), posted=None)

    assert merge([alone(said), alone(said)]).comments[0].posted is None


def answers(*shares: tuple[int | None, float], text: str = "And?") -> Thread:
    """Two roots, and a comment that answers one of them with these probabilities."""
    last = comment(2, shares[0][0], int(shares[0][0] is not None), text=text, author="Kip")
    last = attrs.evolve(
        last, parent_confidence=shares[0][1], parent_candidates=tuple(Candidate(*share) for share in shares)
    )
    return thread(comment(0, text="A mill."), comment(1, text="A pump."), last, segments=())


@pytest.mark.parametrize(
    ("dumps", "parent", "share", "codes"),
    [
        ([[(0, 0.7), (1, 0.3)], [(0, 0.7), (1, 0.3)]], 0, 0.7, []),
        ([[(0, 0.6), (1, 0.4)], [(1, 1.0)]], 1, 0.9627, []),
        ([[(0, 0.6), (1, 0.4)], [(0, 0.9), (1, 0.1)]], 0, 0.7861, []),
        ([[(0, 0.9), (1, 0.1)], [(1, 0.95), (0, 0.05)]], 1, 0.5923, ["parent-conflict"]),
        ([[(0, 0.9), (None, 0.1)], [(None, 0.6), (0, 0.4)]], 0, 0.71, []),
    ],
    ids=["agreed", "one is certain", "reinforced", "contradicted", "a root"],
)
def test_parents(dumps: list[Any], parent: int | None, share: float, codes: list[str]) -> None:
    last = merge(answers(*shares) for shares in dumps).comments[-1]
    both = merge(answers(*shares) for shares in dumps)

    assert parent == last.parent_index
    assert share == pytest.approx(last.parent_confidence, abs=0.001)
    assert 1 == pytest.approx(sum(candidate.probability for candidate in last.parent_candidates), abs=0.001)
    assert codes == [note.code for note in both.notes]


def test_a_reply_whose_parent_was_deleted_keeps_it() -> None:
    both = merged(page_of(ANN, BOB, "Dora | Bob | Seven."), page_of(ANN, "Dora | | Seven."))

    assert ["Ann: The geese ar", "  Bob: How many of *", "    Dora: Seven."] == tree(both)
    assert [] == [note.code for note in both.notes if note.code == "parent-conflict"]


def test_a_parent_without_candidates() -> None:
    bare = thread(comment(0), comment(1, 0, 1, parent_candidates=()), segments=())

    assert [None, 0] == [c.parent_index for c in merge([bare, bare]).comments]


def test_a_circle_is_broken_where_it_is_least_sure() -> None:
    def said(index: int, author: str, above: int | None, share: float) -> Comment:
        return comment(
            index, above, int(above is not None), author=author, text=f"{author} said so.", parent_confidence=share,
            parent_candidates=(Candidate(above, share),),
        )  # fmt: skip

    first = thread(said(0, "Ann", None, 0.4), said(1, "Bob", 0, 0.9), segments=())
    second = thread(said(0, "Bob", None, 0.4), said(1, "Ann", 0, 0.8), segments=())
    both = merge([first, second])

    assert ["Ann: Ann said so.", "  Bob: Bob said so."] == tree(both)
    assert ["parent-conflict"] == [note.code for note in both.notes]


def test_pages_that_are_not_in_thread_order_stay_so() -> None:
    listed = thread(
        comment(0, text="A mill."), comment(1, text="A pump."), comment(2, 0, 1, text="A goose."), segments=()
    )

    assert [0, None] == [listed.comments[2].parent_index, listed.comments[1].parent_index]
    assert [None, None, 0] == [c.parent_index for c in merge([listed, listed]).comments]


def test_the_latest_dump_has_the_last_word() -> None:
    edit = Edit("Last edited")
    first = thread(
        comment(0, role="Author", votes=3, edited=edit), segments=(), declared_count=7, article="A mill", locale="de"
    )
    second = thread(comment(0, votes=4, is_trackback=True), segments=(), scraped_at=NOON, dialect=None)
    both = merge([first, second])
    said = both.comments[0]

    assert ("Author", 4, edit, True) == (said.role, said.votes, said.edited, said.is_trackback)
    assert (7, "A mill", "en", "wpdiscuz", NOON) == (
        both.declared_count,
        both.article,
        both.locale,
        both.dialect,
        both.scraped_at,
    )


def test_notes_come_from_where_the_parent_comes_from() -> None:
    marked = page_of(ANN, BOB, KIP, "Dora | Kip | Green paint.")
    unmarked = page_of(ANN, BOB, KIP, "Dora | Nobody | Green paint.")
    both = merged(unmarked, marked)

    assert ["unknown-parent"] == [note.code for note in parse(unmarked).notes]
    assert "unknown-parent" not in [note.code for note in both.notes]
    assert 2 == both.comments[3].parent_index


def test_notes_of_whole_dumps_come_once() -> None:
    odd = Note("odd", "It is odd.")
    dump = thread(comment(0), notes=(odd, Note("here", "It is here.", Span(0, 1))), segments=())
    text = "abc"
    dump = attrs.evolve(dump, text=text, segments=(Segment(SegmentKind.REST, Span(0, 3)),))
    both = merge([dump, dump])

    assert [Note("here", "It is here.", Span(0, 1)), Note("here", "It is here.", Span(3, 4)), odd] == list(both.notes)


def test_merging_again_changes_nothing_but_places() -> None:
    pages = [page_of(ANN, BOB, KIP), page_of(ANN, KIP, "Dora | Kip | Green."), page_of(KIP, "Dora | Kip | Green.")]
    at_once = merged(*pages)
    by_and_by = merge([merged(*pages[:2]), parse(pages[2])])

    assert tree(at_once) == tree(by_and_by)
    assert at_once.text == by_and_by.text


@given(st.lists(hostile_texts, min_size=1, max_size=3))
def test_everything_fits_for_all_texts(texts: list[str]) -> None:
    dumps = [parse(text) for text in texts]
    both = merge(dumps)

    assert_tree_is_sound(both)
    assert "".join(texts) == both.text
    assert both.text == "".join(both.text[s.span.start : s.span.end] for s in both.segments)
    assert max(len(dump.comments) for dump in dumps) <= len(both.comments)
    assert both == Thread.from_dict(both.to_dict())
    assert [both.comments[c.index] for c in both.walk()] == list(both.walk())
    for said in both.comments:
        shown = [s.span for s in both.segments if s.comment == said.index]
        assert any(span.start <= said.span.start < span.end for span in shown)


@pytest.mark.parametrize("styles", [(0, 1), (2, 5), (8, 9)], ids=str)
@given(conversation=threads())
def test_two_extractors_show_one_conversation(styles: tuple[int, int], conversation: Conversation) -> None:
    conversation = with_plain_names(conversation)
    conversation = attrs.evolve(
        conversation, remarks=tuple(attrs.evolve(remark, role=None) for remark in conversation.remarks)
    )
    dumps = [parse(render(conversation, Layout.ONE, STYLES[style]), scraped_at=NOON) for style in styles]
    both = merge(dumps)

    assert [c.author for c in dumps[0].comments] == [c.author for c in both.comments]
    assert [c.parent_index for c in dumps[0].comments] == [c.parent_index for c in both.comments]
    assert not any(c.deleted for c in both.comments)


def test_depth_does_not_matter() -> None:
    deep = attrs.evolve(chain(), segments=())
    both = merge([deep, deep])

    assert [c.depth for c in deep.comments] == [c.depth for c in both.comments]


def test_many_comments_that_are_alike() -> None:
    """A cost that grew with the square of the comments would not end within the suite's time limit."""
    alike = thread(*(comment(i, author="Ann", text="Yes") for i in range(10_000)), segments=())

    assert 10_000 == len(merge([alike, alike]).comments)


@pytest.mark.parametrize(
    ("threads", "error", "message"),
    [
        ([], ValueError, "no thread"),
        (["2 Comments"], TypeError, "expected threads, got str; parse each dump first"),
        ([attrs.evolve(parse("An ode.\n"), text="")], ValueError, "tile 8 code points"),
    ],
)
def test_what_cannot_be_merged(threads: list[Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        merge(threads)
