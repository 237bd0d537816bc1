"""How much some records look like a conversation: one score for every dialect, written by hand or learned.

In: a page and its records in one layout. Out: a number, about the number of comments that are sure. Zero is "none".
The factors are those that told right layouts from wrong ones on real pages: a comment has an author whose name is like
one and a text; authors vary, but come back; times rise or fall; texts are some words long, but no articles.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from statistics import median, pstdev

import attrs

from ._lines import fold_key
from ._names import LIKELY, count_words, ends_within, mask, name_likeness
from ._resolve import resolve
from ._rows import Page
from ._shapes import Record
from ._times import Found
from ._tokens import Kind, read_number

_ANY_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)
"""Against which relative times are compared; only their order counts."""
_LONG = 20
"""Words from which on a text without a sentence's end is no title."""
_ARTICLE = 400
"""Median words of a text from which on the records are articles."""
_UNORDERED = 0.7
"""Order that is taken for granted where two or fewer times say nothing."""


@attrs.frozen
class Measure:
    """What is judged of a text.

    Attributes:
        words: Number of its words.
        is_prose: Whether it has a sentence's end or is long: titles have none.
    """

    words: int
    is_prose: bool


@attrs.frozen
class Said:
    """Some comments, as far as they are judged.

    Attributes:
        names: The authors.
        texts: Their texts.
        times: The times that are shown.
    """

    names: Sequence[str]
    texts: Sequence[Measure]
    times: Sequence[Found]


_DOMINATED = 0.35
_KNOWN_DOMINATED = 0.8
"""What authors are worth where one of them wrote more than half, in a layout that is a guess, or known."""
_LABEL = 0.9
"""Share of the records from which on what a guess takes for their author is a label: "Date", "Release date"."""
_WORDED = 0.5
"""What words of the platform in its headers add to a score; names that stand twice and numbers that count up add 1."""
_LISTED = 0.1
"""What records are worth whose texts are lists: people write sentences."""
_ITEMS = ("* ", "- ", "+ ")
"""What opens an item of a list."""
_FEW = 8
"""Texts from which on it tells something that they are alike."""
_ALIKE = 0.2
_VARIED = 0.41
"""Standard deviation of the logarithm of the texts' words up to which they are titles or leads, and from which on
people wrote them: in 380 dumps of real threads of eight comments and more it was at least 0.25, and 0.42 or more in 19
of 20."""
_DATED = 0.25
"""Share of a few texts from which on dates in them say that they are items of a list."""
_COUNTED = 0.8
"""Share of the records from which on counts of comments belong to each: a few platforms count the answers to some."""
_COUNT_PARTS = {Kind.NUMBER, Kind.COUNT_LABEL}
_MAX_STEP = 3
"""Most by which a forum's numbers count up: posts in between may be hidden."""


def judge(said: Said, *, anchors: int, least: float = 0.0, is_known: bool = False) -> float:
    """The score of some comments.

    Args:
        said: The comments.
        anchors: How many lines look like the comments' headers; those that are none count against the rest.
        least: The least likeness of a name, where words of the header say that it is one: "1009 says:".
        is_known: Whether the layout is known, so that one person may well have written most of the comments.
    """
    names, texts = said.names, said.texts
    if not names:
        return 0.0
    likeness = [max(least, name_likeness(name)) if name else 0.0 for name in names]
    valid = sum(like >= LIKELY and text.words > 0 for like, text in zip(likeness, texts, strict=True))
    prose = sum(text.is_prose for text in texts) / len(texts)
    return float(
        valid**0.9
        * (valid / anchors) ** 2
        * (sum(likeness) / anchors)
        * variety(names, is_known=is_known)
        * (0.4 + 0.6 * order(said.times))
        * _fullness(median(text.words for text in texts))
        * (0.3 + 0.7 * prose)
    )


def judge_records(page: Page, records: Sequence[Record], *, is_known: bool = False) -> float:
    """The score of a layout's records; where the layout is known, one person may well write most of them."""
    records = [record for record in records if record.shape.text != "none"]
    if not records:
        return 0.0
    names = [record.author for record in records]
    texts = [measure(page, *record.text) for record in records]
    by_level = sorted((record for record in records if "when" in record.fields), key=_depth)
    times = [page.times[record.fields["when"][0]] for record in by_level]
    worded = is_known and any(slot.has_words and not slot.optional for slot in records[0].shape.slots)
    least = LIKELY if worded else 0.0
    score = judge(Said(names, texts, times), anchors=len(records), least=least, is_known=is_known)
    if not is_known and _are_lists(page, records):
        score *= _LISTED
    undated = sum(record.foot is None and record.shape.is_timed_below for record in records) / len(records)
    named = sum("alt" in record.fields for record in records) / len(records)
    return score * (1 - undated) * (1 + max(named, _WORDED * worded, _counted(records)))


def are_said(page: Page, records: Sequence[Record]) -> bool:
    """Whether records without a heading are comments and no list of pages: by buttons, a form, or the texts alone."""
    replies = page.kinds[records[0].first : records[-1].last + 1].count(Kind.REPLY)
    if 2 * replies >= len(records) - 1 or Kind.FORM in page.kinds:
        return True
    spread = _spread(page, records)
    if spread is not None:
        return spread >= _VARIED
    # In a list, some of the dates were perhaps taken for headers, and others just like them were not.
    dated = sum(not page.times.keys().isdisjoint(range(*record.text)) for record in records)
    return dated < _DATED * len(records)


