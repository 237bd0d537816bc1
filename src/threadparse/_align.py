"""Which comments of several dumps of one page are one.

In: threads of one page. Out: its comments (:class:`Records`), each with where it was seen.

A comment is known again by its author and its words; where one dump cuts the text, by its opening; where the text was
edited or an extractor changed it, by the comment beside it (:data:`_SIGNS`, the surest first). Each sign is a key in a
table that all dumps share, so the cost is linear in their size. Comments alike in everything are told apart by their
order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import datetime

import attrs
import regex

from ._lines import fold_key
from ._model import Comment, Thread
from ._values import Timestamp

_NOT_LETTERS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_OPENING = 24
"""Letters by which a text that is cut is known again: some four words. wpDiscuz cuts after dozens of words."""
_LONG = 40
"""Letters from which on a text alone tells that two comments are one whose author was renamed."""
_SHARED_WORDS = 0.5
"""Share of the shorter text's words that an edited text still has."""

Sighting = tuple[int, Comment]
"""The number of a dump, and the comment as that dump shows it."""
END = -1
"""The record beside the first comment, and beside the last one."""


@attrs.frozen
class Records:
    """Which comments of the dumps are one. A *record* is a comment of the page; records are known by their numbers.

    Attributes:
        dumps: The dumps, in order of time.
        owners: By dump, by comment: the number of its record.
        sightings: By record: where it was seen, in order of time.
        seen: By record: the numbers of the dumps in which it was seen.
    """

    dumps: Sequence[Thread]
    owners: Sequence[Sequence[int]]
    sightings: Sequence[Sequence[Sighting]]
    seen: Sequence[frozenset[int]]


@attrs.frozen
class _Look:
    """What a comment is known by.

    Attributes:
        author: The author's name, folded.
        letters: The letters of its text.
        above: Author and opening of the comment that it answers.
        comment: The comment itself.
    """

    author: str
    letters: str
    above: tuple[str, str] | None
    comment: Comment


def _looks(dump: Thread) -> list[_Look]:
    names = [fold_key(" ".join(comment.author.split())) for comment in dump.comments]
    letters = [letters_of(comment.text) for comment in dump.comments]
    return [
        _Look(
            names[comment.index],
            letters[comment.index],
            None if comment.parent is None else (names[comment.parent.index], letters[comment.parent.index][:_OPENING]),
            comment,
        )
        for comment in dump.comments
    ]


def _one_begins_the_other(known: _Look, look: _Look) -> bool:
    return known.letters.startswith(look.letters) or look.letters.startswith(known.letters)


def _are_alike(known: _Look, look: _Look) -> bool:
    """Whether two comments by one author at one place are the same, edited or written otherwise."""
    one, other = known.comment.posted, look.comment.posted
    if one is not None and other is not None and None not in (one.earliest, other.earliest):
        if one.earliest == other.earliest:
            return True
        if common_interval(intervals_of([one, other])) is None:
            return False
    words = set(known.comment.text.casefold().split()), set(look.comment.text.casefold().split())
    return len(words[0] & words[1]) >= max(1, _SHARED_WORDS * min(map(len, words)))


_Sign = Callable[[_Look], Hashable]
_Test = Callable[[_Look, _Look], bool]
_SIGNS: tuple[tuple[_Sign, _Test], ...] = (
    (lambda look: (look.author, look.letters, look.above), lambda known, look: True),
    (lambda look: (look.author, look.letters), lambda known, look: True),
    (
        lambda look: (look.author, look.letters[:_OPENING]) if len(look.letters) >= _OPENING else None,
        _one_begins_the_other,
    ),
    (lambda look: look.letters if len(look.letters) >= _LONG else None, lambda known, look: True),
)
"""By what a comment is known again, the surest first, and what must hold besides. ``None``: it has no such sign."""


def align(dumps: Sequence[Thread]) -> Records:
    """Find out which comments of the dumps, which are in order of time, are one."""
    aligner = _Aligner()
    owners = [aligner.add(dump) for dump in dumps]
    sightings: list[list[Sighting]] = [[] for _ in aligner.looks]
    for number, (dump, own) in enumerate(zip(dumps, owners, strict=True)):
        for comment, record in zip(dump.comments, own, strict=True):
            sightings[record].append((number, comment))
    seen = [frozenset(number for number, _ in of_record) for of_record in sightings]
    return Records(dumps, owners, sightings, seen)


class _Aligner:
    """Knows the records of the dumps that it was shown.

    Attributes:
        looks: By record: how it looked where its text was longest.
    """

    def __init__(self) -> None:
        self.looks: list[_Look] = []
        self._signs: list[dict[Hashable, int]] = [{} for _ in _SIGNS]
        self._beside: dict[tuple[str, str, int | None], int] = {}

    def add(self, dump: Thread) -> list[int]:
        """The records of a dump's comments, new ones where there are none."""
        looks = _looks(dump)
        signs = [_numbered(sign, looks) for sign, _ in _SIGNS]
        own: list[int | None] = [None] * len(looks)
        taken: set[int] = set()

        def claim(index: int, record: int | None, agrees: _Test) -> None:
            if own[index] is not None or record is None or record in taken:
                return
            if agrees(self.looks[record], looks[index]):
                own[index] = record
                taken.add(record)

        for known, keys, (_, agrees) in zip(self._signs, signs, _SIGNS, strict=True):
            for index, key in enumerate(keys):
                claim(index, known.get(key), agrees)
        for side, index, neighbour in _neighbours(own):
            if neighbour is not None:
                claim(index, self._beside.get((looks[index].author, side, neighbour)), _are_alike)
        records = [self._record(record, look) for record, look in zip(own, looks, strict=True)]
        for known, keys in zip(self._signs, signs, strict=True):
            known.update(zip(keys, records, strict=True))
            known.pop(None, None)
        for side, index, neighbour in _neighbours(records):
            self._beside[looks[index].author, side, neighbour] = records[index]
        return records

    def _record(self, record: int | None, look: _Look) -> int:
        if record is None:
            self.looks.append(look)
            return len(self.looks) - 1
        if len(look.letters) > len(self.looks[record].letters):
            self.looks[record] = look
        return record


def _numbered(sign: _Sign, looks: Sequence[_Look]) -> list[Hashable]:
    """The sign of each comment; those that share one are told apart by their order."""
    seen: Counter[Hashable] = Counter()
    keys: list[Hashable] = []
    for look in looks:
        key = sign(look)
        keys.append(None if key is None else (key, seen[key]))
        seen[key] += 1
    return keys


def _neighbours(own: Sequence[int | None]) -> Iterator[tuple[str, int, int | None]]:
    """Each comment with the record before it, then with the one after it, as ``own`` is at that moment."""
    for index in range(len(own)):
        yield "before", index, own[index - 1] if index else END
    for index in reversed(range(len(own))):
        yield "after", index, own[index + 1] if index + 1 < len(own) else END


def letters_of(text: str) -> str:
    """The letters and digits of a text, folded; the text itself if it has none."""
    folded = text.casefold()
    return _NOT_LETTERS.sub("", folded) or folded


def intervals_of(times: Iterable[Timestamp]) -> list[tuple[datetime, datetime]]:
    """The intervals of those times that have one."""
    return [(t.earliest, t.latest) for t in times if t.earliest is not None and t.latest is not None]


def common_interval(intervals: Sequence[tuple[datetime, datetime]]) -> tuple[datetime, datetime] | None:
    """What all intervals allow, ``None`` if that is nothing."""
    earliest = max(earliest for earliest, _ in intervals)
    latest = min(latest for _, latest in intervals)
    return (earliest, latest) if earliest <= latest else None
