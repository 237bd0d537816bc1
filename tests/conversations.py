"""Random conversations: what a rendered dump must parse back to.

Names, words and times are invented here; ``rendering.py`` writes a conversation as the lines of a page.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import attrs
from hypothesis import strategies as st

PLAIN_NAMES = (
    "Ann Lee", "Bob", "Carla Nuñez", "dockside_dan", "Ebba Söder", "Farouk A.", "Gus O'Hara", "Hana-Marie", "ivo",
    "J. P. Quill", "Kip", "Ludmila Pavlova", "M", "Nnamdi 7", "Olive Tree", "Pat (retired)", "QuietQuokka", "Rosalind",
)  # fmt: skip
ODD_NAMES = (
    "🦊", "🌻🌻 Marigold 🌻🌻", "李小川", "さくらのひとりごと", "ميساء الورد", "נועם בן־עמי",
    "김하늘", "<b>Zed</b>", "~!@%&", "x", "@lantern", "Dr. Reply To", "agony ago",
    "A Person Who Always Reads The Whole Article Before Saying Anything",
)  # fmt: skip
UI_NAMES = ("Anonymous", "Share", "Subscribe", "Oldest", "Comments", "Read more", "Reply", "Guest")
"""Words of the page."""
NUMBER_NAMES = ("42", "2019", "007", "March 5, 2021", "3 o'clock", "6 months")
"""Beside votes, only a button tells what they are."""
TRAPS = ("Reply to John", "3", "Reply", "58 Comments", "Read more »", "6 months ago")
"""Paragraphs that look like another line of the page."""
OLD_TRAPS = TRAPS[:-1]
"""Those for pages without doublets: a time below the short end of a wrapped line would be a header."""
ROLES = ("Author", "Admin", "Editor", "Member")
_WORDS = (
    "orchard", "pump", "the", "a", "old", "mill", "never", "asked", "for", "copper", "lanterns", "we", "kept", "our",
    "ledger", "beside", "it", "and", "nobody", "counted", "seventeen", "geese", "on", "that", "bridge", "until", "rain",
    "stopped", "them", "again", "you", "would", "think", "so", "too", "if", "barley", "grew", "like", "this", "é",
    "naïve", "Tuesday", "but", "café", "“quiet”", "it’s", "half-way", "£40", "3.5", "(really)", "😀", "über",
)  # fmt: skip
_UNITS = (("second", 1), ("minute", 60), ("hour", 3600), ("day", 86_400), ("month", 2_629_800), ("year", 31_557_600))
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")


@attrs.frozen
class Remark:
    """A comment as its page knows it.

    Attributes:
        author: Name.
        parent: Index of the remark that it answers.
        depth: Number of remarks above it.
        paragraphs: The text; one paragraph where ``truncated``.
        posted: The time as the page shows it.
        votes: The vote lines.
        role: Label beside the name.
        edited: Time and name of "Last edited ... by ...".
        truncated: Whether "Read more" follows the text.
        hidden_replies: The number in "View Replies (3)".
    """

    author: str
    parent: int | None
    depth: int
    paragraphs: tuple[str, ...]
    posted: str
    votes: tuple[str, ...] = ()
    role: str | None = None
    edited: tuple[str, str] | None = None
    truncated: bool = False
    hidden_replies: int = 0

    @property
    def vote_sum(self) -> int | None:
        """What the vote lines come to: ``("1.4K", "-3")`` is 1397."""
        return sum(_vote_number(line) for line in self.votes) if self.votes else None


@attrs.frozen
class Conversation:
    """Remarks in the order of the page, and what else the page shows.

    Attributes:
        remarks: Depth first.
        article: Paragraphs above the comments.
        has_reply_buttons: Whether "Reply" stands below each comment; not on closed pages.
        has_count: Whether "58 Comments" stands above them.
        has_form: Whether the form for a new comment stands above them.
        has_sort_bar: Whether "Oldest", "Newest", "Most Voted" stand above them.
        has_more_button: Whether "Load More Comments" stands below them.
        footer: Lines below them.
    """

    remarks: tuple[Remark, ...]
    article: tuple[str, ...] = ()
    has_reply_buttons: bool = True
    has_count: bool = True
    has_form: bool = False
    has_sort_bar: bool = False
    has_more_button: bool = False
    footer: tuple[str, ...] = ()


FOOTERS = (
    (),
    ("wpDiscuz",),
    ("wpDiscuz", "Insert"),
    ("Recent Comments", "Bob on A kiln by the river", "Olive Tree on A kiln by the river", "wpDiscuz", "Insert"),
    ("Post navigation", "Previous post", "A kiln by the river", "wpDiscuz"),
    ("© 2031 The Marsh Courier. All rights reserved.", "wpDiscuz", "Insert"),
)


def _vote_number(line: str) -> int:
    return round(float(line[:-1]) * 1000) if line.endswith("K") else int(line)


def sentence(source: random.Random, shortest: int = 3) -> str:
    """Words that mean nothing, with a capital letter and a full stop."""
    words = " ".join(source.choices(_WORDS, k=source.randint(shortest, 18)))
    return words[0].upper() + words[1:] + "."


def chain(length: int) -> Conversation:
    """Each remark answers the one before; every author is new."""
    return Conversation(
        tuple(
            Remark(
                author=f"Rower {i}",
                parent=i - 1 if i else None,
                depth=i,
                paragraphs=(f"We kept the ledger beside pump {i}, and nobody counted.",),
                posted="2 months ago",
            )
            for i in range(length)
        )
    )


@attrs.frozen(kw_only=True)
class Habits:
    """What all comments of a page have in common.

    Attributes:
        names: The people.
        vote_lines: 0, 1 or 2.
        is_relative: Whether times are "6 months ago" and not dates.
        has_roles: Whether some names have a label beside them.
        traps: What stands in some texts.
    """

    names: Sequence[str]
    vote_lines: int = 0
    is_relative: bool = True
    has_roles: bool = True
    traps: Sequence[str] = TRAPS


@st.composite
def threads(draw: st.DrawFn, *, is_old: bool = False) -> Conversation:
    """Conversations that can be read in one way only, of wpDiscuz 7 or of the old version.

    Every parent's name stands once on the path when its reply comes, and a root's author does not stand there at all:
    so the markers decide the whole tree, and no comment looks like a reply that lost its marker. The second comment
    answers the first, so that there are markers. A page shows at least a count or buttons: without both, two comments
    might be anything.
    """
    has_reply_buttons = draw(st.booleans())
    vote_lines = draw(st.integers(0, 2))
    names = draw(_name_pools(has_numbers=not is_old and (has_reply_buttons or not vote_lines)))
    is_relative = draw(st.booleans())
    habits = Habits(
        names=names,
        vote_lines=vote_lines,
        is_relative=is_relative,
        has_roles=not is_old,
        traps=OLD_TRAPS if is_old else TRAPS,
    )
    page = Conversation(
        remarks=(),
        has_reply_buttons=has_reply_buttons,
        has_count=not has_reply_buttons or draw(st.booleans()),
        has_form=draw(st.booleans()),
        has_sort_bar=draw(st.booleans()),
        has_more_button=draw(st.booleans()),
        footer=draw(st.sampled_from(FOOTERS)),
    )
    return fill(page, habits, number=draw(st.integers(2, 9)), seed=draw(st.integers(0, 2**32 - 1)))


def fill(page: Conversation, habits: Habits, *, number: int, seed: int) -> Conversation:
    """The page with an article and with random remarks, whose times only fall, as where the oldest stand first."""
    ages = sorted((random.Random(f"{seed} age {i}").randint(61, 10**8) for i in range(number)), reverse=True)
    remarks: list[Remark] = []
    for i, age in enumerate(ages):
        # A generator of its own for each remark, so that Hypothesis can drop the last ones and keep the others.
        source = random.Random(f"{seed} {i}")
        remark = _remark(source, habits, remarks, age)
        remarks.append(remark if page.has_reply_buttons else attrs.evolve(remark, hidden_replies=0))
    source = random.Random(seed)
    return attrs.evolve(
        page,
        remarks=cut_alike(remarks),
        article=tuple(sentence(source, 8) for _ in range(source.randint(0, 3))),
    )


def cut_alike(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """The comments of a page that cuts texts at one number of words: none is cut that is far shorter than others."""
    lengths = [len(" ".join(remark.paragraphs).split()) for remark in remarks]
    return tuple(
        attrs.evolve(remark, truncated=remark.truncated and 2 * length > max(lengths))
        for remark, length in zip(remarks, lengths, strict=True)
    )


def another(page: Conversation, habits: Habits, *, seed: int) -> Conversation:
    """The page with one more random remark below all others."""
    remark = _remark(random.Random(seed), habits, page.remarks, age=61)
    return attrs.evolve(page, remarks=cut_alike((*page.remarks, remark)))


def _remark(source: random.Random, habits: Habits, before: Sequence[Remark], age: int) -> Remark:
    path = _path(before)
    parent = 0 if len(before) == 1 else _choose_parent(source, before, path)
    on_path = {before[i].author for i in path}
    strangers = [name for name in (*habits.names, *PLAIN_NAMES) if name not in on_path]
    author = source.choice(habits.names if parent is not None else strangers[:3])
    # A label below a name that is also a word or a number of the page would be the name.
    has_role = habits.has_roles and author not in (*UI_NAMES, *NUMBER_NAMES) and source.random() < 0.2
    truncated = source.random() < 0.1
    has_edit = source.random() < 0.15
    return Remark(
        author=author,
        parent=parent,
        depth=0 if parent is None else before[parent].depth + 1,
        paragraphs=_paragraphs(source, habits, 1 if truncated else source.randint(1, 4)),
        posted=_relative(age) if habits.is_relative else _absolute(source, age),
        votes=(source.choice(("0", "1", "7", "43", "1.4K")), source.choice(("0", "-1", "-12")))[: habits.vote_lines],
        role=source.choice(ROLES) if has_role else None,
        edited=(_relative(source.randint(1, age)), source.choice((author, "Kip"))) if has_edit else None,
        truncated=truncated,
        hidden_replies=source.choice((0, 0, 0, 0, 0, 0, 3, 12)),
    )


@st.composite
def _name_pools(draw: st.DrawFn, *, has_numbers: bool) -> Sequence[str]:
    """A few names, so that people come back."""
    odd = (*ODD_NAMES, *UI_NAMES, *NUMBER_NAMES) if has_numbers else (*ODD_NAMES, *UI_NAMES)
    pool = st.sampled_from(PLAIN_NAMES) | st.sampled_from(odd)
    return draw(st.lists(pool, min_size=2, max_size=6, unique=True))


def with_plain_names(conversation: Conversation) -> Conversation:
    """The conversation among people whose names are no words, numbers or dates of a page.

    Without avatars nothing but its place tells such a name from the page's own words, and that is not always enough.
    """
    plain = iter(f"{name} {letter}." for letter in "BCDEF" for name in PLAIN_NAMES)
    names = {remark.author: "" for remark in conversation.remarks}
    for name in names:
        names[name] = name if name in PLAIN_NAMES else next(plain)

    def renamed(remark: Remark) -> Remark:
        edited = remark.edited
        if edited is not None:
            edited = (edited[0], names.get(edited[1], edited[1]))
        return attrs.evolve(remark, author=names[remark.author], edited=edited)

    return attrs.evolve(conversation, remarks=tuple(renamed(remark) for remark in conversation.remarks))


def _path(remarks: Sequence[Remark]) -> list[int]:
    """The last remark and all above it in the tree, nearest first."""
    path: list[int] = []
    index = len(remarks) - 1 if remarks else None
    while index is not None:
        path.append(index)
        index = remarks[index].parent
    return path


def _choose_parent(source: random.Random, remarks: Sequence[Remark], path: Sequence[int]) -> int | None:
    """A remark on the path whose author stands there once, or none."""
    authors = Counter(remarks[i].author for i in path)
    possible = [i for i in path if authors[remarks[i].author] == 1]
    if not possible or source.random() < 0.25:
        return None
    return possible[0] if source.random() < 0.6 else source.choice(possible)


def _paragraphs(source: random.Random, habits: Habits, number: int) -> tuple[str, ...]:
    """Sentences; a trap may stand between two long ones, where no reader would take it for a header."""
    paragraphs = [" ".join(sentence(source) for _ in range(source.randint(1, 4))) for _ in range(number)]
    if number > 2 and source.random() < 0.3:
        trap = source.choice((source.choice(habits.names), *habits.traps))
        paragraphs[1:-1] = [f"{sentence(source, 16)} {sentence(source, 8)}", trap, sentence(source, 16)]
    return tuple(paragraphs)


def _relative(age: int) -> str:
    unit, seconds = next((unit, seconds) for unit, seconds in reversed(_UNITS) if age >= seconds)
    number = age // seconds
    return f"{number} {unit}{'s' if number > 1 else ''} ago"


def _absolute(source: random.Random, age: int) -> str:
    """A date of 2028 to 2031, earlier for a higher age."""
    days = 1200 - age // 86_400
    year, month, day = 2028 + days // 300, days // 30 % 10, days % 30 % 28 + 1
    clock = f"{source.randint(1, 12)}:{source.randint(0, 59):02} {source.choice(('am', 'pm'))}"
    return f"{_MONTHS[month]} {day}, {year} {clock}"
