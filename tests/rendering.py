"""Write a conversation as the lines that an extractor makes of a wpDiscuz page.

A page is a sequence of pieces (a layout says in which order a comment's pieces come); a style says how one extractor
writes each kind of piece: its line or lines, indentation, blank lines around it, and where it wraps.
"""

from __future__ import annotations

import enum
import textwrap
from collections.abc import Iterable, Iterator, Mapping

import attrs

from conversations import Conversation, Remark
from languages import Language

NBSP = "\u00a0"
DEEPEST_LEVEL = 5
"""wpDiscuz nests no deeper by default; further replies are shown beside their parent."""


class Layout(enum.Enum):
    """The layouts of wpDiscuz: which pieces of a comment come in which order."""

    ONE = "one"
    TWO = "two"
    THREE = "three"
    OLD = "old"
    """Version 2.x: no marker, no avatar's text, the buttons in one line."""


class Kind(enum.Enum):
    """Kinds of pieces."""

    ARTICLE = enum.auto()
    COUNT = enum.auto()
    FORM = enum.auto()
    SORT = enum.auto()
    AVATAR = enum.auto()
    AUTHOR = enum.auto()
    ROLE = enum.auto()
    TIME = enum.auto()
    MARKER = enum.auto()
    PARAGRAPH = enum.auto()
    TRUNCATION = enum.auto()
    EDIT = enum.auto()
    VOTES = enum.auto()
    REPLY = enum.auto()
    OLD_BUTTONS = enum.auto()
    HIDDEN_REPLIES = enum.auto()
    MORE = enum.auto()
    FOOTER = enum.auto()


@attrs.frozen
class Piece:
    """Something that a page shows.

    Attributes:
        kind: What it is.
        text: What the page shows, in one line.
        level: How deep the page nests the comment that it belongs to.
    """

    kind: Kind
    text: str
    level: int = 0


@attrs.frozen(kw_only=True)
class Style:
    """How one extractor writes a page.

    Attributes:
        name: The extractor.
        shapes: For each kind that it does not just write as it is: the lines, with ``{}`` for the text.
        marker: How it writes a marker: the lines, with ``{words}`` and ``{name}``.
        blank_before: Kinds above which it leaves a blank line.
        blank_after: Kinds below which it leaves a blank line.
        width: Columns at which it wraps, ``None`` for never.
        margin: Spaces before every line.
        step: Spaces before a comment's lines for each level.
        has_avatars: Whether it writes the avatar's alternative text.
        truncation: How it writes a cut text, with ``{}`` for the text and ``{more}`` for "Read more".
    """

    name: str
    shapes: Mapping[Kind, tuple[str, ...]] = attrs.field(factory=dict)
    marker: tuple[str, ...] = ("{words} {name}",)
    blank_before: frozenset[Kind] = frozenset()
    blank_after: frozenset[Kind] = frozenset()
    width: int | None = None
    margin: int = 0
    step: int = 0
    has_avatars: bool = False
    truncation: tuple[str, ...] = (f"{{}}…{NBSP}{{more}}",)


_BODY = frozenset({Kind.PARAGRAPH, Kind.TRUNCATION, Kind.ARTICLE})
_ALL = frozenset(Kind)
_SPACED = dict.fromkeys((Kind.AUTHOR, Kind.TIME, Kind.COUNT), ("{} ",))
_LEADING = dict.fromkeys((Kind.TIME, Kind.REPLY), (" {}",))
_NBSP_MARKER = (f"{{words}}{NBSP} {{name}}",)
_PLAIN_MARKER = ("{words}  {name}",)

STYLES = (
    Style(
        name="resiliparse",
        marker=_NBSP_MARKER,
        blank_before=_BODY,
        blank_after=_BODY,
        has_avatars=True,
    ),
    Style(
        name="lynx",
        marker=_PLAIN_MARKER,
        blank_before=_BODY,
        blank_after=frozenset({Kind.ARTICLE}),
        width=74,
        margin=3,
        has_avatars=True,
        truncation=("{}… {more}",),
    ),
    Style(
        name="w3m",
        shapes={Kind.TIME: ("{}",), Kind.AUTHOR: ("{}", "  ")},
        marker=_PLAIN_MARKER,
        blank_before=_BODY,
        blank_after=_BODY,
        width=80,
        has_avatars=True,
        truncation=("{}… {more}",),
    ),
    Style(
        name="html2text",
        shapes={
            Kind.AVATAR: ("![{}](https://pages.example/avatar.png)",),
            Kind.TIME: ("__{}", "", "__"),
            Kind.EDIT: ("__{}",),
            Kind.HIDDEN_REPLIES: ("{}__",),
            Kind.SORT: ("{} __",),
        },
        marker=("__{words}   {name}",),
        blank_before=_ALL,
        width=78,
        has_avatars=True,
        truncation=("{}… {more}",),
    ),
    Style(
        name="html2text plain",
        shapes=_SPACED,
        marker=("{words}  {name} ",),
        blank_before=_ALL,
        has_avatars=True,
        truncation=("{}… {more}",),
    ),
    Style(
        name="innerText",
        shapes=_LEADING,
        marker=(f" {{words}}{NBSP} {{name}}",),
        blank_before=_BODY,
        blank_after=_BODY,
    ),
    Style(
        name="copy",
        shapes=_LEADING,
        marker=(" {words}  {name}",),
        blank_before=frozenset({Kind.ARTICLE}),
        blank_after=_BODY,
        has_avatars=True,
        truncation=("{}… {more}",),
    ),
    Style(
        name="inscriptis",
        blank_before=_BODY,
        blank_after=_BODY,
        margin=10,
        step=2,
        truncation=("{} … {more}",),
    ),
    Style(
        name="BeautifulSoup lines",
        marker=("{words}", "{name}"),
        truncation=("{}", "…", "{more}"),
    ),
    Style(
        name="html-to-text",
        marker=_NBSP_MARKER,
        blank_before=frozenset({Kind.AVATAR, Kind.AUTHOR, Kind.VOTES, Kind.REPLY}) | _BODY,
        blank_after=_BODY | {Kind.REPLY},
    ),
)

