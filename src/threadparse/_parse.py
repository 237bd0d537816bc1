"""``parse`` and its like: what they take, the checks of that, and the steps they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from ._assembly import article_alone, assemble
from ._dialect import Dialect, load_dialect
from ._learn import learn_dialects
from ._locale import Locale
from ._model import Thread
from ._notes import raise_for_notes
from ._reading import LEARNED, read, read_all, read_page
from ._screen import screen_for


def parse(
    text: str,
    *,
    scraped_at: datetime | None = None,
    timezone: tzinfo | None = None,
    dialect: str | Dialect | None = None,
    locale: str | Locale | Sequence[str | Locale] | None = None,
    strict: bool = False,
    min_confidence: float = 0.0,
) -> Thread:
    """Read the conversation out of the plain text of a page.

    Args:
        text: What an extractor left of the page. Any ``str`` is accepted; what is odd in it becomes a note.
        scraped_at: Aware datetime of the scrape, to which relative times refer. Without it they stay words: the clock
            is never read.
        timezone: In which the page shows full dates. Pages rarely say, so with ``None`` the interval of a full date
            allows for every offset in use, UTC-12 to UTC+14.
        dialect: Name of a dialect, or a :class:`Dialect`, if the platform is known. ``None`` detects it.
        locale: Name of a locale, or a :class:`Locale`, or several, if the language is known. ``None`` detects it.
            English is always read.
        strict: Raise where a note would say that something was lost or contradictory.
        min_confidence: 0 to 1. A parent that is less likely is left open: the comment becomes a root, with a note, and
            ``parent_candidates`` still lists whom it may answer.

    Returns:
        The thread; without comments if the page has none.

    Raises:
        TypeError: ``text`` is not a ``str``, or another argument has the wrong type.
        ValueError: ``scraped_at`` is naive, ``min_confidence`` is not from 0 to 1, or there is no such dialect or
            locale.
        ParseError: ``strict`` was asked for and something was lost or contradictory.
    """
    check_arguments(text, scraped_at, timezone)
    _check_confidence(min_confidence)
    chosen = choose_dialect(dialect)
    candidates = locale_choice(locale)
    moment = None if scraped_at is None else scraped_at.astimezone(UTC)
    if dialect is None and not screen_for(candidates).passes(text):
        return article_alone(text, moment)
    reading = read(text, chosen, candidates, moment, min_confidence=min_confidence)
    thread = assemble(reading, moment, timezone)
    if strict:
        raise_for_notes(thread, reading.lines)
    return thread


def parse_all(
    text: str,
    *,
    scraped_at: datetime | None = None,
    timezone: tzinfo | None = None,
    dialect: str | Dialect | None = None,
    locale: str | Locale | Sequence[str | Locale] | None = None,
    min_confidence: float = 0.0,
) -> tuple[Thread, ...]:
    """Read every comment section of a page; some have two, their own and Facebook's, say.

    Args:
        text: As for :func:`parse`.
        scraped_at: As for ``parse``.
        timezone: As for ``parse``.
        dialect: As for ``parse``.
        locale: As for ``parse``.
        min_confidence: As for ``parse``.

    Returns:
        One thread per section, what ``parse`` gives first; the segments of each tile the whole input. One thread
        without comments if the page has none.

    Raises:
        TypeError: As ``parse``.
        ValueError: As ``parse``.
    """
    check_arguments(text, scraped_at, timezone)
    _check_confidence(min_confidence)
    moment = None if scraped_at is None else scraped_at.astimezone(UTC)
    readings = read_all(text, choose_dialect(dialect), locale_choice(locale), moment, min_confidence=min_confidence)
    return tuple(assemble(reading, moment, timezone) for reading in readings)


def learn(text: str, *, locale: str | Locale | Sequence[str | Locale] | None = None) -> Dialect:
    """Learn from a page how its comments look.

    Args:
        text: What an extractor left of a page with at least two comments.
        locale: As for :func:`parse`.

    Returns:
        The layout as a dialect named ``"learned"``: to read, to save as TOML, and to parse the site's other pages with.

    Raises:
        TypeError: ``text`` is not a ``str``.
        ValueError: Nothing on the page repeats as comments do.
    """
    check_arguments(text, None, None)
    learned = learn_dialects(read_page(text, None, locale_choice(locale))[0])
    if not learned:
        raise ValueError("nothing on this page repeats as comments do: no layout can be learned from it")
    return learned[0][0]


def choose_dialect(dialect: str | Dialect | None) -> Dialect | str | None:
    """The dialect that was asked for, :data:`LEARNED`, or ``None`` if the page is to tell."""
    if dialect is None or isinstance(dialect, Dialect) or dialect == LEARNED:
        return dialect
    if not isinstance(dialect, str):
        raise TypeError(f"dialect: expected a name or a Dialect, got {type(dialect).__name__}")
    return load_dialect(dialect)


def _check_confidence(least: float) -> None:
    if not 0.0 <= least <= 1.0:
        raise ValueError(f"min_confidence: expected a number from 0 to 1, got {least!r}")


def locale_choice(locale: str | Locale | Sequence[str | Locale] | None) -> tuple[str | Locale, ...] | None:
    """The locales to choose from, ``None`` for all."""
    if locale is None:
        return None
    chosen = (locale,) if isinstance(locale, str | Locale) else tuple(locale)
    if not chosen or not all(isinstance(one, str | Locale) for one in chosen):
        raise TypeError(f"locale: expected a name such as 'en', a Locale, or several of them, got {locale!r}")
    return chosen


def check_arguments(text: object, scraped_at: object, timezone: object) -> None:
    """Raise ``TypeError`` or ``ValueError`` with a hint for what the caller mixed up."""
    if isinstance(text, bytes | bytearray | memoryview):
        raise TypeError("expected str, got bytes: decode them first, for example text.decode('utf-8', 'replace')")
    if not isinstance(text, str):
        raise TypeError(f"expected str, got {type(text).__name__}")
    if timezone is not None and not isinstance(timezone, tzinfo):
        raise TypeError(f"timezone: expected a tzinfo such as zoneinfo.ZoneInfo('Europe/Paris'), got {timezone!r}")
    if scraped_at is None:
        return
    if not isinstance(scraped_at, datetime):
        raise TypeError(f"scraped_at: expected an aware datetime, got {type(scraped_at).__name__}")
    if scraped_at.utcoffset() is None:
        raise ValueError("scraped_at is naive: pass an aware datetime, for example scraped_at.replace(tzinfo=UTC)")
