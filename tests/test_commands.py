"""The commands on files, folders and pipes of every kind, in this process; test_cli.py runs the installed one."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import threadparse
from threadparse import Thread
from threadparse.__main__ import main

pytest.importorskip("typer", reason="the extra 'cli' is not installed")
import rich.console
import zstandard

from threadparse.cli import _intake, _terminal, convert, stats

ROOT = Path(__file__).parent.parent
DUMP = (ROOT / "examples" / "harbour-bridge.txt").read_bytes()
THREAD = threadparse.parse(DUMP.decode("utf-8"))
SMALL = "1 Comment\nNela\nNela\n2 days ago\n\nIs the pool open?\n"


@attrs.frozen
class Done:
    """What a command did."""

    code: int
    out: str
    err: list[str]


Command = Callable[..., Done]


@pytest.fixture
def command(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Runs a command in a folder of its own; file names in messages are then short."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(arguments)
        out, err = capsysbinary.readouterr()
        return Done(code, out.decode("utf-8").replace("\r\n", "\n"), err.decode("utf-8").splitlines())

    return run


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes rich believe that standard output and standard error are terminals."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(rich.console.Console, "is_terminal", True)
    monkeypatch.delenv("NO_COLOR", raising=False)


# What is read


def a_folder(place: Path) -> None:
    """Sound files of several kinds."""
    (place / "sub" / ".hidden").mkdir(parents=True)
    (place / "a.txt").write_bytes(DUMP)
    (place / "b.txt.gz").write_bytes(gzip.compress(DUMP))
    (place / "sub" / "c.txt.zst").write_bytes(zstandard.compress(DUMP))
    (place / "sub" / "d").write_text(SMALL, encoding="utf-8")
    (place / ".hidden").write_bytes(DUMP)
    (place / "sub" / ".hidden" / "e.txt").write_bytes(DUMP)


def pages(out: str) -> list[tuple[str, int]]:
    lines = [json.loads(line) for line in out.splitlines()]
    return [(line["page"], len(line["comments"])) for line in lines]


def test_folders_and_packed_files(command: Command, tmp_path: Path) -> None:
    a_folder(tmp_path / "in")
    done = command("convert", "in", "-f", "jsonl")
    assert (0, []) == (done.code, done.err)
    assert [("in/a.txt", 14), ("in/b.txt.gz", 14), ("in/sub/c.txt.zst", 14), ("in/sub/d", 1)] == pages(done.out)


def test_a_file_that_is_named_twice_is_read_once(command: Command, tmp_path: Path) -> None:
    a_folder(tmp_path / "in")
    assert [("in/sub/d", 1), ("in/sub/c.txt.zst", 14)] == pages(
        command("convert", "in/sub/d", "in/sub", "-f", "jsonl").out
    )


def test_standard_input(command: Command) -> None:
    assert [("-", 14)] == pages(command("convert", "-", "-f", "jsonl", stdin=DUMP).out)


PROSE = "Où est la clé de l'été? Là-bas, près du café. " * 90 + "\n"
TEXT = SMALL.replace("Nela", "Zoë").replace("Is the pool open?", "Où est la clé de l'été? Là-bas, près du café.")


@pytest.mark.parametrize(
    ("raw", "author", "remark"),
    [
        (TEXT.encode("utf-8"), "Zoë", None),
        (TEXT.encode("utf-8-sig"), "Zoë", None),
        (TEXT.encode("utf-16"), "Zoë", None),
        (TEXT.encode("utf-32"), "Zoë", None),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "Zoë", None),
        (TEXT.replace("clé", 20 * "é").encode("utf-8") + b"\xc3", "Zoë", "read as damaged UTF-8, 1 bad place"),
        (TEXT.replace("clé", 40 * "é").encode("utf-8") + b"\xc3 \xc3", "Zoë", "read as damaged UTF-8, 2 bad places"),
        (TEXT.encode("cp1252"), "Zoë", "read as cp1250, a guess (--encoding)"),
        (
            f"{TEXT}{PROSE * 50}".encode("cp1252"),  # longer than what the guess is made from
            "Zoë",
            "read as cp1250, a guess (--encoding)",
        ),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-32", "big end", "damaged", "damaged twice", "other", "long"],
)
def test_encodings(raw: bytes, author: str, remark: str | None, command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(raw)
    done = command("convert", "x.txt", "-f", "jsonl")
    assert 0 == done.code
    assert author == json.loads(done.out)["comments"][0]["author"]
    said = [line.replace("cp1252", "cp1250") for line in done.err]  # the text reads the same in both
    assert ([] if remark is None else [f"threadparse: x.txt: {remark}"]) == said


def test_a_long_line_of_another_encoding(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes("Où est la clé? ".encode("cp1252") * 20_000)
    assert 1 == len(command("show", "x.txt").err)


def test_a_given_encoding_is_not_doubted(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(TEXT.encode("cp1252"))
    done = command("show", "x.txt", "--encoding", "cp1252")
    assert (0, []) == (done.code, done.err)
    assert "Zoë" in done.out


@pytest.mark.parametrize("command_name", ["show", "explain", "convert", "stats"])
def test_a_guess_is_said(command_name: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(TEXT.encode("cp1252"))
    done = command(command_name, "x.txt", *(["-f", "txt"] if command_name == "convert" else []))
    assert (0, ["threadparse: x.txt: read as cp1250, a guess (--encoding)"]) == (done.code, done.err)


# What cannot be read

BAD = {
    "bad.gz": (b"no gzip", "cannot be unpacked: Not a gzipped file"),
    "bad.zst": (b"no zstd", "cannot be unpacked: "),
    "binary": (bytes(range(256)) * 40, "is binary, or in an encoding that cannot be guessed (--encoding)"),
    "control": (b"\0\1\2 text " * 10, "is binary, not text"),
    "cut.gz": (gzip.compress(DUMP)[:-100], "cannot be unpacked: "),
    "empty": (b"", "is empty"),
    "long": (b"word " * 10_000, "is longer than 0.02 MB (--max-size)"),
    "long.gz": (gzip.compress(b"word " * 10_000), "is longer than 0.02 MB (--max-size)"),
}


def a_bad_folder(place: Path) -> None:
    place.mkdir()
    for name, (raw, _) in BAD.items():
        (place / name).write_bytes(raw)
    (place / "nowhere").symlink_to("missing")
    (place / "a.txt").write_bytes(DUMP)
    (place / "z.txt").write_text(SMALL, encoding="utf-8")


def complaints() -> list[str]:
    bad = BAD | {"nowhere": (b"", "no such file or directory")}
    return [f"threadparse: in/{name}: {bad[name][1]}" for name in sorted(bad)]


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_bad_file_never_stops_the_others(jobs: str, command: Command, tmp_path: Path) -> None:
    a_bad_folder(tmp_path / "in")
    done = command("convert", "in", "-f", "jsonl", "-o", "out.jsonl", "--max-size", "0.02", "--jobs", jobs)
    assert (1, "") == (done.code, done.out)
    assert all(said.startswith(wanted) for wanted, said in zip(complaints(), done.err, strict=True)), done.err
    assert [("in/a.txt", 14), ("in/z.txt", 1)] == pages((tmp_path / "out.jsonl").read_text(encoding="utf-8"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind everybody")
def test_a_file_that_may_not_be_read(command: Command, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(DUMP)
    (tmp_path / "secret").chmod(0)
    assert Done(1, "", ["threadparse: secret: permission denied"]) == command("show", "secret")


@pytest.mark.parametrize(
    ("arguments", "name"), [(["-f", "jsonl", "-o", "out.jsonl"], "out.jsonl"), (["-f", "md", "-o", "out"], "out")]
)
def test_fail_fast(arguments: list[str], name: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(SMALL, encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_bytes(b"")
    (tmp_path / "in" / "c.txt").write_text(SMALL, encoding="utf-8")
    done = command("convert", "in", *arguments, "--fail-fast")
    assert Done(1, "", ["threadparse: in/b.txt: is empty"]) == done
    assert (["a.txt.md"] if name == "out" else []) == [path.name for path in (tmp_path / name).glob("*")]
    assert {"in"} | ({"out"} if name == "out" else set()) == {path.name for path in tmp_path.iterdir()}


def test_a_worker_that_died_is_an_error(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def died(texts: Iterator[str], **options: Any) -> Iterator[Thread]:
        note = threadparse.Note("worker-crashed", "the process ended")
        for text in texts:
            yield attrs.evolve(threadparse.parse(text), notes=(note,))

    monkeypatch.setattr(_intake, "parse_many", died)
    (tmp_path / "x.txt").write_bytes(DUMP)
    assert Done(1, "", ["threadparse: x.txt: the process ended"]) == command("convert", "x.txt", "-f", "md")
    assert 1 == command("stats", "x.txt").code


def test_names_of_files_cannot_steer_the_terminal(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\n.txt").write_bytes(b"")
    assert ["threadparse: a\ufffd[31m\ufffd.txt: is empty"] == command("show", "a\x1b[31m\n.txt").err


# convert


@pytest.mark.parametrize("name", convert._FORMATS)
def test_every_format_by_its_name(name: str, command: Command, tmp_path: Path) -> None:
    a_folder(tmp_path / "in")
    assert Done(0, "", []) == command("convert", "in", "-f", name, "-o", "out")
    out = tmp_path / "out"
    if name in convert._DOCUMENTS:
        suffix = convert._DOCUMENTS[name][0]
        written = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
        assert [f"{path}{suffix}" for path in ("a.txt", "b.txt.gz", "sub/c.txt.zst", "sub/d")] == written
    assert (name in {*convert._DOCUMENTS, "convokit"}) == out.is_dir()
    files = [path for path in (out, *out.rglob("*")) if path.is_file()]
    before = [path.read_bytes() for path in files]
    assert Done(0, "", []) == command("convert", "in", "-f", name, "-o", "out")
    assert before == [path.read_bytes() for path in files]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv", ".parquet", ".graphml", ".jsonld", ".md", ".txt"])
def test_every_suffix(suffix: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(DUMP)
    assert Done(0, "", []) == command("convert", "in.txt", "-o", f"out{suffix.upper()}")
    by_name = command("convert", "in.txt", "-o", "named", "-f", suffix[1:])
    assert 0 == by_name.code
    assert (tmp_path / "named").read_bytes() == (tmp_path / f"out{suffix.upper()}").read_bytes()


def test_documents_say_what_the_thread_says(command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(DUMP)
    assert THREAD == Thread.from_dict(json.loads(command("convert", "in.txt", "-f", "json").out))
    assert threadparse.export.to_nested_json(THREAD) + "\n" == command("convert", "in.txt", "-f", "json-nested").out
    assert threadparse.export.to_jsonld(THREAD) + "\n" == command("convert", "in.txt", "-f", "jsonld").out
    assert threadparse.export.to_markdown(THREAD) == command("convert", "in.txt", "-f", "md").out
    assert threadparse.export.to_text(THREAD) == command("convert", "in.txt", "-f", "txt").out


def test_collections_say_what_the_threads_say(command: Command, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    networkx = pytest.importorskip("networkx")
    a_folder(tmp_path / "in")
    authors = [comment.author for comment in THREAD.comments] * 3 + ["Nela"]
    for suffix in ("csv", "parquet", "graphml"):
        assert 0 == command("convert", "in", "-o", f"out.{suffix}").code
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert authors == [row["author"] for row in csv.DictReader(file)]
    assert authors == parquet.read_table(tmp_path / "out.parquet")["author"].to_pylist()
    graph = networkx.read_graphml(tmp_path / "out.graphml")
    assert authors == [label for _, label in graph.nodes(data="label")]
    assert 0 == command("convert", "in", "-f", "graphml-authors", "-o", "out").code
    people = networkx.read_graphml(tmp_path / "out")
    assert set(authors) == set(people)
    assert 0 == command("convert", "in", "-f", "convokit", "-o", "out-folder").code
    assert len(authors) == len((tmp_path / "out-folder" / "utterances.jsonl").read_text(encoding="utf-8").splitlines())


def test_one_input_into_an_existing_folder(command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(DUMP)
    (tmp_path / "out").mkdir()
    assert 0 == command("convert", "in.txt", "-f", "md", "-o", "out").code
    assert ["in.txt.md"] == [path.name for path in (tmp_path / "out").iterdir()]


def test_no_output_is_written_over_another(command: Command, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(SMALL, encoding="utf-8")
    done = command("convert", "one", "two", "-f", "md", "-o", "out")
    one, two, out = Path("one", "a.txt"), Path("two", "a.txt"), Path("out", "a.txt.md")
    assert Done(1, "", [f"threadparse: {two}: its output {out} is already that of {one}"]) == done


@pytest.mark.parametrize("name", ["md", "csv"])
def test_an_output_that_cannot_be_written(name: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(DUMP)
    (tmp_path / "file").write_bytes(b"")
    done = command("convert", "in.txt", "-f", name, "-o", "file/out")
    assert 1 == done.code
    assert 1 == len(done.err)
    assert done.err[0].startswith(f"threadparse: {Path('file', 'out')}: ")
    assert b"" == (tmp_path / "file").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["in.txt"], "say the format with -f, or the output with -o"),
        (["in.txt", "-o", "out.pdf"], "out.pdf has no suffix of a format"),
        (["in.txt", "-f", "pdf"], "there is no format 'pdf'"),
        (["in.txt", "-f", "convokit"], "convokit is a folder: name it"),
        (["in.txt", "-f", "convokit", "-o", "in.txt"], "convokit is a folder: name it"),
        (["in.txt", "-f", "csv", "-o", "folder"], "folder is a folder; csv is one file for all inputs"),
        (["folder", "-f", "md"], "md is a document per input: name a folder for them"),
        (["in.txt", "folder", "-o", "out.md"], "md is a document per input: name a folder for them"),
        (["folder", "-f", "md", "-o", "in.txt"], "md is a document per input: name a folder for them"),
        (["in.txt", "-f", "md", "--dialect", "nosuch"], "nosuch"),
        (["in.txt", "-f", "md", "--dialect", "nosuch.toml"], "nosuch.toml"),
        (["in.txt", "-f", "md", "--locale", "nosuch"], "nosuch"),
        (["in.txt", "-f", "md", "--timezone", "Nowhere"], "Nowhere"),
        (["in.txt", "-f", "md", "--timezone", "/etc/passwd"], "passwd"),
        (["in.txt", "-f", "md", "--scraped-at", "yesterday"], "yesterday"),
        (["in.txt", "-f", "md", "--encoding", "latin-99"], "latin-99"),
        (["in.txt", "-f", "md", "--max-size", "-1"], "--max-size"),
    ],
)
def test_wrong_arguments(arguments: list[str], message: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(DUMP)
    (tmp_path / "folder").mkdir()
    done = command("convert", *arguments)
    assert (2, "") == (done.code, done.out)
    assert message in " ".join(done.err)
    assert {"in.txt", "folder"} == {path.name for path in tmp_path.iterdir()}
    assert DUMP == (tmp_path / "in.txt").read_bytes()


@pytest.mark.parametrize(("name", "extra"), [("parquet", "arrow"), ("graphml", "graph"), ("graphml-authors", "graph")])
def test_a_format_without_its_library(
    name: str, extra: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(module: str) -> None:
        raise ModuleNotFoundError(module)

    monkeypatch.setattr("importlib.import_module", missing)
    (tmp_path / "in.txt").write_bytes(DUMP)
    done = command("convert", "in.txt", "-f", name, "-o", "out")
    assert 2 == done.code
    assert f"pip install 'threadparse[{extra}]'" in " ".join(done.err)


def test_options_reach_the_parser(command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(DUMP)
    arguments = ("--scraped-at", "2024-05-01", "--timezone", "Europe/Paris", "--locale", "en", "--locale", "de")
    done = json.loads(command("convert", "in.txt", "-f", "json", "--dialect", "wpdiscuz", *arguments).out)
    assert "2024-05-01T00:00:00+00:00" == done["scraped_at"]
    assert done["comments"][0]["posted"]["earliest"] is not None
    with_offset = command("convert", "in.txt", "-f", "json", "--scraped-at", "2024-05-01T12:00+02:00")
    assert "2024-05-01T10:00:00+00:00" == json.loads(with_offset.out)["scraped_at"]


def test_a_dialect_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(DUMP)
    package = Path(threadparse.__path__[0])
    (tmp_path / "site.toml").write_bytes((package / "dialects" / "wpdiscuz.toml").read_bytes())
    done = command("convert", "in.txt", "-f", "json", "--dialect", "site.toml")
    assert (0, 14) == (done.code, len(json.loads(done.out)["comments"]))


def test_the_bar(command: Command, terminal: None, tmp_path: Path) -> None:
    a_folder(tmp_path / "in")
    (tmp_path / "in" / "empty").write_bytes(b"")
    done = command("convert", "in", "-f", "md", "-o", "out")
    assert 1 == done.code
    assert any("5/5" in line for line in done.err)
    assert any("threadparse: in/empty: is empty" in line for line in done.err)


# show


def test_a_long_text_is_folded(command: Command, tmp_path: Path) -> None:
    text = "\n".join(f"line {n}" for n in range(9))
    (tmp_path / "x.txt").write_text(SMALL.replace("Is the pool open?", text), encoding="utf-8")
    assert "  line 2\n  … 6 more lines\n" in command("show", "x.txt").out
    assert "  line 6\n  … 2 more lines\n" in command("show", "x.txt", "-n", "7").out
    for whole in ("0", "8", "9"):
        assert "  line 8\n" in command("show", "x.txt", "--lines", whole).out


def test_brief_is_a_line_for_each_comment(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(DUMP)
    rows = command("show", "--brief", "x.txt").out.splitlines()
    assert [comment.author for comment in THREAD.walk()] == [row.strip().partition(" (")[0] for row in rows[2:]]
    assert {len(row) <= 80 for row in rows} == {True}
    assert any(row.endswith("…") for row in rows)


def test_deep_levels_are_numbers(command: Command, tmp_path: Path) -> None:
    names = [f"Rower {chr(65 + n)}" for n in range(15)]
    blocks = [
        f"{name}\n{name}\n2 days ago\n" + (f"Reply to {names[n - 1]}\n" if n else "") + f"\nSaid {n}.\n\n"
        for n, name in enumerate(names)
    ]
    (tmp_path / "x.txt").write_text(f"15 Comments\n{''.join(blocks)}", encoding="utf-8")
    shown = command("show", "x.txt", "--brief").out
    assert f"{24 * ' '}Rower M (2 days ago): Said 12." in shown
    assert f"{24 * ' '}[13] Rower N (2 days ago): Said 13." in shown


def test_notes_and_the_declared_count_are_shown(command: Command, tmp_path: Path) -> None:
    dump = SMALL.replace("1 Comment", "7 Comments") + "\nKip\nKip\n1 day ago\nReply to Nobody\n\nYes.\n"
    (tmp_path / "x.txt").write_text(dump, encoding="utf-8")
    shown = command("show", "x.txt").out
    assert shown.startswith("2 comments (the page says 7) by 2 people, wpdiscuz, en\n")
    assert "\nnote: unknown-parent: " in shown


def test_one_comment_by_one_person(command: Command) -> None:
    assert command("show", "-", stdin=SMALL.encode()).out.startswith("1 comment by 1 person, wpdiscuz, en\n")


def test_colours_on_a_terminal_only(
    command: Command, terminal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.txt").write_bytes(DUMP)
    coloured = command("show", "--no-pager", "x.txt").out
    assert "\x1b[1;36mMarta Quill\x1b[0m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[36m" not in command("show", "--no-pager", "x.txt").out
    monkeypatch.setattr(rich.console.Console, "is_terminal", False)
    assert "\x1b" not in command("show", "x.txt").out


def test_the_pager(command: Command, terminal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paged: list[str] = []
    monkeypatch.setattr("pydoc.pager", paged.append)
    monkeypatch.delenv("LESS", raising=False)
    (tmp_path / "x.txt").write_bytes(DUMP)
    done = command("show", "x.txt")
    assert (0, "", "FRX") == (done.code, done.out, os.environ["LESS"])
    assert "Twelve bicycles!" in paged[0]
    monkeypatch.setattr(rich.console.Console, "is_terminal", False)
    assert "Twelve bicycles!" in command("show", "x.txt").out


# explain


def test_explain_says_the_rule_of_every_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(DUMP)
    done = command("explain", "--no-parents", "x.txt")
    told = [line for line in threadparse.explain(DUMP.decode()) if line.text.strip()]
    rows = done.out.splitlines()
    for line, row in zip(told, rows, strict=True):
        assert row.split()[0] == str(line.line)
        assert line.kind.value in row
        assert line.rule in row
    assert len(DUMP.decode().splitlines()) == len(
        command("explain", "--blank", "--no-parents", "x.txt").out.splitlines()
    )


def test_explain_says_what_else_a_line_could_be(command: Command) -> None:
    dump = SMALL.replace("Is the pool open?", "See you.\n\n2 days ago\n\nThat was it.")
    assert "(time?)" in command("explain", "-", stdin=dump.encode()).out


def test_explain_says_what_speaks_for_each_parent(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(DUMP)
    rows = command("explain", "x.txt").out.splitlines()
    told = [parent for line in threadparse.explain(DUMP.decode()) for parent in line.parents]
    assert len(told) == len([row for row in rows if row.lstrip().startswith(("a root, ", "answers "))])
    for parent in told:
        assert any("; ".join(parent.reasons) in row for row in rows)


def test_explain_of_nothing(command: Command) -> None:
    assert Done(0, "", []) == command("explain", "-", stdin=b"\n")


# stats


def test_stats_count(command: Command, tmp_path: Path) -> None:
    a_folder(tmp_path / "in")
    done = command("stats", "in", "--json")
    counted = json.loads(done.out)
    assert (0, []) == (done.code, done.err)
    assert counted["totals"] == {
        "pages": 4,
        "pages with comments": 4,
        "comments": 43,
        "authors": 11,
        "roots": 13,
        "replies": 30,
        "greatest depth": 4,
        "truncated": 3,
        "edited": 3,
        "hidden replies": 0,
        "unsure parents": 3,
    }
    assert {"wpdiscuz": 4} == counted["dialects"]
    assert {"0": 13, "1": 15, "2": 6, "3": 3, "4": 6} == counted["depth"]
    assert {"author": "Marta Quill", "comments": 9, "replies": 6, "replies_received": 6} == counted["authors"][0]
    assert {"6 months ago": 27, "5 months ago": 15, "2 days ago": 1} == counted["time_line"]


def test_stats_as_tables(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(DUMP)
    shown = command("stats", "x.txt", "--top", "2").out
    assert "       14 comments\n" in shown
    assert f"6 months ago        9 {60 * '█'}\n" not in shown
    assert "Marta Quill                         3        2        2\n" in shown
    assert "… 8 more (--top)\n" in shown
    assert "Wim" not in shown


def test_stats_of_a_page_without_comments(command: Command) -> None:
    done = command("stats", "-", stdin=b"An article.\n")
    assert 0 == done.code
    assert "        0 comments\n" in done.out
    assert "authors  " not in done.out


@pytest.mark.parametrize(
    ("times", "line"),
    [
        (["March 5, 2021 7:01 pm", "March 5, 2021 8:30 pm"], ["2021-03"]),
        ([f"March {day}, 2021" for day in range(1, 29)], ["2021-03"]),
        ([f"March 5, {year}" for year in (2019, 2021)], ["2019", "2021"]),
    ],
)
def test_a_time_line_is_as_fine_as_what_is_known(
    times: list[str], line: list[str], command: Command, tmp_path: Path
) -> None:
    counted = stats.Statistics()
    for time in times:
        counted.add(threadparse.parse(SMALL.replace("2 days ago", time)))
    assert all(any(key.startswith(start) for start in line) for key in counted.time_line())
    assert len(times) == sum(counted.time_line().values())
    assert len(counted.time_line()) <= 24


def test_a_comment_without_a_time_is_not_on_the_time_line() -> None:
    counted = stats.Statistics()
    comment = attrs.evolve(THREAD.comments[0], posted=None)
    counted.add(attrs.evolve(THREAD, comments=(comment,), segments=()))
    assert ({}, 1) == (counted.time_line(), counted.comments.total())


def test_months_are_shown_as_months(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(DUMP)
    done = command("stats", "x.txt", "--scraped-at", "2024-05-01", "--json")
    assert {"2023-10": 9, "2023-11": 5} == json.loads(done.out)["time_line"]


# learn


def test_learn_writes_a_dialect(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(DUMP)
    printed = command("learn", "x.txt")
    assert (0, []) == (printed.code, printed.err)
    assert Done(0, "", []) == command("learn", "x.txt", "-o", "site.toml", "--locale", "en")
    assert printed.out == (tmp_path / "site.toml").read_text(encoding="utf-8")
    assert threadparse.Dialect.load(tmp_path / "site.toml").name in printed.out
    assert "Twelve bicycles!" in command("show", "x.txt", "--dialect", "site.toml").out


def test_learn_from_a_page_on_which_nothing_repeats(command: Command) -> None:
    done = command("learn", "-", stdin=b"An article.\n")
    assert (1, "") == (done.code, done.out)
    assert ["threadparse: standard input: nothing on this page repeats"] == [line[:57] for line in done.err]


def test_learn_cannot_write(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(DUMP)
    done = command("learn", "x.txt", "-o", "x.txt/site.toml")
    assert (1, 1) == (done.code, len(done.err))


# The command itself


def test_version(command: Command) -> None:
    done = command("--version")
    assert (0, []) == (done.code, done.err)
    assert done.out.startswith("threadparse ")


def test_without_the_libraries_it_says_what_to_install(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threadparse.__main__.find_spec", lambda name: None)
    done = command("show", "x.txt")
    assert Done(2, "", ["threadparse: the command needs more libraries: pip install 'threadparse[cli]'"]) == done


def test_completion(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_THREADPARSE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "threadparse convert x.txt -f grap")
    monkeypatch.setenv("COMP_CWORD", "4")
    assert ["graphml", "graphml-authors"] == command().out.split()


def test_ctrl_c(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_intake, "read_dump", interrupted)
    (tmp_path / "x.txt").write_bytes(DUMP)
    assert Done(130, "", []) == command("convert", "x.txt", "-o", "out.csv")
    assert ["x.txt"] == [path.name for path in tmp_path.iterdir()]


def test_characters_that_the_terminal_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    stream = Terminal(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    _terminal.prepare_streams()
    print("⚓", file=stream, flush=True)
    assert b"?\n" == stream.buffer.getvalue().replace(b"\r", b"")  # type: ignore[attr-defined]
