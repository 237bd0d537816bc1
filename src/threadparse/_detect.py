"""Which language a page's comment section speaks: counted once per page, by set look-ups.

In: lines. Out: locales, the likeliest first. English is always among them (plugins mix it into every page), and so is a
second one where a page has words of two, as where a French plugin runs on a German site.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import attrs

from ._flowing import is_flowing, is_in_rows
from ._lines import Lines, fold_key
from ._locale import Locale, load_locale, locale_names
from ._phrases import phrases
from ._seams import loosen

_LONGEST = 60
"""Longest line that is looked up, in code points; no word of a locale but the consent texts is longer."""
_ENOUGH = 1.0
"""Points from which on a language beside English is taken: one line that English and other languages do not know."""
_ENOUGH_IN_PROSE = 2.0
"""The same where every run of words is looked up: "Most" opens English sentences, and is Hungarian for "just now"."""
_ENOUGH_BESIDE = 2.0
"""Points, from lines that the best fitting language does not know, from which on a second one is read beside it."""
_HEAD = 3
"""Letters by which most lines are told from known ones; two would let three times as many pass."""
_MOST_KEPT = 20_000
"""First letters that are remembered: most of what a language has, and a megabyte."""
_DATES = tuple(
    f"{date}{clock}"
    for date in ("0 {month} 0", "0. {month} 0", "0 de {month} de 0", "0. {month} 0.", "{month} 0, 0")
    for clock in ("", " 0:0", ", 0:0")
)
"""Full dates as WordPress and forums show them in most languages; a page may have no other word of its own."""
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[.]? (?:de )?(?P<behind>[^\W\d_]{3,})[.,]{0,2}|(?P<before>[^\W\d_]{3,})[.]? \d{1,2},)"
    r"(?: de)? \d{4}(?!\d)"
)
"""A full date beside other words: "Ana 3 Enero, 2020 10:01 #4"."""
_YEAR = re.compile(r"\d{4}")
"""What each of these has and few lines have: it is looked for first, in a third of the time."""
_DIGITS = re.compile(r"\d+")


@attrs.frozen
class Languages:
    """What a page speaks.

    Attributes:
        locales: The likeliest first, English among them.
        rival: Name of another locale whose words fit as well as the first one's, ``None`` if there is none.
    """

    locales: tuple[Locale, ...]
    rival: str | None


def detect_locales(lines: Lines, candidates: Sequence[str | Locale] | None = None) -> Languages:
    """The languages of a page: the best fitting one, another one that the page mixes in, and English.

    Args:
        lines: The page.
        candidates: The only locales to choose from, ``None`` for all that come with threadparse.
    """
    known = _Known.of(tuple(candidates or locale_names()))
    contents, enough = _shown(lines, known)
    counts = _known_lines(contents, known)
    points = _weight(counts, known)
    order = sorted(points, key=lambda name: (-points[name], name))
    if not order or points[order[0]] < enough:
        first = known.locales[0]
        return Languages(_with_english(first if candidates and first.name != "en" else None), None)
    best = order[0]
    rival = order[1] if len(order) > 1 and points[order[1]] >= points[best] else None
    others = _weight({line: count for line, count in counts.items() if best not in known.owners[line]}, known)
    second = max(sorted(others), key=others.__getitem__, default=best)
    by_name = {locale.name: locale for locale in known.locales}
    mixed = by_name[second] if others.get(second, 0.0) >= _ENOUGH_BESIDE else None
    return Languages(_with_english(by_name[best], mixed), rival)


def _with_english(*locales: Locale | None) -> tuple[Locale, ...]:
    return (*filter(None, locales), load_locale("en"))


def _shown(lines: Lines, known: _Known) -> tuple[Sequence[str], float]:
    """What is looked up, a page's lines or the runs of its words, and how many points a language needs."""
    if not is_flowing(lines.text, lines.raw):
        return lines.content, _ENOUGH
    runs = (
        run
        for text in (loosen(raw).text for raw in ([lines.text] if is_in_rows(lines.raw) else lines.raw))
        for run in phrases(text, known.first_words)
        if " " in run[2] or not text[run[0]].islower()
    )
    return [key for _, _, key in runs], _ENOUGH_IN_PROSE


