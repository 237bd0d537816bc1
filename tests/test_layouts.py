"""Layouts: what a dialect without a tail can say, one line of the grammar at a time; what is learned from a page."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import threadparse
from invariants import assert_all_holds
from threadparse import DataError, Dialect, Thread

HEADER = {"name": "one", "lines": ["{author} wrote:", "{when}"]}


def dialect(*headers: dict[str, Any], **keys: Any) -> Dialect:
    data = {"name": "gazette", "title": "The Gazette", "header": list(headers) or [HEADER], **keys}
    return Dialect.from_data(data, file="gazette.toml")


def said(thread: Thread) -> list[tuple[str, str]]:
    return [(comment.author, comment.text) for comment in thread.comments]


# What a file may not say


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({"flat": "yes"}, "flat"),
        ({"header": [{**HEADER, "text": "beside"}]}, "header[0].text"),
        ({"header": [{**HEADER, "level": -1}]}, "header[0].level"),
        ({"header": [{**HEADER, "level": 1, "below": True}]}, "header[0].below"),
        ({"header": [{**HEADER, "level": 1, "first": 1}]}, "header[0].first"),
        ({"header": [{**HEADER, "deeper": True}]}, "header[0].deeper"),
        ({"header": [{**HEADER, "lines": ["{author} @shouts"]}]}, "header[0].lines"),
    ],
)
def test_mistake(keys: dict[str, Any], where: str) -> None:
    with pytest.raises(DataError) as caught:
        Dialect.from_data({"name": "a", "title": "A", "header": [HEADER], **keys}, file="a.toml")
    assert ("a.toml", where) == (caught.value.file, caught.value.key)


def test_saved_and_loaded(tmp_path: Path) -> None:
    written = dialect(
        {**HEADER, "text": "before", "level": 2, "deeper": True, "first": False, "foot": ["{n} likes"]},
        {"name": "two", "lines": ["@pingback: {author}"], "text": "none"},
        {"name": "three", "lines": ["{author}", "{when}"], "below": True},
        {"name": "four", "lines": ["{author} – {when}"], "childless": True},
        signs=["Gazette"],
        flat=True,
        headings=True,
        furniture=["reply"],
        starts=["said"],
        ends=["{n} likes"],
        opens=["letters"],
        closes=["end"],
        answers=["re:"],
        trim=["*"],
    )
    written.save(tmp_path / "gazette.toml")
    assert written == Dialect.load(tmp_path / "gazette.toml")


# What is read


PAGE = """\
Letters
Ann wrote:
May 3, 2031
The pump is mended, they say.
Pingback: The Week in Pumps
Bob wrote:
May 4, 2031
It drips all the same.
"""


def test_a_pingback_has_no_text() -> None:
    layout = dialect(HEADER, {"name": "pingback", "lines": ["@pingback: {author}"], "text": "none"})
    thread = threadparse.parse(PAGE, dialect=layout)
    expected = [
        ("Ann", "The pump is mended, they say."),
        ("The Week in Pumps", ""),
        ("Bob", "It drips all the same."),
    ]
    assert expected == said(thread)


def test_roles_and_markers_that_may_be_missing() -> None:
    layout = dialect({"name": "one", "lines": ["{author}", "{role}?", "{when}", "{marker}?"]})
    page = """\
Ann Lee
Admin
May 3, 2031
The pump is mended.
Bob
May 4, 2031
Reply to Ann Lee
It drips all the same.
"""
    expected = [("Ann Lee", "Admin", None, "The pump is mended."), ("Bob", None, "Ann Lee", "It drips all the same.")]
    comments = threadparse.parse(page, dialect=layout).comments
    assert expected == [(comment.author, comment.role, comment.reply_to, comment.text) for comment in comments]


@pytest.mark.parametrize(
    ("role", "shown", "name"),
    [
        ("Opening writer", "Ann Opening writer", "Ann"),
        ("Opening writer", "AnnOpening writer", "Ann"),
        ("Miller", "AnnMiller", "Ann"),
        ("Baker", "AnnBaker", "AnnBaker"),
        ("Baker", "Ann baker", "Ann"),
        ("Miller", "Miller", "Miller"),
    ],
)
def test_a_role_behind_a_name(role: str, shown: str, name: str) -> None:
    """A short one may be a name's own end."""
    layout = dialect({"name": "block", "lines": ["{author}", "{any}*", "{when}"]}, lines={"role": [role]})
    page = "".join(
        f"{author}\nTown crier\nMay {day}, 2031\nThe pump drips, and that is number {day}.\nReply\n"
        for day, author in enumerate([shown, "Bob", shown, "Bob"], start=1)
    )
    assert [name, "Bob", name, "Bob"] == [
        comment.author for comment in threadparse.parse(page, dialect=layout).comments
    ]


