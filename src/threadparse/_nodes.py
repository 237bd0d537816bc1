"""Drafts to nodes: what the tree asks of a comment, from what the page shows.

In: drafts, in document order. Out: :class:`~threadparse._conversation.Node`, with times as intervals and displayed
levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ._comments import Draft
from ._conversation import Node
from ._dialect import Level
from ._lines import fold_key
from ._times import Clock

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
                level=None if level is None else level.depth,
                beside=-1.0 if level is None else level.beside,
                is_first=None if level is None else level.is_first,
                shown_replies=draft.shown_replies,
                hidden_replies=draft.hidden_replies,
            )
        )
    return nodes


def displayed_levels(drafts: Sequence[Draft]) -> list[Level | None]:
    """The level of each comment by its kind or its indentation; all ``None`` if that is none of a tree.

    Indentation is a tree's if it is a multiple of one step above the first comment's, never less, and never grows by
    more than one step from a comment to the next one; and if no marker makes an answer of what stands as far left as a
    root.
    """
    if any(draft.header.level is not None for draft in drafts):
        return [draft.header.level for draft in drafts]
    unknown: list[Level | None] = [None] * len(drafts)
    columns = [draft.level for draft in drafts]
    if not columns or columns[0] != min(columns):
        return unknown
    if any(draft.header.reply_to is not None and draft.level == columns[0] for draft in drafts):
        return unknown
    steps = {after - before for before, after in pairwise(columns) if after > before}
    if len(steps) != 1:
        return unknown
    step = steps.pop()
    if not 1 < step <= _MAX_STEP or any((column - columns[0]) % step for column in columns):
        return unknown
    depths = [(column - columns[0]) // step for column in columns]
    deepest = max(depths)
    return [Level(depth, _BESIDE if depth == deepest else -1.0) for depth in depths]
