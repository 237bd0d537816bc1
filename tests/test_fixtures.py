"""The cases in ``fixtures/``: what comes out of each dump, and what holds for every dump."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from fixture_format import FIXTURES, KNOWN_FAILURES, NEGATIVE, Case, escape, format_case, read_case, unescape
from outline import outline, parts, stated_parts
from threadparse import Comment, SegmentKind, Thread, parse

FOOTER = "\nAbout this site\nInvented words only.\n"


def read_cases(folder: Path) -> list[Case]:
    """All cases below a folder.

    Raises:
        FileNotFoundError: There are none: a misspelt folder must not pass as "no failures".
    """
    paths = sorted(folder.glob("*/*.txt"))
    if not paths:
        raise FileNotFoundError(f"no fixtures in {folder}")
    return [read_case(path) for path in paths]


def parse_case(case: Case, text: str | None = None) -> Thread:
    return parse(case.dump if text is None else text, **case.arguments())


CASES = read_cases(FIXTURES)
all_cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def with_verdicts() -> Iterator[Any]:
    for case in CASES:
        fails = case.folder == KNOWN_FAILURES
        yield pytest.param(case, id=case.name, marks=[pytest.mark.xfail(strict=True)] if fails else [])


@pytest.mark.parametrize("case", list(with_verdicts()))
def test_outline(case: Case, pytestconfig: pytest.Config) -> None:
    thread = parse_case(case)
    if case.folder == KNOWN_FAILURES:  # written by hand, and so perhaps only the tree
        actual = "\n\n".join(parts(thread, case.dump)[part] for part in stated_parts(case.expected))
    else:
        actual = outline(thread, case.dump)
        if pytestconfig.getoption("--update-fixtures") and case.expected != actual:
            attrs.evolve(case, expected=actual).save()
            pytest.fail("expectation rewritten")

    assert case.expected == actual


@pytest.mark.parametrize("folder", ["wpdiscuz", NEGATIVE])
def test_every_verdict_has_cases(folder: str) -> None:
    assert folder in {case.folder for case in CASES}


@pytest.mark.parametrize("case", [case for case in CASES if case.folder == NEGATIVE], ids=lambda case: case.name)
def test_negative_cases_have_no_comments(case: Case) -> None:
    thread = parse_case(case)

    assert () == thread.comments
    assert thread.dialect is None
    assert thread.locale is None


@all_cases
def test_file_is_in_normal_form(case: Case) -> None:
    assert format_case(case) == case.path.read_text(encoding="utf-8")


@all_cases
def test_segments_tile_the_input(case: Case) -> None:
    thread = parse_case(case)

    assert case.dump == "".join(case.dump[s.span.start : s.span.end] for s in thread.segments)
    assert all(segment.span.start < segment.span.end for segment in thread.segments)


@all_cases
def test_spans_are_inside_and_in_order(case: Case) -> None:
    thread = parse_case(case)
    edges = [0, *(edge for c in thread.comments for edge in (c.span.start, c.span.end)), len(case.dump)]

    assert sorted(edges) == edges
    for segment in thread.segments:
        if segment.comment is not None:
            owner = thread.comments[segment.comment].span
            assert owner.start <= segment.span.start <= segment.span.end <= owner.end
    for note in thread.notes:
        assert note.span is None or 0 <= note.span.start <= note.span.end <= len(case.dump)


@all_cases
@pytest.mark.parametrize("line_break", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_line_breaks_do_not_matter(case: Case, line_break: str) -> None:
    text = _with_line_feeds(case.dump)

    assert _facts(parse_case(case, text)) == _facts(parse_case(case, text.replace("\n", line_break)))


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.folder != KNOWN_FAILURES], ids=lambda case: case.name
)  # how a failing case fails may change
def test_text_below_changes_nothing_above(case: Case) -> None:
    dump = case.dump + "\n"  # the line break of the last line belongs to it
    alone, followed = parse_case(case, dump), parse_case(case, dump + FOOTER)

    assert alone.article == followed.article or not alone.comments
    assert len(alone.comments) == len(followed.comments)
    if alone.comments:
        assert alone.comments[:-1] == followed.comments[:-1]
        before, after = alone.comments[-1], followed.comments[-1]
        if not _is_end_marked(alone):  # then the page does not say where the last text ends
            assert after.text.startswith(before.text)
            after = attrs.evolve(
                after,
                text=before.text,
                span=before.span,
                parent_confidence=before.parent_confidence,  # the text is evidence
                parent_candidates=before.parent_candidates,
            )
        assert before == after


@all_cases
def test_thread_survives_a_dict_and_pickle(case: Case) -> None:
    thread = parse_case(case)

    assert thread == Thread.from_dict(thread.to_dict())
    assert thread == pickle.loads(pickle.dumps(thread))


@all_cases
def test_depths_and_candidates_agree_with_the_parents(case: Case) -> None:
    for comment in parse_case(case).comments:
        assert len(list(_ancestors(comment))) == comment.depth
        candidates = {candidate.index: candidate.probability for candidate in comment.parent_candidates}
        assert sum(candidates.values()) == pytest.approx(1, abs=1e-3)
        assert candidates[comment.parent_index] == comment.parent_confidence


def test_a_folder_without_cases_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no fixtures"):
        read_cases(tmp_path)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Ann\u00a0Lee\u200b", "Ann\\u{a0}Lee\\u{200b}"),
        ("\x00 \ud800 \r\n", "\\u{0} \\u{d800} \\u{d}\n"),
        ("a \\(4\\)  \nb\t", "a \\\\(4\\\\)\\u{20}\\u{20}\nb\\u{9}"),
        ("❤\ufe0f 李 ميساء", "❤\\u{fe0f} 李 ميساء"),
    ],
)
def test_escapes(text: str, escaped: str) -> None:
    assert escaped == escape(text)
    assert text == unescape(escaped, Path("case.txt"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Title\n", "no line of equals signs"),
        ("Title\n===\ndump\n", "found 0"),
        ("Title\n===\ndump\n----\n----\n", "found 2"),
        ("Title\n===\na\\b\n----\n", "opens no escape"),
        ("Title\n\nlanguage: en\n===\ndump\n----\n", "not an option"),
        ("\n===\ndump\n----\n", "the head is a title"),
    ],
)
def test_bad_fixture_files_are_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "case.txt"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ValueError, match=message):
        read_case(path)


def test_the_longest_line_of_dashes_divides(tmp_path: Path) -> None:
    case = Case(
        path=tmp_path / "case.txt",
        title="Dashes",
        options={"scraped_at": "2031-05-04T12:00:00+00:00", "timezone": "+02:00", "dialect": "x", "locale": "en"},
        dump="---\n" + "-" * 90 + "\n===\n\n",
        expected="dialect: none",
    )
    case.save()

    assert case == read_case(case.path)
    assert ["scraped_at", "timezone", "dialect", "locale"] == list(case.arguments())


def test_expectations_are_not_rewritten_under_ci() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--update-fixtures",
        "--collect-only",
        "-p",
        "no:cacheprovider",
        __file__,
    ]
    run = subprocess.run(command, env={**os.environ, "CI": "1"}, capture_output=True, text=True, check=False)

    assert pytest.ExitCode.USAGE_ERROR == run.returncode
    assert "--update-fixtures is not for CI" in run.stderr


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _facts(thread: Thread) -> dict[str, Any]:
    """All that a thread says, without places in the input, and with line feeds only."""
    facts = thread.to_dict()
    del facts["segments"], facts["text"]
    facts["article"] = _with_line_feeds(thread.article)
    facts["notes"] = [(note["code"], note["message"]) for note in facts["notes"]]
    for comment in facts["comments"]:
        del comment["span"]
        comment["text"] = _with_line_feeds(comment["text"])
    return facts


_OPEN_KINDS = frozenset(
    {
        SegmentKind.AVATAR,
        SegmentKind.AUTHOR,
        SegmentKind.ROLE,
        SegmentKind.TIME,
        SegmentKind.MARKER,
        SegmentKind.QUOTE,
        SegmentKind.TEXT,
    }
)
"""Where a dump ends with one of these, nothing says that the last comment's text has ended."""


def _is_end_marked(thread: Thread) -> bool:
    return thread.segments[-1].kind not in _OPEN_KINDS


def _ancestors(comment: Comment) -> Iterator[Comment]:
    seen = {comment.index}
    while comment.parent is not None:
        comment = comment.parent
        assert comment.index not in seen
        seen.add(comment.index)
        yield comment
