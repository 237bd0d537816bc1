"""Threads in the shapes of other tools: what a shape keeps comes back, and no depth is too deep."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import threadparse
from test_model import LINKS, chain, comment, forest, full, thread
from threadparse import SegmentKind, Thread, Timestamp, export
from threadparse._timewords import UNITS

ROOT = Path(__file__).parent.parent
DUMP = (ROOT / "examples" / "harbour-bridge.txt").read_text(encoding="utf-8")


def bridge() -> Thread:
    return threadparse.parse(DUMP, scraped_at=datetime(2024, 4, 30, 12, tzinfo=UTC))


def random_thread(seed: int, size: int = 60) -> Thread:
    """A thread of any shape; parents stand before their replies, though not in the order of the walk."""
    chance = random.Random(seed)
    depths: list[int] = []
    comments = []
    for index in range(size):
        parent = chance.choice([None, *range(index)])
        depths.append(0 if parent is None else depths[parent] + 1)
        comments.append(comment(index, parent, depths[index]))
    return thread(*comments)


THREADS: dict[str, Callable[[], Thread]] = {
    "none": lambda: thread(dialect=None, locale=None),
    "forest": forest,
    "full": full,
    "bridge": bridge,
    "random": lambda: random_thread(1),
}
every_thread = pytest.mark.parametrize("make", THREADS.values(), ids=THREADS)


def optional(name: str) -> Any:
    """A module of the package that needs a library; without the library the test skips itself."""
    return pytest.importorskip(name, exc_type=ImportError)


# JSON


@pytest.fixture(scope="module")
def validate() -> Callable[[object], None]:
    jsonschema = optional("jsonschema")
    jsonschema.Draft202012Validator.check_schema(export.json_schema())
    checked: Callable[[object], None] = jsonschema.Draft202012Validator(export.json_schema()).validate
    return checked


@every_thread
def test_all_json_follows_the_schema(make: Callable[[], Thread], validate: Callable[[object], None]) -> None:
    value = make()
    lines = io.StringIO()
    export.write_jsonl([("a page", value)], lines)
    for text in (value.to_json(), export.to_nested_json(value), lines.getvalue()):
        validate(json.loads(text))


def test_the_schema_knows_what_the_values_may_say() -> None:
    schema = export.json_schema()
    kinds = schema["properties"]["segments"]["items"]["prefixItems"][0]["enum"]
    assert [kind.value for kind in SegmentKind] == kinds
    assert threadparse._dicts.SCHEMA == schema["properties"]["schema"]["const"]
    assert list(UNITS) == schema["$defs"]["timestamp"]["properties"]["unit"]["enum"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.update(schema=2),
        lambda data: data.pop("notes"),
        lambda data: data["comments"][0].update(parent_confidence=1.5),
        lambda data: data["comments"][0].update(colour="red"),
        lambda data: data["segments"][0].pop(),
    ],
)
def test_the_schema_refuses(damage: Callable[[dict[str, Any]], None], validate: Callable[[object], None]) -> None:
    data = json.loads(full().to_json())
    damage(data)
    with pytest.raises(optional("jsonschema").ValidationError):
        validate(data)


@every_thread
def test_json_lines_come_back(make: Callable[[], Thread]) -> None:
    value = make()
    file = io.StringIO()
    export.write_jsonl([("one", value), ("two", value)], file)
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [("one", value), ("two", value)] == [(line["page"], Thread.from_dict(line)) for line in lines]


def flattened(data: dict[str, Any]) -> dict[str, Any]:
    """The flat form of the nested one, as the documentation says: all comments, sorted by index, without replies."""
    waiting, comments = list(data["comments"]), []
    while waiting:
        one = waiting.pop()
        waiting.extend(one.pop("replies"))
        comments.append(one)
    return data | {"comments": sorted(comments, key=lambda one: one["index"])}


@every_thread
def test_nested_json_comes_back(make: Callable[[], Thread]) -> None:
    value = make()
    assert value == Thread.from_dict(flattened(json.loads(export.to_nested_json(value))))


@given(st.integers(0, 10_000), st.integers(0, 30))
def test_nested_json_holds_the_replies(seed: int, size: int) -> None:
    value = random_thread(seed, size)
    data = json.loads(export.to_nested_json(value))
    waiting = [(None, one) for one in data["comments"]]
    while waiting:
        parent, one = waiting.pop()
        assert parent == one["parent_index"]
        assert [c.index for c in value.comments[one["index"]].replies] == [reply["index"] for reply in one["replies"]]
        waiting.extend((one["index"], reply) for reply in one["replies"])


# CSV


def csv_rows(value: Thread) -> list[dict[str, str]]:
    file = io.StringIO(newline="")
    export.write_csv([("a page", value)], file)
    return list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))


def test_csv_says_what_a_comment_says() -> None:
    row = csv_rows(full())[0]
    assert row == {
        "page": "a page",
        "dialect": "wpdiscuz",
        "locale": "en",
        "index": "0",
        "parent_index": "",
        "parent_confidence": "0.75",
        "parent_candidates": '[{"index": null, "probability": 0.75}, {"index": 1, "probability": 0.25}]',
        "depth": "0",
        "author": "\ud800 李",
        "role": "Admin",
        "reply_to": "",
        "text": "We kept the ledger.",
        "truncated": "true",
        "posted": "2 months ago",
        "posted_earliest": "2031-02-05T12:00:00+00:00",
        "posted_latest": "2031-03-04T12:00:00+00:00",
        "posted_unit": "month",
        "edited": "Last edited 2 months ago by Kip",
        "edited_by": "Kip",
        "edited_at": "2 months ago",
        "edited_earliest": "2031-02-05T12:00:00+00:00",
        "edited_latest": "2031-03-04T12:00:00+00:00",
        "edited_unit": "month",
        "votes": "-3",
        "hidden_replies": "2",
        "is_trackback": "true",
        "deleted": "true",
        "start": "0",
        "end": "10",
    }


@pytest.mark.parametrize("text", ['a "quote", a comma', "two\nlines", "=SUM(A1)", " spaces ", ""])
def test_csv_keeps_every_text(text: str) -> None:
    assert [text, "We kept the ledger."] == [row["text"] for row in csv_rows(thread(comment(0, text=text), comment(1)))]


# JSON-LD


def test_jsonld() -> None:
    value = bridge()
    data = json.loads(export.to_jsonld(value, page="https://example.org/bridge"))
    posting, *comments = data["@graph"]
    assert "https://schema.org" == data["@context"]
    assert ("DiscussionForumPosting", 14, "en") == (posting["@type"], posting["commentCount"], posting["inLanguage"])
    assert value.article == posting["text"]
    assert posting["url"] == posting["@id"] == "https://example.org/bridge"
    assert [{"@id": f"https://example.org/bridge#comment-{root.index}"} for root in value.roots] == posting["comment"]
    parents = {one["@id"]: one["parentItem"]["@id"] for one in comments}
    for c, said in zip(value.comments, comments, strict=True):
        assert ("Comment", c.text, c.author) == (said["@type"], said["text"], said["author"]["name"])
        expected = "https://example.org/bridge" + ("" if c.parent is None else f"#comment-{c.parent.index}")
        assert expected == parents[said["@id"]]


def test_jsonld_without_an_address_or_names() -> None:
    posting, said = json.loads(export.to_jsonld(thread(comment(0, author=""), locale=None)))["@graph"]
    assert ("#page", "#page") == (posting["@id"], said["parentItem"]["@id"])
    assert {"url", "inLanguage", "author"}.isdisjoint(posting.keys() | said.keys())


@pytest.mark.parametrize(
    ("earliest", "latest", "published"),
    [
        ("2031-05-04T12:00", "2031-05-04T12:00", "2031-05-04T12:00:00+00:00"),
        ("2031-05-04T12:00", "2031-05-04T18:00", "2031-05-04"),
        ("2031-05-04T12:00", "2031-05-06T12:00", "2031-05"),
        ("2031-05-04T12:00", "2031-06-06T12:00", "2031"),
        ("2030-12-31T12:00", "2031-01-01T12:00", None),
        (None, None, None),
    ],
)
def test_jsonld_dates_say_what_is_known(earliest: str | None, latest: str | None, published: str | None) -> None:
    ends = [None if end is None else datetime.fromisoformat(end).replace(tzinfo=UTC) for end in (earliest, latest)]
    value = thread(comment(0, posted=Timestamp("then", ends[0], ends[1], "day")), comment(1, posted=None))
    _, said, undated = json.loads(export.to_jsonld(value))["@graph"]
    assert published == said.get("datePublished")
    assert "datePublished" not in undated


# Text and Markdown


def test_text() -> None:
    value = thread(
        comment(0, text="Two\n\nparagraphs."),
        comment(1, 0, 1, author="", posted=None, text="\x1b[31mRed\tink"),
    )
    assert export.to_text(value) == (
        "Rower 0 (2 months ago)\n  Two\n\n  paragraphs.\n\n    (no name)\n      \ufffd[31mRed    ink\n\n"
    )


def test_marks_in_text() -> None:
    first = export.to_text(full()).splitlines()[0]
    assert "\ufffd 李 (Admin, 2 months ago, -3, edited, cut, 2 hidden, trackback, deleted, parent 75%)" == first


def test_deep_levels_are_numbers() -> None:
    for written in (export.to_text(chain()), export.to_markdown(chain())):
        assert f"[{LINKS - 1}]" in written
        assert len(written) < LINKS * 300


@pytest.fixture(scope="module")
def render() -> Callable[[str], list[Any]]:
    markdown_it = optional("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parsed: Callable[[str], list[Any]] = parser.parse
    return parsed


BLOCKS = {"inline", "paragraph", "bullet_list", "list_item"}


def shown_texts(tokens: list[Any]) -> list[str]:
    """The paragraphs that a reader of the rendered Markdown sees; anything but text in them is an error."""
    paragraphs = []
    for token in tokens:
        assert token.type.removesuffix("_open").removesuffix("_close") in BLOCKS, token
        if token.type == "inline":
            pieces = []
            for child in token.children:
                assert child.type in {"text", "text_special", "hardbreak", "strong_open", "strong_close"}, child
                pieces.append("\n" if child.type == "hardbreak" else child.content)
            paragraphs.append("".join(pieces))
    return paragraphs


MARKUP = [
    "# no heading",
    "- no list\n+ none\n* none\n1. none\n2) none",
    "no heading\n===\nnone\n---",
    "<script>alert(1)</script> &amp; <b>",
    "[no link](javascript:alert(1)) ![no](picture) <https://example.org>",
    "`no code` **no bold** _none_ ~~none~~ \\* \\\\",
    "> no quote\n    no code\n\tnone",
    "| no | table |\n|---|---|\n| 1 | 2 |",
    "[no]: reference",
    "***\n___\n```\nno fence\n~~~",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markdown_in_a_text_stays_text(text: str, render: Callable[[str], list[Any]]) -> None:
    value = thread(comment(0, author="*A* <b>", text=text), comment(1, 0, 1, role="[x](y)", text="End."))
    seen = shown_texts(render(export.to_markdown(value)))
    expected = "\n".join(line.strip().replace("\t", "    ") for line in text.split("\n"))
    assert ["*A* <b> (2 months ago)", expected, "Rower 1 ([x](y), 2 months ago)", "End."] == seen


@given(st.text(st.sampled_from("a1 .)#>-+=*_`~<&|[]!()\\:\n$"), max_size=30))
def test_no_text_becomes_markup(text: str) -> None:
    markdown_it = optional("markdown_it")
    tokens = (
        markdown_it.MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .parse(export.to_markdown(thread(comment(0, text=text))))
    )
    lines = [line for paragraph in shown_texts(tokens) for line in paragraph.split("\n")]
    assert [line.strip() for line in text.split("\n") if line.strip()] == lines[1:]


def test_markdown_nests_replies(render: Callable[[str], list[Any]]) -> None:
    value = bridge()
    levels = [token.level for token in render(export.to_markdown(value)) if token.type == "list_item_open"]
    assert [c.depth for c in value.walk()] == [level // 2 for level in levels]


# ConvoKit


def test_convokit_folder(tmp_path: Path) -> None:
    pages = [("a", bridge()), ("b", full()), ("c", thread())]
    export.write_convokit(pages, tmp_path / "corpus")
    names = {"utterances.jsonl", "speakers.json", "conversations.json", "corpus.json", "index.json"}
    assert names == {file.name for file in (tmp_path / "corpus").iterdir()}
    lines = (tmp_path / "corpus" / "utterances.jsonl").read_text(encoding="ascii").splitlines()
    utterances = {line["id"]: line for line in map(json.loads, lines)}
    assert len(bridge().comments) + 2 == len(utterances)
    for page, source in pages:
        for c in source.comments:
            said = utterances[f"{page}#{c.index}"]
            assert (c.text, c.author, c.depth) == (said["text"], said["speaker"], said["meta"]["depth"])
            assert said["reply-to"] == (None if c.parent_index is None else f"{page}#{c.parent_index}")
            assert said["conversation_id"] == utterances[said["conversation_id"]]["conversation_id"]
            if c.parent_index is not None:
                assert said["conversation_id"] == utterances[said["reply-to"]]["conversation_id"]
    assert bridge().comments[0].posted.earliest.timestamp() == utterances["a#0"]["timestamp"]  # type: ignore[union-attr]
    assert utterances["b#1"]["timestamp"] is None
    conversations = json.loads((tmp_path / "corpus" / "conversations.json").read_text(encoding="ascii"))
    assert {said["conversation_id"] for said in utterances.values()} == conversations.keys()
    assert bridge().article == conversations["a#0"]["meta"]["article"]
    index = json.loads((tmp_path / "corpus" / "index.json").read_text(encoding="ascii"))
    assert index["utterances-index"].keys() == utterances["a#0"]["meta"].keys()
    assert index["conversations-index"].keys() == conversations["a#0"]["meta"].keys()


def test_convokit_wants_a_name(tmp_path: Path) -> None:
    export.write_convokit([("a", thread(comment(0, author="")))], tmp_path)
    assert {"[unknown]"} == json.loads((tmp_path / "speakers.json").read_text(encoding="ascii")).keys()


@pytest.mark.filterwarnings("ignore")
def test_convokit_loads_it(tmp_path: Path) -> None:
    convokit = pytest.importorskip("convokit", reason="ConvoKit brings hundreds of megabytes: only where it is at hand")
    value = bridge()
    export.write_convokit([("a", value), ("b", forest())], tmp_path)
    corpus = convokit.Corpus(filename=str(tmp_path))
    assert len(value.comments) + 5 == len(corpus.get_utterance_ids())
    for c in value.comments:
        said = corpus.get_utterance(f"a#{c.index}")
        assert (c.text, c.author) == (said.text, said.speaker.id)
        assert said.reply_to == (None if c.parent_index is None else f"a#{c.parent_index}")
    for conversation in corpus.iter_conversations():
        assert conversation.check_integrity(verbose=False)
    corpus.dump("again", base_path=str(tmp_path))


# Graphs


def test_comment_graph() -> None:
    graph = optional("threadparse.export.graph")
    value = bridge()
    drawn = graph.comment_graph([("a", value), ("b", thread(comment(0, posted=None)))])
    assert 15 == len(drawn)
    assert {("a#3", "a#2")} == {(a, b) for a, b in drawn.edges if a == "a#3"}
    assert value.comments[3].parent_confidence == drawn.edges["a#3", "a#2"]["weight"]
    assert {"label": "Rower 0", "page": "b", "index": 0, "depth": 0, "text": "We kept the ledger."} == drawn.nodes[
        "b#0"
    ]
    assert "Author" == drawn.nodes["a#9"]["role"]


def test_author_graph() -> None:
    graph = optional("threadparse.export.graph")

    def said(index: int, author: str, parent: int | None = None, **changes: Any) -> threadparse.Comment:
        return comment(index, parent, 0 if parent is None else 1, author=author, **changes)

    page = thread(
        said(0, "Ann"),
        said(1, "Bo", 0),
        said(2, "Bo", 0, parent_confidence=0.5),
        said(3, "Other page", is_trackback=True),
        said(4, "Bo", 3),
    )
    drawn = graph.author_graph([("a", page), ("b", thread(said(0, "Ann"), said(1, "Ann", 0)))])
    assert {"Ann": {"label": "Ann", "comments": 3}, "Bo": {"label": "Bo", "comments": 3}} == dict(
        drawn.nodes(data=True)
    )
    edges = {(a, b): about for a, b, about in drawn.edges(data=True)}
    assert {("Bo", "Ann"): {"replies": 2, "weight": 1.5}, ("Ann", "Ann"): {"replies": 1, "weight": 1.0}} == edges


def test_graphml_comes_back(tmp_path: Path) -> None:
    graph = optional("threadparse.export.graph")
    networkx = optional("networkx")
    for drawn in (graph.comment_graph([("a", bridge())]), graph.author_graph([("a", bridge())])):
        graph.write_graphml(drawn, tmp_path / "out.graphml")
        again = networkx.read_graphml(tmp_path / "out.graphml")
        assert dict(drawn.nodes(data=True)) == dict(again.nodes(data=True))
        assert list(drawn.edges(data=True)) == list(again.edges(data=True))


@given(st.text(max_size=20))
def test_graphml_holds_any_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    graph = optional("threadparse.export.graph")
    networkx = optional("networkx")
    path = tmp_path_factory.mktemp("graph") / "out.graphml"
    graph.write_graphml(graph.comment_graph([("a", thread(comment(0, text=text, author=text)))]), path)
    assert ["a#0"] == list(networkx.read_graphml(path))


# Frames


def test_frames() -> None:
    frames, arrow = optional("threadparse.export.frames"), optional("threadparse.arrow")
    optional("polars"), optional("pandas")
    pages = [("a", bridge()), ("b", full())]
    rows = arrow.comment_batch(pages).to_pylist()
    assert rows == frames.to_polars(pages).to_dicts()
    in_pandas = frames.to_pandas(pages)
    assert [row["author"] for row in rows] == list(in_pandas["author"])
    assert (len(rows), len(arrow.COMMENTS)) == in_pandas.shape
    assert "timestamp[us, tz=UTC][pyarrow]" == str(in_pandas["posted_earliest"].dtype)


# Depth


def test_a_chain_of_any_length(tmp_path: Path) -> None:
    graph, arrow = optional("threadparse.export.graph"), optional("threadparse.arrow")
    value = chain()
    pages = [("a", value)]
    nested = export.to_nested_json(value)
    assert LINKS == nested.count('"replies": [')
    assert nested.endswith("]}" * (LINKS + 1))
    assert LINKS == len(json.loads(export.to_jsonld(value))["@graph"]) - 1
    assert LINKS == len(csv_rows(value))
    export.write_convokit(pages, tmp_path / "corpus")
    assert 1 == len(json.loads((tmp_path / "corpus" / "conversations.json").read_text(encoding="ascii")))
    arrow.write_parquet(pages, tmp_path / "out.parquet")
    graph.write_graphml(graph.comment_graph(pages), tmp_path / "out.graphml")
    assert sys.getrecursionlimit() < LINKS
