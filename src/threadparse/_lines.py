"""Text to lines: the first step.

In: any ``str``. Out: :class:`Lines`, parallel lists with one entry per line, which tile the text. Lines end at CR, LF
and CRLF only; ``str.splitlines`` breaks at eight more characters, and a comment may hold any of them.

A line's *content* is what a reader of the page saw: white space folded, and the traces of one extractor undone that
writes Markdown (html2text): links, images and headings become their words, icons (``__``) vanish, and a link that was
wrapped over several lines is one line again. Nothing here knows a language or a platform.
"""

from __future__ import annotations

import attrs
import regex

from ._notation import STRUCK, rewritten

SHORT = 200
"""Longest line that is looked at closely, in code points; header lines of all platforms seen are below 150."""
_FRONT = "---"
_MAX_FRONT = 60
"""Most lines of what clippings say about themselves above the page, between two such marks: "title: The pump"."""
_FRONT_LINE = regex.compile(r"\s*(?:- .*|[\w-]{1,40}:.*|[\s#].*|)")
_FIRST_LINES = 40
"""Lines in which a heading in Markdown ("# ") is looked for; below, it may be in somebody's text."""
_BOLD = 8
"""Pairs of asterisks from which on a text is Markdown: four bold words; people rarely write more."""
_NO_BREAK = "\u00a0"
"""A no-break space, which html2text makes a plain one: where one stands, people wrote the asterisks."""
HEADINGS = tuple("#" * level + " " for level in range(1, 7))
"""How a heading begins in Markdown."""
_HEADING_MARKS = "#_* "
"""What stands around a heading's words: its marks, those of an icon, emphasis."""
_TAB = 4
"""Columns of a tab: one level of a list in Markdown."""
_MAX_JOINED = 60
"""Most lines that one wrapped Markdown link may span; the longest row of share links seen spans 40."""

