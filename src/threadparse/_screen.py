"""A glance at a text: whether it is worth reading at all. Most pages of a crawl have no comments.

In: a text, and words of all languages. Out: ``False`` where no comments could be found, at a few times the cost of
splitting the text into lines; ``True`` promises nothing. Only what all layouts have in common is looked for:

- a line of nothing but the words of a comment section (buttons, a form's labels, "58 Comments"), or a marker;
- a name that stands twice, on two lines or around one other line;
- two short lines with something like a time;
- Markdown's links and icons, and a text without line breaks, which only a closer look can tell.

Case, white space and invisible characters do not matter, as everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import compress
from operator import eq

from ._flowing import is_flowing
from ._lines import SHORT, fold_key, raw_lines
from ._locale import Locale, load_locale, locale_names

_HEAD = 5
"""Letters by which most lines are told from those that open with a known word."""
_FIRST = 2
"""Letters by which the words that a line may open with are found."""
_MARKS = " 0123456789\"'([{<|*#>-–—•·“„‘«$£€©…+.,:;&@~^"
"""What often stands before the first letter of a line."""
_SLACK = 20
"""Invisible characters and more than one blank that a known word may hold."""
_MAX_ROW = 8
"""Most known words on one line: "Oldest Newest Most Voted" has three."""
_TIME_LINE = 150
"""Longest line that is looked at for a time, in code points: as long as a header's line may be."""
_TIMES = 2
"""Lines with a time from which on a text may hold comments: an article has one of its own."""
_OTHER_DIGITS = r"\u0660-\u1fff\ua000-\U0001efff\U0001fbf0-\U0001fbf9"
"""Ranges of Unicode that hold all digits but "0" to "9"; `\\d` looks each character up, which takes far longer."""
_NO_DIGIT = bytes({*range(256)} - {*b"0123456789\n"} - {*range(0xD9, 0xE2)} - {*range(0xEA, 0xF5)})
"""Bytes of UTF-8 that open none of these characters and are no "\n": taking them out of a text leaves in each line
something of its digits, and takes less time than one look at each of its characters."""
_EMOJI = b"\xf0\x9f"
_DIGITS_AMONG_EMOJI = b"\xf0\x9f\xaf", b"\xe1"
"""How emoji begin in UTF-8, and some digits among them, with a byte that is not taken out."""
_MAY_BE_OTHER_DIGIT = re.compile(f"[{_OTHER_DIGITS}]")
_AT_DIGIT = re.compile(r"[0-9](?:([:.h][0-9]{2}(?![0-9])|([./-]) ?[0-9]{1,2}(?:\2|,) ?[0-9]{2})| ?([^\W0-9]+))")
"""At a digit: a clock or a date in numbers, or a word, which makes an amount of time if it is a unit's."""
_DIGITS_OF_DATE = 5
"""Fewest digits of a date with its year."""
_DATED = re.compile(r"[0-9](?:[^0-9].*(?:19|20|21)[0-9]{2}(?![0-9])|(?:(?<=1)9|(?<=2)[01])[0-9]{2}[^0-9].*[0-9])")
"""A year with another number."""
_FEW_WORDS = re.compile(
    r"(?:[^\W0-9]++ ){0,3}+[0-9]{1,4} ?[^\W0-9]++(?: [^\W0-9]++){0,3}+\W*$|[^\W0-9]++ (?:19|20|21)[0-9]{2}$"
)
"""A whole line that is a number among few words ("6 months ago"), or a word and a year."""
_UNSPACED = "⺀"
"""Scripts that write no blanks between words stand here and above in Unicode."""
_MOST_KEPT = 20_000
"""Openings of lines that are remembered: most of what a language has, and a megabyte."""
_FIRST_LETTER = re.compile(r"[^\W\d_]")
_PLACE = re.compile(r"\{(\w*)\}")