@attrs.frozen
class _Known:
    """What is looked up in.

    Attributes:
        locales: The locales, in the order asked for.
        owners: Whole lines, digits as "0", with the locales that know them; none that English knows too.
        heads: The first letters of lines, with whether one of these lines may begin with them.
        first_words: The first words of these lines.
    """

    locales: tuple[Locale, ...]
    owners: dict[str, tuple[str, ...]]
    heads: _Heads
    first_words: frozenset[str]

    @staticmethod
    @cache
    def of(candidates: tuple[str | Locale, ...]) -> _Known:
        """The lines of some locales."""
        locales = tuple(load_locale(locale) if isinstance(locale, str) else locale for locale in candidates)
        english = set(_lines_of(load_locale("en")))
        known: dict[str, list[str]] = {}
        for locale in locales:
            if locale.name != "en":
                for line in set(_lines_of(locale)) - english:
                    known.setdefault(line, []).append(locale.name)
        owners = {line: tuple(names) for line, names in known.items()}
        first_words = frozenset(line.partition(" ")[0] for line in owners)
        return _Known(locales, owners, _Heads(line[:_HEAD] for line in owners), first_words)


class _Heads(dict[str, bool]):
    """First letters of lines, and whether a known line may begin with them."""

    def __init__(self, heads: Iterable[str]) -> None:
        self._known = frozenset(heads)

    def __missing__(self, head: str) -> bool:
        may_be = bool(head) and (head.lower() in self._known or not (head.isascii() and head.isalpha()))
        if len(self) < _MOST_KEPT:
            self[head] = may_be
        return may_be


def _lines_of(locale: Locale) -> Iterable[str]:
    for forms in locale.words.values():
        for form in forms:
            if "{n" not in form and "{" in form:
                continue
            yield fold_key(" ".join(form.split())).replace("{n}", "0")
    time = locale.time
    yield from map(fold_key, time.now)
    for month in (form for forms in time.months for form in forms):
        yield from (fold_key(date.replace("{month}", month)) for date in _DATES)
    units = [form for forms in time.units.values() for form in forms]
    for template in time.relative:
        if template.count("{unit}") == 1:
            for unit in units:
                yield fold_key(template.replace("{n}", "0").replace("{unit}", unit))


def _known_lines(contents: Sequence[str], known: _Known) -> dict[str, int]:
    """The lines that some language knows, with their numbers."""
    counts = Counter[str]()
    heads = known.heads
    # Most lines begin like no known one; folding the others costs more than the look-up.
    for content, number in Counter(contents).items():
        if heads[content[:_HEAD]] and len(content) <= _LONGEST:
            line = _DIGITS.sub("0", fold_key(content))
            if line in known.owners:
                counts[line] += number
                continue
        if len(content) <= _LONGEST and _YEAR.search(content) and (date := _DATE.search(content)):
            line = f"0 {fold_key(date['behind'] or date['before'])} 0"
            if line in known.owners:
                counts[line] += number
    return counts


def _weight(counts: Mapping[str, int], known: _Known) -> dict[str, float]:
    """Points by locale: a line counts for each locale that knows it, the less the more of them do.

    A line that repeats counts with the square root of its number: forty times "Reply", which a plugin forgot to
    translate, say less than ten different words of the page's own language.
    """
    points: dict[str, list[float]] = {}
    for line, count in counts.items():
        owners = known.owners[line]
        for owner in owners:
            points.setdefault(owner, []).append(math.sqrt(count) / len(owners))
    return {owner: round(math.fsum(sorted(values)), 6) for owner, values in points.items()}
