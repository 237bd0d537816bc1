"""What the benchmark reads: pages written by the renderer of the tests, always the same ones.

In: a seed and sizes. Out: texts. Nothing is read from files but the gold dumps that the caller names.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import attrs

from conversations import PLAIN_NAMES, Conversation, Habits, fill, sentence
from rendering import STYLES, Layout, render

SEED = 20_261_124
SCRAPED_AT = datetime(2031, 11, 24, tzinfo=UTC)
_LAYOUTS = tuple(Layout)


@attrs.frozen
class Page:
    """A text, and when it was fetched."""

    text: str
    scraped_at: datetime


def conversations(number: int) -> list[Page]:
    """Pages with 2 to 60 comments in every layout, as every extractor writes them."""
    source = random.Random(SEED)
    pages = []
    for i, (style, layout) in zip(range(number), itertools.cycle(itertools.product(STYLES, _LAYOUTS)), strict=False):
        habits = Habits(
            names=source.sample(PLAIN_NAMES, source.randint(4, 12)),
            vote_lines=source.randint(0, 2),
            has_roles=layout is not Layout.OLD,
        )
        page = Conversation(
            remarks=(), has_form=source.random() < 0.7, has_sort_bar=True, footer=("wpDiscuz", "Insert")
        )
        text = render(fill(page, habits, number=source.randint(2, 60), seed=SEED + i), layout, style)
        pages.append(Page(text, SCRAPED_AT))
    return pages


def articles(number: int) -> list[Page]:
    """Pages without comments: a title, a byline and a date, paragraphs, a footer."""
    source = random.Random(SEED)
    return [Page(_article(source, source.randint(4, 40)), SCRAPED_AT) for _ in range(number)]


def _article(source: random.Random, paragraphs: int) -> str:
    head = [sentence(source).rstrip("."), f"By {source.choice(PLAIN_NAMES)}", f"March {source.randint(1, 28)}, 2031"]
    body = [" ".join(sentence(source) for _ in range(source.randint(1, 6))) for _ in range(paragraphs)]
    return "\n\n".join([*head, *body, "© 2031 The Marsh Courier. All rights reserved."]) + "\n"


def _long_conversation(size: int) -> str:
    habits = Habits(names=PLAIN_NAMES, vote_lines=1)
    page = Conversation(remarks=(), footer=("wpDiscuz", "Insert"))
    sample = render(fill(page, habits, number=200, seed=SEED), Layout.ONE, STYLES[0])
    number = max(2, round(200 * size / len(sample)))
    return render(fill(page, habits, number=number, seed=SEED), Layout.ONE, STYLES[0])


def _long_article(size: int) -> str:
    source, text = random.Random(SEED), []
    length = 0
    while length < size:
        text.append(_article(source, 20))
        length += len(text[-1])
    return "".join(text)


def _chain(size: int) -> str:
    one = "Rower {i}\nRower {i}\n2 months ago\nReply to  Rower {j}\n\nWe kept the ledger.\n\n0\nReply\n"
    return "".join(one.format(i=i, j=i - 1) for i in range(max(2, size // 90)))


def _repeated(unit: str) -> Callable[[int], str]:
    return lambda size: unit * (size // len(unit))


GROWING: Mapping[str, Callable[[int], str]] = {
    "conversation": _long_conversation,
    "article": _long_article,
    "chain of replies": _chain,
    "one line": _repeated("orchard "),
    "one word": _repeated("x"),
    "blank lines": _repeated("\n"),
    "times": _repeated("6 months ago\n"),
    "doublets": _repeated("Ann\nAnn\n6 months ago\n"),
    "markers": _repeated("Reply to Ann\nReply to\n"),
    "numbers": _repeated("3\n\n4\nReply\n"),
    "dates in prose": _repeated("It was 5 May 2021 at 3 pm or 6 May 2021 at 4 pm in the mill 1 2 3\n"),
    "open links": _repeated("[ ![ ](("),
    "brackets": _repeated("[([([(\n"),
}
"""Texts of any size, by name; the first two are ordinary, the others are made to be slow."""


def gold(paths: list[Path], where: dict[str, str]) -> Iterator[Page]:
    """The dumps of files with one JSON object a line, which has ``text`` and ``scraped_at``."""
    for path in paths:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                case = json.loads(line)
                if all(case[key] == value for key, value in where.items()):
                    yield Page(case["text"], datetime.fromisoformat(case["scraped_at"]))
