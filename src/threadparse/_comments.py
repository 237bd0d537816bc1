"""Events to drafts: everything a comment says about itself.

In: lines, tokens, headers and events. Out: :class:`Draft`, one per comment: author, text, time, marks. Who answers whom
is not known here; :mod:`threadparse._tree` decides that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

import attrs
import regex

from ._events import Event
from ._headers import Header
from ._lines import Lines, fold_key, plain_text
from ._locale import Locale
from ._pagelines import MAX_GAP, SHORTEST_WRAPPED
from ._times import Found
from ._tokens import Kind, Tokens
from ._values import SegmentKind

_QUOTE_LINES = 12
"""Most lines that an inline comment's quote may span when it is wrapped; wpDiscuz cuts it at 30 words."""
_IN_BRACKETS = regex.compile(r"\s*\(([0-9]{1,5})\)")
_ELLIPSES = ("…", "...", "[…]")
_TRACKBACK = regex.compile(r"\s*\[(?:…|\.\.\.)\].{1,1000}\[(?:…|\.\.\.)\]\s*", regex.DOTALL)
_STRUCK = regex.compile(r"\[(DEL|INS):([^\[\]]{0,2000}):\1\]")
"""How w3m and lynx write words that somebody struck out or put in."""
_BULLET = regex.compile(r"^\s{1,12}(?:[•·*+o-]|[0-9]{1,3}\.)\s{1,4}(?=\S)")
_LIST_NUMBER = regex.compile(r"([0-9]{1,4})\.\s+")
_LIST_MARK = regex.compile(r"\s{1,40}(?:[•·*+o#@-]|[0-9]{1,4}\.)\s{1,4}(?=\S)")
"""What lynx and w3m write before an item of a list, at any depth."""
_MAX_WRAPPED = 3
"""Lines above a header in which its list item may begin: an extractor wrapped a long name, mostly a trackback's."""
_MAX_TRACKBACK = 1200
"""Longest text that is tested for being a trackback's excerpt; WordPress cuts those at 100 words around a link."""


PICTURE = "{name}"
"""In a dialect's ``trim``: the author's picture's text, which an extractor writes before the author's own."""


@attrs.frozen
class Draft:
    """A comment without its place in the tree.

    Attributes:
        header: Its header.
        text: Its text.
        posted: Words of its time, ``None`` without one.
        time: What was read in them.
        edited: Words, name, words of the time and time of "Last edited", ``None`` without.
        role: Label beside the name.
        votes: Sum of the votes shown.
        hidden_replies: Number of replies not shown.
        shown_replies: Number of replies that "Hide Replies (3)" counts, 0 where it counts none, ``None`` without it.
        truncated: Whether the text was cut.
        cut: Code points of the input that the truncation mark spans, if the text was cut.
        quote: Lines of the inline quote at its start, as a range of lines.
        level: Indentation of the time's line in columns.
        start: First code point.
        end: After the last code point.
    """

    header: Header
    text: str
    posted: str | None
    time: Found | None
    edited: tuple[str, str | None, str | None, Found | None] | None
    role: str | None
    votes: int | None
    hidden_replies: int
    shown_replies: int | None
    truncated: bool
    cut: tuple[int, int] | None
    quote: tuple[int, int] | None
    is_trackback: bool
    level: int
    start: int
    end: int


@attrs.frozen
class _Words:
    """Forms in the page's languages: of a truncation mark, and, folded, of the button below comments with replies."""

    read_more: tuple[str, ...]
    shown_replies: tuple[str, ...]


def build_drafts(
    lines: Lines, tokens: Tokens, headers: Sequence[Header], events: Sequence[Event], locales: Sequence[Locale]
) -> list[Draft]:
    """The drafts of all comments; ``locales`` are the page's languages."""
    by_comment: list[list[Event]] = [[] for _ in headers]
    for event in events:
        if event.comment is not None:
            by_comment[event.comment].append(event)
    words = _words_of(tuple(locales))
    return [_draft(lines, tokens, header, own, words) for header, own in zip(headers, by_comment, strict=True)]


