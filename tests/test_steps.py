"""Single steps: what a fixture would say in many lines, a table says in one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import attrs
import pytest

import threadparse
from fixture_format import FIXTURES, read_case
from threadparse import Dialect, Explanation, SegmentKind, _detect, _screen, explain, parse
from threadparse._dialect import load_dialect
from threadparse._lines import SHORT, split_lines
from threadparse._locale import Locale, load_locale
from threadparse._screen import _MAY_BE_OTHER_DIGIT, _NO_DIGIT, Screen, screen_for
from threadparse._times import TimeReader, TimeWords
from threadparse._tokens import Kind, lexer_for


def dialect(*lines: str) -> Dialect:
    data = {"name": "own", "title": "Own", "header": [{"name": "one", "lines": list(lines)}]}
    return Dialect.from_data(data, file="own.toml")


# -- the glance --------------------------------------------------------------------------------------------------------

SIGNS = [
    pytest.param("58 Comments", id="a count"),
    pytest.param("58 COMMENTS", id="a count in capitals"),
    pytest.param("58comments", id="a count, glued"),
    pytest.param("NewestMost Voted", id="a row, glued"),
    pytest.param("| Reply - Share", id="a row behind a mark"),
    pytest.param("\u200bReply", id="behind something invisible"),
    pytest.param("Like  ·  Reply  ·  Quote", id="a sign at the end of a row"),
    pytest.param("Reply to Kip", id="a marker"),
    pytest.param("回复", id="Chinese"),
    pytest.param("Ответить", id="Russian"),
    pytest.param("12 yorum", id="a word behind its number"),
    pytest.param("Hollow Mill için 12 yorum", id="a word behind a title"),
    pytest.param("Kip\nKip", id="a doublet"),
    pytest.param("Kip\n\n  Kip", id="a doublet with a gap"),
    pytest.param("Kip of the\nHollow Mill\nKip of the\nHollow Mill", id="a wrapped doublet"),
    pytest.param("Kip\n6 months ago\ntext\nIvo\n5 months ago", id="relative times"),
    pytest.param("Kip 5/3/2031\ntext\nIvo 5/4/2031", id="dates"),
    pytest.param("Kip at 9:15 pm\ntext\nIvo at 9:16 pm", id="clocks"),
    pytest.param("March 5, 2031\ntext\n2031年3月6日", id="dates with words"),
    pytest.param("[Kip](#comment-3)", id="Markdown"),
    pytest.param("__Kip", id="icons"),
    pytest.param("geese " * 80, id="no line breaks"),
]
ARTICLE = """\
The mill

By Kip
March 5, 2031

We kept 17 geese beside the old orchard, and nobody counted the lanterns on it.

