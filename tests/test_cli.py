"""``threadparse show FILE`` as its users run it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import threadparse

pytest.importorskip("typer", reason="the extra 'cli' is not installed")

ROOT = Path(__file__).parent.parent
DUMP = ROOT / "examples" / "harbour-bridge.txt"


def run(*arguments: str, stdin: bytes = b"", encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "threadparse", *arguments]
    env = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, input=stdin, env=env, capture_output=True, check=False, timeout=60)


def shown(dump: bytes) -> str:
    done = run("show", "-", stdin=dump)
    assert (0, b"") == (done.returncode, done.stderr)
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


def test_shows_author_time_and_first_words_of_every_comment() -> None:
    tree = shown(DUMP.read_bytes())
    thread = threadparse.parse(DUMP.read_text(encoding="utf-8"))
    lines = iter(tree.splitlines())
    for comment in thread.walk():
        # Each search goes on where the last one ended, so the order is the tree's.
        assert any(comment.author in line for line in lines), comment
        assert comment.posted is not None
    assert "6 months ago" in tree
    assert "Twelve bicycles!" in tree


def test_deeper_comments_are_indented_more() -> None:
    lines = shown(DUMP.read_bytes()).splitlines()

    def indent(author: str) -> int:
        return next(line.index(author) for line in lines if author in line)

    assert indent("Marta Quill") < indent("Ines Vanterpool") < indent("Old Pilot")
    assert indent("Marta Quill") == indent("Dorrit Hale") == indent("Yusra Denn")


def test_file_and_standard_input_give_the_same() -> None:
    from_file = run("show", str(DUMP))
    assert (0, b"") == (from_file.returncode, from_file.stderr)
    assert run("show", "-", stdin=DUMP.read_bytes()).stdout == from_file.stdout


def test_the_installed_command() -> None:
    name = "threadparse.exe" if os.name == "nt" else "threadparse"
    command = [str(Path(sysconfig.get_path("scripts"), name)), "show", str(DUMP)]
    env = os.environ | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, env=env, capture_output=True, check=True, timeout=60)
    assert run("show", str(DUMP)).stdout == done.stdout


@pytest.mark.parametrize(
    "dump",
    [
        b" \n\n",
        b"Only an article.\n",
        b"Cut\x00 and \x1b[31mred. " + 20 * b"We kept the ledger. " + b"\n",
        "6 months ago\n".encode("utf-16"),
    ],
    ids=["blank", "article", "some controls", "utf-16"],
)
def test_input_without_comments(dump: bytes) -> None:
    assert "no comments found\n" == shown(dump)


@pytest.mark.parametrize(
    ("dump", "message"),
    [
        (b"", b"is empty"),
        (b"\x00\x1b[31m\r\r\n", b"is binary, not text"),
        (bytes(range(256)), b"is binary, or in an encoding that cannot be guessed (--encoding)"),
    ],
)
def test_input_that_is_no_text(dump: bytes, message: bytes) -> None:
    done = run("show", "-", stdin=dump)
    assert (1, b"", b"threadparse: standard input: " + message) == (done.returncode, done.stdout, done.stderr.strip())


def test_names_and_texts_cannot_steer_the_terminal() -> None:
    dump = "2 Comments\nA\x1b[31mn\nA\x1b[31mn\n3 days ago\n\nRed\x1b]0;title\x07.\n\nBo\nBo\n3 days ago\n\nYes.\n"
    tree = shown(dump.encode("utf-8"))
    assert [] == [character for character in tree if ord(character) < 32 and character != "\n"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_terminal(encoding: str) -> None:
    done = run("show", str(DUMP), encoding=encoding)
    assert (0, b"") == (done.returncode, done.stderr)
    assert b"Old Pilot" in done.stdout


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_file_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    done = run("show", str(tmp_path / name))
    assert 0 != done.returncode
    assert b"" == done.stdout
    assert name.encode() in done.stderr or str(tmp_path).encode() in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["show"], ["draw", "x"], ["show", "a", "b"], ["show", "--colour", "a"]])
def test_wrong_arguments(arguments: list[str]) -> None:
    done = run(*arguments)
    assert 2 == done.returncode
    assert b"Usage:" in done.stderr


def test_help() -> None:
    done = run("--help")
    assert (0, b"") == (done.returncode, done.stderr)
    assert b"show" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is another error there")
def test_a_reader_that_stops_early(tmp_path: Path) -> None:
    # More output than a pipe holds (64 KiB), so that the command is still writing when the pipe is closed.
    comments = "".join(f"P{n}\nP{n}\n3 days ago\n\n{'word ' * 12}\n\n" for n in range(2000))
    dump = tmp_path / "long.txt"
    dump.write_text(f"2000 Comments\n{comments}", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "threadparse", "show", str(dump)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"" == process.stderr.read()
        assert 0 == process.wait(60)
