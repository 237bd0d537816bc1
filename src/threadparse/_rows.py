"""Lines to rows: the lines of a page that have words, with what a layout asks of them.

In: lines, tokens and the lexer that read them. Out: :class:`Page`. Blank lines, rules, pictures and a list's bare
numbers and pictures' files are stepped over, bullets and emphasis are off, and a time within a line is found.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import accumulate

import regex

from ._lines import GONE, Lines, fold_key, plain_name
from ._locale import KEYS, Locale
from ._names import DIGITS, EDGES, count_words, ends_sentence, ends_within, mask, mask_key
from ._templates import STAMP, compile_line
from ._times import Found
from ._tokens import Kind, Lexer, Tokens

MAX_STAMPED = 150
"""Longest header line that holds a time, in code points: titles of pages that link here, as names, and what follows."""
_MAX_TITLE = 4
"""Most times that a thread's title stands on its page without a "Re:"; names and ranks stand there more often."""
_MAX_SAYS = 12
"""Most spaces in what stands above a quotation: "On 5 May 2020 at 12:30, Ann Other said:"."""
_MAX_RE = 6
"""Most letters of what stands before an answer's title: "Re:", "Antw:"."""
MAX_LABEL = 48
"""Longest line of such a block, in code points."""
_MAX_VALUE = 100
"""Longest value of a fact that stands below its word: what forums let people write about where they are."""
_MAX_EDGE = 100
"""Longest line that may be furniture at the edge of a text, in code points."""
_IS_GONE = "|".join(map(regex.escape, GONE))
DECORATION = regex.compile(r"(?:(?:[•·◦▪□■○●►▸☆★◇◆*+o-]|#{1,6})\s+|(?!" + _IS_GONE + r")\[[^\[\]\s]{1,24}\]\s*)+(?=\S)")
"""A bullet, a heading's marks, the name of a picture's file in brackets; "[deleted]" stands for a name."""
_LIST_NUMBER = regex.compile(r"([0-9]{1,4})[.)]\s+(?=\S)")
_LIST_NUMBER_ALONE = regex.compile(r"([0-9]{1,4})[.)]")
_BARE = regex.compile(r"[0-9]{1,4}[.)]|[•·◦▪□■○●▸☆★◇◆]|[^\s/]{1,150}\.(?i:png|jpe?g|gif|webp|bmp)")
"""A line without words: a list's number or bullet, a picture's file."""
_PICTURE = regex.compile(r" ?\[[0-9a-f]{2,10}\](?!\S)")
"""A picture beside a name as w3m shows it, by its file's name."""
_EMPHASIS = regex.compile(r"\*\*|__|(?<!\w)[_`]+(?=\S)|(?<=\S)[_`]+(?!\w)")
_LEADING = regex.compile(r"^[^\w]+")
_STEPPED_OVER = frozenset({Kind.BLANK, Kind.RULE, Kind.IMAGE})
BUTTONS = frozenset({Kind.REPLY, Kind.BUTTON, Kind.HIDDEN, Kind.PAGER, Kind.SORT, Kind.BESIDE})
"""Kinds of lines that are furniture at the edge of a text."""
_NO_LABELS = BUTTONS | {Kind.FORM, Kind.SITE, Kind.EDITED, Kind.COUNT}
NO_NAMES = _NO_LABELS | {Kind.TIME, Kind.NUMBER, Kind.COUNT_LABEL, Kind.MARKER, Kind.MARKER_WORD, Kind.READ_MORE}


@lru_cache(maxsize=64)
def words_of(locales: tuple[Locale, ...]) -> dict[str, list[str]]:
    """What the lines of a dialect may name, in some languages."""
    words = {key: [form for locale in locales for form in locale.words.get(key, ())] for key in KEYS}
    return words | {"on": [form for locale in locales for form in locale.time.filler]}


@lru_cache(maxsize=64)
def known_roles(locales: tuple[Locale, ...]) -> frozenset[str]:
    """The roles of some languages, folded."""
    return frozenset(map(fold_key, words_of(locales)["role"]))


