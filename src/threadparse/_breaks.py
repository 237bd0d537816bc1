"""Line breaks that stand elsewhere than a header's: lines are cut and joined there.

In: lines. Out: lines again, with each header on a line of its own, so that all later steps work as ever. Nothing is
moved: a line is a start in the same text.

Stack Exchange's comments ended with their header before 2023: "Thanks! – Ann May 3 '31 at 10:12". A browser, lynx and
others leave that on the text's own line. Only a header that opens with a sign is looked for ("–"): one that opens with
words can be prose. Where an extractor wraps lines, a time may begin on one and end on the next, as may such a header.
And some write a page's pieces without a blank between them: "AnnMay 3, 2031Thanks!ReplyDelete". Some that write
Markdown put an item of a list on one line: a comment's header, its text and its button. The links' addresses tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import attrs
import regex

from ._dialect import Dialect
from ._lines import Lines, visible
from ._locale import Locale
from ._pagelines import LONGEST_WRAPPED, SHORTEST_WRAPPED
from ._rows import MAX_STAMPED, line_pattern, words_of
from ._templates import STAMP
from ._times import Found

_LONGEST_REST = 90
"""Longest line below a wrapped one that belongs to the header, in code points: the time's end and a few words."""
_DIGIT = regex.compile(r"[0-9]")
_DIGIT_WITHIN = 12
"""Within how many code points the rest of a time has a digit."""
_LONGEST_HEAD = 150
"""Longest name with the time behind it where both are glued to a text, in code points."""
_CLOCK = regex.compile(r"[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?(?:\s?[AaPp]\.?[Mm]\.?)?")
_LIST_MARK = regex.compile(r"(?:[0-9]{1,4}\.|[•·*+o#-])\s+")
_MAX_TITLE = 4
"""Most lines of a wrapped title."""
_HALF_DAY = 5
"""Longest word for a half of the day with the blank before it: " a.m."."""
_LONGEST_DATE = 32
"""Longest line that is a date, in code points: "Wednesday, 23 September 2031,"."""
_LONGEST_CLOCK = 12
"""Longest line that is a clock time: "10:12:09 p.m."."""
_LONGEST_TAIL = 80
"""Longest line of buttons with a time behind them, in code points."""
_HANDLE = regex.compile(r"\(@[^()\s]{1,60}\)$")
_BELOW_HANDLE = 8
"""Lines below a handle among which the rest of a header stands, and above it those with the picture's words."""
_PERMALINK = regex.compile(
    r"\[([^\[\]]{1,60})\]\([^()\s]{0,500}(?:#comment-|[?&]replytocom=)[0-9]{1,12}[^()\s]{0,20}\)"
)
"""A link to one comment of WordPress: its time, or the button to reply."""
_BESIDE_LINK = 600
"""How much of a line is looked at beside a link, in code points: a button with its address."""
_ENOUGH = 14
"""How much behind a link may still be its time's, in code points: "at 10:12 p.m."."""
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


def join_wrapped_times(lines: Lines, find: Find, *, clocks: bool = False) -> Lines:
    """The same text with lines joined where a time was wrapped: "Ann wrote on May 3,", "2031 at 10:12".

    vBulletin 4 has a date and its clock time in two elements, which BeautifulSoup writes on lines of their own.

    Args:
        lines: The text.
        find: Finds a time in some words.
        clocks: Whether the page writes a date and its clock as two pieces, which some extractors put on a line each.
    """
    content = lines.content
    # Few lines are as long as wrapped ones, or close with a comma.
    some = [
        (at, words.endswith(","))
        for at, (raw, words, below) in enumerate(zip(lines.raw, content, content[1:], strict=False))
        if below and words and (len(raw) >= SHORTEST_WRAPPED or words.endswith(","))
    ]
    ends = {
        at: at + 2
        for at, is_open in some
        if _is_time_wrapped(lines, at, find) or (is_open and _is_time_in_two(content[at], content[at + 1], find))
    }
    for at in (at for at, words in enumerate(content) if clocks and _CLOCK.fullmatch(words)):
        above = next((above for above in (at - 1, at - 2) if above >= 0 and content[above]), None)
        if above is not None and _is_time_in_two(content[above], content[at], find):
            ends[above] = at + 1
    if not ends:
        return lines
    made = _Made(lines)
    index = 0
    while index < len(lines):
        after = ends.get(index)
        if after is None:
            made.keep(index)
        else:
            words = f"{lines.content[index]} {lines.content[after - 1]}"
            made.add(lines.starts[index], "\n".join(lines.raw[index:after]), words)
        index = after or index + 1
    return made.lines()


def _is_time_wrapped(lines: Lines, index: int, find: Find) -> bool:
    """Whether a time begins in a line and ends in the one below, which holds little more."""
    above, below = lines.content[index : index + 2]
    if len(above) > LONGEST_WRAPPED or len(below) > _LONGEST_REST or not _DIGIT.search(below, 0, _DIGIT_WITHIN):
        return False
    wrapped = lines.raw[index].rpartition("\n")[2]  # a link may have been wrapped above
    if not SHORTEST_WRAPPED <= len(wrapped) <= LONGEST_WRAPPED:
        return False
    time = find(f"{above} {below}")
    return time is not None and time.start < len(above) < time.end


