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

from ._dialect import Dialect
from ._lines import Lines
from ._locale import Locale
from ._page import LONGEST_WRAPPED, SHORTEST_WRAPPED
from ._rows import MAX_STAMPED, line_pattern
from ._templates import STAMP
from ._times import Found

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
