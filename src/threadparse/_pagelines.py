"""All lines of a page, blank ones too: neighbours, indentation, the times that lines hold.

In: lines, tokens and the lexer that read them. Out: :class:`PageLines`, which the search for headers and tails walks.
Layouts, which know no blank lines, ask :mod:`threadparse._rows` instead.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from ._lines import Lines, fold_key, plain_name
from ._times import Found
from ._tokens import Kind, Lexer, Tokens

MAX_GAP = 40
"""Most blank lines between two lines of a header. BeautifulSoup's raw text has runs of 30 around links to share it."""
SHORTEST_WRAPPED = 55
"""Shortest line that may have been cut by wrapping: extractors wrap at 72 to 80, and words are rarely over 20 long."""
LONGEST_WRAPPED = 90
"""Longest such line, a bullet and a few words of the extractor's own beside it."""

TAIL_KINDS = frozenset({Kind.REPLY, Kind.NUMBER, Kind.HIDDEN, Kind.EDITED, Kind.BUTTON, Kind.VOTE_WORD, Kind.TAIL_TIME})
_REPLY, _MARKER_WORD, _BESIDE = Kind.REPLY, Kind.MARKER_WORD, Kind.BESIDE
_TEXT_KINDS = frozenset({Kind.TEXT, Kind.IMAGE})
SECTION_KINDS = frozenset({Kind.COUNT, Kind.COUNT_LABEL, Kind.SORT, Kind.FORM, Kind.PAGER})


class PageLines:
    """A page's lines, with what was read in them.

    Attributes:
        lines: The lines.
        lexer: What read them.
        kinds: The kind of each line.
        readings: By line, what was read in it.
        above: By line, the next line above that is not blank, ``None`` if it is over :data:`MAX_GAP` blank lines away.
        below: The same downwards.
    """

    def __init__(self, lines: Lines, tokens: Tokens, lexer: Lexer) -> None:
        self.lines = lines
        self.lexer = lexer
        self.kinds = tokens.kinds
        self.readings = tokens.readings
        self._stamps: dict[int, Found | None] = {}

    def lines_of(self, kind: Kind) -> list[int]:
        """The lines of a kind."""
        found: list[int] = []
        for _ in range(self.kinds.count(kind)):
            found.append(self.kinds.index(kind, found[-1] + 1 if found else 0))
        return found

    @cached_property
    def above(self) -> list[int | None]:
        reach, last = MAX_GAP + 1, -MAX_GAP - 2
        above: list[int | None] = []
        for index, kind in enumerate(self.kinds):
            above.append(last if index - last <= reach else None)
            if kind and kind is not _BESIDE:  # Kind.BLANK is 0
                last = index
        return above

    @cached_property
    def below(self) -> list[int | None]:
        count = len(self.kinds)
        reach, last = MAX_GAP + 1, count + MAX_GAP + 2
        below: list[int | None] = [None] * count
        for index in range(count - 1, -1, -1):
            if last - index <= reach:
                below[index] = last
            if self.kinds[index] and self.kinds[index] is not _BESIDE:
                last = index
        return below

    @cached_property
    def times(self) -> frozenset[int]:
        """The lines that are nothing but a time."""
        kinds = self.kinds
        return frozenset(
            index
            for index, reading in self.readings.items()
            if reading.time is not None and kinds[index] not in (Kind.EDITED, Kind.TAIL_TIME)
        )

    @cached_property
    def counts(self) -> list[tuple[int, int | None]]:
        """The lines of counts, with the number of comments that each states, on one line or two ("58", "Comments")."""
        stated = []
        for at in sorted(self.lines_of(Kind.COUNT) + self.lines_of(Kind.COUNT_LABEL)):
            number_at = self.above[at] if self.kinds[at] is Kind.COUNT_LABEL else at
            reading = None if number_at is None else self.readings.get(number_at)
            stated.append((at, None if reading is None else reading.number))
        return stated

    def declared_above(self, index: int) -> int | None:
        """The number of comments that the nearest count above a line states."""
        return next((number for at, number in reversed(self.counts) if at < index), None)

    def last_line(self, index: int) -> int:
        """The last line above a line that is not blank, -1 without one."""
        return _last_below(self._full, index)

    def last_text(self, index: int) -> int:
        """The same for lines of text and pictures."""
        return _last_below(self._said, index)

    @cached_property
    def _full(self) -> list[int]:
        return [index for index, kind in enumerate(self.kinds) if kind]

    @cached_property
    def _said(self) -> list[int]:
        return [index for index, kind in enumerate(self.kinds) if kind in _TEXT_KINDS]

    def past_beside(self, index: int) -> int:
        """The line below the links to share a comment that may stand at a line, or that line."""
        after = index
        while index < len(self.kinds) and (not self.kinds[index] or self.kinds[index] is _BESIDE):
            index += 1
            if self.kinds[index - 1] is _BESIDE:
                after = index
        return after

    def stamp(self, index: int) -> Found | None:
        """The time in a line that holds other words too."""
        if index not in self._stamps:
            self._stamps[index] = self.lexer.times.find(self.lines.content[index])
        return self._stamps[index]

    def time(self, index: int) -> Found | None:
        """The time that a line is or holds."""
        reading = self.readings.get(index)
        return self._stamps.get(index) if reading is None else reading.time

    def is_marker_word(self, index: int) -> bool:
        """Whether a line is a marker without its name."""
        kind = self.kinds[index]
        if kind is _REPLY:
            return fold_key(self.lines.content[index]) in self.lexer.marker_words
        return kind is _MARKER_WORD

    def same_words(self, one: int, other: int) -> bool:
        """Whether two lines show the same; html2text escapes a picture's words and not a name's."""
        one_words, other_words = self.lines.content[one], self.lines.content[other]
        return one_words == other_words or plain_name(one_words) == plain_name(other_words)

    def may_be_wrapped(self, index: int) -> bool:
        """Whether a line is as long as those that an extractor wraps."""
        return index >= 0 and SHORTEST_WRAPPED <= len(self.lines.content[index]) <= LONGEST_WRAPPED


def _last_below(numbers: Sequence[int], limit: int) -> int:
    """The last of some sorted numbers that is below a limit, -1 without one."""
    at = bisect_left(numbers, limit)
    return numbers[at - 1] if at else -1
