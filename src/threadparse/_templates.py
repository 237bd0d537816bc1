"""Templates: the tiny grammar in which data files describe pieces of a line.

A template is literal text with placeholders: ``"Last edited {when} by {name}"``. It is never a regular expression:
literals are escaped, and each placeholder stands for a bounded run of characters, so that no data file can make a
pattern slow. White space in a template stands for any run of white space, letters match without regard to case.

In: strings from data files. Out: compiled :class:`Template` values. Never: knowledge of any language or platform.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from functools import cached_property

import attrs
import regex

from ._errors import DataError

MAX_FORM = 300
"""Longest template in a data file, in code points; the longest real one (of an add-on that flags comments) has 252."""
MAX_NAME = 120
"""Longest name that a line is searched for, in code points. WordPress cuts names at 245 bytes; beyond 120 code points
every line seen was prose."""

_MAX_OPEN = 3
"""Most placeholders of any length in one form; each more lets a line of one letter be divided in 100 times more ways"""
_MAX_TOUCHING = 3
"""Most placeholders with nothing between them; only one of them may be of any length, or nothing says where it ends."""

STAMP = "\0"
"""Stands for the time in a line that is matched against a template."""

_NUMBER = r"[0-9](?:[0-9.,\u00a0\u202f ]{0,13}[0-9])?[KkMm]?"
_PLACEHOLDERS = {
    "n": rf"(?:[-+\u2212])?(?:{_NUMBER})",
    "name": rf"[^\0]{{1,{MAX_NAME}}}",
    "title": rf"[^\0]{{1,{MAX_FORM}}}",
    "when": STAMP,
}
_SPACE = regex.compile(r"(\s+)")
_NO_SPACES = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_PIECE = regex.compile(r"\{(\w*)\}|([{}])|([^{}]+)")


@attrs.frozen(slots=False)
class Template:
    """One template.

    What is made of it is made when it is asked for: a page needs a few of some thousand templates.

    Attributes:
        source: The template as written.
        prefix: Literal start, case folded, ``""`` if the template opens with a placeholder.
        suffix: Literal end, case folded, ``""`` if it closes with a placeholder.
    """

    source: str

    @cached_property
    def prefix(self) -> str:
        return _edge(self.source.partition("{")[0])

    @cached_property
    def suffix(self) -> str:
        return _edge(self.source.rpartition("}")[2])

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        """For a whole line, with a group per placeholder; :data:`STAMP` stands for the time."""
        return regex.compile(self.expression, regex.IGNORECASE | regex.VERSION1)

    @property
    def expression(self) -> str:
        """The regular expression of the pattern."""
        pieces: list[str] = []
        seen = Counter[str]()
        for match in _PIECE.finditer(self.source):
            name, _, literal = match.groups()
            if literal is not None:
                pieces.append(_literal(literal))
            else:
                seen[name] += 1
                group = name if seen[name] == 1 else f"{name}{seen[name]}"
                pieces.append(rf"(?P<{group}>{_PLACEHOLDERS[name]})")
        return "".join(pieces)


def placeholders(source: str) -> tuple[str, ...]:
    """The names of the placeholders of a template, in order."""
    return tuple(match.group(1) for match in _PIECE.finditer(source) if match.group(1) is not None)


def compile_template(source: str, *, file: str, key: str) -> Template:
    """Read one template.

    Raises:
        DataError: The template is empty or too long, has a stray brace or a placeholder that does not exist, or two
            placeholders touch, so that nothing says where one ends.
    """
    if not 0 < len(source) <= MAX_FORM:
        raise DataError(f"a form has 1 to {MAX_FORM} characters, this one has {len(source)}", file=file, key=key)
    above: str | None = None  # the placeholder that ends right before
    names: list[str] = []
    for match in _PIECE.finditer(source) if "{" in source or "}" in source else ():
        name, stray, literal = match.groups()
        if stray:
            raise DataError(f"stray {stray!r} in {source!r}", file=file, key=key)
        if literal is None:
            if name not in _PLACEHOLDERS:
                raise DataError(f"unknown placeholder {{{name}}} in {source!r}", file=file, key=key)
            if above is not None and "when" not in (name, above):
                raise DataError(f"two placeholders touch in {source!r}", file=file, key=key)
            names.append(name)
        above = name
    if names.count("name") + names.count("title") > _MAX_OPEN:
        raise DataError(f"more than {_MAX_OPEN} placeholders of any length in {source!r}", file=file, key=key)
    return Template(source)


_LINE_FIELDS = {
    "author": rf"[^\0]{{1,{MAX_NAME}}}?",
    "role": r"[^\0]{1,40}?",
    "name": rf"[^\0]{{1,{MAX_NAME}}}?",
    "any": r"[^\0]{1,120}?",
    "n": r"[0-9][0-9.,]{0,11}[kKmM]?",
    "number": r"[0-9][0-9.,]{0,11}",
    "to": r"[0-9][0-9.,]{0,11}",
    "votes": r"[-+\u2212]?[0-9][0-9.,]{0,11}[kKmM]?",
    "initial": r"\w{1,2}",
    "level": r"[0-9]{1,2}",
    "children": r"[0-9]{1,6}",
    "word": r"[^\s\0]{1,60}",
    "when": STAMP,
}
_OPEN_FIELDS = frozenset({"author", "role", "name", "any"})
"""Fields of any length, with blanks in them."""
_MAX_LETTERS = 2
"""Letters of a word that is never glued to a name."""
_LINE_PIECE = regex.compile(r"\{(\w+)\}|\{\?([^{}]+)\}|@(\w+)|(@@|[^{}@]+|[{}@])")
_LinePiece = tuple[str, str, str, str]
"""Of a header's line: a field, words that may be missing, a key, or literal text; the others are empty."""