@lru_cache(maxsize=64)
def _words_of(locales: tuple[Locale, ...]) -> _Words:
    return _Words(_forms(locales, "read_more"), tuple(map(fold_key, _forms(locales, "shown_replies"))))


def trim_texts(drafts: list[Draft], trim: Sequence[str]) -> list[Draft]:
    """The drafts without what the platform writes at the ends of a text; "{name}" is the author's picture's text."""
    if PICTURE in trim:
        drafts = _without_pictures(drafts)
    words = [word for word in trim if word != PICTURE]
    return [attrs.evolve(draft, text=_trimmed(draft.text, words)) for draft in drafts] if words else drafts


def _without_pictures(drafts: list[Draft]) -> list[Draft]:
    """The drafts without the name that opens most texts, where an extractor glued a picture's text to the author's.

    The picture may hold the surname too: a capitalized word that no text has in small letters, and nobody's first name.
    """
    opened = [draft.text.startswith(f"{draft.header.author} ") for draft in drafts]
    if 2 * sum(opened) <= len(drafts):
        return drafts
    plain = {word for draft in drafts for word in draft.text.split() if word[:1].islower()}
    plain |= {word.lower() for draft in drafts for word in draft.header.author.split()}

    def rest(draft: Draft) -> str:
        text = draft.text[len(draft.header.author) + 1 :]
        word, _, behind = text.partition(" ")
        is_surname = word.isalpha() and word[0].isupper() and len(word) > 1 and word.lower() not in plain
        return behind if is_surname else text

    return [attrs.evolve(d, text=rest(d)) if is_open else d for d, is_open in zip(drafts, opened, strict=True)]


def unnumbered(drafts: list[Draft]) -> list[Draft]:
    """The drafts without the numbers of a list of comments, where each text stands above its header."""
    numbers = [_LIST_NUMBER.match(draft.text) for draft in drafts]
    counted = [number for number, match in enumerate(numbers, start=1) if match and int(match[1]) == number]
    if len(counted) < 2 or 2 * len(counted) < len(drafts):
        return drafts
    return [
        draft if match is None else attrs.evolve(draft, text=draft.text[match.end() :])
        for draft, match in zip(drafts, numbers, strict=True)
    ]


def _forms(locales: Sequence[Locale], key: str) -> tuple[str, ...]:
    """The forms of a key without those that hold a number."""
    forms = (form for locale in locales for form in locale.words.get(key, ()) if "{" not in form)
    return tuple(" ".join(form.split()) for form in forms)


def _draft(lines: Lines, tokens: Tokens, header: Header, events: Sequence[Event], words: _Words) -> Draft:
    text_lines = [
        index
        for event in events
        if event.kind is SegmentKind.TEXT
        for index in range(event.first, event.after)
        if tokens.kinds[index] is not Kind.IMAGE
    ]
    quote = _quote(lines, text_lines, words.read_more)
    if quote is not None:
        text_lines = [index for index in text_lines if index >= quote[1]]
    cut = _truncation(lines, text_lines, words.read_more)
    text = _text(lines, text_lines, cut)
    posted, time = (header.posted, header.time) if header.time is not None else _tail_time(lines, tokens, events)
    return Draft(
        header=header,
        text=text,
        posted=posted,
        time=time,
        edited=_edited(lines, tokens, events),
        role=header.role,
        votes=_votes(tokens, header, events),
        hidden_replies=_hidden(tokens, events),
        shown_replies=_shown(lines, events, words.shown_replies),
        truncated=cut is not None,
        cut=cut,
        quote=quote,
        is_trackback=_is_excerpt(text),
        level=_level(lines, header),
        start=lines.starts[min(header.start, events[0].first)],
        end=lines.starts[events[-1].after],
    )


def _is_excerpt(text: str) -> bool:
    """Whether a text is a trackback's: words around a link, between ellipses in brackets."""
    return text.endswith("]") and len(text) <= _MAX_TRACKBACK and _TRACKBACK.fullmatch(text) is not None


