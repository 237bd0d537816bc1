"""Lines to a comment's text: its paragraphs, without the quote that opens it and the mark that cuts it off.

In: the lines of a text, and the words of a truncation mark in the page's languages. Out: the text, the lines of an
inline comment's quote, and the code points of "… Read more »".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

import regex

from ._lines import Lines, fold_key, plain_text
from ._notation import STRUCK
from ._pagelines import MAX_GAP, SHORTEST_WRAPPED

_QUOTE_LINES = 12
"""Most lines that an inline comment's quote may span when it is wrapped; wpDiscuz cuts it at 30 words."""
_ELLIPSES = ("…", "...", "[…]")
_STRUCK = regex.compile(r"\[(DEL|INS):([^\[\]]{0,2000}):\1\]")
"""How w3m and lynx write words that somebody struck out or put in."""
_LAYOUT = regex.compile(r"\* \* \*|_{30,}|[^\s/]{1,150}\.(?i:png|jpe?g|gif|webp|bmp)")
"""A line across the page as html2text and lynx draw it, or the file of a picture that has no words."""
_BULLET = regex.compile(r"^\s{1,12}(?:[•·*+o◦▪□■○●▸☆★◇◆-]|[0-9]{1,3}\.)\s{1,4}(?=\S)")
"""What opens an item of a list, indented more than the text around it."""
_BULLET_AT_MARGIN = regex.compile(rf"{_BULLET.pattern}|^[*+-]\s{{1,4}}(?=\S)")
"""The same in Markdown, where it may stand at the margin: most converters escape what people write there themselves."""
_FEWEST_ITEMS = 2
"""Fewest of these in a text that are a list: "- 5 degrees today" is none."""


def find_quote(lines: Lines, text_lines: Sequence[int], read_more: tuple[str, ...]) -> tuple[int, int] | None:
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


def find_truncation(lines: Lines, text_lines: Sequence[int], read_more: tuple[str, ...]) -> tuple[int, int] | None:
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


def join_paragraphs(lines: Lines, text_lines: Sequence[int], cut: tuple[int, int] | None) -> str:
    """The paragraphs: common indentation and trailing white space removed, one blank line between two of them.

    A list's bullets and numbers, which an extractor writes with an indentation of their own, are layout and vanish; so
    do lines across the page and pictures' files, if anything else is left.
    """
    rows: list[str] = []
    worded = [index for index in text_lines if not _LAYOUT.fullmatch(lines.content[index])]
    for index in worded if any(lines.content[index] for index in worded) else text_lines:
        raw, start = lines.raw[index], lines.starts[index]
        if cut is not None:
            raw = raw[: max(0, cut[0] - start)]
        row = raw.replace(STRUCK, "").rstrip() if lines.content[index] else ""
        if rows and start and lines.text[start - 1] not in "\r\n":  # a line that the page's text does not have
            rows[-1] = f"{rows[-1]} {row}".rstrip()
        else:
            rows.append(row)
    margin = min((len(row) - len(row.lstrip()) for row in rows if row), default=0)
    kept: list[str] = []
    items = [row for row in rows if _BULLET_AT_MARGIN.match(row[margin:])] if lines.is_plain_markdown else []
    has_list = len(items) >= _FEWEST_ITEMS
    is_item = has_list  # whether an item may begin at the margin: not within a paragraph
    for row in rows:
        if row or (kept and kept[-1]):
            kept.append((_BULLET_AT_MARGIN if is_item else _BULLET).sub("", row[margin:]))
            is_item = has_list and (not row or kept[-1] != row[margin:])
    while kept and not kept[-1]:
        kept.pop()
    text = "\n".join(kept)
    text = _STRUCK.sub(r"\2", text) if "[" in text else text
    return plain_text(text, is_starred=lines.is_plain_markdown).strip() if lines.is_markdown else text
