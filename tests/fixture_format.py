"""The fixture format: one readable text file per case, with the dump and what must come out of it.

    Title, and as many further lines as the case needs to be understood.

    scraped_at: 2024-05-04T12:00:00+00:00
    ==========
    the dump
    --------------------
    the expected outline (see ``outline.py``)

The first line of equals signs ends the head. Behind it the longest line of dashes divides, so that dashes inside a dump
are safe. The dump is exactly what stands between the two lines, without the line break before the divider. Files are
UTF-8 with LF; what an editor would not show or not keep is escaped in both parts: ``\\u{a0}`` is a no-break space,
``\\u{d}`` a carriage return, ``\\\\`` a backslash.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TypedDict

import attrs

FIXTURES = Path(__file__).parent.parent / "fixtures"
NEGATIVE = "negative"
KNOWN_FAILURES = "known-failures"
OPTIONS = ("scraped_at", "timezone", "dialect", "locale")

_OPTION = re.compile(r"([a-z_]+): (\S.*)")
_ESCAPE = re.compile(r"\\(?:(\\)|u\{([0-9a-f]{1,6})\})?")
_TRAILING_SPACES = re.compile(r" +$", re.MULTILINE)
_SHORTEST_DIVIDER = 80


class ParseArguments(TypedDict, total=False):
    """The keyword arguments of ``parse`` that a case may set."""

    scraped_at: datetime
    timezone: tzinfo
    dialect: str
    locale: str


@attrs.frozen
class Case:
    """One fixture file.

    Attributes:
        path: The file; its folder is the verdict.
        title: What the case shows.
        options: Arguments of ``parse``, as written in the file.
        dump: The text to parse.
        expected: The outline that must come out, escaped as in the file.
    """

    path: Path
    title: str
    options: dict[str, str]
    dump: str
    expected: str

    @property
    def name(self) -> str:
        """Folder and file name without ending: the id in test reports."""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def folder(self) -> str:
        """The folder's name, which says the verdict."""
        return self.path.parent.name

    def arguments(self) -> ParseArguments:
        """The options as ``parse`` takes them."""
        arguments = ParseArguments()
        for key, value in self.options.items():
            if key == "scraped_at":
                arguments["scraped_at"] = datetime.fromisoformat(value)
            elif key == "timezone":
                arguments["timezone"] = _offset(value)
            elif key == "dialect":
                arguments["dialect"] = value
            else:
                arguments["locale"] = value
        return arguments

    def save(self) -> None:
        """Write the file."""
        self.path.write_text(format_case(self), encoding="utf-8", newline="\n")


def read_case(path: Path) -> Case:
    """Read a fixture file.

    Raises:
        ValueError: The file does not follow the format; the message names it.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    ends = [i for i, line in enumerate(lines) if len(line) > 2 and not line.strip("=")]
    if not ends:
        raise ValueError(f"{path}: no line of equals signs below the title")
    body = lines[ends[0] + 1 :]
    divider = _divider(body, path)
    title, options = _read_head(lines[: ends[0]], path)
    return Case(
        path=path,
        title=title,
        options=options,
        dump=unescape("\n".join(body[:divider]), path),
        expected="\n".join(body[divider + 1 :]).strip("\n"),
    )


def format_case(case: Case) -> str:
    """The text of a case's file."""
    dump = escape(case.dump)
    options = [f"{key}: {value}" for key, value in case.options.items()]
    head = [case.title, "", *options, ""] if options else [case.title, ""]
    longest = max((len(line) for line in dump.split("\n") if not line.strip("-")), default=0)
    divider = "-" * max(_SHORTEST_DIVIDER, longest + 1)
    return "\n".join([*head, "=" * _SHORTEST_DIVIDER, dump, divider, case.expected, ""])


def escape(text: str) -> str:
    """Write what is invisible as ``\\u{...}``: all but letters, marks, digits, signs, single spaces and line feeds."""
    visible = "".join(f"\\u{{{ord(char):x}}}" if _is_invisible(char) else char for char in text.replace("\\", "\\\\"))
    return _TRAILING_SPACES.sub(lambda match: "\\u{20}" * len(match[0]), visible)


def unescape(text: str, path: Path) -> str:
    """The inverse of :func:`escape`."""

    def replacement(match: re.Match[str]) -> str:
        if match[1]:
            return "\\"
        if match[2]:
            return chr(int(match[2], 16))
        raise ValueError(f"{path}: a backslash that opens no escape: {text[match.start() : match.start() + 20]!r}")

    return _ESCAPE.sub(replacement, text)


def _is_invisible(char: str) -> bool:
    if char in " \n":
        return False
    is_variation_selector = "\ufe00" <= char <= "\ufe0f"
    return is_variation_selector or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs")


def _divider(lines: list[str], path: Path) -> int:
    dashes = [i for i, line in enumerate(lines) if line and not line.strip("-")]
    longest = [i for i in dashes if len(lines[i]) == max(len(lines[j]) for j in dashes)]
    if len(longest) != 1:
        raise ValueError(f"{path}: expected one longest line of dashes, found {len(longest)}")
    return longest[0]


def _read_head(lines: list[str], path: Path) -> tuple[str, dict[str, str]]:
    paragraphs = "\n".join(lines).strip("\n").split("\n\n")
    if len(paragraphs) > 2 or not paragraphs[0]:
        raise ValueError(f"{path}: the head is a title, perhaps a blank line and options")
    options: dict[str, str] = {}
    for line in paragraphs[1].split("\n") if len(paragraphs) == 2 else ():
        match = _OPTION.fullmatch(line)
        if match is None or match[1] not in OPTIONS:
            raise ValueError(f"{path}: not an option: {line!r}; known are {', '.join(OPTIONS)}")
        options[match[1]] = match[2]
    return paragraphs[0], options


def _offset(text: str) -> tzinfo:
    zone = datetime.strptime(text, "%z").tzinfo
    assert zone is not None
    return zone
