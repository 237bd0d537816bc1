"""What is learned from a page: a page in, the dialect that is written in it out."""

from __future__ import annotations

import pytest

import threadparse
from test_guesses import header_of, page_of


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
            "{author}\n{when} #{rising}\n{words}\nPosts\n{many}\n{text}",
            {"header": "{author} / {when} #{number} / {any}* / {field}* / text", "flat": True},
        ),
        ("{author}{titles}\nJoined: {joined}\n{when}\n{text}", {"header": "{author} / {any}* / {when} / text"}),
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
    ],
)
def test_what_is_learned(form: str, expected: dict[str, object]) -> None:
    assert expected == _learned(page_of(form))
