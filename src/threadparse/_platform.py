"""A page to its comment section: which dialect it is written in.

In: lines, tokens, locales. Out: :class:`Section`. Every dialect that may fit is tried; what it yields is judged by one
score (:mod:`threadparse._judge`), the same for dialects that come with threadparse and for those learned from the page.
wpDiscuz is tried first and taken at once where the page shows what no other platform has.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

import attrs

from ._breaks import closing_templates
from ._choice import most_surplus
from ._dialect import Dialect, dialect_names, load_dialect
from ._events import Event
from ._extent import heading_above
from ._headers import Header
from ._judge import Said, are_alike, are_counted, are_pages, are_said, judge, judge_records, measure_lines
from ._layout import as_header, as_lines, read_layout
from ._learn import learn_dialects
from ._lines import fold_key
from ._machine import run, run_layout
from ._records import Records, find_records
from ._rows import BUTTONS, Page
from ._shapes import Record
from ._tokens import Kind, Tokens
from ._values import SegmentKind

_ENOUGH = 1.0
"""Score from which on a learned layout is taken for comments below a heading such as "3 Comments", and a known one
without."""
_ENOUGH_ALONE = 2.0
"""The same without a heading: lists of articles and change logs stay below it."""
_ENOUGH_KNOWN = 0.5
"""The same for a layout that is known, below a heading."""
_AS_DECLARED = 1.5
"""What a layout is worth that finds as many comments as the heading says there are."""
_SIGNED = 1.3
"""What a dialect is worth whose platform has signed the page, beside one that fits any page."""
_LEARNED = 0.5
"""What a learned layout is worth beside a known one."""
_UNREAD = 0.6
"""What a layout is worth that leaves a text between the heading and the first header."""
_BELOW_TOO = 0.5
"""What a layout with the texts above their headers is worth where a text stands below the last one as well."""
_BELOW_ALONE = 0.25
"""The same where no text stands above the first header either."""
_NEAR_TEXT = 8
"""Lines below the last header among which its text would begin."""
_STOPS = BUTTONS | {Kind.FORM, Kind.SITE, Kind.COUNT}
"""Kinds of lines below which a page goes on with its own words."""
_TAILED = 0.75
"""What wpDiscuz's own reading is worth with roles or votes, but none of its signs, where all comments have a time."""
_UNSIGNED = 0.5
"""The same on a page without roles and votes."""
_FOREIGN = 0.2
"""The same where its names open with a list's numbers or bullets, or its texts with a button: its comments do not."""
_SORT_BAR = 4
"""Fewest ways to sort one above the other that tell the platform: it has five, two of which may share a line."""
_WORDLESS = 0.7
"""What a layout is worth whose headers have no words, beside one that has."""


@attrs.frozen
class Standing:
    """Why a section is read in its dialect.

    Attributes:
        points: Its score, with what the dialect is worth on the page; ``None`` where nothing else was tried.
        sign: The platform's sign that the page has, ``None`` without one.
        rival: The dialect with the most points among those that see other authors there, and its points.
    """

    points: float | None = None
    sign: str | None = None
    rival: tuple[str, float] | None = None


@attrs.frozen
class Section:
    """The comments of a page in one dialect.

    Attributes:
        dialect: The dialect.
        tokens: The page's lines as the dialect reads them.
        headers: The comments' headers.
        events: What each line belongs to.
        score: How much it looks like a conversation.
        is_headed: Whether a heading stands above the first comment.
        is_counted: Whether the heading counts about as many comments, or counts more above a sort bar.
        standing: Why it is read in the dialect.
    """

    dialect: Dialect
    tokens: Tokens
    headers: tuple[Header, ...]
    events: list[Event]
    score: float
    is_headed: bool = False
    is_counted: bool = False
    standing: Standing = Standing()

    @property
    def start(self) -> int:
        """The first line that belongs to a comment."""
        return next((event.first for event in self.events if event.comment is not None), 0)

    @property
    def end(self) -> int:
        """The line after the last one that belongs to a comment."""
        return next((event.after for event in reversed(self.events) if event.comment is not None), 0)


