"""Events to drafts: everything a comment says about itself.

In: lines, tokens, headers and events. Out: :class:`Draft`, one per comment: author, text, time, marks. Who answers whom
is not known here; :mod:`threadparse._tree` decides that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import zip_longest

import attrs
import regex

from ._dialect import Dialect
from ._events import Event
from ._headers import Header
from ._lines import Lines, fold_key
from ._locale import Locale
from ._paragraphs import find_quote, find_truncation, join_paragraphs
from ._times import Found
from ._tokens import Kind, Tokens
from ._values import SegmentKind

_IN_BRACKETS = regex.compile(r"\s*\(([0-9]{1,5})\)")
_TRACKBACK = regex.compile(r"\s*\[(?:…|\.\.\.)\].{1,1000}\[(?:…|\.\.\.)\]\s*", regex.DOTALL)
_LIST_NUMBER = regex.compile(r"([0-9]{1,4})\.\s+")
_LIST_MARK = regex.compile(r"\s{1,40}(?:[•·*+o#@-]|[0-9]{1,4}\.)\s{1,4}(?=\S)")
"""What lynx and w3m write before an item of a list, at any depth."""
_LETTER = regex.compile(r"[^\W\d_]")
_MAX_WRAPPED = 3
"""Lines above a header in which its list item may begin: an extractor wrapped a long name, mostly a trackback's."""
_MAX_TRACKBACK = 1200
"""Longest text that is tested for being a trackback's excerpt; WordPress cuts those at 100 words around a link."""
_FEW_LONG = 2
"""Texts that are far longer than a cut one: a single one may be two that were not told apart."""
_FAR_LONGER = 2
"""How many times longer they are. Words of one language differ less in length than that, on average."""
_PICTURE = "{name}"
"""In a dialect's ``trim``: the author's picture's text, which an extractor writes before the author's own."""


@attrs.frozen
class Draft:
    """A comment without its place in the tree.

    Attributes:
        header: Its header.
        text: Its text.
        whole: Its text with the truncation mark.
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
    whole: str
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


def uncut_short_texts(drafts: list[Draft]) -> list[Draft]:
    """The drafts of a platform that cuts long texts at a number of words, without marks that somebody wrote.

    The number is the same on the whole page, so that a text is not cut where others are far longer. A reader may have
    opened some texts before copying the page; those still cut have the same number of words. Letters are counted too,
    for languages that put no spaces between words.
    """
    cut = [draft for draft in drafts if draft.truncated]
    if not cut or len(drafts) < _FEW_LONG:
        return drafts
    long_words = nlargest(_FEW_LONG, (len(draft.text.split()) for draft in drafts))[-1]
    long_letters = nlargest(_FEW_LONG, (len(draft.text) for draft in drafts))[-1]
    limit, alike = Counter(len(draft.text.split()) for draft in cut).most_common(1)[0]

    def is_cut(draft: Draft) -> bool:
        words, letters = len(draft.text.split()), len(draft.text)
        is_short = _FAR_LONGER * words < long_words and _FAR_LONGER * letters < long_letters
        return not is_short or (alike > 1 and words == limit)

    return [
        attrs.evolve(draft, text=draft.whole, truncated=False, cut=None)
        if draft.truncated and not is_cut(draft)
        else draft
        for draft in drafts
    ]


@lru_cache(maxsize=64)
def _words_of(locales: tuple[Locale, ...]) -> _Words:
    return _Words(_forms(locales, "read_more"), tuple(map(fold_key, _forms(locales, "shown_replies"))))


def trim_texts(drafts: list[Draft], dialect: Dialect) -> list[Draft]:
    """The drafts without what the platform writes at the ends of a text, and in it in place of a picture."""
    if _PICTURE in dialect.trim:
        drafts = _without_portraits(drafts)
    words = [word for word in dialect.trim if word != _PICTURE]
    if not words and not dialect.pictures:
        return drafts
    return [attrs.evolve(draft, text=_trimmed(_worded(draft.text, dialect.pictures), words)) for draft in drafts]


def _worded(text: str, pictures: Sequence[str]) -> str:
    """A text without the lines that stand in place of a picture; a gap that two blank lines leave is one."""
    if not any(picture in text for picture in pictures):
        return text
    kept = [line for line in text.split("\n") if line.strip() not in pictures]
    return "\n".join(line for at, line in enumerate(kept) if line or kept[at - 1 : at] != [""]).strip("\n")


def _without_portraits(drafts: list[Draft]) -> list[Draft]:
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
    quote = find_quote(lines, text_lines, words.read_more)
    if quote is not None:
        text_lines = [index for index in text_lines if index >= quote[1]]
    cut = find_truncation(lines, text_lines, words.read_more)
    text = join_paragraphs(lines, text_lines, cut)
    posted, time = (header.posted, header.time) if header.time is not None else _tail_time(lines, tokens, events)
    return Draft(
        header=header,
        text=text,
        whole=text if cut is None else join_paragraphs(lines, text_lines, None),
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
    line = author if lines.is_piece(line) else line
    own = lines.indent(line)
    if not own and _is_bare_mark(lines, author - 1):
        return lines.indent(author - 1)
    if own and line == author:
        for above in range(line - 1, max(line - 1 - _MAX_WRAPPED, -1), -1):
            mark = _LIST_MARK.match(lines.raw[above])
            if mark is not None and mark.end() == own:
                return lines.indent(above)
            if not lines.content[above] or lines.indent(above) != own:
                break
    return own


def _is_bare_mark(lines: Lines, index: int) -> bool:
    """Whether a line is a list item's mark with nothing but a picture: html2text puts the name on the line below."""
    return index >= 0 and _LIST_MARK.match(lines.raw[index]) is not None and not _LETTER.search(lines.content[index])


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
            words = [lines.content[index] for index in range(event.first, event.after) if lines.content[index]]
            at = max(index for index in range(event.first, event.after) if index in tokens.readings)
            reading = tokens.readings[at]
            when = lines.content[at] if reading.when is None else reading.when
            return " ".join(words), reading.name, when, reading.time
    return None


def _votes(tokens: Tokens, header: Header, events: Sequence[Event]) -> int | None:
    """The votes that a layout shows, or the sum of those in a tail: its lines of numbers, and that in a row of buttons.

    Numbers among other furniture are none: layouts have counts of an author's posts there, and reputations.
    """
    if header.votes is not None:
        return header.votes
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
    """The number beside "Hide Replies" below a comment, on its line, with or without other buttons, or on the next."""
    for event in events:
        if event.kind in (SegmentKind.UI, SegmentKind.VOTES):
            own = [content for content in lines.content[event.first : event.after] if content]
            for content, below in zip_longest(own, own[1:], fillvalue=""):
                number = _shown_number(content, shown_replies)
                if number is not None:
                    alone = _IN_BRACKETS.fullmatch(below)
                    return number if alone is None else int(alone[1])
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


def _trimmed(text: str, trim: Sequence[str]) -> str:
    """A text without what its platform writes at both of its ends."""
    for word in trim:
        text = text.removeprefix(word).removesuffix(word).strip()
    return text
