"""Names and lines by their words: how much some words look like a name, and what a layout's lines have in common.

In: words. Out: figures, masks and affixes. Nothing here knows a page, a language or a platform.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import regex

from ._lines import fold_key

DIGITS = regex.compile(r"[0-9]+(?:[.,][0-9]+)*")
_SENTENCE_ENDS = (".", "!", "?", "…", ",", "。", "！", "？")
_INITIAL = regex.compile(r"(?:[^\s,]{1,30} ){1,3}(?!I)\p{Lu}\.")
"""A name that an initial closes: "Will G.", but not "So do I."."""
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
_SENTENCE = regex.compile(r"[.!?…。！？](?:$|[\s\p{P}\p{S}])|[\p{Emoji_Presentation}]|[:;]-?[)(]")
EDGES = " \t\u00a0|·•–—,»:-"
"""What stands between a name and the words or the time beside it."""
_NO_NAME = regex.compile(
    r"[(#v]{0,2}[0-9]{1,9}(?:[.:~+-][0-9]{1,9}){1,9}\S{0,20}"  # the number of a version
    r"|\(?#[0-9]{1,9}\)?"  # ... of an issue
    r"|(?=[a-f]{0,63}[0-9])[0-9a-f]{7,64}|(?:[0-9a-f]{2}:){4,32}[0-9a-f]{2}"  # ... of a change, of a key
    r"|[+-][0-9]{4}"  # ... of hours to the east
    r"|commit \S{7,64}"
    r"|.{0,60} <\S{1,60}@\S{1,60}>"  # with an address, as in mails and lists of changes, and on no page of comments
    r"|.{0,60}\(",
    regex.IGNORECASE,
)
"""What stands above dated texts that nobody said to anybody."""
_CODE = frozenset("=;{}<>\\")
"""Signs of a program's text, of which hardly anybody has two in a name."""
LIKELY = 0.35
"""Likeness from which on some words count as a name."""
_MAX_AFFIX = 3
"""Most words beside a name that may belong to the layout: "Posted by", "says:", "(not verified)"."""
_SHARED = 0.7
"""Share of the records in which a word must stand beside the name to belong to the layout."""


def mask(words: str) -> str:
    """A line as the layout of a page knows it: folded, with "{n}" for each number."""
    return mask_key(fold_key(words))


def mask_key(key: str) -> str:
    """The mask of a line that is folded already."""
    return DIGITS.sub("{n}", key).strip()


def ends_sentence(words: str) -> bool:
    """Whether a line ends as sentences do, and not as a name does that an initial closes."""
    return words.endswith(_SENTENCE_ENDS) and not _INITIAL.fullmatch(words)


def count_words(line: str) -> int:
    """The words of a line; where a script writes no spaces, a word is two characters."""
    words = line.count(" ") + 1
    return words if line.isascii() or _CJK.search(line) is None else words + len(line) // 2


def ends_within(line: str) -> bool:
    """Whether a sentence ends on a line, or somebody smiles."""
    return _SENTENCE.search(line) is not None


@lru_cache(maxsize=4096)
def name_likeness(words: str) -> float:
    """How much some words look like a name, 0 to 1: names are short, and no sentences.

    A page is judged in some hundred ways, in which the same lines are names.
    """
    if not words or len(words) > 60:
        return 0.0
    if not any(map(str.isalnum, words)):
        return 0.4 if not words.isascii() and len(words) <= 8 else 0.0  # an emoji, but no row of dots
    if _NO_NAME.fullmatch(words):
        return 0.1
    count = words.count(" ") + 1
    likeness = 1.0 if count <= 3 else 0.8 if count <= 5 else 0.3
    if ends_sentence(words) or words.endswith((":", ";", '"', "”")):
        likeness *= 0.5 if count <= 2 else 0.1
    if words.isdecimal():
        likeness *= 0.1
    elif 2 * sum(map(str.isdigit, words)) > len(words):
        likeness *= 0.5
    if count > 2 and words[0].islower():
        likeness *= 0.4
    likeness *= 0.5 ** len(_CODE.intersection(words))
    if "http" in words or ": " in words:
        likeness *= 0.3
    return likeness


def affix(names: Sequence[str], *, closes: bool) -> tuple[str, ...]:
    """Words that most names open with, or close with, the outermost first, digits as "{n}"."""
    split = [name.split() for name in dict.fromkeys(names) if name]  # one person's names are alike
    found: list[str] = []
    while len(split) > 2 and len(found) < _MAX_AFFIX:
        at = len(found)
        edge = [words[-1 - at if closes else at] for words in split if len(words) > at + 1]
        counts = Counter(mask(word) for word in edge if not closes or not word[0].isupper())  # "B." is a name's end
        word, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
        if count < _SHARED * len(split) or not word:
            break
        found.append(word)
    return tuple(found)


def without_affix(name: str, prefix: Sequence[str], suffix: Sequence[str]) -> str:
    """A name without the words of :func:`affix`."""
    words = name.split()
    for word in prefix:
        if len(words) > 1 and mask(words[0]) == word:
            words = words[1:]
    for word in suffix:
        if len(words) > 1 and mask(words[-1]) == word:
            words = words[:-1]
    return " ".join(words).strip(EDGES)
