"""How long a crawl takes: a crawl of any size is written, extracted, and timed.

    python benchmarks/crawl.py [--megabytes 1000] [--jobs 1] [--folder FOLDER]

The crawl is WET files of 100 MB of text each, packed as Common Crawl packs them, always the same ones. One page in
fifty has comments: pages of wpDiscuz as the renderer of the tests writes them. Of the others half are articles, a
quarter lists of links, a quarter shop pages, all in words that mean nothing. ``threadparse extract`` then reads it. The
processors' time is what counts: other work on the machine changes it less than the wall time.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests")]

import inputs

from conversations import PLAIN_NAMES, sentence

_FILE_LENGTH = 100_000_000
"""Bytes of text in a file. Common Crawl's have some 2.5 times as much."""
_WITH_COMMENTS = 50
"""One page in so many has comments."""
_CONVERSATIONS = 400
"""Different pages with comments; they come again and again, in turn."""
_WARC_DATE = "2031-11-24T00:00:00Z"


def main() -> None:
    """Write, extract, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=1000, help="text to write")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the crawl is kept, or is already; else it is thrown away")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch, "crawl")
        if not folder.exists():
            folder.mkdir(parents=True)
            _write(folder, round(options.megabytes * 1_000_000))
        print(f"Python {platform.python_version()}, {platform.machine()}, load before {os.getloadavg()[0]:.1f}")
        _extract(folder, Path(scratch, "comments"), options.jobs)


def _write(folder: Path, size: int) -> None:
    pages = _pages()
    for number in itertools.count():
        if size <= 0:
            return
        length = 0
        with (folder / f"{number:05}.warc.wet.gz").open("wb") as file:
            while length < min(size, _FILE_LENGTH):
                address, body = next(pages)
                length += len(body)
                file.write(gzip.compress(_record(address, body), compresslevel=6, mtime=0))
        size -= length


def _pages() -> Iterator[tuple[str, bytes]]:
    """Pages without end: an address and a text in UTF-8."""
    threads = itertools.cycle([page.text.encode("utf-8") for page in inputs.conversations(_CONVERSATIONS)])
    words = _Words(random.Random(inputs.SEED))
    others = (words.article, words.article, words.links, words.shop)
    for number in itertools.count():
        body = next(threads) if number % _WITH_COMMENTS == 0 else others[number % 4]().encode("utf-8")
        yield f"https://pages.example/{number}", body


class _Words:
    """Writes pages without comments, out of some thousand sentences, for a gigabyte of new ones would take an hour."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._sentences = [sentence(source) for _ in range(20_000)]
        self._names = [" ".join(text.rstrip(".").split()[: source.randint(1, 4)]) for text in self._sentences]

    def article(self) -> str:
        source = self._source
        head = [self._name(), f"By {source.choice(PLAIN_NAMES)}", f"March {source.randint(1, 28)}, 2031"]
        body = [" ".join(self._some(self._sentences, 1, 6)) for _ in range(source.randint(4, 40))]
        return self._page([*head, *body])

    def links(self) -> str:
        return self._page(text.rstrip(".") for text in self._some(self._sentences, 20, 120))

    def shop(self) -> str:
        source, lines = self._source, list[str]()
        for _ in range(source.randint(8, 40)):
            stock = f"{source.randint(1, 400)} in stock"
            lines += [self._name(), f"£{source.randint(2, 90)}.99", stock, "Add to basket"]
        return self._page(lines)

    def _page(self, lines: Iterable[str]) -> str:
        """The lines between a menu and a footer."""
        return "\n".join([*self._some(self._names, 5, 40), *lines, *self._some(self._names, 5, 20)]) + "\n"

    def _name(self) -> str:
        return self._source.choice(self._names)

    def _some(self, pool: list[str], least: int, most: int) -> list[str]:
        return self._source.choices(pool, k=self._source.randint(least, most))


def _record(address: str, body: bytes) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: {address}\r\nWARC-Date: {_WARC_DATE}\r\n"
        f"WARC-Record-ID: <{address}#record>\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("utf-8") + body + b"\r\n\r\n"


def _extract(folder: Path, out: Path, jobs: int) -> None:
    packed = sum(path.stat().st_size for path in folder.glob("*.gz")) / 1e6
    command = [sys.executable, "-m", "threadparse", "extract", str(folder), "-o", str(out), "--jobs", str(jobs)]
    wall, before = time.perf_counter(), os.times()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wall, after = time.perf_counter() - wall, os.times()
    work = after.children_user + after.children_system - before.children_user - before.children_system
    print(done.stdout, end="")
    text = float(done.stdout.partition("(")[2].partition(" MB")[0].replace(",", ""))
    written = sum(path.stat().st_size for path in out.glob("*.parquet")) / 1e6
    print(f"packed        {packed:,.1f} MB; comments as Parquet {written:,.1f} MB")
    print(f"processors    {work:.1f} s for {text:,.1f} MB: {text / work:.2f} MB/s per core")
    print(f"wall          {wall:.1f} s with {jobs} processes: {text / wall:.2f} MB/s")


if __name__ == "__main__":
    main()