_OPTIONAL = regex.compile(r"\{\?[^{}]+\}")
_NOT_LITERAL = regex.compile(r"(?!\{(?:n|name|author|when)\})\{|(?<!\{(?:n|name|author|when))\}|\0|\?$")
"""What is no literal text in a template: braces but those of placeholders for what varies on a page, "?" at the end."""


def without_optional(template: str) -> str:
    """The template of a header's line without the pieces that may be missing."""
    return _OPTIONAL.sub("", template).strip()


def compile_line(template: str, words: Mapping[str, Sequence[str]], *, file: str, key: str) -> regex.Pattern[str]:
    """Compile the template of a header's line; in the lines that it is matched against, :data:`STAMP` is the time.

    Args:
        template: Fields, literal text (``@@`` for "@"), ``@key``, and ``{?literal text}`` that may be missing.
        words: The words that stand for each ``@key``.
        file: For the error's message.
        key: For the error's message.

    Raises:
        DataError: As :func:`check_line`.
    """
    pieces = []
    above = ""
    for field, optional, word, literal in check_line(template, words, file=file, key=key):
        if field == "when":
            pieces.append(STAMP + _trailing(words.get("on", ())))
        elif field:
            group = "?:" if field in ("any", "n", "initial", "field", "word", "title", "again") else f"?P<{field}>"
            pieces.append(f"({group}{_LINE_FIELDS.get(field, '.')})")
        elif optional:
            is_word = optional.isalpha() and (above or " ")[-1].isspace()  # not the "s" of "point{?s}"
            pieces.append(f"(?:{(_word if is_word else _literal)(optional.strip())})?")
        elif word:
            forms = sorted(words[word], key=len, reverse=True)
            pieces.append("(?:" + "|".join(_word(form) for form in forms if "{" not in form) + ")")
        else:  # a name, a time and a word may be glued together: "NAMEDATE"
            pieces.append(_word(unescaped(literal.strip())))
        above = literal
    return regex.compile(r"\s{0,4}".join(piece for piece in pieces if piece), regex.IGNORECASE | regex.VERSION1)


def check_line(template: str, keys: Container[str], *, file: str, key: str) -> list[_LinePiece]:
    """The pieces of the template of a header's line; a dialect has some forty, too many to compile unused.

    Raises:
        DataError: See :func:`line_fault`.
    """
    if fault := line_fault(template, keys):
        raise DataError(fault, file=file, key=key)
    return _LINE_PIECE.findall(template)


def line_fault(template: str, keys: Container[str]) -> str | None:
    """What is wrong with the template of a header's line, ``None`` if nothing is.

    It may be too long, have a key or field that does not exist, or so many fields of any length, or that touch, that it
    could be matched against one line in too many ways.
    """
    if len(template) > MAX_FORM:
        return f"a template has at most {MAX_FORM} characters"
    fields: list[str] = []
    touching: list[str] = []
    for field, optional, word, literal in _LINE_PIECE.findall(template):
        if word and word not in keys:
            return f"unknown key @{word} in {template!r}"
        if field and not field.isidentifier():
            return f"no field can be called {field!r}"
        if field and field != "when":
            fields.append(field)
            touching.append(field)
        elif not optional and (field or not literal.isspace()):
            touching = []
        if len(touching) > _MAX_TOUCHING or sum(one in _OPEN_FIELDS for one in touching) > 1:
            return f"too many fields touch in {template!r}"
    if sum(field in _OPEN_FIELDS for field in fields) > _MAX_OPEN:
        return f"more than {_MAX_OPEN} fields of any length in {template!r}"
    return None


def unescaped(template: str) -> str:
    """The words of a template without placeholders and keys, as they stand on a page."""
    return template.replace("@@", "@")


def escaped(words: str) -> str:
    """Words of a page as a template says them: in one, "@@" stands for "@"."""
    return words.replace("@", "@@")


def means_itself(form: str, longest: int = MAX_FORM) -> bool:
    """Whether a form, words of a page with placeholders for what varies in them, is a template that says so."""
    return len(form) <= longest and not _NOT_LITERAL.search(form) and line_fault(form, ()) is None


def _trailing(forms: Sequence[str]) -> str:
    """A pattern for what may stand behind a time and says nothing: "20:55 Uhr"."""
    return rf"(?:\s?(?:{'|'.join(map(_literal, sorted(forms, key=len, reverse=True)))})(?!\w))?" if forms else ""


def _word(form: str) -> str:
    """A pattern for words beside a name; one or two letters ("on", "a dit") end many a name, so none leads there."""
    first = form.partition(" ")[0]
    is_short = len(first) <= _MAX_LETTERS and first.isascii() and first.isalpha()
    return r"(?<!\p{L})" + _literal(form) if is_short else _literal(form)


def _literal(text: str) -> str:
    """A pattern for literal text: white space matches a run of it, or none beside a script that writes no spaces."""
    pieces = []
    for piece in _SPACE.split(text):
        if piece.isspace():
            pieces.append(r"\s{1,4}")
        elif piece:
            pieces.append(regex.escape(piece))
    for index, piece in enumerate(pieces):
        beside = "".join(pieces[max(0, index - 1) : index + 2])
        if piece == r"\s{1,4}" and _NO_SPACES.search(beside):
            pieces[index] = r"\s{0,4}"
    return "".join(pieces)


def _edge(text: str) -> str:
    return text.strip().casefold()
