"""Gold dumps, whose true trees are known: what the tree's weights are fitted on, and measured with.

A gold dump is a JSON object a line with ``text``, ``scraped_at`` and ``comments`` (``author``, ``body``, ``parent``,
``reply_to``, ``posted_text``, ``kind``). Where :func:`threadparse.parse` finds nearly all gold comments, the evidence
is what it reads, lost markers included; elsewhere it is taken from the gold. Readings that are alike are used once.
Where no comment of a thread with replies has a marker, the thread is used up to five times: as it is, without
displayed levels, and with markers written from the gold parents, all of them, those to some authors left out at
random, and those to long names left out, as content extractors do.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Any

import attrs

from threadparse._conversation import Node
from threadparse._lines import fold_key
from threadparse._locale import load_locale, locale_names
from threadparse._parse import choose_dialect
from threadparse._reading import read
from threadparse._resolve import Clock
from threadparse._times import TimeReader

DROPPED = 0.1
"""Share of authors to whom markers are left out at random."""
LONG = 0.6
"""Share of the names that are too short for markers to them to be left out, at least."""


FOUND = 0.9
"""Share of the comments that must be found for a reading to be used."""


def every_language() -> TimeReader:
    """Reads times in every language, English first."""
    return TimeReader([load_locale(name).time for name in ("en", *(n for n in locale_names() if n != "en"))])


def threads(path: str) -> Iterator[tuple[str, list[Node], list[int | None]]]:
    """The distinct threads of a gold file: how they are used, their nodes and true parents."""
    reader = every_language()
    chance = random.Random(2026)
    seen = set()
    for case in cases(path):
        nodes, parents = as_read(case) or (as_gold(case, reader), [comment["parent"] for comment in case["comments"]])
        signature = tuple((n.author, n.reply_to, n.earliest is None, p) for n, p in zip(nodes, parents, strict=True))
        if len(nodes) < 2 or signature in seen:
            continue
        seen.add(signature)
        if not any(parent is not None for parent in parents):
            yield "flat", nodes, parents
            continue
        yield "as it is", nodes, parents
        if not any(node.reply_to for node in nodes) and case["platform"] != "wpdiscuz":
            authors = sorted({node.author for node in nodes})
            some = {author for author in authors if chance.random() < DROPPED}
            lengths = sorted(len(author) for author in authors)
            shortest = chance.choice(lengths[int(len(lengths) * LONG) :])
            bare = [attrs.evolve(n, level=None, shown_replies=None, hidden_replies=0) for n in nodes]
            if bare != nodes:
                nodes = bare
                yield "without levels", nodes, parents
            yield "all markers", with_markers(nodes, parents, set()), parents
            yield "some markers", with_markers(nodes, parents, some), parents
            yield "short markers", with_markers(nodes, parents, {a for a in authors if len(a) >= shortest}), parents


def cases(path: str) -> Iterator[dict[str, Any]]:
    """The gold dumps of a file, one for each page where they tell (``source``)."""
    opener = gzip.open if path.endswith(".gz") else open
    seen = set()
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            if case["comments"] and case.get("source", case["id"]) not in seen:
                seen.add(case.get("source", case["id"]))
                yield case


def as_read(case: dict[str, Any]) -> tuple[list[Node], list[int | None]] | None:
    """What ``parse`` reads in a dump, with the true parents, if it finds nearly all authors of the gold in order.

    A comment that it misses is left out, and its replies answer what it answers.
    """
    scraped = case.get("scraped_at")
    reading = read(case["text"], choose_dialect(None), None, datetime.fromisoformat(scraped) if scraped else None)
    nodes, gold = reading.conversation.nodes, case["comments"]
    authors = [fold_key(" ".join(comment["author"].split())) for comment in gold]
    blocks = SequenceMatcher(None, authors, [node.author for node in nodes], autojunk=False).get_matching_blocks()
    found = {own + i: other + i for own, other, size in blocks for i in range(size)}  # by gold comment: the one read
    if len(found) < FOUND * max(len(authors), len(nodes)):
        return None
    places = {own: place for place, own in enumerate(found)}
    parents = []
    for own in found:
        parent = gold[own]["parent"]
        while parent is not None and parent not in places:
            parent = gold[parent]["parent"]
        parents.append(None if parent is None else places[parent])
    return [nodes[other] for other in found.values()], parents


def as_gold(case: dict[str, Any], reader: TimeReader) -> list[Node]:
    """The gold comments as the tree sees them."""
    scraped = case.get("scraped_at")
    moment = datetime.fromisoformat(scraped) if scraped else datetime(2026, 1, 1, tzinfo=UTC)
    clock = Clock(moment, UTC, "calendar")
    nodes = []
    for comment in case["comments"]:
        found = reader.find((comment.get("posted_text") or "")[:200])
        earliest, latest = (None, None) if found is None else clock.interval(found)
        nodes.append(
            Node(
                author=fold_key(comment["author"]),
                text=comment["body"],
                reply_to=fold_key(comment["reply_to"]) if comment["reply_to"] else None,
                earliest=earliest,
                latest=latest,
                is_trackback=comment.get("kind") in ("pingback", "trackback"),
            )
        )
    return nodes


def with_markers(nodes: Sequence[Node], parents: Sequence[int | None], dropped: set[str]) -> list[Node]:
    """The nodes with a marker to each parent whose author is not dropped."""
    marked = []
    for own, parent in zip(nodes, parents, strict=True):
        named = None if parent is None or nodes[parent].author in dropped else nodes[parent].author
        marked.append(attrs.evolve(own, reply_to=named))
    return marked
