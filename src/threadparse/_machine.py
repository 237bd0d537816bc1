"""Headers and tokens to events: which line belongs to what.

In: lines, tokens, and the headers that :mod:`threadparse._records` found. Out: events, one per run of lines, which tile
the lines. The machine walks the lines once, and it alone knows history.

The rules
    A page is an article, then the *section's head* (the form, the sort bar, "58 Comments"), then comments, then the
    rest. A comment is a header, a text and a *tail*: "Last edited ...", votes, "Reply", "View Replies (3)", furniture,
    each optional and in this order.

    Lines of the head and of the tail are only words, and any of them can stand in somebody's text too. So they are
    *held*: what is held becomes a tail when the next header (or the thread's end) follows, and turns back into text
    when text follows. A tail is in order; a line that breaks the order shows that the lines held so far were text, and
    a new tail begins with it. The page has a fixed number of vote lines (0, 1 or 2): when one more arrives, the first
    line held was text ("... 79", "8", "Reply" is a text that ends with 79 on a page with one vote line).

    The same holds above the first comment: the head is held until the first header, and a long line shows that what
    was held belongs to the article.

    ``_TRANSITIONS`` has a row per state and a column per symbol; a pair that is missing cannot happen, because a tail's
    words are symbols only on pages that have them.
"""

from __future__ import annotations

import enum
from bisect import bisect_left
from collections.abc import Sequence

from ._events import Event, Events
from ._headers import Header
from ._lines import Lines
from ._records import Records
from ._tokens import UI_KINDS, Kind, Tokens
from ._values import SegmentKind

_TEXT = Kind.TEXT
_HEAD_TEXT = 60
"""Longest unknown line that may stand in the section's head, in code points: labels of fields, a plugin's words."""


class State(enum.Enum):
    """Where the machine is."""

    ARTICLE = "article"
    NUMBER = "below a number, perhaps of comments"
    HEAD = "the section's head, perhaps"
    TEXT = "a comment's text"
    EDITED = "below Last edited, perhaps"
    VOTES = "below votes, perhaps"
    REPLY = "below the reply button, perhaps"
    FURNITURE = "below a comment's furniture, perhaps"
    REST = "below the thread"

    __hash__ = object.__hash__  # the members are single objects; the hash of enum.Enum is a slow function


class Symbol(enum.Enum):
    """What a line is to the machine."""

    TEXT = "text"
    LABEL = "a short line without a meaning of its own"
    EDITED = "edited"
    VOTES = "votes"
    REPLY = "reply"
    FURNITURE = "furniture"
    RULE = "a line of punctuation"

    __hash__ = object.__hash__


class Action(enum.Enum):
    """What to do with a line."""

    KEEP = "it belongs to the state's text"
    HOLD = "hold it"
    REVERT = "what is held was text, and so is the line"
    RESTART = "what is held was text; hold the line"


