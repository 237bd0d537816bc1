"""Headers that close a text on its last line: where that line would be cut.

In: lines, and the templates of such headers. Out: lines again, with each of these headers on a line of its own, so that
all later steps work as ever. Nothing is moved: a line is a start in the same text.

Stack Exchange's comments ended so before 2023: "Thanks! – Ann May 3 '31 at 10:12". A browser, lynx and others leave
that on the text's own line, and where lines are wrapped, the header may reach over two of them. Only a header that
opens with a sign is looked for ("–"): one that opens with words can be prose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import regex

from ._dialect import Dialect
from ._lines import Lines
from ._locale import Locale
from ._page import LONGEST_WRAPPED, SHORTEST_WRAPPED
from ._rows import MAX_STAMPED, line_pattern
from ._templates import STAMP
from ._times import Found

_LONGEST_REST = 60
"""Longest line below a wrapped one that belongs to the header, in code points: the time's end and a few words."""
_DIGIT = regex.compile(r"[0-9]")
_DIGIT_WITHIN = 12
"""Within how many code points the rest of a time has a digit."""
Find = Callable[[str], Found | None]


def closing_templates(dialects: Sequence[Dialect]) -> tuple[str, ...]:
    """The one-line headers of some dialects that stand below a text and open with a sign."""
    templates = {
        header.slots[0].template: None
        for dialect in dialects
        for header in dialect.headers
        if header.text == "before" and header.is_timed and len(header.slots) == 1
    }
    return tuple(template for template in templates if _sign(template))


def _sign(template: str) -> str:
    """The sign with which a template opens, ``""`` if it is a word or a field."""
    sign = template.partition("{")[0].strip()
    return "" if any(map(str.isalnum, sign)) or "@" in sign else sign


def cut_closings(lines: Lines, templates: Sequence[str], find: Find, locales: tuple[Locale, ...]) -> Lines:
    """The same text with its lines cut where one of some headers closes a text.

    Args:
        lines: The text; one with links in Markdown is left alone.
        templates: The headers.
        find: Finds a time in some words.
        locales: The text's languages.
    """
    signs = sorted({_sign(template) for template in templates if _sign(template) in lines.text})
    if not signs or "](" in lines.text:
        return lines
    patterns = [line_pattern(template, locales) for template in templates]

    def is_header(words: str) -> bool:
        time = find(words) if len(words) <= MAX_STAMPED else None
        if time is None:
            return False
        stamped = words[: time.start] + STAMP + words[time.end :]
        return any(pattern.fullmatch(stamped) for pattern in patterns)

    raw, content, starts, alts = list[str](), list[str](), list[int](), dict[int, str]()

    def add(start: int, line: str, words: str) -> None:
        starts.append(start)
        raw.append(line)
        content.append(words)

    index = 0
    while index < len(lines):
        line, start, words = lines.raw[index], lines.starts[index], lines.content[index]
        at = max(line.rfind(sign) for sign in signs)
        header, height = line[at:] if at >= 0 and len(line) - at <= MAX_STAMPED else "", 1
        if header and SHORTEST_WRAPPED <= len(words) <= LONGEST_WRAPPED and index + 1 < len(lines):
            wrapped = lines.text[start + at : lines.starts[index + 2]].rstrip()
            if is_header(_folded(wrapped)):
                header, height = wrapped, 2
        if header and is_header(_folded(header)):
            if line[:at].strip():
                add(start, line[:at].rstrip(), _folded(line[:at]))
            add(start + at, header, _folded(header))
        else:
            alts |= {len(raw): lines.alts[index]} if index in lines.alts else {}
            add(start, line, words)
        index += height
    return attrs.evolve(lines, raw=raw, content=content, starts=[*starts, lines.starts[-1]], alts=alts)


def _folded(line: str) -> str:
    return " ".join(line.split())


def join_wrapped_times(lines: Lines, find: Find) -> Lines:
    """The same text with lines joined where a time was wrapped: "Ann wrote on May 3,", "2031 at 10:12"."""
    raw, content, starts = list[str](), list[str](), list[int]()
    alts, links = dict[int, str](), set[int]()
    index = 0
    while index < len(lines):
        height = 2 if index + 1 < len(lines) and _is_time_wrapped(lines, index, find) else 1
        alts |= {len(raw): lines.alts[index]} if index in lines.alts else {}
        links |= {len(raw)} if index in lines.links else set()
        starts.append(lines.starts[index])
        raw.append("\n".join(lines.raw[index : index + height]))
        content.append(" ".join(lines.content[index : index + height]))
        index += height
    if len(raw) == len(lines):
        return lines
    starts.append(lines.starts[-1])
    return attrs.evolve(lines, raw=raw, content=content, starts=starts, alts=alts, links=frozenset(links))


def _is_time_wrapped(lines: Lines, index: int, find: Find) -> bool:
    """Whether a time begins in a line and ends in the one below, which holds little more."""
    above, below = lines.content[index : index + 2]
    if not 0 < len(below) <= _LONGEST_REST or not above or not _DIGIT.search(below, 0, _DIGIT_WITHIN):
        return False
    if not SHORTEST_WRAPPED <= len(lines.raw[index]) <= LONGEST_WRAPPED or len(above) > LONGEST_WRAPPED:
        return False
    time = find(f"{above} {below}")
    return time is not None and time.start < len(above) < time.end
