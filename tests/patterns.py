"""The audit of every pattern that threadparse matches against texts: could one backtrack for long?

    python tests/patterns.py

In: nothing. Out: a table: for each place that compiles patterns, how many there are and how many shapes (patterns alike
but for their letters), repeats without a bound, those that stand inside one another or side by side with characters in
common, and how long the slowest match against an attack takes. ``test_patterns.py`` holds what the table says.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import regex

import threadparse
from languages import NAMES, Language
from threadparse._clues import clues_of
from threadparse._dialect import dialect_names, load_dialect
from threadparse._locale import LINE_KEYS
from threadparse._templates import compile_line, compile_template
from threadparse._timegrammar import Grammar

PACKAGE = Path(threadparse.__file__).parent
WIDE = 20
"""Least upper bound of a repeat that counts as wide."""
LINE = 200
"""Longest line that is matched against forms, in code points."""


@attrs.frozen
class Pattern:
    """A pattern and where it comes from.

    Attributes:
        place: What compiles it.
        source: The regular expression.
        compiled: The same, compiled.
    """

    place: str
    source: str
    compiled: Any

    @property
    def is_whole(self) -> bool:
        """Whether it is only matched against whole lines."""
        return self.place.startswith(("forms", "lines"))


def collected() -> list[Pattern]:
    """Every pattern of the package, of all locales and all dialects."""
    return [*_of_modules(), *_of_locales(), *_of_dialects(), *_of_headers(), *_of_times()]


def _of_modules() -> Iterator[Pattern]:
    """The patterns that stand in modules, on their own or in tuples."""
    for info in pkgutil.walk_packages(threadparse.__path__, "threadparse."):
        if info.name.endswith("__main__"):
            continue
        try:
            module = importlib.import_module(info.name)
        except ImportError:  # what an extra needs
            continue
        for name, value in vars(module).items():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, re.Pattern | regex.Pattern) and isinstance(one.pattern, str):
                    yield Pattern(f"{info.name}.{name}", one.pattern, one)


def _of_locales() -> Iterator[Pattern]:
    for name in NAMES:
        for key, forms in Language.load(name).locale.words.items():
            for form in forms:
                template = compile_template(form, file=name, key=key)
                yield Pattern("forms of locales", template.expression, None)


def _of_dialects() -> Iterator[Pattern]:
    words = _all_words()
    for name in dialect_names():
        dialect = load_dialect(name)
        for key, forms in dialect.lines.items():
            for form in forms:
                yield Pattern("forms of dialects", compile_template(form, file=name, key=key).expression, None)
        lists = (dialect.furniture, dialect.starts, dialect.ends, dialect.opens, dialect.closes, dialect.answers)
        slots = [slot for header in dialect.headers for slot in (*header.slots, *header.foot)]
        for line in dict.fromkeys([*(slot.template for slot in slots), *(form for forms in lists for form in forms)]):
            compiled = compile_line(line, words, file=name, key="header")
            yield Pattern("lines of dialects", compiled.pattern, compiled)


def _of_headers() -> Iterator[Pattern]:
    """The lines of headers, joined as they stand in a text without line breaks."""
    locales = (Language.load("de").locale, Language.load("en").locale)
    for name in dialect_names():
        for core in clues_of(load_dialect(name), locales).cores:
            for compiled in filter(None, (core.above, core.below)):
                yield Pattern("lines of headers, joined", compiled.pattern, compiled)


def _all_words() -> dict[str, tuple[str, ...]]:
    """What each ``@key`` stands for, in two languages; each more only adds words to choose from."""
    words: dict[str, tuple[str, ...]] = dict.fromkeys(LINE_KEYS, ("on",))
    for name in ("en", "de"):
        for key, forms in Language.load(name).locale.words.items():
            words[key] = (*words[key], *forms)
    return words


def _of_times() -> Iterator[Pattern]:
    for name in NAMES:
        grammar = Grammar([Language.load(name).locale.time, Language.load("en").locale.time])
        for kind, pattern in grammar.patterns.items():
            yield Pattern(f"times: {kind}", pattern.pattern, pattern)


_COMPILES = {"compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer"}


def places_in_functions() -> set[str]:
    """Where functions of the package compile patterns: module, function."""
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    of = node.func.value
                    if isinstance(of, ast.Name) and of.id in ("re", "regex") and node.func.attr in _COMPILES:
                        found.add(f"{path.stem}.{function.name}")
    return found


# -- what a pattern consists of ----------------------------------------------------------------------------------------


@attrs.frozen
class Atom:
    """One character of some."""

    text: str


@attrs.frozen
class Group:
    """Branches, of each of which the parts follow one another; ``width`` is 0 for a look around."""

    branches: tuple[tuple[Any, ...], ...]
    is_look: bool = False


@attrs.frozen
class Repeat:
    """A part, repeated."""

    part: Any
    least: int
    most: float


_QUANTIFIER = regex.compile(r"(?:([*+?])|\{([0-9]*)(,?)([0-9]*)\})([?+]?)")
_OPENS = regex.compile(r"\((\?(?:P<\w+>|:|=|!|<=|<!))?")
_ESCAPED = regex.compile(r"\\(?:[pP]\{[^}]*\}|g<\w+>|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", regex.DOTALL)


class Reader:
    """Reads what the package's patterns are made of; what it does not know is an error."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def whole(self) -> Group:
        group = self._branches()
        assert self._at == len(self._source), self._source[self._at :]
        return group

    def _branches(self) -> Group:
        branches: list[list[Any]] = [[]]
        while self._at < len(self._source) and self._source[self._at] != ")":
            if self._source[self._at] == "|":
                self._at += 1
                branches.append([])
            else:
                branches[-1].append(self._repeated(self._part()))
        return Group(tuple(map(tuple, branches)))

    def _part(self) -> Any:
        source, at = self._source, self._at
        if source[at] == "(":
            opening = _OPENS.match(source, at)
            assert opening is not None
            self._at = opening.end()
            group = self._branches()
            self._at += 1
            return attrs.evolve(group, is_look=opening[1] in ("?=", "?!", "?<=", "?<!"))
        if source[at] == "[":
            self._at = self._end_of_set(at)
        else:
            escaped = _ESCAPED.match(source, at)
            self._at = at + 1 if escaped is None else escaped.end()
        return Atom(source[at : self._at])

    def _end_of_set(self, at: int) -> int:
        """The end of a set of characters; ``[`` in it opens another set only where ``regex`` reads it so."""
        source = self._source
        nested = "--" in source and source[at : at + 2] == "[["
        at += 2 if source[at + 1] == "^" else 1
        if source[at] == "]":
            at += 1
        while source[at] != "]":
            if source[at] == "[" and nested:
                at = self._end_of_set(at)
                continue
            escaped = _ESCAPED.match(source, at)
            at = at + 1 if escaped is None else escaped.end()
        return at + 1

    def _repeated(self, part: Any) -> Any:
        match = _QUANTIFIER.match(self._source, self._at)
        if match is None:
            return part
        self._at = match.end()
        sign, least, comma, most, _ = match.groups()
        if sign:
            return Repeat(part, int(sign == "+"), 1 if sign == "?" else float("inf"))
        return Repeat(part, int(least or 0), float(most or "inf") if comma else int(least))


