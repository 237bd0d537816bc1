"""``parse_many``: order, memory, exceptions, and processes that die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from itertools import count, islice
from pathlib import Path

import pytest

from threadparse import ParseError, _batch, parse, parse_many
from threadparse._batch import start_worker

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)


def page(number: int, posted: str = "2 days ago") -> str:
    return f"Ann {number}\nAnn {number}\n{posted}\n\nThe pump is dry again.\n\nReply\n"


DEADLY = page(0, "March 5, 2021 4:05 pm")
"""A full date makes ``parse`` ask the time zone."""


class Deadly(tzinfo):
    """A time zone that ends the process that asks it: what a page that eats all memory does, only sooner."""

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        os._exit(3)

    def tzname(self, when: datetime | None) -> str | None:
        return "deadly"

    def dst(self, when: datetime | None) -> timedelta | None:
        return None


@pytest.mark.parametrize("processes", [None, 1, 2])
@pytest.mark.parametrize("number", [0, 1, 70])
def test_threads_come_in_the_order_of_the_texts(processes: int | None, number: int) -> None:
    texts = [page(i) if i % 3 else "An article." for i in range(number)]
    threads = list(parse_many(texts, processes=processes, scraped_at=NOW))
    assert [parse(text, scraped_at=NOW) for text in texts] == threads


def test_threads_from_other_processes_share_the_callers_texts() -> None:
    texts = ["An article.", page(0), page(0) + " ", "An article."]
    assert all(thread.text is text for thread, text in zip(parse_many(texts, processes=2), texts, strict=True))


def test_texts_do_not_travel_back() -> None:
    texts = ["A", "An article.", page(0), page(1) + "The mill. " * 200]
    threads = [parse(text) for text in texts]
    packed = _batch._packed(threads, texts)
    assert not any(text.encode() in packed for text in texts[2:])
    assert threads == _batch._unpacked(packed, texts)


def test_less_than_one_process_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="from 1"):
        parse_many([], processes=0)


@pytest.mark.parametrize(("processes", "most"), [(1, 3), (2, 7 * 64)])
def test_texts_are_read_as_threads_are_asked_for(processes: int, most: int) -> None:
    read = []

    def endless() -> Iterator[str]:
        for number in count():
            read.append(number)
            yield page(number)

    threads = parse_many(endless(), processes=processes)
    assert [parse(page(i)) for i in range(3)] == list(islice(threads, 3))
    assert len(read) <= most
    threads.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_exception_names_its_text_when_its_turn_comes(processes: int) -> None:
    texts: list[object] = [page(0), page(1), b"bytes", page(3)]
    threads = parse_many(texts, processes=processes)  # type: ignore[arg-type]
    assert [parse(page(0)), parse(page(1))] == list(islice(threads, 2))
    with pytest.raises(TypeError, match="decode them first") as caught:
        next(threads)
    assert ["This was text 2, the first one being 0."] == caught.value.__notes__


@pytest.mark.parametrize("places", [(0, 1), (69,)])
def test_a_text_that_kills_its_process_is_noted_and_the_others_are_parsed(places: tuple[int, ...]) -> None:
    texts = [DEADLY if i in places else page(i) for i in range(70)]
    threads = list(parse_many(texts, processes=2, timezone=Deadly(), scraped_at=NOW))
    for index, (text, thread) in enumerate(zip(texts, threads, strict=True)):
        if index not in places:
            assert parse(text, scraped_at=NOW) == thread
            continue
        (note,) = thread.notes
        assert ("worker-crashed", True) == (note.code, f"text {index}," in note.message)
        assert ((), NOW) == (thread.comments, thread.scraped_at)
        assert text == "".join(text[s.span.start : s.span.end] for s in thread.segments)


def test_a_text_beside_a_deadly_one_still_raises_its_own_exception() -> None:
    texts: list[object] = [DEADLY, None]
    threads = parse_many(texts, processes=2, timezone=Deadly())  # type: ignore[arg-type]
    assert "worker-crashed" == next(threads).notes[0].code
    with pytest.raises(TypeError, match="expected str, got NoneType"):
        next(threads)


def test_strict_raises_for_a_text_that_kills_its_process() -> None:
    threads = parse_many([DEADLY], processes=2, timezone=Deadly(), strict=True)
    with pytest.raises(ParseError, match="the process that parsed text 0"):
        next(threads)


def test_what_is_sent_to_a_broken_pool_fails_when_its_turn_comes() -> None:
    with _batch._pool(1) as pool:
        assert isinstance(pool.submit(os._exit, 3).exception(), BrokenExecutor)
        sent = _batch._send(pool, partial(parse), _batch._Batch(0, [page(0)]))
        assert isinstance(sent.exception(), BrokenExecutor)


def test_processes_that_cannot_start_are_no_texts_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_batch, "start_worker", os.abort)
    with pytest.raises(BrokenExecutor):
        list(parse_many([page(0)], processes=2))


# No garbage is collected in the moment of the signal: a finaliser of `regex` would swallow the interrupt, and say so.
# A shell's background job hands on that SIGINT is ignored; a terminal's does not, and Python then sets no handler.
INTERRUPTED = """
import gc, itertools, signal, sys, threadparse
gc.disable()
signal.signal(signal.SIGINT, signal.default_int_handler)
if __name__ == "__main__":
    try:
        for number, thread in enumerate(threadparse.parse_many(itertools.repeat("An article."), processes=2)):
            if number == 100:
                print("running", flush=True)
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


def running(script: str, folder: Path) -> subprocess.Popen[str]:
    """The script in a process group of its own, as a terminal would run it, after its first line."""
    path = folder / "script.py"
    path.write_text(script, encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, str(path)], stdout=pipe, stderr=pipe, text=True, env=env, start_new_session=True
    )
    assert process.stdout is not None
    assert "running\n" == process.stdout.readline()
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to consoles, not to process groups")
def test_ctrl_c_ends_everything_without_a_word(tmp_path: Path) -> None:
    process = running(INTERRUPTED, tmp_path)
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does: parent and workers all get it
    try:
        assert ("stopped\n", "") == process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # or it would run on, and disturb all that follows
        process.communicate()
        raise
    assert 0 == process.returncode


@pytest.mark.skipif(sys.platform == "win32", reason="asks for the members of a process group")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    process = running(INTERRUPTED, tmp_path)
    process.kill()
    process.communicate(timeout=60)  # the pipes close with the last of the workers
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("some workers outlived their parent")


@pytest.mark.skipif(sys.platform == "win32", reason="such a process group is POSIX's")
def test_ctrl_c_waits_until_a_process_that_starts_can_ignore_it() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with _batch.interrupts_held():
        assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert before == signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_where_signals_cannot_be_held_back_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask", raising=False)
    with _batch.interrupts_held():
        assert not hasattr(signal, "pthread_sigmask")


def test_a_worker_leaves_ctrl_c_to_its_parent_and_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    try:
        start_worker()  # this process has no parent that multiprocessing knows of, so no wait begins
        assert signal.SIG_IGN == signal.getsignal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    monkeypatch.setattr(os, "_exit", ended.append)
    gone = multiprocessing.get_context("spawn").Process(target=int)
    gone.start()
    _batch._end_with(gone)
    assert [1] == ended
