"""``parse``: the plumbing from a text to a thread, and the checks of what the caller passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import takewhile

import attrs

from ._breaks import closing_templates, cut_closings, join_wrapped_times
from ._comments import Draft, build_drafts, trim_texts, unnumbered
from ._conversation import Conversation
from ._detect import Languages, detect_locales
from ._dialect import Dialect, load_dialect
from ._errors import ParseError
from ._flow import cut, cut_glued, is_flowing
from ._headers import Header
from ._intervals import Interval, pairs_of, tighten
from ._learn import learn_dialects
from ._lines import Lines, fold_key, raw_lines, split_lines
from ._locale import Locale
from ._machine import Event
from ._model import Candidate, Comment, Edit, Note, Segment, SegmentKind, Span, Thread, Timestamp
from ._nodes import build_nodes
from ._platform import Section, closing_headers, find_sections, glued_marks, signed_dialects
from ._rows import Page
from ._screen import screen_for
from ._times import Clock, Found, day_first_evidence
from ._tokens import Tokens, lexer_for
from ._tree import Edge, build_tree, open_doubtful


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
        return _article_alone(text, moment)
    reading = read(text, chosen, candidates, moment, min_confidence=min_confidence)
    thread = _thread(reading, moment, timezone)
    if strict:
        _raise_for_notes(thread, reading.lines)
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
    return tuple(_thread(reading, moment, timezone) for reading in readings)


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


@attrs.frozen
class Reading:
    """Everything between a text and a thread; ``explain`` shows it."""

    lines: Lines
    dialect: Dialect
    locales: tuple[Locale, ...]
    tokens: Tokens
    headers: tuple[Header, ...]
    events: list[Event]
    drafts: list[Draft]
    day_first: bool | None
    page: Conversation
    clock: Clock
    edges: list[Edge]
    notes: list[Note]


LEARNED = "learned"
"""Asks for the layout that the page itself shows, whatever dialects fit."""


def read(
    text: str,
    dialect: Dialect | str | None,
    candidates: Sequence[str | Locale] | None,
    scraped_at: datetime | None,
    *,
    min_confidence: float = 0.0,
) -> Reading:
    """The way from a text to the tree of its best section."""
    return next(read_all(text, dialect, candidates, scraped_at, min_confidence=min_confidence))


def read_all(
    text: str,
    dialect: Dialect | str | None,
    candidates: Sequence[str | Locale] | None,
    scraped_at: datetime | None,
    *,
    min_confidence: float = 0.0,
) -> Iterator[Reading]:
    """The way from a text to the trees of its sections, step by step, the best section first."""
    chosen = dialect if isinstance(dialect, Dialect) else None
    page, languages = read_page(text, chosen, candidates)
    sections = find_sections(page, chosen, learn=dialect == LEARNED)
    for section in sections:
        reading = _reading(page, languages, section, scraped_at, min_confidence)
        yield attrs.evolve(reading, notes=[*_section_notes(page, section, sections), *reading.notes])


def read_page(text: str, dialect: Dialect | None, candidates: Sequence[str | Locale] | None) -> tuple[Page, Languages]:
    """A text to lines and tokens, and what languages they are in."""
    lines = split_lines(text)
    languages = detect_locales(lines, candidates)
    lexer = lexer_for(dialect or load_dialect("wpdiscuz"), languages.locales)
    is_cut = is_flowing(lines.text, lines.raw)
    if is_cut:
        dialects = signed_dialects(text) if dialect is None else [dialect]
        lines = cut(lines, lexer, dialects, languages.locales)
    else:
        lines = cut_glued(lines, glued_marks() if dialect is None else dialect.glued, lexer.times.find)
        closings = closing_headers(text) if dialect is None else closing_templates([dialect])
        lines = join_wrapped_times(lines, lexer.times.find)
        lines = cut_closings(lines, closings, lexer.times.find, languages.locales)
    return Page(lines, lexer.read(lines), lexer, languages.locales, is_cut=is_cut), languages


def _reading(
    page: Page, languages: Languages, section: Section, scraped_at: datetime | None, min_confidence: float
) -> Reading:
    """A section to comments and their tree."""
    locales, dialect = page.locales, section.dialect
    drafts = build_drafts(page.lines, page.tokens, section.headers, section.events, locales)
    drafts = unnumbered(trim_texts(drafts, dialect.trim))
    day_first = day_first_evidence(draft.time for draft in drafts if draft.time is not None)
    clock = Clock(scraped_at or _ANY_MOMENT, UTC, dialect.rounding, day_first=day_first)
    comments = Conversation(build_nodes(drafts, clock))
    tree = [_ROOT] * len(drafts) if dialect.is_flat else build_tree(comments)
    edges = open_doubtful(tree, min_confidence) if min_confidence else tree
    notes = [*_language_notes(languages, drafts), *_tree_notes(drafts, tree, edges)]
    return Reading(
        lines=page.lines,
        dialect=dialect,
        locales=locales,
        tokens=page.tokens,
        headers=section.headers,
        events=section.events,
        drafts=drafts,
        day_first=day_first,
        page=comments,
        clock=clock,
        edges=edges,
        notes=notes,
    )


def _section_notes(page: Page, section: Section, sections: Sequence[Section]) -> list[Note]:
    """What a reader should know of the choice of the section."""
    starts = page.lines.starts
    return [
        Note(
            "other-section",
            f"the page has another section, with {len(other.headers)} comments; parse_all gives every section",
            Span(starts[other.start], starts[other.end]),
        )
        for other in sections
        if other is not section
    ]


_ANY_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)
"""Against which relative times are compared when nobody says when the page was fetched; only their order counts."""
_ROOT = Edge(None, 1.0, (Candidate(None, 1.0),), 0)
"""The place of every comment on a platform that shows no answers."""


def _language_notes(languages: Languages, drafts: Sequence[Draft]) -> list[Note]:
    if languages.rival is None or not drafts:
        return []
    best = languages.locales[0].name
    return [Note("locale-unsure", f"the page's words fit {best} and {languages.rival} alike; taken for {best}")]


def _tree_notes(drafts: Sequence[Draft], tree: Sequence[Edge], edges: Sequence[Edge]) -> list[Note]:
    """What was missing where an edge had to be inferred, or was left open."""
    notes = []
    marked = any(draft.header.reply_to is not None for draft in drafts)
    for draft, likeliest, edge in zip(drafts, tree, edges, strict=True):
        span, name = Span(draft.start, draft.end), draft.header.reply_to
        parent = None if likeliest.parent is None else drafts[likeliest.parent].header
        if name is not None and (parent is None or parent.author_key != fold_key(name)):
            notes.append(Note("unknown-parent", f"the marker names {name!r}, who is not above in this thread", span))
        elif parent is not None and edge.parent is None:
            message = f"perhaps an answer to {parent.author!r}, with a probability of {likeliest.confidence:.2f}"
            notes.append(Note("open-parent", message, span))
        elif name is None and parent is not None and marked:
            message = f"without a marker on a page that has them; taken for an answer to {parent.author!r}"
            notes.append(Note("missing-marker", message, span))
    if not marked and any(edge.parent is not None for edge in edges):
        notes.append(Note("no-markers", "the page has no markers: who answers whom is inferred"))
    return notes


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


def _thread(reading: Reading, moment: datetime | None, timezone: tzinfo | None) -> Thread:
    own_clock = moment is None or timezone not in (None, UTC)
    clock = reading.clock
    if own_clock:
        clock = Clock(moment, timezone or UTC, reading.dialect.rounding, day_first=reading.day_first)
    timestamp = _Timestamps(clock, moment, is_anywhere=timezone is None).timestamp
    posted = [timestamp(draft.posted, draft.time) for draft in reading.drafts]
    edits = [_edit(draft, timestamp) for draft in reading.drafts]
    posted, edits, contradictions = _tightened(reading, posted, edits, moment)
    comments = []
    for index, (draft, edge) in enumerate(zip(reading.drafts, reading.edges, strict=True)):
        comments.append(
            Comment(
                index=index,
                author=draft.header.author,
                text=draft.text,
                posted=posted[index],
                reply_to=draft.header.reply_to,
                parent_index=edge.parent,
                parent_confidence=edge.confidence,
                parent_candidates=edge.candidates,
                depth=edge.depth,
                truncated=draft.truncated,
                edited=edits[index],
                role=draft.role,
                votes=draft.votes,
                hidden_replies=draft.hidden_replies,
                is_trackback=draft.is_trackback,
                span=Span(draft.start, draft.end),
            )
        )
    found_any = bool(comments)
    text, starts, events = reading.lines.text, reading.lines.starts, reading.events
    cuts: _Cuts = {
        index: (draft.quote, draft.cut) for index, draft in enumerate(reading.drafts) if draft.quote or draft.cut
    }
    return Thread._put_off(
        {
            "segments": lambda: _segments(starts, events, cuts),
            "article": lambda: _article(text, starts, events),
        },
        comments=tuple(comments),
        notes=_in_order(reading.notes, contradictions),
        dialect=reading.dialect.name if found_any else None,
        locale=reading.locales[0].name if found_any else None,
        declared_count=_declared_count(reading),
        scraped_at=moment,
        text=text,
    )


def _edit(draft: Draft, timestamp: Callable[[str | None, Found | None], Timestamp | None]) -> Edit | None:
    if draft.edited is None:
        return None
    raw, by, when, found = draft.edited
    return Edit(raw, by, timestamp(when, found))


def _tightened(
    reading: Reading, posted: Sequence[Timestamp | None], edits: Sequence[Edit | None], moment: datetime | None
) -> tuple[list[Timestamp | None], list[Edit | None], list[Note]]:
    """The times without what cannot be: a reply is not before its parent, nor an edit before its comment.

    What is after the scrape is wrong, and so tells nothing of other times.
    """
    count = len(posted)
    times = [*posted, *(None if edit is None else edit.at for edit in edits)]
    pairs, contradictions = pairs_of(reading.page, reading.edges)
    pairs += [(index, count + index) for index, edit in enumerate(edits) if edit is not None]
    intervals = [_interval(time) for time in times]
    late = {i for i, own in enumerate(intervals) if moment is not None and own is not None and own[0] > moment}
    for index in late:
        intervals[index] = None
    intervals, more = tighten(intervals, pairs)
    tight = [_within(time, interval) for time, interval in zip(times, intervals, strict=True)]
    changed = [
        None if edit is None else attrs.evolve(edit, at=at) for edit, at in zip(edits, tight[count:], strict=True)
    ]
    contradictions = [pair for pair in contradictions if pair[0] not in late]
    wrong = [*((None, index) for index in sorted(late)), *contradictions, *more]
    return tight[:count], changed, [_contradiction(reading.drafts, *pair) for pair in wrong]


def _interval(time: Timestamp | None) -> Interval:
    if time is None or time.earliest is None or time.latest is None:
        return None
    return time.earliest, time.latest


def _within(time: Timestamp | None, interval: Interval) -> Timestamp | None:
    if time is None or interval is None or interval == (time.earliest, time.latest):
        return time
    return attrs.evolve(time, earliest=interval[0], latest=interval[1])


def _contradiction(drafts: Sequence[Draft], first: int | None, second: int) -> Note:
    """A note for two times in the wrong order; numbers from that of comments on are edits, ``None`` is the scrape."""
    draft = drafts[second % len(drafts)]
    words = "the edit" if second >= len(drafts) else f"{draft.posted!r}"
    if first is None:
        message = f"{words} is after the time of the scrape"
    else:
        message = f"{words} is before {drafts[first].posted!r}, which cannot be later"
    return Note("contradictory-times", message, Span(draft.start, draft.end))


def _in_order(notes: Sequence[Note], more: Sequence[Note]) -> tuple[Note, ...]:
    """Notes in the order of the input, those about all of it last."""
    return tuple(sorted([*notes, *more], key=lambda n: (n.span is None, 0 if n.span is None else n.span.start)))


_WESTERNMOST, _EASTERNMOST = timedelta(hours=-12), timedelta(hours=14)
"""The offsets from UTC that are in use: Baker Island, and the Line Islands of Kiribati (IANA time zone database)."""


_RENDERING = timedelta(seconds=30)
"""A page's "2 minutes ago" is from before it reached who scraped it; wpDiscuz pages took up to 10 s."""


