"""What is learned from a page: a page in, the dialect that is written in it out."""

from __future__ import annotations

import pytest

import threadparse
from test_guesses import DATES, NAMES, TEXTS, TOLD, header_of, page_of


def _learned(text: str) -> dict[str, object]:
    """What a learned dialect says, as far as it says anything."""
    layout = threadparse.learn(text)
    found = {
        "header": header_of(layout.headers[0]),
        "second": [header_of(shape) for shape in layout.headers[1:-1]],
        "furniture": list(layout.furniture),
        "ends": list(layout.ends),
        "answers": list(layout.answers),
        "flat": layout.is_flat,
    }
    return {key: value for key, value in found.items() if value}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("{author}\n{when}\n{text}", {"header": "{author} / {when} / text"}),
        (
            "{author}\n{when}\n{text}\nReactions: {liked}",
            {"header": "{author} / {when} / text", "ends": ["reactions:", "reactions: {any}"]},
        ),
        (
            "{author}\n{when}\n{text}\nReactions:\n{liked}",
            {"header": "{author} / {when} / text", "furniture": ["reactions:", "{name}"]},
        ),
        (
            "{author}\n{when}\nJoined: {joined}\n{text}",
            {"header": "{author} / {when} / {any}* / {field}* / text", "flat": True},
        ),
        (
            "{author}\n{when}{titles}\nJoined: {joined}\n{text}",
            {"header": "{author} / {when} / {any}* / {field}* / text", "flat": True},
        ),
        (
            "{author}\n{when}\n{words}\n{words}\nJoined: {joined}\n{text}",
            {"header": "{author} / {when} / {any}* / {field}* / text", "flat": True},
        ),
        (
            "{author}\n{when}\n{words}\nJoined\n{joined}\n{text}",
            {"header": "{author} / {when} / {any}* / {field}* / text", "flat": True},
        ),
        (
            "{author}\n{when} #{rising}\n{words}\nPosts\n{many}\n{text}",
            {"header": "{author} / {when} #{number} / {any}* / {field}* / text", "flat": True},
        ),
        (
            "{author}\nJoined: {joined}\n{place}\n{when}\n{text}",
            {"header": "{author} / {any} / {any} / {when} / text", "flat": True},
        ),
        (
            "{author}\n{when}\n{words}\nReactions: {many}",
            {"header": "{author} / {when} / text", "furniture": ["reactions: {n}"]},
        ),
        ("{author}\n{when}\nMessages\n{words}", {"header": "{author} / {when} / messages / text"}),
        ("{author}\n{place}\n{when}\n{text}", {"header": "{author} / {any} / {when} / text"}),
        (
            "{author}{titles}\nJoined: {joined}\n{when}\n{text}",
            {"header": "{author} / {any}* / {when} / text", "flat": True},
        ),
        ("{author}\n#{rising}\n{when}\n{text}", {"header": "{author} / #{number} / {when} / text", "flat": True}),
        (
            "{author}\n{when}\n{text}\nSeen by the ferryman",
            {"header": "{author} / {when} / text", "furniture": ["seen by the ferryman"]},
        ),
        (
            "Seen by the ferryman\n{author}\n{when}\n{text}\nFlag it\nThank {author}",
            {
                "header": "{author} / {when} / text",
                "furniture": ["flag it", "seen by the ferryman", "thank {name}"],
            },
        ),
        ("{text}\n{author} | {when}", {"header": "text / {author} | {when}"}),
        (
            "{text}\n{author}\n{when}\nSeen by the ferryman",
            {"header": "text / {author} / {when} / seen by the ferryman"},
        ),
        ("{text}\n{author}\n{when}\nJoined: {place}", {"header": "text / {author} / {when}"}),
    ],
)
def test_what_is_learned(form: str, expected: dict[str, object]) -> None:
    assert expected == _learned(page_of(form))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Joined: 2015", "", "Joined: 2017", "", ""], {"header": "{author} / {when} / {any}* / {field}* / text"}),
        (
            ["Joined: 2015", "", "Joined: 2017", "Joined: 2012", ""],
            {"header": "{author} / {when} / {any}* / {field}* / text", "flat": True},
        ),
        (["Joined: 2015", "", "", "", "Joined: 2015"], {"header": "{author} / {when} / text"}),
        (
            ["Miller\nOf geese\nJoined: 2015", "", "Cooper\nJoined: 2017", "", ""],
            {"header": "{author} / {when} / {any}* / {field}* / text"},
        ),
        (
            ["Miller\nOf geese\nSince May\nJoined: 2015", "", "Cooper\nJoined: 2017", "", ""],
            {"header": "{author} / {when} / text"},
        ),
    ],
    ids=["two", "most", "one, and one below the last header", "below two titles", "below three titles"],
)
def test_facts_below_some_headers(lines: list[str], expected: dict[str, object]) -> None:
    page = page_of("{author}\n{when}\n{fact}\n{text}", fact=lines)

    assert expected == _learned(page)
    assert NAMES == tuple(comment.author for comment in threadparse.parse(page, dialect="learned").comments)


