"""Which language a page's comment section speaks: counted once per page, by set look-ups.

In: lines. Out: locales, the likeliest first, English always among them (plugins mix it into every page).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import attrs

from ._flow import is_flowing, phrases
from ._lines import Lines, fold_key
from ._locale import Locale, load_locale, locale_names

_LONGEST = 60
"""Longest line that is looked up, in code points; no word of a locale but the consent texts is longer."""
_ENOUGH = 1.0
"""Points from which on a language beside English is taken: one line that English and other languages do not know."""
_ENOUGH_IN_PROSE = 2.0
"""The same where every run of words is looked up: "Most" opens English sentences, and is Hungarian for "just now"."""
_HEAD = 3
"""Letters by which most lines are told from known ones; two would let three times as many pass."""
_DIGITS = re.compile(r"\d+")


def detect_locales(lines: Lines, names: Sequence[str] | None = None) -> tuple[Locale, ...]:
    """The locales of a page: the best fitting one and English, or English alone.

    Args:
        lines: The page.
        names: The only locales to choose from, ``None`` for all.
    """
    english = load_locale("en")
    candidates = names or locale_names()
    contents, enough = _shown(lines)
    points = _weight(contents, _Known.of(tuple(name for name in candidates if name != "en")))
    best = max(sorted(points), key=points.__getitem__, default="en")
    if points.get(best, 0.0) < enough:
        best = "en" if names is None or "en" in names else names[0]
    return (english,) if best == "en" else (load_locale(best), english)


def _shown(lines: Lines) -> tuple[Sequence[str], float]:
    """What is looked up, a page's lines or the runs of its words, and how many points a language needs."""
    if not is_flowing(lines):
        return lines.content, _ENOUGH
    runs = (run for raw in lines.raw for run in phrases(raw) if " " in run[2] or not raw[run[0]].islower())
    return [key for _, _, key in runs], _ENOUGH_IN_PROSE


@attrs.frozen
class _Known:
    """What is looked up in.

    Attributes:
        owners: Whole lines, digits as "0", with the locales that know them; none that English knows too.
        heads: The first letters of these lines.
    """

    owners: dict[str, tuple[str, ...]]
    heads: frozenset[str]

    @staticmethod
    @cache
    def of(names: tuple[str, ...]) -> _Known:
        """The lines of some locales."""
        english = set(_lines_of(load_locale("en")))
        known: dict[str, list[str]] = {}
        for name in names:
            for line in set(_lines_of(load_locale(name))) - english:
                known.setdefault(line, []).append(name)
        owners = {line: tuple(names) for line, names in known.items()}
        return _Known(owners, frozenset(line[:_HEAD] for line in owners))


def _lines_of(locale: Locale) -> Iterable[str]:
    for forms in locale.words.values():
        for form in forms:
            if "{n" not in form and "{" in form:
                continue
            yield fold_key(" ".join(form.split())).replace("{n}", "0")
    time = locale.time
    yield from map(fold_key, time.now)
    units = [form for forms in time.units.values() for form in forms]
    for template in time.relative:
        if template.count("{unit}") == 1:
            for unit in units:
                yield fold_key(template.replace("{n}", "0").replace("{unit}", unit))


def _weight(contents: Sequence[str], known: _Known) -> dict[str, float]:
    """Points by locale: a line counts for each locale that knows it, the less the more of them do.

    A line that repeats counts with the square root of its number: forty times "Reply", which a plugin forgot to
    translate, say less than ten different words of the page's own language.
    """
    counts = Counter[str]()
    for content, count in Counter(contents).items():
        if 0 < len(content) <= _LONGEST:
            head = content[:_HEAD]
            # Most lines begin like no known one; folding the others costs more than the look-up.
            if head.isascii() and head.isalpha() and head.lower() not in known.heads:
                continue
            line = _DIGITS.sub("0", fold_key(content))
            if line in known.owners:
                counts[line] += count
    points: dict[str, list[float]] = {}
    for line, count in counts.items():
        owners = known.owners[line]
        for owner in owners:
            points.setdefault(owner, []).append(math.sqrt(count) / len(owners))
    return {owner: round(math.fsum(sorted(values)), 6) for owner, values in points.items()}