def test_a_short_text_right_below_its_header_is_no_name() -> None:
    layout = dialect({"name": "block", "lines": ["{author}", "{any}*", "{when}"]})
    page = (
        "Ann Lee\nSenior Member\nMay 3, 2031\nThe pump drips.\nBob\nJunior Member\nMay 4, 2031\nmoss grows on it\n"
        "Cy\nMay 5, 2031\nIt does.\nDee\nSenior Member\nMay 6, 2031\nSo it is.\n"
    )
    expected = [("Ann Lee", "The pump drips."), ("Bob", "moss grows on it"), ("Cy", "It does."), ("Dee", "So it is.")]
    assert expected == said(threadparse.parse(page, dialect=layout))


@pytest.mark.parametrize("form", ["{}", "Avatar of {}", "{} says", "Avatar of {} here"])
def test_words_that_all_names_share(form: str) -> None:
    layout = dialect({"name": "plain", "lines": ["{author}", "{when}"]})
    names = ["Ann Lee", "Bob", "Cy", "Dee"]
    page = "".join(
        f"{form.format(name)}\nMay {day}, 2031\nThe pump drips, and that is number {day}.\n"
        for day, name in enumerate(names, start=1)
    )
    thread = threadparse.parse(page, dialect=layout)
    assert names == [comment.author for comment in thread.comments]


@pytest.mark.parametrize("closing", ["Reply", "Share this letter"])
def test_below_what_closes_a_text_stands_a_name(closing: str) -> None:
    layout = dialect({"name": "block", "lines": ["{author}", "{any}*", "{when}"]}, furniture=["share this letter"])
    blocks = ["Dee\nRam\nof Cork", "Ann\nKeeper", "Bob\nOwl\nof Ghent", "Keeper", "Cy\nFox\nof Turku"]
    page = "".join(
        f"{block}\nMay {day}, 2031\nThe pump drips, and that is number {day}.\n{closing}\n"
        for day, block in enumerate(blocks, start=1)
    )
    thread = threadparse.parse(page, dialect=layout)
    assert [block.split()[0] for block in blocks] == [comment.author for comment in thread.comments]


def test_a_header_that_stands_there_twice() -> None:
    layout = dialect({"name": "block", "lines": ["{author}", "{any}*", "{when}"]})
    page = (
        "Ann\nKeeper\nMay 3, 2031\nAnn\nMay 3, 2031\nThe pump drips.\nReply\n"
        "Bob Owl\nMay 4, 2031\nBob\nMay 4, 2031\nLet it drip.\nReply\n"
        "Ann\nKeeper\nMay 5, 2031\nCy\nMay 5, 2031\nSo it drips.\nReply\n"
        "Bob\nMay 8, 2031\nBob\nMay 7, 2031\nStill.\n"
    )
    expected = [
        *(("Ann", "The pump drips."), ("Bob", "Let it drip."), ("Ann", ""), ("Cy", "So it drips."), ("Bob", "")),
        ("Bob", "Still."),
    ]
    assert expected == said(threadparse.parse(page, dialect=layout))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("AnnAnn OdoOdo Cy Dee", "Ann Odo Cy Dee"),
        ("AnnAnn OdoOdo Cy Dee Eve Fay Gil Hal", "Ann Odo Cy Dee Eve Fay Gil Hal"),
        ("AnnAnn OdoOdo Cy Dee Eve Fay Gil Hal Ida", "AnnAnn OdoOdo Cy Dee Eve Fay Gil Hal Ida"),
        ("LuluLulu Odo Cy Dee", "LuluLulu Odo Cy Dee"),
        ("LuLu CoCo Cy Dee", "LuLu CoCo Cy Dee"),
        ("AnnAnn OdoOdo oooooo Dee", "Ann Odo oooooo Dee"),
        ("JiriJiri 小明小明 Cy Dee", "Jiri 小明 Cy Dee"),
    ],
)
def test_names_that_stand_twice_glued(shown: str, expected: str) -> None:
    layout = dialect({"name": "plain", "lines": ["{author}", "{when}"]})
    page = "".join(
        f"{name}\nMay {day}, 2031\nThe pump drips, and that is number {day}.\n"
        for day, name in enumerate(shown.split(), start=1)
    )
    thread = threadparse.parse(page, dialect=layout)
    assert expected.split() == [comment.author for comment in thread.comments]


