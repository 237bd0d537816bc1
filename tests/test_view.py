"""The page that ``threadparse view`` writes, as HTML; ``test_view_browser.py`` uses it in a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest
from hypothesis import given

from test_cli import run
from test_model import chain, comment, forest, full, thread
from test_properties import hostile_texts
from threadparse import Comment, Note, Segment, SegmentKind, Span, Thread, Timestamp, merge, parse

pytest.importorskip("jinja2", reason="the extra 'view' is not installed")
from threadparse.view import render_page
from threadparse.view._figures import HEIGHT, WIDTH, reply_graph, time_line

EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour-bridge.txt"
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
VOID = frozenset({"meta", "input", "br", "link"})
EVIL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "</pre></style></title></textarea><b>",
    '" onfocus=alert(1) autofocus x="',
    "{{ 7 * 7 }} {% raw %} &lt; &#0;",
    "\x00\x07\x1b[31m\x9b31m\u202eevil\u2066\ud800\uffff",
)


class Page(HTMLParser):
    """The elements of a page: tag and attributes; its words; whether every element is closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert [] == self.open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len(attributes) == len(dict(attributes))
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    @cached_property
    def words(self) -> str:
        return "".join(self._words)

    def having(self, attribute: str, tag: str | None = None) -> list[str]:
        return [
            value
            for name, attributes in self.elements
            if tag in (None, name) and (value := attributes.get(attribute)) is not None
        ]


def dump_in(page: Page) -> str:
    """What stands in the pane of the dump: the last words before the script."""
    return page.words.split("Dump\n", 1)[1].split("rest ", 1)[1].split('"use strict"', 1)[0].strip("\n")


def evil() -> Thread:
    """A thread in which every word wants to do something."""
    words = " ".join(EVIL)
    text = f"{words}\n" * 20
    said = [
        comment(
            index, index - 1 if index else None, index, author=name, text=words, role=words, reply_to=words,
            posted=Timestamp(words, None, None, "day"), parent_confidence=0.5, span=Span(index, index + 1),
        )
        for index, name in enumerate(EVIL)
    ]  # fmt: skip
    return thread(
        *said,
        text=text,
        segments=(Segment(SegmentKind.TEXT, Span(0, 5), 0), Segment(SegmentKind.REST, Span(5, len(text)))),
        article=words,
        notes=(Note("odd", words),),
        dialect=words,
        locale=words,
    )


def test_everything_is_on_the_page() -> None:
    value = parse(EXAMPLE.read_text(encoding="utf-8"))
    page = Page(render_page(value))

    assert [f"c{c.index}" for c in value.walk()] == [i for i in page.having("id", "li") if i.startswith("c")]
    assert all(c.text in page.words and c.author in page.words for c in value.comments)
    assert "14 comments by 10 people, wpdiscuz, en" in page.words
    assert value.text.strip() == dump_in(page)
    assert {f"d{c.index}" for c in value.comments} == {i for i in page.having("id", "a") if i.startswith("d")}
    assert len(page.having("id")) == len(set(page.having("id")))


def test_the_list_is_flat_and_says_levels() -> None:
    page = Page(render_page(chain_with_text()))

    assert [str(level) for level in range(2_000)] == page.having("data-level")
    assert [str(place) for place in range(-1, 1_999)] == page.having("data-up")
    assert "i12" in page.having("class", "li")
    assert "i13" not in page.having("class", "li")
    assert "level 1999" in page.words


def chain_with_text() -> Thread:
    return attrs.evolve(chain(2_000), segments=())


def test_a_position_in_the_list_is_not_an_index() -> None:
    value = thread(comment(0), comment(1), comment(2, 0, 1), segments=())

    assert ["-1", "0", "-1"] == Page(render_page(value)).having("data-up")


def test_unsure_parents_are_marked_with_the_others() -> None:
    value = parse(EXAMPLE.read_text(encoding="utf-8"))
    unsure = value.comments[3]
    page = Page(render_page(value))

    doubtful = [c for c in value.comments if c.parent_confidence < 0.8]
    assert unsure in doubtful
    assert ["unsure"] * len(doubtful) == [value.split()[1] for value in page.having("class", "li") if "unsure" in value]
    assert f"Parent {100 * unsure.parent_confidence:.0f} % sure. Or #0 Marta Quill" in page.words


