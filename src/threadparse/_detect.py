"""Which language a page's comment section speaks: counted once per page, by set look-ups.

In: lines. Out: locales, the likeliest first, English always among them (plugins mix it into every page).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from ._lines import Lines, fold_key
from ._locale import Locale, load_locale, locale_names

_LONGEST = 60
"""Longest line that is looked up, in code points; no word of a locale but the consent texts is longer."""
_ENOUGH = 1.0
"""Points from which on a language beside English is taken: one line that English and other languages do not know."""
_DIGITS = re.compile(r"\d+")


def detect_locales(lines: Lines, names: Sequence[str] | None = None) -> tuple[Locale, ...]:
    """The locales of a page: the best fitting one and English, or English alone.

    Args:
        lines: The page.
        names: The only locales to choose from, ``None`` for all.
    """
    counts = Counter(_DIGITS.sub("0", fold_key(content)) for content in lines.content if 0 < len(content) <= _LONGEST)
    english = load_locale("en")
    candidates = names or locale_names()
    own_words = _known_lines(("en",))
    counts = Counter({line: count for line, count in counts.items() if line not in own_words})
    points = _weight(counts, _known_lines(tuple(name for name in candidates if name != "en")))
    best = max(sorted(points), key=points.__getitem__, default="en")
    if points.get(best, 0.0) < _ENOUGH:
        best = "en" if names is None or "en" in names else names[0]
    return (english,) if best == "en" else (load_locale(best), english)


@cache
def _known_lines(names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Whole lines of these locales, digits as "0", with the locales that know them."""
    known: dict[str, list[str]] = {}
    for name in names:
        for line in set(_lines_of(load_locale(name))):
            known.setdefault(line, []).append(name)
    return {line: tuple(owners) for line, owners in known.items()}


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


def _weight(counts: Counter[str], known: dict[str, tuple[str, ...]]) -> dict[str, float]:
    """Points by locale: a line counts for each locale that knows it, the less the more of them do.

    A line that repeats counts with the square root of its number: forty times "Reply", which a plugin forgot to
    translate, say less than ten different words of the page's own language.
    """
    points: dict[str, list[float]] = {}
    for line in counts.keys() & known.keys():
        owners = known[line]
        for owner in owners:
            points.setdefault(owner, []).append(math.sqrt(counts[line]) / len(owners))
    return {owner: round(math.fsum(sorted(values)), 6) for owner, values in points.items()}
