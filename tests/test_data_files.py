"""Dialects and locales as files: what is refused, and that what is saved is read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from threadparse import DataError, Dialect, Locale, parse
from threadparse._dialect import load_dialect

LOCALE: dict[str, Any] = {"name": "xx", "title": "Xx", "words": {"reply": ["Antwor"]}}
DIALECT: dict[str, Any] = {"name": "own", "title": "Own", "header": [{"name": "one", "lines": ["{author}", "{when}"]}]}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"nonsense": 1}, "nonsense"),
        ({"name": ""}, "name"),
        ({"words": 3}, "words"),
        ({"words": {"reply": "no list"}}, "words.reply"),
        ({"words": {"reply": ["x"] * 300}}, "words.reply"),
        ({"words": {"reply": ["one"], "votes": ["ONE"]}}, "words.votes"),
        ({"words": {"reply": ["{nothing}"]}}, "words.reply"),
        ({"words": {"reply": ["stray {"]}}, "words.reply"),
        ({"words": {"reply": ["{n}{name}"]}}, "words.reply"),
        ({"words": {"reply": ["x" * 500]}}, "words.reply"),
    ],
)
def test_a_malformed_locale_is_refused(change: dict[str, Any], key: str) -> None:
    with pytest.raises(DataError) as caught:
        Locale.from_data({**LOCALE, **change}, file="xx.toml")

    assert ("xx.toml", key) == (caught.value.file, caught.value.key)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"rounding": "up"}, "rounding"),
        ({"header": []}, "header"),
        ({"header": [{"name": "one", "lines": ["{when}"]}]}, "header[0].lines"),
        ({"header": [{"name": "one", "lines": ["{author}", "{when}", "{when}"]}]}, "header[0].lines"),
        ({"header": [{"name": "one", "lines": ["{who}"]}]}, "header[0].lines"),
        ({"header": [{"name": "one", "lines": ["by {alt}", "{author}"]}]}, "header[0].lines"),
        ({"header": [{"name": "one", "lines": ["{author} @nonsense"]}]}, "header[0].lines"),
        ({"header": [{"name": "one", "lines": ["{author}" + "x" * 300]}]}, "header[0].lines"),
        ({"tail": {"order": ["reply", "reply"]}}, "tail.order"),
        ({"lines": {"site": ["{"]}}, "lines.site"),
        ({"variant_of": 3}, "variant_of"),
        ({"variant_of": "nobody"}, "variant_of"),
        ({"variant_of": "vbulletin-author-first"}, "variant_of"),
    ],
)
def test_a_malformed_dialect_is_refused(change: dict[str, Any], key: str) -> None:
    with pytest.raises(DataError) as caught:
        Dialect.from_data({**DIALECT, **change}, file="own.toml")

    assert ("own.toml", key) == (caught.value.file, caught.value.key)


@pytest.mark.parametrize("content", [b"\xff", b"name = ", b"#" * 300_000])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(content)

    with pytest.raises(DataError, match=r"own\.toml"):
        Dialect.load(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        Locale.load(tmp_path / "none.toml")


def test_a_dialect_is_saved_and_read_back(tmp_path: Path) -> None:
    lines = {"site": ["Über \x7f uns"]}
    header = [{"name": "one line", "lines": ["{role}?", "{author} @says on {when}"]}]
    dialect = Dialect.from_data({**DIALECT, "header": header, "lines": lines, "tail": {"order": ["reply"]}}, file="x")
    path = tmp_path / "own.toml"

    dialect.save(path)

    assert dialect == Dialect.load(path)


def test_a_dialect_of_ones_own_reads_its_header_lines() -> None:
    header = [{"name": "one line", "lines": ["{author} @says on {when}"]}]
    dialect = Dialect.from_data({**DIALECT, "header": header}, file="own.toml")
    text = "2 Comments\nAnn says on March 5, 2021\n\nHello.\n\nBob says on March 6, 2021\n\nGood day.\n"

    thread = parse(text, dialect=dialect)

    assert [("Ann", "Hello."), ("Bob", "Good day.")] == [(c.author, c.text) for c in thread.comments]


def test_a_variant_has_what_its_file_leaves_out_from_the_dialect_it_varies() -> None:
    header = [{"name": "one line", "lines": ["{author} @says on {when}"]}]
    data = {"name": "own", "title": "Our board", "variant_of": "vbulletin", "header": header, "signs": ["our board"]}
    variant, varied = Dialect.from_data(data, file="own.toml"), load_dialect("vbulletin")

    assert ("Our board", ("our board",)) == (variant.title, variant.signs)
    assert ["one line"] == [header.name for header in variant.headers]
    assert (varied.furniture, varied.ends, varied.is_flat) == (variant.furniture, variant.ends, variant.is_flat)