def find_sections(page: Page, dialect: Dialect | None, *, learn: bool) -> list[Section]:
    """The comment sections of a page, the best one first; each stands on other lines than those before it.

    A page without comments has one section without headers.

    Args:
        page: The page.
        dialect: The only dialect to try, ``None`` for all.
        learn: Whether only layouts learned from the page count; ``dialect`` is then ``None``.
    """
    if dialect is not None:
        return [_section(page, dialect)]
    if learn:
        return _apart(page, [(section.score, section) for section in _learned_sections(page)])
    seen = page.lines.text if page.is_cut else "\n".join(page.lines.content)
    own = _own_section(page, load_dialect("wpdiscuz"))
    if _is_unmistakable(page, own, seen):
        return [own]
    own = _judged(page, own)
    ranked = _known_sections(page, seen, signed=True)
    if _is_marked(own) or _is_shown(page, own):
        if (_is_marked(own) or _is_doubled(page, own)) and all(points < own.score for points, _ in ranked):
            return [own]
        if own.score or any("alt" in header.lines for header in own.headers):  # names of symbols only score nothing
            ranked.insert(0, (own.score * _worth(page, own), own))
    ranked += _known_sections(page, seen, signed=False)
    # Where the authors are the same, wpDiscuz's reading is the better one: it tells roles, votes and edits besides.
    others = [section for section in _learned_sections(page) if _authors(section) != _authors(own)]
    ranked += [(section.score * _LEARNED, section) for section in others]
    ranked.sort(key=lambda pair: -pair[0])
    return _apart(page, ranked)


def _known_sections(page: Page, seen: str, *, signed: bool) -> list[tuple[float, Section]]:
    """What the dialects yield that may fit the page, where it is enough, with their points.

    Args:
        page: The page.
        seen: Its text, in which the platforms' signs stand.
        signed: Whether those that have signs are asked for, or the others.
    """
    found = []
    for known in map(load_dialect, _layouts()):
        if bool(known.signs) is not signed:
            continue
        sign = next((sign for sign in known.signs if sign in seen), None)
        records = read_layout(page, known) if sign is not None or not signed else []
        if records:
            section = attrs.evolve(_layout_section(page, known, records), standing=Standing(sign=sign))
            if section.score > (_ENOUGH_KNOWN if section.is_headed else _ENOUGH):
                worth = _SIGNED if known.signs else _WORDLESS if known.is_headed else 1.0
                found.append((section.score * worth, section))
    return found


def _is_shown(page: Page, own: Section) -> bool:
    """Whether there is more than names.

    Menus and recipes are full of short lines, and a program's text of lines that stand twice: where most comments show
    no time, the page must count them, or name most of them twice.
    """
    has_more = own.is_headed or Kind.REPLY in page.kinds or any(header.shows_more for header in own.headers)
    if not (has_more and own.headers) or are_counted(own.tokens.kinds[own.start : own.end], len(own.headers)):
        return False
    timed = {number for number, header in enumerate(own.headers) if header.posted is not None}
    timed.update(event.comment for event in own.events if event.kind is SegmentKind.TIME and event.comment is not None)
    return 2 * len(timed) > len(own.headers) or _is_doubled(page, own) or own.is_counted


def _worth(page: Page, own: Section) -> float:
    """What wpDiscuz's own reading is worth on a page without its signs: by doublets, roles, votes."""
    if 2 * sum("alt" in header.lines for header in own.headers) > len(own.headers):
        return 1.0
    has_roles = any("role" in header.lines for header in own.headers)
    has_votes = any(event.kind is SegmentKind.VOTES for event in own.events)
    timed = len({event.comment for event in own.events if event.kind is SegmentKind.TIME}) / len(own.headers)
    worth = _TAILED * timed + _UNSIGNED * (1 - timed) if has_roles or has_votes else _UNSIGNED
    listed = sum(page.bare(header.author) != header.author for header in own.headers)
    buttons = sum(own.tokens.kinds[first] in BUTTONS for first in _text_starts(page, own))
    return _FOREIGN if 2 * max(listed, buttons) > len(own.headers) else worth


def _text_starts(page: Page, own: Section) -> Iterator[int]:
    """The first line of each text that stands right below its header."""
    above = None
    for event in own.events:
        if event.kind is SegmentKind.TEXT and event.comment is not None and above is not SegmentKind.TEXT:
            yield next((at for at in range(event.first, event.after) if page.lines.content[at]), event.first)
        above = event.kind


def _authors(section: Section) -> list[str]:
    return [header.author_key for header in section.headers]


