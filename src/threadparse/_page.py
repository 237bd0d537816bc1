"""What is asked of a page again and again: neighbours, indentation, the times that lines hold.

In: lines, tokens and the lexer that read them. Out: :class:`Page`, which the search for headers and tails walks.
"""

from __future__ import annotations

from ._lines import Lines
from ._times import Found
from ._tokens import Kind, Lexer, Tokens

MAX_GAP = 8
"""Most blank lines between two lines of a header. BeautifulSoup's raw text has runs of six around an avatar."""
_WRAPPED = 55
"""Shortest line that may have been cut by wrapping: extractors wrap at 72 to 80, and words are rarely over 20 long."""

TAIL_KINDS = frozenset({Kind.REPLY, Kind.NUMBER, Kind.HIDDEN, Kind.EDITED, Kind.BUTTON})
SECTION_KINDS = frozenset({Kind.COUNT, Kind.COUNT_LABEL, Kind.SORT, Kind.FORM, Kind.PAGER})


class Page:
    """A page's lines, with what was read in them.

    Attributes:
        lines: The lines.
        lexer: What read them.
        kinds: The kind of each line.
        readings: By line, what was read in it.
    """

    def __init__(self, lines: Lines, tokens: Tokens, lexer: Lexer) -> None:
        self.lines = lines
        self.lexer = lexer
        self.kinds = tokens.kinds
        self.readings = tokens.readings
        self._stamps: dict[int, Found | None] = {}

    def step(self, index: int, by: int) -> int | None:
        """The next line that is not blank, at most :data:`MAX_GAP` blank lines away; ``by`` is 1 or -1."""
        for at in range(index + by, index + by * (MAX_GAP + 2), by):
            if not 0 <= at < len(self.kinds):
                return None
            if self.kinds[at] is not Kind.BLANK:
                return at
        return None

    def stamp(self, index: int) -> Found | None:
        """The time in a line that holds other words too."""
        if index not in self._stamps:
            self._stamps[index] = self.lexer.times.find(self.lines.content[index])
        return self._stamps[index]

    def time(self, index: int) -> Found | None:
        """The time that a line is or holds."""
        reading = self.readings.get(index)
        return self._stamps.get(index) if reading is None else reading.time

    def is_time(self, index: int) -> bool:
        """Whether a line is nothing but a time."""
        reading = self.readings.get(index)
        return reading is not None and reading.time is not None and self.kinds[index] is not Kind.EDITED

    def indent(self, index: int) -> int:
        """How many blanks a line begins with."""
        raw = self.lines.raw[index]
        return len(raw) - len(raw.lstrip())

    def may_be_wrapped(self, index: int) -> bool:
        """Whether a line is as long as those that an extractor wraps."""
        return index >= 0 and _WRAPPED <= len(self.lines.content[index]) <= 90
