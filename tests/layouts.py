"""Write a conversation as the lines of any platform, as its dialect says: each header filled, the text beside it.

In: a conversation, a dialect, a language, a seed for what may be missing. Out: a text. It is not as true to a platform
as ``rendering.py`` is to wpDiscuz; it is for what must hold however a page looks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from conversations import Conversation, Remark
from languages import Language
from threadparse import Dialect
from threadparse._headershapes import HeaderShape, Slot

_OPTIONAL = re.compile(r"\{\?([^{}]+)\}")
_KEY = re.compile(r"@(\w+)")
_FIELD = re.compile(r"\{(\w+)\}")


def render_as(conversation: Conversation, dialect: Dialect, language: Language, seed: int = 0) -> str:
    """The dump."""
    source = random.Random(seed)
    lines = [*conversation.article, ""]
    opening = dialect.opens[0] if dialect.opens else "{n} comments"
    lines.append(opening.replace("{n}", str(len(conversation.remarks))))
    headers = [header for header in dialect.headers if header.text != "none"] or list(dialect.headers)
    shape = source.choice(headers)
    for number in range(len(conversation.remarks)):
        lines += ["", *_comment(conversation, number, shape, language, source)]
    return "\n".join([*lines, *dialect.closes[:1], *dialect.signs[:1], ""])


def _comment(
    conversation: Conversation, number: int, shape: HeaderShape, language: Language, source: random.Random
) -> Iterator[str]:
    remark = conversation.remarks[number]
    named = None if remark.parent is None else conversation.remarks[remark.parent].author

    def filled(slots: Sequence[Slot]) -> Iterator[str]:
        for slot in slots:
            if (slot.optional or slot.repeated) and source.random() < 0.5:
                continue
            if "marker" in slot.fields and named is None:
                continue
            yield _fill(slot.template, remark, named or "", number, language)

    text = list(remark.paragraphs)
    if shape.text == "before":
        yield from (*text, *filled(shape.slots), *filled(shape.foot))
    else:
        yield from (*filled(shape.slots), "", *(text if shape.text == "after" else []), *filled(shape.foot))


def _fill(template: str, remark: Remark, named: str, number: int, language: Language) -> str:
    values = {
        "author": remark.author, "alt": remark.author, "again": remark.author, "initial": remark.author[:1],
        "when": remark.posted, "role": remark.role or "Member", "title": "Ferryman", "name": named or "Bob",
        "marker": language.marker.replace("{name}", named), "n": str(number + 1), "number": str(number + 1),
        "to": str((remark.parent or 0) + 1),
        "level": str(remark.depth), "children": "0", "votes": "-2", "word": "orchard", "any": "so it is",
        "field": "Joined: 2015",
    }  # fmt: skip

    def word(match: re.Match[str]) -> str:
        if match[1] == "on":
            return next(iter(language.locale.time.filler), "")
        return next((form for form in language.locale.words.get(match[1], ()) if "{" not in form), "")

    line = _OPTIONAL.sub(r"\1", template)
    return _FIELD.sub(lambda match: values[match[1]], _KEY.sub(word, line))