def test_a_root_that_may_be_a_reply() -> None:
    page = Page(render_page(attrs.evolve(full(), segments=(), text="")))

    assert "Parent 75 % sure. Or #1" in page.words
    assert "deleted" in page.words
    assert "trackback" in page.words
    assert "2 replies hidden" in page.words
    assert "-3 votes" in page.words
    assert "scraped 2031-05-04" in page.words


def test_a_reply_that_may_be_a_root() -> None:
    candidates = forest().comments[1].parent_candidates[0], attrs.evolve(full().comments[0].parent_candidates[0])
    said = comment(1, 0, 1, parent_confidence=0.6, parent_candidates=candidates)
    page = Page(render_page(thread(comment(0), said, segments=())))

    assert "Parent 60 % sure. Or nobody 75 %" in page.words


def test_nothing_of_a_dump_comes_to_life() -> None:
    html = render_page(evil(), title=EVIL[0])
    page = Page(html)

    assert 1 == [tag for tag, _ in page.elements].count("script")
    assert {"img", "b", "textarea", "iframe"}.isdisjoint(tag for tag, _ in page.elements)
    assert all(link.startswith("#") for link in page.having("href"))
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert [] == page.having("style")
    assert [] == page.having("src")
    assert [] == re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
    assert "␀␇␛[31m\ufffd31m\ufffdevil" in page.words
    assert "{{ 7 * 7 }}" in page.words
    html.encode("utf-8")


def test_the_content_policy_allows_the_page_alone() -> None:
    html = render_page(forest_with_text())
    policy = Page(html).having("content", "meta")[0]
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)

    assert policy.startswith("default-src 'none'; ")
    for part in (style, script):
        assert base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() in policy


def forest_with_text() -> Thread:
    return attrs.evolve(forest(), segments=())


@given(hostile_texts)
def test_every_text_makes_a_page(text: str) -> None:
    value = parse(text)
    page = Page(render_page(value))

    assert len(value.comments) == len(page.having("data-level"))
    assert all(link[1:] in page.having("id") for link in page.having("href"))


def test_a_page_without_comments() -> None:
    page = Page(render_page(parse("An ode to the pump.\nIt is green.\n")))

    assert "No comments found" in page.words
    assert "An ode to the pump." in page.words
    assert [] == page.having("id", "form")


def test_merged_and_pseudonymized_threads() -> None:
    value = parse(EXAMPLE.read_text(encoding="utf-8"))
    page = Page(render_page(merge([value, value]).pseudonymize("a key")))

    assert 14 == len(page.having("data-level"))
    assert "Marta" not in page.words
    assert 14 == len([i for i in page.having("id", "a") if i.startswith("d")])


@pytest.mark.parametrize(
    ("article", "title", "expected"),
    [
        ("The pump\nis green", None, "The pump"),
        ("The pump " * 20, None, "The pump " * 8 + "The …"),
        ("", None, "A thread"),
        ("The pump", "My <pump>", "My <pump>"),
    ],
)
def test_the_title(article: str, title: str | None, expected: str) -> None:
    page = render_page(thread(comment(0), article=article, segments=()), title=title)

    assert f"\n{expected}\n" in Page(page).words


def test_a_thread_without_its_text_is_refused() -> None:
    with pytest.raises(ValueError, match="tile 10 code points"):
        render_page(forest())


def test_one_of_each_is_singular() -> None:
    value = thread(comment(0, author="Ann", votes=1), declared_count=3, segments=(), notes=(Note("odd", "It is odd."),))
    words = Page(render_page(value)).words

    assert "1 comment by 1 person (the page says 3), wpdiscuz" in words
    assert "1 note" in words
    assert "1 vote" in words
    assert "Nobody answers anybody." in words


def said_at(index: int, *hours: float | None, raw: str = "then") -> Comment:
    earliest, latest = (None if hour is None else NOON + timedelta(hours=hour) for hour in hours)
    return comment(index, posted=Timestamp(raw, earliest, latest, "hour"))


