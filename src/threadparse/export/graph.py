"""Who answers whom, as networkx graphs and GraphML (extra ``graph``)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx
import regex

from ._columns import Page, rows

__all__ = ["author_graph", "comment_graph", "write_graphml"]

_NOT_IN_XML = regex.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def comment_graph(pages: Iterable[Page]) -> nx.DiGraph:
    """The reply trees: a node per comment, an edge from each reply to its parent.

    Nodes are ``page#index`` and have ``label`` (the author), ``page``, ``index``, ``depth``, ``text``, and where the
    page shows them ``posted``, ``earliest`` and ``latest`` (ISO 8601), ``role`` and ``votes``. An edge has ``weight``,
    the probability of the parent. It leaves out candidates, edits, spans, notes and segments.
    """
    graph = nx.DiGraph()
    for page, _, c in rows(pages):
        about: dict[str, Any] = {
            "label": c.author,
            "page": page,
            "index": c.index,
            "depth": c.depth,
            "text": c.text,
            "role": c.role,
            "votes": c.votes,
        }
        if c.posted is not None:
            about["posted"] = c.posted.raw
            about["earliest"] = c.posted.earliest and c.posted.earliest.isoformat()
            about["latest"] = c.posted.latest and c.posted.latest.isoformat()
        graph.add_node(f"{page}#{c.index}", **{key: value for key, value in about.items() if value is not None})
        if c.parent_index is not None:
            graph.add_edge(f"{page}#{c.index}", f"{page}#{c.parent_index}", weight=c.parent_confidence)
    return graph


def author_graph(pages: Iterable[Page]) -> nx.DiGraph:
    """The reply network: a node per author, an edge from whoever answers to whoever is answered.

    Authors are names: one name is one node, on all pages. A node has ``label`` and ``comments``, their number; an edge
    has ``replies``, their number, and ``weight``, the sum of their probabilities. Trackbacks are left out.
    """
    graph = nx.DiGraph()
    for _, thread, c in rows(pages):
        if c.is_trackback:
            continue
        graph.add_node(c.author, label=c.author)
        graph.nodes[c.author]["comments"] = graph.nodes[c.author].get("comments", 0) + 1
        if c.parent_index is not None and not thread.comments[c.parent_index].is_trackback:
            answered = thread.comments[c.parent_index].author
            edge = graph.get_edge_data(c.author, answered, {"replies": 0, "weight": 0.0})
            graph.add_edge(c.author, answered, replies=edge["replies"] + 1, weight=edge["weight"] + c.parent_confidence)
    return graph


def write_graphml(graph: nx.DiGraph, path: str | Path) -> None:
    """Write a graph as GraphML for Gephi, yEd and others; what XML cannot hold becomes U+FFFD."""
    sound = nx.DiGraph()
    sound.add_nodes_from((_sound(node), _all_sound(about)) for node, about in graph.nodes(data=True))
    sound.add_edges_from((_sound(a), _sound(b), about) for a, b, about in graph.edges(data=True))
    nx.write_graphml_xml(sound, path)


def _all_sound(about: dict[str, Any]) -> dict[str, Any]:
    return {key: _sound(value) if isinstance(value, str) else value for key, value in about.items()}


def _sound(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
