"""Records to texts: where the text of each comment begins and ends.

In: a page, its dialect, and the records of its comments. Out: for each the first position of its text and the one
after the last. Furniture at the edges of a text is none of it, by the dialect, by a locale's words or because it comes
back, and the last text ends where the page's own furniture begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

import regex

from ._dialect import Dialect
from ._extent import HEADINGS
from ._furniture import Furniture, Stretch, peel, stretches
from ._lines import fold_key
from ._rows import DECORATION, Page
from ._shapes import Record
from ._tokens import Kind

_LEAST_SIGNATURE = 3
"""Fewest words of a signature; "Regards, Ann" is a person's own."""
_LEAST_RARE_SIGNATURE = 8
"""The same where it stands below some of a person's texts only: others may say "Thanks a lot!" twice."""
_MAX_SIGNATURE = 20
"""Most lines of a signature."""
_TAG = regex.compile(r"[\p{Ll}\p{Lo}\p{M}\p{N}+#.-]{1,35}")
_TAGS = regex.compile(rf"{_TAG.pattern}(?: {_TAG.pattern}){{1,4}}")
_MAX_TAGS = 5
"""What Stack Exchange allows: five tags of 35 characters, in small letters."""
MAX_TAIL = 400
"""Most lines with words that the first or last text of a page may have when nothing says where it ends."""
_LEAST_SUBJECTS = 0.2
"""Least share of the texts with a subject that nobody wrote, where the page shows subjects."""
_RUN = 3
"""Lines without a sentence, one below the other, from which on they are a menu and not the end of a text."""
_STOPS = frozenset({Kind.FORM, Kind.SITE, Kind.PAGER, Kind.SORT, Kind.COUNT})
"""Kinds of lines that end the last text."""


def find_texts(page: Page, records: Sequence[Record], dialect: Dialect) -> list[tuple[int, int]]:
    """Where each record's text stands."""
    texts = [
        _without_tags(page, record, text) for record, text in zip(records, _texts(page, records, dialect), strict=True)
    ]
    texts = _without_subjects(page, texts) if dialect.has_subjects else texts
    return _without_signatures(page, records, texts) if dialect.is_flat else texts


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
    again = _shown_again(page, records, known)
    recurring = peel(page, [text for text in known if text.first not in again], names)
    furniture = Furniture(page, dialect, recurring, records)
    margin = _margin(page, spans, [(text.first, text.after) for text in known])
    # Above the next header of the same author, his name is his picture's text and no signature.
    owners = ["" if name == below else fold_key(name) for name, below in zip(names, [*names, ""][1:], strict=True)]
    return [
        _cut(page, furniture, text, (fold_key(name), owner), margin)
        for text, name, owner in zip(texts, names, owners, strict=True)
    ]


def _shown_again(page: Page, records: Sequence[Record], texts: Sequence[Stretch]) -> frozenset[int]:
    """First lines of texts that the page shows a second time, as an accepted answer, so that all of them comes back."""
    posted = {record.last + 1: time for record in records if (time := _posted(record))}
    seen: set[tuple[str, str, str]] = set()
    again = set()
    for text in texts:
        if text.first in posted and text.first < text.after:
            shown = text.author, posted[text.first], page.keys[text.first]
            if shown in seen:
                again.add(text.first)
            seen.add(shown)
    return frozenset(again)


def _posted(record: Record) -> str:
    """The time that a record shows, in its words; "" without one."""
    return record.fields["when"][2] if "when" in record.fields else ""


def _shared_at(page: Page, first: int, after: int) -> int:
    """Where two texts part that stand between a header above the one and a header below the other.

    At the last bullet, else at the last line that is indented more than the one above, else at the last blank line.
    """

    def opens(at: int) -> tuple[bool, bool, bool, int]:
        content = page.lines.content[page.at[at]]
        is_gap = page.at[at] - page.at[at - 1] > 1
        return DECORATION.match(content) is not None, page.indent(at) > page.indent(at - 1), is_gap, at

    return max(range(first + 1, after), key=opens, default=after)


def _margin(page: Page, spans: Sequence[tuple[int, int]], texts: Sequence[tuple[int, int]]) -> int:
    """The least indentation of the comments whose ends are known."""
    lines = [at for first, last in spans for at in range(first, last + 1)]
    lines += [at for first, after in texts for at in range(first, after)]
    return min((page.indent(at) for at in lines), default=0)


