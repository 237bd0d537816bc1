"""A page that grows: whatever is added to it, what must hold for every page holds, and what is closed stays."""

from __future__ import annotations

import random

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from conversations import FOOTERS, PLAIN_NAMES, Conversation, Habits, another, fill, sentence
from invariants import FRAGMENTS, assert_all_holds
from languages import NAMES, Language
from layouts import render_as
from rendering import STYLES, Layout, Style, render
from threadparse import Thread, parse_all
from threadparse._dialect import dialect_names, load_dialect

LANGUAGES = {name: Language.load(name) for name in NAMES}
MOST = 8
"""Comments of a page; more show nothing new."""

LINES = tuple(line for line in FRAGMENTS if not any(word in line for word in (" ago", " now", "2021")))
"""Lines of pages without any time: with one, they could be another comment, and a page's comments speak for each other.
"""

Said = list[tuple[object, ...]]


class GrowingPage(RuleBasedStateMachine):
    """A conversation whose markers decide the tree, as a page of wpDiscuz in any language and extractor's style.

    Comments stand there from the start or come later; an article grows above them, furniture and any lines below, and
    at last there is another section.
    """

    @initialize(
        language=st.sampled_from(NAMES),
        layout=st.sampled_from([Layout.ONE, Layout.TWO, Layout.THREE]),
        style=st.sampled_from([style for style in STYLES if style.has_avatars]),
        votes=st.integers(0, 2),
        seed=st.integers(0, 2**16),
    )
    def open(self, language: str, layout: Layout, style: Style, votes: int, seed: int) -> None:
        """A page with two comments."""
        self.language, self.layout, self.style = LANGUAGES[language], layout, style
        self.habits = Habits(names=PLAIN_NAMES[:5], vote_lines=votes, has_roles=False, traps=())
        self.page = fill(Conversation(remarks=(), has_form=True), self.habits, number=2, seed=seed)
        self.below: list[str] = []
        self.has_other = False
        self.closed: Said = []
        """What was said in all comments but the last when the page was read before."""

    @precondition(lambda self: not self.below and len(self.page.remarks) < MOST)
    @rule(seed=st.integers(0, 2**16))
    def comment(self, seed: int) -> None:
        """A comment below all others: an answer to somebody above, or a root."""
        self.page = another(self.page, self.habits, seed=seed)

    @rule(seed=st.integers(0, 2**16))
    def article(self, seed: int) -> None:
        """One more paragraph above."""
        self.page = attrs.evolve(self.page, article=(*self.page.article, sentence(random.Random(seed), 8)))

    @precondition(lambda self: not self.below)
    @rule(footer=st.sampled_from(FOOTERS))
    def furniture(self, footer: tuple[str, ...]) -> None:
        """The page's own lines below the comments."""
        self.page = attrs.evolve(self.page, footer=footer)

    @rule(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=4))
    def lines(self, lines: list[str]) -> None:
        """Any lines at the end that are no comment."""
        self.below += lines

    @precondition(lambda self: not self.below)
    @rule(name=st.sampled_from(dialect_names()), seed=st.integers(0, 2**16))
    def section(self, name: str, seed: int) -> None:
        """Another section at the end, as another platform writes it."""
        self.has_other = True
        other = fill(Conversation(remarks=()), Habits(names=PLAIN_NAMES[6:10]), number=3, seed=seed)
        self.below += ["", *render_as(other, load_dialect(name), LANGUAGES["en"], seed).split("\n")]

    @invariant()
    def everything_holds(self) -> None:
        """What must hold for every text, in each section, and in threaded order parents come first."""
        text = render(self.language.translated(self.page), self.layout, self.style, self.language)
        self.thread = assert_all_holds(text + "\n".join(self.below))
        for thread in parse_all(self.thread.text):
            assert self.thread.text == "".join(thread.text[s.span.start : s.span.end] for s in thread.segments)
        if not self.below:
            assert_parents_come_first(self.thread)
            assert self.page_says() == said(self.thread)

    @invariant()
    def what_was_closed_stays(self) -> None:
        """All comments but the last are as they were before the page grew, unless another section follows."""
        if not self.has_other:
            assert self.closed == said(self.thread)[: len(self.closed)]
            self.closed = said(self.thread)[:-1]

    def page_says(self) -> Said:
        """What the page was made of."""
        remarks = self.page.remarks
        return [(r.author, " ".join(" ".join(r.paragraphs).split()), r.parent) for r in remarks]


def said(thread: Thread) -> Said:
    """What was said, in answer to which comment where a marker tells; what looks like an answer without is a guess."""
    return [
        (c.author, " ".join(c.text.split()), None if c.reply_to is None else c.parent_index) for c in thread.comments
    ]


def assert_parents_come_first(thread: Thread) -> None:
    for comment in thread.comments:
        chain = [comment]
        while chain[-1].parent is not None:
            chain.append(chain[-1].parent)
        assert len(chain) == comment.depth + 1
        assert sorted((c.index for c in chain), reverse=True) == [c.index for c in chain]


TestGrowingPage = GrowingPage.TestCase
TestGrowingPage.settings = settings(max_examples=max(10, settings().max_examples // 2), stateful_step_count=8)
