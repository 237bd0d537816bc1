"""Lines to tokens: what each line is, judged by itself.

In: :class:`~threadparse._lines.Lines`, a dialect and locales. Out: :class:`Tokens`, one kind per line, and what was
read in it. A token never looks at its neighbours: "Reply" is the reply button here, even where it is somebody's name.
The state machine, which knows the neighbours, decides.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from functools import lru_cache

import attrs
import regex

from ._dialect import Dialect
from ._lines import GONE, SHORT, Lines, fold_key, without_format
from ._locale import KEYS, Locale
from ._templates import STAMP, Template, compile_line, compile_template, placeholders
from ._times import Found, TimeReader


class Kind(enum.IntEnum):
    """What a line can be by itself."""

    BLANK = 0
    TEXT = 1
    TIME = 2
    MARKER = 3
    """"Reply to X"."""
    MARKER_WORD = 4
    """"Reply to", with the name on another line."""
    NUMBER = 5
    REPLY = 6
    HIDDEN = 7
    EDITED = 8
    READ_MORE = 9
    COUNT = 10
    COUNT_LABEL = 11
    ROLE = 12
    BUTTON = 13
    SORT = 14
    FORM = 15
    PAGER = 16
    RULE = 17
    """No letter and no digit."""
    SITE = 18
    IMAGE = 19
    VOTE_WORD = 20
    """Votes, or a button to vote, without a number."""
    TAIL_TIME = 21
    """A time below a text, on a page where all stand there; the only kind that a line has by its neighbours."""
    EDIT_WORD = 22
    """"Last edited:", with the time on another line."""
    BESIDE = 23
    """A link to share a comment or to flag it, in its header or below it."""


UI_KINDS = frozenset({Kind.BUTTON, Kind.SORT, Kind.FORM, Kind.PAGER, Kind.RULE, Kind.COUNT_LABEL, Kind.BESIDE})
"""Kinds that are page furniture wherever they stand between comments."""

_KIND_OF_KEY = {
    "reply": Kind.REPLY,
    "role": Kind.ROLE,
    "button": Kind.BUTTON,
    "pager": Kind.PAGER,
    "sort": Kind.SORT,
    "form": Kind.FORM,
    "site": Kind.SITE,
    "read_more": Kind.READ_MORE,
    "count": Kind.COUNT,
    "count_label": Kind.COUNT_LABEL,
    "reply_to": Kind.MARKER,
    "edited": Kind.EDITED,
    "hidden_replies": Kind.HIDDEN,
    "shown_replies": Kind.BUTTON,
    "votes": Kind.NUMBER,
    "picture": Kind.IMAGE,
    "beside": Kind.BESIDE,
}
"""The kind of a line that consists of a form of this key; the other keys name words inside of lines."""
_ROW_KINDS = (
    Kind.REPLY, Kind.HIDDEN, Kind.SORT, Kind.PAGER, Kind.FORM, Kind.BUTTON, Kind.BESIDE, Kind.NUMBER,
)  # fmt: skip
"""Kinds that stand in rows ("Reply - Share"), the one that decides for the row first."""
_MAX_ROW = 120
"""Longest row of buttons, in code points; the longest seen has 75."""
_COUNTED = frozenset({Kind.REPLY, Kind.HIDDEN, Kind.NUMBER, Kind.PAGER, Kind.BUTTON})
"""Kinds of rows that may hold a number."""
_BELOW_NAMES = frozenset({Kind.TIME, Kind.ROLE, Kind.MARKER, Kind.MARKER_WORD, Kind.BESIDE})
_HEAD = 3
"""Letters by which most lines are told from those that open with a known word; of shorter words, all."""
_MOST_KNOWN = 4096
"""Lines whose tokens are kept from page to page."""
_BRACKETS = {"[": "]", "(": ")"}
_MARKS = regex.compile(r"(?![?!.,\u2026])[\p{P}\p{Z}\p{Sm}\p{Sk}\p{Cf}\u2500-\u257f|]")
"""Punctuation and lines, but no emoji, and no "?!": those are somebody's words."""
_MAX_BRACKET = 24
"""Longest file name that w3m and lynx put in brackets for a picture, in code points."""