def _cut(
    page: Page, furniture: Furniture, text: tuple[int | None, int | None], names: tuple[str, str], margin: int
) -> tuple[int, int]:
    """A text without what is none of it at its edges; ``None`` where only the page's own furniture tells an end."""
    first, after = text
    author, owner = names
    start = _start_of_first(page, after or 0) if first is None else first
    end = min(len(page), start + MAX_TAIL) if after is None else after
    if after is not None:
        start = next((at + 1 for at in reversed(range(start, end)) if furniture.is_start(at)), start)
    start = furniture.below_block(start, end, author)
    while start < end and furniture.is_edge(start, is_top=True):
        start += 1
    if after is None:
        end = _end_of_last(page, furniture, start, end, margin)
    end = next((at for at in range(start, end) if furniture.is_end(at, author)), end)
    last = end
    while end > start and furniture.is_edge(end - 1, owner):
        end -= 1
    if after is None:  # the last text ends above its furniture
        last = max(last, min(end + 1, len(page)))
    return start, furniture.above_reactions(start, end, last) if start < end < len(page) else end


def _named_above(page: Page, record: Record, dialect: Dialect) -> int | None:
    """Where the first text begins if its author stands above it too; ``None`` if he does not."""
    if "{name}" not in dialect.furniture:
        return None
    key = fold_key(record.author)
    above = range(record.first - 1, max(0, record.first - MAX_TAIL), -1)
    return next((at for at in above if page.keys[at] == key), None)


def _start_of_first(page: Page, end: int) -> int:
    """Where the first text begins if it stands above its header: below the section's heading."""
    first = max(0, end - MAX_TAIL)
    for position in range(end - 1, first - 1, -1):
        if page.kinds[position] in _STOPS | HEADINGS:
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


def _without_tags(page: Page, record: Record, text: tuple[int, int]) -> tuple[int, int]:
    """A text without the page's tags below it, one a line or all on its last line; the first line of a text is none."""
    first, after = text
    if not record.shape.has_tags:
        return text
    if first < after - 1 and _TAGS.fullmatch(page.words[after - 1]):
        return first, after - 1
    lines = range(after - 1, max(first, after - _MAX_TAGS - 1), -1)
    return first, min(takewhile(lambda at: _TAG.fullmatch(page.words[at]), lines), default=after)


def _without_subjects(page: Page, texts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The texts without the subjects above them, if the page shows some.

    A subject that nobody wrote is made of the text's first words; where several are, all first lines are subjects.
    """
    titled = [first for first, after in texts if after - first > 1]
    made = sum(page.keys[first + 1].startswith(page.keys[first].rstrip("….")) for first in titled)
    if made < max(2, _LEAST_SUBJECTS * len(titled)):
        return texts
    return [(first + (after - first > 1), after) for first, after in texts]


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
        # One may be shown again, as an accepted answer is; the same words at another time were said again.
        shown = {(_posted(records[number]), *page.keys[slice(*texts[number])]): number for number in numbers}
        told = [number for number in shown.values() if texts[number][0] < texts[number][1]]
        lasts = Counter(page.keys[texts[number][1] - 1] for number in told)
        last = max(lasts, key=lasts.__getitem__, default="")
        if lasts[last] < 2 or len(signers[last]) > 1:
            continue
        signed = [number for number in told if page.keys[texts[number][1] - 1] == last]
        common = _common_end(page, [texts[number] for number in signed])
        least = _LEAST_SIGNATURE if signed == told else _LEAST_RARE_SIGNATURE
        if _count_words(page, texts[signed[0]][1], common) >= least:
            for number in numbers:
                first, after = texts[number]
                if first < after and page.keys[after - 1] == last:
                    result[number] = (first, after - common)
    return result


def _common_end(page: Page, spans: Sequence[tuple[int, int]]) -> int:
    """How many last lines are the same in all spans; each keeps its first line."""
    longest = min(_MAX_SIGNATURE, *(after - first - 1 for first, after in spans))
    differ = (count for count in range(longest) if len({page.keys[after - 1 - count] for _, after in spans}) > 1)
    return next(differ, longest)


def _count_words(page: Page, after: int, count: int) -> int:
    """The words of some lines above a position."""
    return sum(page.words[at].count(" ") + 1 for at in range(after - count, after))
