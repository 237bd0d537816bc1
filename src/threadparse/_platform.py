"""A page to its comment section: which dialect it is written in.

In: lines, tokens, locales. Out: :class:`Section`. Every dialect that may fit is tried; what it yields is judged by one
score (:mod:`threadparse._judge`), the same for dialects that come with threadparse and for those learned from the page.
wpDiscuz is tried first and taken at once where the page shows what no other platform has.
"""

from __future__ import annotations

from functools import cache

import attrs

from ._dialect import Dialect, dialect_names, load_dialect
from ._headers import Header
from ._judge import judge, judge_records, measure_lines
from ._layout import Page, as_header, as_lines, is_headed, read_layout
from ._learn import learn_dialect
from ._lines import Lines, fold_key
from ._locale import Locale
from ._machine import Event, run, run_layout, text_lines
from ._records import find_records
from ._tokens import Lexer, Tokens

_ENOUGH = 1.0
"""Score from which on a layout is taken for comments: articles without comments stay below it (see docs)."""
_ENOUGH_KNOWN = 0.5
"""The same for a layout that is known, whose headers have words of their own."""
_LEARNED = 0.5
"""What a learned layout is worth beside a known one."""
_UNSIGNED = 0.5
"""What wpDiscuz's own reading is worth on a page without any of its signs."""


@attrs.frozen
class Section:
    """The comments of a page in one dialect.

    Attributes:
        dialect: The dialect.
        headers: The comments' headers.
        events: What each line belongs to.
        score: How much it looks like a conversation.
    """

    dialect: Dialect
    headers: tuple[Header, ...]
    events: list[Event]
    score: float


def find_section(
    lines: Lines, tokens: Tokens, lexer: Lexer, locales: tuple[Locale, ...], dialect: Dialect | None, *, learn: bool
) -> Section:
    """The comment section of a page.

    Args:
        lines: The page.
        tokens: Its tokens.
        lexer: What read them.
        locales: Its languages.
        dialect: The only dialect to try, ``None`` for all.
        learn: Whether only a layout learned from the page counts; ``dialect`` is then ``None``.
    """
    page = Page(lines, tokens, lexer, locales)
    if learn:
        learned = learn_dialect(page)[0]
        return _nothing(lines, tokens) if learned is None else _layout_section(page, learned)
    if dialect is not None:
        return _layout_section(page, dialect) if dialect.is_layout else _own_section(lines, tokens, lexer, dialect)
    seen = "\n".join(lines.content)
    own = _own_section(lines, tokens, lexer, load_dialect("wpdiscuz"))
    if _is_unmistakable(own, seen):
        return own
    best = attrs.evolve(own, score=own.score * _UNSIGNED)
    for name in _layouts():
        known = load_dialect(name)
        if not known.signs or any(sign in seen for sign in known.signs):
            section = _layout_section(page, known)
            if section.score > max(best.score, _ENOUGH_KNOWN):
                best = section
    learned, score = learn_dialect(page)
    if learned is not None and score * _LEARNED > max(best.score, _ENOUGH):
        best = _layout_section(page, learned)
    return best


@cache
def _layouts() -> tuple[str, ...]:
    return tuple(name for name in dialect_names() if load_dialect(name).is_layout)


def _own_section(lines: Lines, tokens: Tokens, lexer: Lexer, dialect: Dialect) -> Section:
    """The comments as wpDiscuz writes them, with its tails."""
    records = find_records(lines, tokens, dialect, lexer)
    events = run(lines, tokens, records)
    texts = [
        measure_lines(lines.content[index] for index in text if lines.content[index])
        for text in text_lines(events, len(records.headers))
    ]
    names = [header.author for header in records.headers]
    times = [header.time for header in records.headers if header.time is not None]
    score = judge(names, texts, times, anchors=len(names), side="after")
    return Section(dialect, records.headers, events, score)


def _layout_section(page: Page, dialect: Dialect) -> Section:
    records = read_layout(page, dialect)
    headers = tuple(as_header(page, record) for record in records)
    texts = [as_lines(page, record) for record in records]
    events = run_layout(page.lines, page.tokens, headers, texts)
    score = judge_records(page, records)
    if len(records) == 1 and not is_headed(page, records):
        score = 0.0  # a byline
    return Section(dialect, headers, events, score)


def _is_unmistakable(section: Section, text: str) -> bool:
    """Whether a page shows what no other platform has: its words, doublets, markers that name people."""
    if not section.headers:
        return False
    authors = {header.author_key for header in section.headers}
    marked = sum(header.reply_to is not None and fold_key(header.reply_to) in authors for header in section.headers)
    doubled = sum("alt" in header.lines for header in section.headers)
    return (
        (marked > 0 and 10 * marked >= len(authors))
        or doubled > len(section.headers) / 2
        or any(sign in text for sign in section.dialect.signs)
    )


def _nothing(lines: Lines, tokens: Tokens) -> Section:
    return Section(load_dialect("wpdiscuz"), (), run_layout(lines, tokens, (), ()), 0.0)