@lru_cache(maxsize=64)
def known_particles(locales: tuple[Locale, ...]) -> frozenset[str]:
    """The small words within names, as names have them."""
    return frozenset(words_of(locales)["particle"])


@lru_cache(maxsize=4096)
def line_pattern(template: str, locales: tuple[Locale, ...]) -> regex.Pattern[str]:
    """The pattern of a header's line; compiling one takes longer than matching it against a page."""
    return compile_line(template, words_of(locales), file="<dialect>", key="header")


class Page:
    """The lines of a page that have words, by position.

    Attributes:
        lines: The page.
        tokens: Its tokens.
        lexer: Reads times in the page's languages.
        locales: The page's languages.
        is_cut: Whether the text had no line breaks, so that the lines are guessed.
    """

    def __init__(
        self, lines: Lines, tokens: Tokens, lexer: Lexer, locales: tuple[Locale, ...], *, is_cut: bool = False
    ) -> None:
        self.lines = lines
        self.tokens = tokens
        self.lexer = lexer
        self.locales = locales
        self.is_cut = is_cut
        self._alike: dict[str, frozenset[int]] = {}
        self._fields: dict[tuple[int, int], bool] = {}

    @cached_property
    def at(self) -> list[int]:
        """The number of each line; not asked for where a page is surely wpDiscuz's."""
        return [
            index
            for index, (kind, content) in enumerate(zip(self.tokens.kinds, self.lines.content, strict=True))
            if kind not in _STEPPED_OVER and (" " in content or not _BARE.fullmatch(content))
        ]

    @cached_property
    def kinds(self) -> list[Kind]:
        """The kind of each line's token."""
        return [self.tokens.kinds[index] for index in self.at]

    @cached_property
    def words(self) -> list[str]:
        """The line without a list's bullet or number and without emphasis; made for layouts only."""
        content = self.lines.content
        return [self.bare(content[index]) for index in self.at]

    def bare(self, content: str) -> str:
        """A line without a list's bullet or number and without emphasis."""
        words = content
        if not words[0].isalpha() or words[0] == "o":  # one of the bullets is an "o"
            match = _LIST_NUMBER.match(words)
            if match is not None and not self._is_date(words, match.end()):
                words = words[match.end() :]
            words = DECORATION.sub("", words, count=1) if DECORATION.match(words) else words
        if "]" in words and len(words) <= MAX_STAMPED:
            words = _PICTURE.sub("", words) or words
        if words[-1] == "|" or words[0] == "|":  # the cells of a table in Markdown
            words = words.strip("| ") or words
        if self.lines.is_markdown or "**" in words:
            words = plain_name(_EMPHASIS.sub("", words)).strip() or content
        return words

    def _is_date(self, words: str, after: int) -> bool:
        """Whether the number before ``after`` is a date's and no list's: "26. May", but not "2. May Summers"."""
        time = self.lexer.times.find(words[:MAX_STAMPED])
        if time is None or time.start >= after:
            return False
        return DIGITS.search(words, after, time.end) is not None or not words[time.end :].strip(EDGES)

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def times(self) -> dict[int, Found]:
        """By position, in order: the time in a line, for the lines short enough to be a header's."""
        find = self.lexer.times.find
        found = {}
        for position, words in enumerate(self.words):
            if len(words) <= MAX_STAMPED and self.kinds[position] is not Kind.EDITED:
                time = find(words)
                if time is not None:
                    found[position] = time
        return found

    @cached_property
    def masks(self) -> list[str]:
        """Each line folded, with "{n}" for its numbers: what is alike in two records has the same mask."""
        return [mask_key(key) if len(key) <= _MAX_EDGE else "" for key in self.keys]

    @cached_property
    def stamped_masks(self) -> list[str]:
        """The masks with "{when}" in place of a line's time; the plain ones of lines that have none."""
        masks = list(self.masks)
        edits = (at for at, kind in enumerate(self.kinds) if kind is Kind.EDITED)
        edited = ((at, time) for at in edits if (time := self.lexer.times.find(self.words[at])) is not None)
        for position, time in (*self.times.items(), *edited):
            words = self.words[position]
            masks[position] = f"{mask(words[: time.start])} {{when}} {mask(words[time.end :])}".strip()
        return masks

    @cached_property
    def said_above(self) -> list[tuple[int, int]]:
        """By position, the end too: the words of all lines above it, and how many of them have a sentence's end."""
        counts = zip(map(count_words, self.words), map(ends_within, self.words), strict=True)
        return list(accumulate(counts, lambda above, own: (above[0] + own[0], above[1] + own[1]), initial=(0, 0)))

    @cached_property
    def _patterns(self) -> dict[str, regex.Pattern[str]]:
        return {}

    @cached_property
    def keys(self) -> list[str]:
        """Each line folded."""
        return list(map(fold_key, self.words))

    @cached_property
    def _joined(self) -> tuple[str, ...]:
        return tuple(sorted((fold_key(word) for word in words_of(self.locales)["joined"]), key=len, reverse=True))

    def pattern(self, template: str) -> regex.Pattern[str]:
        """The pattern of a header's line in the page's languages."""
        if template not in self._patterns:
            self._patterns[template] = line_pattern(template, self.locales)
        return self._patterns[template]

    def reading_like(self, template: str, *, is_timed: bool) -> frozenset[int]:
        """The lines short enough for a header that read like a template; many layouts ask for the same ones."""
        known = self._alike.get(template)
        if known is None:
            fits = self.pattern(template).fullmatch
            if is_timed:
                found = [position for position in self.times if fits(self.stamped(position))]
            else:
                found = [at for at, words in enumerate(self.words) if len(words) <= MAX_STAMPED and fits(words)]
            known = self._alike[template] = frozenset(found)
        return known

    def stamped(self, position: int) -> str:
        """A line with :data:`STAMP` in place of its time, if it has one."""
        words, time = self.words[position], self.times.get(position)
        return words if time is None else f"{words[: time.start]}{STAMP}{words[time.end :]}"

    def is_count(self, position: int) -> bool:
        """Whether a line says how many comments there are: "3 Comments", or "3" with "Comments" below."""
        kinds = self.kinds[position : position + 2]
        return kinds[0] is Kind.COUNT or kinds == [Kind.NUMBER, Kind.COUNT_LABEL]

    def number(self, position: int) -> int | None:
        """The number that a line holds, if it is a kind of line that holds one: "3 Comments"."""
        reading = self.tokens.readings.get(self.at[position])
        return None if reading is None else reading.number

    def answered(self, position: int) -> str:
        """Whom a line says that the comment answers ("Reply to Ann"), "" if it is no marker."""
        reading = self.tokens.readings.get(self.at[position]) if self.kinds[position] is Kind.MARKER else None
        return "" if reading is None else plain_name(reading.name or "")

    def list_number(self, position: int) -> int | None:
        """The number of the list item that a line opens, before its words or alone above; ``None`` if it opens none."""
        index = self.at[position]
        content = self.lines.content[index]
        match = _LIST_NUMBER.match(content) if content != self.words[position] else None  # "26. May" is a date
        above = range(self.at[position - 1] + 1 if position else 0, index)
        bare = (_LIST_NUMBER_ALONE.fullmatch(self.lines.content[at]) for at in reversed(above))
        match = match or next(filter(None, bare), None)
        return None if match is None else int(match[1])

    def opens_with(self, position: int, mark: str) -> bool:
        """Whether a line opens with a mark of Markdown: "#" for a heading, ">" for a quotation."""
        return self.lines.is_markdown and self.lines.raw[self.at[position]].startswith(mark)

    def indent(self, position: int) -> int:
        """Columns of white space to the left of a line."""
        return self.lines.indent(self.at[position])

    def is_field(self, position: int, width: int) -> bool:
        """Whether a line, or two, are a fact about an author: "Joined: 2015", or "Joined" and "2015" below."""
        known = self._fields.get((position, width))
        if known is None:
            known = self._fields[position, width] = self._reads_as_field(position, width)
        return known

    def _reads_as_field(self, position: int, width: int) -> bool:
        words = self.words[position]
        key = fold_key(words).rstrip(" :")
        if width == 2:
            return key in self._joined and len(self.words[position + 1]) <= _MAX_VALUE
        return len(words) <= MAX_STAMPED and self.is_fact(key)

    def is_fact(self, key: str) -> bool:
        """Whether folded words are a fact about an author with its value behind it: "posts: 12"."""
        if key in self._joined or not key.startswith(self._joined):
            return False
        word = next(word for word in self._joined if key.startswith(word))
        rest = key[len(word) :].lstrip()
        return rest.startswith(":") or DIGITS.search(rest) is not None

    @cached_property
    def called(self) -> frozenset[str]:
        """What stands before "said:" at a line's end, folded: the names of people who are quoted."""
        verbs = tuple(f" {fold_key(form)}" for form in words_of(self.locales)["says"])
        bare = (key.rstrip(": ") for key in self.keys if key.endswith(":") and len(key) <= MAX_STAMPED)
        return frozenset(key[: key.rindex(" ")].rstrip() for key in bare if key.endswith(verbs))

    @cached_property
    def _quoted(self) -> tuple[str, ...]:
        return tuple(fold_key(form.partition("{")[0].strip()) for form in words_of(self.locales)["quoted"])

    def opens_quote(self, position: int) -> bool:
        """Whether a line says that what follows is quoted, and perhaps from whom: "Originally Posted by Ann".

        The name may stand on the line below.
        """
        key = self.keys[position]
        is_opening = key.startswith(self._quoted) and len(key) <= MAX_STAMPED
        return is_opening or (position > 0 and self.keys[position - 1] in self._quoted)

    def is_named(self, position: int) -> bool:
        """Whether a line was cut off a text without line breaks as an author's name."""
        return self.at[position] in self.lines.names

    def is_rank(self, position: int) -> bool:
        """Whether a line is a role with a word before it: "Senior Member"."""
        head, _, word = self.keys[position].rpartition(" ")
        return bool(head) and word in known_roles(self.locales)

    @cached_property
    def _stands_at(self) -> dict[str, list[int]]:
        stands: dict[str, list[int]] = {}
        for position, words in enumerate(self.words):
            stands.setdefault(_LEADING.sub("", fold_key(words)), []).append(position)
        return stands

    def is_initial(self, position: int) -> bool:
        """Whether a line stands in place of a picture: a letter or two with which the name below opens, or nothing.

        What is left of a list's number and a mark that nobody sees is nothing.
        """
        words = self.keys[position]
        return len(words) <= 2 and position + 1 < len(self) and self.keys[position + 1].startswith(words[:1])

    def is_title(self, position: int, top: int | None = None) -> bool:
        """Whether a line is the thread's title again: it stood above, or does so after a "Re:".

        Args:
            position: The line.
            top: The line above which the title stands, where that is known.
        """
        key = self.keys[position]
        if len(key) > MAX_STAMPED or not any(map(str.isalpha, key)) or self.opens_quote(position):  # "+1" is an answer
            return False
        bare = key.partition(":")[2].lstrip() if key.find(":") in range(1, _MAX_RE) else key
        for words in {key, bare}:  # "HOWTO: ..." is a title itself
            stands = self._stands_at.get(_LEADING.sub("", words), [position])
            if stands[0] < (position if top is None else top) and (words != key or len(stands) <= _MAX_TITLE):
                return True
        return position > 0 and len(bare) > 2 and self.keys[0].startswith(bare)

    def opens_text(self, position: int) -> bool:
        """Whether a line surely belongs to a text, even if others open like it: "Ann said:", a "Re:" and a title."""
        for at in (position, position + 1):
            if at < len(self) and self.words[at].endswith(":") and self.words[at].count(" ") < _MAX_SAYS:
                return True
        return self.keys[position].find(":") in range(1, _MAX_RE)

    def is_label(self, position: int) -> bool:
        """Whether a line may stand in a header's block, beside the name: short, and no sentence."""
        words = self.words[position]
        is_sentence = ends_sentence(words) and any(map(str.isalnum, words))
        return len(words) <= MAX_LABEL and not is_sentence and self.kinds[position] not in _NO_LABELS
