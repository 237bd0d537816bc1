"""Runs of words in a line, for looking them up in sets.

In: a line, and the words with which runs begin. Out: the runs, as keys.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

import regex

from ._lines import fold_key

_LONGEST_PHRASE = 12
"""Most words that a phrase has: "You must be logged in to post a comment."."""
WORD = regex.compile(r"\S+")
NUMBER = regex.compile(r"\d+(?:[.,]\d+)*[kKmM]?")


def word_key(words: str) -> str:
    """Words for comparing: folded, and numbers as "0"."""
    return NUMBER.sub("0", fold_key(words))


def phrases(line: str, heads: Container[str]) -> Iterator[tuple[int, int, str]]:
    """Every run of words that begins with certain words, a longer run before a shorter one.

    A run has :data:`_LONGEST_PHRASE` words at most.

    Args:
        line: The line.
        heads: Words, as :func:`word_key` gives them.

    Yields:
        Start and end, and the words as keys with one blank between two.
    """
    words = [(match.start(), match.end(), word_key(match.group())) for match in WORD.finditer(line)]
    for at, (start, _, head) in enumerate(words):
        if head in heads:
            run = words[at : at + _LONGEST_PHRASE]
            for count in range(len(run), 0, -1):
                yield start, run[count - 1][1], " ".join([key for _, _, key in run[:count]])
