"""Whether a text has the lines of its page: on some nearly all stands on one line, on others each comment on one.

In: a text and its lines. Out: yes or no; :mod:`threadparse._flow` cuts what flows. trafilatura's ``html2txt`` writes a
whole page on one line, and scrapers write one line for each comment that they took out of a page. Nothing here knows a
language or a platform.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import regex

LONG = 250
"""Shortest line that is cut, in code points: two headers with a text each."""
_MOST = 1_000_000
"""Longest text that is cut, in code points; the longest page seen has 400,000."""
_SHARE = 0.8
"""Least share of the text that lies on such lines."""
_FEW = 3
"""Most such lines that are no article's paragraphs, whatever their length; trafilatura writes one."""
_VERY_LONG = 2_000
"""Least mean length of more of them, in code points: paragraphs of articles have a quarter of that."""
_ROW = regex.compile(
    r"(?:\p{Nd}{4}|:\p{Nd}{2}|\p{Nd}(?:[\s/|·–-]{0,4}\p{L}\p{Ll}{0,9}){1,3})[):]?(?=\p{Lu})"
    r"|^\s*+\p{L}.{1,80}?(?<!\p{Nd})\p{Nd}{1,2}(?:[:.h]\p{Nd}{2}|(?:\p{L}{2})?,\s\p{Nd}{4}|\.?\s\p{L}{3,12},?\s\p{Nd}{4})"
    r"(?!\p{Nd}).{30}"
)
"""A time with a text glued to it, "2 days agoThanks" or "at 1:45 pmThanks", or a clock or a date
near a line's beginning with a text behind it."""
_AMOUNT = regex.compile(
    r"\s*+\p{L}.{0,80}?(?:(\p{L}{1,20})\s)?(?<!\p{Nd})\p{Nd}{1,3}\s?\p{L}{1,12}(?:\s(\p{L}{1,20}))?\b.{20}"
)
"""An amount near a line's beginning, with the words beside it and some text behind: "2 days ago", "vor 2 Tagen"."""
_EARLY_DIGIT = re.compile(r"[^0-9]{1,100}[0-9]")
"""What each of them opens with."""
_SHORTEST_ROW = 50
"""Shortest such line, in code points: a name, a time, a few words."""
_FEWEST_ROWS = 3
"""Fewest such lines that tell a page."""


def is_flowing(text: str, lines: Sequence[str]) -> bool:
    """Whether nearly all of a text stands on lines that are far too long for one thing each, or a comment each."""
    if len(text) > _MOST or "](" in text:
        return False
    if is_in_rows(lines):
        return True
    long = [length for length in map(len, lines) if length >= LONG]
    if not long or (len(long) > _FEW and sum(long) < _VERY_LONG * len(long)):
        return False  # the paragraphs of an article
    if sum(long) < _SHARE * len(text):
        return False
    short = sum(map(bool, map(str.strip, lines))) - len(long)
    return short <= 2 * len(long) + 2


def is_in_rows(lines: Sequence[str]) -> bool:
    """Whether most lines are a comment each, its header before its text, as scrapers write what they took of a page."""
    long = [line for line in lines if len(line) >= _SHORTEST_ROW]
    if len(long) < _FEWEST_ROWS:
        return False
    least = max(_FEWEST_ROWS, sum(map(bool, map(str.strip, lines))) / 2)
    rows = [line for line in long if _EARLY_DIGIT.match(line)]  # costs next to nothing beside the look at each of them
    if len(rows) < least:
        return False
    return sum(_ROW.search(line, 0, LONG) is not None for line in rows) >= least or _have_amounts(rows, least)


def _have_amounts(rows: Sequence[str], least: float) -> bool:
    """Whether most rows have an amount of something near their beginnings with one word beside it: "ago", "vor"."""
    amounts = [match for line in rows if (match := _AMOUNT.match(line)) is not None]
    beside = Counter(word for match in amounts for word in set(match.groups("")) if word)
    return max(beside.values(), default=0) >= least