ENGLISH = Language.load("en")


def render(conversation: Conversation, layout: Layout, style: Style, language: Language = ENGLISH) -> str:
    """The dump."""
    lines: list[str] = []
    for piece in _page(conversation, layout, language):
        if piece.kind is Kind.AVATAR and not style.has_avatars:
            continue
        if piece.kind in style.blank_before and lines and lines[-1]:
            lines.append("")
        lines.extend(_written(piece, style, language))
        if piece.kind in style.blank_after:
            lines.append("")
    return "\n".join(lines) + "\n"


def _page(conversation: Conversation, layout: Layout, language: Language) -> Iterator[Piece]:
    yield from _above(conversation, language)
    for remark in conversation.remarks:
        level = min(remark.depth, DEEPEST_LEVEL)
        for kind, text in _comment(remark, conversation, layout, language):
            yield Piece(kind, text, level)
    if conversation.has_more_button:
        yield Piece(Kind.MORE, language.say("pager"))
    yield from (Piece(Kind.FOOTER, line) for line in conversation.footer)


def _above(conversation: Conversation, language: Language) -> Iterator[Piece]:
    yield from (Piece(Kind.ARTICLE, paragraph) for paragraph in conversation.article)
    if conversation.has_form:
        yield from (Piece(Kind.FORM, line) for line in (*language.form, "Label", "{}", "[+]", "Name*", "Website"))
    if conversation.has_count:
        yield Piece(Kind.COUNT, language.say("count", n=len(conversation.remarks)))
    if conversation.has_sort_bar:
        first, *others = language.sort
        yield from (Piece(Kind.SORT, line) for line in (first, " ".join(others)))


def _comment(
    remark: Remark, conversation: Conversation, layout: Layout, language: Language
) -> Iterator[tuple[Kind, str]]:
    marker = None if remark.parent is None else conversation.remarks[remark.parent].author
    for kind in _header(remark, layout):
        texts = {Kind.ROLE: remark.role, Kind.TIME: remark.posted, Kind.MARKER: marker}
        text = texts.get(kind, remark.author)
        if text is not None:
            yield kind, text
    *whole, last = remark.paragraphs
    yield from ((Kind.PARAGRAPH, paragraph) for paragraph in whole)
    yield (Kind.TRUNCATION if remark.truncated else Kind.PARAGRAPH), last
    if remark.edited is not None:
        yield Kind.EDIT, language.say("edited", when=remark.edited[0], name=remark.edited[1])
    yield from ((Kind.VOTES, line) for line in remark.votes)
    if conversation.has_reply_buttons:
        reply = language.say("reply")
        yield (
            (Kind.OLD_BUTTONS, f"|   {reply}  -  {language.say('button')}")
            if layout is Layout.OLD
            else (
                Kind.REPLY,
                reply,
            )
        )
    if remark.hidden_replies:
        yield Kind.HIDDEN_REPLIES, language.say("hidden_replies", n=remark.hidden_replies)


def _header(remark: Remark, layout: Layout) -> tuple[Kind, ...]:
    if layout is Layout.ONE:
        return Kind.AVATAR, Kind.ROLE, Kind.AUTHOR, Kind.TIME, Kind.MARKER
    if layout is Layout.OLD:
        return Kind.ROLE, Kind.AUTHOR, Kind.TIME
    if layout is Layout.THREE and remark.parent is None:
        return Kind.AVATAR, Kind.AUTHOR, Kind.ROLE, Kind.TIME
    return Kind.AVATAR, Kind.AUTHOR, Kind.ROLE, Kind.MARKER, Kind.TIME


def _written(piece: Piece, style: Style, language: Language) -> Iterable[str]:
    indent = " " * (style.margin + style.step * piece.level)
    for line in _shaped(piece, style, language):
        yield from (f"{indent}{part}" for part in _wrapped(line, style))


def _shaped(piece: Piece, style: Style, language: Language) -> Iterable[str]:
    """The lines of a piece before they are wrapped and indented."""
    if piece.kind is Kind.MARKER:
        if not language.marker.endswith("{name}"):
            return [language.marker.replace("{name}", piece.text)]
        words = language.marker.removesuffix("{name}").strip()
        return [line.replace("{words}", words).replace("{name}", piece.text) for line in style.marker]
    if piece.kind is Kind.TRUNCATION:
        return [
            line.replace("{more}", language.say("read_more")).replace("{}", piece.text, 1) for line in style.truncation
        ]
    return [line.replace("{}", piece.text, 1) for line in style.shapes.get(piece.kind, ("{}",))]


def _wrapped(line: str, style: Style) -> list[str]:
    if style.width is None or len(line) <= style.width - style.margin:
        return [line]
    return textwrap.wrap(line, style.width - style.margin, break_long_words=False, break_on_hyphens=False)
