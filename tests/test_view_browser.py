"""The page that ``threadparse view`` writes, in a browser: clicks, keys, search, narrow screens, accessibility."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import attrs
import pytest

from test_model import chain
from test_view import EVIL, EXAMPLE, evil
from threadparse import Thread, parse

pytest.importorskip("playwright", reason="playwright (extra 'test') is not installed")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from threadparse.view import render_page

Scheme = Literal["light", "dark"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the page of a thread; in the end there must have been no error, no message and no request."""
    said: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_page(thread: Thread | None = None, *, width: int = 1280, scheme: Scheme = "light", mark: str = "") -> Page:
        file = tmp_path / "page.html"
        value = parse(EXAMPLE.read_text(encoding="utf-8")) if thread is None else thread
        file.write_text(render_page(value), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        context.set_default_timeout(100_000)  # ten thousand comments on a busy machine
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri() + mark)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [] == said
    assert all(url.startswith("file:") and "page.html" in url for url in asked), asked


def shown(page: Page) -> list[str]:
    """The comments that are not hidden, by number."""
    return [str(i) for i in page.eval_on_selector_all("#tree > li:not([hidden])", "all => all.map(i => i.id.slice(1))")]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('li')?.id ?? document.activeElement.id"))


def test_search(opened: Open) -> None:
    page = opened()
    page.fill("#query", "BICYCLES")

    assert ["0"] == shown(page)
    assert "1 of 14 comments" == page.inner_text("#found")

    page.fill("#query", "friendly picture")
    assert ["0", "1", "2", "3"] == shown(page)
    assert ["c0", "c1", "c2"] == page.eval_on_selector_all("li.context", "all => all.map(i => i.id)")
    assert 1 == page.evaluate("CSS.highlights.get('found').size")

    page.fill("#query", "nobody says this")
    assert [] == shown(page)
    page.fill("#query", "")
    assert 14 == len(shown(page))
    assert 0 == page.evaluate("CSS.highlights.get('found').size")


def test_the_author_is_chosen_in_the_list_or_in_the_graph(opened: Open) -> None:
    page = opened()
    page.select_option("#author", label="Dorrit Hale (1)")
    assert ["6"] == shown(page)

    page.select_option("#author", "")
    page.click(".person[aria-label^='Wim'] circle")
    assert ["10", "11"] == shown(page)
    assert "true" == page.get_attribute(".person[aria-label^='Wim']", "aria-pressed")

    page.press(".person[aria-label^='Wim']", "Enter")
    assert 14 == len(shown(page))


def test_branches_fold(opened: Open) -> None:
    page = opened()
    page.click("#c1 .fold")
    assert ["0", "1", *(str(i) for i in range(6, 14))] == shown(page)
    assert "false" == page.get_attribute("#c1 .fold", "aria-expanded")

    page.click("#c0 .fold")
    page.click("#c0 .fold")
    assert ["0", "1", "6"] == shown(page)[:3]

    page.click("#fold")
    assert 14 == len(shown(page))
    page.click("#fold")
    assert ["0", "6", "10", "12"] == shown(page)


def test_keys(opened: Open) -> None:
    page = opened()
    page.focus("#c0 article")
    page.keyboard.press("ArrowDown")
    assert "c1" == focused(page)

    page.keyboard.press("ArrowLeft")
    assert ["0", "1", "6"] == shown(page)[:3]
    page.keyboard.press("ArrowDown")
    assert "c6" == focused(page)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert 14 == len(shown(page))
    page.keyboard.press("ArrowRight")
    assert "c2" == focused(page)

    page.keyboard.press("u")
    assert "c3" == focused(page)
    page.focus("#c4 article")
    page.keyboard.press("ArrowLeft")
    assert "c3" == focused(page)
    page.keyboard.press("/")
    assert "query" == focused(page)


def test_the_tab_key_reaches_everything(opened: Open) -> None:
    page = opened()
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className?.baseVal || "
                "document.activeElement.closest('li')?.id || document.activeElement.tagName"
            )
        )

    assert {"query", "author", "fold", "unsure", "theme", "person", "c0", "c13", "pane", "d0", "d13"} <= reached


def test_the_dump_and_the_comments_lead_to_each_other(opened: Open) -> None:
    page = opened()
    page.click("#fold")
    page.click("pre .k-text[data-c='4']")
    assert "c4" == focused(page)
    expect(page.locator("#c4")).to_be_visible()
    assert "4" == page.eval_on_selector("pre .on", "piece => piece.dataset.c")

    page.click("#d12")
    assert "c12" == focused(page)
    page.click("#fold")
    page.click("#c13 .text")
    expect(page.locator("#d13")).to_be_in_viewport()
    page.click("#c3 .doubt a")
    assert "c0" == focused(page)


def test_a_link_to_a_comment(opened: Open) -> None:
    assert "c9" == focused(opened(mark="#c9"))


def test_the_next_unsure_parent(opened: Open) -> None:
    page = opened()
    page.click("#unsure")
    assert "c3" == focused(page)

    sure = parse("1 Comment\nAnn\nAnn\n2 days ago\n\nYes.\n\nReply\n")
    assert not opened(sure).is_visible("#unsure")


def test_colours(opened: Open) -> None:
    page = opened(scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.click("#theme")
    light = page.evaluate(paper)
    page.click("#theme")

    assert light != dark
    assert dark == page.evaluate(paper)
    assert "Colours: dark" == page.inner_text("#theme")


def test_nothing_of_a_dump_comes_to_life(opened: Open) -> None:
    page = opened(evil())
    for item in range(len(EVIL)):
        page.click(f"#c{item} .text")
    page.fill("#query", "<script>")

    assert len(EVIL) == len(shown(page))
    assert 1 == page.locator("script").count()


def test_without_comments(opened: Open) -> None:
    expect(opened(parse("An ode to the pump.\n")).locator("#pane")).to_contain_text("An ode")


def test_ten_thousand_levels(opened: Open) -> None:
    page = opened(attrs.evolve(chain(), segments=()))
    page.fill("#query", "rower 9999")
    assert 10_000 == len(shown(page))
    page.fill("#query", "")
    page.click("#fold")
    assert ["0"] == shown(page)
    page.click("#fold")
    assert 10_000 == len(shown(page))


@pytest.mark.parametrize("width", [1280, 400, 320])
def test_nothing_is_wider_than_the_screen(opened: Open, width: int) -> None:
    long = parse("1 Comment\nAnn\nAnn\n2 days ago\n\n" + "pump" * 500 + "\n\nReply\n")
    for page in (opened(width=width), opened(long, width=width)):
        assert width >= page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing_serious(opened: Open, width: int, scheme: str) -> None:
    page = opened(width=width, scheme=scheme)
    # The content policy keeps out everything, axe included, so that it is brought in through the debugger.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    page.fill("#query", "friendly")
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
    checked = Axe().run(page).response

    serious = [found for found in checked["violations"] if found["impact"] in ("serious", "critical")]
    assert [] == [(found["id"], found["nodes"][0]["html"]) for found in serious]
    assert {"color-contrast", "button-name"} <= {passed["id"] for passed in checked["passes"]}