@pytest.mark.parametrize(
    ("lines", "ends"),
    [
        (["", "", "Approved: Kip", "Approved: Gil", ""], ["approved:", "approved: {any}"]),
        (["Approved: Kip", "", "Approved: Gil", "", ""], None),
        (["Approved: Kip", "", "", "", "Approved: Gil"], None),
        (["Liked by her: 2", "Liked by her: 3", "", "", ""], ["liked by her:", "liked by her: {any}"]),
        (["Liked by her and me: 2", "Liked by her and me: 3", "", "", ""], None),
        (["Liked by her and him and me: 2", "Liked by her and him and me: 3", "", "", ""], None),
    ],
    ids=["two", "two of one person", "one, and one below the last text", "three words", "five words", "seven words"],
)
def test_labels_below_some_texts(lines: list[str], ends: list[str] | None) -> None:
    page = page_of("{author}\n{when}\n{text}\n{label}\n{more}", label=lines, more=TEXTS[::-1])

    assert ends == _learned(page).get("ends")


@pytest.mark.parametrize(
    ("lines", "answers"),
    [
        (["", " | parent", "", " | parent", ""], ["{any} parent", "{any} parent {any}"]),
        ([" | parent"] * 5, None),
        (["", " | parent", "", "", ""], None),
    ],
    ids=["some", "all", "one"],
)
def test_links_to_the_parent(lines: list[str], answers: list[str] | None) -> None:
    page = page_of("{author}\n{when}{link}\n{text}", link=lines)

    assert answers == _learned(page).get("answers")


@pytest.mark.parametrize(
    ("form", "lines", "expected"),
    [
        (
            "{author}\n{when}\n{answer}\n{text}",
            ["", "Orla Venn", "", "Bram Ostel", ""],
            "{author} / {when} / {marker}? / text",
        ),
        ("{when}\n{author}\n{answer}\n{text}", ["", "", "", "", "Orla Venn"], "{when} / {author} / {marker}? / text"),
        ("{author}\n{when}\n{answer}\n{text}", [""] * 5, "{author} / {when} / text"),
    ],
    ids=["below the time", "below the last name alone", "none"],
)
def test_whom_a_comment_answers(form: str, lines: list[str], expected: str) -> None:
    page = page_of(form, answer=[f"Reply to {name}" if name else "" for name in lines])
    comments = threadparse.parse(page, dialect="learned").comments

    assert {"header": expected} == _learned(page)
    assert [(name or None, text) for name, text in zip(lines, TEXTS, strict=True)] == [
        (comment.reply_to, comment.text) for comment in comments
    ]


@pytest.mark.parametrize("form", ["{text}\n{author}\n{when}", "{author}\n{when}\n{text}"])
def test_a_button_that_names_whom_it_answers_is_furniture(form: str) -> None:
    page = page_of(f"{form}\nReply to {{author}}")

    assert ["reply to {name}"] == _learned(page)["furniture"]
    assert [None] * 5 == [comment.reply_to for comment in threadparse.parse(page, dialect="learned").comments]


