"""What the page "Promises" of the documentation promises and no other test holds."""

from __future__ import annotations

import cProfile
import hashlib
import json
import math
import os
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import PLAIN_NAMES, Conversation, Habits, fill, threads
from fixture_format import FIXTURES, read_case
from hostile import FAMILIES
from invariants import assert_all_holds
from languages import NAMES, Language
from rendering import STYLES, Layout, render
from threadparse import DataError, Dialect, Locale, Thread, parse, parse_many
from threadparse._lines import SHORT
from threadparse._templates import compile_line

PAGES = [read_case(path).dump for path in sorted(FIXTURES.glob("*/*.txt"))][::9]
SCRAPED_AT = datetime(2031, 11, 24, tzinfo=UTC)
THREADS = 8
FEW = 80
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
        input=json.dumps(PAGES[:4]),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )

    assert run.stdout.split() == ["1", _digest(PAGES[:4])]


_TIMED = """
import json, sys, time
from datetime import datetime
from threadparse import parse
pages, asked = json.load(sys.stdin), []

def watch(_, event, function):
    if event == "c_call" and (function.__module__ == "time" or function.__name__ in ("now", "today", "utcnow")):
        asked.append(function.__qualname__)

sys.setprofile(watch)
for page in pages:
    parse(page)
datetime.now()
time.monotonic()
sys.setprofile(None)
print(*asked)
"""


def test_no_clock_is_asked() -> None:
    """Asked of the interpreter itself: it tells of each function written in C that is called, here of our own two."""
    run = subprocess.run(
        [sys.executable, "-c", _TIMED], input=json.dumps(PAGES), capture_output=True, text=True, check=True
    )

    assert ["datetime.now", "monotonic"] == run.stdout.split()


_WATCHED = """
import json, sys
from pathlib import Path
pages, seen, is_on = json.load(sys.stdin), [], False

def hook(event, arguments):
    if is_on and not event.startswith(("object.", "sys._getframe", "gc.", "builtins.id")):
        seen.append((event, str(arguments[0]) if arguments else ""))

sys.addaudithook(hook)
import threadparse
is_on = True
for page in pages:
    threadparse.parse(page)
is_on = False
first, seen[:] = list(seen), []
is_on = True
for page in pages:
    threadparse.parse(page)
is_on = False
print(json.dumps([str(Path(threadparse.__file__).parent), first, seen]))
"""


def test_nothing_but_the_packages_data_is_opened() -> None:
    """Asked of the interpreter itself: its audit events tell of every file, socket, process and import."""
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    run = subprocess.run(
        [sys.executable, "-c", _WATCHED],
        input=json.dumps(PAGES),
        capture_output=True,
        text=True,
        check=True,
        env=unmeasured,
    )
    package, first, later = json.loads(run.stdout)

    loading = {"open", "os.listdir", "os.scandir", "import", "exec", "compile", "marshal.loads", "marshal.load"}
    assert {event for event, _ in first} <= loading
    data = [Path(path) for event, path in first if event == "open" and not path.endswith((".py", ".pyc", ".so"))]
    assert data
    assert all(path.suffix == ".toml" and path.is_relative_to(package) for path in data)
    assert later == []


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
        piece = "\n".join(lines[first : first + source.randint(1, len(lines))])
        assert_all_holds(piece, scraped_at=source.choice((None, SCRAPED_AT)))


