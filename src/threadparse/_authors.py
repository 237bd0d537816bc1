"""Records to authors: whose name stands in each header of a layout, and how much of the line it is.

In: a page, its dialect, and records that :mod:`threadparse._shapes` found. Out: the same records, but with the author
found in the block above each (:mod:`threadparse._blocks` counts the votes), a header that stands there twice as one,
and names without what the platform writes beside all of them.
"""

from __future__ import annotations

import attrs

from ._blocks import Block, choose_authors
from ._dialect import Dialect
from ._furniture import Forms
from ._lines import fold_key
from ._names import affix, name_likeness, without_affix
from ._rows import BUTTONS, NO_NAMES, Page
from ._shapes import Record
from ._templates import MAX_NAME

_LEAST_GLUED = 0.25
"""Least share of names that stand twice, glued, where that is the platform's doing: comments may show them once."""
_MOSTLY = 0.6
"""Share of the names above which what stands before them is the platform's."""
_LEAST_GLUED_ROLE = 6
"""Fewest letters of a role that is glued to a name: "Bishop" is no "OP" of the name of "Bish"."""


def settle_authors(page: Page, records: list[Record], dialect: Dialect) -> list[Record]:
    """The records, with the author of each settled."""
    settled = _settle_blocks(page, records, dialect)
    settled = _without_roles(_with_answered(settled) if dialect.names_answered else settled, dialect)
    return _without_glued_alts(_without_shared_words(_once(page, settled)))


def _settle_blocks(page: Page, records: list[Record], dialect: Dialect) -> list[Record]:
    """The records with the author found in the block above each; one with only furniture there is none."""
    furniture, ends, joins = (Forms(page, forms) for forms in (dialect.furniture, dialect.ends, dialect.joins))
    upward = {number: record.fields["block"] for number, record in enumerate(records) if record.is_vague}
    blocks = {}
    for number, (top, bottom, _) in upward.items():
        start = _below_ends(page, ends, joins, top, bottom)
        start = next((at for at in range(start, bottom) if not furniture.match(at)), bottom)
        if start == bottom and (furniture.match(bottom) or ends.match(bottom)):
            continue
        follows = number > 0 and start == records[number - 1].last + 1
        is_closed = top > 0 and (furniture.match(top - 1) or ends.match(top - 1) or page.kinds[top - 1] in BUTTONS)
        blocks[number] = Block(start, bottom, follows=follows, is_clean=start > top or is_closed)
    no_names = Forms(page, [*dialect.furniture, *map(fold_key, dialect.lines.get("role", ()))])
    tops = {block.top for block in blocks.values()}
    chosen = choose_authors(
        page,
        list(blocks.values()),
        lambda at: -4.0 if no_names.match(at) else label_likeness(page, at, is_top=at in tops),
    )
    places = dict(zip(blocks, chosen, strict=True))
    settled = []
    for number, record in enumerate(records):
        if number in places:
            first, author = places[number]
            fields = {**record.fields, "author": (author, author, page.words[author])}
            settled.append(attrs.evolve(record, first=first, fields=fields))
        elif number not in upward:
            settled.append(record)
    return settled


def _below_ends(page: Page, ends: Forms, joins: Forms, top: int, bottom: int) -> int:
    """The first line of a block below the last one that ends a text; one with a colon takes its values along."""
    for at in range(bottom, top - 1, -1):
        if ends.match(at):
            below = at + 1
            if page.words[at].endswith(":"):
                below += 1
                while below < bottom and joins.match(below):
                    below += 2
            return min(bottom, below)
    return top


def _with_answered(records: list[Record]) -> list[Record]:
    """The records with whom they answer: behind an author's name stands that of an author above."""
    known: set[str] = set()
    result = []
    for record in records:
        first, last, words = record.fields["author"]
        fields = record.fields
        blanks = (at for at, letter in enumerate(words) if letter == " " and "name" not in fields)
        end = next((at for at in blanks if fold_key(words[at + 1 :]) in known), len(words))
        if end < len(words):
            fields = {**fields, "author": (first, last, words[:end]), "name": (first, last, words[end + 1 :])}
        known.add(fold_key(words[:end]))
        result.append(attrs.evolve(record, fields=fields))
    return result