class _Timestamps:
    """The timestamps of one page: words that come several times make one."""

    def __init__(self, clock: Clock, scraped_at: datetime | None, *, is_anywhere: bool) -> None:
        self._clock = clock
        self._scraped_at = scraped_at
        self._is_anywhere = is_anywhere
        self._made: dict[tuple[str, Found], Timestamp] = {}

    def timestamp(self, raw: str | None, found: Found | None) -> Timestamp | None:
        if raw is None or found is None:
            return None
        made = self._made.get((raw, found))
        if made is None:
            made = self._made[raw, found] = Timestamp(raw, *self._interval(found), found.unit)
        return made

    def _interval(self, found: Found) -> tuple[datetime | None, datetime | None]:
        earliest, latest = self._clock.interval(found)
        if earliest is None or latest is None:
            return None, None
        if found.kind == "relative":
            return _shift(earliest, -_RENDERING), latest
        if self._is_anywhere:
            earliest, latest = _shift(earliest, -_EASTERNMOST), _shift(latest, -_WESTERNMOST)
        if self._scraped_at is not None and earliest <= self._scraped_at:
            latest = min(latest, self._scraped_at)
        return earliest, latest


_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _shift(moment: datetime, by: timedelta) -> datetime:
    """A moment some hours away, or the first or last one that there is."""
    try:
        return moment + by
    except OverflowError:
        return _FIRST if by < timedelta(0) else _LAST


