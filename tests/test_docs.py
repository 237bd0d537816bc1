"""Every example in README, docs and docstrings runs, and every public name has one.

In Markdown, ``pycon`` blocks are Python sessions; the blocks of a file share their names. ``console`` blocks that begin
with ``$ threadparse`` show such commands, each with what it prints in a terminal of 100 columns, complaints included.
All run in a folder that holds the project's ``examples`` and nothing else.
"""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import os
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import threadparse

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^(?P<mark>`{3,})(?P<info>.*)$")
SHELL = "$ threadparse "
NEEDS = {
    "threadparse.arrow": "pyarrow",
    "threadparse.cli": "typer",
    "threadparse.cli._archives": "fastwarc",
    "threadparse.cli._extraction": "fastwarc",
    "threadparse.cli._shards": "fastwarc",
    "threadparse.engines": "pyarrow",
    "threadparse.export.frames": "pyarrow",
    "threadparse.export.graph": "networkx",
    "threadparse.view": "jinja2",
}
WITHOUT = tuple(part for part, library in NEEDS.items() if importlib.util.find_spec(library) is None)
"""Parts whose extra is not installed; in CI, conftest.py sees to it that there are none."""
USES = {
    "crawl.md": "threadparse.arrow",
    "exports.md": "threadparse.export.frames",
    "how-to-network.md": "threadparse.export.graph",
    "view.md": "threadparse.view",
}
"""Pages whose sessions need such a part."""


def blocks(page: Path, language: str) -> Iterator[tuple[int, list[str]]]:
    """The fenced blocks in that language, each with the index of its first line."""
    start, mark, wanted = 0, "", False
    lines = page.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        fence = FENCE.match(line)
        if fence is None or (mark and line.rstrip() != mark):
            continue
        if mark:
            if wanted:
                yield start, lines[start:number]
            mark = ""
        else:
            start, mark, wanted = number + 1, fence["mark"], fence["info"].strip() == language
    assert not mark, f"{page.name}: the block that opens in line {start} is not closed"


def page_sessions(page: Path) -> doctest.DocTest:
    """All Python sessions of a page as one test, line numbers kept."""
    kept: dict[int, str] = {}
    for start, lines in blocks(page, "pycon"):
        kept.update(enumerate(lines, start))
    source = "".join(kept.get(number, "") + "\n" for number in range(max(kept, default=-1) + 1))
    return doctest.DocTestParser().get_doctest(source, {}, page.name, str(page), 0)


def docstring_sessions() -> list[doctest.DocTest]:
    names = ["threadparse"]
    names += [module.name for module in pkgutil.walk_packages(threadparse.__path__, "threadparse.")]
    names = [name for name in names if not name.startswith(WITHOUT)]
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in names if name != "threadparse.__main__" for test in finder.find(module_of(name))]
    return [test for test in found if test.examples]


def module_of(name: str) -> object:
    return importlib.import_module(name)


SESSIONS = [
    *(page_sessions(page) for page in PAGES if USES.get(page.name) not in WITHOUT and [*blocks(page, "pycon")]),
    *docstring_sessions(),
]
COMMANDS = [
    pytest.param(block, id=f"{page.name}:{start + 1}")
    for page in PAGES
    for start, block in blocks(page, "console")
    if block[0].startswith(SHELL)
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.name)
def test_session(session: doctest.DocTest, project: None) -> None:
    report: list[str] = []
    result = doctest.DocTestRunner().run(session, out=report.append, clear_globs=False)
    assert 0 == result.failed, "".join(report)


@pytest.mark.parametrize("block", COMMANDS)
@pytest.mark.skipif("threadparse.cli" in WITHOUT, reason="the extra 'cli' is not installed")
def test_commands(block: list[str], project: None) -> None:
    env = os.environ | {"COLUMNS": "100"}
    printed: list[str] = []
    for line in block:
        if line.startswith(SHELL):
            command = [sys.executable, "-m", "threadparse", *shlex.split(line.removeprefix(SHELL))]
            run = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", check=False)
            printed += [line, *run.stdout.splitlines(), *run.stderr.splitlines()]
            assert bool(run.stderr) == run.returncode, run.stderr
    assert [line.rstrip() for line in block] == [line.rstrip() for line in printed]


def test_there_are_sessions_and_commands() -> None:
    assert {"README.md", "tutorial.md", "reference.md"} <= {session.name for session in SESSIONS}
    assert COMMANDS


def public_names() -> set[str]:
    """The names of the package and of those public modules whose libraries are there."""
    exports = ["threadparse.export", "threadparse.export.frames", "threadparse.export.graph"]
    modules = ["threadparse", *exports, "threadparse.view"]
    present = [module_of(name) for name in modules if name not in WITHOUT]
    return {name for module in present for name in getattr(module, "__all__", ())}


@pytest.mark.parametrize("name", sorted(public_names()))
def test_every_public_name_is_in_an_example(name: str) -> None:
    # Pages whose extra is not installed count too: their examples are there, if not run.
    sessions = [page_sessions(page) for page in PAGES] + docstring_sessions()
    examples = [example for session in sessions for example in session.examples]
    lines = [line for example in examples for line in (example.source + example.want).splitlines()]
    used = [line for line in lines if re.search(rf"\b{name}\b", line) and not re.match(r"\s*(from|import)\b", line)]
    assert used, f"no example in README, docs or docstrings uses {name}"


def test_every_note_code_is_documented() -> None:
    package = Path(threadparse.__path__[0])
    sources = [module.read_text(encoding="utf-8") for module in package.glob("*.py")]
    codes = {code for source in sources for code in re.findall(r'\bNote\(\s*"([a-z-]+)"', source)}
    table = (ROOT / "docs" / "notes.md").read_text(encoding="utf-8")
    assert codes == set(re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE))


def test_ci_runs_the_commands_of_the_readme() -> None:
    commands = [line for _, lines in blocks(ROOT / "README.md", "sh") for line in lines]
    script = [line.strip() for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()]
    assert 2 == len(commands)
    assert [] == [command for command in commands if command not in script]


@pytest.mark.skipif("threadparse.cli" in WITHOUT, reason="the extra 'cli' is not installed")
def test_every_command_and_option_is_in_the_reference() -> None:
    run = subprocess.run([sys.executable, "-m", "threadparse", "--help"], capture_output=True, text=True, check=True)
    commands = re.findall(r"^  ([a-z]+)  ", run.stdout.partition("Commands:")[2], re.MULTILINE)
    assert {"show", "convert"} <= set(commands)
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(--[a-z-]+)", page))
    for command in commands:
        assert f"\n## {command}\n" in page
        asked = [sys.executable, "-m", "threadparse", command, "--help"]
        text = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        options = set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE))
        assert options - {"--help", "--pager"} <= documented, command


def test_links_to_files_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("*/*.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    ]
    assert len(links) > 20
    assert [] == [(page.name, link) for page, link in links if not (page.parent / link).exists()]


def test_every_test_that_holds_a_promise_is_there() -> None:
    table = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8").partition("\n## ")[0]
    named = re.findall(r"`(\w+\.py)?(?:::(\w+))?`", table)
    assert len(named) > 20
    source = ""
    for file, function in named:  # without a file, it is that of the one before
        source = (ROOT / "tests" / file).read_text(encoding="utf-8") if file else source
        assert not function or f"\ndef {function}(" in source, function