_BRACKETED = regex.compile(r"\((?:[0-9]{1,6} \p{L}{1,30}|@[^()]{1,60})\)")
"""Words in brackets that are no mere punctuation: "(3 children)", "(@ann)"."""
_LETTER_BULLET = "o "
"""A list's bullet of lynx that looks like a word."""
_LIST_MARK = regex.compile(r"(?:[0-9]{1,4}[.)]|[•◦▪□■○●▸☆★◇◆*+o-])\s+")
_NUMBER = regex.compile(r"[-+\u2212]?[0-9]{1,3}(?:[.,]?[0-9]{1,3}){0,3}[kKmM]?")
_DIGITS = {ord(d): str(i) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for i, d in enumerate(digits)}


@attrs.frozen
class Reading:
    """What was read in a line.

    Attributes:
        name: Name in a marker or an edit.
        when: Words of the time in an edit.
        number: Votes, a count of comments or of hidden replies.
        time: The time that the line is.
    """

    name: str | None = None
    when: str | None = None
    number: int | None = None
    time: Found | None = None


@attrs.frozen
class Tokens:
    """The tokens of a text, line by line.

    Attributes:
        kinds: The kind of each line.
        readings: By line, for the lines in which something was read.
    """

    kinds: list[Kind]
    readings: dict[int, Reading]


