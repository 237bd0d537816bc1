"""``threadparse explain``: what each line of a dump was taken for, whom each comment answers, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.cells import set_cell_size
from rich.console import Console
from rich.text import Text

from threadparse import Explanation
from threadparse import explain as explain_lines
from threadparse._values import SegmentKind
from threadparse.export import harmless

from ._common import DEFAULT_MAX_SIZE, DIALECT, ENCODING, FILE, LOCALE, MAX_SIZE, SCRAPED_AT, parse_options, read_one
from ._terminal import print_lines

_WORDS = 36
"""Columns for the words of a line; a header's lines are rarely longer."""
_STYLES = {
    SegmentKind.ARTICLE: "dim",
    SegmentKind.REST: "dim",
    SegmentKind.UI: "dim",
    SegmentKind.AVATAR: "cyan",
    SegmentKind.AUTHOR: "bold cyan",
    SegmentKind.ROLE: "magenta",
    SegmentKind.TIME: "green",
    SegmentKind.MARKER: "yellow",
    SegmentKind.VOTES: "blue",
}
"""Colours of the kinds that ``show`` has a colour for; the others have none."""


def explain(
    file: FILE,
    *,
    blank: Annotated[bool, typer.Option("--blank", help="Blank lines too.")] = False,
    parents: Annotated[bool, typer.Option(help="The evidence for each comment's parent.")] = True,
    pager: Annotated[bool, typer.Option(help="Page what is longer than the screen.")] = True,
    scraped_at: SCRAPED_AT = None,
    dialect: DIALECT = None,
    locale: LOCALE = None,
    encoding: ENCODING = None,
    max_size: MAX_SIZE = DEFAULT_MAX_SIZE,
) -> None:
    """Print what each line of a dump was taken for, whom each comment answers, and why.

    The columns: number of the line, comment it belongs to, kind, words, the rule that decided, and in brackets what
    else the line could have been. Below the first line of a comment stand its likeliest parents, each with its
    probability and the evidence.
    """
    options = parse_options(scraped_at, None, dialect, locale)
    del options["timezone"]  # lines are judged without it
    explanations = explain_lines(read_one(file, encoding, max_size), **options)
    print_lines(_rows(explanations, blank=blank, parents=parents), paged=pager)


def _rows(explanations: Sequence[Explanation], *, blank: bool, parents: bool) -> Iterator[Text]:
    number = len(str(len(explanations)))
    kind = max((len(e.kind.value) for e in explanations), default=0)
    words = max(Console().width - number - kind - 40, _WORDS)
    for e in explanations:
        if e.text.strip() or blank:
            row = Text(f"{e.line:>{number}} {'' if e.comment is None else e.comment:>4} ", style="dim")
            row.append(f"{e.kind.value:<{kind}} ", _STYLES.get(e.kind, ""))
            row.append(set_cell_size(harmless(e.text.strip()), words), "not dim")
            others = f" ({', '.join(e.alternatives)}?)" if e.alternatives else ""
            yield row.append(f" {e.rule}{others}")
        for parent in e.parents if parents else ():
            name = "a root" if parent.index is None else f"answers {parent.index}"
            yield Text(f"{'':>{number}}      {name}, {parent.probability:.2f}: {'; '.join(parent.reasons)}", "yellow")
