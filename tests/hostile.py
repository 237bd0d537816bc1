"""Texts that are made to be slow: families of any size, and random ones of all words that the data files know.

In: a number of pieces. Out: a text. For ``test_promises.py`` and ``benchmarks/growth.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

import attrs

from invariants import FRAGMENTS
from languages import NAMES, Language
from threadparse import Dialect
from threadparse._dialect import dialect_names, load_dialect

Family = Callable[[int], str]
"""A number of pieces to a text."""
_MOST_LINES = 4
"""Most lines of a block."""


def _quotes(number: int) -> str:
    """A text of lines quoted ever deeper: the only family whose size grows faster than its pieces."""
    return "Ann\nAnn\n6 months ago\n\n" + "".join(f"{'>' * depth} so\n" for depth in range(1, number + 1))


_NAMES = ("Ann Lee", "Bob", "Cy")
FAMILIES: Mapping[str, Family] = {
    "one name": lambda n: "Ann\n" * n,
    "one time": lambda n: "6 months ago\n" * n,
    "doublets": lambda n: "Ann\nAnn\n6 months ago\n" * n,
    "quotes ever deeper": _quotes,
    "one line, quoted ever deeper": lambda n: "Ann\nAnn\n6 months ago\n\n" + "> > " * n + "so\n",
    "one line": lambda n: "orchard 5 May 2021 Ann said " * n,
    "markers alone, to nobody": lambda n: "".join(f"Reply to N{i}\n" for i in range(n)),
    "comments with markers to nobody": lambda n: "".join(
        f"Ann\nAnn\n6 months ago\nReply to  N{i}\n\nSo.\n" for i in range(n)
    ),
    "every line a header": lambda n: "Ann Lee 5 May 2021 at 3:12 pm\n" * n,
    "every line a header with words": lambda n: "Ann Lee says:\n" * n,
    "every two lines a header": lambda n: "Ann Lee\n5 May 2021\n" * n,
    "a heading above each comment": lambda n: "3 Comments\nAnn Lee\n5 May 2021\nSo it is.\n" * n,
    "a heading that says far too many above each": lambda n: "99999 Comments\nAnn Lee\n5 May 2021\nSo it is.\n" * n,
    "a heading above each doublet": lambda n: "".join(
        f"58 Comments\nN{i}\nN{i}\n6 months ago\nSo it is.\n" for i in range(n)
    ),
    "sort bars below names": lambda n: "58 Comments\n" + "Ann\nAnn\n\nSo.\nReply\n" * n + "Oldest\n" * n,
    "facts that are times": lambda n: "Joined: 5 May 2021\n" * n,
    "facts on two lines": lambda n: "Joined\n5 May 2021\n" * n,
    "blocks of one name": lambda n: ("Ann\n" * 18 + "5 May 2021\n") * n,
    "blocks of a forum": lambda n: "".join(
        f"A\nAnn {i % 7}\nSenior Member\nJoined: 2015\n5 May 2021\n#{i}\nSo it is with geese.\n" for i in range(n)
    ),
    "signatures": lambda n: "".join(
        f"Ann\n5 May 2021\nNo {i} it is.\n" + "so it goes on and on\n" * 20 for i in range(n)
    ),
    "a comment a line": lambda n: "".join(
        f"N{i % 9} says: May 3, 2031 at 1:45 pm So it goes on and on, {i} times. Reply\n" for i in range(n)
    ),
    "a comment a line, twice the name": lambda n: (
        "Ann Lee Ann Lee 2 days ago Reply to Ann Lee So it goes. 3 Reply\n" * n
    ),
    "glued comments": lambda n: "AnnMay 3, 2031 2:06 PMThanks!ReplyDelete" * n,
    "links to comments": lambda n: "* Ann says: [May 3, 2031](u#comment-1) so it goes " * n,
    "buttons with links to comments": lambda n: "so it goes [Reply](u?replytocom=1) [Reply](u#comment-1) " * n,
    "a glued page": lambda n: "Ann Lee says:May 3, 2031 at 2:06 pmSo it goes.And on.0ReplyLiked by BobBo" * n,
    "a glued page whose times close": lambda n: "3 days agoGuestnobodyso it goes.And on" * n,
    "quotes of one long text": lambda n: (
        "Ann\nAnn\n6 months ago\n\n"
        + "nobody counted the geese. " * n
        + "\n"
        + "Bob\nBob\n6 months ago\n\n“nobody counted the geese”\n" * n
    ),
    "two people in turn": lambda n: "Ann\nAnn\n2 days ago\nReply to Bob\nBob\nBob\n2 days ago\nReply to Ann\n" * n,
    "a chain of replies": lambda n: "".join(
        f"N{i}\nN{i}\n2 days ago\nReply to N{i - 1}\n\nWe kept the ledger.\n" for i in range(n)
    ),
    "a chain of three names": lambda n: "".join(
        f"N{i % 3}\nN{i % 3}\n2 days ago\nReply to N{(i - 1) % 3}\n\nWe kept the ledger.\n" for i in range(n)
    ),
    "a layout that nobody described": lambda n: "".join(
        f"5 May 2021\n{_NAMES[i % 3]}\nSo it is, and that is number {i}.\n" for i in range(n)
    ),
    "two kinds of headers": lambda n: "".join(
        f"{_NAMES[i % 3]}\n5 May 2021\nSo it is.\n{_NAMES[i % 2]} ~ 6 May 2021 ~ visitor\nIt is not so.\n"
        for i in range(n)
    ),
    "facts and labels of nobody's": lambda n: "".join(
        f"5 May 2021\n{_NAMES[i % 3]}\nFerry\nJoined: 2015\nPosts\n{i}\nSo it is.\nLiked by: {_NAMES[i % 2]}\nTo: me\n"
        for i in range(n)
    ),
    "lines that every text closes with": lambda n: "".join(
        f"5 May 2021\n{_NAMES[i % 3]}\nSo it is.\n"
        + "".join(f"so goes {chr(97 + at % 26)}{chr(97 + at // 26 % 26)} too\n" for at in range(n // 30))
        for i in range(30)
    ),
    "numbers": lambda n: "3\n\n4\nReply\n" * n,
    "numbers below a comment": lambda n: "Ann\nAnn\n6 months ago\nSo.\n3\nReply\n" * 2 + "3\n" * n,
    "half a link": lambda n: "[ ![ ](" * n,
    "numbers of links": lambda n: "".join(f"[{i}]Ann " for i in range(1, n)),
    "references": lambda n: "[Ann][b] [c" * n + "\n" + "[b]: /c\n" * n,
    "addresses in brackets": lambda n: " [/a [/b] [c" * n,
    "addresses in parentheses": lambda n: "Ann  (/a (/b) (c" * n,
    "blanks below such addresses": lambda n: "  (/a/b)\n" * 6 + " " * n,
    "attributes": lambda n: "[[a]{.b} [c]{.d {e" * n,
    "tags": lambda n: "[a](b)\n" + "</div>\n" * n + "<div a " * n,
}
"""By name: a text of so many pieces."""


@attrs.frozen
class Block:
    """A few lines, repeated; ``{i}`` in them is the number of the repetition.

    Attributes:
        lines: The lines.
    """

    lines: tuple[str, ...]

    def __repr__(self) -> str:
        return repr("\n".join(self.lines))

    def __call__(self, number: int) -> str:
        block = "\n".join(self.lines) + "\n"
        return "".join(block.replace("{i}", str(i)) for i in range(number)) if "{i}" in block else block * number

    @classmethod
    def random(cls, source: Random, lines: Sequence[str]) -> Block:
        """One to four lines of those given."""
        return cls(tuple(source.choice(lines) for _ in range(source.randint(1, 4))))

    def mutated(self, source: Random, lines: Sequence[str]) -> Block:
        """The block with one line changed, added or taken away."""
        mine = list(self.lines)
        at = source.randrange(len(mine))
        changed = [] if len(mine) > 1 and source.random() < 0.2 else [source.choice(lines)]
        mine[at : at + source.randint(0, 1)] = changed
        return Block(tuple(mine[:_MOST_LINES]))


_FILLED = {
    "{n}": "3", "{number}": "{i}", "{name}": "N{i}", "{author}": "Ann Lee", "{alt}": "Ann Lee", "{when}": "5 May 2021",
    "{title}": "A kiln by the river", "{unit}": "days", "{marker}": "Reply to N{i}", "{role}": "Admin",
    "{any}": "so it is", "{field}": "Joined: 2015", "{initial}": "A", "{word}": "orchard", "{level}": "1",
    "{again}": "Ann Lee",
}  # fmt: skip


def _filled(form: str) -> str:
    for place, words in _FILLED.items():
        form = form.replace(place, words)
    return form.replace("{?", "").replace("}", "")


def known_lines() -> tuple[str, ...]:
    """All that the data files know, filled; and lines whose number makes each of them another one."""
    return tuple(dict.fromkeys(_lines()))


def _lines() -> Iterator[str]:
    yield from FRAGMENTS
    yield from ("N{i}", "N{i} N{i}", "{i}", "#{i}", "@N{i} so it is.", "Reply to N{i}", "N{i} says:", "{i} days ago")
    yield from ("  " * depth + "Ann Lee" for depth in range(1, 4))
    english = Language.load("en")
    for name in dialect_names():
        yield from _of_dialect(load_dialect(name), english)
    for name in NAMES:
        language = Language.load(name)
        yield from (_filled(form) for forms in language.locale.words.values() for form in forms)
        yield from (language.ago(2, unit) for unit in language.locale.time.units)
        yield language.date(2021, 5, 5, "15:12")


def _of_dialect(dialect: Dialect, language: Language) -> Iterator[str]:
    lists = (dialect.furniture, dialect.starts, dialect.ends, dialect.opens, dialect.closes, dialect.answers)
    for form in (*(form for forms in lists for form in forms), *dialect.signs, *dialect.trim):
        yield _filled(form)
    for header in dialect.headers:
        for slot in (*header.slots, *header.foot):
            words = slot.template
            for key, forms in (*language.locale.words.items(), ("on", ("on",))):
                words = words.replace(f"@{key}", forms[0] if forms else "")
            yield _filled(words)