class Lexer:
    """Reads lines in the words of one dialect and some locales; the first locale wins where two disagree.

    Attributes:
        times: Reads times.
        header_lines: The patterns of the dialect's header lines that hold more than one field, by template.
        marker_words: The words of a marker without its name, as keys; in Chinese the reply button is such a word too.
        phrases: Whole lines without anything but numbers that vary, as keys with "0" for them, with their kinds.
        first_words: Their first words.
        verbs: Words between a name and its time, folded: "says", "Posted".
        edit_links: Words between the time and the name in "Last edited ... by ...".
        stand_ins: The words of pictures that stand in for an author's, as keys: "trackback".
    """

    def __init__(self, dialect: Dialect, locales: Sequence[Locale]) -> None:
        self.times = TimeReader([locale.time for locale in locales])
        words = {key: [form for locale in locales for form in locale.words.get(key, ())] for key in KEYS}
        words["on"] = [form for locale in locales for form in locale.time.filler]
        self.header_lines = {
            slot.template: compile_line(slot.template, words, file=dialect.file, key="header")
            for shape in dialect.headers
            for slot in shape.slots
            if not slot.is_simple
        }
        self.marker_words: set[str] = set()
        self._known: dict[str, tuple[Kind, Reading | None]] = {}
        self._exact: dict[str, Kind] = {}
        self._templates: list[tuple[Kind, Template]] = []
        for key, forms in _all_forms(dialect, locales):
            for form in forms:
                self._add(_KIND_OF_KEY[key], form, file=dialect.file, key=key)
        self._by_start, self._by_end = _by_edges([template for _, template in self._templates])
        self.phrases = _phrases(self._exact, self._templates)
        self.first_words = frozenset(phrase.partition(" ")[0] for phrase in self.phrases)
        self.stand_ins = frozenset(map(fold_key, dialect.lines.get("stand_in", ())))
        self._long = frozenset(len(phrase) for phrase in self._exact if len(phrase) > SHORT)
        self.edit_links = frozenset(filter(None, (_between(template.source) for _, template in self._templates)))
        verbs = {fold_key(form) for form in (*words["says"], *words["posted"])}
        self.verbs = tuple(sorted(verbs, key=lambda form: -len(form)))
        self._row_words = _by_first_letter(self._exact)
        words_that_open = (word for starts in self._by_start.values() for word, _ in starts)
        self._ends = tuple({word for ends in self._by_end.values() for word, _ in ends})
        self._longest_end = max(map(len, self._ends), default=1)
        self._heads = frozenset(word[:_HEAD] for word in (_LETTER_BULLET, *self._exact, *words_that_open))

    def read(self, lines: Lines) -> Tokens:
        """The tokens of all lines."""
        kind_of = dict.fromkeys(lines.content, Kind.TEXT)
        reading_of: dict[str, Reading] = {}
        for content in kind_of:
            if len(content) <= SHORT and not self._is_prose(content):
                kind_of[content], reading = self._known.get(content) or self._learned(content)
                if reading is not None:
                    reading_of[content] = reading
            elif len(content) in self._long:
                kind_of[content] = self._exact.get(fold_key(content), Kind.TEXT)
        kinds = list(map(kind_of.__getitem__, lines.content))
        readings = {index: reading_of[line] for index, line in enumerate(lines.content) if line in reading_of}
        for index in lines.links:  # a marker whose words the extractor dropped: only the link to the parent is left
            if kinds[index] is Kind.TEXT:
                kinds[index], readings[index] = Kind.MARKER, Reading(name=lines.content[index])
        for index in lines.alts:
            kinds[index] = Kind.IMAGE
        return Tokens(kinds, readings)

    def _learned(self, content: str) -> tuple[Kind, Reading | None]:
        """What a line is; kept if it is no text, since buttons and times come back on the next page."""
        token = self._token(content)
        if token[0] is not Kind.TEXT:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[content] = token
        return token

    def is_beside_name(self, content: str) -> bool:
        """Whether a line stands below a name in a header: a time, a role, a marker, a link to share the comment."""
        return bool(content) and self._token(content)[0] in _BELOW_NAMES

    def is_row(self, words: str) -> bool:
        """Whether some words are a comment's reply button, alone or in a row with votes."""
        key = fold_key(" ".join(words.split()))
        return bool(key) and self._token(key)[0] is Kind.REPLY

    def _is_prose(self, content: str) -> bool:
        """Whether a line can be nothing but text, by the letters it opens and closes with; so it is with most lines."""
        head = content[:_HEAD].lower()
        if not (head.isascii() and head[:1].isalpha()):
            return False
        if head in self._heads or head[:2] in self._heads or head[0] in self._heads:
            return False
        last_letters = content[-self._longest_end :]
        if (last_letters.lower() if last_letters.isascii() else fold_key(content)).endswith(self._ends):
            return False
        return not self.times.may_be(content)

    def _add(self, kind: Kind, form: str, *, file: str, key: str) -> None:
        template = compile_template(form, file=file, key=key)
        if "{" in form:
            self._templates.append((kind, template))
        else:
            self._exact.setdefault(fold_key(" ".join(form.split())), kind)
        if kind is Kind.HIDDEN and "{n}" in form:
            self._exact.setdefault(fold_key(form.replace("({n})", "").replace("{n}", "").strip()), kind)
        if kind is Kind.EDITED and form.endswith("{when}") and form.count("{") == 1:
            self._exact.setdefault(template.prefix, Kind.EDIT_WORD)
        if kind is Kind.MARKER:
            for word in (template.prefix, template.suffix):
                if len(word) > 1:
                    self.marker_words.add(word)
                    self._exact.setdefault(word, Kind.MARKER_WORD)

    def _token(self, content: str) -> tuple[Kind, Reading | None]:
        key = fold_key(content)
        if not key:  # nothing, or nothing but format characters
            return Kind.BLANK, None
        kind = self._exact.get(key)
        if kind is Kind.NUMBER:  # "Votes" or "Vote up" without a number
            return Kind.VOTE_WORD, None
        if kind is not None:
            return kind, self._reading_of_exact(content)
        if self._is_site(key):
            return Kind.SITE, None
        is_word = key[0].isalpha()
        number = None if is_word else read_number(key)
        if number is not None:
            return Kind.NUMBER, Reading(number=number)
        time = self.times.read(content)
        if time is not None:
            return Kind.TIME, Reading(time=time)
        may_be_row = (
            len(key) <= _MAX_ROW
            and key not in GONE
            and (not is_word or key.startswith(self._row_words.get(key[0], ())))
        )
        found = (self._row(key) if may_be_row else None) or self._match_templates(content, key)
        return found or self._closed_count(key) or self._listed_reply(key) or (Kind.TEXT, None)

    def _closed_count(self, key: str) -> tuple[Kind, Reading] | None:
        """A count of comments with a mark behind it, as themes write it: "35 Comments »", "24 comments:"."""
        if key[-1] not in "»:" or not key[0].isdigit():
            return None
        key = key.rstrip("»: ")
        found = self._match_templates(key, key) if key else None
        return found if found is not None and found[0] is Kind.COUNT else None

    def _listed_reply(self, key: str) -> tuple[Kind, None] | None:
        """The reply button of a theme that has it above the name, behind the list's mark: "2. Reply", "o Reply"."""
        mark = _LIST_MARK.match(key)
        is_reply = mark is not None and self._exact.get(key[mark.end() :]) is Kind.REPLY
        return (Kind.REPLY, None) if is_reply else None

    def _is_site(self, key: str) -> bool:
        """Whether a line is a site's word with a full stop or a colon."""
        return key[-1] in ".:" and self._exact.get(key.rstrip(" .:")) is Kind.SITE

    def _reading_of_exact(self, content: str) -> Reading | None:
        """A phrase like "right now" may be a button's word too: the time is kept beside the kind."""
        time = self.times.read(content)
        return None if time is None else Reading(time=time)

    def _match_templates(self, content: str, key: str) -> tuple[Kind, Reading] | None:
        first = key[0]
        starts, ends = self._by_start.get("0" if first.isdigit() else first), self._by_end.get(key[-1])
        fitting = [i for word, i in starts if key.startswith(word)] if starts else []
        if ends:
            fitting += [i for word, i in ends if key.endswith(word)]
        if not fitting:
            return None
        content = content if content.isascii() else without_format(content)
        chosen = [self._templates[i] for i in sorted(set(fitting))]
        has_when = any("{when}" in template.source for _, template in chosen)
        time = self.times.find(content, inside=True) if has_when else None
        stamped = None if time is None else f"{content[: time.start]}{STAMP}{content[time.end :]}"
        for kind, template in chosen:
            line = stamped if "{when}" in template.source else content
            match = None if line is None else template.pattern.fullmatch(line)
            if match is None:
                continue
            groups = match.groupdict()
            number, name = groups.get("n"), groups.get("name")
            has_when = "when" in groups and time is not None
            return kind, Reading(
                name=None if name is None else name.strip(),
                when=content[time.start : time.end] if has_when and time is not None else None,
                number=None if number is None else read_number(number.replace(" ", "")),
                time=time if has_when else None,
            )
        return None

    def _row(self, key: str) -> tuple[Kind, Reading | None] | None:
        """A row of buttons, sort words or votes: known phrases with nothing but punctuation between them."""
        at, numbers, found = 0, list[int | None](), set[Kind]()
        while at < len(key):
            char = key[at]
            if char in _BRACKETS and (end := key.find(_BRACKETS[char], at, at + _MAX_BRACKET)) > 0:
                if char == "(" and key[at + 1 : end].isdigit():
                    numbers.append(int(key[at + 1 : end]))
                if self._exact.get(key[at + 1 : end].strip()) is Kind.REPLY:  # no picture's name: "(Reply) (Thread)"
                    found.add(Kind.REPLY)
                at = end + 1
            elif char.isdigit() or (char in "-+" and key[at + 1 : at + 2].isdigit()):
                match = _NUMBER.match(key, at)
                if match is None:
                    return None
                numbers.append(read_number(match.group()))
                at = match.end()
            elif (marks := _MARKS.match(key, at)) is not None:
                at = marks.end()
            else:
                phrase = next((p for p in self._row_words.get(char, ()) if key.startswith(p, at)), None)
                if phrase is None:
                    return None
                found.add(self._exact[phrase])
                at += len(phrase)
        return _row_token(key, found, numbers)


