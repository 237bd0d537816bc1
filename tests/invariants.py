"""What must hold for every text, and the lines of which hostile texts are made: for the tests and for the fuzzers."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from threadparse import Thread, Timestamp, parse

FRAGMENTS = (
    "", " ", "   ", "\u00a0", "\u200b", "Ann Lee", "Ann Lee ", "   Ann Lee", "Bob", "李小川", "🦊", "42", "-1", "1.4K",
    "3", "6 months ago", " 6 months ago", "__6 months ago", "right now", "1 month 20 days ago",
    "March 5, 2021 4:05 pm", "Reply to\u00a0 Ann Lee", "Reply to  Bob", "Reply to", "__Reply to   Bob",
    "[ Bob ](#comment-3)", "Reply to Nobody", "Reply", " Reply", "Share", "Hide Replies ∧", "|   Reply  -  Share",
    "View Replies (3)", "View Replies", "(3)", "Load More Comments", "1 2 3 Next »", "wpDiscuz", "Insert",
    "58 Comments", "58", "Comments", "1 Comment", "Oldest", "Newest Most Voted", "Inline Feedbacks",
    "View all comments", "Subscribe", "Notify of", "guest", "Label", "{}", "[+]", "Name*", "Email*", "Website",
    "Author", "Admin", "Guest", "![Bob](https://pages.example/a.png)", "__", "…", "Read more »",
    "It rained…\u00a0Read more »", "“it rained…” Read more »", "Last edited 5 months ago by Bob", "[…] it rained […]",
    "It rained on the orchard until nobody counted the geese any more, and we kept the ledger beside the old pump.",
    "Recent Comments", "Ann Lee on A kiln by the river", "© 2031 The Marsh Courier", "----------", "| ", "\\",
    "\ud800", "\x00",
)  # fmt: skip
"""Lines of which headers, tails and page furniture are made, and some that are neither."""
SCRAPED_AT = datetime(2021, 3, 5, 12, tzinfo=UTC)
"""The day of the date among them: such a time is partly after the scrape, and those of later years wholly."""


def assert_all_holds(text: str, **options: Any) -> Thread:
    """Parse a text, with options of ``parse``, and check what must hold for every one.

    Raises:
        AssertionError: Something does not hold.
    """
    thread = parse(text, **options)

    assert text == "".join(text[s.span.start : s.span.end] for s in thread.segments), "the segments do not tile"
    assert all(s.span.start < s.span.end for s in thread.segments), "an empty segment"
    assert_spans_are_in_order(thread, text)
    assert_tree_is_sound(thread)
    assert_times_are_sound(thread)
    assert thread == parse(text, **options), "parsed again, it is another thread"
    assert thread == Thread.from_dict(thread.to_dict()), "written and read, it is another thread"
    assert thread.to_json().encode(), "no JSON"
    return thread


def assert_spans_are_in_order(thread: Thread, text: str) -> None:
    edges = [0, *(edge for c in thread.comments for edge in (c.span.start, c.span.end)), len(text)]
    assert sorted(edges) == edges
    for segment in thread.segments:
        if segment.comment is not None:
            owner = thread.comments[segment.comment].span
            assert owner.start <= segment.span.start < segment.span.end <= owner.end


def assert_tree_is_sound(thread: Thread) -> None:
    """No cycle (depths rise from parent to reply; a page can show a parent below its reply), and honest shares."""
    assert list(range(len(thread.comments))) == [comment.index for comment in thread.comments]
    for comment in thread.comments:
        parent = comment.parent
        assert comment.depth == (0 if parent is None else parent.depth + 1)
        shares = {candidate.index: candidate.probability for candidate in comment.parent_candidates}
        assert all(0 <= share <= 1 for share in shares.values())
        assert math.isclose(sum(shares.values()), 1, abs_tol=1e-3)
        assert shares[comment.parent_index] == comment.parent_confidence


def assert_times_are_sound(thread: Thread) -> None:
    """No interval is empty, and what must hold between times does, or a note says which comment contradicts it."""
    noted = {note.span for note in thread.notes if note.code == "contradictory-times"}
    for comment in thread.comments:
        edited = None if comment.edited is None else comment.edited.at
        for time in (comment.posted, edited):
            if time is not None and time.earliest is not None and time.latest is not None:
                assert time.earliest <= time.latest, "an empty interval"
                is_over = thread.scraped_at is None or time.latest <= thread.scraped_at
                assert is_over or comment.span in noted, "a time after the scrape"
        assert comment.span in noted or is_not_later(comment.posted, edited), "an edit before its comment"
        parent = comment.parent
        if parent is not None and comment.parent_confidence == 1.0 and not noted & {comment.span, parent.span}:
            assert is_not_later(parent.posted, comment.posted), "a reply before its parent"


def is_not_later(one: Timestamp | None, other: Timestamp | None) -> bool:
    """Whether both ends of an interval are not after those of another one, as far as they are known."""
    if one is None or other is None or one.earliest is None or other.earliest is None:
        return True
    assert one.latest is not None
    assert other.latest is not None
    return one.earliest <= other.earliest and one.latest <= other.latest