_DOT = "\u0307"
"""Turkish: CSS upper case and case folding leave dots and dotless letters where the word had others."""
_STRAY_FORMAT = regex.compile(r"(?<![^\s\p{Cf}])\p{Cf}+|\p{Cf}+(?![^\s\p{Cf}])|[\u200b\ufeff\u00ad]")
_FORMAT = regex.compile(r"\p{Cf}")
_PICTURE = regex.compile(
    r"(?:[•·◦▪□■○●▸☆★◇◆] ?|[0-9]{1,4}[.)] ?)?"
    r"(?:\[(?:[0-9a-f]{2,10}|svg|[^\[\]\s]{1,150}\.(?i:png|jpe?g|gif|webp|svg|bmp))\]){1,2}"
    r"|━{20,}"
)
"""A picture without words as w3m and lynx show it, by its file's name, in a list perhaps: "[853e]", "[map.png]", or
"[svg][853e]" where the page shows another one until it is loaded; or a
line across the page."""
# An address may hold the whole picture ("data:image/png;base64,..."). It is read once: no link begins within one.
_IMAGE = regex.compile(
    r"!\[((?:[^\[\]]|\[[^\[\]]{0,100}\]){0,400})\]\([^()]{0,99999}(?:\([^()]{0,400}\)[^()]{0,2000})?\)"
    r"|!\[\[[^\[\]]{1,400}\]\]"
)
"""A picture; in notes of Obsidian by its file alone: "![[ann.jpg]]"."""
_LINK = regex.compile(
    r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]{0,100}\]){0,400})\]\([^()]{0,99999}(?:\([^()]{0,400}\)[^()]{0,2000})?\)"
)
_TAG = regex.compile(r"""<(?:a (?:id|name)="[^"<>]{0,200}"></a|img [^<>]{1,1000}|!--[^<>]{1,200}--)>""")
"""What converters to Markdown leave without words: the target of a link, a picture with a size, a remark such as
docling's "image"."""
_LINE_BREAK = regex.compile(r"<br ?/?>")
"""A line's end that they leave where two stand one below the other."""
_COMMENT_LINK = regex.compile(r"\s*(?:__)?\[[^\[\]]{1,200}\]\([^()\s]{0,500}#comment-[0-9]{1,12}\)\s*")
_AUTOLINK = regex.compile(r"<(https?://(?:[^<>\s]|-\n(?=[^<>\s])){1,2000})>")
"""An address, which html2text wraps at its hyphens."""
_ICON = regex.compile(r"(?<![\w_])__(?!_|\w{1,80}__)(?=\w)")
"""An icon before a word; "__init__" is a word."""
_LONE_ICON = regex.compile(r"(?:(?:\*\*|__)(?:\s+|$))+|^\*\*(?=\w[^*]*$)")
"""Icons that open a line, which other extractors write as "**": alone, or right before a line without another one."""
_BOLD_WORDS = regex.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*]{1,200})(?<=\S)\*\*(?![\w*])")
_SLANTED = regex.compile(r"([*_])(?=[^\s*_])([^*_]{1,200})(?<=\S)\1")
_MARKS = ("*", "_")
_ICON_LINK = regex.compile(r"(?:\*\*|__|\s)+")
"""What is left of a link that is an icon."""
_QUOTED = regex.compile(r"^(?:> ?){1,9}", regex.MULTILINE)
_HEADING = regex.compile(r"^#{2,6} +(?=\S)", regex.MULTILINE)
"""A heading within a text; a single "#" is as often typed by somebody."""
_STARRED = regex.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*]{1,2000})(?<=[^\s\\])\*(?![\w*])")
"""Emphasis as most converters write it; html2text has "_", and leaves the asterisks that people write."""
_EMPHASIS = tuple(
    regex.compile(pattern)
    for pattern in (
        r"(?<!\w)\*\*(?=\S)([^*]{1,2000})(?<=\S)\*\*(?!\w)",
        r"(?<!\w)_(?=\S)([^_]{1,2000})(?<=\S)_(?!\w)",
        r"(?<!\w)~~(?=\S)([^~]{1,2000})(?<=\S)~~(?!\w)",
        r"`((?:[^`\n]|\n(?!\s)){1,400})`",
    )
)
_FIRST_ITEM = regex.compile(r"^[ \t]*+(?:[*+-]|[0-9]{1,3}\.) {1,3}(?![*-] )\S", regex.MULTILINE)
"""The first item of a list, most often of the menu; "* * *" is a line across the page."""
_LISTS_OF_HTML2TEXT = ("  * ", "  1. ")
_TABLE_OF_HTML2TEXT = "---|---"
"""How its lists and tables begin, as no other converter writes them."""
_GLUED_NAME = regex.compile(r"^((?:[0-9]{1,4}[.)] |[*+-] )?\*\*[^*]{1,100}\*\*)(?=\w)")
"""A bold name with the next word glued to it: "**Ann**says:"."""
_ESCAPE = regex.compile(r"\\([\\`*_{}\[\]()#+\-.!>|~])")
GONE = ("[deleted]", "[removed]", "(anonymous)")
"""What stands in place of a name or a text, on Reddit and LiveJournal; other words in brackets are pictures' names."""
_BREAK = regex.compile(r"\r\n?|\n")


@attrs.frozen
class Lines:
    """The lines of a text.

    Attributes:
        text: The whole text.
        starts: Start of each line, in code points; one more entry at the end: the length of the text.
        raw: Each line as it stands, without its end.
        content: Each line as a reader saw it; ``""`` for a line without visible text.
        alts: By line: alternative text of the picture that the line consists of.
        links: Lines that are nothing but a link to a comment.
        is_markdown: Whether the extractor wrote Markdown.
        is_plain_markdown: Whether it was not html2text, which has marks of its own for lists and emphasis.
        names: Lines that were cut off a text without line breaks as authors' names.
    """

    text: str
    starts: list[int]
    raw: list[str]
    content: list[str]
    alts: dict[int, str]
    links: frozenset[int]
    is_markdown: bool
    is_plain_markdown: bool = False
    names: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.raw)

    def indent(self, index: int) -> int:
        """Columns of white space to the left of a line."""
        raw = self.raw[index]
        margin = raw[: len(raw) - len(raw.lstrip())]
        return len(margin) + margin.count("\t") * (_TAB - 1)

    def is_piece(self, index: int) -> bool:
        """Whether a line was cut off the end of one of the text's."""
        start = self.starts[index]
        return start > 0 and self.text[start - 1] not in "\r\n"


