"""Threads in the shapes that other tools read.

What needs nothing but threadparse is here; tables are in :mod:`threadparse.arrow` and :mod:`threadparse.export.frames`,
graphs in :mod:`threadparse.export.graph`, each with the library that it needs. Nothing recurses, so a chain of any
depth can be written; each function says what it leaves out.

A *page* is a pair: the caller's name of the page (a file name, an address), and its thread.
"""

from ._convokit import write_convokit
from ._csv import write_csv
from ._json import json_schema, to_nested_json, write_jsonl
from ._jsonld import to_jsonld
from ._text import harmless, to_markdown, to_text

__all__ = [
    "harmless",
    "json_schema",
    "to_jsonld",
    "to_markdown",
    "to_nested_json",
    "to_text",
    "write_convokit",
    "write_csv",
    "write_jsonl",
]
