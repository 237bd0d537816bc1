"""What the page "Promises" of the documentation promises and no other test holds."""

from __future__ import annotations

import hashlib
import json
import math
import os
import random
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import PLAIN_NAMES, Conversation, Habits, fill, threads
from fixture_format import FIXTURES, read_case
from hostile import FAMILIES
from invariants import assert_all_holds
from languages import NAMES, Language
from rendering import STYLES, Layout, render
from threadparse import DataError, Dialect, Thread, parse, parse_many

PAGES = [read_case(path).dump for path in sorted(FIXTURES.glob("*/*.txt"))][::9]
SCRAPED_AT = datetime(2031, 11, 24, tzinfo=UTC)
THREADS = 8
FEW = 150
"""Pieces of a small hostile text: enough that what is done once per page does not count."""


def _digest(texts: list[str]) -> str:
    dicts = [parse(text, scraped_at=SCRAPED_AT).to_dict() for text in texts]
    return hashlib.sha256(json.dumps(dicts, sort_keys=True).encode()).hexdigest()


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_processes_and_hash_seeds_do_not_matter(seed: str) -> None:
    code = "import json, sys; from test_promises import _digest; print(_digest(json.load(sys.stdin)))"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(PAGES[:12]),
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )

    assert run.stdout.strip() == _digest(PAGES[:12])


def test_threads_at_once_read_as_one_after_the_other() -> None:
    code = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from test_promises import _digest
pages = json.load(sys.stdin)
sys.setswitchinterval(1e-5)
with ThreadPoolExecutor(8) as pool:  # nothing is loaded yet: all of them load the same locales and dialects
    print(len({digest for digest in pool.map(lambda _: _digest(pages), range(8))}), _digest(pages))
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(PAGES[:8]),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )

    assert run.stdout.split() == ["1", _digest(PAGES[:8])]


def test_neither_clock_nor_network_nor_files_are_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [parse(page) for page in PAGES]  # all data is loaded now

    def refuse(*_: object, **__: object) -> Any:
        raise AssertionError("parse looked outside")

    for module, name in ((time, "time"), (time, "time_ns"), (time, "localtime"), (socket, "socket")):
        monkeypatch.setattr(module, name, refuse)
    monkeypatch.setattr("builtins.open", refuse)

    assert expected == [parse(page) for page in PAGES]


def test_data_files_run_nothing(tmp_path: Path) -> None:
    """What would be code or a slow pattern elsewhere is literal text in a template."""
    file = tmp_path / "trap.toml"
    file.write_text(
        'name = "trap"\ntitle = "__import__(\'os\').abort()"\n[[header]]\nname = "x"\n'
        'lines = ["{author} (?:a+)+$", "{when} %s {{0.__class__}}"]\n',
        encoding="utf-8",
    )
    trap = Dialect.load(file)

    assert (
        parse("Ann aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n5 May 2021\nHello.", dialect=trap).comments
        == ()
    )
    thread = parse("1 Comment\nAnn (?:a+)+$\n5 May 2021 %s {{0.__class__}}\nHello there, all of you.", dialect=trap)
    assert [comment.author for comment in thread.comments] == ["Ann"]


@given(conversation=threads(), below=st.integers(0, 12))
@settings(max_examples=60)
def test_what_stands_below_the_page_changes_no_closed_comment(conversation: Conversation, below: int) -> None:
    text = render(conversation, Layout.ONE, STYLES[0])
    thread = parse(text)
    longer = parse(f"{text}\n\nPost navigation\n" + "\n".join(f"Footer line {i}." for i in range(below)))

    closed = len(thread.comments) - 1
    assert [_said(thread, i) for i in range(closed)] == [_said(longer, i) for i in range(closed)]


@given(conversation=threads(), paragraphs=st.integers(0, 4), seed=st.integers(0, 2**16))
@settings(max_examples=60)
def test_a_page_alone_and_inside_a_longer_page_are_alike(
    conversation: Conversation, paragraphs: int, seed: int
) -> None:
    text = render(conversation, Layout.ONE, STYLES[0])
    source = random.Random(seed)
    prose = "The ledger beside the old pump was counted again, and nobody asked why it had been kept for so long."
    above = "\n\n".join(["A longer page", *[prose] * paragraphs, source.choice(PLAIN_NAMES) + " keeps the mill.", ""])
    alone, inside = parse(text), parse(f"{above}\n{text}")

    assert [_said(alone, i) for i in range(len(alone.comments))] == [
        _said(inside, i) for i in range(len(inside.comments))
    ]


def _said(thread: Thread, index: int) -> tuple[object, ...]:
    comment = thread.comments[index]
    return comment.author, comment.text, comment.posted and comment.posted.raw, comment.parent_index


@pytest.mark.parametrize("name", NAMES)
def test_everything_holds_in_every_language(name: str) -> None:
    language = Language.load(name)
    for number, style in enumerate(STYLES):
        page = fill(Conversation(remarks=(), has_form=True), Habits(names=PLAIN_NAMES[:5]), number=6, seed=number)
        assert_all_holds(render(language.translated(page), tuple(Layout)[number % 4], style, language))


@pytest.mark.parametrize("page", range(len(PAGES)))
def test_everything_holds_for_pieces_of_pages(page: int) -> None:
    lines = PAGES[page].split("\n")
    source = random.Random(page)
    for _ in range(3):
        first = source.randrange(len(lines))
        assert_all_holds("\n".join(lines[first : first + source.randint(1, len(lines))]))


@pytest.mark.parametrize("family", FAMILIES)
def test_cost_grows_with_the_size(family: str) -> None:
    """Calls of functions, not seconds: that does not depend on the machine. The exponent may be 1.15."""
    small, large = (_calls(FAMILIES[family](number)) for number in (FEW, 4 * FEW))

    assert math.log(large / small, 4) <= 1.15


def _calls(text: str) -> int:
    """How many functions ``parse`` calls."""
    calls = 0

    def count(frame: Any, event: str, argument: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        parse(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("name = " + "[" * 200 + "]" * 200, ""),
        ('name = "x"\ntitle = "x"\nheader = 5', "header"),
        ('name = "x"\ntitle = "x"\n[[header]]\nname = "x"\nlines = ["{author}' + "{any}" * 500 + '"]', "header"),
        ('name = "x"\ntitle = "x"\n' + '[[header]]\nname = "x"\nlines = ["{author}"]\n' * 500, "header"),
        (
            'name = "x"\ntitle = "x"\nfurniture = ["' + "a" * 5000 + '"]\n[[header]]\nname = "x"\nlines = ["{author}"]',
            "furniture",
        ),
        ('name = "x"\ntitle = "x"\nsigns = 3.5\n[[header]]\nname = "x"\nlines = ["{author}"]', "signs"),
        ("x" * 300_000, ""),
    ],
)
def test_a_hostile_dialect_is_refused(tmp_path: Path, content: str, key: str) -> None:
    file = tmp_path / "hostile.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        Dialect.load(file)

    assert caught.value.file == "hostile.toml"
    assert key in (caught.value.key or "")


def test_a_batch_is_like_a_loop_whatever_it_holds() -> None:
    texts = [*PAGES[:10], "", "\ud800\0", "Ann\n" * 50]

    assert [parse(text) for text in texts] == list(parse_many(texts))
