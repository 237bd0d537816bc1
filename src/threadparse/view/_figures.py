"""What the page draws: coordinates for its two figures.

In: a thread. Out: plain values, in the units of the figure's view box; the template writes them as SVG.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime
from typing import Any

from threadparse._model import Thread

WIDTH, HEIGHT = 640, 400
"""View box of both figures."""
_MOST_PEOPLE = 24
"""People in the graph: more names do not fit around it. Those with most comments are taken."""
_MOST_EDGES = 200
_RADIUS = 140
_LONGEST_NAME = 18
_TOP, _LEFT, _RIGHT, _BOTTOM = 20, 20, 620, 360
"""Where the time line is drawn; its dates stand below."""
_TICKS = 5
_MOST_BARS = 12


def reply_graph(thread: Thread, unsure: float) -> dict[str, Any] | None:
    """Who answers whom, on a circle; ``None`` where nobody answers anybody.

    ``people``: name, number of comments, number of the person, ``x``, ``y``, ``r``, and where the name stands.
    ``edges``: from whom to whom, how often, ``path``, ``width``, and whether each of the replies is ``unsure``.
    ``left_out``: how many people are not drawn. ``rows``: all edges, the most frequent first.
    """
    counts = Counter(comment.author for comment in thread.comments)
    ranked = [name for name, _ in counts.most_common()]
    numbers = {name: number for number, name in enumerate(ranked)}
    replies, sure = _replies(thread, unsure)
    if not replies:
        return None
    drawn = ranked[:_MOST_PEOPLE]
    places = {name: 2 * math.pi * number / len(drawn) - math.pi / 2 for number, name in enumerate(drawn)}
    people = [
        {
            "name": name,
            "label": _shortened(name),
            "count": counts[name],
            "number": numbers[name],
            "r": round(min(5 + 2 * math.sqrt(counts[name]), 16), 1),
            **_around(angle),
        }
        for name, angle in places.items()
    ]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "people": people,
        "edges": [
            {
                "from": source,
                "to": target,
                "count": count,
                "path": _curve(places[source], places[target]),
                "width": round(min(1 + math.log2(count), 5), 1),
                "unsure": (source, target) not in sure,
            }
            for (source, target), count in replies.most_common(_MOST_EDGES)
            if source != target and source in places and target in places
        ],
        "left_out": len(ranked) - len(drawn),
        "rows": replies.most_common(_MOST_EDGES),
    }


def _replies(thread: Thread, unsure: float) -> tuple[Counter[tuple[str, str]], set[tuple[str, str]]]:
    """How often one person answers another, and the pairs of whom a reply is sure."""
    replies: Counter[tuple[str, str]] = Counter()
    sure: set[tuple[str, str]] = set()
    for comment in thread.comments:
        if comment.parent is not None:
            pair = comment.author, comment.parent.author
            replies[pair] += 1
            if comment.parent_confidence >= unsure:
                sure.add(pair)
    return replies, sure


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1]}…"


def _point(angle: float, radius: float) -> tuple[float, float]:
    return round(WIDTH / 2 + radius * math.cos(angle), 1), round(HEIGHT / 2 + radius * math.sin(angle), 1)


def _around(angle: float) -> dict[str, Any]:
    x, y = _point(angle, _RADIUS)
    text_x, text_y = _point(angle, _RADIUS + 22)
    side = math.cos(angle)
    return {
        "x": x,
        "y": y,
        "text_x": text_x,
        "text_y": round(text_y + 4, 1),
        "anchor": "middle" if abs(side) < 0.2 else "start" if side > 0 else "end",
    }


def _curve(source: float, target: float) -> str:
    """From one place on the circle to another, bent to its middle and to the left, as answers come back."""
    (x1, y1), (x2, y2) = _point(source, _RADIUS - 12), _point(target, _RADIUS - 18)
    x = (x1 + x2) / 2 * 0.75 + WIDTH / 2 * 0.25 + (y2 - y1) * 0.1
    y = (y1 + y2) / 2 * 0.75 + HEIGHT / 2 * 0.25 - (x2 - x1) * 0.1
    return f"M{x1} {y1}Q{round(x, 1)} {round(y, 1)} {x2} {y2}"


def time_line(thread: Thread) -> dict[str, Any] | None:
    """When the comments were written; ``None`` where the page shows no times.

    With intervals, ``lines``: for each comment its index, ``x1``, ``x2``, ``y``; and ``ticks``. Without, since then
    nothing but words is known, ``bars``: the page's words, in its order, with the number of comments that show them.
    """
    spans = [
        (comment, comment.posted.earliest, comment.posted.latest)
        for comment in thread.comments
        if comment.posted is not None and comment.posted.earliest is not None and comment.posted.latest is not None
    ]
    if not spans:
        return _bars(thread)
    start, end = min(earliest for _, earliest, _ in spans), max(latest for _, _, latest in spans)
    step = (_BOTTOM - _TOP) / len(spans)

    def x(moment: datetime) -> float:
        share = (moment - start) / (end - start) if end > start else 0.5
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "start": start,
        "end": end,
        "lines": [
            {
                "comment": comment,
                "x1": min(x(earliest), _RIGHT - 3),
                "x2": max(x(latest), x(earliest) + 3),
                "y": round(_TOP + (number + 0.5) * step, 2),
            }
            for number, (comment, earliest, latest) in enumerate(spans)
        ],
        "thickness": round(min(max(step * 0.6, 0.5), 8), 2),
        "ticks": _ticks(start, end),
        "left_out": len(thread.comments) - len(spans),
    }


def _ticks(start: datetime, end: datetime) -> list[dict[str, Any]]:
    form = "%Y-%m-%d" if (end - start).days > 2 else "%m-%d %H:%M"
    return [
        {
            "x": round(_LEFT + (_RIGHT - _LEFT) * number / (_TICKS - 1), 1),
            "label": (start + (end - start) * number / (_TICKS - 1)).strftime(form),
            "anchor": {0: "start", _TICKS - 1: "end"}.get(number, "middle"),
        }
        for number in range(_TICKS)
    ]


def _bars(thread: Thread) -> dict[str, Any] | None:
    words = Counter(comment.posted.raw for comment in thread.comments if comment.posted is not None)
    if not words:
        return None
    shown = list(words.items())[:_MOST_BARS]
    most, step = max(words.values()), (HEIGHT - 2 * _TOP) / _MOST_BARS
    return {
        "width": WIDTH,
        "height": round(2 * _TOP + step * len(shown)),
        "bars": [
            {
                "words": _shortened(word),
                "count": count,
                "y": round(_TOP + number * step, 1),
                "length": round(380 * count / most, 1),
                "height": round(step * 0.7, 1),
            }
            for number, (word, count) in enumerate(shown)
        ],
        "left_out": len(words) - len(shown),
    }
