"""Lines to records by a plain layout: a header that comes back, with a text below or above it.

In: a page and a :class:`~threadparse._dialect.Dialect` that is a layout, written by hand or learned. Out: records,
each with the lines of its header and of its text. wpDiscuz alone is read by :mod:`threadparse._records`, which knows
its tails; every other platform is a layout.

How a layout is read
    :mod:`threadparse._shapes` finds the headers. Between two of them stands a text. What stands at its edges and is
    furniture, by the dialect, by a locale's words or because it comes back, is no part of it, and the last text ends
    where the page's own furniture begins.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import attrs

from ._blocks import Block, choose_authors
from ._dialect import Dialect, Level
from ._furniture import Forms, Furniture, peel, stretches
from ._headers import Header
from ._lines import fold_key, plain_name
from ._names import affix, name_likeness, without_affix
from ._rows import BUTTONS, DECORATION, NO_NAMES, Page
from ._shapes import Record, fits, is_better, take, walk
from ._templates import MAX_NAME
from ._tokens import Kind

_LEAST_SIGNATURE = 3
"""Fewest words of a signature; "Regards, Ann" is a person's own."""
_LEAST_RARE_SIGNATURE = 8
"""The same where it stands below some of a person's texts only: others may say "Thanks a lot!" twice."""
_MAX_SIGNATURE = 20
"""Most lines of a signature."""
_LEAST_GLUED = 0.25
"""Least share of names that stand twice, glued, where that is the platform's doing: comments may show them once."""
_MAX_TAIL = 400
"""Most lines with words that the first or last text of a page may have when nothing says where it ends."""
_HEADINGS = frozenset({Kind.COUNT, Kind.COUNT_LABEL, Kind.SORT})
_MAX_HEADINGS = 2
"""Most headings of a section; words that stand between more comments are their furniture ("Replies")."""
_NEAR = 6
"""Lines above the first comment in which the section's heading stands: sort bars may stand between."""
_RUN = 3
"""Lines without a sentence, one below the other, from which on they are a menu and not the end of a text."""
_STOPS = frozenset({Kind.FORM, Kind.SITE, Kind.PAGER, Kind.SORT, Kind.COUNT})
"""Kinds of lines that end the last text."""


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
    records = _between(page, records, dialect)
    if dialect.is_headed:
        records = _as_declared(page, records)
    elif not dialect.has_headings:
        records = _one_section(page, records)
    records = _without_shared_words(_once(page, _settle_blocks(page, records, dialect)))
    records = _without_glued_alts(records)
    records = _with_feet(page, records)
    texts = _texts(page, records, dialect)
    if dialect.is_flat:
        texts = _without_signatures(page, records, texts)
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


def _settle_blocks(page: Page, records: list[Record], dialect: Dialect) -> list[Record]:
    """The records with the author found in the block above each."""
    furniture, ends, joins = (Forms(page, forms) for forms in (dialect.furniture, dialect.ends, dialect.joins))
    upward = {number: record.fields["block"] for number, record in enumerate(records) if record.is_vague}
    blocks = {}
    for number, (top, bottom, _) in upward.items():
        above = records[number - 1].last if number else -1
        start = _below_ends(page, ends, joins, top, bottom)
        while start < bottom and furniture.match(start):
            start += 1
        is_clean = start > top or (top - 1 > above and (furniture.match(top - 1) or page.kinds[top - 1] in BUTTONS))
        blocks[number] = Block(start, bottom, follows=start == above + 1, is_clean=is_clean)
    no_names = Forms(page, [*dialect.furniture, *map(fold_key, dialect.lines.get("role", ()))])
    chosen = choose_authors(
        page, list(blocks.values()), lambda at: -4.0 if no_names.match(at) else label_likeness(page, at)
    )
    settled = list(records)
    for number, (first, author) in zip(upward, chosen, strict=True):
        record = records[number]
        fields = {**record.fields, "author": (author, author, _without_role(page.words[author], dialect))}
        settled[number] = attrs.evolve(record, first=first, fields=fields)
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


def _without_role(words: str, dialect: Dialect) -> str:
    """A name without a word of the platform that stands behind it: "Ann Discussion starter"."""
    for role in dialect.lines.get("role", ()):
        if words.casefold().endswith(f" {role.casefold()}"):
            return words[: -len(role)].rstrip()
    return words


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
    if "block" not in above.fields or record.fields.get("block", (0, 0, ""))[0] != after:
        return None
    if "when" not in record.fields or above.fields["when"][2] != record.fields["when"][2]:
        return None
    top, bottom, _ = above.fields["block"]
    key = page.keys[after]
    for at in range(top, bottom + 1):
        words = page.keys[at]
        if words == key or words.startswith(f"{key} "):
            author = (after, after, page.words[after])
            return attrs.evolve(record, first=at, fields={**record.fields, "author": author, "alt": author})
    return None


def label_likeness(page: Page, at: int) -> float:
    """How much a line in the block beside a time is like a name, up to 1; below 0 where it is surely none."""
    if (
        page.kinds[at] in NO_NAMES
        or at in page.times
        or len(page.words[at]) > MAX_NAME
        or page.is_field(at, 1)
        or (at and page.is_field(at - 1, 2))
    ):
        return -4.0
    return name_likeness(page.words[at])