def _is_time_in_two(above: str, below: str, find: Find) -> bool:
    """Whether a date is all of a line, and a clock time all of the one below: "May 3, 2031,", "10:12"."""
    if not above[0].isalnum() or len(above) > _LONGEST_DATE or len(below) > _LONGEST_CLOCK or not below[0].isdigit():
        return False
    words = f"{above} {below}"
    time = find(words)
    return time is not None and (time.start, time.end) == (0, len(words))


def join_wrapped_pingbacks(lines: Lines, locales: tuple[Locale, ...]) -> Lines:
    """The same text with the titles of pages joined that link here: "Pingback: How to", "mend a spout".

    Nothing but a title stands there, so that in a list a line below one that may be wrapped belongs to it if it begins
    where the word did.
    """
    words = tuple(f"{form}:" for form in words_of(locales)["pingback"])
    if not any(word in lines.text for word in words):
        return lines
    made = _Made(lines)
    index = 0
    while index < len(lines):
        content, after = lines.content[index], index + 1
        mark = _LIST_MARK.match(content)
        if mark is not None and content.startswith(words, mark.end()):
            column = lines.indent(index) + mark.end()
            while after < min(len(lines), index + _MAX_TITLE) and len(lines.raw[after - 1]) >= SHORTEST_WRAPPED:
                if not lines.content[after] or lines.indent(after) != column:
                    break
                after += 1
        if after == index + 1:
            made.keep(index)
        else:
            made.add(lines.starts[index], "\n".join(lines.raw[index:after]), " ".join(lines.content[index:after]))
        index = after
    return made.lines()


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

    made = _Made(lines)
    index = 0
    while index < len(lines):
        line, start = lines.raw[index], lines.starts[index]
        at = max(line.rfind(sign) for sign in signs)
        header, height = line[at:] if at >= 0 and len(line) - at <= MAX_STAMPED else "", 1
        if header and SHORTEST_WRAPPED <= len(lines.content[index]) <= LONGEST_WRAPPED and index + 1 < len(lines):
            wrapped = "\n".join((header, lines.raw[index + 1]))
            if is_header(_folded(wrapped)):
                header, height = wrapped, 2
        if not header or not is_header(_folded(header)):
            made.keep(index)
        elif line[:at].strip():
            made.add(start, line[:at].rstrip(), _folded(line[:at]))
            made.add(start + at, header, _folded(header))
        else:
            made.add(start, line[:at] + header, _folded(header))
        index += height
    return made.lines()


def cut_permalinks(lines: Lines, find: Find, locales: tuple[Locale, ...]) -> Lines:
    """The same text with its lines cut at links to a comment: "Ann says: [May 3](…) Thanks! [Reply](…)".

    Args:
        lines: The text, in Markdown.
        find: Finds a time in some words.
        locales: The text's languages.
    """
    if not lines.is_markdown or not any(mark in lines.text for mark in ("#comment-", "replytocom=")):
        return lines
    reply = line_pattern("@reply", locales)
    made = _Made(lines)
    for index, (start, line) in enumerate(zip(lines.starts, lines.raw, strict=False)):
        edges = _permalink_edges(line, find, reply) if "](" in line else []
        if not edges:
            made.keep(index)
        for first, after in pairwise([0, *edges, len(line)] if edges else ()):
            made.add(start + first, line[first:after].rstrip(), visible(line[first:after]))
    return made.lines()


def _permalink_edges(line: str, find: Find, reply: regex.Pattern[str]) -> list[int]:
    """Where a header's last line begins and ends that is a time with a link, and where a button below the text begins.

    Where nothing but a button follows, the header is on one line, and has no text there.
    """
    edges: list[int] = []
    for match in _PERMALINK.finditer(line):
        words = match[1].strip()
        above = visible(line[max(edges[-1] if edges else 0, match.start() - _BESIDE_LINK) : match.start()])
        below = visible(line[match.end() : match.end() + _BESIDE_LINK]).strip("-–—|· ")
        if not any(map(str.isalpha, above)):
            continue
        if reply.fullmatch(words):
            edges += [match.start()] if find(above) is None else []
        elif below and not reply.fullmatch(below) and _is_time(words, below[:_ENOUGH], find):
            edges += [match.start(), match.end()]
    return edges


def _is_time(words: str, below: str, find: Find) -> bool:
    """Whether some words are a time, of which nothing stands behind them."""
    time = find(f"{words} {below}")
    return time is not None and (time.start, time.end) == (0, len(words))


def _folded(line: str) -> str:
    return " ".join(line.split())