def _level(lines: Lines, header: Header) -> int:
    """Indentation of a header; of one in the last line of a wrapped list item, that of the item's mark."""
    author = header.lines["author"][0]
    line = header.lines.get("when", header.lines["author"])[0]
    own = _indent(lines, line)
    if own and line == author:
        for above in range(line - 1, max(line - 1 - _MAX_WRAPPED, -1), -1):
            mark = _LIST_MARK.match(lines.raw[above])
            if mark is not None and mark.end() == own:
                return _indent(lines, above)
            if not lines.content[above] or _indent(lines, above) != own:
                break
    return own


def _indent(lines: Lines, line: int) -> int:
    raw = lines.raw[line]
    return len(raw) - len(raw.lstrip())


def _tail_time(lines: Lines, tokens: Tokens, events: Sequence[Event]) -> tuple[str | None, Found | None]:
    """The time below a text."""
    for event in events:
        if event.kind is SegmentKind.TIME:
            return lines.content[event.first], tokens.readings[event.first].time
    return None, None


def _edited(
    lines: Lines, tokens: Tokens, events: Sequence[Event]
) -> tuple[str, str | None, str | None, Found | None] | None:
    for event in events:
        if event.kind is SegmentKind.EDIT:
            reading = tokens.readings[event.first]
            raw = " ".join(filter(None, lines.content[event.first : event.after]))
            return raw, reading.name, reading.when, reading.time
    return None


def _votes(tokens: Tokens, header: Header, events: Sequence[Event]) -> int | None:
    """The sum of the votes: the lines of numbers in a tail, and the number in a row of buttons.

    Numbers among other furniture are none: layouts have counts of an author's posts there, and reputations.
    """
    numbers = [
        reading.number
        for event in events
        if event.kind in (SegmentKind.VOTES, SegmentKind.UI)
        for index in range(event.first, event.after)
        if tokens.kinds[index] is Kind.REPLY or (tokens.kinds[index] is Kind.NUMBER and event.kind is SegmentKind.VOTES)
        if not header.start <= index < header.end
        if (reading := tokens.readings.get(index)) is not None and reading.number is not None
    ]
    return sum(numbers) if numbers else None


def _hidden(tokens: Tokens, events: Sequence[Event]) -> int:
    """The number beside "View Replies", which some extractors put on a line of its own."""
    numbers = [
        reading.number
        for event in events
        if event.kind is SegmentKind.HIDDEN_REPLIES
        for index in range(event.first, event.after)
        if (reading := tokens.readings.get(index)) is not None and reading.number is not None
    ]
    return numbers[0] if numbers else 0


def _shown(lines: Lines, events: Sequence[Event], shown_replies: tuple[str, ...]) -> int | None:
    """The number beside "Hide Replies" below a comment, which may share its line with other buttons."""
    for event in events:
        if event.kind in (SegmentKind.UI, SegmentKind.VOTES):
            for content in lines.content[event.first : event.after]:
                number = _shown_number(content, shown_replies)
                if number is not None:
                    return number
    return None


@lru_cache(maxsize=4096)
def _shown_number(content: str, shown_replies: tuple[str, ...]) -> int | None:
    """The number beside "Hide Replies" in a line, 0 if there is none beside it; ``None`` if the line does not have it.

    Lines of buttons come back with each comment.
    """
    key = fold_key(content)
    form = next((form for form in shown_replies if form in key), None)
    if form is None:
        return None
    number = _IN_BRACKETS.match(key, key.index(form) + len(form))
    return 0 if number is None else int(number[1])


def _quote(lines: Lines, text_lines: Sequence[int], read_more: tuple[str, ...]) -> tuple[int, int] | None:
    """The lines of an inline comment's quote: they end with a closing quotation mark and "Read more"."""
    opening, letters = text_lines[: _QUOTE_LINES + MAX_GAP], _last_letters(read_more)
    if not any(_may_close(lines.content[index][-1:], letters) for index in opening):
        return None
    words = ""
    for index in opening:
        words = f"{words} {fold_key(lines.content[index])}".strip()
        if words and not lines.content[index]:
            return None
        for mark in _keys(read_more):
            if words.endswith(mark) and words[: -len(mark)].rstrip().endswith(('"', "”", "»", "“")):
                return text_lines[0], index + 1
    return None


