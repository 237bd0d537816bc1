"""``threadparse.arrow.parse_batch``: pages in and rows out, each under its schema, equal to ``parse`` in a loop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import given

from test_properties import hostile_texts
from threadparse import ParseError, parse

pa = pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")

from threadparse import arrow

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
ASKED = "2 Comments\nAnn\nAnn\n2 days ago\n\nIs the pump dry?\n\nReply\nBob\nBob\n1 day ago\nReply to  {}\n\nYes.\n"
TEXTS = [ASKED.format("Ann"), "An article.", "", None, ASKED.format("Nobody"), "   \n"]
MOMENTS = [NOW, NOW, None, NOW, None, None]


def batch(**columns: Any) -> Any:
    return pa.RecordBatch.from_pydict(columns)


def pages() -> Any:
    names = [f"page {number}" for number in range(len(TEXTS))]
    return pa.RecordBatch.from_pydict({"id": names, "text": TEXTS, "scraped_at": MOMENTS}, schema=arrow.PAGES)


def test_a_row_per_comment() -> None:
    threads = [parse(text or "", scraped_at=at) for text, at in zip(TEXTS, MOMENTS, strict=True)]
    expected = arrow.comment_batch((f"page {number}", thread) for number, thread in enumerate(threads))
    assert expected.equals(arrow.parse_batch(pages()))
    assert 4 == expected.num_rows


def test_a_row_per_page_also_without_comments() -> None:
    rows = arrow.parse_batch(pages(), rows="threads").to_pylist()
    for number, (text, at, row) in enumerate(zip(TEXTS, MOMENTS, rows, strict=True)):
        thread = parse(text or "", scraped_at=at)
        about = {"page": f"page {number}", "dialect": thread.dialect, "locale": thread.locale}
        comments = [about | comment for comment in row["comments"]]
        assert about | arrow.thread_row(thread) == row
        assert arrow.comment_batch([(f"page {number}", thread)]).to_pylist() == [
            {name: comment[name] for name in arrow.COMMENTS.names} for comment in comments
        ]
        assert (thread.article, thread.declared_count) == (row["article"], row["declared_count"])
        assert [note.code for note in thread.notes] == [note["code"] for note in row["notes"]]
        assert [note.span and note.span.start for note in thread.notes] == [note["start"] for note in row["notes"]]
    assert [2, 0, 0, 0, 2, 0] == [len(row["comments"]) for row in rows]
    assert {"unknown-parent"} == {note["code"] for note in rows[4]["notes"]}


@pytest.mark.parametrize("rows", get_args(arrow.Rows))
def test_the_schema_is_constant(rows: arrow.Rows) -> None:
    schema = {"comments": arrow.COMMENTS, "threads": arrow.THREADS}[rows]
    assert schema == arrow.parse_batch(pages(), rows=rows).schema
    assert schema == arrow.parse_batch(pages().slice(0, 0), rows=rows).schema
    assert schema == arrow.parse_table(arrow.PAGES.empty_table(), rows=rows).schema


def test_a_table_of_several_batches() -> None:
    table = pa.Table.from_batches([pages().slice(0, 2), pages().slice(2)])
    assert [2, 4] == [chunk.num_rows for chunk in table.to_batches()]
    assert arrow.parse_batch(pages()).to_pylist() == arrow.parse_table(table).to_pylist()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (pa.array(["2031-05-04T12:00:00Z"]), NOW),
        (pa.array(["2031-05-04T14:00:00+02:00"]), NOW),
        (pa.array([datetime(2031, 5, 4, 12)], pa.timestamp("ns")), NOW),  # noqa: DTZ001
        (pa.array([NOW.astimezone(timezone(timedelta(hours=5)))], pa.timestamp("s", "Asia/Karachi")), NOW),
        (pa.array([None], pa.null()), None),
    ],
)
def test_columns_are_cast(moment: Any, expected: datetime | None) -> None:
    text = ASKED.format("Ann")
    odd = batch(more=[1], scraped_at=moment, text=pa.array([text], pa.large_string()), id=pa.array([7]))
    assert arrow.comment_batch([("7", parse(text, scraped_at=expected))]).equals(arrow.parse_batch(odd))


def test_the_moment_of_the_scrape_may_be_missing_and_options_reach_parse() -> None:
    text = ASKED.format("Nobody")
    without = batch(id=["a"], text=[text])
    assert arrow.comment_batch([("a", parse(text))]).equals(arrow.parse_batch(without))
    with pytest.raises(ParseError):
        arrow.parse_batch(without, strict=True)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (batch(text=["a"]), "there is no column 'id', only text"),
        (batch(id=["a"]), "there is no column 'text', only id"),
        (pa.RecordBatch.from_pydict({}), "only none at all"),
        (batch(id=["a", None], text=["", ""]), "the id of row 1 is null"),
        (batch(id=["a"], text=["a"], scraped_at=["yesterday"]), "yesterday"),
        (
            batch(id=["a"], text=pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff"], pa.binary()).buffers())),
            "[Ii]nvalid UTF8",
        ),
    ],
)
def test_bad_batches_are_refused(bad: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        arrow.parse_batch(bad)


def test_bad_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="'comments' or 'threads', not 'pages'"):
        arrow.parse_batch(pages(), rows="pages")  # type: ignore[arg-type]


@given(hostile_texts)
def test_every_text_has_rows(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode("utf-8")
    source = batch(id=["a"], text=[clean])
    assert len(parse(clean).comments) == arrow.parse_batch(source).num_rows
    assert 1 == arrow.parse_batch(source, rows="threads").num_rows