_TRANSITIONS: dict[tuple[State, Symbol], tuple[State, Action]] = {
    (State.ARTICLE, Symbol.TEXT): (State.ARTICLE, Action.KEEP),
    (State.ARTICLE, Symbol.LABEL): (State.ARTICLE, Action.KEEP),
    (State.ARTICLE, Symbol.EDITED): (State.ARTICLE, Action.KEEP),
    (State.ARTICLE, Symbol.VOTES): (State.NUMBER, Action.HOLD),
    (State.ARTICLE, Symbol.REPLY): (State.ARTICLE, Action.KEEP),
    (State.ARTICLE, Symbol.FURNITURE): (State.HEAD, Action.HOLD),
    (State.ARTICLE, Symbol.RULE): (State.HEAD, Action.HOLD),
    (State.NUMBER, Symbol.TEXT): (State.ARTICLE, Action.REVERT),
    (State.NUMBER, Symbol.LABEL): (State.ARTICLE, Action.REVERT),
    (State.NUMBER, Symbol.EDITED): (State.ARTICLE, Action.REVERT),
    (State.NUMBER, Symbol.VOTES): (State.NUMBER, Action.RESTART),
    (State.NUMBER, Symbol.REPLY): (State.ARTICLE, Action.REVERT),
    (State.NUMBER, Symbol.FURNITURE): (State.HEAD, Action.HOLD),
    (State.NUMBER, Symbol.RULE): (State.NUMBER, Action.HOLD),
    (State.HEAD, Symbol.RULE): (State.HEAD, Action.HOLD),
    (State.HEAD, Symbol.TEXT): (State.ARTICLE, Action.REVERT),
    (State.HEAD, Symbol.LABEL): (State.HEAD, Action.HOLD),
    (State.HEAD, Symbol.EDITED): (State.ARTICLE, Action.REVERT),
    (State.HEAD, Symbol.VOTES): (State.HEAD, Action.HOLD),
    (State.HEAD, Symbol.REPLY): (State.HEAD, Action.HOLD),
    (State.HEAD, Symbol.FURNITURE): (State.HEAD, Action.HOLD),
    (State.TEXT, Symbol.TEXT): (State.TEXT, Action.KEEP),
    (State.TEXT, Symbol.LABEL): (State.TEXT, Action.KEEP),
    (State.TEXT, Symbol.EDITED): (State.EDITED, Action.HOLD),
    (State.TEXT, Symbol.VOTES): (State.VOTES, Action.HOLD),
    (State.TEXT, Symbol.REPLY): (State.REPLY, Action.HOLD),
    (State.TEXT, Symbol.FURNITURE): (State.FURNITURE, Action.HOLD),
    (State.TEXT, Symbol.RULE): (State.FURNITURE, Action.HOLD),
    (State.EDITED, Symbol.RULE): (State.EDITED, Action.HOLD),
    (State.VOTES, Symbol.RULE): (State.VOTES, Action.HOLD),
    (State.REPLY, Symbol.RULE): (State.REPLY, Action.HOLD),
    (State.FURNITURE, Symbol.RULE): (State.FURNITURE, Action.HOLD),
    (State.EDITED, Symbol.TEXT): (State.TEXT, Action.REVERT),
    (State.EDITED, Symbol.LABEL): (State.TEXT, Action.REVERT),
    (State.EDITED, Symbol.EDITED): (State.EDITED, Action.RESTART),
    (State.EDITED, Symbol.VOTES): (State.VOTES, Action.HOLD),
    (State.EDITED, Symbol.REPLY): (State.REPLY, Action.HOLD),
    (State.EDITED, Symbol.FURNITURE): (State.FURNITURE, Action.HOLD),
    (State.VOTES, Symbol.TEXT): (State.TEXT, Action.REVERT),
    (State.VOTES, Symbol.LABEL): (State.TEXT, Action.REVERT),
    (State.VOTES, Symbol.EDITED): (State.EDITED, Action.RESTART),
    (State.VOTES, Symbol.VOTES): (State.VOTES, Action.HOLD),
    (State.VOTES, Symbol.REPLY): (State.REPLY, Action.HOLD),
    (State.VOTES, Symbol.FURNITURE): (State.FURNITURE, Action.HOLD),
    (State.REPLY, Symbol.TEXT): (State.TEXT, Action.REVERT),
    (State.REPLY, Symbol.LABEL): (State.TEXT, Action.REVERT),
    (State.REPLY, Symbol.EDITED): (State.EDITED, Action.RESTART),
    (State.REPLY, Symbol.VOTES): (State.VOTES, Action.RESTART),
    (State.REPLY, Symbol.REPLY): (State.REPLY, Action.RESTART),
    (State.REPLY, Symbol.FURNITURE): (State.FURNITURE, Action.HOLD),
    (State.FURNITURE, Symbol.TEXT): (State.TEXT, Action.REVERT),
    (State.FURNITURE, Symbol.LABEL): (State.TEXT, Action.REVERT),
    (State.FURNITURE, Symbol.EDITED): (State.EDITED, Action.RESTART),
    (State.FURNITURE, Symbol.VOTES): (State.VOTES, Action.RESTART),
    (State.FURNITURE, Symbol.REPLY): (State.REPLY, Action.RESTART),
    (State.FURNITURE, Symbol.FURNITURE): (State.FURNITURE, Action.HOLD),
}

_SYMBOLS = {
    **dict.fromkeys((*UI_KINDS, Kind.HIDDEN, Kind.IMAGE, Kind.VOTE_WORD, Kind.TAIL_TIME), Symbol.FURNITURE),
    Kind.EDITED: Symbol.EDITED,
    Kind.RULE: Symbol.RULE,
}
"""What lines of a kind are to the machine everywhere; kinds that are missing are text."""
_SYMBOLS_IN_ARTICLE = {
    **dict.fromkeys((Kind.NUMBER, Kind.VOTE_WORD), Symbol.VOTES),
    **dict.fromkeys((Kind.COUNT, Kind.ROLE), Symbol.FURNITURE),
    Kind.REPLY: Symbol.REPLY,
}


