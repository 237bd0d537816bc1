"""Lines to records by a plain layout: a header that comes back, with a text below or above it.

In: a page and a :class:`~threadparse._dialect.Dialect` that is a layout, written by hand or learned. Out: records,
each with the lines of its header and of its text. wpDiscuz alone is read by :mod:`threadparse._records`, which knows
its tails; every other platform is a layout.

How a layout is read
    :mod:`threadparse._shapes` finds the headers, :mod:`threadparse._extent` which of them are the comments',
    :mod:`threadparse._authors` the names in them. Between two headers stands a text, which :mod:`threadparse._bodies`
    frees of furniture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from ._authors import settle_authors
from ._bodies import MAX_TAIL, find_texts
from ._dialect import Dialect
from ._extent import in_section
from ._furniture import Forms
from ._headers import Header
from ._headershapes import Level
from ._lines import plain_name
from ._rows import Page
from ._shapes import Record, fits, is_better, take, walk


def read_layout(page: Page, dialect: Dialect) -> list[Record]:
    """The comments of a page in a dialect's layout; none if nothing fits."""
    records: list[Record] = []
    no_names = frozenset((*dialect.furniture, *dialect.starts, *dialect.opens, *dialect.closes))
    ends = Forms(page, dialect.ends)
    for record in fits(page, dialect.headers):
        if "block" not in record.fields and _is_furniture(page, record, no_names, ends):
            continue
        clipped = record.below(records[-1].last) if records and record.is_open else record
        if clipped is None:
            continue
        if records and clipped.first <= records[-1].last:
            if not is_better(clipped, records[-1], dialect.headers):
                continue
            records.pop()
        records.append(clipped)
    records = settle_authors(page, in_section(page, records, dialect), dialect)
    records = _with_feet(page, records)
    texts = find_texts(page, records, dialect)
    if dialect.replies_open:
        levels = _nested(page, records, texts, dialect)
    else:
        levels = _levels(records, Forms(page, dialect.answers) if dialect.answers else None)
    return [
        attrs.evolve(record, text=text, level=level) for record, text, level in zip(records, texts, levels, strict=True)
    ]


def _is_furniture(page: Page, record: Record, masks: frozenset[str], ends: Forms) -> bool:
    """Whether the platform's own words stand where the author should."""
    position = record.fields["author"][0]
    return page.masks[position] in masks or ends.match(position)


def _with_feet(page: Page, records: Sequence[Record]) -> list[Record]:
    """The records with what stands below their texts: the last such above the next header, or the first."""
    found = []
    for number, record in enumerate(records):
        is_last = number + 1 == len(records)
        after = min(len(page), record.last + MAX_TAIL) if is_last else records[number + 1].first
        lines = range(record.last + 1, after) if record.shape.foot else range(0)
        feet = (_foot(page, record, at) for at in (lines if is_last else reversed(lines)))
        found.append(next(filter(None, feet), record))
    return found


def _foot(page: Page, record: Record, position: int) -> Record | None:
    """The record with its foot at a line."""
    fields = dict(record.fields)
    first, *others = record.shape.foot
    if not take(page, first, position, fields) or walk(page, others, position, 1, fields) is None:
        return None
    return attrs.evolve(record, fields=fields, foot=position)


def _levels(records: Iterable[Record], answers: Forms | None) -> Iterator[Level | None]:
    """The depth of each comment by its header: of its kind, or a root's where no line tells that it is an answer."""
    latest = None
    for record in records:
        if record.shape.is_below:
            yield None if latest is None else Level(latest.depth + 1)
            continue
        latest = record.shape.level
        if "level" in record.fields:  # counted from 1
            latest = Level(max(0, int(record.fields["level"][2]) - 1))
        elif latest is None and answers is not None:
            is_answer = any(map(answers.match, range(record.first, record.last + 1)))
            latest = Level(1, beside=1.0) if is_answer else Level(0)
        yield latest


def _nested(
    page: Page, records: Sequence[Record], texts: Sequence[tuple[int, int]], dialect: Dialect
) -> Iterator[Level | None]:
    """The depth of each comment where lines between comments open and close the replies to the latest root.

    A page without any such line may have no replies, or have lost the lines: then no depth is known.
    """
    opens, closes = Forms(page, dialect.replies_open), Forms(page, dialect.replies_close)
    ends = [max(record.last + 1, after) for record, (_, after) in zip(records, texts, strict=True)]
    gaps = [range(end, record.first) for end, record in zip(ends, records[1:], strict=False)]
    if not any(opens.match(at) for gap in gaps for at in gap):
        yield from (None for _ in records)
        return
    depth = 0
    yield Level(depth)
    for gap in gaps:
        for at in gap:
            depth = 0 if closes.match(at) else 1 if opens.match(at) else depth
        yield Level(depth)


def as_header(page: Page, record: Record) -> Header:
    """A record's header by lines of the text."""
    fields = record.fields
    when = fields.get("when")
    role, reply_to = fields.get("role"), fields.get("name")
    return Header(
        start=page.at[record.first],
        end=page.at[record.last] + 1,
        author=record.author,
        lines={
            _FIELDS.get(field, field): (page.at[first], page.at[last] + 1)
            for field, (first, last, _) in fields.items()
            if field in _FIELDS
        },
        posted=None if when is None else when[2],
        time=None if when is None else page.times[when[0]],
        role=None if role is None else role[2],
        reply_to=None if reply_to is None else plain_name(reply_to[2]),
        shape=record.shape.name,
        level=record.level,
    )


def as_lines(page: Page, record: Record) -> tuple[int, int]:
    """A record's text by lines: the first one and the one after the last; empty texts stand below their header."""
    first, after = record.text
    if first >= after:
        below = page.at[record.last] + 1
        return below, below
    return page.at[first], page.at[after - 1] + 1


_FIELDS = {"author": "author", "when": "when", "role": "role", "name": "marker"}
"""The header's fields by the names of a template's; the others are furniture."""
