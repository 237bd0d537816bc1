"""Drafts to nodes: what the tree asks of a comment, from what the page shows.

In: drafts, in document order. Out: :class:`~threadparse._conversation.Node`, with times as intervals and displayed
levels.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from ._comments import Draft
from ._conversation import Node
from ._headershapes import Level
from ._lines import fold_key
from ._resolve import Clock

_BESIDE = 0.6
"""How well a parent fits that is indented alike, at the greatest depth: pages nest only so deep."""
_MAX_STEP = 12
"""Widest indentation of one level, in columns; extractors use 2 to 8."""


def build_nodes(drafts: Sequence[Draft], clock: Clock) -> list[Node]:
    """The nodes of a page's comments.

    Args:
        drafts: The comments.
        clock: Gives the intervals of their times.
    """
    levels = displayed_levels(drafts)
    nodes = []
    for draft, level in zip(drafts, levels, strict=True):
        earliest = latest = None
        if draft.time is not None:
            earliest, latest = clock.interval(draft.time)
        header = draft.header
        nodes.append(
            Node(
                author=header.author_key,
                text=draft.text,
                reply_to=None if header.reply_to is None else fold_key(header.reply_to),
                earliest=earliest,
                latest=latest,
                is_trackback=draft.is_trackback,
                level=level,
                shown_replies=draft.shown_replies,
                hidden_replies=draft.hidden_replies,
                number=header.number,
                answers=header.answers,
            )
        )
    return nodes


def displayed_levels(drafts: Sequence[Draft]) -> list[Level | None]:
    """The level of each comment by its kind, or by its indentation where no kind tells of replies."""
    levels = [draft.header.level for draft in drafts]
    if any(level is not None and level.depth for level in levels):
        return levels
    depths = _indented([draft for draft, level in zip(drafts, levels, strict=True) if level is None])
    if not depths:
        return levels
    deepest = max(depths)
    indented = (Level(depth, _BESIDE) if depth == deepest else Level(depth) for depth in depths)
    return [next(indented) if level is None else level for level in levels]


def _indented(drafts: Sequence[Draft]) -> list[int]:
    """The depths that indentation shows, one for each comment, or none at all if it is not that of a tree.

    It is a tree's if the first comment stands farthest left, one step is as wide as another one, no comment stands more
    than one step deeper than the one above, and no marker makes an answer of what stands as far left as a root. Columns
    beside each other are one: numbers of lists grow from "9." to "10.".
    """
    columns = [draft.level for draft in drafts]
    spans: list[tuple[int, int]] = []  # first and last column of each depth
    for column in sorted(set(columns)):
        if spans and column - spans[-1][1] == 1:
            spans[-1] = spans[-1][0], column
        else:
            spans.append((column, column))
    steps = [below[0] - above[1] for above, below in pairwise(spans)]
    if not steps or max(steps) > min(min(steps) + 1, _MAX_STEP) or any(last - first > 1 for first, last in spans):
        return []
    starts = [first for first, _ in spans]
    depths = [bisect_right(starts, column) - 1 for column in columns]
    if depths[0] or any(after > before + 1 for before, after in pairwise(depths)):
        return []
    is_answer = any(
        draft.header.reply_to is not None and not depth for draft, depth in zip(drafts, depths, strict=True)
    )
    return [] if is_answer else depths
