"""Templates: the tiny grammar in which data files describe pieces of a line.

A template is literal text with placeholders: ``"Last edited {when} by {name}"``. It is never a regular expression:
literals are escaped, and each placeholder stands for a bounded run of characters, so that no data file can make a
pattern slow. White space in a template stands for any run of white space, letters match without regard to case.

In: strings from data files. Out: compiled :class:`Template` values. Never: knowledge of any language or platform.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import regex

from ._errors import DataError

MAX_FORM = 200
"""Longest template in a data file, in code points. The longest real one (a consent sentence) has about 120."""
MAX_NAME = 120
"""Longest name that a line is searched for, in code points. WordPress cuts names at 245 bytes; beyond 120 code points
every line seen was prose."""

_NUMBER = r"[0-9][0-9.,\u00a0\u202f ]{0,14}[KkMm]?|[0-9][KkMm]?"
_PLACEHOLDERS = {
    "n": rf"(?:[-+\u2212])?(?:{_NUMBER})",
    "name": rf".{{1,{MAX_NAME}}}",
    "title": rf".{{1,{MAX_FORM}}}",
    "when": r".{1,80}",
}
_PIECE = regex.compile(r"\{(\w*)\}|([{}])|([^{}]+)")


@attrs.frozen
class Template:
    """One compiled template.

    Attributes:
        source: The template as written.
        pattern: Anchored pattern with a group per placeholder.
        prefix: Literal start, case folded, ``""`` if the template opens with a placeholder.
        suffix: Literal end, case folded, ``""`` if it closes with a placeholder.
    """

    source: str
    pattern: regex.Pattern[str] = attrs.field(eq=False, repr=False)
    prefix: str
    suffix: str


def placeholders(source: str) -> tuple[str, ...]:
    """The names of the placeholders of a template, in order."""
    return tuple(match.group(1) for match in _PIECE.finditer(source) if match.group(1) is not None)


def compile_template(source: str, *, file: str, key: str) -> Template:
    """Compile one template.

    Raises:
        DataError: The template is empty or too long, has a stray brace or a placeholder that does not exist, or two
            placeholders touch, so that nothing says where one ends.
    """
    if not 0 < len(source) <= MAX_FORM:
        raise DataError(f"a form has 1 to {MAX_FORM} characters, this one has {len(source)}", file=file, key=key)
    pieces: list[str] = []
    literals: list[str] = []
    seen: dict[str, int] = {}
    for match in _PIECE.finditer(source):
        name, stray, literal = match.groups()
        if stray:
            raise DataError(f"stray {stray!r} in {source!r}", file=file, key=key)
        if literal is not None:
            literals.append(literal)
            pieces.append(_literal(literal))
            continue
        if name not in _PLACEHOLDERS:
            raise DataError(f"unknown placeholder {{{name}}} in {source!r}", file=file, key=key)
        if len(literals) < len(pieces) and pieces[-1].startswith("(?P<"):
            raise DataError(f"two placeholders touch in {source!r}", file=file, key=key)
        seen[name] = seen.get(name, 0) + 1
        group = name if seen[name] == 1 else f"{name}{seen[name]}"
        pieces.append(rf"(?P<{group}>{_PLACEHOLDERS[name]})")
    return Template(
        source=source,
        pattern=regex.compile("".join(pieces), regex.IGNORECASE | regex.VERSION1),
        prefix=_edge(source[: source.index("{")] if "{" in source else source),
        suffix=_edge(source[source.rindex("}") + 1 :] if "}" in source else source),
    )


STAMP = "\0"
"""Stands for the time in a line that is matched against a header's template."""
_LINE_FIELDS = {"author": rf"[^\0]{{1,{MAX_NAME}}}?", "role": r"[^\0]{1,40}?", "when": STAMP}
_LINE_PIECE = regex.compile(r"\{(\w+)\}|@(\w+)|([^{}@]+|[{}@])")


def compile_line(
    template: str, words: Mapping[str, Sequence[str]], *, file: str, key: str
) -> regex.Pattern[str]:
    """Compile the template of a header's line; in the lines that it is matched against, :data:`STAMP` is the time.

    Args:
        template: Fields, literal text and ``@key``.
        words: The words that stand for each ``@key``.
        file: For the error's message.
        key: For the error's message.

    Raises:
        DataError: The template is too long, or names a key that does not exist.
    """
    if len(template) > MAX_FORM:
        raise DataError(f"a template has at most {MAX_FORM} characters", file=file, key=key)
    pieces = []
    for field, word, literal in _LINE_PIECE.findall(template):
        if field:
            pieces.append(rf"(?P<{field}>{_LINE_FIELDS.get(field, '.')})" if field != "when" else STAMP)
        elif word:
            if word not in words:
                raise DataError(f"unknown key @{word} in {template!r}", file=file, key=key)
            forms = sorted(words[word], key=len, reverse=True)
            pieces.append("(?:" + "|".join(_literal(form) for form in forms if "{" not in form) + ")")
        else:
            pieces.append(_literal(literal))
    return regex.compile(r"\s?".join(pieces), regex.IGNORECASE | regex.VERSION1)


def _literal(text: str) -> str:
    """A pattern for literal text in which white space matches any run of it, and none beside a placeholder's edge."""
    return r"\s{0,4}".join(regex.escape(word) for word in regex.split(r"\s+", text))


def _edge(text: str) -> str:
    return text.strip().casefold()
