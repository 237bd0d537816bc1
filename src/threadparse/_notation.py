"""How converters write links, rewritten in the one way that is undone later: a text to one of the same length.

In: any ``str``. Out: a text with as many code points, in which each line stands where it stood. Links become those of
inline Markdown, ``[words](address)``, or nothing but their words: what is not the page's is *struck*, its code points
replaced by :data:`STRUCK`. Nothing here knows a page's language or its platform. Each notation is looked for by what
hardly anybody writes, and undone where there is enough of it: people write brackets and numbers, too.

====================================  =================================================================
``[12]Ann`` and a list of addresses   lynx, ELinks, links2
``[Ann][12]``, ``[12]: address``      html2text, turndown, pandoc with their links as references
``Ann [address]``                     html-to-text
``Ann    (address)``                  Resiliparse
``[Ann]{.fn}``, ``::: {#id}``         pandoc's Markdown
``<div id="12">``, ``</div>``         pandoc's and others' Markdown with what it has no marks for
====================================  =================================================================
"""

from __future__ import annotations

from itertools import pairwise

import regex

STRUCK = "\ufdd0"
"""Stands in place of what is struck: no character, as Unicode promises."""
_END = regex.compile(r"[\r\n]")
_FEW = 5
"""Links in a notation from which on a page is written in it: its menu has as many."""
_MANY = 10
"""The same where people write like that, too: numbers in brackets, addresses in brackets."""
_MOST_SKIPPED = 3
"""How far the numbers of two links may lie apart: links without words are counted and not shown."""
_NUMBER = regex.compile(r"\[([0-9]{1,5})\]")
_NUMBERED = regex.compile(r"(?<![\w.,;:!?\]])\[[0-9]{1,5}\](?=\w)")
"""The number of a link, which stands before its words; that of a note stands behind a word."""
_ADDRESS = r"(?:https?://|mailto:|javascript:|data:|www\.|/(?!\w{1,10}[)\]])|#(?![0-9]+[)\]])|\.{1,2}/|[\w./-]{0,100}\?\w{1,40}=)"
"""How an address begins; "#", "/" and "item?id=" lead within a page and a site. "(#12)" is the number of a comment,
"[/quote]" and "(/s)" are what people write."""
_LISTED = regex.compile(
    r"^[ \t]*+(?:References|Links:|Visible links:?|Hidden links:?)[ \t]*+$|^[ \t]*+[0-9]{1,5}\. (?:\w{2,12}:|/)\S*+$",
    regex.MULTILINE,
)
"""The list of the addresses below a page, and what the converters write above it."""
_DEFINED = regex.compile(
    rf"^[ \t]*+\[([^\[\]\n]{{1,200}}+)\]:[ \t]++<?{_ADDRESS}\S*+(?:[ \t]++(?:\"[^\"\n]*+\"|'[^'\n]*+'))?+[ \t]*+$",
    regex.MULTILINE,
)
"""An address with the label by which links refer to it."""
_REFERRING = regex.compile(r"(?<!\[[0-9]{1,5})\]\[([^\[\]]{0,200}+)\]")
"""The end of a link that refers to a label; "[1][2]" are two notes."""
_LABEL = regex.compile(r"(?<![\]!\\])\[([^\[\]]{2,200}+)\](?![\[(:])")
_BRACKETED = regex.compile(rf"(?: (?=\[[^\[\]\s]{{0,2100}}\](?!\w)))?+\[{_ADDRESS}[^\[\]\s]{{0,2000}}+\](?![(:\[])")
"""An address in brackets, with the blank before it unless a word follows."""
_BESIDE_ADDRESS = regex.compile(r"(?<![.!?…])  \((?:https?://|/)| \((?:\.{1,2}/|javascript:|\w{1,40}\?\w{1,40}=)")
"""How an address in parentheses begins that hardly anybody wrote: behind more than one blank, or within a site."""
_BESIDE = regex.compile(
    rf"(?<! ) *+\({_ADDRESS}[^()\s]{{0,2000}}+(?:\([^()\s]{{0,200}}+\)[^()\s]{{0,2000}}+)?+\)"
    r"|(?<=   )\(\)"
)
_ATTRIBUTE = r"\{(?:[.#][\w:-]|[\w-]{1,40}=\")"
"""How pandoc's attributes begin; a program's text goes on otherwise behind a bracket."""
_ATTRIBUTES = regex.compile(
    rf"(?<=[\]){STRUCK}]){_ATTRIBUTE}[^{{}}]{{0,1000}}+\}}|(?<=\S) {_ATTRIBUTE}[^{{}}\n]{{0,300}}+\}}$", regex.MULTILINE
)
_SPAN = regex.compile(r"(?<!!)\[([^\[\]]{0,400}+(?:\[[^\[\]]{0,200}+\][^\[\]]{0,400}+){0,4}+)\](?=" + _ATTRIBUTE + ")")
_DEEPEST_SPAN = 3
"""Most spans one within the other that are undone."""
_FENCE = regex.compile(
    r"^[ \t>]*+(?:(?:[0-9]{1,4}\.|[-*+])[ \t]++)?+\K:{3,}+(?:[ \t]*+\{[^{}]{0,1000}+\}|[ \t]++[\w-]++)?+[ \t]*+$",
    regex.MULTILINE,
)
_TAG = regex.compile(
    r"</?(?:abbr|article|aside|cite|dd|details|div|dl|dt|figcaption|figure|footer|header|label|li|main|nav|ol|p|section"
    r"|small|span|summary|svg|time|ul)(?:\s[^<>]{0,1000}+)?>"
)
"""Tags for which Markdown has no marks."""
_OPENING_TAG = regex.compile(rf"\s*+(?:{_TAG.pattern})[ \t]*+\n")
"""What a page with such tags opens with; further down they may be what somebody asks about."""
_HARD_BREAK = regex.compile(r"(?<![\\\n])\\$", regex.MULTILINE)


