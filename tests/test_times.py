"""Displayed times: what is read, what is found, and the interval it stands for."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadparse import DataError, parse
from threadparse._resolve import day_first_evidence, resolve
from threadparse._times import UNITS, Found, TimeReader, TimeWords

NOON = datetime(2031, 5, 14, 12, 0, tzinfo=UTC)  # a Wednesday

ENGLISH: dict[str, Any] = {
    "now": ["right now", "just now"],
    "relative": ["{n} {unit} ago", "{n} {unit} {n} {unit} ago", "over {n} {unit} ago", "last {unit}"],
    "today": ["today"],
    "yesterday": ["yesterday"],
    "am": ["am", "a.m."],
    "pm": ["pm", "p.m."],
    "filler": ["at", "on", "of", "the", "by"],
    "months": [
        ["January", "Jan"], ["February", "Feb"], ["March", "Mar"], ["April", "Apr"], ["May"], ["June", "Jun"],
        ["July", "Jul"], ["August", "Aug"], ["September", "Sep"], ["October", "Oct"], ["November", "Nov"],
        ["December", "Dec"],
    ],
    "weekdays": [["Monday", "Mon"], ["Tuesday", "Tue"], ["Wednesday", "Wed"], ["Thursday", "Thu"], ["Friday", "Fri"],
                 ["Saturday", "Sat"], ["Sunday", "Sun"]],
    "units": {
        "year": ["year", "years", "yr"], "month": ["month", "months", "mo"], "week": ["week", "weeks", "w"],
        "day": ["day", "days", "d"], "hour": ["hour", "hours", "h"], "minute": ["minute", "minutes", "min"],
        "second": ["second", "seconds"],
    },
    "numbers": {"a": 1, "an": 1, "two": 2},
    "zones": {"EST": "-05:00", "NPT": "+05:45", "IST": ""},
}  # fmt: skip
GERMAN: dict[str, Any] = {
    "relative": ["vor {n} {unit}", "{n} {unit} her"],
    "filler": ["am", "um", "Uhr"],
    "months": [["Januar"], ["Februar"], ["März"], ["April"], ["Mai"], ["Juni"], ["Juli"], ["August"], ["September"],
               ["Oktober"], ["November"], ["Dezember"]],
    "weekdays": [["Montag"], ["Dienstag"], ["Mittwoch"], ["Donnerstag"], ["Freitag"], ["Samstag"], ["Sonntag"]],
    "units": {"month": ["Monat", "Monaten"], "day": ["Tag", "Tagen"]},
    "numbers": {"einem": 1},
}  # fmt: skip
FRENCH: dict[str, Any] = {
    "now": ["à l’instant"],
    "relative": ["il y a {n} {unit}", "{n} {unit} il y a"],
    "filler": ["le", "à", "de"],
    "months": [["janvier"], ["février"], ["mars"], ["avril"], ["mai"], ["juin"], ["juillet"], ["août"], ["septembre"],
               ["octobre"], ["novembre"], ["décembre"]],
    "units": {"month": ["mois"], "hour": ["heure", "heures", "h"]},
    "numbers": {"un": 1, "une": 1},
}  # fmt: skip
CHINESE: dict[str, Any] = {
    "now": ["刚刚"],
    "relative": ["{n} {unit} 之前", "{n}{unit}前"],
    "am": ["上午"],
    "pm": ["下午"],
    "weekdays": [["星期一"], ["星期二"], ["星期三"], ["星期四"], ["星期五"], ["星期六"], ["星期日"]],
    "units": {"year": ["年"], "month": ["月", "个月"], "day": ["天", "日"], "hour": ["小时"], "minute": ["分钟"]},
    "numbers": {"三": 3, "一": 1},
}
JAPANESE: dict[str, Any] = {
    "months": [[f"{n}月"] for n in range(1, 13)],
    "units": {"year": ["年"], "day": ["日"]},
}
ARABIC: dict[str, Any] = {
    "relative": ["{n} {unit}", "منذ {unit}"],
    "am": ["ق.ظ"],
    "pm": ["ب.ظ"],
    "months": [["كانون الثاني"], ["شباط"], ["آذار"], ["نيسان"], ["أيار"], ["حزيران"], ["تموز"], ["آب"], ["أيلول"],
               ["تشرين الأول"], ["تشرين الثاني"], ["كانون الأول"]],
    "units": {"day": ["يوم", "أيام"], "month": ["شهر"]},
}  # fmt: skip
TURKISH: dict[str, Any] = {
    "relative": ["{n} {unit} önce", "{unit} {n} evvel"],
    "months": [["Ocak"], ["Şubat"], ["Mart"], ["Nisan"], ["Mayıs"], ["Haziran"], ["Temmuz"], ["Ağustos"], ["Eylül"],
               ["Ekim"], ["Kasım"], ["Aralık"]],
    "units": {"month": ["ay"], "day": ["gün"]},
}  # fmt: skip


def reader(*tables: dict[str, Any]) -> TimeReader:
    return TimeReader([TimeWords.from_data(table, file="words.toml") for table in tables])


EN = reader(ENGLISH)
ALL = reader(ENGLISH, GERMAN, FRENCH, CHINESE, JAPANESE, ARABIC, TURKISH)


def interval(found: Found | None, rounding: str = "calendar", **changes: Any) -> tuple[str, str] | None:
    """The ends of the interval without their zone, ``None`` if nothing is known."""
    assert found is not None
    options: dict[str, Any] = {"scraped_at": NOON, "timezone": UTC, "day_first": None} | changes
    first, last = resolve(found, rounding=rounding, **options)
    if first is None or last is None:
        assert first is last
        return None
    assert first.tzinfo is last.tzinfo is UTC
    return tuple(end.replace(tzinfo=None).isoformat(" ", "seconds") for end in (first, last))  # type: ignore[return-value]


# -- read --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "unit", "shape", "expected"),
    [
        ("6 months ago", "month", "{n} {unit} ago", ("2030-10-14 12:00:00", "2030-11-14 12:00:00")),
        ("6\u00a0 MONTHS  AGO", "month", "{n} {unit} ago", ("2030-10-14 12:00:00", "2030-11-14 12:00:00")),
        ("an hour ago", "hour", "{n} {unit} ago", ("2031-05-14 10:00:00", "2031-05-14 11:00:00")),
        ("An hour ago.", "hour", "{n} {unit} ago", ("2031-05-14 10:00:00", "2031-05-14 11:00:00")),
        ("a day ago", "day", "{n} {unit} ago", ("2031-05-12 12:00:00", "2031-05-13 12:00:00")),
        ("2 weeks ago", "week", "{n} {unit} ago", ("2031-04-23 12:00:00", "2031-04-30 12:00:00")),
        ("over a year ago", "year", "over {n} {unit} ago", ("2029-05-14 12:00:00", "2030-05-14 12:00:00")),
        ("last month", "month", "last {unit}", ("2031-03-14 12:00:00", "2031-04-14 12:00:00")),
        ("2 years 1 month ago", "month", "{n} {unit} {n} {unit} ago", ("2029-03-14 12:00:00", "2029-04-14 12:00:00")),
        ("1 month 20 days ago", "day", "{n} {unit} {n} {unit} ago", ("2031-03-23 12:00:00", "2031-03-25 12:00:00")),
        ("right now", "second", "now", ("2031-05-14 11:59:00", "2031-05-14 12:00:00")),
        ("3d", "day", "{n}{unit}", ("2031-05-10 12:00:00", "2031-05-11 12:00:00")),
        ("vor einem Monat", "month", "vor {n} {unit}", ("2031-03-14 12:00:00", "2031-04-14 12:00:00")),
        ("2 Monate her", None, None, None),
        ("1 Monat her", "month", "{n} {unit} her", ("2031-03-14 12:00:00", "2031-04-14 12:00:00")),
        ("il y a 3 mois", "month", "il y a {n} {unit}", ("2031-01-14 12:00:00", "2031-02-14 12:00:00")),
        ("3 mois il y a", "month", "{n} {unit} il y a", ("2031-01-14 12:00:00", "2031-02-14 12:00:00")),
        ("À l'instant", "second", "now", ("2031-05-14 11:59:00", "2031-05-14 12:00:00")),
        ("A\u0300 l\u2019instant", "second", "now", ("2031-05-14 11:59:00", "2031-05-14 12:00:00")),
        ("3月之前", "month", "{n} {unit} 之前", ("2031-01-14 12:00:00", "2031-02-14 12:00:00")),
        ("3 月 之前", "month", "{n} {unit} 之前", ("2031-01-14 12:00:00", "2031-02-14 12:00:00")),
        ("三个月前", "month", "{n}{unit}前", ("2031-01-14 12:00:00", "2031-02-14 12:00:00")),
        ("一天前", "day", "{n}{unit}前", ("2031-05-12 12:00:00", "2031-05-13 12:00:00")),
        ("２天前", "day", "{n}{unit}前", ("2031-05-11 12:00:00", "2031-05-12 12:00:00")),
        ("刚刚", "second", "now", ("2031-05-14 11:59:00", "2031-05-14 12:00:00")),
        ("2 أيام", "day", "{n} {unit}", ("2031-05-11 12:00:00", "2031-05-12 12:00:00")),
        ("\u200f٢ أيام\u200f", "day", "{n} {unit}", ("2031-05-11 12:00:00", "2031-05-12 12:00:00")),
        ("۲ أيام", "day", "{n} {unit}", ("2031-05-11 12:00:00", "2031-05-12 12:00:00")),
        ("منذ شهر", "month", "منذ {unit}", ("2031-03-14 12:00:00", "2031-04-14 12:00:00")),
        ("1 ay önce", "month", "{n} {unit} önce", ("2031-03-14 12:00:00", "2031-04-14 12:00:00")),
        ("gün 2 evvel", "day", "{unit} {n} evvel", ("2031-05-11 12:00:00", "2031-05-12 12:00:00")),
    ],
)
def test_relative_times_are_read(line: str, unit: str | None, shape: str, expected: tuple[str, str]) -> None:
    found = ALL.read(line)

    if unit is None:
        assert found is None
        return
    assert found is not None
    assert ("relative", unit, shape) == (found.kind, found.unit, found.shape)
    assert expected == interval(found)
    assert interval(found, scraped_at=None) is None


@pytest.mark.parametrize(
    ("line", "shape", "first", "last"),
    [
        ("Today 6:27 am", "T 0:0 p", "2031-05-14 06:27:00", "2031-05-14 06:27:59"),
        ("6:27 am today", "0:0 p T", "2031-05-14 06:27:00", "2031-05-14 06:27:59"),
        ("today", "T", "2031-05-14 00:00:00", "2031-05-14 23:59:59"),
        ("Yesterday at 10:12", "T f 0:0", "2031-05-13 10:12:00", "2031-05-13 10:12:59"),
        ("Tuesday at 4:27 PM", "W f 0:0 p", "2031-05-13 16:27:00", "2031-05-13 16:27:59"),
        ("Wednesday at 11:27 AM", "W f 0:0 p", "2031-05-14 11:27:00", "2031-05-14 11:27:59"),
        ("Wednesday at 4:27 PM", "W f 0:0 p", "2031-05-07 16:27:00", "2031-05-07 16:27:59"),
        ("November 23, 2026 8:27 pm", "M 0, 0 0:0 p", "2026-11-23 20:27:00", "2026-11-23 20:27:59"),
        ("November 23, 2026 8:27 p.m.", "M 0, 0 0:0 p.f.", "2026-11-23 20:27:00", "2026-11-23 20:27:59"),
        ("Nov. 23rd, 2026 at 12:05 am", "M. 0o, 0 f 0:0 p", "2026-11-23 00:05:00", "2026-11-23 00:05:59"),
        ("Nov 23, 2026 13:05 pm", "M 0, 0 0:0 p", "2026-11-23 13:05:00", "2026-11-23 13:05:59"),
        ("June 3, 2019, 10:20:11 AM", "M 0, 0, 0:0:0 p", "2019-06-03 10:20:11", "2019-06-03 10:20:11"),
        ("Nov 5 '10 at 10:20", "M 0 '0 f 0:0", "2010-11-05 10:20:00", "2010-11-05 10:20:59"),
        ("on Dec 27, 2023", "M 0, 0", "2023-12-27 00:00:00", "2023-12-27 23:59:59"),
        ("Wed Dec 27, 2023 10:00 am", "W M 0, 0 0:0 p", "2023-12-27 10:00:00", "2023-12-27 10:00:59"),
        ("Friday December 19, 2025 @08:08PM", "W M 0, 0 @0:0p", "2025-12-19 20:08:00", "2025-12-19 20:08:59"),
        ("Wed, 27 Dec 2023 10:00:01 +0200", "W, 0 M 0 0:0:0 +0", "2023-12-27 08:00:01", "2023-12-27 08:00:01"),
        ("Wed Dec 27 10:00:01 2023", "W M 0 0:0:0 0", "2023-12-27 10:00:01", "2023-12-27 10:00:01"),
        ("9:43pm On Dec 09, 2023", "0:0p f M 0, 0", "2023-12-09 21:43:00", "2023-12-09 21:43:59"),
        ("9:43 AM, May 5, 2020", "0:0 p, M 0, 0", "2020-05-05 09:43:00", "2020-05-05 09:43:59"),
        ("5 May 2021", "0 M 0", "2021-05-05 00:00:00", "2021-05-05 23:59:59"),
        ("the 1st of May 2021", "0o f M 0", "2021-05-01 00:00:00", "2021-05-01 23:59:59"),
        ("5-May-21", "0-M-0", "2021-05-05 00:00:00", "2021-05-05 23:59:59"),
        ("05/May/21", "0/M/0", "2021-05-05 00:00:00", "2021-05-05 23:59:59"),
        ("5-May-71", "0-M-0", "1971-05-05 00:00:00", "1971-05-05 23:59:59"),
        ("16. March, 2023 at 16:59", "0. M, 0 f 0:0", "2023-03-16 16:59:00", "2023-03-16 16:59:59"),
        ("18. Oktober 2023 - 17:40", "0. M 0 - 0:0", "2023-10-18 17:40:00", "2023-10-18 17:40:59"),
        ("6. Mai 2020 um 20:55 Uhr Uhr", "0. M 0 f 0:0", "2020-05-06 20:55:00", "2020-05-06 20:55:59"),
        ("22.11.2020 um 9.05", "0.0.0 f 0.0", "2020-11-22 09:05:00", "2020-11-22 09:05:59"),
        ("22.11.2020 20.05", "0.0.0 0.0", "2020-11-22 20:05:00", "2020-11-22 20:05:59"),
        ("24 avril 2026 9h05", "0 M 0 0f0", "2026-04-24 09:05:00", "2026-04-24 09:05:59"),
        ("Le 1er avril 2026 à 9:05", "0o M 0 f 0:0", "2026-04-01 09:05:00", "2026-04-01 09:05:59"),
        ("5. AVRIL 2026", "0. M 0", "2026-04-05 00:00:00", "2026-04-05 23:59:59"),
        ("05.03.2021 14:22", "0.0.0 0:0", "2021-03-05 14:22:00", "2021-03-05 14:22:59"),
        ("06.11.23 - 14:00", "0.0.0 - 0:0", "2023-11-06 14:00:00", "2023-11-06 14:00:59"),
        ("12.29.14 at 9.14 pm", "0.0.0 f 0.0 p", "2014-12-29 21:14:00", "2014-12-29 21:14:59"),
        ("1.2.14 10:20", "0.0.0 0:0", "2014-02-01 10:20:00", "2014-02-01 10:20:59"),
        ("17.07, 2011 @ 13:04", "0.0, 0 @ 0:0", "2011-07-17 13:04:00", "2011-07-17 13:04:59"),
        ("2021-03-05", "0-0-0", "2021-03-05 00:00:00", "2021-03-05 23:59:59"),
        ("2021-03-05T14:22:07Z", "0-0-0f0:0:0f", "2021-03-05 14:22:07", "2021-03-05 14:22:07"),
        ("2021-03-05 14:22 UTC", "0-0-0 0:0 f", "2021-03-05 14:22:00", "2021-03-05 14:22:59"),
        ("March 5, 2021 at 2:22 pm EST", "M 0, 0 f 0:0 p f", "2021-03-05 19:22:00", "2021-03-05 19:22:59"),
        ("5 March 2021 14:22 NPT", "0 M 0 0:0 f", "2021-03-05 08:37:00", "2021-03-05 08:37:59"),
        ("5 March 2021 14:22 IST", "0 M 0 0:0 f", "2021-03-05 14:22:00", "2021-03-05 14:22:59"),
        ("5 March 2021 14:22 GMT+1", "0 M 0 0:0 f+0", "2021-03-05 13:22:00", "2021-03-05 13:22:59"),
        ("5 March 2021 14:22 UTC +0530", "0 M 0 0:0 f +0", "2021-03-05 08:52:00", "2021-03-05 08:52:59"),
        ("5 March 2021 14:22 GMT-0500 (EST)", "0 M 0 0:0 f-0 (f)", "2021-03-05 19:22:00", "2021-03-05 19:22:59"),
        ("14:22 EST on 5 March 2021", "0:0 f f 0 M 0", "2021-03-05 19:22:00", "2021-03-05 19:22:59"),
        ("Fri Mar 5 14:22:07 EST 2021", "W M 0 0:0:0 f 0", "2021-03-05 19:22:07", "2021-03-05 19:22:07"),
        ("2021-03-05T14:22:07.123-02:30", "0-0-0f0:0:0.0-0:0", "2021-03-05 16:52:07", "2021-03-05 16:52:07"),
        ("2021/03/05 (Fri) 14:22", "0/0/0 (W) 0:0", "2021-03-05 14:22:00", "2021-03-05 14:22:59"),
        ("5 May 2021, 3pm", "0 M 0, 0p", "2021-05-05 15:00:00", "2021-05-05 15:59:59"),
        ("2021年3月5日 下午4:05", "0f0f0f pf0:0", "2021-03-05 16:05:00", "2021-03-05 16:05:59"),
        ("2021年11月5日", "0f0f0f", "2021-11-05 00:00:00", "2021-11-05 23:59:59"),
        ("3月5日", "0f0f", "2031-03-05 00:00:00", "2031-03-05 23:59:59"),
        ("Dec 11", "M 0", "2030-12-11 00:00:00", "2030-12-11 23:59:59"),
        ("15 May", "0 M", "2031-05-15 00:00:00", "2031-05-15 23:59:59"),
        ("16 May", "0 M", "2030-05-16 00:00:00", "2030-05-16 23:59:59"),
        ("Feb 29", "M 0", "2028-02-29 00:00:00", "2028-02-29 23:59:59"),
        ("Jun 5th at 3:10 pm", "M 0o f 0:0 p", "2030-06-05 15:10:00", "2030-06-05 15:10:59"),
        ("March 2018", "M 0", "2018-03-01 00:00:00", "2018-03-31 23:59:59"),
        ("05 كانون الثاني 2021", "0 M f 0", "2021-01-05 00:00:00", "2021-01-05 23:59:59"),
        ("10/13/2026 3:13 ق.ظ", "0/0/0 0:0 p.f", "2026-10-13 03:13:00", "2026-10-13 03:13:59"),
        ("21 ARALIK 2026", "0 M 0", "2026-12-21 00:00:00", "2026-12-21 23:59:59"),
        ("21 KASIM 2026", "0 M 0", "2026-11-21 00:00:00", "2026-11-21 23:59:59"),
    ],
)
def test_dates_are_read(line: str, shape: str, first: str, last: str) -> None:
    found = ALL.read(line)

    assert found is not None
    assert ("absolute", shape) == (found.kind, found.shape)
    assert (first, last) == interval(found)
    assert (0, len(line)) == (found.start, found.end)


def test_month_names_with_digits_are_read() -> None:
    assert ("2021-11-05 00:00:00", "2021-11-05 23:59:59") == interval(reader(JAPANESE).read("2021年11月5日"))


@pytest.mark.parametrize(
    ("line", "unit", "first", "last"),
    [
        ("3:12 pm", "minute", "2031-05-13 15:12:00", "2031-05-13 15:12:59"),
        ("at 11:12", "minute", "2031-05-14 11:12:00", "2031-05-14 11:12:59"),
        ("um 20:55 Uhr Uhr", "minute", "2031-05-13 20:55:00", "2031-05-13 20:55:59"),
        ("10:11:12", "second", "2031-05-14 10:11:12", "2031-05-14 10:11:12"),
        ("9 am", "hour", "2031-05-14 09:00:00", "2031-05-14 09:59:59"),
    ],
)
def test_clocks_are_read(line: str, unit: str, first: str, last: str) -> None:
    found = ALL.read(line)

    assert found is not None
    assert ("clock", unit) == (found.kind, found.unit)
    assert (first, last) == interval(found)
    assert interval(found, scraped_at=None) is None


@pytest.mark.parametrize(
    "line",
    [
        "", " ", "\u00ad", "\u200b\u200b\u200b3", "6", "42", "4.15", "4.77votes", "1.4K", "(3)", "#3",
        "58 Comments", "today I left", "or 3:12",
        "A kiln", "another day ago", "3 days", "3 d", "12345 days ago", "99999999 years ago", "an", "a.m.",
        "Feb 30, 2020", "30 February 2020", "31.02.2020", "13/13/2020", "February 30", "5 May 0", "5 May 1403",
        "25:10", "10:60", "10.20.30.40", "1.2.14", "10-20-30-40", "1-2 days ago", "3:16:2021", "May", "Monday", "2021",
        "Ann Lee 6 months ago", "6 months ago Ann Lee", "OnMarch 5, 2021 Ann", "\ud8005 May 2021", "5 May 2021 \x00",
        "Überall 5 May 2021", "6 months ago " * 9, "x" * 81, "5" * 81, "1月", "99月5日",
    ],
)  # fmt: skip
def test_other_lines_are_not_read(line: str) -> None:
    assert ALL.read(line) is None


def test_a_capital_inside_a_word_begins_another() -> None:
    assert EN.read("3 DaysAgo") is not None


def test_reading_needs_no_memo() -> None:
    times = reader(ENGLISH)
    lines = [f"{n} days ago" for n in range(5000)]

    assert [times.read(line) for line in lines] == [times.read(line) for line in lines]


def test_a_reader_without_words_reads_numbers() -> None:
    assert TimeReader([]).read("6 months ago") is None
    assert TimeReader([]).read("2021-03-05 10:20") is not None


# -- find --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("6 months ago", "6 months ago"),
        ("Ann Jan 24, 2026 At 8:26 am", "Jan 24, 2026 At 8:26 am"),
        ("Ann L am 18. Oktober 2023 - 17:40 Verweis", "18. Oktober 2023 - 17:40"),
        ("RoyMarch 15, 2013", "March 15, 2013"),
        ("Roy2 years ago", "2 years ago"),
        ("June 14, 20241 yr", "June 14, 2024"),
        ("Nov 5, 2031, 3:04:43 PM11/5/31", "Nov 5, 2031, 3:04:43 PM"),
        ("Ann on Dec 27, 2023 | parent | next", "Dec 27, 2023"),
        ("Joined May 5, 2019, wrote on June 6, 2020 10:20", "June 6, 2020 10:20"),
        ("Feb 30, 2020 or March 1, 2020", "March 1, 2020"),
        ("#12 11-19-02, 06:39 PM", "11-19-02, 06:39 PM"),
        ("Ann 188 points 17 hours ago (11 children)", "17 hours ago"),
        ("by Ann ( 5754788 ) on Friday December 19, 2025 @08:08PM (#65)", "Friday December 19, 2025 @08:08PM"),
        ("26. May 5, 2021 was a day", "May 5, 2021"),
        ("Ann, an hour ago in the kiln", "an hour ago"),
        ("posted right now by Ann", "right now"),
        ("Ann yesterday", "yesterday"),
        ("Ann wrote yesterday that", None),
        ("Ann wrote yesterday at 10:12 that", "yesterday at 10:12"),
        ("Ann Dec 11", "Dec 11"),
        ("Dec 11 Ann", "Dec 11"),
        ("Ann · Dec 11 · Reply", "Dec 11"),
        ("It was on Dec 11 that", None),
        ("on Dec 11, 10:20 that", "Dec 11, 10:20"),
        ("the year was March 2018", "March 2018"),
        ("In March 2018 we", None),
        ("we met at 3:12 pm there", "3:12 pm"),
        ("we met at 3:12 there", None),
        ("John 3:16", None),
        ("Ann | 10:20", "10:20"),
        ("[10:20] Ann", "10:20"),
        ("Ann 3d", "3d"),
        ("Ann has 3d on", None),
        ("3days in the kiln", None),
        ("Ann 2 أيام", "2 أيام"),
        ("May 2, 2010 4.77 votes", "May 2, 2010"),
        ("version 1.2.14", None),
        ("from 10.20.30.40", None),
        ("It is 30 February 2020 there", None),
        ("an hour, a day, a year", None),
        ("Ann\u200b\u200f 5 \u200fMay 2021", "5 \u200fMay 2021"),
        ("Zoë 李 5 May 2021 ŵ ŵords", "5 May 2021"),
        ("5 May 2021".rjust(200), "5 May 2021"),
        ("5 May 2021".rjust(201, "-"), None),
        ("", None),
    ],
)
def test_times_are_found(line: str, expected: str | None) -> None:
    found = ALL.find(line)

    assert expected == (None if found is None else line[found.start : found.end].strip())


# -- resolve -----------------------------------------------------------------------------------------------------------


def found_in(line: str) -> Found:
    found = EN.read(line)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "rounding", "scraped_at", "expected"),
    [
        # PHP counts a month from any hour of February 28 to March 31.
        ("1 month ago", "calendar", "2031-03-31 12:00", ("2031-01-31 12:00:00", "2031-02-28 23:59:59")),
        ("1 year ago", "calendar", "2032-02-29 12:00", ("2030-02-28 12:00:00", "2031-02-28 23:59:59")),
        # Days first: March 28, then February 28. Months first: March 20, then February 25.
        ("1 month 23 days ago", "calendar", "2031-04-20 12:00", ("2031-02-24 12:00:00", "2031-02-28 12:00:00")),
        ("6 months ago", "nearest", "2031-05-14 12:00", ("2030-10-31 12:00:00", "2030-11-30 12:00:00")),
        ("2 years ago", "nearest", "2031-05-14 12:00", ("2028-11-13 00:00:00", "2029-11-13 00:00:00")),
        ("1 minute ago", "nearest", "2031-05-14 12:00", ("2031-05-14 11:58:30", "2031-05-14 12:00:00")),
        ("2 minutes ago", "nearest", "2031-05-14 12:00", ("2031-05-14 11:57:30", "2031-05-14 11:58:30")),
        ("30 seconds ago", "nearest", "2031-05-14 12:00", ("2031-05-14 11:59:29", "2031-05-14 11:59:30")),
        ("right now", "nearest", "2031-05-14 12:00", ("2031-05-14 11:59:00", "2031-05-14 12:00:00")),
        ("1 month ago", "unknown", "2031-03-14 12:00", ("2031-01-13 12:00:00", "2031-02-27 12:00:00")),
        ("9999 years ago", "unknown", "2031-05-14 12:00", ("0001-01-01 00:00:00", "0001-01-01 00:00:00")),
        ("9999 days ago", "calendar", "0002-05-14 12:00", ("0001-01-01 00:00:00", "0001-01-01 00:00:00")),
    ],
)
def test_platforms_round_in_their_own_ways(
    line: str, rounding: str, scraped_at: str, expected: tuple[str, str]
) -> None:
    moment = datetime.fromisoformat(scraped_at).replace(tzinfo=UTC)

    assert expected == interval(found_in(line), rounding, scraped_at=moment)


def test_an_unknown_rounding_is_an_error() -> None:
    with pytest.raises(ValueError, match="calendar, nearest, unknown, got 'up'"):
        interval(found_in("6 months ago"), "up")


@pytest.mark.parametrize(
    ("line", "day_first", "expected"),
    [
        ("03.04.2021", None, ("2021-04-03 00:00:00", "2021-04-03 23:59:59")),
        ("03.04.2021", False, ("2021-03-04 00:00:00", "2021-03-04 23:59:59")),
        ("03/04/2021", True, ("2021-04-03 00:00:00", "2021-04-03 23:59:59")),
        ("03/04/2021", False, ("2021-03-04 00:00:00", "2021-03-04 23:59:59")),
        ("03/04/2021", None, ("2021-03-04 00:00:00", "2021-04-03 23:59:59")),
        ("23/04/2021", False, ("2021-04-23 00:00:00", "2021-04-23 23:59:59")),
        ("04/23/2021", True, ("2021-04-23 00:00:00", "2021-04-23 23:59:59")),
        ("04.23.2021", None, ("2021-04-23 00:00:00", "2021-04-23 23:59:59")),
        ("04/23/2021", None, ("2021-04-23 00:00:00", "2021-04-23 23:59:59")),
    ],
)
def test_the_order_of_day_and_month(line: str, day_first: bool | None, expected: tuple[str, str]) -> None:
    assert expected == interval(found_in(line), day_first=day_first, scraped_at=None)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], None),
        (["5 May 2021", "2021-03-04"], None),
        (["03/04/2021"], None),
        (["03/04/2021", "23/04/2021"], True),
        (["03/04/2021", "04/23/2021"], False),
        (["23/04/2021", "04/23/2021"], None),
        (["03/04/2021", "05/04/2021", "01/05/2021"], True),
        (["05/01/2021", "04/05/2021", "04/03/2021"], False),
        (["03/04/2021", "04/04/2021", "05/04/2021"], None),
        (["03/04/2021 10:20", "03/04/2021 10:19", "03/04/2021 10:21"], None),
    ],
)
def test_the_dates_of_a_page_tell_their_order(lines: list[str], expected: bool | None) -> None:
    assert expected is day_first_evidence([found_in(line) for line in lines])


def test_a_zone_in_brackets_stands_behind_a_time() -> None:
    found = EN.find("March 5, 2021 02:22 pm (EST)")
    assert found is not None
    assert len("March 5, 2021 02:22 pm") == found.end
    assert ("2021-03-05 19:22:00", "2021-03-05 19:22:59") == interval(found)


def test_zones_are_capitals() -> None:
    """ "Est-ce que" opens many a French comment."""
    found = EN.find("5 March 2021 14:22 Est-ce que c'est bien?")
    assert found is not None
    assert len("5 March 2021 14:22") == found.end


def test_who_states_a_zone_is_not_anywhere() -> None:
    page = "1 Comment\n\nAnn\nAnn\nMarch 5, 2021 2:22 pm{zone}\n\nNobody counted the geese.\n\n0\nReply\n"
    (stated,), (unstated,) = (parse(page.format(zone=zone)).comments for zone in (" EST", ""))
    assert stated.posted is not None is not unstated.posted
    assert datetime(2021, 3, 5, 19, 22, tzinfo=UTC) == stated.posted.earliest
    assert datetime(2021, 3, 5, 0, 22, tzinfo=UTC) == unstated.posted.earliest


def test_times_are_of_the_sites_zone() -> None:
    tokyo = timezone(timedelta(hours=9))

    assert ("2021-03-05 01:00:00", "2021-03-05 01:00:59") == interval(found_in("2021-03-05 10:00"), timezone=tokyo)
    assert ("2021-03-05 10:00:00", "2021-03-05 10:00:59") == interval(found_in("2021-03-05 10:00Z"), timezone=tokyo)
    assert ("2031-05-13 15:00:00", "2031-05-14 14:59:59") == interval(found_in("today"), timezone=tokyo)
    assert ("2031-05-14 00:00:00", "2031-05-14 00:59:59") == interval(found_in("9 am"), timezone=tokyo)


def test_a_naive_moment_of_the_scrape_is_of_the_sites_zone() -> None:
    found, tokyo = found_in("an hour ago"), timezone(timedelta(hours=9))

    assert ("2031-05-14 01:00:00", "2031-05-14 02:00:00") == interval(
        found,
        timezone=tokyo,
        scraped_at=datetime(2031, 5, 14, 12),  # noqa: DTZ001
    )


def test_an_hour_that_comes_twice_counts_twice() -> None:
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")

    assert ("2021-10-31 00:30:00", "2021-10-31 01:30:59") == interval(found_in("2021-10-31 02:30"), timezone=berlin)
    assert ("2021-03-28 00:30:00", "2021-03-28 01:30:59") == interval(found_in("2021-03-28 02:30"), timezone=berlin)


@pytest.mark.parametrize("line", ["Feb 29", "Feb 29, 10:20", "right now", "yesterday", "10:20", "9999 months ago"])
@pytest.mark.parametrize("scraped_at", [datetime.min, datetime.max])  # noqa: DTZ901
@pytest.mark.parametrize("hours", [-14, 0, 14])
def test_the_ends_of_the_calendar_clip(line: str, scraped_at: datetime, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))

    for moment in (scraped_at, scraped_at.replace(tzinfo=UTC), scraped_at.replace(tzinfo=zone)):
        for rounding in ("calendar", "nearest", "unknown"):
            interval(found_in(line), rounding, scraped_at=moment, timezone=zone)


def test_a_day_that_never_was_before_the_scrape_is_unknown() -> None:
    assert interval(found_in("Feb 29"), scraped_at=datetime(2, 5, 4, tzinfo=UTC)) is None


# -- what always holds -------------------------------------------------------------------------------------------------

PIECES = (
    "6 months ago", "right now", "an", "a", "hour", "ago", "days", "May", "Mar", "5", "12", "31", "2021", "1999", "99",
    "9999", "10:20", "3d", "pm", "a.m.", "today", "yesterday", "Tue", "at", "um", "Uhr", "月", "日", "年", "下午",
    "之前", "أيام", "٣", "４", "T", "Z", "+02:00", "-", "/", ".", ",", ":", "'", "@", "|", "(", ")", " ", "  ",
    "\u00a0", "\u200f", "\u0301", "th", "er", "Ann", "ß", "İ", "\ud800", "\x00", "\n", "2021-03-05", "03/04/2021",
    "29.02.2024",
)  # fmt: skip
lines = (
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
    | st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join)
    | st.text(st.characters(categories=None), max_size=220)
)
moments = st.none() | st.datetimes() | st.datetimes(timezones=st.just(UTC)) | st.datetimes(timezones=st.timezones())
zones: st.SearchStrategy[tzinfo] = st.timezones() | st.integers(-1439, 1439).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)


@given(lines, moments, zones, st.sampled_from([None, True, False]), st.sampled_from(["calendar", "nearest", "unknown"]))
def test_every_line_gives_an_interval_or_nothing(
    line: str, scraped_at: datetime | None, zone: tzinfo, day_first: bool | None, rounding: str
) -> None:
    for found in (ALL.read(line), ALL.find(line)):
        if found is None:
            continue
        assert 0 <= found.start < found.end <= len(line)
        assert found.kind in ("relative", "absolute", "clock")
        assert found.unit in UNITS
        assert found.shape
        first, last = resolve(found, scraped_at=scraped_at, timezone=zone, day_first=day_first, rounding=rounding)
        assert (first is None) == (last is None)
        if first is not None and last is not None:
            assert first.tzinfo is last.tzinfo is UTC
            assert first <= last
        if scraped_at is None and found.kind != "absolute":
            assert first is None


@given(lines)
def test_what_is_read_is_found(line: str) -> None:
    found = ALL.read(line)

    assert found in (None, ALL.find(line))
    assert found == reader(*TABLES).read(line)
    assert (found is None) == (ALL.read(f" {line}\u200f") is None) or len(line.strip()) >= 79


TABLES = (ENGLISH, GERMAN, FRENCH, CHINESE, JAPANESE, ARABIC, TURKISH)


@given(
    st.sampled_from(["{0} {1} ago", "{0}{1} ago", "ANN {0} {1} AGO"]),
    st.integers(1, 9999),
    st.sampled_from([(unit, form) for unit, forms in ENGLISH["units"].items() for form in forms]),
    st.sampled_from(["calendar", "nearest", "unknown"]),
)
def test_the_unknown_rounding_holds_the_others(line: str, number: int, unit: tuple[str, str], rounding: str) -> None:
    found = EN.find(line.format(number, unit[1]))
    assert found is not None
    assert unit[0] == found.unit

    inner, outer = interval(found, rounding), interval(found, "unknown")
    assert inner is not None
    assert outer is not None
    assert outer[0] <= inner[0] <= inner[1] <= outer[1]


# -- the data ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "key", "message"),
    [
        ([], "time", "expected a table"),
        ({1: []}, "time", "expected a table"),
        ({"hours": []}, "time.hours", "unknown key"),
        ({"now": "now"}, "time.now", "expected a list"),
        ({"now": [1]}, "time.now", "expected a string"),
        ({"now": [" \u200b"]}, "time.now", "not blank"),
        ({"now": ["x" * 101]}, "time.now", "longer than 100"),
        ({"now": ["x"] * 201}, "time.now", "more than 200"),
        ({"months": [["January"]]}, "time.months", "expected 12 lists of names, got 1"),
        ({"weekdays": [["Monday"]] * 6 + ["Sunday"]}, "time.weekdays", "expected a list"),
        ({"units": {"decade": ["decade"]}}, "time.units.decade", "unknown unit"),
        ({"units": ["day"]}, "time.units", "expected a table"),
        ({"numbers": {"a": "1"}}, "time.numbers.a", "whole number"),
        ({"numbers": {"a": True}}, "time.numbers.a", "whole number"),
        ({"numbers": {"myriad": 10_000}}, "time.numbers.myriad", "whole number"),
        ({"numbers": {" ": 1}}, "time.numbers. ", "not blank"),
        ({"zones": ["EST"]}, "time.zones", "expected a table"),
        ({"zones": {"EST": -5}}, "time.zones.EST", "an offset like"),
        ({"zones": {"EST": "-15:00"}}, "time.zones.EST", "an offset like"),
        ({"zones": {"Est": "-05:00"}}, "time.zones.Est", "capitals"),
        ({"zones": {"": ""}}, "time.zones.", "capitals"),
        ({"relative": ["{n} {when} ago"]}, "time.relative", "no other placeholder"),
        ({"relative": ["{n} {unit ago"]}, "time.relative", "no other placeholder"),
        ({"relative": ["{n} ago"]}, "time.relative", "once or twice"),
        ({"relative": ["{n} {unit} {unit} ago"]}, "time.relative", "as often"),
        ({"relative": ["{unit} {unit} {unit}"]}, "time.relative", "once or twice"),
    ],
)
def test_bad_data_is_an_error_with_its_place(data: object, key: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        TimeWords.from_data(data, file="xx.toml")

    assert ("xx.toml", key) == (caught.value.file, caught.value.key)


def test_words_hash_and_compare() -> None:
    words = TimeWords.from_data(ENGLISH, file="en.toml")

    assert words == TimeWords.from_data(ENGLISH, file="other.toml")
    assert hash(words) == hash(TimeWords.from_data(ENGLISH, file="other.toml"))
    assert TimeWords() == TimeWords.from_data({}, file="empty.toml")


def test_of_two_languages_the_first_counts() -> None:
    early = {"months": [["lis"], *[["-"]] * 11]}
    late = {"months": [*[["-"]] * 11, ["lis"]]}

    assert ("2021-01-05 00:00:00", "2021-01-05 23:59:59") == interval(reader(early, late).read("5 lis 2021"))
    assert ("2021-12-05 00:00:00", "2021-12-05 23:59:59") == interval(reader(late, early).read("5 lis 2021"))
