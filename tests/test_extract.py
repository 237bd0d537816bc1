"""``threadparse extract``: every kind of source, shards, and that a killed run goes on as if nothing had been."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from conversations import FOOTERS, PLAIN_NAMES, Conversation, Habits, fill
from rendering import STYLES, Layout, render
from test_batch import DEADLY, Deadly, page
from threadparse import parse

for needed in ("fastwarc", "pyarrow", "typer"):
    pytest.importorskip(needed, reason="the extra 'crawl' is not installed")
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from threadparse import arrow, cli
from threadparse.cli import _archives, _extraction, _shards

MOMENT = datetime(2031, 5, 4, 12, tzinfo=UTC)
ARTICLE = "The pump ran dry.\n\nNobody asked why, and the geese went home.\n"


def dump(number: int) -> str:
    """A page; two in three have comments."""
    if number % 3 == 2:
        return ARTICLE * (number % 5 + 1)
    page = Conversation(remarks=(), has_form=True, footer=FOOTERS[number % len(FOOTERS)])
    conversation = fill(page, Habits(names=PLAIN_NAMES[:6]), number=4, seed=number)
    return render(conversation, Layout.ONE, STYLES[number % len(STYLES)])


Pages = list[tuple[str, str]]


def pages(count: int) -> Pages:
    return [(f"https://pages.example/{number}", dump(number)) for number in range(count)]


def record(kind: str, address: str, text: str, date: str = "2031-05-04T12:00:00Z") -> bytes:
    """A record of a WARC file, as Common Crawl's WET files have them."""
    body = text.encode("utf-8")
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: {date}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{abs(hash(address)) % 10**12:012}>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("utf-8") + body + b"\r\n\r\n"


def wet(source: Pages) -> list[bytes]:
    info = record("warcinfo", "https://pages.example/", "software: none\r\n")
    return [info, *(record("conversion", address, text) for address, text in source)]


def write_wet(path: Path, source: Pages) -> None:
    path.write_bytes(b"".join(wet(source)))


def write_wet_gz(path: Path, source: Pages) -> None:
    path.write_bytes(b"".join(gzip.compress(part) for part in wet(source)))  # a member each, as Common Crawl has it


def write_wet_zst(path: Path, source: Pages) -> None:
    path.write_bytes(b"".join(zstandard.compress(part) for part in wet(source)))


def write_fineweb(path: Path, source: Pages) -> None:
    rows = [{"text": text, "id": f"<{url}>", "url": url, "date": "2031-05-04T12:00:00Z"} for url, text in source]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=7)


def c4(source: Pages) -> bytes:
    rows = ({"text": text, "timestamp": "2031-05-04T12:00:00Z", "url": url} for url, text in source)
    return b"".join(json.dumps(row).encode("utf-8") + b"\n" for row in rows)


def write_c4(path: Path, source: Pages) -> None:
    path.write_bytes(c4(source))


def write_c4_gz(path: Path, source: Pages) -> None:
    path.write_bytes(gzip.compress(c4(source)))


def write_c4_zst(path: Path, source: Pages) -> None:
    path.write_bytes(zstandard.compress(c4(source)))


def loop(source: Pages, scraped_at: datetime | None = MOMENT) -> list[dict[str, Any]]:
    """The rows that ``parse`` gives in a loop."""
    batch = arrow.comment_batch((name, parse(text, scraped_at=scraped_at)) for name, text in source)
    rows: list[dict[str, Any]] = batch.to_pylist()
    return rows


def rows_in(folder: Path) -> list[dict[str, Any]]:
    tables = [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))]
    return [row for table in tables for row in table.to_pylist()]


