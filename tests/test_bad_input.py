"""Input that no page should have, and arguments of the wrong kind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from threadparse import Thread, parse

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)

DUMP = """\
The orchard keeps its copper lanterns until the end of the season, the council says.

2 Comments
Oldest
Newest Most Voted
Ann Lee
Ann Lee
6 months ago

Nobody asked the geese. Somebody should, before the rain stops and the whole mill is sold.

3
Reply
Bob
Bob
Author
5 months ago
Reply to\u00a0 Ann Lee

The geese kept a ledger beside the pump…\u00a0Read more »

Last edited 5 months ago by Bob
1
Reply
View Replies (3)
Load More Comments
wpDiscuz
"""

ODD_TEXTS = {
    "empty": "",
    "one space": " ",
    "white space": " \t\n\r\n\u00a0\u3000\n\x0b\x0c ",
    "a line break": "\n",
    "a carriage return": "\r",
    "NULs": "\0" * 1000,
    "NULs in a header": "Ann Lee\0\nAnn Lee\0\n6 months\0 ago\n\nNobody asked.\0\n",
    "a lone surrogate": "\ud800",
    "lone surrogates in a header": "Ann \udfff Lee\nAnn \udfff Lee\n6 months ago\n\nNobody \ud800 asked.\n\nReply\n",
    "a byte order mark": "\ufeff",
    "unassigned and private characters": "\U000e0fff\uf8ff\U0010ffff\n" * 50,
    "marks without letters": "\u0301" * 5000,
    "direction marks": "\u202e\u2066\u200f\n" * 500,
    "a huge number": f"{'9' * 5000} months ago",
    "a huge number of comments": f"{'9' * 5000} Comments\nAnn Lee\nAnn Lee\n6 months ago\n\nNobody asked.\n",
    "a number of comments below zero": "Ann Lee\n1 day ago\nYes.\n-1\nComments\nBob\n2 days ago\nNo.\n" * 3,
    "huge votes": f"Ann Lee\nAnn Lee\n6 months ago\n\nNobody asked.\n\n{'9' * 5000}\nReply\n",
    "years before all years": "Ann Lee\nAnn Lee\n999999 years ago\n\nNobody asked.\n",
    "a date that does not exist": "Ann Lee\nAnn Lee\nFebruary 31, 2031 13:75 pm\n\nNobody asked.\n",
    "only markers": "Reply to\u00a0 Ann Lee\n" * 300,
    "only times": "6 months ago\n" * 300,
    "only names": "Ann Lee\n" * 300,
    "only buttons": "Reply\n" * 300,
    "headers without texts": "Ann Lee\nAnn Lee\n6 months ago\nReply to\u00a0 Ann Lee\n" * 100,
}

HUGE_TEXTS = {
    "10 MB in one line": "geese " * 1_700_000,
    "10 MB in one line without a space": "g" * 10_000_000,
    "10 MB of digits": "1" * 10_000_000,
    "10 MB of dashes": "-" * 10_000_000,
    "10 MB of spaces": " " * 10_000_000,
    "a million blank lines": "\n" * 1_000_000,
    "a million blank lines in a header": "Ann Lee\nAnn Lee" + "\n" * 1_000_000 + "6 months ago\n\nNobody asked.\n",
}


def assert_whole(text: str, thread: Thread) -> None:
    assert "".join(text[s.span.start : s.span.end] for s in thread.segments) == text
    assert thread.to_json().isascii()


@pytest.mark.parametrize("text", list(ODD_TEXTS.values()), ids=list(ODD_TEXTS))
@pytest.mark.parametrize("scraped_at", [None, NOON], ids=["undated", "dated"])
def test_odd_text_gives_a_thread(text: str, scraped_at: datetime | None) -> None:
    assert_whole(text, parse(text, scraped_at=scraped_at))


@pytest.mark.parametrize("text", list(HUGE_TEXTS.values()), ids=list(HUGE_TEXTS))
def test_huge_text_gives_a_thread(text: str) -> None:
    assert_whole(text, parse(text))


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\0", "\ud800", "\u00a0\u3000"])
def test_nothing_is_no_conversation(text: str) -> None:
    thread = parse(text)

    assert () == thread.comments
    assert thread.dialect is None
    assert thread.locale is None
    assert thread.declared_count is None


@pytest.mark.parametrize("end", range(len(DUMP.split("\n"))))
def test_a_dump_cut_at_a_line_gives_what_is_whole(end: int) -> None:
    text = "\n".join(DUMP.split("\n")[:end])
    thread = parse(text)

    assert_whole(text, thread)
    assert ["Ann Lee", "Bob"][: len(thread.comments)] == [comment.author for comment in thread.comments]


def test_a_dump_cut_anywhere_gives_a_thread() -> None:
    for end in range(len(DUMP)):
        assert_whole(DUMP[:end], parse(DUMP[:end]))
        assert_whole(DUMP[end:], parse(DUMP[end:]))


def test_the_whole_dump_is_understood() -> None:
    first, second = parse(DUMP).comments

    assert ("Ann Lee", 3, None) == (first.author, first.votes, first.parent_index)
    assert ("Bob", 1, 0) == (second.author, second.votes, second.parent_index)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (DUMP.encode(), "decode"),
        (bytearray(DUMP.encode()), "decode"),
        (memoryview(DUMP.encode()), "decode"),
        (None, "str"),
        (7, "str"),
        ([DUMP], "str"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_text_is_refused(value: Any, hint: str) -> None:
    with pytest.raises(TypeError, match=hint):
        parse(value)


@pytest.mark.parametrize(
    ("arguments", "error", "hint"),
    [
        ({"scraped_at": datetime(2031, 5, 4)}, ValueError, "aware"),  # noqa: DTZ001
        ({"scraped_at": "2031-05-04"}, TypeError, "datetime"),
        ({"scraped_at": NOON.date()}, TypeError, "datetime"),
        ({"scraped_at": 1_935_664_000}, TypeError, "datetime"),
        ({"timezone": "Europe/Berlin"}, TypeError, "tzinfo"),
        ({"timezone": 2}, TypeError, "tzinfo"),
        ({"dialect": "wpdiscus"}, ValueError, "wpdiscuz"),
        ({"dialect": ""}, ValueError, "wpdiscuz"),
        ({"locale": "english"}, ValueError, "en"),
        ({"locale": ""}, ValueError, "en"),
        ({"dialect": 7}, TypeError, "dialect"),
        ({"locale": b"en"}, TypeError, "locale"),
    ],
    ids=repr,
)
def test_a_wrong_argument_is_refused(arguments: dict[str, Any], error: type[Exception], hint: str) -> None:
    with pytest.raises(error, match=hint):
        parse(DUMP, **arguments)
    with pytest.raises(error, match=hint):
        parse("", **arguments)


def test_options_go_by_name_only() -> None:
    with pytest.raises(TypeError, match="positional"):
        parse(DUMP, NOON)  # type: ignore[call-arg]