def rewritten(text: str) -> str:
    """A text with its links as inline Markdown has them, or as their words."""
    if "\r" not in text:
        return _rewritten(text)
    ends = _END.findall(text)
    lines = _rewritten(text.replace("\r", "\n")).split("\n")
    return "".join(part for line in zip(lines, [*ends, ""], strict=True) for part in line)


def _rewritten(text: str) -> str:
    """The same for a text whose lines all end at LF."""
    if "[" in text:
        if "[1]" in text and "[2]" in text:
            text = _without_numbers(text)
        if "][" in text and "]: " in text:
            text = _with_inline_links(text)
        if " [" in text and len(_BRACKETED.findall(text)) >= _MANY:
            text = _BRACKETED.sub(_strike, text)
        text = _without_pandoc(text)
    if " (" in text and len(_BESIDE_ADDRESS.findall(text)) >= _FEW:
        text = _BESIDE.sub(_strike, text)
    return text


def _strike(match: regex.Match[str]) -> str:
    """As much of nothing as fits a pattern; the ends of lines stay."""
    return "\n".join(STRUCK * len(line) for line in match[0].split("\n"))


def _without_numbers(text: str) -> str:
    """A text without the numbers of its links, which rise by one, and without the list of their addresses."""
    numbers = list(map(int, _NUMBER.findall(text)))
    rising = sum(0 < below - above <= _MOST_SKIPPED for above, below in pairwise([0, *numbers]))
    if len(_NUMBERED.findall(text)) < max(_MANY, len(numbers) / 2) or 4 * rising < 3 * len(numbers):
        return text
    last = end = 0

    def strike_next(match: regex.Match[str]) -> str:
        nonlocal last, end
        if not 0 < int(match[1]) - last <= _MOST_SKIPPED:
            return match[0]
        last, end = int(match[1]), match.end()
        is_behind_word = text[match.start() - 1 : match.start()].isalnum()  # as where a link ends
        return f" {_strike(match)[1:]}" if is_behind_word else _strike(match)

    text = _NUMBER.sub(strike_next, text)
    return text[:end] + _LISTED.sub(_strike, text[end:])


def _with_inline_links(text: str) -> str:
    """A text whose links have their addresses as Markdown's do, not elsewhere."""
    labels = {"", *_DEFINED.findall(text)}
    referring = [label for label in _REFERRING.findall(text) if label in labels]
    if len(referring) < max(_FEW, len(labels) / 2):
        return text
    words = {label for label in labels if label and not label.isdecimal()}
    used = words.union(referring)  # other numbers are notes that somebody wrote below his text
    text = _DEFINED.sub(lambda match: _strike(match) if match[1] in used else match[0], text)
    text = _REFERRING.sub(lambda match: _inline(match[1]) if match[1] in labels else match[0], text)
    return _LABEL.sub(lambda match: _unbracketed(match) if match[1] in words else match[0], text)


def _inline(label: str) -> str:
    """The end of an inline link, as long as one that refers to a label."""
    return f"]({STRUCK * len(label)})"


def _unbracketed(match: regex.Match[str]) -> str:
    return f"{STRUCK}{match[1]}{STRUCK}"


def _without_pandoc(text: str) -> str:
    """A text without pandoc's attributes, what only holds them, tags, and its mark at the ends of lines."""
    has_attributes = ("]{" in text or "){" in text) and len(_ATTRIBUTES.findall(text)) >= _FEW
    has_tags = "](" in text and _OPENING_TAG.match(text) is not None
    if has_attributes:
        text = _FENCE.sub(_strike, text)
        for _ in range(_DEEPEST_SPAN):
            text = _SPAN.sub(_unbracketed, text)
        text = _ATTRIBUTES.sub(_strike, text)
    if has_tags:
        text = _TAG.sub(_strike, text)
    return _HARD_BREAK.sub(_strike, text) if has_attributes or has_tags else text
