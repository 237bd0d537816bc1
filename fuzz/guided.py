"""A fuzzer guided by coverage: atheris keeps what reaches new branches of threadparse.

    pip install -r fuzz/requirements.txt
    python fuzz/guided.py -max_total_time=1800

Arguments are libFuzzer's. What it reads are bytes: each byte below 128 takes a line from a list of those of which pages
are made, other bytes are text; so that whole headers are a few bytes long and can be found. It starts with the
fixtures, written in these bytes to ``fuzz/corpus/``, where it also keeps what it finds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

with atheris.instrument_imports(include=["threadparse"]):
    from fixture_format import FIXTURES, read_case
    from invariants import FRAGMENTS, assert_all_holds

_LINES = (*FRAGMENTS, "\n", "\r\n", " ", "    ")
_CODES = {line: code for code, line in reversed(list(enumerate(_LINES)))}
_LONGEST = 127
"""Most bytes of plain text behind one byte."""
_MOST = 2048
"""Longest input, in bytes; the longest fixtures have as many."""


def text_of(data: bytes) -> str:
    """The text that some bytes stand for."""
    pieces = []
    at = 0
    while at < len(data):
        byte = data[at]
        if byte < 128:
            pieces.append(_LINES[byte % len(_LINES)] + "\n")
            at += 1
        else:  # as many bytes of plain text
            end = at + 1 + byte - 128
            pieces.append(data[at + 1 : end].decode("utf-8", "surrogateescape"))
            at = end
    return "".join(pieces)


def data_of(text: str) -> bytes:
    """Bytes that stand for a text."""
    out = bytearray()
    for line in text.splitlines(keepends=True):
        code = _CODES.get(line.removesuffix("\n")) if line.endswith("\n") else None
        if code is not None:
            out.append(code)
            continue
        raw = line.encode("utf-8", "surrogatepass")
        for at in range(0, len(raw), _LONGEST):
            piece = raw[at : at + _LONGEST]
            out += bytes([128 + len(piece)]) + piece
    return bytes(out)


def write_corpus(folder: Path) -> None:
    """The fixtures, as inputs to start from."""
    folder.mkdir(exist_ok=True)
    for path in sorted(FIXTURES.glob("*/*.txt")):
        data = data_of(read_case(path).dump)
        (folder / f"{path.parent.name}-{path.stem}").write_bytes(data[:_MOST])


def check(data: bytes) -> None:
    """Raise if something does not hold that must."""
    assert_all_holds(text_of(data))


if __name__ == "__main__":
    findings = ROOT / "fuzz" / "findings"
    findings.mkdir(exist_ok=True)
    corpus = ROOT / "fuzz" / "corpus"
    write_corpus(corpus)
    # Without length control: else inputs grow from a few bytes on, and half an hour saw none longer than 21 lines.
    given = [f"-artifact_prefix={findings}/", f"-max_len={_MOST}", "-len_control=0", str(corpus)]
    atheris.Setup([*sys.argv, *given], check)
    atheris.Fuzz()
