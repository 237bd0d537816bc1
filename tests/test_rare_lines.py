"""Branches that few pages take: each with the smallest page that takes it."""

from __future__ import annotations

from typing import Any

import pytest

from threadparse import DataError, Dialect, SegmentKind, Thread, parse

LONG = "The ledger beside the old pump was counted again, and nobody asked"


def tailed(*lines: str, order: tuple[str, ...] = ("reply",)) -> Dialect:
    """A dialect with a tail, which is read like wpDiscuz."""
    data = {"name": "own", "title": "Own", "header": [{"name": "one", "lines": list(lines)}]}
    return Dialect.from_data({**data, "tail": {"order": list(order)}}, file="own.toml")


def layout(*lines: str, **keys: Any) -> Dialect:
    header = {"name": "one", "lines": list(lines)}
    return Dialect.from_data({"name": "own", "title": "Own", "header": [header], **keys}, file="own.toml")


def said(thread: Thread) -> list[tuple[str, str | None, str]]:
    return [(c.author, None if c.posted is None else c.posted.raw, c.text) for c in thread.comments]


@pytest.mark.parametrize(
    ("lines", "page"),
    [
        (["{author} | {when}"], "Ann Lee | 5 May 2031\n{}\nReply\nBob | 6 May 2031\n{}\nReply\n"),
        (["{author} wrote:", "{when}"], "Ann Lee wrote:\n5 May 2031\n{}\nReply\nBob wrote:\n6 May 2031\n{}\nReply\n"),
        (["{author}", "@posted {when}"], "Ann Lee\nPosted 5 May 2031\n{}\nReply\nBob\nPosted 6 May 2031\n{}\nReply\n"),
    ],
)
def test_header_lines_with_words_in_a_dialect_with_a_tail(lines: list[str], page: str) -> None:
    thread = parse(page.replace("{}", f"{LONG}."), dialect=tailed(*lines))

    assert said(thread) == [("Ann Lee", "5 May 2031", f"{LONG}."), ("Bob", "6 May 2031", f"{LONG}.")]


def test_a_line_with_words_that_does_not_fit_is_no_header() -> None:
    page = f"Ann Lee wrote\n5 May 2031\n{LONG}.\nReply\n"

    assert parse(page, dialect=tailed("{author} wrote:", "{when}")).comments == ()


def test_a_field_is_found_once() -> None:
    dialect = tailed("{role}?", "{author}", "{when}", "{role} of the mill?")
    page = f"Admin\nAnn Lee\n5 May 2031\nMember of the mill\n{LONG}.\nReply\nBob\n6 May 2031\n{LONG}.\nReply\n"

    assert [comment.author for comment in parse(page, dialect=dialect).comments] == ["Ann Lee", "Bob"]


def test_a_wrapped_mark_of_a_cut_text_is_no_button() -> None:
    """In Russian "Читать далее" is such a mark, and "Далее" alone a button."""
    mark = "Читать\nдалее »"
    page = f"Ann\nAnn\n6 months ago\n{LONG}… {mark}\n0\nReply\nBob\nBob\n5 months ago\nSo it is.\n0\nReply\n"
    first, second = parse(page, locale="ru").comments

    assert first.truncated
    assert second.author == "Bob"


def test_a_text_that_is_nothing_but_its_mark() -> None:
    thread = parse("Ann\nAnn\n6 months ago\n…\nRead more »\nReply\nBob\nBob\n5 months ago\nSo it is.\nReply\n")

    assert [comment.text for comment in thread.comments] == ["", "So it is."]
    assert [s.kind for s in thread.segments if s.comment == 0][3:4] == [SegmentKind.TRUNCATION]


def test_lines_that_open_a_text_are_no_furniture_on_a_flat_page() -> None:
    """Four texts that open with "Ann said:": where nobody answers, quotes recur and belong to the texts."""
    comments = "".join(f"N{i} wrote:\n5 May 203{i}\nAnn said:\n{LONG}, {i}.\nSo it is, {i}.\n" for i in range(6))
    thread = parse(f"6 Comments\n{comments}", dialect=layout("{author} wrote:", "{when}", flat=True))

    assert [comment.text.split("\n")[0] for comment in thread.comments] == ["Ann said:"] * 6


def test_a_block_whose_far_end_does_not_fit() -> None:
    page = "".join(f"rank {i}\nsome fact\n#{i} 5 May 203{i}\n{LONG}.\n" for i in range(3))

    assert parse(page, dialect=layout("by {author}", "{any}*", "#{n} {when}")).comments == ()


def test_a_header_that_nothing_but_an_author_makes() -> None:
    """Nothing tells names from texts then: every line is taken for a name, and the lines between have no text."""
    page = "6 Comments\n" + "".join(f"Ann {i}\n{LONG}, {i}.\n" for i in range(3))
    thread = parse(page, dialect=layout("{author}"))

    assert [comment.author for comment in thread.comments][::2] == ["Ann 0", "Ann 1", "Ann 2"]
    assert {comment.text for comment in thread.comments} == {""}


def test_glued_lines_without_a_time_or_without_a_text() -> None:
    glued = "GoOn"
    page = f"3 Comments\nAnn5 May 2031{LONG}.{glued}no time here{glued}6 May 2031{glued}Bob7 May 2031So it is.{glued}"
    thread = parse(page, dialect=layout("{author}", "{when}", glued=[glued], furniture=[glued.casefold()]))

    assert [comment.author for comment in thread.comments if comment.author in {"Ann", "Bob"}] == ["Ann", "Bob"]
    assert page == "".join(page[s.span.start : s.span.end] for s in thread.segments)


def test_who_reacted_in_three_lines_above_how_many() -> None:
    texts = (f"{LONG}.", "So it is, and I asked twice.", "The pump has been dry since May, they say.")
    reacted = ("Cleo\nand\nDora\n2", "Emil\n1", "Fay\nand\nGus\n5")
    page = "".join(f"Ann wrote:\n5 May 203{i}\n{texts[i]}\n{reacted[i]}\n" for i in range(3))
    dialect = layout("{author} wrote:", "{when}", joins=["and"], furniture=["{n}"])

    assert tuple(comment.text for comment in parse(page, dialect=dialect).comments) == texts


def test_a_short_end_of_some_texts_is_no_signature() -> None:
    texts = ("The first ledger.\nThanks", "The second one.\nThanks", "The third one, and that was all of it.")
    page = "".join(f"Ann Lee wrote:\n5 May 203{i}\n{text}\n" for i, text in enumerate(texts))
    thread = parse(page, dialect=layout("{author} wrote:", "{when}", flat=True))

    assert tuple(comment.text for comment in thread.comments) == texts


def test_a_field_that_no_name_can_be() -> None:
    with pytest.raises(DataError, match="no field can be called"):
        layout("{author} {when}", furniture=["{2n} likes"])