def split_lines(text: str) -> Lines:
    """Split a text into lines; an empty text has none."""
    page = rewritten(text)
    raw, starts = _split(page)
    alts: dict[int, str] = {}
    links: frozenset[int] = frozenset()
    if "](" in page:
        raw, starts = _join_wrapped_links(raw, starts)
        content = [visible(line, index, alts) for index, line in enumerate(raw)]
        content = [_without_tags(line, " ").strip() for line in content]
        links = frozenset(index for index, line in enumerate(raw) if _COMMENT_LINK.fullmatch(line))
    else:
        content = [_folded(line) for line in raw]
    if "__" in content or "](" in page:
        content = [line.removeprefix("__").removesuffix("__").strip() if "__" in line else line for line in content]
    front = _front_lines(raw)
    content[:front] = [""] * front
    is_markdown = "](" in page or _has_heading(raw) or (text.count("**") >= _BOLD and _NO_BREAK not in text)
    if is_markdown:
        content = [_without_marks(line) if line[:1] in _MARKS or "**" in line else line for line in content]
        content = [line.strip(_HEADING_MARKS) if line.startswith(HEADINGS) else plain_name(line) for line in content]
    for index, line in enumerate(content if "]" in text or "━" in text else ()):
        if line.endswith(("]", "━")) and _PICTURE.fullmatch(line):
            content[index] = alts[index] = ""
    return Lines(
        text=text,
        starts=starts,
        raw=raw,
        content=content,
        alts=alts,
        links=links,
        is_markdown=is_markdown,
        is_plain_markdown="](" in page and not _is_by_html2text(page),
    )


def _is_by_html2text(page: str) -> bool:
    """Whether a page in Markdown has a table of html2text, or a list of its on top."""
    item = _FIRST_ITEM.search(page)
    return _TABLE_OF_HTML2TEXT in page or (item is not None and item[0].startswith(_LISTS_OF_HTML2TEXT))


def _front_lines(raw: list[str]) -> int:
    """How many lines at the top are a clipping's own: keys and values between two marks, none of them the page's."""
    if not raw or raw[0].rstrip() != _FRONT:
        return 0
    after = next((at for at in range(1, min(len(raw), _MAX_FRONT)) if raw[at].rstrip() == _FRONT), 0)
    return after + 1 if after and all(map(_FRONT_LINE.fullmatch, raw[1:after])) else 0


def _without_marks(line: str) -> str:
    """A line without icons around its words; a short one without the marks of emphasis, too."""
    icons = _LONE_ICON.match(line)
    line = (line if icons is None else line[icons.end() :]).removesuffix(" **")
    if len(line) > SHORT:
        return line
    line = _BOLD_WORDS.sub(r"\1", line)
    slanted = _SLANTED.fullmatch(line)
    return line if slanted is None else slanted[2]


def _has_heading(raw: list[str]) -> bool:
    """Whether a heading in Markdown stands near the top: between blank lines, or somebody wrote it into a text."""
    return any(
        raw[at].startswith(("# ", "## ")) and not any(map(str.strip, raw[max(0, at - 1) : at] + raw[at + 1 : at + 2]))
        for at in range(min(_FIRST_LINES, len(raw)))
    )


def fold_key(content: str) -> str:
    """The form under which a line's words are compared: case folded, without format characters."""
    key = content.casefold()
    if key.isascii():
        return key
    if not key.isprintable():  # as nothing is that has format characters
        key = _FORMAT.sub("", key)
    return key.replace("ı", "i").replace(_DOT, "")


def without_format(content: str) -> str:
    """A line without format characters that join nothing: those inside a name or an emoji stay."""
    return _STRAY_FORMAT.sub("", content)


def plain_name(content: str) -> str:
    """A line's words with Markdown's escapes undone."""
    return _ESCAPE.sub(r"\1", content) if "\\" in content else content


def _without_tags(text: str, end: str) -> str:
    """A text without what converters leave of HTML and of pictures; ``end`` takes the place of a line's end."""
    return _LINE_BREAK.sub(end, _TAG.sub("", text)) if "<" in text else text


