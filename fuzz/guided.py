"""A fuzzer guided by coverage: atheris keeps what reaches new branches of threadparse.

    pip install -r fuzz/requirements.txt
    python fuzz/guided.py -max_total_time=1800

Arguments are libFuzzer's. What it reads are bytes: each byte below 128 takes a line from a list of those of which pages
are made, other bytes are text; so that whole headers are a few bytes long and can be found.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

with atheris.instrument_imports(include=["threadparse"]):
    from invariants import FRAGMENTS, assert_all_holds

_LINES = (*FRAGMENTS, "\n", "\r\n", " ", "    ")


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
            end = at + 1 + byte % 24
            pieces.append(data[at + 1 : end].decode("utf-8", "surrogateescape"))
            at = end
    return "".join(pieces)


def check(data: bytes) -> None:
    """Raise if something does not hold that must."""
    assert_all_holds(text_of(data))


if __name__ == "__main__":
    findings = ROOT / "fuzz" / "findings"
    findings.mkdir(exist_ok=True)
    # Without length control: else inputs grow from a few bytes on, and half an hour saw none longer than 21 lines.
    atheris.Setup([*sys.argv, f"-artifact_prefix={findings}/", "-max_len=512", "-len_control=0"], check)
    atheris.Fuzz()