def _apart(page: Page, ranked: Sequence[tuple[float, Section]]) -> list[Section]:
    """The sections that share no line with a better one, with the best of those that do; an empty one if none is left.

    Args:
        page: The page.
        ranked: Sections with their points, the best first.
    """
    chosen: list[Section] = []
    for points, section in ranked:
        beside = [n for n, other in enumerate(chosen) if section.end > other.start and other.end > section.start]
        if not beside:
            chosen.append(attrs.evolve(section, standing=attrs.evolve(section.standing, points=points)))
        for number in beside:
            better = chosen[number]
            if better.standing.rival is None and _authors(section) != _authors(better):
                standing = attrs.evolve(better.standing, rival=(section.dialect.name, points))
                chosen[number] = attrs.evolve(better, standing=standing)
    if chosen:
        return chosen
    nothing = Records((), 0, False, len(page.lines), 0.0)
    return [Section(load_dialect("wpdiscuz"), page.tokens, (), run(page.lines, page.tokens, nothing), 0.0)]


def _learned_sections(page: Page) -> list[Section]:
    """What the layouts that the page itself shows yield, where it is enough."""
    if page.is_cut and Kind.REPLY not in page.kinds:  # a time within an article's sentence is easily a header
        return []
    sections = []
    for dialect, score, records in learn_dialects(page):
        section = _layout_section(page, dialect, records)
        enough = score > (_ENOUGH if section.is_headed else _ENOUGH_ALONE)
        if enough and section.score and (section.is_headed or are_said(page, records)):
            sections.append(attrs.evolve(section, score=score))
    return sections


def _section(page: Page, dialect: Dialect) -> Section:
    if dialect.is_layout:
        return _layout_section(page, dialect, read_layout(page, dialect))
    return _own_section(page, dialect)


@cache
def glued_marks() -> tuple[str, ...]:
    """What stands between two glued comments on any platform."""
    return tuple(mark for name in _layouts() for mark in load_dialect(name).glued)


def closing_headers(text: str) -> tuple[str, ...]:
    """The headers that close a text on its last line, of the platforms that have signed the page."""
    return closing_templates([known for known in _closing_dialects() if any(sign in text for sign in known.signs)])


@cache
def _closing_dialects() -> tuple[Dialect, ...]:
    return tuple(known for known in map(load_dialect, _layouts()) if known.signs and closing_templates([known]))


def writes_clocks(text: str) -> bool:
    """Whether a platform has signed the page that writes a date and its clock as two pieces."""
    return any(sign in text for sign in _signs_of_clocks())


def has_tail_times(text: str, dialect: Dialect | None) -> bool:
    """Whether a platform has signed the page that may write a time in the tail of a comment."""
    known = dialect or load_dialect("wpdiscuz")
    return "when" in known.tail and any(sign in text for sign in known.signs)


@cache
def _signs_of_clocks() -> tuple[str, ...]:
    return tuple(sign for known in map(load_dialect, _layouts()) if known.has_clocks for sign in known.signs)


def signed_dialects(text: str) -> list[Dialect]:
    """The dialects whose platforms have signed a text."""
    return [known for known in map(load_dialect, _layouts()) if any(sign in text for sign in known.signs)]


@cache
def _layouts() -> tuple[str, ...]:
    return tuple(name for name in dialect_names() if load_dialect(name).is_layout)


def _own_section(page: Page, dialect: Dialect) -> Section:
    """The comments as wpDiscuz writes them, with its tails; not judged yet."""
    tokens = Tokens(list(page.tokens.kinds), dict(page.tokens.readings))  # some of them are read otherwise below
    records = find_records(page.lines, tokens, dialect, page.lexer)
    return Section(dialect, tokens, records.headers, run(page.lines, tokens, records), 0.0)


def _judged(page: Page, own: Section) -> Section:
    """WpDiscuz's own reading with its score, and with what the heading above it says."""
    said: list[list[str]] = [[] for _ in own.headers]
    for event in own.events:
        if event.kind is SegmentKind.TEXT and event.comment is not None:
            said[event.comment] += filter(None, page.lines.content[event.first : event.after])
    find = page.lexer.times.find
    names = ["" if find(header.author) else header.author for header in own.headers]
    times = [header.time for header in own.headers if header.time is not None]
    score = judge(Said(names, list(map(measure_lines, said)), times), anchors=len(names), is_known=True)
    first = bisect_left(page.at, own.headers[0].start) if own.headers else 0
    return _under(page, attrs.evolve(own, score=score), heading_above(page, first), first)


