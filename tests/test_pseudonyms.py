"""``Thread.pseudonymize``: nobody who writes is named, the same person has the same name, and everything still fits."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import Conversation, threads, with_plain_names
from rendering import STYLES, Layout, Style, render
from test_properties import hostile_texts
from threadparse import Note, Segment, SegmentKind, Span, Thread, parse

KEY = b"a key that nobody knows"
EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour-bridge.txt"
PSEUDONYM = re.compile(r"user-[a-z2-7]{12}")


def page(*comments: tuple[str, str | None, str]) -> str:
    """A dump: author, whom the marker names, text."""
    lines = [f"{len(comments)} Comments"]
    for author, marker, text in comments:
        lines += [author, author, "2 days ago", *([f"Reply to  {marker}"] if marker else []), "", text, "", "Reply"]
    return "\n".join(lines) + "\n"


def said(text: str, *names: str) -> str:
    """What becomes of a text under which these people write; each pseudonym is shown as its name in capitals."""
    thread = parse(page(("Somebody", None, text), *((name, None, "We kept the ledger.") for name in names)))
    assert ["Somebody", *names] == [comment.author for comment in thread.comments]
    hidden = thread.pseudonymize(KEY)
    words = hidden.comments[0].text
    for name, comment in zip(names, hidden.comments[1:], strict=True):
        words = words.replace(comment.author, name.upper())
    return words


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        (["Ann Lee"], "Well, Ann Lee said so.", "Well, ANN LEE said so."),
        (["Ann Lee"], "well, ann lee said so", "well, ANN LEE said so"),
        (["Ann Lee"], "ANN\nLEE said so", "ANN LEE said so"),
        (["Ann Lee"], "see https://pages.example/ann-lee/7", "see https://pages.example/ANN LEE/7"),
        (["Ann Lee"], "@annlee is right", "@ANN LEE is right"),
        (["Ann Lee"], "Ann, who is Lee?", "ANN LEE, who is ANN LEE?"),
        (["Ann Lee"], "Anna and Sleet", "Anna and Sleet"),
        (["Ann Lee"], "Ann asked ..... Lee", "ANN LEE asked ..... ANN LEE"),
        (["Ann Lee"], "the lee of the dune", "the lee of the dune"),
        (["Ann Lee"], "the lee side; Lee side; to the lee", "the lee side; Lee side; to the lee"),
        (["Ann Lee", "Ann Hale"], "Ann Lee, not Ann Hale", "ANN LEE, not ANN HALE"),
        (["Will"], "Will you? I will.", "WILL you? I will."),
        (["will"], "I will. Will you?", "I WILL. WILL you?"),
        (["Will"], "@will is right", "@WILL is right"),
        (["Jonathan"], "as jonathan says", "as JONATHAN says"),
        (["Al"], "Al and @Al and @al", "Al and @AL and @AL"),
        (["Old Pilot ⚓"], "Old Pilot ⚓ and old pilot", "OLD PILOT ⚓ and OLD PILOT ⚓"),
        (["⚓ Old Pilot"], "⚓ Old Pilot and ⛵ old pilot", "⚓ OLD PILOT and ⛵ ⚓ OLD PILOT"),
        (["Kettle & Daughters"], "as Kettle &\nDaughters say", "as KETTLE & DAUGHTERS say"),
        (["Zoë Ångström"], "ZOË ÅNGSTRÖM's and zoë ångström’s", "ZOË ÅNGSTRÖM's and ZOË ÅNGSTRÖM’s"),
    ],
)
def test_names_in_texts(names: list[str], text: str, expected: str) -> None:
    assert expected == said(text, *names)


def test_a_name_in_a_script_without_spaces_is_found() -> None:
    thread = parse(page(("李小川", None, "好的。"), ("Bob", "李小川", "我同意李小川的看法"))).pseudonymize(KEY)

    assert f"我同意{thread.comments[0].author}的看法" == thread.comments[1].text


def test_a_number_is_a_name_only_when_it_is_addressed() -> None:
    thread = parse(page(("Ann Lee", None, "77 geese, @77."), ("77", "Ann Lee", "Yes."))).pseudonymize(KEY)

    assert f"77 geese, @{thread.comments[1].author}." == thread.comments[0].text


def test_a_first_name_of_two_people_is_neither() -> None:
    dump = page(("Ann Lee", None, "We counted."), ("Ann Hale", "Ann Lee", "Thank you, Ann."))
    one, other = parse(dump).pseudonymize(KEY).comments
    (mentioned,) = PSEUDONYM.findall(other.text)

    assert 3 == len({one.author, other.author, mentioned})


def test_one_name_one_pseudonym_one_key() -> None:
    first = parse(page(("Ann Lee", None, "Yes."), ("Bob", "Ann Lee", "No."))).pseudonymize(KEY)
    second = parse(page(("Kip", None, "Yes."), ("ANN LEE", "Kip", "No."))).pseudonymize(KEY.decode())
    other = parse(page(("Ann Lee", None, "Yes."), ("Bob", "Ann Lee", "No."))).pseudonymize("another")

    assert first.comments[0].author == second.comments[1].author == first.comments[1].reply_to
    assert 6 == len({*first.participants, *second.participants, *other.participants} | {"+"})
    assert all(PSEUDONYM.fullmatch(name) for name in first.participants)


def test_the_result_is_what_the_new_text_parses_to() -> None:
    hidden = parse(EXAMPLE.read_text(encoding="utf-8")).pseudonymize(KEY)

    again = parse(hidden.text)
    # How sure an edge is may depend on the names: markers to long ones get lost.
    assert [(c.author, c.text, c.parent_index, c.span) for c in hidden.comments] == [
        (c.author, c.text, c.parent_index, c.span) for c in again.comments
    ]
    assert hidden.segments == again.segments


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@given(conversation=threads())
@settings(max_examples=20)
def test_the_result_of_any_page_is_what_its_text_parses_to(style: Style, conversation: Conversation) -> None:
    thread = parse(render(with_plain_names(conversation), Layout.ONE, style))
    hidden = thread.pseudonymize(KEY)
    again = parse(hidden.text)

    assert [(c.author, c.reply_to, c.span) for c in hidden.comments] == [
        (c.author, c.reply_to, c.span) for c in again.comments
    ]
    assert [(s.kind, s.span) for s in hidden.segments] == [(s.kind, s.span) for s in again.segments]


@given(hostile_texts, st.binary(min_size=1, max_size=8))
def test_everything_fits_for_every_text(text: str, key: bytes) -> None:
    thread = parse(text)
    hidden = thread.pseudonymize(key)

    assert hidden.text == "".join(hidden.text[s.span.start : s.span.end] for s in hidden.segments)
    assert [s.kind for s in thread.segments] == [s.kind for s in hidden.segments]
    assert [c.parent_index for c in thread.comments] == [c.parent_index for c in hidden.comments]
    assert hidden == Thread.from_dict(hidden.to_dict())
    for comment in hidden.comments:
        assert not comment.author or PSEUDONYM.fullmatch(comment.author)
        shown = [s for s in hidden.segments if s.comment == comment.index and s.kind is SegmentKind.AUTHOR]
        assert not shown or any(comment.author in hidden.text[s.span.start : s.span.end] for s in shown)


def test_names_in_the_article_and_below_the_comments() -> None:
    dump = "The pump was painted by Ann Lee.\n" + page(("Ann Lee", None, "Green!")) + "wpDiscuz\nAnn Lee on The pump\n"
    hidden = parse(dump).pseudonymize(KEY)
    name = hidden.comments[0].author

    assert f"The pump was painted by {name}." == hidden.article
    assert hidden.text.startswith(hidden.article)
    assert f"{name} on The pump" in hidden.text
    assert "Ann" not in hidden.text


def test_edits_and_notes() -> None:
    dump = page(("Ann Lee", None, "Yes."), ("Bob", "Nobody's Aunt", "No.\nLast edited 1 day ago by Cleo Vane"))
    thread = parse(dump)
    hidden = thread.pseudonymize(KEY)
    edit = hidden.comments[1].edited

    assert ["unknown-parent"] == [note.code for note in hidden.notes]
    assert "Nobody" in thread.notes[0].message
    assert f"the marker names '{hidden.comments[1].reply_to}'" in hidden.notes[0].message
    assert edit is not None
    assert f"Last edited 1 day ago by {edit.by}" == edit.raw
    assert edit.raw in hidden.text
    assert hidden.notes[0].span == hidden.comments[1].span


def test_a_note_of_the_whole_input_and_one_inside_of_a_name() -> None:
    thread = parse(page(("Ann Lee", None, "Yes."), ("Bob", "Ann Lee", "No.")))
    start = thread.text.index("Lee")
    notes = (Note("all", "It is odd."), Note("some", "It is odd.", Span(start, start + 1)))
    hidden = attrs.evolve(thread, notes=notes).pseudonymize(KEY)
    after = hidden.text.index(hidden.comments[0].author) + len(hidden.comments[0].author)

    assert [None, Span(after, after)] == [note.span for note in hidden.notes]


@pytest.mark.parametrize(
    ("author", "line", "expected"),
    [
        ("~!@%&", "~!@%&", "{}"),
        ("Roy", " RoyMarch 15, 2013", " {}March 15, 2013"),
        ("Roy Lee", "R\\oy L\\ee \u00a0", "{} \u00a0"),
        ("one two three four five six seven eight nine ten eleven twelve thirteen", None, "{}"),
    ],
    ids=["symbols", "glued", "written otherwise", "long"],
)
def test_a_name_never_stays_in_its_own_line(author: str, line: str | None, expected: str) -> None:
    line = author if line is None else line
    text = f"{line}\nYes.\n"
    thread = parse(page((author, None, "Yes.")) if author == "~!@%&" else page(("Bob", None, "Yes.")))
    comment = attrs.evolve(thread.comments[0], author=author, span=Span(0, len(text)))
    end = len(line) + 1
    segments = (
        Segment(SegmentKind.AUTHOR, Span(0, end), 0),
        Segment(SegmentKind.TEXT, Span(end, len(text)), 0),
    )
    hidden = attrs.evolve(thread, comments=(comment,), segments=segments, text=text).pseudonymize(KEY)

    assert f"{expected.format(hidden.comments[0].author)}\nYes.\n" == hidden.text


def test_a_comment_without_a_name_stays_without_one() -> None:
    thread = parse(page(("Ann Lee", None, "Yes.")))
    nobody = attrs.evolve(thread, comments=(attrs.evolve(thread.comments[0], author=""),))

    assert "" == nobody.pseudonymize(KEY).comments[0].author


def test_lines_without_names_stay() -> None:
    dump = page(("Share", None, "Yes."), ("2", "Share", "No."))
    assert "2 days ago" in parse(dump).pseudonymize(KEY).text


@pytest.mark.parametrize("key", ["", b""])
def test_an_empty_key_is_refused(key: str | bytes) -> None:
    with pytest.raises(ValueError, match="key is empty"):
        parse("").pseudonymize(key)


def test_another_key_is_refused() -> None:
    with pytest.raises(TypeError, match="expected bytes or str, got int"):
        parse("").pseudonymize(7)  # type: ignore[arg-type]


def test_a_thread_without_its_text_is_refused() -> None:
    with pytest.raises(ValueError, match="tile 8 code points, but the thread's text has 0"):
        attrs.evolve(parse("An ode.\n"), text="").pseudonymize(KEY)


def test_many_people_of_like_names() -> None:
    """A cost that grew with people times words would not end within the suite's time limit."""
    names = [f"Ann {'Lee ' * (i % 11)}{i}" for i in range(1000)]
    thread = parse(page(*((name, None, f"Ann Lee Lee {name} Lee") for name in names)))
    hidden = thread.pseudonymize(KEY)

    assert 1000 == len(set(hidden.participants))
    assert all(f"{comment.author} " in comment.text for comment in hidden.comments)
