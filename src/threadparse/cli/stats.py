"""``threadparse stats``: figures about the conversations in dumps, as tables and bars, or as JSON."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

import attrs
import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from threadparse._model import Comment, Thread
from threadparse._values import Timestamp
from threadparse.export import harmless
from threadparse.export._text import UNSURE

from ._common import DEFAULT_MAX_SIZE, DIALECT, ENCODING, LOCALE, MAX_SIZE, SCRAPED_AT, TIMEZONE, parse_options
from ._intake import FAIL_FAST, FILES, JOBS, Intake, all_inputs
from ._terminal import print_lines

_LABEL = 28
"""Columns for what a bar is about: a long name."""
_WIDEST = 60
"""Columns for the longest bar."""
_MOST_BARS = 24
"""Most bars of a time line; with more, the time is cut coarser."""
_GRAINS = {
    "%Y-%m-%d %H:00": timedelta(hours=1),
    "%Y-%m-%d": timedelta(days=1),
    "%Y-%m": timedelta(days=32),  # "2 months ago" is a month, and the time that a page takes to come
    "%Y": timedelta.max,
}
"""How fine a time line can be, and how wide an interval may be to be shown so finely."""


@attrs.define
class Statistics:
    """What was counted so far.

    Attributes:
        pages: Number of pages, and those of them with comments.
        totals: Figures over all comments, by name.
        comments: Comments by author.
        given: Replies by their author.
        received: Replies by the author of what they answer.
        depths: Comments by depth.
        dialects: Pages by dialect.
        locales: Pages by locale.
        moments: The interval in which each comment was written, where it is known: its middle and its width.
        words: The words of the other times, with their number.
    """

    pages: int = 0
    with_comments: int = 0
    totals: Counter[str] = attrs.field(factory=Counter)
    comments: Counter[str] = attrs.field(factory=Counter)
    given: Counter[str] = attrs.field(factory=Counter)
    received: Counter[str] = attrs.field(factory=Counter)
    depths: Counter[int] = attrs.field(factory=Counter)
    dialects: Counter[str] = attrs.field(factory=Counter)
    locales: Counter[str] = attrs.field(factory=Counter)
    moments: list[tuple[datetime, timedelta]] = attrs.field(factory=list)
    words: Counter[str] = attrs.field(factory=Counter)

    def add(self, thread: Thread) -> None:
        """Count a page."""
        self.pages += 1
        self.with_comments += bool(thread.comments)
        self.dialects.update([thread.dialect] if thread.dialect else [])
        self.locales.update([thread.locale] if thread.locale else [])
        for comment in thread.comments:
            self._add_comment(comment)

    def _add_comment(self, comment: Comment) -> None:
        self.comments[comment.author] += 1
        self.depths[comment.depth] += 1
        parent = comment.parent
        if parent is not None:
            self.given[comment.author] += 1
            self.received[parent.author] += 1
        self.totals["roots"] += parent is None
        self.totals["truncated"] += comment.truncated
        self.totals["edited"] += comment.edited is not None
        self.totals["hidden replies"] += comment.hidden_replies
        self.totals["unsure parents"] += comment.parent_confidence < UNSURE
        self._add_time(comment.posted)

    def _add_time(self, time: Timestamp | None) -> None:
        if time is None:
            return
        if time.earliest is None or time.latest is None:
            self.words[time.raw] += 1
        else:
            width = time.latest - time.earliest
            self.moments.append((time.earliest + width / 2, width))

    def figures(self) -> dict[str, int]:
        """The totals, in the order in which they are shown."""
        count = self.comments.total()
        return {
            "pages": self.pages,
            "pages with comments": self.with_comments,
            "comments": count,
            "authors": len(self.comments),
            "roots": self.totals["roots"],
            "replies": count - self.totals["roots"],
            "greatest depth": max(self.depths, default=0),
            **{name: self.totals[name] for name in ("truncated", "edited", "hidden replies", "unsure parents")},
        }

    def time_line(self) -> dict[str, int]:
        """Comments by hour, day, month or year: the finest that is known and gives few bars. By words without dates."""
        if not self.moments:
            return dict(self.words.most_common(_MOST_BARS))
        known = statistics.median_low(width for _, width in self.moments)
        moments = sorted(moment for moment, _ in self.moments)
        grains = [grain for grain, width in _GRAINS.items() if known <= width]
        lines = [Counter(moment.strftime(grain) for moment in moments) for grain in grains]
        return dict(next((line for line in lines if len(line) <= _MOST_BARS), lines[-1]))

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "totals": self.figures(),
            "dialects": dict(self.dialects.most_common()),
            "locales": dict(self.locales.most_common()),
            "depth": {str(depth): self.depths[depth] for depth in sorted(self.depths)},
            "time_line": self.time_line(),
            "authors": [
                {"author": name, "comments": n, "replies": self.given[name], "replies_received": self.received[name]}
                for name, n in self.comments.most_common()
            ],
        }


def stats(
    files: FILES,
    *,
    top: Annotated[int, typer.Option("--top", "-n", min=1, metavar="N", help="Authors to show.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    jobs: JOBS = 1,
    fail_fast: FAIL_FAST = False,
    scraped_at: SCRAPED_AT = None,
    timezone: TIMEZONE = None,
    dialect: DIALECT = None,
    locale: LOCALE = None,
    encoding: ENCODING = None,
    max_size: MAX_SIZE = DEFAULT_MAX_SIZE,
) -> None:
    """Print figures: comments, authors, depth, replies per author, and when comments were written."""
    options = parse_options(scraped_at, timezone, dialect, locale)
    intake = Intake(all_inputs(files), options, encoding, max_size, jobs, fail_fast)
    counted = Statistics()
    for _, thread in intake.threads():
        counted.add(thread)
    if as_json:
        print_lines([Text(json.dumps(counted.to_dict(), indent=1))])
    else:
        print_lines(_report(counted, top=top, width=Console().width))
    if intake.failed:
        raise typer.Exit(1)


def _report(counted: Statistics, *, top: int, width: int) -> Iterator[Text]:
    for name, number in counted.figures().items():
        yield Text(f"{number:>9,} ", "bold").append(name, "not bold")
    sections: list[tuple[str, Iterable[tuple[str, int]]]] = [
        ("platforms", counted.dialects.most_common()),
        ("languages", counted.locales.most_common()),
        ("depth", ((str(depth), counted.depths[depth]) for depth in sorted(counted.depths))),
        ("time line" if counted.moments else "times as shown", counted.time_line().items()),
    ]
    for title, rows in sections:
        yield from _bars(title, list(rows), width)
    yield from _authors(counted, top)


def _bars(title: str, rows: list[tuple[str, int]], width: int) -> Iterator[Text]:
    if not rows:
        return
    most = max(number for _, number in rows)
    label = min(max(cell_len(words) for words, _ in rows), _LABEL)
    room = min(max(width - label - 12, 10), _WIDEST)
    yield Text()
    yield Text(title, "bold")
    for words, number in rows:
        bar = "█" * max(round(room * number / most), 1)
        yield Text(f"{set_cell_size(harmless(words), label)} {number:>8,} ").append(bar, "cyan")


def _authors(counted: Statistics, top: int) -> Iterator[Text]:
    if not counted.comments:
        return
    yield Text()
    yield Text(f"{'authors':<{_LABEL}} comments  replies received", "bold")
    for name, number in counted.comments.most_common(top):
        label = set_cell_size(harmless(name) or "(no name)", _LABEL)
        yield Text(f"{label} {number:>8,} {counted.given[name]:>8,} {counted.received[name]:>8,}")
    if len(counted.comments) > top:
        yield Text(f"… {len(counted.comments) - top:,} more (--top)", "dim")