def are_alike(page: Page, records: Sequence[Record]) -> bool:
    """Whether the texts of some records are all of about the same length, as titles and leads are."""
    spread = _spread(page, records)
    return spread is not None and spread <= _ALIKE


def are_pages(page: Page, records: Sequence[Record]) -> bool:
    """Whether some records are pages and no comments: each has a count of its own.

    Some forums count what a member has got beside each post: ask only where no platform has signed the page.
    """
    return are_counted(page.kinds[records[0].first : records[-1].last + 1], len(records))


def _spread(page: Page, records: Sequence[Record]) -> float | None:
    """How much texts differ in length: people say a word or a page, and titles and leads are all alike.

    The longest and the shortest do not count: a menu may have been taken for the text above the first header, or
    nothing for the last one. ``None`` where there are too few to tell.
    """
    if len(records) < _FEW:
        return None
    lengths = sorted(measure(page, *record.text).words for record in records)
    return pstdev(map(math.log1p, lengths[1:-1]))


def are_counted(kinds: Sequence[Kind], number: int) -> bool:
    """Whether a count of comments stands beside most of some records, which are pages then: a blog's or a forum's.

    Args:
        kinds: The lines from the first record to the last.
        number: Of the records.
    """
    counts = kinds.count(Kind.COUNT) + sum({above, below} == _COUNT_PARTS for above, below in pairwise(kinds))
    return counts > 1 and counts >= _COUNTED * number


def _are_lists(page: Page, records: Sequence[Record]) -> bool:
    """Whether most texts are a list, perhaps below one line, as in lists of changes."""
    content, at = page.lines.content, page.at
    tops = [at[record.text[0] : min(record.text[1], record.text[0] + 2)] for record in records]
    return 2 * sum(any(content[line].startswith(_ITEMS) for line in top) for top in tops) > len(records)


def _depth(record: Record) -> int:
    return 0 if record.level is None else record.level.depth


def _counted(records: Sequence[Record]) -> float:
    """Share of successive records whose numbers count up, 0 to 1: a forum's "#12", or whatever holds a number.

    Some forums count the answers only, so that the first post has no number: it is 0.
    """
    numbers = [read_number(record.fields["number"][2]) for record in records if "number" in record.fields]
    known = [0] * ("number" not in records[0].fields) + [number for number in numbers if number is not None]
    return sum(above < below <= above + _MAX_STEP for above, below in pairwise(known)) / max(1, len(records) - 1)


def measure(page: Page, first: int, after: int) -> Measure:
    """The measure of some lines of a page."""
    if first >= after:
        return _measured(0, 0)
    (words, ends), (words_above, ends_above) = page.said_above[after], page.said_above[first]
    return _measured(words - words_above, ends - ends_above)


def measure_lines(lines: Iterable[str]) -> Measure:
    """The measure of some lines."""
    lines = list(lines)
    return _measured(sum(map(count_words, lines)), any(map(ends_within, lines)))


def _measured(words: int, ends: int) -> Measure:
    return Measure(words, ends > 0 or words >= _LONG)


def variety(names: Sequence[str], *, is_known: bool) -> float:
    """How plausible it is that these are authors: not all one, and more than the few ranks of a forum."""
    if len(names) < 3:
        return 1.0
    counts = Counter(map(fold_key, names))
    most = counts.most_common(1)[0][1] / len(names)
    if most > _LABEL and not is_known:
        return 0.0
    if len(counts) == 1:
        return 0.05
    if _has_shared_words(set(names)):
        return 0.3
    if len(names) > 3 and most > 0.5:
        dominated = _KNOWN_DOMINATED if is_known else _DOMINATED
        return dominated if len(names) < 8 or most < 0.6 else 0.15
    return 0.4 if len(names) > 7 and len(counts) < 0.12 * len(names) else 1.0


def _has_shared_words(names: Set[str]) -> bool:
    """Whether most names open or close with one word, which then belongs to the layout: "Ann says:", "12. Ann"."""
    split = [name.split() for name in names if " " in name]
    for edge in ([words[0] for words in split], [words[-1] for words in split]):
        counts = Counter(mask(word) for word in edge if not word[0].isupper())
        if sum(counts.values()) > 2 and counts.most_common(1)[0][1] > 0.6 * len(names):
            return True
    return False


def order(times: Sequence[Found]) -> float:
    """Share of successive times that rise, or fall, whichever more of them do."""
    moments = [moment for moment in map(_moment, times) if moment is not None]
    if len(moments) < 3:
        return _UNORDERED
    rising = sum(above <= below for above, below in pairwise(moments))
    falling = sum(above >= below for above, below in pairwise(moments))
    return max(rising, falling) / (len(moments) - 1)


@lru_cache(maxsize=4096)
def _moment(time: Found) -> datetime | None:
    """When that was, for times among which only the order counts; a page is judged in some hundred ways."""
    return resolve(time, scraped_at=_ANY_MOMENT, timezone=UTC, day_first=None, rounding="calendar")[0]


def _fullness(words: float) -> float:
    return 0.4 if words > _ARTICLE else min(1.0, 0.3 + words / 15)