@pytest.mark.parametrize(
    "lines", [["{alt}", "{any}*", "{author}", "{when}"], ["{alt}?", "{any}*", "{author}", "{when}"]]
)
def test_the_name_again_above_a_block(lines: list[str]) -> None:
    page = "Ann\nTown crier\nAnn\nMay 3, 2031\nThe pump drips.\n\nBob\nMiller\nBob\nMay 4, 2031\nLet it drip.\n"
    thread = threadparse.parse(page, dialect=dialect({"name": "again", "lines": lines}))
    assert {"Ann", "Bob"} == set(thread.participants)


def test_facts_without_end() -> None:
    facts = "".join(f"Joined: {year}\n" for year in range(2000, 2040))
    layout = dialect({"name": "facts", "lines": ["{when}", "{author}", "{field}*"]})
    thread = threadparse.parse(f"May 3, 2031\nAnn\n{facts}The pump drips.\n", dialect=layout)
    assert ["Ann"] == [comment.author for comment in thread.comments]


@pytest.mark.parametrize("below", ["This sentence is no name.", "42"])
def test_a_header_that_is_none(below: str) -> None:
    layout = dialect({"name": "block", "lines": ["{when}", "{any}*", "{author}"]})
    assert () == threadparse.parse(f"May 3, 2031\n{below}\n", dialect=layout).comments


def test_a_text_that_is_only_its_edit() -> None:
    page = (
        "Ann wrote:\nMay 3, 2031\nThe pump drips.\nLast edited May 4, 2031 by Ann\nBob wrote:\nMay 5, 2031\nLet it.\n"
    )
    first = threadparse.parse(page, dialect=dialect()).comments[0]
    assert ("The pump drips.", "Ann") == (first.text, first.edited and first.edited.by)


@pytest.mark.parametrize(
    ("mark", "author"),
    [("A", "Ann Other"), ("AO", "Ann Other"), ("B", "B"), ("1. \u200b", "Ann Other"), ("", "Ann Other")],
)
def test_initials(mark: str, author: str) -> None:
    site = dialect({"name": "initials", "lines": ["{when}", "{initial}?", "{author}"]})
    page = f"3 May 2031\n{mark}\nAnn Other\nThe pump drips.\n4 May 2031\nCyril\nIt drips no more.\n5 May 2031\nA"
    thread = threadparse.parse(page, dialect=site)
    assert [author, "Cyril"] == [comment.author for comment in thread.comments][:2]


def test_far_end_with_words() -> None:
    site = dialect({"name": "block", "lines": ["{author} wrote:", "{any}*", "{when}"]})
    page = "Ann Other wrote:\nPlumber\nOslo\n3 May 2031\nThe pump drips."
    assert [("Ann Other", "The pump drips.")] == said(threadparse.parse(page, dialect=site))


FOR_EVER = "The river goes on for ever, and so do I."


@pytest.mark.parametrize(
    ("endings", "left"),
    [
        ([FOR_EVER, "", FOR_EVER], ["", "", ""]),
        ([FOR_EVER, "", FOR_EVER, "", FOR_EVER], ["", "", "", "", ""]),
        ([FOR_EVER, "", "", "", FOR_EVER], ["", "", "", "", ""]),
        (["Ann, the miller", "", "Ann, the miller"], ["", "", ""]),
        (
            ["Ann, the miller", "", "", "", "Ann, the miller"],
            ["Ann, the miller", "", "", "", "Ann, the miller"],
        ),
        (["Yours, Ann", "", "Yours, Ann"], ["Yours, Ann", "", "Yours, Ann"]),
        ([FOR_EVER, "", ""], [FOR_EVER, "", ""]),
        ([FOR_EVER, FOR_EVER, FOR_EVER], [FOR_EVER, FOR_EVER, FOR_EVER]),
        ([f"So it is.\n{FOR_EVER}", "", f"So it was.\n{FOR_EVER}"], ["So it is.", "", "So it was."]),
        (["Miller\nof ponds", "", "Miller\nof ponds"], ["", "", ""]),
        (["So it goes.\n" * 25, "", "So it goes.\n" * 25], ["So it goes.\n" * 5, "", "So it goes.\n" * 5]),
    ],
    ids=[
        *("two", "three", "not below every text", "three words", "three words, not below every text", "two words"),
        *("once", "of two people", "one line of two", "two lines", "no end"),
    ],
)
def test_signatures(endings: list[str], left: list[str]) -> None:
    """Ann and Bob write in turn; what ends two texts of one person is no text, unless somebody may have written it."""
    layout = dialect({"name": "post", "lines": ["{author}", "{when}"]}, flat=True)
    texts = [f"The pump drips, and that is number {day}." for day in range(len(endings))]
    page = "".join(
        f"{'Bob' if day % 2 else 'Ann'}\nMay {day + 1}, 2031\n{text}\n{ending}\n"
        for day, (text, ending) in enumerate(zip(texts, endings, strict=True))
    )
    expected = [f"{text}\n{ending}".strip() for text, ending in zip(texts, left, strict=True)]
    assert expected == [comment.text for comment in threadparse.parse(page, dialect=layout).comments]


