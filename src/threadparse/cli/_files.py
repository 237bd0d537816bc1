"""From what the user named to texts: files, folders and standard input, packed or not, in any encoding.

In: paths. Out: a :class:`Dump`, or an :class:`InputError` that says in a few words what is wrong with the file. Nothing
here prints, and nothing reads more than the allowed size.
"""

from __future__ import annotations

import codecs
import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import attrs
import regex
import zstandard
from charset_normalizer import from_bytes

STDIN = "-"
MEGABYTE = 1_000_000
_SAMPLE = 200_000
"""Bytes that an encoding is guessed from: charset-normalizer's own chunks come to less."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DAMAGED = 0.1
"""Fewer bad bytes than this share of the other non-ASCII characters are damage to UTF-8, not another encoding."""
_BINARY = 0.05
"""A text with more control characters than this share is no text; real dumps have stray ones now and then."""
_CONTROL = regex.compile(r"[^\P{Cc}\t\n\r\f\x1b\x85]")


class InputError(Exception):
    """An input cannot be used; the message says why, without the input's name."""


@attrs.frozen
class Input:
    """Something to read.

    Attributes:
        path: The file; ``Path("-")`` for standard input.
        relative: Its place below the folder that the user named, or its bare name: what an output is named after.
    """

    path: Path
    relative: Path

    @property
    def name(self) -> str:
        """What messages call it."""
        return "standard input" if self.path == Path(STDIN) else str(self.path)

    @property
    def page(self) -> str:
        """What exports call it."""
        return self.path.as_posix()


@attrs.frozen
class Dump:
    """A text that was read.

    Attributes:
        text: The text.
        remark: How the bytes were understood, where that was a guess; ``None`` for sound UTF-8 and byte order marks.
    """

    text: str
    remark: str | None


def find_inputs(paths: Iterable[Path]) -> Iterator[Input]:
    """What the user named; of folders all files below, by name, but none that is hidden or no file (a pipe, say)."""
    for path in paths:
        if path.is_dir():
            yield from _below(path)
        else:
            yield Input(path, Path("stdin") if path == Path(STDIN) else Path(path.name))


def _below(folder: Path) -> Iterator[Input]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            # A link that leads nowhere is no file, but the user should hear of it.
            if not name.startswith(".") and (path.is_file() or path.is_symlink()):
                yield Input(path, path.relative_to(folder))


def read_dump(path: Path, *, encoding: str | None = None, limit: int = 64 * MEGABYTE) -> Dump:
    """Read and decode one input.

    Args:
        path: A file, unpacked if its name ends in ``.gz`` or ``.zst``, or ``Path("-")``.
        encoding: Its encoding; ``None`` tries UTF-8 and then guesses.
        limit: Most bytes to accept, unpacked.

    Raises:
        InputError: It cannot be read, is empty, too long or no text.
    """
    try:
        raw = _read_bytes(path, limit + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        raise InputError(f"cannot be unpacked: {error}") from error
    except OSError as error:
        raise InputError(reason(error)) from error
    if not raw:
        raise InputError("is empty")
    if len(raw) > limit:
        raise InputError(f"is longer than {limit / MEGABYTE:g} MB (--max-size)")
    dump = _decode(raw, encoding)
    if len(_CONTROL.findall(dump.text)) > _BINARY * len(dump.text):
        raise InputError("is binary, not text")
    return dump


def reason(error: OSError) -> str:
    """The system's own words, begun in lower case as every message here."""
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]


def _read_bytes(path: Path, most: int) -> bytes:
    if path == Path(STDIN):
        return sys.stdin.buffer.read(most)
    with path.open("rb") as file:
        return _unpacked(file, path.suffix.lower()).read(most)


def _unpacked(file: IO[bytes], suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return io.BufferedReader(gzip.GzipFile(fileobj=file))
    if suffix == ".zst":
        frames = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        return io.BufferedReader(frames)
    return file


def _decode(raw: bytes, encoding: str | None) -> Dump:
    encoding = encoding or next((name for mark, name in _BOMS if raw.startswith(mark)), None)
    if encoding is not None:
        return Dump(raw.decode(encoding, "replace"), None)
    try:
        return Dump(raw.decode("utf-8"), None)
    except UnicodeDecodeError:
        return _guess(raw)


def _guess(raw: bytes) -> Dump:
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if bad < _DAMAGED * sum(not character.isascii() for character in text):
        return Dump(text, f"read as damaged UTF-8, {bad} bad {'place' if bad == 1 else 'places'}")
    # The end of a line is the end of a character, in every encoding without a byte order mark.
    sample = raw if len(raw) <= _SAMPLE else raw[: raw.rfind(b"\n", 0, _SAMPLE) + 1] or raw[:_SAMPLE]
    guess = from_bytes(sample).best()
    if guess is None:
        raise InputError("is binary, or in an encoding that cannot be guessed (--encoding)")
    return Dump(raw.decode(guess.encoding, "replace"), f"read as {guess.encoding}, a guess (--encoding)")