def test_facts_of_half_of_the_authors_make_no_forum() -> None:
    page = page_of("{author}\n{when}\n{fact}\n{text}", 4, fact=["Joined: 2015", "", "Joined: 2017", ""])

    assert {"header": "{author} / {when} / {any}* / {field}* / text"} == _learned(page)


def test_a_text_may_open_like_a_marker() -> None:
    """Nobody of that name writes on the page."""
    page = page_of("{author}\n{when}\n{answer}\n{text}", answer=["", "Reply to Kip Tarn: never!", "", "", ""])

    assert {"header": "{author} / {when} / text"} == _learned(page)


def test_a_fact_alone_is_a_text() -> None:
    """What stands there in two lines has nothing below it that could be the text."""
    page = page_of(
        "{author}\n{when}\n{fact}\n{text}",
        fact=["Joined\nCork", "", "From\nTurku", "", ""],
        text=["", TEXTS[1], "", *TEXTS[3:]],
    )

    assert {"header": "{author} / {when} / text"} == _learned(page)


@pytest.mark.parametrize(
    ("number", "labels", "is_found"),
    [(6, 2, True), (7, 2, False), (9, 2, False), (7, 3, True), (9, 3, True)],
)
def test_how_often_a_label_comes_back(number: int, labels: int, is_found: bool) -> None:
    """A third of the texts is enough, of those that have another comment below."""
    form = "{author}\n{when}\n{text}\n{label}\n{more}"
    lines = ["Approved: Kip"] * labels + [""] * (number - labels)
    page = page_of(form, label=lines, more=TEXTS[::-1]) + page_of(form, number - 5, label=lines[5:], more=TEXTS)

    assert is_found == ("ends" in _learned(page))


FIRST, SECOND = "{author}\n{when}\n{text}", "{author} ~ {when} ~ visitor\n{text}"
VISITORS = [f"{name} ~ {when} ~ visitor\n{text}\n" for name, when, text in zip(NAMES, DATES, TEXTS, strict=True)]


def _with(*below: str, first: str = FIRST) -> str:
    """Five comments of the first kind, and what stands below each."""
    comments = [page_of(first, 1, **{key: told[at:] for key, told in TOLD.items()}) for at in range(5)]
    return "".join(comment + text for comment, text in zip(comments, below, strict=True))


@pytest.mark.parametrize(
    ("page", "second"),
    [
        (_with(*VISITORS), ["{author} / {when} / text"]),
        (_with(*VISITORS[:2], "", "", "") + "".join(VISITORS[2:]), ["{author} / {when} / text"]),
        (_with(*VISITORS[:2], "", "", "") + VISITORS[2], ["{author} {when} ~ visitor / text"]),
        (_with(VISITORS[0], "", "", "", "") + "".join(VISITORS[1:]), None),
        (_with(*VISITORS).replace(TEXTS[1], "", 1), ["{author} ~ {when} ~ visitor / text"]),
        (
            _with(*VISITORS[:3], "", "", first="Posted by {author}{titles}\n{when}\n{text}"),
            ["@posted_by {author} / {any} / {when} / text", "{author} {when} ~ visitor / text"],
        ),
        (page_of(FIRST) + "More letters\n" + page_of(SECOND, 3), None),
        (page_of(FIRST) + "More letters\n" + page_of(SECOND), None),
    ],
    ids=[
        "between",
        "some below",
        "a third below",
        "most below",
        "below a header",
        "of two forms",
        "three below",
        "as many below",
    ],
)
def test_a_second_kind_of_header(page: str, second: list[str] | None) -> None:
    assert second == _learned(page).get("second")


def test_quotes_are_no_second_kind() -> None:
    """They look like comments, but two of them do not make the page read better."""
    quotes = [f"{NAMES[at]} wrote on {DATES[at - 2]}:\n{TEXTS[at - 2]}\n{TEXTS[at - 3]}\n" for at in (2, 4)]

    assert {"header": "{author} / {when} / text"} == _learned(_with("", quotes[0], "", quotes[1], ""))