def _symbols_in_comment(records: Records) -> dict[Kind, Symbol]:
    """What lines of a kind are below a header: votes and buttons only where the page's comments have them."""
    symbols = dict(_SYMBOLS)
    if records.votes:
        symbols.update(dict.fromkeys((Kind.NUMBER, Kind.VOTE_WORD), Symbol.VOTES))
    if records.reply_button:
        symbols[Kind.REPLY] = Symbol.REPLY
    return symbols


_SEGMENT_OF_KIND = {
    Kind.EDITED: SegmentKind.EDIT,
    Kind.NUMBER: SegmentKind.VOTES,
    Kind.HIDDEN: SegmentKind.HIDDEN_REPLIES,
    Kind.COUNT: SegmentKind.COUNT,
    Kind.TAIL_TIME: SegmentKind.TIME,
}


def run(lines: Lines, tokens: Tokens, records: Records) -> list[Event]:
    """The events of a page, in order; blank lines belong to the line above them."""
    machine = _Machine(lines, tokens, records)
    at = 0
    for number, header in enumerate(records.headers):
        machine.walk(at, header.start)
        machine.open(header, number)
        at = header.end
    machine.walk(at, records.end)
    machine.close()
    machine.rest(records.end, len(lines))
    return machine.events.so_far


def run_layout(
    lines: Lines, tokens: Tokens, headers: Sequence[Header], texts: Sequence[tuple[int, int]]
) -> list[Event]:
    """The events of a page whose texts are known: what is neither header nor text of a comment is its furniture.

    Args:
        lines: The page.
        tokens: Its tokens.
        headers: The comments' headers.
        texts: By comment: the first line of its text and the line after the last, above or below the header.
    """
    machine = _Machine(lines, tokens, Records(tuple(headers), 0, True, len(lines), 0.0))
    starts = [min(header.start, first, _top(header)) for header, (first, _) in zip(headers, texts, strict=True)]
    machine.walk(0, starts[0] if starts else len(lines))
    machine.close(has_comments=bool(starts))
    ends = [*starts[1:], machine.events.past_edit(max(_below(headers[-1]), texts[-1][1]), len(lines))] if starts else []
    for number, (header, text, start, end) in enumerate(zip(headers, texts, starts, ends, strict=True)):
        machine.events.add_comment(header, text, (start, end), number)
    if ends:
        machine.rest(ends[-1], len(lines))
    return machine.events.so_far


def _top(header: Header) -> int:
    """The first line that holds a field of a header."""
    return min(first for first, _ in header.lines.values())


def _below(header: Header) -> int:
    """The line below the last one that holds a field of a header."""
    return max(header.end, *(after for _, after in header.lines.values()))