def _truncation(lines: Lines, text_lines: Sequence[int], read_more: tuple[str, ...]) -> tuple[int, int] | None:
    """Code points of "… Read more »" at a text's end, which may be wrapped over two lines."""
    full = list(islice((index for index in reversed(text_lines) if lines.content[index]), 2))
    if not full or not _may_close(lines.content[full[0]][-1], _last_letters(read_more)):
        return None
    start, end = lines.starts[full[-1]], lines.starts[full[0]] + len(lines.raw[full[0]])
    window = lines.text[max(start, end - 400) : end]
    folded = fold_key(" ".join(window.split()))
    if not folded.endswith(_keys(read_more)) or _is_alone(lines, full):
        return None
    for pattern in _mark_patterns(read_more):
        match = pattern.search(window)
        if match is not None:
            return max(start, end - 400) + match.start(), end
    return None


@lru_cache(maxsize=64)
def _mark_patterns(words: tuple[str, ...]) -> tuple[regex.Pattern[str], ...]:
    """Patterns for each of the marks behind an ellipsis, at the end of a text."""
    marks = (r"\s{1,12}".join(map(regex.escape, word.split())) for word in words)
    return tuple(regex.compile(rf"\s*(?:…|\.\.\.)\s{{0,12}}{mark}\s*\Z", regex.IGNORECASE) for mark in marks)


@lru_cache(maxsize=64)
def _keys(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold_key, words))


@lru_cache(maxsize=64)
def _last_letters(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(key[-1] for key in _keys(words))


@lru_cache(maxsize=4096)
def _may_close(last: str, letters: frozenset[str]) -> bool:
    """Whether a line that ends with a character may end with words that end with one of these letters; few may.

    A character may be invisible, or another form of a letter.
    """
    key = fold_key(last)
    return bool(last) and (not key or key[-1] in letters)


def _is_alone(lines: Lines, full: Sequence[int]) -> bool:
    """Whether the last line, which is the first of these, is an ellipsis and more that no wrapping put there."""
    last = lines.content[full[0]]
    if not last.startswith(_ELLIPSES) or last in _ELLIPSES:
        return False
    return len(full) < 2 or full[1] != full[0] - 1 or len(lines.content[full[1]]) < SHORTEST_WRAPPED


def _trimmed(text: str, trim: Sequence[str]) -> str:
    """A text without what its platform writes at both of its ends."""
    for word in trim:
        text = text.removeprefix(word).removesuffix(word).strip()
    return text


def _text(lines: Lines, text_lines: Sequence[int], cut: tuple[int, int] | None) -> str:
    """The paragraphs: common indentation and trailing white space removed, one blank line between two of them.

    A list's bullets and numbers, which an extractor writes with an indentation of their own, are layout and vanish.
    """
    rows: list[str] = []
    for index in text_lines:
        raw, start = lines.raw[index], lines.starts[index]
        if cut is not None:
            raw = raw[: max(0, cut[0] - start)]
        row = raw.rstrip() if lines.content[index] else ""
        if rows and start and lines.text[start - 1] not in "\r\n":  # a line that the page's text does not have
            rows[-1] = f"{rows[-1]} {row}".rstrip()
        else:
            rows.append(row)
    margin = min((len(row) - len(row.lstrip()) for row in rows if row), default=0)
    kept: list[str] = []
    for row in rows:
        if row or (kept and kept[-1]):
            kept.append(_BULLET.sub("", row[margin:]) if row[margin : margin + 1].isspace() else row[margin:])
    while kept and not kept[-1]:
        kept.pop()
    text = "\n".join(kept)
    text = _STRUCK.sub(r"\2", text) if "[" in text else text
    return plain_text(text).strip() if lines.is_markdown else text