@pytest.mark.parametrize("family", FAMILIES)
def test_cost_grows_with_the_size(family: str) -> None:
    """Calls of functions, not seconds: that does not depend on the machine. The exponent may be 1.15."""
    parse(FAMILIES[family](FEW // 10))  # reads the data files
    texts = (FAMILIES[family](number) for number in (FEW, 3 * FEW))
    small, large = (_calls(partial(parse, text)) for text in texts)

    assert math.log(large / small, 3) <= 1.15


def _calls(job: Callable[[], object]) -> int:
    """How many functions a job calls, Python's own included."""
    profile = cProfile.Profile()
    profile.runcall(job)
    return sum(entry.callcount for entry in profile.getstats())


HEAD = 'name = "x"\ntitle = "x"\n'
HEADER = '[[header]]\nname = "x"\nlines = ["{author}", "{when}"]\n'


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("name = " + "[" * 200 + "]" * 200, ""),
        ("x = " + "[" * 90_000, ""),
        ("x = " + "{a=" * 60_000, ""),
        ("a." * 90_000 + "a = 1", "a.a."),
        ("x = {" + '"a" . ' * 20_000 + "a = 1}", '"a" . '),
        ("x = " + "1" * 5_000, ""),
        ("x = 0x" + "f" * 150_000, "x"),
        ('x = "\\ud800"', ""),
        ("\ufeff" + HEAD, ""),
        ("\0" * 1_000, ""),
        ("x" * 300_000, ""),
        ("[[header]]\n" * 10_000, "name"),
        (HEAD + "header = 5", "header"),
        (HEAD + HEADER * 500, "header"),
        (HEAD + HEADER + "level = true", "header[0].level"),
        (HEAD + HEADER + "level = 1e99", "header[0].level"),
        (HEAD + 'furniture = ["' + "a" * 5000 + '"]\n' + HEADER, "furniture"),
        (HEAD + "furniture = [" + '"x", ' * 30_000 + "]\n" + HEADER, "furniture"),
        (HEAD + 'furniture = [["x"]]\n' + HEADER, "furniture"),
        (HEAD + "furniture = [" + f'"{"{any}" * 38}", ' * 200 + "]\n" + HEADER, "furniture"),
        (HEAD + "signs = 3.5\n" + HEADER, "signs"),
        (HEAD + "flat = 1979-05-27\n" + HEADER, "flat"),
        (HEAD + "tail = [[[[]]]]\n" + HEADER, "tail"),
        (HEAD + HEADER + '[lines]\ncount = ["' + "{name} a " * 9 + '"]', "lines.count"),
        (HEAD + HEADER.replace("{author}", "{author}" + "{any}" * 500), "header[0].lines"),
        (HEAD + HEADER.replace("{author}", "{author} {any}"), "header[0].lines"),
        (HEAD + HEADER.replace("{author}", "{author}{?a}{any}"), "header[0].lines"),
        (HEAD + HEADER.replace("{author}", "{author}{n} {n}{n}"), "header[0].lines"),
        (HEAD + HEADER.replace("{author}", "{author}a{any}a{any}a{any}"), "header[0].lines"),
    ],
)
def test_a_hostile_dialect_is_refused(tmp_path: Path, content: str, key: str) -> None:
    assert _refused(Dialect, tmp_path / "hostile.toml", content).startswith(key)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("a." * 90_000 + "a = 1", "a.a."),
        (HEAD + "[words]\nreply = 5", "words.reply"),
        (HEAD + f'[words]\nreply = ["{"x" * 301}"]', "words.reply"),
        (HEAD + "[words]\nreply = [" + '"x", ' * 201 + "]", "words.reply"),
        (HEAD + '[words]\ncount = ["' + "{title} a " * 9 + '"]', "words.count"),
        (HEAD + '[words]\ncount = ["{name}{title}"]', "words.count"),
        (HEAD + f'[time]\nrelative = ["{"{n} {unit} " * 9}"]', "time.relative"),
        (HEAD + '[time]\nmonths = ["a"]', "time.months"),
        (HEAD + "[time.numbers]\na = 1_000_000_000_000", "time.numbers.a"),
        (HEAD + "[time.numbers]\na = true", "time.numbers.a"),
        (HEAD + "[examples]\nwords = 3\ntimes = 4", "examples.times"),
    ],
)
def test_a_hostile_locale_is_refused(tmp_path: Path, content: str, key: str) -> None:
    assert _refused(Locale, tmp_path / "hostile.toml", content).startswith(key)


MOST_CALLS = 1_500_000
"""Calls of functions within which a data file of the largest size is read or refused; tomllib takes a few per byte."""


def _refused(kind: type[Dialect | Locale], file: Path, content: str) -> str:
    """The key at which a data file is refused, in bounded time."""
    file.write_text(content, encoding="utf-8")

    def load() -> DataError:
        with pytest.raises(DataError) as caught:
            kind.load(file)
        return caught.value

    error: list[DataError] = []
    assert _calls(lambda: error.append(load())) < MOST_CALLS
    assert error[0].file == "hostile.toml"
    return error[0].key


def test_a_line_is_matched_in_bounded_time_against_the_worst_that_a_data_file_may_say() -> None:
    """Three fields of any length with one letter between, and a line that is divided at each of its letters."""
    pattern = compile_line("{any}a{author}a{any}!", {}, file="x", key="x")

    assert pattern.fullmatch("!" + "a" * SHORT, timeout=5) is None


def test_a_batch_is_like_a_loop_whatever_it_holds() -> None:
    texts = [*PAGES[:10], "", "\ud800\0", "Ann\n" * 50]

    assert [parse(text) for text in texts] == list(parse_many(texts))
