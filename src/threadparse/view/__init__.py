"""A thread as one HTML page to read, search and check it with (extra ``cli``).

In: a thread. Out: a page that needs nothing else: style and script stand in it, its content policy lets it load and
send nothing. Every value goes through :func:`_shown` and Jinja's escaping, which the environment sees to, so that a
dump cannot bring anything to life; the page's own script makes no HTML.

The comments are a flat list, each with its level, in the order of :meth:`threadparse.Thread.walk`: a chain of ten
thousand replies is ten thousand items side by side.
"""

from __future__ import annotations

import base64
import hashlib
import textwrap
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from typing import Any

import attrs
import regex
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from threadparse._model import Comment, Thread, check_text
from threadparse._values import SegmentKind

from ._figures import reply_graph, time_line

__all__ = ["render_page"]

UNSURE = 0.8
"""A parent below this probability is marked, with its runners-up, as ``threadparse show`` marks it."""
_MAX_INDENT = 12
"""Deepest level that is drawn by indentation; below it the level is a number."""
_MAX_TITLE = 80
_INVISIBLE = regex.compile(r"[\p{Cc}\p{Cs}\p{Cn}\u202a-\u202e\u2066-\u2069]")


def render_page(thread: Thread, *, title: str | None = None) -> str:
    """The page.

    Args:
        thread: What to show; merged and pseudonymized ones too.
        title: Its heading; ``None`` takes the first line of the article.

    Returns:
        HTML, to be written as UTF-8.

    Raises:
        ValueError: The thread was built by hand without its text.
    """
    check_text(thread)
    style, script = _part("page.css"), _part("page.js")
    environment = Environment(
        loader=PackageLoader(__name__, "."),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    heading = title or textwrap.shorten(_first_line(thread.article), _MAX_TITLE, placeholder=" …") or "A thread"
    people = Counter(comment.author for comment in thread.comments).most_common()
    return environment.get_template("page.html").render(
        title=heading,
        thread=thread,
        people=people,
        items=list(_items(thread, {name: number for number, (name, _) in enumerate(people)})),
        pieces=list(_pieces(thread)),
        kinds=[kind.value for kind in SegmentKind],
        graph=reply_graph(thread, UNSURE),
        times=time_line(thread),
        style=Markup(style),  # noqa: S704  (our own file)
        script=Markup(script),  # noqa: S704  (our own file)
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; "
        "form-action 'none'",
    )


def _first_line(text: str) -> str:
    return text[:1000].split("\n", 1)[0]


def _part(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _hash(part: str) -> str:
    """What the content policy knows an inline part by; the part stands there as it is, without white space around."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"


def _finalize(value: object) -> object:
    """What Jinja does to every value before it escapes it; its own HTML stays."""
    return _shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _shown(text: str) -> str:
    """A text with line feeds only, and with signs for what cannot be seen or would steer what is seen."""
    return _INVISIBLE.sub(_sign, text.replace("\r\n", "\n").replace("\r", "\n"))


def _sign(match: regex.Match[str]) -> str:
    character = match[0]
    if character in "\t\n":
        return character
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


@attrs.frozen
class _Item:
    """A comment in the list.

    Attributes:
        comment: The comment.
        above: Position of its parent in the list, -1 for a root.
        person: Number of its author.
        indent: How deep it is drawn.
        others: The runners-up for its parent with their probabilities, if the parent is unsure.
    """

    comment: Comment
    above: int
    person: int
    indent: int
    others: tuple[tuple[Comment | None, float], ...]

    @property
    def is_unsure(self) -> bool:
        """Whether another parent may well be right."""
        return self.comment.parent_confidence < UNSURE


def _items(thread: Thread, people: dict[str, int]) -> Iterator[_Item]:
    places: dict[int, int] = {}
    for comment in thread.walk():
        parent = comment.parent_index
        places[comment.index] = len(places)
        others = [c for c in comment.parent_candidates if c.index != parent]
        yield _Item(
            comment,
            -1 if parent is None else places[parent],
            people[comment.author],
            min(comment.depth, _MAX_INDENT),
            tuple((None if c.index is None else thread.comments[c.index], c.probability) for c in others),
        )


def _pieces(thread: Thread) -> Iterator[dict[str, Any]]:
    """The segments of the dump; the first one of a comment's span is where its link leads."""
    linked: set[int] = set()
    for segment in thread.segments:
        comment = segment.comment
        is_first = (
            comment is not None and comment not in linked and segment.span.start >= thread.comments[comment].span.start
        )
        if is_first and comment is not None:
            linked.add(comment)
        text = thread.text[segment.span.start : segment.span.end]
        yield {"kind": segment.kind.value, "comment": comment, "is_first": is_first, "text": text}