def _row_token(key: str, found: set[Kind], numbers: list[int | None]) -> tuple[Kind, Reading | None] | None:
    """What a row is that holds these kinds of phrases and these numbers."""
    if not found:
        if not numbers:
            return None if _BRACKETED.fullmatch(key) else (Kind.RULE, None)
        return (Kind.HIDDEN, Reading(number=numbers[0])) if key == f"({numbers[0]})" else None
    kind = next(kind for kind in _ROW_KINDS if kind in found)
    if not numbers:
        return (Kind.BUTTON if kind is Kind.NUMBER else kind), None
    if len(numbers) > 1:
        return (Kind.PAGER, None) if Kind.PAGER in found else None
    return (kind, Reading(number=numbers[0])) if kind in _COUNTED else None


@lru_cache(maxsize=64)
def lexer_for(dialect: Dialect, locales: tuple[Locale, ...]) -> Lexer:
    """The lexer of a dialect and locales; building one takes longer than reading a page with it."""
    return Lexer(dialect, locales)


def read_number(text: str) -> int | None:
    """A whole number as pages write it: ``"-3"``, ``"1,204"``, ``"1.4K"``; ``None`` if it is none."""
    if len(text) > 16 or not text or not (text[-1].isalnum()):
        return None
    text = text.translate(_DIGITS)
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    digits = text.replace("\u2212", "-").replace(",", ".")
    scale = {"k": 1_000, "m": 1_000_000}.get(digits[-1].lower())
    if scale is not None:
        return round(float(digits[:-1]) * scale) if digits.count(".") <= 1 else None
    head, _, tail = digits.rpartition(".")
    if head and len(tail) != 3:
        return None
    return int(digits.replace(".", ""))