_ALPHABET = [chr(code) for code in (*range(128), 0xA0, 0xAD, 0xB7, 0xE9, 0xDF, 0x130, 0x301, 0x200B, 0x2009, 0x2014)]
_ALPHABET += ["…", "•", "«", "“", "ж", "ת", "م", "漢", "か", "한", "ไ", "🦊", "٣", "⚑"]


def characters(part: Any) -> frozenset[str]:
    """Those of a sample of characters that a part may consume."""
    if isinstance(part, Atom):
        pattern = regex.compile(part.text, regex.VERSION1 | regex.IGNORECASE | regex.DOTALL)
        return frozenset(sign for sign in {*_ALPHABET, part.text[-1]} if pattern.fullmatch(sign))
    if isinstance(part, Repeat):
        return characters(part.part)
    if part.is_look:
        return frozenset()
    return frozenset[str]().union(*(characters(one) for branch in part.branches for one in branch))


def repeats(part: Any) -> Iterator[Repeat]:
    """Every repeat in a part."""
    if isinstance(part, Repeat):
        yield part
        yield from repeats(part.part)
    elif isinstance(part, Group):
        yield from (found for branch in part.branches for one in branch for found in repeats(one))


def firsts(part: Any) -> frozenset[str]:
    """Those of the sample with which a part may begin."""
    if isinstance(part, Atom):
        return characters(part)
    if isinstance(part, Repeat):
        return firsts(part.part)
    found = frozenset[str]()
    for branch in () if part.is_look else part.branches:
        for one in branch:
            found |= firsts(one)
            if not _may_be_empty(one):
                break
    return found