def test_the_time_line() -> None:
    drawn = time_line(thread(said_at(0, 0, 1), said_at(1, 24, 48), said_at(2, None, None), comment(3, posted=None)))

    assert drawn is not None
    assert [(20, 32.5), (320, 620)] == [(line["x1"], line["x2"]) for line in drawn["lines"]]
    assert ["05-04 12:00", "05-05 00:00", "05-05 12:00", "05-06 00:00", "05-06 12:00"] == [
        tick["label"] for tick in drawn["ticks"]
    ]
    assert 2 == drawn["left_out"]
    assert all(0 < line["y"] < HEIGHT for line in drawn["lines"])


def test_the_time_line_of_one_moment_and_of_years() -> None:
    moment, years = time_line(thread(said_at(0, 0, 0))), time_line(thread(said_at(0, 0, 1), said_at(1, 0, 99_999)))

    assert moment is not None
    assert years is not None
    assert [(320, 323)] == [(line["x1"], line["x2"]) for line in moment["lines"]]
    assert "2031-05-04" == years["ticks"][0]["label"]


def test_the_words_of_times_without_dates() -> None:
    drawn = time_line(thread(*(said_at(i, None, None, raw=f"{i // 2} long and winding days ago") for i in range(30))))

    assert drawn is not None
    assert ["0 long and windin…", 2] == [drawn["bars"][0]["words"], drawn["bars"][0]["count"]]
    assert 3 == drawn["left_out"]
    assert "3 more are not drawn" in render_page(
        thread(*(said_at(i, None, None, raw=f"{i // 2} days ago") for i in range(30)), segments=())
    )
    assert time_line(thread(comment(0, posted=None))) is None
    assert "The page shows no times." in render_page(thread(comment(0, posted=None), segments=()))


def test_dates_are_on_the_page() -> None:
    value = thread(said_at(0, 0, 1), comment(1, 0, 1, posted=None), segments=())
    page = Page(render_page(value))

    assert "1 show no time" in page.words
    assert "2031-05-04 12:00 to 2031-05-04 13:00 UTC" in page.having("title")


def test_the_reply_graph() -> None:
    value = thread(
        comment(0, author="Ann"),
        comment(1, 0, 1, author="Bob of the long, long name"),
        comment(2, 1, 2, author="Ann", parent_confidence=0.5),
        comment(3, 2, 3, author="Ann"),
        segments=(),
    )
    drawn = reply_graph(value, 0.8)

    assert drawn is not None
    assert [("Ann", 3, 0), ("Bob of the long, …", 1, 1)] == [
        (p["label"], p["count"], p["number"]) for p in drawn["people"]
    ]
    assert [("Bob of the long, long name", "Ann", False), ("Ann", "Bob of the long, long name", True)] == [
        (edge["from"], edge["to"], edge["unsure"]) for edge in drawn["edges"]
    ]
    assert 3 == len(drawn["rows"])
    assert reply_graph(thread(comment(0)), 0.8) is None


def test_a_graph_of_many_people() -> None:
    crowd = thread(comment(0), *(comment(i, 0, 1) for i in range(1, 40)), segments=())
    drawn = reply_graph(crowd, 0.8)

    assert drawn is not None
    assert (24, 16) == (len(drawn["people"]), drawn["left_out"])
    assert 23 == len(drawn["edges"])
    assert all(0 < p["x"] < WIDTH and 0 < p["y"] < HEIGHT for p in drawn["people"])
    assert "16 more people are not drawn" in Page(render_page(crowd)).words


def test_the_command(tmp_path: Path) -> None:
    pytest.importorskip("typer", reason="the extra 'cli' is not installed")
    page = tmp_path / "page.html"
    done = run("view", str(EXAMPLE), "-o", str(page), "--title", "The bridge", "--scraped-at", "2024-04-30T12:00+00:00")
    value = parse(EXAMPLE.read_text(encoding="utf-8"), scraped_at=datetime(2024, 4, 30, 12, tzinfo=UTC))

    assert (0, b"", b"") == (done.returncode, done.stdout, done.stderr)
    assert render_page(value, title="The bridge") == page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    pytest.importorskip("typer", reason="the extra 'cli' is not installed")
    done = run("view", str(EXAMPLE), "-o", str(tmp_path / "no" / "page.html"))

    assert (1, b"") == (done.returncode, done.stdout)
    assert b"page.html: no such file" in done.stderr
    assert 1 == done.stderr.count(b"\n")