def _all_forms(dialect: Dialect, locales: Sequence[Locale]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Keys and forms, the most telling keys first: an early form wins where two keys share one."""
    for words in (dialect.lines, *(locale.words for locale in locales)):
        for key in _KIND_OF_KEY:
            if key in words:
                yield key, words[key]


_Edges = dict[str, list[tuple[str, int]]]


def _by_edges(templates: Sequence[Template]) -> tuple[_Edges, _Edges]:
    """The first words of templates by their first letter, and the last words of those that open with a name or title.

    All digits are "0"; a template that opens with a number stands there without a first word.
    """
    starts: _Edges = {}
    ends: _Edges = {}
    for i, template in enumerate(templates):
        start, end = fold_key(template.prefix).partition(" ")[0], fold_key(template.suffix).rpartition(" ")[2]
        if start:
            starts.setdefault("0" if start[0].isdigit() else start[0], []).append((start, i))
        elif template.source.startswith("{n}"):
            starts.setdefault("0", []).append(("", i))
        if end and not start:
            ends.setdefault(end[-1], []).append((end, i))
    return starts, ends


def _phrases(exact: dict[str, Kind], templates: Sequence[tuple[Kind, Template]]) -> dict[str, Kind]:
    """What a run of words in a text without line breaks can be: a whole line, or the beginning of one with a name."""
    found: dict[str, Kind] = {}
    for kind, template in templates:
        if kind is Kind.EDITED and len(template.prefix) > 1:
            found[template.prefix] = kind
        if set(placeholders(template.source)) == {"n"}:
            found[fold_key(" ".join(template.source.replace("{n}", "0").split()))] = kind
    return found | {phrase: kind for phrase, kind in exact.items() if kind is not Kind.EDIT_WORD}


def _between(source: str) -> str:
    """The literal between the time and the name in the template of an edit."""
    _, _, behind = source.partition("{when}")
    return fold_key(behind.partition("{name}")[0].strip()) if "{name}" in behind else ""


def _by_first_letter(exact: dict[str, Kind]) -> dict[str, tuple[str, ...]]:
    """The phrases that can stand in a row, longest first, by their first letter."""
    phrases: dict[str, list[str]] = {}
    for phrase, kind in exact.items():
        if kind in _ROW_KINDS:
            phrases.setdefault(phrase[0], []).append(phrase)
    return {letter: tuple(sorted(group, key=len, reverse=True)) for letter, group in phrases.items()}