class _Made:
    """Lines of the same text, in the making."""

    def __init__(self, lines: Lines) -> None:
        self._old = lines
        self._starts: list[int] = []
        self._raw: list[str] = []
        self._content: list[str] = []
        self._alts: dict[int, str] = {}
        self._links: set[int] = set()

    def add(self, start: int, raw: str, content: str) -> None:
        """Add a line that begins at a place of the text."""
        self._starts.append(start)
        self._raw.append(raw)
        self._content.append(content)

    def keep(self, index: int) -> None:
        """Add a line as it was."""
        old = self._old
        if index in old.alts:
            self._alts[len(self._raw)] = old.alts[index]
        if index in old.links:
            self._links.add(len(self._raw))
        self.add(old.starts[index], old.raw[index], old.content[index])

    def lines(self) -> Lines:
        """The lines."""
        return attrs.evolve(
            self._old,
            starts=[*self._starts, self._old.starts[-1]],
            raw=self._raw,
            content=self._content,
            alts=self._alts,
            links=frozenset(self._links),
        )


def cut_glued(lines: Lines, marks: tuple[str, ...], find: Find) -> Lines:
    """The same text with the lines cut that hold comments without a blank between: "AnnMay 3, 2031Thanks!ReplyDelete".

    Args:
        lines: The text, not in Markdown.
        marks: What stands between two comments.
        find: Finds a time in some words.
    """
    if lines.is_markdown or not any(mark in lines.text for mark in _innermost(marks)):
        return lines
    present = sorted((mark for mark in marks if mark in lines.text), key=len, reverse=True)
    mark = regex.compile("|".join(map(regex.escape, present)))
    starts: list[int] = []
    for start, line in zip(lines.starts, lines.raw, strict=False):
        starts.append(start)
        starts.extend(start + at for at in _glued_edges(line, mark, find) if 0 < at < len(line))
    return begin_at(lines, starts)


@lru_cache(maxsize=64)
def _innermost(marks: tuple[str, ...]) -> tuple[str, ...]:
    """The marks that hold no other one: where none of these stands, no mark does."""
    return tuple(mark for mark in marks if not any(other in mark for other in marks if other != mark))


def _glued_edges(line: str, mark: regex.Pattern[str], find: Find) -> Iterator[int]:
    """Where the time, the text and the mark of each comment begin, and the next one's name; in order."""
    first = 0
    for match in mark.finditer(line):
        head = line[first : min(match.start(), first + _LONGEST_HEAD)]
        time = find(head)
        if time is not None:  # "2:06 PMI see": with nothing behind it, PM is a word
            ends = (find(head[: time.end + more]) for more in range(1, _HALF_DAY + 1))
            time = max(filter(None, ends), key=lambda found: found.end, default=time)
        if time is not None and time.start:
            yield from (first + time.start, first + time.end)
        if first < match.start() and (time is None or first + time.end < match.start()):
            yield match.start()
        yield match.end()
        first = match.end()


def cut_tails(lines: Lines, is_row: Callable[[str], bool], find: Find) -> Lines:
    """The same text with the lines cut where a time stands behind a comment's buttons: "2  Reply3 months ago".

    Args:
        lines: The text; one in Markdown is left alone.
        is_row: Whether some words are buttons and votes.
        find: Finds a time in some words.
    """
    if lines.is_markdown:
        return lines
    made = _Made(lines)
    for index, line in enumerate(lines.raw):
        time = find(line) if len(line) <= _LONGEST_TAIL else None
        row = "" if time is None or line[time.end :].strip() else line[: time.start]
        if is_row(row):
            made.add(lines.starts[index], row.rstrip(), _folded(row))
            made.add(lines.starts[index] + len(row), line[len(row) :], _folded(line[len(row) :]))
        else:
            made.keep(index)
    return made.lines()


def cut_handles(lines: Lines, is_below_name: Callable[[str], bool]) -> Lines:
    """The same text with the lines cut where a user's handle is glued to his name: "Ann Other(@ann)".

    Args:
        lines: The text.
        is_below_name: Whether a line may stand below a name.
    """
    if "(@" not in lines.text:
        return lines
    made = _Made(lines)
    for index, line in enumerate(lines.raw):
        handle = _handle(lines, index, is_below_name)
        if handle:
            name = lines.content[index].removesuffix(handle).rstrip()
            at = line.rindex(handle)
            made.add(lines.starts[index], line[:at], name)
            made.add(lines.starts[index] + at, line[at:], handle)
        else:
            made.keep(index)
    return made.lines()


def _handle(lines: Lines, index: int, is_below_name: Callable[[str], bool]) -> str:
    """The handle that closes a line which opens with a name; "" without. A picture's words are the name alone."""
    words = lines.content[index]
    match = _HANDLE.search(words) if words.endswith(")") and len(words) <= MAX_STAMPED else None
    if match is None or not match.start():
        return ""
    above = next(filter(None, reversed(lines.content[max(0, index - _BELOW_HANDLE) : index])), "")
    below = next(filter(None, lines.content[index + 1 : index + 1 + _BELOW_HANDLE]), "")
    return match[0] if above != words and is_below_name(below) else ""


def begin_at(lines: Lines, starts: Sequence[int]) -> Lines:
    """The same text with lines that begin at some places."""
    raw = [lines.text[first:after].rstrip() for first, after in pairwise([*starts, lines.starts[-1]])]
    content = [" ".join(line.split()) for line in raw]
    return attrs.evolve(lines, starts=[*starts, lines.starts[-1]], raw=raw, content=content)
