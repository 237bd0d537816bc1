"""A fuzzer that knows how dumps look: renders conversations, then damages their lines.

    python fuzz/mutate.py [--seconds 1800 | --texts 120] [--seed 0]

In: a seed; text number n is the same for each run with that seed. Out: a line of figures, and each text on which
something fails in ``fuzz/findings/``. The exit code is 1 if there was one.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from conversations import ODD_NAMES, PLAIN_NAMES, UI_NAMES, Conversation, Habits, fill
from fixture_format import FIXTURES, read_case
from invariants import FRAGMENTS, SCRAPED_AT, assert_all_holds
from languages import NAMES, Language
from rendering import STYLES, Layout, render

FINDINGS = ROOT / "fuzz" / "findings"
_ODD = (
    *("\0", "\x1b[31m", "\u200f", "\u202e", "\u2066", "\u0301", "\u0301" * 40, "\ud800", "\udfff", "\ufeff", "\u2028"),
    *("\x85", "\t", "\u3000", "\r"),
)
"""Controls, marks and lone surrogates that are put into lines."""
_TEMPLATE_WORDS = (
    "@tower.net",
    "@when",
    "{n}",
    "{name}",
    "{?a}",
    "{",
    "}",
    "why?",
    "[x](y)",
    "**",
    "1 " * 40,
    "w" * 70,
)
"""Words that mean something else in a template, or too much."""
_MOST_CUTS = 12
"""Most damages to one text."""

Lines = list[str]


def _drop(source: random.Random, lines: Lines) -> Lines:
    at = source.randrange(len(lines))
    return lines[:at] + lines[at + source.randint(1, 4) :]


def _double(source: random.Random, lines: Lines) -> Lines:
    at = source.randrange(len(lines))
    piece = lines[at : at + source.randint(1, 6)]
    return lines[:at] + piece * source.choice((2, 2, 3, 40)) + lines[at:]


def _swap(source: random.Random, lines: Lines) -> Lines:
    at, other = source.randrange(len(lines)), source.randrange(len(lines))
    swapped = list(lines)
    swapped[at], swapped[other] = lines[other], lines[at]
    return swapped


def _cut(source: random.Random, lines: Lines) -> Lines:
    return lines[: source.randrange(len(lines)) + 1]


def _join(source: random.Random, lines: Lines) -> Lines:
    at = source.randrange(len(lines))
    return [*lines[:at], source.choice(("", " ", "  ")).join(lines[at : at + 2]), *lines[at + 2 :]]


def _split(source: random.Random, lines: Lines) -> Lines:
    at = source.randrange(len(lines))
    column = source.randint(0, len(lines[at]))
    return [*lines[:at], lines[at][:column], lines[at][column:], *lines[at + 1 :]]


def _strange(source: random.Random, lines: Lines) -> Lines:
    at = source.randrange(len(lines))
    column = source.randint(0, len(lines[at]))
    return [*lines[:at], lines[at][:column] + source.choice(_ODD) + lines[at][column:], *lines[at + 1 :]]


def _insert(source: random.Random, lines: Lines) -> Lines:
    at = source.randint(0, len(lines))
    return [*lines[:at], source.choice(FRAGMENTS), *lines[at:]]


def _indent(source: random.Random, lines: Lines) -> Lines:
    at, by = source.randrange(len(lines)), source.choice((" ", "    ", "\t", "> ", "  * ", "1. "))
    end = at + source.randint(1, 8)
    return [*lines[:at], *(by + line for line in lines[at:end]), *lines[end:]]


def _recur(source: random.Random, lines: Lines) -> Lines:
    """Words that come back: what a page repeats may be learned from it."""
    words, is_timed = source.choice(_TEMPLATE_WORDS), source.random() < 0.5
    form = source.choice(("{words} {line}", "{line} {words}", "{line}\n{words}", "{words}\n{line}"))
    recurring = [form.format(words=words, line=line) if _is_short(line, is_timed=is_timed) else line for line in lines]
    return "\n".join(recurring).split("\n")


def _is_short(line: str, *, is_timed: bool) -> bool:
    """Whether a line may be one of a header: with digits, if it is to hold a time, or few words without."""
    return 0 < len(line.split()) < 5 and is_timed == any(map(str.isdecimal, line))


def _flatten(_: random.Random, lines: Lines) -> Lines:
    return [" ".join(lines)]


_DAMAGES: tuple[Callable[[random.Random, Lines], Lines], ...] = (
    *(_drop, _double, _swap, _cut, _join, _split, _strange, _insert, _indent, _recur) * 3,
    _flatten,
)


def _pages() -> list[Callable[[random.Random], str]]:
    """Where texts come from: the renderer, in every language, and the fixtures of all platforms."""
    languages = [None, *map(Language.load, NAMES)]
    fixtures = [read_case(path).dump for path in sorted(FIXTURES.glob("*/*.txt"))]

    def rendered(source: random.Random) -> str:
        habits = Habits(
            names=source.sample((*PLAIN_NAMES, *ODD_NAMES, *UI_NAMES), source.randint(2, 6)),
            vote_lines=source.randint(0, 2),
            is_relative=source.random() < 0.7,
        )
        page = Conversation(
            remarks=(),
            has_reply_buttons=source.random() < 0.7,
            has_count=source.random() < 0.6,
            has_form=source.random() < 0.4,
            has_sort_bar=source.random() < 0.4,
            footer=source.choice(((), ("wpDiscuz", "Insert"))),
        )
        page = fill(page, habits, number=source.randint(1, 12), seed=source.randrange(2**32))
        language = source.choice(languages)
        if language is not None:
            page = language.translated(page)
        return render(page, source.choice(tuple(Layout)), source.choice(STYLES), *([language] if language else []))

    return [rendered, lambda source: source.choice(fixtures)]


def texts(seed: int) -> Iterator[str]:
    """Damaged texts without end."""
    pages = _pages()
    number = 0
    while True:
        source = random.Random(f"{seed} {number}")
        text = "\n".join(source.choice(pages)(source) for _ in range(source.choice((1, 1, 1, 2, 3))))
        lines = text.split("\n")
        for _ in range(source.randint(1, _MOST_CUTS)):
            lines = source.choice(_DAMAGES)(source, lines) or [""]
        yield source.choice(("\n", "\n", "\n", "\r\n", "\r")).join(lines)
        number += 1


def main() -> int:
    """Fuzz until the time or the number of texts is over."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, help="how long")
    parser.add_argument("--texts", type=int, default=120, help="how many, if no time is given (120)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    start, done, size, comments, findings = time.monotonic(), 0, 0, 0, 0
    slowest = (0.0, 0)
    for text in texts(options.seed):
        if time.monotonic() - start > options.seconds if options.seconds else done >= options.texts:
            break
        began = time.monotonic()
        try:
            comments += len(assert_all_holds(text, scraped_at=(None, SCRAPED_AT)[done % 2]).comments)
        except Exception:
            findings += 1
            FINDINGS.mkdir(exist_ok=True)
            (FINDINGS / f"{options.seed}-{done}.txt").write_bytes(text.encode("utf-8", "surrogatepass"))
            traceback.print_exc()
        slowest = max(slowest, ((time.monotonic() - began) / (len(text) + 1000), done))
        done, size = done + 1, size + len(text)
    print(
        f"{done} texts, {size / 1e6:.1f} million code points, {comments} comments, {findings} findings in "
        f"{time.monotonic() - start:.0f} s; slowest for its size: text {slowest[1]}"
    )
    return min(findings, 1)


if __name__ == "__main__":
    sys.exit(main())
