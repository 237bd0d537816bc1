r"""threadparse: the conversation in the plain text of a web page.

>>> import threadparse
>>> page = "Ann\nAnn\n2 days ago\n\nHello.\n\nReply\nBob\nBob\n1 day ago\nReply to Ann\n\nHi!\n"
>>> thread = threadparse.parse(page)
>>> [(c.author, c.text, c.parent_index) for c in thread.comments]
[('Ann', 'Hello.', None), ('Bob', 'Hi!', 0)]
"""

import importlib
from typing import TYPE_CHECKING

from ._dialect import Dialect
from ._errors import DataError, ParseError, ThreadparseError
from ._explain import Explanation, explain
from ._locale import Locale
from ._merge import merge
from ._model import Candidate, Comment, Edit, Note, Segment, SegmentKind, Span, Thread, Timestamp
from ._parse import learn, parse, parse_all

if TYPE_CHECKING:
    from ._batch import parse_many
else:

    def __getattr__(name: str) -> object:
        """``parse_many`` when it is asked for: what starts processes takes as long to import as all the rest."""
        if name == "parse_many":
            return importlib.import_module("._batch", __name__).parse_many
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Candidate",
    "Comment",
    "DataError",
    "Dialect",
    "Edit",
    "Explanation",
    "Locale",
    "Note",
    "ParseError",
    "Segment",
    "SegmentKind",
    "Span",
    "Thread",
    "ThreadparseError",
    "Timestamp",
    "explain",
    "learn",
    "merge",
    "parse",
    "parse_all",
    "parse_many",
]