def _layout_section(page: Page, dialect: Dialect, records: Sequence[Record]) -> Section:
    """The comments that a page has in a layout, with their score and with what the heading above them says."""
    headers = tuple(as_header(page, record) for record in records)
    texts = [as_lines(page, record) for record in records]
    events = run_layout(page.lines, page.tokens, headers, texts)
    score = judge_records(page, records, is_known=dialect.name != "learned")
    if records and not dialect.signs and are_pages(page, records):
        score = 0.0
    is_before = bool(records) and records[0].shape.text == "before"
    first = (records[0].text[0] if is_before else records[0].first) if records else 0
    heading = heading_above(page, first, dialect.opens) if records else None
    if heading is not None and page.number(heading) == len(records) and _are_pingbacks(records):
        score = float(len(records))
    if is_before and not dialect.signs and _goes_on(page, records[-1].last + 1):
        score *= _BELOW_TOO if records[0].text[0] < records[0].text[1] else _BELOW_ALONE
    if heading is None:  # names and dates as they stand anywhere, or a byline
        score *= not dialect.is_headed and len(records) > 1 and not are_alike(page, records)
    elif measure_lines(page.words[at] for at in range(heading + 1, first) if page.kinds[at] is Kind.TEXT).is_prose:
        score *= _UNREAD
    return _under(page, Section(dialect, page.tokens, headers, events, score), heading, first)


def _are_pingbacks(records: Sequence[Record]) -> bool:
    """Whether some records are headers alone: pages that link here, of which only the words of the header tell."""
    return all(record.shape.text == "none" for record in records)


def _goes_on(page: Page, first: int) -> bool:
    """Whether a text follows a line, before anything of the page's own."""
    stops = (at for at in range(first, min(len(page), first + _NEAR_TEXT)) if page.kinds[at] in _STOPS)
    after = next(stops, min(len(page), first + _NEAR_TEXT))
    return measure_lines(page.words[first:after]).is_prose


def _under(page: Page, section: Section, heading: int | None, first: int) -> Section:
    """A section, which begins at a position, with what the heading above it says."""
    declared, count = None if heading is None else page.number(heading), len(section.headers)
    is_counted = declared is not None and abs(declared - count) <= most_surplus(declared)
    if heading is not None and declared is not None and count < declared:
        is_counted |= Kind.SORT in page.kinds[heading:first]
    score = section.score * (_AS_DECLARED if declared == count else 1.0)
    return attrs.evolve(section, score=score, is_headed=heading is not None, is_counted=is_counted)


def _is_unmistakable(page: Page, section: Section, text: str) -> bool:
    """Whether a page shows what no other platform has: its words, or its rows of buttons."""
    has_signs = any(sign in text for sign in section.dialect.signs)
    return bool(section.headers) and (has_signs or _has_sort_bar(page, section) or _has_own_rows(page, section))


def _has_sort_bar(page: Page, section: Section) -> bool:
    """Whether the platform's row of ways to sort stands above the comments, each on a line, in whatever language."""
    first = bisect_left(page.at, section.headers[0].start)
    return first >= _SORT_BAR and all(kind is Kind.SORT for kind in page.kinds[first - _SORT_BAR : first])


def _is_marked(section: Section) -> bool:
    """Whether there are markers that name people, as few other platforms have them."""
    authors = {header.author_key for header in section.headers}
    marked = sum(header.reply_to is not None and fold_key(header.reply_to) in authors for header in section.headers)
    return marked > 0 and 10 * marked >= len(authors)


def _has_own_rows(page: Page, section: Section) -> bool:
    """Whether most comments end with a row of buttons as the platform sets them, in whatever language."""
    patterns = [page.pattern(form) for form in section.dialect.ends]
    contents = (page.lines.content[at] for at, kind in enumerate(section.tokens.kinds) if kind is Kind.REPLY)
    rows = sum(any(pattern.fullmatch(content) for pattern in patterns) for content in contents)
    return 2 * rows > len(section.headers)


def _is_doubled(page: Page, section: Section) -> bool:
    """Whether names stand twice, as no other platform writes them, and what was found looks like a conversation."""
    count, find = len(section.headers), page.lexer.times.find
    doubled = sum("alt" in header.lines and not find(header.author) for header in section.headers)
    return (doubled > max(1, count / 2) and section.score > count / 4) or doubled == count > 2