def _without_shared_words(records: list[Record]) -> list[Record]:
    """The records without the words that most names open or close with: a picture's "Avatar of", a "says:"."""
    names = [record.author for record in records]
    prefix, suffix = affix(names, 0), affix(names, -1)
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
    glued = {name for name, half in doubled.items() if len(half) > 2 - (not half.isascii()) and len(set(half)) > 1}
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


def heading_above(page: Page, first: int, opens: Sequence[str] = ()) -> int | None:
    """The position of the section's heading a few lines above a position, if any.

    Args:
        page: The page.
        first: The position.
        opens: The dialect's own headings, besides counts: "3 Comments", or "3" and "Comments".
    """
    own = Forms(page, opens)
    above = range(first - 1, max(0, first - _NEAR) - 1, -1)
    return next((position for position in above if page.is_count(position) or own.match(position)), None)


def _as_declared(page: Page, records: list[Record]) -> list[Record]:
    """The records below one heading, up to the page's own furniture, and no more than the heading says there are.

    Of several headings, as one stands beside the article's title too, the one that most records follow. Where other
    articles follow, each with its own count, the records are articles. With the text first, which looks like a list of
    articles even more, all comments must be there.
    """
    best: list[Record] = []
    lasts = [record.last for record in records]
    for number, record in enumerate(records):
        heading = heading_above(page, record.first)
        if heading is None or (number and records[number - 1].first > heading):
            continue
        declared = page.number(heading)
        end = _next_stop(page, record.last, declared)
        if end is None:
            continue
        after = bisect_left(lasts, end)
        run = records[number : after if declared is None else min(after, number + max(1, declared))]
        if record.shape.text != "before" or len(run) == declared:
            best = max(best, run, key=len)
    return best


def _next_stop(page: Page, position: int, declared: int | None) -> int | None:
    """The first line of the page's own furniture below a line; ``None`` if that is the count of another article."""
    for at in range(position + 1, len(page)):
        if page.kinds[at] in (Kind.FORM, Kind.SITE):
            return at
        if page.is_count(at):
            return at if page.number(at) == declared else None
    return len(page)


def _between(page: Page, records: list[Record], dialect: Dialect) -> list[Record]:
    """The records below the first line that opens the platform's section, and above the one that closes it."""
    opens, closes = Forms(page, dialect.opens), Forms(page, dialect.closes)
    first = next(filter(opens.match, range(len(page))), -1) if dialect.opens else -1
    kept = [record for record in records if record.last > first] or records
    if dialect.closes and kept:
        after = next(filter(closes.match, range(kept[0].last + 1, len(page))), len(page))
        kept = [record for record in kept if record.first < after]
    return kept


def _one_section(page: Page, records: list[Record]) -> list[Record]:
    """The records between the section's heading and the page's own furniture.

    The article's own byline stands above the heading; lists of other pages, with names and dates, below a form.
    """
    gaps = [page.kinds[above.last + 1 : below.first] for above, below in pairwise(records)]
    headed = [number for number, kinds in enumerate(gaps, start=1) if not _HEADINGS.isdisjoint(kinds)]
    if headed and len(headed) <= _MAX_HEADINGS and 2 * headed[0] <= len(records):
        return _one_section(page, records[headed[0] :])
    for number, kinds in enumerate(gaps, start=1):
        if 2 * number >= len(records) and (Kind.SITE in kinds or kinds.count(Kind.FORM) > 1):
            return records[:number]
    return records


def _with_feet(page: Page, records: Sequence[Record]) -> list[Record]:
    """The records with what stands below their texts: the last such above the next header, or the first."""
    found = []
    for number, record in enumerate(records):
        is_last = number + 1 == len(records)
        after = min(len(page), record.last + _MAX_TAIL) if is_last else records[number + 1].first
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


def _texts(page: Page, records: Sequence[Record], dialect: Dialect) -> list[tuple[int, int]]:
    """Each record's text, which stands between its header and the next one's."""
    spans = [(record.first, record.last) for record in records]
    texts: list[tuple[int | None, int | None]] = []
    for number, record in enumerate(records):
        if record.shape.text == "after":
            below = spans[number + 1][0] if number + 1 < len(spans) else None
            if below is not None and record.foot is None and records[number + 1].shape.text == "before":
                below = _shared_at(page, record.last + 1, below)
            texts.append((record.last + 1, below if record.foot is None else record.foot))
        elif record.shape.text == "before":
            above = texts[-1][1] if number else _named_above(page, record, dialect)
            if number and records[number - 1].shape.text != "after":
                above = spans[number - 1][1] + 1
            texts.append((above, record.first))
        else:
            texts.append((record.last + 1, record.last + 1))
    names = [record.author for record in records]
    known = stretches(texts, names)
    recurring = peel(page, known, names)
    furniture = Furniture(page, dialect, recurring, records)
    margin = _margin(page, spans, [(text.first, text.after) for text in known])
    return [_cut(page, furniture, text, fold_key(name), margin) for text, name in zip(texts, names, strict=True)]