class Screen:
    """Words that comment sections have, made ready for looking them up.

    Args:
        signs: Forms that say that there are comments, as written in data files, with their placeholders.
        others: Forms that may stand beside them in one line.
        units: Words for units of time.
    """

    def __init__(self, signs: Iterable[str], others: Iterable[str], units: Iterable[str] = ()) -> None:
        self._units = frozenset(map(fold_key, units))
        # By head: what a line opens with, longest first; whether it is a sign, and whether a name may follow.
        starts: dict[str, dict[str, tuple[bool, bool]]] = {}
        self._ends: dict[str, tuple[str, ...]] = {}
        for form, is_sign in [*((form, False) for form in others), *((form, True) for form in signs)]:
            first, last = _edges(form)
            if first:
                starts.setdefault(first[:_FIRST], {})[first] = is_sign, "{name}" in form or "{title}" in form
            elif is_sign and last:
                self._ends[last[-1]] = (*self._ends.get(last[-1], ()), last)
        self._starts = {head: (tuple(sorted(flags, key=len, reverse=True)), flags) for head, flags in starts.items()}
        words = [word for head in starts.values() for word in head]
        self._heads = _spellings(word[:_HEAD] for word in words)
        self._longest = max(map(len, words), default=0) + _SLACK
        self._others: set[str] = set()

    def passes(self, text: str) -> bool:
        """Whether a text may hold comments."""
        if ("]" in text and "](" in text) or ("_" in text and "__" in text):
            return True
        lines = raw_lines(text)
        short = [line for line in filter(None, map(str.strip, lines)) if len(line) <= SHORT]
        return (
            any(map(eq, short, short[1:]))
            or any(map(eq, short, short[2:]))
            or any(map(self._is_sign, self._may_be_signs(short)))
            or self._has_times([line for line in short if len(line) <= _TIME_LINE])
            or is_flowing(text, lines)
        )

    def _has_times(self, lines: Sequence[str]) -> bool:
        """Whether enough lines hold something like a time."""
        encoded = "\n".join(lines).encode("utf-8", "surrogatepass")
        encoded = encoded.replace(*_DIGITS_AMONG_EMOJI).replace(_EMOJI, b"")
        digits = encoded.translate(None, _NO_DIGIT).split(b"\n")
        lines = list(compress(lines, digits))
        if len(lines) < _TIMES:
            return False
        if not all(map(bytes.isascii, digits)):
            lines = _MAY_BE_OTHER_DIGIT.sub(_digit, "\n".join(lines)).split("\n")
        return sum(map(self._has_time, lines, filter(None, digits))) >= _TIMES

    def _has_time(self, line: str, digits: bytes) -> bool:
        """Whether a line holds something like a time; of its digits there is at least one byte each."""
        for clock, _, word in _AT_DIGIT.findall(line):
            if clock or self._is_unit(word):
                return True
        if len(digits) >= _DIGITS_OF_DATE and _DATED.search(line) is not None:
            return True
        return _FEW_WORDS.match(line) is not None

    def _is_unit(self, word: str) -> bool:
        """Whether a word behind a number is a unit of time: "Ann 3 points 2 hours ago"."""
        key = fold_key(word)
        return key in self._units or (key > _UNSPACED and key[:2] in self._units)

    def _may_be_signs(self, lines: Sequence[str]) -> Iterator[str]:
        """The lines that open or close with the letters of a known word; folding a line costs ten times as much."""
        others, ends = self._others, self._ends
        for line in [line for line in lines if line[:_HEAD] not in others or line[-1] in ends]:
            if line[-1] in ends or self._may_open(line[:_HEAD] if line[0].isalpha() else line.lstrip(_MARKS)[:_HEAD]):
                yield line

    def _may_open(self, head: str) -> bool:
        """Whether a line that opens with these letters may open with a known word."""
        if head in self._others:
            return False
        if head in self._heads:
            return True
        if not (head.isalpha() and head[1:].islower() and head < _UNSPACED):  # most words go on behind the head
            if not head[:1].isalpha() or not head.isprintable():  # what is invisible is not printable
                return True
            if not self._heads.isdisjoint([head[:length] for length in range(1, len(head))]):
                return True
        if len(self._others) < _MOST_KEPT:
            self._others.add(head)
        return False

    def _is_sign(self, line: str) -> bool:
        """Whether a line is a marker, or a row of known words with a sign among them."""
        found = False
        for _ in range(_MAX_ROW):
            if not line[:1].isalpha():
                first = _FIRST_LETTER.search(line)
                if first is None:
                    return found
                line = line[first.start() :]
            key = fold_key(line[: self._longest])
            words, flags = self._starts.get(key[:_FIRST], ((), {}))
            key = " ".join(key.split())
            if not key.startswith(words):
                break
            word = next((word for word in words if _opens(key, line, word)), None)
            if word is None:
                break
            is_sign, has_name = flags[word]
            if is_sign and has_name:
                return True
            found = found or is_sign
            line = line[len(word) :]
        ends = self._ends.get(line[-1:])
        return ends is not None and fold_key(line).endswith(ends)


_SIGNS = ("count", "count_label", "reply_to", "reply", "pager", "sort", "form")
"""Keys of a locale whose words stand above, in or below comments, and nowhere else alone on a line."""
_BESIDE = ("button", "votes", "hidden_replies")
"""Keys whose words stand in rows with them."""


@cache
def screen_for(candidates: tuple[str | Locale, ...] | None) -> Screen:
    """The screen for texts in these languages or in English; ``None`` for all languages that come with threadparse."""
    chosen = {"en": 0, **dict.fromkeys(candidates or locale_names())}
    locales = [load_locale(locale) if isinstance(locale, str) else locale for locale in chosen]
    signs, beside = (
        [form for locale in locales for key in keys for form in locale.words.get(key, ())] for keys in (_SIGNS, _BESIDE)
    )
    units = [form for locale in locales for forms in locale.time.units.values() for form in forms]
    return Screen(signs, beside, units)


def _digit(match: re.Match[str]) -> str:
    """A digit of any script as ASCII; what is none as it is."""
    digit = unicodedata.decimal(match[0], None)
    return match[0] if digit is None else str(digit)


def _spellings(heads: Iterable[str]) -> frozenset[str]:
    """Folded letters as pages write them; Turkish has a dot on a capital I, and none on a small one."""
    cased = {spelling for head in heads for spelling in (head, head.capitalize(), head.title(), head.upper())}
    return frozenset(cased | {head.replace("i", "ı").replace("I", "İ") for head in cased})


def _opens(key: str, line: str, word: str) -> bool:
    """Whether a line opens with a word and not with a longer one; "NewestMost Voted" are two."""
    return key.startswith(word) and not line[len(word) : len(word) + 1].islower()


def _edges(form: str) -> tuple[str, str]:
    """What a line of a form opens with, from its first letter, and what it closes with if it opens with a name."""
    literals = [" ".join(fold_key(literal).split()) for literal in _PLACE.split(form)[::2]]
    if not literals[0] and not form.startswith("{n"):
        return "", literals[-1].rpartition(" ")[2]
    opening = next((literal for literal in literals if _FIRST_LETTER.search(literal)), "")
    first = _FIRST_LETTER.search(opening)
    word = opening[first.start() :] if first is not None else ""
    # In scripts that write no blanks, one of the form may be missing in the line.
    return word.partition(" ")[0] if word > _UNSPACED else word, ""