_Cuts = Mapping[int | None, tuple[tuple[int, int] | None, tuple[int, int] | None]]
"""By comment: the lines of the quote that opens its text, and the code points of its truncation mark."""


_Row = tuple[SegmentKind, int, int, int | None]
"""A segment: kind, start, end and comment."""


def _segments(starts: Sequence[int], events: Sequence[Event], cuts: _Cuts) -> Iterator[_Row]:
    """The events as code points; a text is cut where its quote ends and where its truncation mark begins."""
    for kind, first, after, comment in events:
        start, end = starts[first], starts[after]
        if kind is SegmentKind.TEXT and comment in cuts:
            quote, cut = cuts[comment]
            if quote is not None and start < starts[quote[1]] <= end and quote[0] == first:
                yield SegmentKind.QUOTE, start, starts[quote[1]], comment
                start = starts[quote[1]]
            if cut is not None and start <= cut[0] < end:
                if start < cut[0]:
                    yield SegmentKind.TEXT, start, cut[0], comment
                yield SegmentKind.TRUNCATION, cut[0], end, comment
                continue
        if start < end:
            yield kind, start, end, comment


def _article_alone(text: str, moment: datetime | None) -> Thread:
    """The thread of a text at which a glance is enough."""
    return Thread._put_off(
        {"article": lambda: "\n".join(map(str.rstrip, raw_lines(text))).strip()},
        comments=(),
        segments=(Segment(SegmentKind.ARTICLE, Span(0, len(text))),) if text else (),
        notes=(),
        dialect=None,
        locale=None,
        declared_count=None,
        scraped_at=moment,
        text=text,
    )


def _declared_count(reading: Reading) -> int | None:
    """The number in "58 Comments" in the section's head, the last one if it stands there twice."""
    readings, count = reading.tokens.readings, None
    for event in reading.events:
        if event.kind is SegmentKind.COUNT:
            numbers = [readings[i].number for i in range(event.first, event.after) if i in readings]
            count = next((number for number in numbers if number is not None), count)
    return count


def _article(text: str, starts: Sequence[int], events: Sequence[Event]) -> str:
    """The lines above the comments, as far as they are no furniture."""
    rows = [
        text[starts[index] : starts[index + 1]].rstrip()
        for kind, first, after, _ in takewhile(lambda event: event.comment is None, events)
        if kind is SegmentKind.ARTICLE
        for index in range(first, after)
    ]
    return "\n".join(rows).strip()


def _raise_for_notes(thread: Thread, lines: Lines) -> None:
    for note in thread.notes:
        if note.code == "locale-unsure":
            continue  # nothing is lost: words that fit two languages fit both
        start = 0 if note.span is None else note.span.start
        line = sum(1 for at in lines.starts[1:-1] if at <= start)
        raise ParseError(note.message, line=line + 1, column=start - lines.starts[line] + 1)