def test_a_signature_leaves_the_first_line() -> None:
    layout = dialect({"name": "post", "lines": ["{author}", "{when}"]}, flat=True)
    texts = ["It drips.", "Let it.", "It drips.", "No.", "Why?", "Because.", "So be it."]
    page = "".join(
        f"{name}\nMay {day}, 2031\n{text}\n{FOR_EVER if name == 'Ann' else ''}\n"
        for day, (name, text) in enumerate(zip(["Ann", "Bob", "Ann", "Cy", "Dee", "Cy", "Dee"], texts, strict=True), 1)
    )
    assert texts == [comment.text for comment in threadparse.parse(page, dialect=layout).comments]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["It drips.", "Home", "About"], "It drips.\nHome\nAbout"),
        (["It drips.", "Home", "About", "Contact"], "It drips."),
        (["It drips.", "", "Home", "About", "Contact", "Search"], "It drips."),
        (["It drips.", "Home", "About", "It does.", "Contact"], "It drips.\nHome\nAbout\nIt does.\nContact"),
        (["Yes", "No", "Maybe"], "Yes\nNo\nMaybe"),
        (["Yes", "No", "Maybe", "Often"], "Yes"),
        (["It drips.", "Email*", "So it does."], "It drips."),
        (["It drips.", "3 Comments", "So it does."], "It drips."),
    ],
)
def test_where_the_last_text_ends(lines: list[str], text: str) -> None:
    """Above a form, another section, or a menu: three lines one below the other that are no sentences."""
    page = "\n".join([*PAGE.splitlines(), "Cy wrote:", "May 5, 2031", *lines, ""])
    assert text == threadparse.parse(page, dialect=dialect()).comments[-1].text


def test_the_last_text_ends_where_the_page_is_indented_less() -> None:
    page = "".join(f"  {line}\n" for line in PAGE.splitlines()) + "The news of the week, for all who read.\n"
    assert "It drips all the same." == threadparse.parse(page, dialect=dialect()).comments[-1].text


def test_the_last_text_ends_where_the_others_do() -> None:
    layout = dialect(HEADER, furniture=["share this letter"])
    page = "".join(
        f"{name} wrote:\nMay {day}, 2031\nThe pump drips, says {name}.\nShare this letter\n"
        for day, name in enumerate(["Ann", "Bob", "Cy"], start=1)
    )
    thread = threadparse.parse(f"{page}The news of the week, for all who read.\n", dialect=layout)
    assert [f"The pump drips, says {name}." for name in ("Ann", "Bob", "Cy")] == [
        comment.text for comment in thread.comments
    ]


@pytest.mark.parametrize("above", ["", "An article about pumps, and about geese.\n3 Comments\n"])
def test_the_first_text_stands_below_a_heading_or_opens_the_page(above: str) -> None:
    layout = dialect({**HEADER, "text": "before"})
    page = f"{above}The pump\nis mended.\nAnn wrote:\nMay 3, 2031\nIt drips.\nBob wrote:\nMay 4, 2031\n"
    assert [("Ann", "The pump\nis mended."), ("Bob", "It drips.")] == said(threadparse.parse(page, dialect=layout))


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        (["The pump drips.", "", "Let it."], ("The pump drips.", "Let it.")),
        (["The pump drips.", "", "Let", "it."], ("The pump drips.", "Let\nit.")),
        (["The pump", "", "drips.", "", "Let it."], ("The pump\n\ndrips.", "Let it.")),
        (["The pump", "drips.", "Let it."], ("The pump\ndrips.", "Let it.")),
        (["The pump drips.", "  Let", "it."], ("The pump drips.", "  Let\nit.")),
        (["The pump drips.", "  Let", "", "  it."], ("The pump drips.", "Let\n\nit.")),
        (["The pump drips.", "* Let", "", "it."], ("The pump drips.", "* Let\n\nit.")),
        (["The pump drips."], ("The pump drips.", "")),
    ],
    ids=[
        "blank",
        "blank above two lines",
        "last blank",
        "nothing",
        "indented",
        "indented, then blank",
        "bullet",
        "one line",
    ],
)
def test_where_two_texts_part(lines: list[str], texts: tuple[str, str]) -> None:
    """The one has its header above, the other below."""
    answer = {"name": "answer", "lines": ["answered by {author}", "{when}"], "text": "before"}
    page = "\n".join(["Ann wrote:", "May 3, 2031", *lines, "answered by Bob", "May 4, 2031", "Reply", ""])
    thread = threadparse.parse(page, dialect=dialect(HEADER, answer))
    assert [("Ann", texts[0]), ("Bob", texts[1])] == said(thread)