def plain_text(text: str, *, is_starred: bool) -> str:
    """A text with Markdown undone: the words of links and headings, no emphasis, quotes without bars, no escapes.

    Args:
        text: The text.
        is_starred: Whether a single asterisk is a mark of emphasis.
    """
    text = _LINK.sub(r"\1", _IMAGE.sub("", _without_tags(text, "\n")))
    text = _AUTOLINK.sub(lambda match: match[1].replace("\n", ""), text)
    text = _ICON.sub("", text)
    text = _HEADING.sub("", _QUOTED.sub("", text))
    for marks in _EMPHASIS:
        text = marks.sub(r"\1", text)
    text = _STARRED.sub(r"\1", text) if is_starred else text
    return _ESCAPE.sub(r"\1", text)


def raw_lines(text: str) -> list[str]:
    """The lines as they stand, without their ends; an empty text has none, and none follows the last line's end."""
    if "\r" in text:
        return _split(text)[0]
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _split(text: str) -> tuple[list[str], list[int]]:
    """The lines without their ends, and their starts with the text's length behind the last one."""
    if not text:
        return [], [0]
    starts = [0]
    if "\r" not in text:
        raw = text.split("\n")
        at = 0
        for line in raw:
            at += len(line) + 1
            starts.append(at)
        starts[-1] -= 1
    else:
        raw = []
        for match in _BREAK.finditer(text):
            raw.append(text[starts[-1] : match.start()])
            starts.append(match.end())
        raw.append(text[starts[-1] :])
        starts.append(len(text))
    if not raw[-1]:  # the text ends with a line's end: no line follows it
        raw.pop()
        starts.pop()
    return raw, starts


def _join_wrapped_links(raw: list[str], starts: list[int]) -> tuple[list[str], list[int]]:
    """Lines with a link that closes some lines below become one line."""
    joined: list[str] = []
    joined_starts: list[int] = []
    index = 0
    while index < len(raw):
        after = _end_of_link(raw, index)
        joined.append(raw[index] if after == index + 1 else "\n".join(raw[index:after]))
        joined_starts.append(starts[index])
        index = after
    return joined, [*joined_starts, starts[-1]]


def _end_of_link(raw: list[str], index: int) -> int:
    """The line after the last one of the links in line ``index``; the next line if none is left open there.

    A picture with a link around it may span blank lines; where words stand before a link, it is within its paragraph.
    """
    if "[" not in raw[index]:
        return index + 1
    is_link = raw[index].lstrip().removeprefix("__").startswith(("[", "!["))
    brackets = parentheses = 0
    for after in range(index, min(index + _MAX_JOINED, len(raw))):
        line = raw[after]
        if not is_link and not line.strip():  # a paragraph ends
            break
        brackets += line.count("[") - line.count("]")
        parentheses += line.count("(") - line.count(")")
        if brackets <= 0 and parentheses <= 0:
            return after + 1 if after == index or "](" in "\n".join(raw[index : after + 1]) else index + 1
    return index + 1


def visible(line: str, index: int = 0, alts: dict[int, str] | None = None) -> str:
    """The words of a line that may hold Markdown.

    Args:
        line: The line.
        index: Its number.
        alts: Takes the alternative text of the picture that the line consists of.
    """
    if "](" not in line and "![[" not in line:
        words = _folded(line)
        return _GLUED_NAME.sub(r"\1 ", words) if "**" in words else words
    folded = " ".join(line.replace(STRUCK, "").split())
    alt = _IMAGE.search(folded)
    words = _LINK.sub(_words_of_link, _IMAGE.sub("", folded).replace(")[", ") ["))
    words = _LINK.sub(r"\1", words)
    words = " ".join(words.replace("__", " ").split()) if words.startswith(("_", " ")) or words.endswith("_") else words
    words = _GLUED_NAME.sub(r"\1 ", words)
    if alt and not words.strip("[]() \u00a0"):
        if alts is not None:
            alts[index] = alt.group(1) or ""
        return ""
    return words.strip()


def _folded(line: str) -> str:
    """A line's words; of a long one, within which white space does not matter, only the ends are looked at."""
    line = line.replace(STRUCK, "")
    return " ".join(line.split()) if len(line) <= SHORT else line.strip()


def _words_of_link(match: regex.Match[str]) -> str:
    """The words of a link, none if it is an icon."""
    words: str = match[1]
    return "" if _ICON_LINK.fullmatch(words) else words