def manifest(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


def extract(*arguments: object) -> int:
    return cli.run(["extract", *map(str, arguments)])


FORMATS: dict[str, Callable[[Path, Pages], None]] = {
    "a.warc.wet": write_wet,
    "a.warc.wet.gz": write_wet_gz,
    "a.wet.zst": write_wet_zst,
    "a.parquet": write_fineweb,
    "a.jsonl": write_c4,
    "a.json.gz": write_c4_gz,
    "a.ndjson.zst": write_c4_zst,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_kind_of_source_gives_the_rows_of_a_loop(name: str, tmp_path: Path) -> None:
    FORMATS[name](tmp_path / name, pages(20))
    assert 0 == extract(tmp_path / name, "-o", tmp_path / "out", "--shard-pages", 8, "--jobs", 1)
    assert loop(pages(20)) == rows_in(tmp_path / "out")
    entries = manifest(tmp_path / "out")
    assert [(0, 8, False), (1, 8, False), (2, 4, True)] == [
        (entry["number"], entry["counts"]["pages"], entry["is_last"]) for entry in entries
    ]
    assert {entry["file"] for entry in entries} == {path.name for path in (tmp_path / "out").glob("*.parquet*")}


def test_rows_of_threads(tmp_path: Path) -> None:
    write_c4(tmp_path / "a.jsonl", pages(6))
    assert 0 == extract(tmp_path / "a.jsonl", "-o", tmp_path / "out", "--rows", "threads")
    threads = [(name, parse(text, scraped_at=MOMENT)) for name, text in pages(6)]
    expected = arrow.thread_batch((name, thread) for name, thread in threads if thread.comments)
    assert expected.to_pylist() == rows_in(tmp_path / "out")


def test_a_folder_with_several_sources_over_processes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crawl = tmp_path / "crawl"
    (crawl / "deeper").mkdir(parents=True)
    write_wet_gz(crawl / "b.warc.wet.gz", pages(9))
    write_c4(crawl / "deeper" / "b.jsonl", pages(4))
    texts = [(crawl / "deeper" / f"{number}.txt", dump(number)) for number in range(3)]
    for path, text in texts:
        path.write_text(text, encoding="utf-8", newline="")
    options = ("--scraped-at", "2030-01-01T00:00+00:00", "--jobs", 2)
    assert 0 == extract(crawl, "-o", tmp_path / "out", *options)
    dated = pages(9) + pages(4)
    expected = loop(dated) + loop([(p.as_posix(), text) for p, text in texts], datetime(2030, 1, 1, tzinfo=UTC))
    assert in_order(expected) == in_order(rows_in(tmp_path / "out"))
    said = capsys.readouterr().out
    counts = {line.split("  ")[0]: line[14:] for line in said.splitlines()}
    threads = len({(row["page"], row["posted_earliest"]) for row in expected if row["index"] == 0})
    assert counts["pages"].startswith("16 (0.0 MB")
    assert counts["with threads"].startswith("11 (68.75%)")
    assert (f"{len(expected)}", "wpdiscuz 11", "en 11") == (counts["comments"], counts["dialects"], counts["languages"])
    assert ("3", "0", "3") == (counts["undated"], counts["unreadable"], counts["files"])
    assert threads <= 11


def in_order(rows: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)


def test_names_of_columns(tmp_path: Path) -> None:
    rows = [{"body": dump(0), "key": 7, "when": MOMENT}, {"body": dump(1), "key": None, "when": MOMENT}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    options = ("--text-column", "body", "--id-column", "key", "--date-column", "when")
    assert 0 == extract(tmp_path / "a.parquet", "-o", tmp_path / "out", *options)
    assert loop([("7", dump(0)), ("a.parquet:2", dump(1))]) == rows_in(tmp_path / "out")


@pytest.mark.parametrize(
    ("date", "scraped_at"),
    [
        ("2031-05-04 12:00:00", MOMENT),
        ("2031-05-04T14:00:00+02:00", MOMENT),
        ("long ago", None),
        (1_935_662_400, None),
        (None, None),
    ],
)
def test_dates_that_say_nothing_are_no_dates(date: object, scraped_at: datetime | None, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": dump(0), "id": "a", "date": date}), encoding="utf-8")
    assert 0 == extract(tmp_path / "a.jsonl", "-o", tmp_path / "out")
    assert loop([("a", dump(0))], scraped_at) == rows_in(tmp_path / "out")
    assert int(scraped_at is None) == manifest(tmp_path / "out")[0]["counts"]["undated"]


def test_bad_records_are_named_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = c4(pages(2))
    bad = b'{"text": 1}\n\n[]\n{"text"\n' + b"no\n" * 20
    (tmp_path / "a.jsonl").write_bytes(bad + good)
    assert 1 == extract(tmp_path / "a.jsonl", "-o", tmp_path / "out")
    assert loop(pages(2)) == rows_in(tmp_path / "out")
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert "threadparse: a.jsonl:1: has no text in 'text'" == lines[0]
    assert lines[1].startswith("threadparse: a.jsonl:3: has no text")
    assert lines[2].startswith("threadparse: a.jsonl:4: is no JSON")
    assert 11 == len(lines)
    assert "more could not be read" in lines[10]
    assert "unreadable    23\n" in said.out


def test_bad_texts_are_named_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_bytes(b"")
    (tmp_path / "texts" / "b.txt").write_text(dump(0), encoding="utf-8", newline="")
    assert 1 == extract(tmp_path / "texts", "-o", tmp_path / "out")
    assert loop([((tmp_path / "texts" / "b.txt").as_posix(), dump(0))], None) == rows_in(tmp_path / "out")
    assert f"threadparse: {(tmp_path / 'texts' / 'a.txt').as_posix()}: is empty\n" == capsys.readouterr().err


def cut(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) * 3 // 4])


def spoil(path: Path) -> None:
    raw = path.read_bytes()
    middle = len(raw) * 3 // 4
    path.write_bytes(raw[:middle] + b"spoilt" * 20 + raw[middle + 120 :])


@pytest.mark.parametrize("damage", [cut, spoil])
@pytest.mark.parametrize("name", ["a.warc.wet.gz", "a.wet.zst", "a.json.gz", "a.ndjson.zst"])
def test_of_a_damaged_source_the_good_part_is_kept(
    name: str, damage: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    FORMATS[name](tmp_path / name, pages(30))
    damage(tmp_path / name)
    for _ in range(2):  # the second time, there is nothing to add
        assert 1 == extract(tmp_path / name, "-o", tmp_path / "out", "--shard-pages", 4)
        rows = rows_in(tmp_path / "out")
        assert loop(pages(30))[: len(rows)] == rows
        assert f"threadparse: {tmp_path / name}: " in capsys.readouterr().err
        assert rows or "json" in name  # which may be one block


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.wet", record("response", "https://pages.example/", "<p>"), "has no conversion records"),
        ("a.warc", b"no archive at all\n" * 9, ""),
        ("a.parquet", b"no table", ""),
    ],
)
def test_a_source_that_is_none(
    name: str, content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    write_wet(tmp_path / "good.wet", pages(3))
    assert 1 == extract(tmp_path / name, tmp_path / "good.wet", "-o", tmp_path / "out")
    assert f"threadparse: {tmp_path / name}: {message}" in capsys.readouterr().err
    assert loop(pages(3)) == rows_in(tmp_path / "out")


def test_a_table_without_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.table({"content": ["a"], "url": ["b"]}), tmp_path / "a.parquet")
    assert 1 == extract(tmp_path / "a.parquet", "-o", tmp_path / "out")
    assert "has no column 'text', only content, url" in capsys.readouterr().err


def test_what_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == extract(tmp_path / "none.wet", "-o", tmp_path / "out")
    assert f"threadparse: {tmp_path / 'none.wet'}: no such file or directory" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert 1 == extract(tmp_path, "-o", tmp_path / "file")
    assert f"threadparse: {tmp_path / 'file'}: file exists\n" == capsys.readouterr().err


def start(source: Path, out: Path, *options: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "threadparse", "extract", source, "-o", out, "--jobs", "1", *options]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_entries(out: Path, number: int, process: subprocess.Popen[bytes]) -> None:
    path = out / "manifest.jsonl"
    while not (path.exists() and path.read_bytes().count(b"\n") > number):
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)


def test_a_killed_run_goes_on_without_loss_or_double_rows(tmp_path: Path) -> None:
    source, out = tmp_path / "a.warc.wet.gz", tmp_path / "out"
    write_wet_gz(source, pages(150))
    for entries in (2, 9):
        process = start(source, out, "--shard-pages", 5)
        wait_for_entries(out, entries, process)
        process.kill()
        process.communicate()
        assert entries <= len(manifest(out)) < 30
    before = [entry["file"] for entry in manifest(out)]
    assert 0 == extract(source, "-o", out, "--shard-pages", 5, "--jobs", 2)
    assert loop(pages(150)) == rows_in(out)
    after = [entry["file"] for entry in manifest(out)]
    assert before == after[: len(before)]
    assert sorted(path.name for path in out.glob("*.parquet*")) == sorted(filter(None, after))


def test_ctrl_c_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_wet(tmp_path / "a.wet", pages(3))
    with monkeypatch.context() as interrupted:
        interrupted.setattr(_extraction, "wait", _interrupt)
        assert 130 == extract(tmp_path / "a.wet", "-o", tmp_path / "out")
    assert "threadparse: extract: stopped; the same command goes on from here\n" == capsys.readouterr().err
    assert 0 == extract(tmp_path / "a.wet", "-o", tmp_path / "out")
    assert loop(pages(3)) == rows_in(tmp_path / "out")


def _interrupt(connections: object) -> list[object]:
    raise KeyboardInterrupt


def test_where_the_power_may_fail(tmp_path: Path) -> None:
    source, out = tmp_path / "a.wet", tmp_path / "out"
    write_wet(source, pages(12))
    arguments = (source, "-o", out, "--shard-pages", 3)
    assert 0 == extract(*arguments)
    whole = (out / "manifest.jsonl").read_bytes()
    first, second, third = (out / entry["file"] for entry in manifest(out)[:3])

    second.rename(f"{second}.part")  # after an entry, before the name
    (out / "a.wet-00000000-00009.parquet.part").write_bytes(b"PAR1")  # within a shard
    assert 0 == extract(*arguments)
    assert (True, loop(pages(12))) == (second.exists(), rows_in(out))
    assert [] == list(out.glob("*.part"))

    lines = whole.splitlines(keepends=True)
    third.rename(f"{third}.part")  # within an entry
    for shard in manifest(out)[3:]:
        if shard["file"]:
            (out / shard["file"]).unlink()
    (out / "manifest.jsonl").write_bytes(b"".join(lines[:3]) + lines[3][:40])
    assert 0 == extract(*arguments)
    assert (whole, loop(pages(12))) == ((out / "manifest.jsonl").read_bytes(), rows_in(out))

    (out / "manifest.jsonl").write_bytes(whole[:20])  # within the first line
    for path in out.glob("*.parquet"):
        path.unlink()
    assert 0 == extract(*arguments)
    assert (whole, first.exists(), loop(pages(12))) == ((out / "manifest.jsonl").read_bytes(), True, rows_in(out))


def test_other_settings_need_another_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_wet(tmp_path / "a.wet", pages(3))
    assert 0 == extract(tmp_path / "a.wet", "-o", tmp_path / "out")
    assert 1 == extract(tmp_path / "a.wet", "-o", tmp_path / "out", "--rows", "threads", "--locale", "de")
    assert "was begun with another locale and another rows; use another folder" in capsys.readouterr().err


def test_a_source_that_has_changed_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_wet(tmp_path / "a.wet", pages(3))
    assert 0 == extract(tmp_path / "a.wet", "-o", tmp_path / "out")
    write_wet(tmp_path / "a.wet", pages(6))
    write_wet(tmp_path / "b.wet", pages(2))
    assert 1 == extract(tmp_path, "-o", tmp_path / "out")
    assert f"{(tmp_path / 'a.wet').as_posix()}: has changed since its reading began" in capsys.readouterr().err
    assert loop(pages(3) + pages(2)) == rows_in(tmp_path / "out")


def test_what_was_extracted_into_the_crawls_folder_is_no_source(tmp_path: Path) -> None:
    write_wet(tmp_path / "a.wet", pages(3))
    for _ in range(2):
        assert 0 == extract(tmp_path, "-o", tmp_path / "out")
        assert loop(pages(3)) == rows_in(tmp_path / "out")
        assert {(tmp_path / "a.wet").as_posix()} == {entry["source"] for entry in manifest(tmp_path / "out")}


def test_a_process_that_dies_is_reported_and_the_others_go_on(tmp_path: Path) -> None:
    settings = _shards.Settings(
        rows="comments", shard_pages=2, columns=_archives.Columns(), options={"timezone": Deadly()}
    )
    jobs = []
    for name in "abc":
        write_wet(tmp_path / f"{name}.wet", [(name, DEADLY)] if name == "b" else [(name, page(i)) for i in range(3)])
        source = _archives.Source(name, _archives.Kind.WARC, (tmp_path / f"{name}.wet",), 1)
        jobs.append(_shards.Job(source=source, folder=tmp_path, settings=settings, number=0, skip=0))
    messages = [(job.source.name, message) for job, message in _extraction.run_jobs(jobs, processes=1)]
    ends = [name for name, message in messages if isinstance(message, _shards.End)]
    assert ["a", "b", "c"] == ends
    complaints = [message for _, message in messages if isinstance(message, _shards.Complaint)]
    assert [_shards.Complaint("b", "the process that read it died (code 3)")] == complaints
    shards = [message for name, message in messages if isinstance(message, _shards.Shard)]
    assert [("a", 2), ("a", 1), ("c", 2), ("c", 1)] == [(shard.source, shard.counts["pages"]) for shard in shards]


def test_progress_is_reported_while_a_source_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_shards, "_REPORT_AFTER", 0.0)
    write_wet(tmp_path / "a.wet", pages(5))
    settings = _shards.Settings(rows="comments", shard_pages=2, columns=_archives.Columns(), options={})
    (source,) = _archives.find_sources(cli._intake.all_inputs([tmp_path / "a.wet"]))
    heard: list[_shards.Message] = []
    _shards.do_job(_shards.Job(source=source, folder=tmp_path, settings=settings, number=0, skip=0), heard.append)
    progress = [message for message in heard if isinstance(message, _shards.Progress)]
    assert [1, 2, 1, 2, 1] == [message.pages for message in progress]
    positions = [message.position for message in progress]
    assert positions == sorted(positions)
    assert source.size >= positions[-1] > source.size // 2


def test_a_shard_of_several_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "_BATCH_ROWS", 3)
    write_wet(tmp_path / "a.wet", pages(5))
    settings = _shards.Settings(rows="comments", shard_pages=9, columns=_archives.Columns(), options={})
    source = _archives.Source("a", _archives.Kind.WARC, (tmp_path / "a.wet",), 1)
    _shards.do_job(_shards.Job(source=source, folder=tmp_path, settings=settings, number=0, skip=0), lambda _: None)
    (part,) = tmp_path.glob("*.parquet.part")
    with pq.ParquetFile(part) as file:
        assert (4, loop(pages(5))) == (file.num_row_groups, file.read().to_pylist())


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    monkeypatch.delitem(sys.modules, "threadparse.cli._archives")
    assert 2 == extract(tmp_path, "-o", tmp_path / "out")
    assert "pip install" in capsys.readouterr().err