def _without_roles(records: list[Record], dialect: Dialect) -> list[Record]:
    """The records, their names without words of the platform beside them: "Ann Discussion starter", "Offline Ann".

    Somebody may be called "Guest Ann": before names, they count where most have one.
    """
    roles = dialect.lines.get("role", ())
    before = sum(record.author.startswith(tuple(f"{role} " for role in roles)) for record in records)
    states = roles if before > _MOSTLY * len(records) else ()
    result = []
    for record in records:
        first, last, words = record.fields["author"]
        role = next((role for role in roles if _ends_with(words, role)), "")
        state = next((role for role in states if words.startswith(f"{role} ")), "")
        plain = first, last, words[len(state) : len(words) - len(role)].strip()
        result.append(attrs.evolve(record, fields={**record.fields, "author": plain}) if role or state else record)
    return result


def _ends_with(name: str, role: str) -> bool:
    """Whether a role stands behind a name, or is glued to it: "AnnParticipant"; short ones may be a name's own end."""
    if len(role) >= _LEAST_GLUED_ROLE and len(name) > len(role) and name.endswith(role):
        return True
    return name.casefold().endswith(f" {role.casefold()}")


def label_likeness(page: Page, at: int, *, is_top: bool = False) -> float:
    """How much a line in the block beside a time is like a name, up to 1; below 0 where it is surely none.

    A value stands below its word, but the first line of a block below nothing that is the block's.
    """
    if (
        page.kinds[at] in NO_NAMES
        or at in page.times
        or len(page.words[at]) > MAX_NAME
        or page.is_field(at, 1)
        or (at and not is_top and page.is_field(at - 1, 2))
    ):
        return -4.0
    return name_likeness(page.words[at])


def _once(page: Page, records: list[Record]) -> list[Record]:
    """The records, a header that stands there twice as one: forums show it for telephones and for screens."""
    result: list[Record] = []
    for record in records:
        again = _again(page, result[-1], record) if result else None
        if again is None:
            result.append(record)
        else:
            result[-1] = again
    return result


def _again(page: Page, above: Record, record: Record) -> Record | None:
    """Two records as one, if the second is the header of the first again: the same time and, right away, the name."""
    after = above.last + 1
    block, again = above.fields.get("block"), record.fields.get("block")
    if block is None or again is None or again[0] != after:
        return None
    if "when" not in record.fields or above.fields["when"][2] != record.fields["when"][2]:
        return None
    key = page.keys[after]
    for at in range(block[0], block[1] + 1):
        words = page.keys[at]
        if words == key or words.startswith(f"{key} "):
            author = (after, after, page.words[after])
            return attrs.evolve(record, first=at, fields={**record.fields, "author": author, "alt": author})
    return None


def _without_shared_words(records: list[Record]) -> list[Record]:
    """The records without the words that most names open or close with: a picture's "Avatar of", a "says:"."""
    names = [record.author for record in records]
    prefix, suffix = affix(names, closes=False), affix(names, closes=True)
    if not prefix and not suffix:
        return records
    plain = []
    for record in records:
        first, last, words = record.fields["author"]
        fields = {**record.fields, "author": (first, last, without_affix(words, prefix, suffix))}
        plain.append(attrs.evolve(record, fields=fields))
    return plain


def _without_glued_alts(records: list[Record]) -> list[Record]:
    """The records without the picture's text that some platforms glue to a name: "AnnAnn"; "Lulu" may be called so."""
    halves = {record.author: record.author[: len(record.author) // 2] for record in records}
    doubled = {name: half for name, half in halves.items() if name in (half * 2, f"{half} {half}")}
    glued = {name for name, half in doubled.items() if (len(half) > 2 or not half.isascii()) and len(set(half)) > 1}
    numbers = [number for number, record in enumerate(records) if record.author in glued]
    if len(glued) < 2 or len(numbers) < _LEAST_GLUED * len(records):
        return records
    plain = list(records)
    for number in numbers:
        record = records[number]
        first, last, _ = record.fields["author"]
        author = (first, last, halves[record.author])
        plain[number] = attrs.evolve(record, fields={**record.fields, "author": author})
    return plain