def is_nested(part: Any) -> bool:
    """Whether a repeat without a bound stands in one that comes often and may begin with what the inner one takes."""
    outer = [one for one in repeats(part) if one.most > WIDE]
    return any(
        inner.most == float("inf") and characters(inner) & firsts(one.part)
        for one in outer
        for inner in repeats(one.part)
    )


def clashes(part: Any, least: float) -> Iterator[tuple[Repeat, Repeat]]:
    """Repeats of at least so many, the second of which may begin with what the first takes, with nothing between."""
    if isinstance(part, Repeat):
        yield from clashes(part.part, least)
    elif isinstance(part, Group):
        for branch in part.branches:
            yield from _side_by_side(branch, least)
            for one in branch:
                yield from clashes(one, least)


def _side_by_side(parts: Sequence[Any], least: float) -> Iterator[tuple[Repeat, Repeat]]:
    for at, part in enumerate(parts):
        if isinstance(part, Repeat) and part.most >= least:
            for other in parts[at + 1 :]:
                if isinstance(other, Repeat) and other.most >= least and characters(part) & firsts(other):
                    yield part, other
                if not _may_be_empty(other):
                    break


def _may_be_empty(part: Any) -> bool:
    if isinstance(part, Repeat):
        return part.least == 0 or _may_be_empty(part.part)
    if isinstance(part, Group):
        return part.is_look or any(all(map(_may_be_empty, branch)) for branch in part.branches)
    return False


# -- attacks -----------------------------------------------------------------------------------------------------------


def shape(source: str) -> str:
    """A pattern with its words made alike; the words of times are Chinese characters."""
    return regex.sub(r"(?<!\\)[\p{L}\p{M}]{2,}|\p{Han}(?:[|\p{Han}]*\p{Han})?", "w", source)


def attacks(source: str, size: int) -> Iterator[str]:
    """Texts of a size that fit a pattern nearly: its own letters and common signs, over and over, with a wrong end."""
    words = regex.findall(r"(?<![\\{<\p{L}])\p{L}[\p{L} ]*", regex.sub(r"\\[pP]\{\w+\}|\(\?P<\w+>", " ", source))
    pumps = ["a", " ", "a ", "1", "1.", "1,", "  a", "\u00ad", "[", "](", "![a](", "(a", "**a", "_a ", "~~", "> ", ":"]
    pumps += ["1 ", "1:1", ".", "…", "漢", "a1", "\0", "a\0"]
    pumps += [f"{word} " for word in dict.fromkeys(word.strip() for word in words) if 0 < len(word) < 20][:4]
    symbols = list(dict.fromkeys(regex.findall(r"\p{Han}", source)))  # words of times: some of each kind
    pumps += ["".join(pair) for one in symbols[:: len(symbols) // 6 + 1] for pair in ((one,), (one, " "), ("1 ", one))]
    for pump in pumps:
        for end in ("!", "\0\0"):
            yield (pump * (size // len(pump) + 1))[: size - len(end)] + end


def seconds(pattern: Pattern, texts: Iterable[str]) -> float:
    """The time of the slowest of some matches: from each place of the text, and of the text as a whole."""
    compiled = pattern.compiled or regex.compile(pattern.source, regex.IGNORECASE | regex.VERSION1)
    slowest = 0.0
    for text in texts:
        start = time.process_time()
        if not pattern.is_whole:
            for _ in compiled.finditer(text):
                pass
        compiled.fullmatch(text)
        slowest = max(slowest, time.process_time() - start)
    return slowest


def main() -> None:
    """Print the table."""
    places: dict[str, list[Pattern]] = {}
    for pattern in collected():
        places.setdefault(pattern.place.rpartition("._")[0] or pattern.place, []).append(pattern)
    columns = ("patterns", "shapes", "unbounded", "nested", "clashing", f"ms/{LINE}", "ms/2000")
    print(f"{'':32}{''.join(f'{column:>10}' for column in columns)}")
    for place, patterns in places.items():
        shapes = {shape(pattern.source): pattern for pattern in patterns}
        trees = [Reader(source).whole() for source in shapes]
        endless = [any(one.most == float("inf") for one in repeats(tree)) for tree in trees]
        figures = [len(patterns), len(shapes), sum(endless), sum(map(is_nested, trees))]
        figures.append(sum(any(True for _ in clashes(tree, float("inf"))) for tree in trees))
        times = [
            1000 * max(seconds(pattern, attacks(pattern.source, size)) for pattern in shapes.values())
            for size in (LINE, 2_000)
        ]
        print(f"{place:32}{''.join(f'{figure:10}' for figure in figures)}{times[0]:10.2f}{times[1]:10.2f}", flush=True)


if __name__ == "__main__":
    main()
