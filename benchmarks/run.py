"""How fast threadparse is, beside what it could at best be and beside its nearest neighbours, in one table.

    python benchmarks/run.py [--scale 0.1] [--rounds 5] [--where locale=en_US] [GOLD.jsonl.gz ...]

Figures of one run on one machine compare; figures of two machines do not. Times are those of the processor, the best of
some runs. The neighbours are installed with ``pip install -r benchmarks/requirements.txt``; one that is missing is said
to be missing.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests")]

import inputs

import threadparse
from threadparse import Thread
from threadparse._locale import load_locale
from threadparse._resolve import Clock
from threadparse._times import TimeReader

_SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
"""Lengths of the growing inputs, in code points."""
_NAIVE = re.compile(
    r"^(?P<author>.{1,80})\n+(?:(?P=author)\n+)?(?:Reply to\s+(?P<above>.{1,80})\n+)?"
    r"(?P<when>\d+ (?:second|minute|hour|day|month|year)s? ago)\n+(?:Reply to\s+(?P<below>.{1,80})\n)?",
    re.MULTILINE,
)
"""What one would write first: a name, perhaps twice, a time, a marker."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", type=Path, help="files of dumps to measure beside the generated ones")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the inputs' usual number and size")
    parser.add_argument(
        "--where", action="append", default=[], metavar="KEY=VALUE", help="only such dumps of the files"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured; the best run counts")
    options = parser.parse_args()
    rounds = options.rounds
    print(f"threadparse on Python {platform.python_version()}, {platform.machine()}, one core; best of {rounds} runs")
    number = max(2, round(200 * options.scale))
    pages = inputs.conversations(number)
    _comments(rounds, "generated wpDiscuz pages", pages)
    _neighbours(rounds, pages)
    if options.gold:
        where = dict(pair.split("=", 1) for pair in options.where)
        _comments(rounds, "dumps of the files given", list(inputs.gold(options.gold, where)))
    _without_comments(rounds, inputs.articles(number))
    _memory(max(20_000, round(1_000_000 * options.scale)))
    _imports(rounds)
    _growth(rounds, [round(size * options.scale) for size in _SIZES])


# -- measuring ---------------------------------------------------------------------------------------------------------


def _best(rounds: int, jobs: Sequence[Callable[[], object]]) -> list[float]:
    """The shortest time of each job, in seconds; they take turns, so that a slow moment of the machine hits all."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds):
        for job, taken in zip(jobs, times, strict=True):
            taken.append(_time(job))
    return [min(taken) for taken in times]


def _time(job: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    job()
    return max(time.process_time() - start, 1e-9)


def _each(function: Callable[[Any], object], values: Iterable[Any]) -> Callable[[], None]:
    def job() -> None:
        for value in values:
            function(value)

    return job


def _build(document: str) -> Thread:
    return Thread.from_dict(json.loads(document))


def _parse(page: inputs.Page) -> Thread:
    return threadparse.parse(page.text, scraped_at=page.scraped_at)


def _parse_english(page: inputs.Page) -> Thread:
    return threadparse.parse(page.text, scraped_at=page.scraped_at, locale="en")


# -- the table ---------------------------------------------------------------------------------------------------------


def _head(title: str, *columns: str) -> None:
    print(f"\n{title}\n{'':44}{''.join(f'{column:>14}' for column in columns)}")


def _row(name: str, *values: str) -> None:
    print(f"  {name:42}{''.join(f'{value:>14}' for value in values)}")


def _comments(rounds: int, title: str, pages: Sequence[inputs.Page]) -> None:
    threads = [_parse(page) for page in pages]
    documents = [thread.to_json() for thread in threads]
    texts = [page.text for page in pages]
    size, count = sum(map(len, texts)), sum(len(thread.comments) for thread in threads)
    jobs = {
        "json.loads + building the same objects": _each(_build, documents),
        "str.splitlines": _each(str.splitlines, texts),
        "a naive pattern": _each(lambda text: [match.groupdict() for match in _NAIVE.finditer(text)], texts),
        "threadparse.parse": _each(_parse, pages),
        "threadparse.parse, locale='en'": _each(_parse_english, pages),
    }
    _head(f"{title}: {len(texts)}, {size / 1e6:.2f} M code points, {count} comments", "MB/s", "comments/s", "x json")
    best = _best(rounds, list(jobs.values()))
    for name, seconds in zip(jobs, best, strict=True):
        _row(name, f"{size / seconds / 1e6:.2f}", f"{count / seconds:,.0f}", f"{seconds / best[0]:.2f}")


def _neighbours(rounds: int, pages: Sequence[inputs.Page]) -> None:
    """E-mail reply parsers on the same texts, and the times of the same comments."""
    texts = [page.text for page in pages][: max(2, len(pages) // 10)]
    size = sum(map(len, texts))
    _head("nearest neighbours: e-mail reply parsers on a tenth of these pages", "MB/s", "", "x parse")
    own = _best(rounds, [_each(_parse, pages[: len(texts)])])[0]
    _row("threadparse.parse", f"{size / own / 1e6:.2f}", "", "1.00")
    for name, module, make in (
        ("mail-parser-reply", "mailparser_reply", lambda m: m.EmailReplyParser(languages=["en"]).read),
        ("talon, quotations.extract_from_plain", "talon.quotations", lambda m: m.extract_from_plain),
    ):
        read = _neighbour(module, make)
        if read is None:
            _row(name, "not installed")
            continue
        seconds = _best(rounds, [_each(read, texts)])[0]
        _row(name, f"{size / seconds / 1e6:.2f}", "", f"{seconds / own:.2f}")
    found = sorted({c.posted.raw for page in pages for c in _parse(page).comments if c.posted is not None})[:500]
    _head(f"times: {len(found)} different ones", "strings/s", "", "x own")
    english = load_locale("en").time
    own = _best(rounds, [lambda: _read_times(TimeReader([english]), found)])[0]
    _row("threadparse, words to interval", f"{len(found) / own:,.0f}", "", "1.00")
    parse = _neighbour("dateparser", lambda module: module.parse)
    if parse is None:
        _row("dateparser.parse", "not installed")
        return
    parse("6 months ago")  # loads its languages
    seconds = _best(rounds, [_each(lambda text: parse(text, languages=["en"]), found)])[0]
    _row("dateparser.parse, languages=['en']", f"{len(found) / seconds:,.0f}", "", f"{seconds / own:.1f}")


def _neighbour(module: str, make: Callable[[Any], Callable[..., object]]) -> Callable[..., object] | None:
    try:
        return make(importlib.import_module(module))
    except ImportError:
        return None


def _read_times(reader: TimeReader, texts: Sequence[str]) -> None:
    clock = Clock(inputs.SCRAPED_AT, inputs.SCRAPED_AT.tzinfo or sys.exit("no zone"), "calendar")
    for text in texts:
        found = reader.read(text)
        if found is not None:
            clock.interval(found)


def _without_comments(rounds: int, pages: Sequence[inputs.Page]) -> None:
    texts = [page.text for page in pages]
    size = sum(map(len, texts))
    jobs = {
        "str.splitlines": _each(str.splitlines, texts),
        "threadparse.parse": _each(_parse, pages),
        "threadparse.parse, locale='en'": _each(_parse_english, pages),
    }
    _head(f"pages without comments: {len(texts)}, {size / 1e6:.2f} M code points", "MB/s", "pages/s", "x splitlines")
    best = _best(rounds, list(jobs.values()))
    for name, seconds in zip(jobs, best, strict=True):
        _row(name, f"{size / seconds / 1e6:.2f}", f"{len(texts) / seconds:,.0f}", f"{seconds / best[0]:.2f}")


def _memory(size: int) -> None:
    _head("peak memory while parsing, beside the text itself", "text, MB", "peak, MB", "x text")
    for name in ("conversation", "article"):
        text = inputs.GROWING[name](size)
        length = sys.getsizeof(text)
        tracemalloc.start()
        thread = threadparse.parse(text)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        _row(
            f"{name}, {len(thread.comments)} comments",
            f"{length / 1e6:.2f}",
            f"{peak / 1e6:.2f}",
            f"{peak / length:.1f}",
        )


def _imports(rounds: int) -> None:
    _head("import, the interpreter's own start taken off", "ms", "", "x libraries")
    bare = _start(rounds, "pass")
    libraries = _start(rounds, "import attrs, regex, dateutil.relativedelta") - bare
    for name, statement in (
        ("import attrs, regex, dateutil.relativedelta", None),
        ("import threadparse", "import threadparse"),
        ("... and the first parse", "import threadparse; threadparse.parse('Ann\\n6 months ago\\nHello')"),
    ):
        seconds = libraries if statement is None else _start(rounds, statement) - bare
        _row(name, f"{seconds * 1000:.1f}", "", f"{seconds / libraries:.2f}")


def _start(rounds: int, statement: str) -> float:
    """How long a new interpreter takes for a statement, in seconds of wall clock."""
    times = []
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2 * rounds):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True, env=environment)
        times.append(time.perf_counter() - start)
    return min(times)


def _growth(rounds: int, sizes: Sequence[int]) -> None:
    _head("growth: time ~ size ** exponent", *(f"{size / 1e6:g} MB, s" for size in sizes), "exponent")
    for name, make in inputs.GROWING.items():
        threadparse.parse(make(sizes[0]))
        taken = []
        for size in sizes:
            text = make(size)
            taken.append(min(_time(partial(threadparse.parse, text)) for _ in range(rounds if size < 1e6 else 1)))
        exponent = statistics.linear_regression([math.log(s) for s in sizes], [math.log(t) for t in taken]).slope
        _row(name, *(f"{seconds:.4f}" for seconds in taken), f"{exponent:.2f}")


if __name__ == "__main__":
    main()
