"""Lines to records by a plain layout: a header that comes back, with a text below or above it.

In: a page and a :class:`~threadparse._dialect.Dialect` that is a layout, written by hand or learned. Out: records,
each with the lines of its header and of its text. wpDiscuz alone is read by :mod:`threadparse._records`, which knows
its tails; every other platform is a layout.

How a layout is read
    :mod:`threadparse._shapes` finds the headers, :mod:`threadparse._extent` which of them are the comments',
    :mod:`threadparse._authors` the names in them. Between two headers stands a text, which :mod:`threadparse._bodies`
    frees of furniture. :mod:`threadparse._depths` tells what is displayed of their depths.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ._authors import settle_authors
from ._bodies import MAX_TAIL, find_texts
from ._depths import find_levels
from ._dialect import Dialect
from ._extent import in_section
from ._furniture import Forms
from ._headers import Header
from ._headershapes import Slot
from ._lines import plain_name
from ._rows import BUTTONS, Page
from ._shapes import Fields, Record, fits, is_better, take, walk
from ._tokens import read_number
from ._votes import find_votes


def read_layout(page: Page, dialect: Dialect) -> list[Record]:
    """The comments of a page in a dialect's layout; none if nothing fits."""
    records: list[Record] = []
    no_names = frozenset((*dialect.furniture, *dialect.starts, *dialect.opens, *dialect.closes))
    ends = Forms(page, dialect.ends)
    for record in fits(page, dialect.headers, _starts(page, dialect)):
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
    if not records:  # as in most dialects that are tried
        return []
    records = settle_authors(page, in_section(page, records, dialect), dialect)
    records = _with_feet(page, records, dialect)
    texts = find_texts(page, records, dialect)
    levels = find_levels(page, records, texts, dialect)
    votes = find_votes(page, records, texts, dialect)
    return [
        attrs.evolve(record, fields=record.fields | own, text=text, level=level)
        for record, own, text, level in zip(records, votes, texts, levels, strict=True)
    ]


def _starts(page: Page, dialect: Dialect) -> frozenset[int]:
    """The lines at which a comment may begin though no word says so: below a comment's foot, or an opening."""
    feet = _bare_feet(dialect)
    if not feet:
        return frozenset()
    opens, passed = Forms(page, dialect.opens), Forms(page, (*dialect.furniture, *dialect.opens))
    starts = set()
    for at in range(len(page)):
        is_opening = opens.match(at) or page.is_count(at)
        lasts = [at] if is_opening else [last for foot in feet if (last := _end(page, foot, at, {})) is not None]
        start = max(lasts, default=len(page)) + 1
        while start < len(page) and (passed.match(start) or page.kinds[start] in BUTTONS):
            start += 1
        starts.add(start)
    return frozenset(starts.intersection(range(len(page))))


def _is_furniture(page: Page, record: Record, masks: frozenset[str], ends: Forms) -> bool:
    """Whether the platform's own words stand where the author should."""
    position = record.fields["author"][0]
    return page.masks[position] in masks or ends.match(position)


def _with_feet(page: Page, records: Sequence[Record], dialect: Dialect) -> list[Record]:
    """The records with what stands below their texts: the last such above the next header, or the first.

    A line that only its place told to be a header is none if nothing of the kind follows.
    """
    bare = _bare_feet(dialect)
    found = []
    for number, record in enumerate(records):
        is_last = number + 1 == len(records)
        after = min(len(page), record.last + MAX_TAIL) if is_last else records[number + 1].first
        lines = range(record.last + 1, after) if record.shape.foot else range(0)
        feet = bare if record.shape.is_bare else [record.shape.foot]
        tried = (_foot(page, record, foot, at) for at in (lines if is_last else reversed(lines)) for foot in feet)
        with_foot = next(filter(None, tried), None)
        if with_foot is not None or not record.shape.is_bare:
            found.append(with_foot or record)
    return found


def _bare_feet(dialect: Dialect) -> list[tuple[Slot, ...]]:
    """What stands below the texts of comments whose headers nothing but their place tells, in all its forms."""
    return [shape.foot for shape in dialect.headers if shape.is_bare]


def _foot(page: Page, record: Record, foot: Sequence[Slot], position: int) -> Record | None:
    """The record with a foot at a line."""
    fields = dict(record.fields)
    if _end(page, foot, position, fields) is None:
        return None
    return attrs.evolve(record, fields=fields, foot=position)


def _end(page: Page, foot: Sequence[Slot], position: int, fields: Fields) -> int | None:
    """The last line of a foot that begins at a line; ``None`` if none does. Its fields are then added."""
    return walk(page, foot[1:], position, 1, fields) if take(page, foot[0], position, fields) else None


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
        answers=read_number(fields["to"][2]) if "to" in fields else None,
        votes=read_number(fields["votes"][2]) if "votes" in fields else None,
        number=read_number(fields["number"][2]) if "number" in fields else page.list_number(record.first),
    )


def as_lines(page: Page, record: Record) -> tuple[int, int]:
    """A record's text by lines: the first one and the one after the last; empty texts stand below their header."""
    first, after = record.text
    if first >= after:
        below = page.at[record.last] + 1
        return below, below
    return page.at[first], page.at[after - 1] + 1


_FIELDS = {"author": "author", "when": "when", "role": "role", "name": "marker", "votes": "votes"}
"""The header's fields by the names of a template's; the others are furniture."""
