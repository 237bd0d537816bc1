"""Threads for reading: Markdown and indented text. What comes from the dump stays text: no markup, no control codes."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from threadparse._model import Comment, Thread

_STEERING = regex.compile(r"[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control codes, lone surrogates, line separators, and marks and overrides of the writing direction."""
_MARKUP = regex.compile(r"[\\`*_\[\]<>&|~$]|^[#+=-]|(?<=^\d{1,9})[.)]")
"""What CommonMark and its common extensions could read as markup, anywhere or where a line begins."""
_DEEPEST = 12
"""Deepest level that is drawn by indentation: deeper ones would be more indentation than text."""
UNSURE = 0.8
"""A parent that is less probable than this is marked."""


def harmless(text: str) -> str:
    r"""The text with U+FFFD for every character that could steer a terminal; a tab becomes spaces.

    Line breaks are such characters too: split first.

    >>> harmless("red:\x1b[31m")
    'red:�[31m'
    """
    return _STEERING.sub("\ufffd", text.replace("\t", "    "))


def to_text(thread: Thread) -> str:
    """The comments depth first as plain text: a line of author and marks, the text, indented by four spaces a level.

    From level 13 on the level stands in brackets instead. It leaves out the article, candidates, notes and segments.
    Control characters and direction overrides become U+FFFD, so that the text can be printed in a terminal.
    """
    return "".join(line.rstrip() + "\n" for line in _text_lines(thread))


def _text_lines(thread: Thread) -> Iterator[str]:
    for comment in thread.walk():
        indent = "    " * min(comment.depth, _DEEPEST)
        yield f"{indent}{_level(comment)}{harmless(_name(comment))} {_in_brackets(comment)}"
        for line in comment.text.split("\n"):
            yield f"{indent}  {harmless(line)}"
        yield ""


def to_markdown(thread: Thread) -> str:
    """The comments depth first as nested lists in CommonMark.

    Characters that mean something in Markdown are escaped, so that every text reads as in the dump and nothing of it
    becomes markup, a link or HTML. From level 13 on the level stands in brackets instead of the indentation. It leaves
    out the article, candidates, notes, segments, and spaces at the beginning of lines.
    """
    return "".join(line.rstrip() + "\n" for line in _markdown_lines(thread))


def _markdown_lines(thread: Thread) -> Iterator[str]:
    for comment in thread.walk():
        indent = "  " * min(comment.depth, _DEEPEST)
        yield f"{indent}- {_level(comment)}**{_escaped(_name(comment))}** {_escaped(_in_brackets(comment))}"
        yield ""
        lines = [_escaped(line) for line in comment.text.split("\n")]
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            hard_break = "\\" if line and following else ""
            yield f"{indent}  {line}{hard_break}"
        yield ""


def _escaped(line: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", harmless(line).strip())


def _level(comment: Comment) -> str:
    return f"[{comment.depth}] " if comment.depth > _DEEPEST else ""


def _name(comment: Comment) -> str:
    return comment.author or "(no name)"


def _in_brackets(comment: Comment) -> str:
    words = [harmless(words) for _, words in marks(comment)]
    return f"({', '.join(words)})" if words else ""


def marks(comment: Comment) -> Iterator[tuple[str, str]]:
    """What is said about a comment beside its author: pairs of the field that says it and the words for it."""
    if comment.role is not None:
        yield "role", comment.role
    if comment.posted is not None:
        yield "posted", comment.posted.raw
    if comment.votes:
        yield "votes", f"{comment.votes:+d}"
    if comment.edited is not None:
        yield "edited", "edited"
    if comment.truncated:
        yield "truncated", "cut"
    if comment.hidden_replies:
        yield "hidden_replies", f"{comment.hidden_replies} hidden"
    if comment.is_trackback:
        yield "is_trackback", "trackback"
    if comment.deleted:
        yield "deleted", "deleted"
    if comment.parent_confidence < UNSURE:
        yield "parent_confidence", f"parent {comment.parent_confidence:.0%}"
