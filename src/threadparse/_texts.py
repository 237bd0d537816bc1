"""What one comment's text says of another comment: rare words that both have, quotes, and authors called by name.

In: the texts of a page and the names of its authors. Out: numbers for a pair. Nothing here knows times or markers.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import chain

import regex

_WORD = regex.compile(r"\p{Han}{2}|[\w--\p{Han}]{4,30}", regex.VERSION1)
"""Words that can be rare; in Chinese, where nothing stands between words, pairs of characters."""
_PLAIN_WORD = re.compile(r"\w{4,30}")
"""The same where a text has no odd character; `re` takes a quarter of the time."""
_ODD = re.compile(
    "[^\0-\xb1\xb4-\xb8\xba\xbb\xbf-\u02ff\u0370-\u0482\u2000-\u200b\u200e-\u203e\u2041-\u2053\u2055-\u206f"
    "\u20a0-\u20cf\u2190-\u23ff\u2500-\u2775\U0001f200-\U0001faff]"
)
"""All but the blocks of European letters, punctuation, symbols and emoji: whether the others are letters, `re` and
`regex` see differently, or they are Chinese."""
_MAX_TEXT = 2_000
"""Code points of a text that are looked at for shared words; an answer takes up the first words of what it answers."""
_MANY_TEXTS = 4
"""A word that stands in more than one text of four is not rare."""
_MAX_OPENING = 80
"""Code points of a text in which somebody is addressed ("Morning LPC", "@Ian: ..."); later names are mentions."""
_GREETING = 15
"""Code points that may stand before the name: "Good morning, "."""
_NUMBERED = regex.compile(r"(?:@|>>|№ ?)([0-9]{1,9})(?!\w|[.,][0-9])|#([0-9]{1,9})(?=\s*(?:[:;,.)–—-]|$))", regex.M)
"""A comment named by its number: "@12", ">>12", "#12:"; "#1 in my heart" names none."""
_IN_MARKS = r'[“"«„»]([^“”"«»„\n]{12,200})[”"»“«]'
_QUOTED = re.compile(_IN_MARKS)
_QUOTED_OR_BARRED = regex.compile(rf"^\s{{0,9}}>[\s>]{{0,9}}(.{{12,200}})|{_IN_MARKS}", regex.MULTILINE)
"""Words that a text takes from another one: in quotation marks, or behind ">", which few texts have."""
_MAX_QUOTE = 24
"""Code points of a quote that must stand in the other text: quotes are cut, and extractors lose where they end."""


class Texts:
    """The texts of a page; what is asked of one is computed once."""

    def __init__(self, texts: Sequence[str], authors: Collection[str]) -> None:
        self._texts = texts
        self._authors = authors
        self._openings: dict[int, tuple[str, str]] = {}
        self._quotes: dict[int, list[str]] = {}
        self._numbers: dict[int, tuple[int, ...]] = {}

    @cached_property
    def _rare(self) -> tuple[dict[str, int], list[set[str]]]:
        """The words of more than one text that are rare, with the number of texts that have them; those of each text.

        The last text is not counted: it may run into what stands below it.
        """
        words = [_words_of(text[:_MAX_TEXT].casefold()) for text in self._texts]
        most = max(2, len(words) // _MANY_TEXTS)
        numbers = Counter(chain.from_iterable(words[:-1]))
        rare = {word: number for word, number in numbers.items() if 1 < number <= most}
        return rare, [rare.keys() & own for own in words]

    def rarest_shared(self, index: int, other: int) -> float:
        """The weight of the rarest word that two texts share; more words are often one copied sentence."""
        rare, words = self._rare
        shared = words[index] & words[other]
        return math.log((len(words) + 1) / min(map(rare.__getitem__, shared))) if shared else 0.0

    @cached_property
    def _names(self) -> dict[str, tuple[tuple[str, ...], str]]:
        """By author: the forms in which others address them, folded, longest first, and the initials."""
        return {author: _forms_of(author) for author in self._authors}

    @cached_property
    def _shared_forms(self) -> Counter[str]:
        return Counter(form for forms, initials in self._names.values() for form in {*forms, initials})

    def addresses(self, index: int, author: str) -> float:
        """How surely a text opens with somebody's name, a part of it or the initials: 1 divided by whose it may be."""
        known = self._openings.get(index)
        if known is None:
            opening = self._texts[index][:_MAX_OPENING]
            known = self._openings[index] = opening, opening.casefold()
        opening, folded = known
        forms, initials = self._names[author]
        for form in forms:
            at = folded.find(form)
            if at >= 0 and _stands_alone(folded, at, at + len(form)):
                return 1.0 / self._shared_forms[form]
        if initials:
            at = opening.find(initials.upper())
            if at >= 0 and _stands_alone(opening, at, at + len(initials)):
                return 1.0 / self._shared_forms[initials]
        return 0.0

    def numbers(self, index: int) -> tuple[int, ...]:
        """The numbers of comments that a text opens with, in order."""
        known = self._numbers.get(index)
        if known is None:
            found = _NUMBERED.finditer(self._texts[index], 0, _MAX_OPENING)
            known = self._numbers[index] = tuple(int(match[match.lastindex or 0]) for match in found)
        return known

    def quotes(self, index: int, other: int) -> bool:
        """Whether a text quotes another one."""
        quotes = self._quotes.get(index)
        if quotes is None:
            opening = self._texts[index][:_MAX_TEXT]
            found = (_QUOTED_OR_BARRED if ">" in opening else _QUOTED).finditer(opening)
            words = (match[match.lastindex or 0] for match in found)
            quotes = self._quotes[index] = [quoted.strip(" .,…").casefold()[:_MAX_QUOTE] for quoted in words]
        if not quotes:
            return False
        text = self._texts[other][: 4 * _MAX_TEXT].casefold()
        return any(quote in text for quote in quotes)


def _words_of(text: str) -> set[str]:
    return set((_PLAIN_WORD if text.isascii() or _ODD.search(text) is None else _WORD).findall(text))


def _forms_of(author: str) -> tuple[tuple[str, ...], str]:
    first, *others = author.lstrip("@").split() or [""]
    initials = first[:1] + "".join(word[0] for word in others)
    forms = [author.lstrip("@")]
    if len(first) > 2 and others:
        forms.append(first)
    forms = [form for form in forms if any(map(str.isalnum, form))]
    return tuple(forms), initials if initials.isalpha() and len(initials) > 1 else ""


def _stands_alone(opening: str, start: int, end: int) -> bool:
    """Whether a name is a word of its own, at the beginning, behind a comma or behind an "@"."""
    before = opening[start - 1 : start]
    if opening[end : end + 1].isalnum() or before.isalnum():
        return False
    if before == "@":
        return True
    return end - start > 1 and (start <= _GREETING or opening[start - 2 : start] == ", ")