© 2031 The Marsh Courier
"""
NO_SIGNS = [
    pytest.param("", id="nothing"),
    pytest.param(" \n\u200b\n", id="nothing to see"),
    pytest.param(ARTICLE, id="an article"),
    pytest.param("Commenting on letters takes a day.", id="a longer word"),
    pytest.param("Next week the bridge opens.", id="a sentence that opens with a button"),
    pytest.param("Share", id="a button that stands below articles too"),
    pytest.param("+++ 1, 2, 3 +++", id="no letters"),
    pytest.param("Like " * 12, id="a row without end"),
]


@pytest.mark.parametrize("text", SIGNS)
def test_signs_pass(text: str) -> None:
    assert screen_for(None).passes(text)


@pytest.mark.parametrize("text", NO_SIGNS)
def test_what_has_no_sign_is_turned_away(text: str) -> None:
    assert not screen_for(None).passes(text)


@pytest.mark.parametrize("text", NO_SIGNS)
def test_a_glance_says_what_reading_says(text: str) -> None:
    assert parse(text) == parse(text, dialect="wpdiscuz")


def test_what_a_full_memory_says_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_screen, "_MOST_KEPT", 0)
    monkeypatch.setattr(_detect, "_MOST_KEPT", 0)
    screen = Screen(["Reply"], [])
    assert (True, False, set()) == (screen._may_open("reply"), screen._may_open("stone"), screen._others)
    heads = _detect._Heads(["ant"])
    assert (True, False, {}) == (heads["Ant"], heads["sto"], heads)


def test_a_screen_knows_the_locales_that_it_is_made_for() -> None:
    assert screen_for(("de",)).passes("Antworten")
    assert screen_for(("de",)).passes("Reply")
    assert not screen_for(("en",)).passes("Antworten")


def test_a_form_of_a_name_alone_is_no_sign() -> None:
    assert not Screen(["{name}"], ["{name} likes"]).passes("Kip")


# -- lines and tokens --------------------------------------------------------------------------------------------------


def test_digits_that_are_no_numbers_make_no_row() -> None:
    assert "text" == explain("Reply \u00b2\n")[0].token


def test_a_link_to_a_comment_may_stand_on_a_button() -> None:
    lines = explain("[Reply](https://pages.example/#comment-3)\n[Kip](https://pages.example/#comment-4)\n")
    assert ["reply", "marker"] == [line.token for line in lines]


def test_today_alone_is_no_time_in_prose() -> None:
    words = TimeWords(today=("today",), pm=("pm",), filler=("at",))
    found = TimeReader([words]).find_all("We met today and not today at 3 pm or 5/3/2031")
    assert ["today at 3 pm", "5/3/2031"] == [
        "We met today and not today at 3 pm or 5/3/2031"[time.start : time.end] for time in found
    ]


def test_a_marker_without_a_name_is_an_error_of_the_file() -> None:
    data = {"name": "xx", "title": "X", "words": {"reply_to": ["Reply"]}}
    with pytest.raises(threadparse.DataError, match=r"xx\.toml: words\.reply_to: .*\{name\}"):
        Locale.from_data(data, file="xx.toml")


# -- headers of other layouts ------------------------------------------------------------------------------------------


def test_a_line_with_name_and_word_and_a_time_below() -> None:
    page = "2 Comments\nKip says:\n2 days ago\nHello.\nReply\nIvo says:\n1 day ago\nHi.\nReply\n"
    thread = parse(page, dialect=dialect("{author} @says:", "{when}"))
    assert [("Kip", "Hello."), ("Ivo", "Hi.")] == [(comment.author, comment.text) for comment in thread.comments]


def test_a_field_stands_once() -> None:
    page = "2 Comments\nKip\nEditor\n2 days ago\nHello.\nReply\nIvo\nEditor\n1 day ago\nHi.\nReply\n"
    thread = parse(page, dialect=dialect("{author}", "{role}?", "{when}", "{role} @says?"))
    assert ["Editor", "Editor"] == [comment.role for comment in thread.comments]


def test_a_dialect_without_headers_on_one_line_finds_none_there() -> None:
    page = "2 Comments\nKip 2 days ago\nHello.\nReply\nIvo 1 day ago\nHi.\nReply\n"
    assert () == parse(page, dialect=dialect("{author}", "{when}")).comments
    found = parse(page, dialect=dialect("{author} {when}")).comments
    assert ["Kip", "Ivo"] == [comment.author for comment in found]


# -- tails, levels, times ----------------------------------------------------------------------------------------------

EDITOR = "Rosalind of the Hollow Mill beside the Old Orchard Bridge"
EDITED = f"""\
2 Comments
{EDITOR}
{EDITOR}
2 days ago
Hello.
Last edited 1 day ago by Rosalind of the Hollow Mill beside the
Old Orchard Bridge
Reply
Kip
Kip
1 day ago
Hi.
Last edited 22 hours ago and never again, he said, by nobody at all
Reply
"""


def test_an_edit_that_is_wrapped_inside_the_name() -> None:
    first, second = parse(EDITED).comments
    assert first.edited is not None
    assert (EDITOR, "Hello.") == (first.edited.by, first.text)
    assert second.edited is None


def test_a_first_comment_further_right_shows_no_levels() -> None:
    page = "2 Comments\n    Kip\n    2 days ago\n    Hello.\n    Reply\n  Ivo\n  1 day ago\n  Hi.\n  Reply\n"
    assert [None, None] == [comment.parent_index for comment in parse(page).comments]


def test_words_for_more_without_an_ellipsis_are_text() -> None:
    page = "1 Comment\nKip\nKip\n2 days ago\nIf you ask me, everybody should read more\nReply\n"
    (comment,) = parse(page).comments
    assert ("If you ask me, everybody should read more", False) == (comment.text, comment.truncated)


def opening_of(case: str, dialect: str | None = None) -> Explanation:
    lines = explain(read_case(FIXTURES / case).dump, dialect=dialect)
    return next(line for line in lines if line.comment is not None)


def test_why_a_page_is_read_in_its_dialect_is_explained() -> None:
    opening = opening_of("smf/w3m.txt")
    assert opening.rule.endswith("; the page is read as smf, 11.1 points, by its sign 'SMF'")
    assert ("the page read as xenforo, 9.1 points",) == opening.alternatives[-1:]


def test_what_nothing_else_was_tried_for_has_no_points() -> None:
    assert opening_of("wpdiscuz/layout-1-copied.txt").rule.endswith("; the page is read as wpdiscuz")
    assert opening_of("smf/w3m.txt", dialect="smf").rule.endswith("; the page is read as smf")


def test_a_page_that_another_dialect_fits_nearly_as_well_has_a_note() -> None:
    (note,) = parse(read_case(FIXTURES / "smf/w3m.txt").dump, strict=True).notes
    assert "dialect-unsure" == note.code


def test_a_text_that_looks_like_a_tail_is_explained() -> None:
    page = "1 Comment\nKip\nKip\n2 days ago\nHello.\n3\nand more.\nReply\n"
    (line,) = (line for line in explain(page) if line.text == "3")
    assert (SegmentKind.TEXT, "number", ("number",)) == (line.kind, line.token, line.alternatives)
    assert line.rule.startswith("a text that looks like a number line")


@pytest.mark.parametrize(
    ("scraped_at", "posted"), [(datetime(1, 1, 1, tzinfo=UTC), "2 days ago"), (None, "January 1, 2031")]
)
def test_times_at_the_calendar_s_end(scraped_at: datetime | None, posted: str) -> None:
    (comment,) = parse(f"1 Comment\nKip\nKip\n{posted}\nHello.\nReply\n", scraped_at=scraped_at).comments
    assert comment.posted is not None
    assert comment.posted.earliest is not None
    assert comment.posted.latest is not None
    assert comment.posted.earliest <= comment.posted.latest


def test_a_date_after_the_scrape_is_not_cut() -> None:
    page = "1 Comment\nKip\nKip\nMarch 5, 2031\nHello.\nReply\n"
    (comment,) = parse(page, scraped_at=datetime(2030, 1, 1, tzinfo=UTC)).comments
    assert comment.posted is not None
    assert comment.posted.latest is not None
    assert datetime(2031, 3, 5, tzinfo=UTC) < comment.posted.latest


def test_strict_has_nothing_to_say_about_a_page_without_notes() -> None:
    page = "1 Comment\nKip\nKip\n2 days ago\nHello.\nReply\n"
    assert parse(page) == parse(page, strict=True)


def test_a_text_that_is_all_quote() -> None:
    page = "2 Comments\nKip\nKip\n2 days ago\n“the old mill” Read more »\nReply\nIvo\nIvo\n1 day ago\nHi.\nReply\n"
    thread = parse(page)
    kinds = [segment.kind for segment in thread.segments if segment.comment == 0]
    assert SegmentKind.QUOTE in kinds
    assert SegmentKind.TEXT not in kinds
    assert "" == thread.comments[0].text


def test_levels_too_far_apart_are_none() -> None:
    page = f"2 Comments\nKip\n2 days ago\nHello.\nReply\n{' ' * 40}Ivo\n{' ' * 40}1 day ago\nHi.\nReply\n"
    assert [None, None] == [comment.parent_index for comment in parse(page).comments]


def test_a_date_is_not_after_the_scrape() -> None:
    scraped_at = datetime(2031, 3, 5, 12, tzinfo=UTC)
    (comment,) = parse("1 Comment\nKip\nKip\nMarch 5, 2031\nHello.\nReply\n", scraped_at=scraped_at).comments
    assert comment.posted is not None
    assert scraped_at == comment.posted.latest


def test_a_link_that_no_line_closes_is_no_link() -> None:
    text = "[open\n" + "geese\n" * 70 + "[a](b)\n"
    assert 72 == len(explain(text))


def test_a_comment_at_another_place_makes_no_thread() -> None:
    thread = parse("1 Comment\nKip\nKip\n2 days ago\nHello.\nReply\n")
    with pytest.raises(ValueError, match="no valid index or parent"):
        attrs.evolve(thread, comments=(attrs.evolve(thread.comments[0], index=7),))


# -- the package -------------------------------------------------------------------------------------------------------


def test_every_public_name_is_there_when_asked_for() -> None:
    assert all(getattr(threadparse, name).__name__ == name for name in threadparse.__all__)


def test_another_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'parsnip'"):
        getattr(threadparse, "parsnip")  # noqa: B009  (a checker of types would know already)


def _lines_of_fixtures() -> set[str]:
    texts = (read_case(path).dump for path in sorted(FIXTURES.rglob("*.txt")))
    return {line for text in texts for line in split_lines(text).content if len(line) <= SHORT}


@pytest.mark.parametrize("locale", ["en", "de", "tr", "ja", "ar"])
def test_a_look_says_what_a_closer_look_says(locale: str) -> None:
    lexer = lexer_for(load_dialect("wpdiscuz"), (load_locale(locale), load_locale("en")))
    prose = list(filter(lexer._is_prose, _lines_of_fixtures()))
    assert len(prose) > 1000
    assert {lexer._token(line) for line in prose} == {(Kind.TEXT, None)}


def test_all_digits_are_in_the_ranges_that_the_glance_looks_at() -> None:
    digits = [char for char in map(chr, range(sys.maxunicode + 1)) if char.isdecimal()]
    assert all(_MAY_BE_OTHER_DIGIT.match(digit) for digit in digits if not digit.isascii())
    assert all(digit.encode().translate(None, _NO_DIGIT) for digit in digits)


def test_digits_of_any_script_make_a_time() -> None:
    assert screen_for(None).passes("٣ ديسمبر ٢٠٢٠\nAnn\n५ मई २०२०\n")
    assert screen_for(None).passes("٣ ديسمبر ٢٠٢٠\r\nAnn\r\n५ मई २०२०\r\n")
