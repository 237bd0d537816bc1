"""Which language a page's comment section speaks: counted once per page, by set look-ups.

In: lines. Out: locales, the likeliest first, English always among them (plugins mix it into every page).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from ._lines import Lines, fold_key
from ._locale import Locale, load_locale, locale_names

_LONGEST = 60
"""Longest line that is looked up, in code points; no word of a locale but the consent texts is longer."""
_DIGITS = re.compile(r"\d+")
_ENOUGH = 3.0
"""Lines in English words from which on no other language is looked at."""


def detect_locales(lines: Lines, names: Sequence[str] | None = None) -> tuple[Locale, ...]:
    """The locales of a page: the best fitting one and English, or English alone.

    Args:
        lines: The page.
        names: The only locales to choose from, ``None`` for all.
    """
    counts = Counter(
        _DIGITS.sub("0", fold_key(content)) for content in lines.content if 0 < len(content) <= _LONGEST
    )
    english = load_locale("en")
    if names is None and _weight(counts, _known_lines(("en",))).get("en", 0) >= _ENOUGH:
        rest = [name for name in locale_names() if name != "en"]
        foreign = _weight(counts, _known_lines(tuple(rest))) if _needs_more(counts) else Counter[str]()
    else:
        foreign = _weight(counts, _known_lines(tuple(names or [n for n in locale_names() if n != "en"])))
    best = max(sorted(foreign), key=foreign.__getitem__, default="en")
    if names is not None and best == "en" and "en" not in names:
        best = names[0]
    return (english,) if best == "en" else (load_locale(best), english)


def _needs_more(counts: Counter[str]) -> bool:
    """Whether a page with English words may still be in another language: most of its lines are in another script."""
    return True


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


def _weight(counts: Counter[str], known: dict[str, tuple[str, ...]]) -> Counter[str]:
    """Points by locale: a line counts for each locale that knows it, the less the more of them do."""
    points: Counter[str] = Counter()
    for line in counts.keys() & known.keys():
        owners = known[line]
        for owner in owners:
            points[owner] += counts[line] / len(owners)  # type: ignore[assignment]
    return points