def _shared_at(page: Page, first: int, after: int) -> int:
    """Where two texts part that stand between a header above the one and a header below the other.

    At the last bullet, else at the last line that is indented more than the one above, else at the last blank line.
    """

    def opens(at: int) -> tuple[bool, bool, bool, int]:
        content = page.lines.content[page.at[at]]
        is_gap = page.at[at] - page.at[at - 1] > 1
        return DECORATION.match(content) is not None, page.indent(at) > page.indent(at - 1), is_gap, at

    return max(range(first + 1, after), key=opens, default=after)


def _without_signatures(
    page: Page, records: Sequence[Record], texts: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The texts without the lines that end one person's texts, if there are some: a forum's signatures.

    What ends texts of several people is none; their telephones may have written it.
    """
    of_author: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        of_author.setdefault(fold_key(record.author), []).append(number)
    result = list(texts)
    signers: dict[str, set[str]] = {}
    for record, (first, after) in zip(records, texts, strict=True):
        if first < after:
            signers.setdefault(page.keys[after - 1], set()).add(fold_key(record.author))
    for numbers in of_author.values():
        told = [number for number in numbers if texts[number][0] < texts[number][1]]
        lasts = Counter(page.keys[texts[number][1] - 1] for number in told)
        last = max(lasts, key=lasts.__getitem__, default="")
        if lasts[last] < 2 or len(signers[last]) > 1:
            continue
        signed = [number for number in told if page.keys[texts[number][1] - 1] == last]
        common = _common_end(page, [texts[number] for number in signed])
        least = _LEAST_SIGNATURE if signed == told else _LEAST_RARE_SIGNATURE
        if _count_words(page, texts[signed[0]][1], common) >= least:
            for number in signed:
                first, after = texts[number]
                result[number] = (first, after - common)
    return result


def _common_end(page: Page, spans: Sequence[tuple[int, int]]) -> int:
    """How many last lines are the same in all spans; each keeps its first line."""
    common = 0
    while common < _MAX_SIGNATURE and all(after - common - 1 > first for first, after in spans):
        if len({page.keys[after - common - 1] for _, after in spans}) > 1:
            break
        common += 1
    return common


def _count_words(page: Page, after: int, count: int) -> int:
    """The words of some lines above a position."""
    return sum(page.words[at].count(" ") + 1 for at in range(after - count, after))


def _margin(page: Page, spans: Sequence[tuple[int, int]], texts: Sequence[tuple[int, int]]) -> int:
    """The least indentation of the comments whose ends are known."""
    lines = [at for first, last in spans for at in range(first, last + 1)]
    lines += [at for first, after in texts for at in range(first, after)]
    return min((page.indent(at) for at in lines), default=0)


def _cut(
    page: Page, furniture: Furniture, text: tuple[int | None, int | None], owner: str, margin: int
) -> tuple[int, int]:
    """A text without what is none of it at its edges; ``None`` where only the page's own furniture tells an end."""
    first, after = text
    start = _start_of_first(page, after or 0) if first is None else first
    end = min(len(page), start + _MAX_TAIL) if after is None else after
    if after is not None:
        start = next((at + 1 for at in reversed(range(start, end)) if furniture.is_start(at)), start)
    while start < end and furniture.is_edge(start):
        start += 1
    if after is None:
        end = _end_of_last(page, furniture, start, end, margin)
    end = next((at for at in range(start, end) if furniture.is_end(at)), end)
    last = end
    while end > start and furniture.is_edge(end - 1, owner):
        end -= 1
    if after is None:  # the last text ends above its furniture
        last = max(last, min(end + 1, len(page)))
    return start, furniture.above_reactions(start, end, last) if start < end < last else end


def _named_above(page: Page, record: Record, dialect: Dialect) -> int | None:
    """Where the first text begins if its author stands above it too; ``None`` if he does not."""
    if "{name}" not in dialect.furniture:
        return None
    key = fold_key(record.author)
    above = range(record.first - 1, max(0, record.first - _MAX_TAIL), -1)
    return next((at for at in above if page.keys[at] == key), None)


def _start_of_first(page: Page, end: int) -> int:
    """Where the first text begins if it stands above its header: below the section's heading."""
    first = max(0, end - _MAX_TAIL)
    for position in range(end - 1, first - 1, -1):
        if page.kinds[position] in _STOPS | _HEADINGS:
            return position + 1
    return first


def _end_of_last(page: Page, furniture: Furniture, first: int, end: int, margin: int) -> int:
    """Where the last text ends: at its closing furniture, the page's own, less indentation, or a menu."""
    run = 0
    for position in range(first, end):
        if page.kinds[position] in _STOPS or page.indent(position) < margin:
            return position
        if position > first and furniture.closes and furniture.is_edge(position):
            return position
        run = run + 1 if position > first and page.is_label(position) else 0
        if run == _RUN and not furniture.closes:
            return position - _RUN + 1
    return end


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
