"""A text to readings: the way from its lines to the trees of its comment sections, one step after the other.

In: a text, and what the caller said of its dialect, its languages and its moment. Out: a :class:`Reading` for each
section, the best one first; :mod:`threadparse._assembly` makes a thread of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import attrs

from ._breaks import (
    closing_templates,
    cut_closings,
    cut_glued,
    cut_handles,
    cut_permalinks,
    cut_tails,
    join_wrapped_pingbacks,
    join_wrapped_times,
)
from ._comments import Draft, build_drafts, trim_texts, uncut_short_texts, unnumbered
from ._conversation import Conversation
from ._detect import Languages, detect_locales
from ._dialect import Dialect, load_dialect
from ._events import Event
from ._flow import cut
from ._flowing import is_flowing
from ._headers import Header
from ._lines import Lines, split_lines
from ._locale import Locale
from ._nodes import build_nodes
from ._notes import language_notes, section_notes, tree_notes
from ._platform import (
    Section,
    Standing,
    closing_headers,
    find_sections,
    glued_marks,
    has_tail_times,
    signed_dialects,
    writes_clocks,
)
from ._resolve import ANY_MOMENT, Clock, day_first_evidence
from ._rows import Page
from ._tokens import Tokens, lexer_for
from ._tree import Edge, build_tree, open_doubtful
from ._values import Candidate, Note

LEARNED = "learned"
"""Asks for the layout that the page itself shows, whatever dialects fit."""
_ROOT = Edge(None, 1.0, (Candidate(None, 1.0),), 0)
"""The place of every comment on a platform that shows no answers."""


@attrs.frozen
class Reading:
    """Everything between a text and a thread; ``explain`` shows it."""

    lines: Lines
    dialect: Dialect
    standing: Standing
    locales: tuple[Locale, ...]
    tokens: Tokens
    headers: tuple[Header, ...]
    events: list[Event]
    drafts: list[Draft]
    day_first: bool | None
    conversation: Conversation
    clock: Clock
    edges: list[Edge]
    notes: list[Note]


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
        yield attrs.evolve(reading, notes=[*section_notes(page, section, sections), *reading.notes])


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
        if has_tail_times(text, dialect):
            lines = cut_handles(cut_tails(lines, lexer.is_row, lexer.times.find), lexer.is_beside_name)
        closings = closing_headers(text) if dialect is None else closing_templates([dialect])
        clocks = writes_clocks(text) if dialect is None else dialect.has_clocks
        lines = join_wrapped_times(lines, lexer.times.find, clocks=clocks)
        lines = join_wrapped_pingbacks(lines, languages.locales)
        lines = cut_permalinks(lines, lexer.times.find, languages.locales)
        lines = cut_closings(lines, closings, lexer.times.find, languages.locales)
    return Page(lines, lexer.read(lines), lexer, languages.locales, is_cut=is_cut), languages


def _reading(
    page: Page, languages: Languages, section: Section, scraped_at: datetime | None, min_confidence: float
) -> Reading:
    """A section to comments and their tree."""
    locales, dialect = page.locales, section.dialect
    drafts = build_drafts(page.lines, section.tokens, section.headers, section.events, locales)
    drafts = uncut_short_texts(drafts) if dialect.has_word_limit else drafts
    drafts = unnumbered(trim_texts(drafts, dialect))
    day_first = day_first_evidence(draft.time for draft in drafts if draft.time is not None)
    clock = Clock(scraped_at or ANY_MOMENT, UTC, dialect.rounding, day_first=day_first)
    conversation = Conversation(build_nodes(drafts, clock))
    tree = [_ROOT] * len(drafts) if dialect.is_flat else build_tree(conversation)
    edges = open_doubtful(tree, min_confidence) if min_confidence else tree
    notes = [*language_notes(languages, drafts), *tree_notes(drafts, tree, edges)]
    return Reading(
        lines=page.lines,
        dialect=dialect,
        standing=section.standing,
        locales=locales,
        tokens=section.tokens,
        headers=section.headers,
        events=section.events,
        drafts=drafts,
        day_first=day_first,
        conversation=conversation,
        clock=clock,
        edges=edges,
        notes=notes,
    )
