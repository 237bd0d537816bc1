"""Languages as data: what each file says, which language a page speaks, and that one more takes one more file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from conversations import Conversation, Remark
from languages import LOCALES, NAMES, Language
from rendering import STYLES, Layout, Style, render
from threadparse import DataError, Locale, parse

TONGUE = """
name = "x-volta"
title = "Volta (an invented language)"

[time]
now = ["zun"]
relative = ["pas {n} {unit}"]
months = [
    ["prim"], ["dua"], ["tria"], ["kvar"], ["kvin"], ["ses"], ["sep"], ["ok"], ["nau"], ["dek"], ["dekun"], ["dekdu"],
]

[time.units]
day = ["solo", "soloi"]
month = ["luno", "lunoi"]

[words]
count = ["{n} vortoi"]
reply_to = ["Re al {name}"]
reply = ["Rei"]
read_more = ["Plu »"]
edited = ["Stranjita {when} da {name}"]
role = ["Skribo"]
button = ["Dividi"]
sort = ["Olda", "Nova", "Bona"]
form = ["Nomo", "Paĝo"]

[examples.time]
"pas 3 lunoi" = "3 month"

[examples.words]
"Re al Ana" = "reply_to"
"""


@pytest.fixture
def tongue(tmp_path: Path) -> Locale:
    path = tmp_path / "x-volta.toml"
    path.write_text(TONGUE, encoding="utf-8")
    return Locale.load(path)


def talk(language: Language) -> Conversation:
    """Three remarks with everything that the invented language has words for."""
    return Conversation(
        (
            Remark("Ana Mar", None, 0, ("The boats are blue.",), language.ago(3, "month"), ("1",), "Skribo"),
            Remark("Bo Tal", 0, 1, ("Some of them.",), language.ago(2, "month"), ("0",), truncated=True),
            Remark(
                "Ana Mar",
                1,
                2,
                ("All that I saw.",),
                language.ago(2, "day"),
                ("0",),
                edited=(language.ago(1, "day"), "Bo Tal"),
            ),
        ),
        has_sort_bar=True,
    )


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_new_language_takes_one_file(tongue: Locale, style: Style) -> None:
    language = Language(tongue)
    conversation = talk(language)

    thread = parse(render(conversation, Layout.TWO, style, language), locale=tongue)

    assert "x-volta" == thread.locale
    assert [(r.author, r.posted, r.parent, r.truncated) for r in conversation.remarks] == [
        (c.author, c.posted and c.posted.raw, c.parent_index, c.truncated) for c in thread.comments
    ]
    assert "Bo Tal" == (thread.comments[2].edited and thread.comments[2].edited.by)
    assert ["month", "month", "day"] == [c.posted and c.posted.unit for c in thread.comments]


def test_a_new_language_is_detected_beside_those_of_the_package(tongue: Locale) -> None:
    language = Language(tongue)
    page = render(talk(language), Layout.ONE, STYLES[0], language)

    assert "x-volta" == parse(page, locale=["de", tongue, "fr"]).locale


def test_an_unknown_key_names_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "x-volta.toml"
    path.write_text(TONGUE.replace("reply =", "answer ="), encoding="utf-8")

    with pytest.raises(DataError) as caught:
        Locale.load(path)

    assert ("x-volta.toml", "words.answer") == (caught.value.file, caught.value.key)


@pytest.mark.parametrize("name", NAMES)
def test_a_locale_is_named_like_its_file_and_has_examples(name: str) -> None:
    locale = Language.load(name).locale

    assert name == locale.name
    assert len(locale.examples["time"]) >= 3
    assert len(locale.examples["words"]) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_no_locale_has_a_key_that_english_lacks(name: str) -> None:
    english = set(Locale.load(LOCALES / "en.toml").words)

    assert set() == set(Language.load(name).locale.words) - english


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_read_in_its_language(name: str) -> None:
    language = Language.load(name)
    conversation = attrs.evolve(language.translated(PAGE), has_form=True, has_sort_bar=True)

    assert name == parse(render(conversation, Layout.ONE, STYLES[0], language)).locale


PAGE = Conversation(
    (
        Remark("Ann Lee", None, 0, ("The kiln was cold.",), "3 years ago", ("1",)),
        Remark("Kip", 0, 1, ("It was never warm.",), "2 months ago", ("0",)),
    )
)


def test_a_page_may_mix_two_languages_and_english() -> None:
    french = Language.load("fr")
    page = render(attrs.evolve(french.translated(PAGE), has_form=True), Layout.ONE, STYLES[0], french)
    # A German theme has words of its own for the buttons, and one comment shows its time in German.
    page = page.replace("il y a 3 ans", "vor 3 Jahren").replace("Répondre\n", "Antworten\nTeilen\n")

    thread = parse(page)

    assert ["Ann Lee", "Kip"] == [comment.author for comment in thread.comments]
    assert "vor 3 Jahren" == (thread.comments[0].posted and thread.comments[0].posted.raw)
    assert ["The kiln was cold.", "It was never warm."] == [comment.text for comment in thread.comments]


def test_words_of_two_languages_are_noted_and_strict_lets_them_pass() -> None:
    comments = "Inês\nInês\n2 dias atrás\n\nOlá.\n\n1\nResponder\nRui\nRui\n1 dia atrás\n\nViva.\n\n0\nResponder\n"
    page = f"2 comentários\n{comments}"

    (note,) = parse(page).notes

    assert ("locale-unsure", None) == (note.code, note.span)
    assert "pt-BR and pt-PT" in note.message
    assert parse(page) == parse(page, strict=True)
    assert () == parse(page, locale="pt-PT").notes


@pytest.mark.parametrize("locale", [(), 3.5, ["en", 3], [None]])
def test_a_locale_that_is_none_is_refused(locale: object) -> None:
    with pytest.raises(TypeError):
        parse("", locale=locale)  # type: ignore[arg-type]


def test_every_language_is_in_the_table() -> None:
    page = (Path(__file__).parent.parent / "docs" / "languages.md").read_text(encoding="utf-8")

    assert list(NAMES) == re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)


def test_importing_loads_no_locale() -> None:
    code = "import threadparse, threadparse._locale as m; print(m.load_locale.cache_info().currsize)"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)

    assert "0" == run.stdout.strip()