# What is learned


LEARNABLE = """\
3 Comments
12.05.2031 09:14
Orla Venn
Copper goes green in our air. Mine took two winters.
12.05.2031 11:40
Bram Ostel
Green is a colour too, and it needs no paint.
13.05.2031 08:02
Orla Venn
Tell that to my neighbour, please.
"""


def test_a_learned_layout_reads_a_page_as_it_was_learned(tmp_path: Path) -> None:
    threadparse.learn(LEARNABLE).save(tmp_path / "site.toml")
    site = Dialect.load(tmp_path / "site.toml")
    whole = threadparse.parse(LEARNABLE)
    assert whole.comments == threadparse.parse(LEARNABLE, dialect=site).comments
    assert whole.comments == threadparse.parse(LEARNABLE, dialect="learned").comments


ODD = st.lists(
    st.sampled_from(
        ["@tower.net", "{n}", "{", "}", "{?a}", "[x](y)", "1 " * 40, "w" * 70, "a word", "why?", "@when", "**", "5"]
    ),
    max_size=2,
).map(" ".join)
"""Words that a page may repeat beside its names and times, and that mean something else in a template, or too much."""


@given(st.tuples(ODD, ODD, ODD, ODD, ODD), st.booleans())
def test_whatever_words_come_back(words: tuple[str, ...], one_line: bool) -> None:
    before, after, left, right, foot = words
    texts = [
        "Copper goes green in our air. Mine took two winters.",
        "Green is a colour too, and it needs no paint.",
        "Tell that to my neighbour, please.",
        "Which of them do you mean? The one with the ladder, I hope.",
    ]
    names = ["Orla Venn", "Bram Ostel", "Orla Venn", "Ida Quill"]
    page = "".join(
        f"{left} {name} {right}{' ' if one_line else chr(10)}{before} 12.05.2031 09:1{number} {after}\n{text}\n{foot}\n"
        for number, (name, text) in enumerate(zip(names, texts, strict=True))
    )
    whole = threadparse.parse(page, dialect="learned")
    assert_all_holds(page)
    if whole.comments:
        layout = threadparse.learn(page)
        with tempfile.TemporaryDirectory() as folder:
            layout.save(Path(folder) / "site.toml")
            assert whole.comments == threadparse.parse(page, dialect=Dialect.load(Path(folder) / "site.toml")).comments


def test_nothing_to_learn() -> None:
    with pytest.raises(ValueError, match="repeats"):
        threadparse.learn("An article.\n")
    assert () == threadparse.parse("An article.\n", dialect="learned").comments


def test_two_sections() -> None:
    other = "".join(
        f"{name} | June {day}, 2032\nNo readers like this yet.\n{text}\n"
        for day, (name, text) in enumerate(
            [
                ("Odo Fenn", "The pond froze twice this winter, and twice somebody fell in."),
                ("Maud Hale", "Was it the same somebody? I would like to know."),
                ("Odo Fenn", "I would rather not say. My knees are still blue."),
                ("Kip Rook", "Then it was. Buy longer boots, old friend."),
            ],
            start=1,
        )
    )
    page = f"{LEARNABLE}Leave a Reply\nName*\nEmail*\n\n{'Words of another article. ' * 20}\n\n4 Comments\n{other}"
    threads = threadparse.parse_all(page)
    assert [3, 4] == sorted(len(thread.comments) for thread in threads)
    assert ["other-section"] == [note.code for note in threads[0].notes if note.code == "other-section"]
    assert threads[0] == threadparse.parse(page)
    for thread in threads:
        assert page == "".join(page[segment.span.start : segment.span.end] for segment in thread.segments)