class _Machine:
    def __init__(self, lines: Lines, tokens: Tokens, records: Records) -> None:
        self.events = Events(tokens)
        self._lines = lines
        self._tokens = tokens
        self._records = records
        self._in_comment = _symbols_in_comment(records)
        self._in_article = _SYMBOLS | _SYMBOLS_IN_ARTICLE
        self._state = State.ARTICLE
        self._comment: int | None = None
        self._held: list[int] = []
        self._signals = [index for index, kind in enumerate(tokens.kinds) if kind > _TEXT]

    def walk(self, first: int, after: int) -> None:
        """Walk over lines that are no header."""
        at = first
        while at < after:
            if not self._held:  # up to the next line that is more than text, all is text
                found = bisect_left(self._signals, at)
                signal = min(after, self._signals[found]) if found < len(self._signals) else after
                self.events.add(self._text_kind, at, signal, self._comment)
                at = signal
            if at < after:
                self._step(at)
                at += 1

    def _step(self, index: int) -> None:
        kind = self._tokens.kinds[index]
        if kind is Kind.BLANK:
            self._held.append(index)
            return
        symbol = self._symbol(index, kind)
        self._state, action = _TRANSITIONS[self._state, symbol]
        if action is Action.HOLD:
            self._held.append(index)
            if symbol is Symbol.VOTES:
                self._shift_votes()
        elif action is Action.RESTART:
            self._release_as_text()
            self._held.append(index)
        else:
            self._release_as_text()
            self.events.add(self._text_kind, index, index + 1, self._comment)

    def open(self, header: Header, number: int) -> None:
        """A header follows: what is held was a tail or the section's head."""
        self._confirm()
        self._comment = number
        self._state = State.TEXT
        self.events.add_fields(header, header.start, header.end, number)

    def close(self, *, has_comments: bool = False) -> None:
        """The thread ends, or begins where its comments are known: what is held was a tail, or the section's head."""
        if has_comments or self._comment is not None or self._is_head():
            self._confirm()
        else:
            self._release_as_text()

    def _is_head(self) -> bool:
        """Whether the lines held at the end of a page without comments are a comment section's head all the same."""
        kinds = [self._tokens.kinds[index] for index in self._held]
        return kinds.count(Kind.FORM) > 1 or (Kind.FORM in kinds and Kind.COUNT in kinds)

    def rest(self, first: int, after: int) -> None:
        """The lines below the thread."""
        self._state, self._comment = State.REST, None
        self.events.add(SegmentKind.REST, first, after, self._comment)

    @property
    def _text_kind(self) -> SegmentKind:
        return SegmentKind.ARTICLE if self._comment is None else SegmentKind.TEXT

    def _symbol(self, index: int, kind: Kind) -> Symbol:
        symbol = (self._in_article if self._comment is None else self._in_comment).get(kind)
        if symbol is None:
            return Symbol.LABEL if len(self._lines.content[index]) <= _HEAD_TEXT else Symbol.TEXT
        if symbol is Symbol.EDITED and index not in self._tokens.readings:
            return Symbol.RULE  # the second line of a wrapped one has no reading of its own
        return symbol

    def _shift_votes(self) -> None:
        """On a page with fewer vote lines than are held, the first line held was text."""
        if self._comment is None:
            return
        votes = [i for i in self._held if self._tokens.kinds[i] is Kind.NUMBER]
        if len(votes) > self._records.votes:
            keep = self._held.index(votes[-self._records.votes])
            held, self._held = self._held[keep:], self._held[:keep]
            self._release_as_text()
            self._held = held

    def _has_words(self) -> bool:
        """Whether the lines right above those held are a text."""
        last = self.events.so_far[-1]
        return last.kind is SegmentKind.TEXT and any(self._lines.content[last.first : last.after])

    def _release_marks(self) -> None:
        """Take punctuation right below a header for the text of a comment that has no other: ":-)", but not "---"."""
        kinds = self._tokens.kinds
        first = next((at for at, index in enumerate(self._held) if kinds[index] is not Kind.BLANK), None)
        if first is None or kinds[self._held[first]] is not Kind.RULE:
            return
        if len(set(self._lines.content[self._held[first]]) - {" "}) > 1:
            held, self._held = self._held[first + 1 :], self._held[: first + 1]
            self._release_as_text()
            self._held = held

    def _release_as_text(self) -> None:
        for index in self._held:
            self.events.add(self._text_kind, index, index + 1, self._comment)
        self._held = []

    def _confirm(self) -> None:
        if self._comment is not None and not self._has_words():
            self._release_marks()
        kinds = self._tokens.kinds
        for position, index in enumerate(self._held):
            if kinds[index] is Kind.BLANK and self.events.so_far:
                segment = self.events.so_far[-1].kind
            elif self._comment is None:
                segment = SegmentKind.COUNT if self._is_count(position) else SegmentKind.UI
            else:
                segment = _SEGMENT_OF_KIND.get(kinds[index], SegmentKind.UI)
            self.events.add(segment, index, index + 1, self._comment)
        self._held = []

    def _is_count(self, position: int) -> bool:
        """Whether a held line of the section's head states the number of comments, on one line or two."""
        near = self._held[max(0, position - 2) : position + 3]
        at = position - max(0, position - 2)
        kinds = [self._tokens.kinds[index] for index in near]
        if kinds[at] is Kind.NUMBER:
            below = next((kind for kind in kinds[at + 1 :] if kind is not Kind.BLANK), None)
            return below is Kind.COUNT_LABEL
        if kinds[at] is Kind.COUNT_LABEL:
            above = next((kind for kind in reversed(kinds[:at]) if kind is not Kind.BLANK), None)
            return above is Kind.NUMBER
        return kinds[at] is Kind.COUNT
