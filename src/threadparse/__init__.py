r"""threadparse: the conversation in the plain text of a web page.

>>> import threadparse
>>> page = "Ann\nAnn\n2 days ago\n\nHello.\n\nReply\nBob\nBob\n1 day ago\nReply to Ann\n\nHi!\n"
>>> thread = threadparse.parse(page)
>>> [(c.author, c.text, c.parent_index) for c in thread.comments]
[('Ann', 'Hello.', None), ('Bob', 'Hi!', 0)]
"""

import importlib
from typing import TYPE_CHECKING

from ._errors import DataError, ParseError, ThreadparseError
from ._model import Comment, Thread
from ._values import Candidate, Edit, Note, Segment, SegmentKind, Span, Timestamp

if TYPE_CHECKING:
    from ._batch import parse_many
    from ._dialect import Dialect
    from ._explain import Explanation, ParentEvidence, explain
    from ._locale import Locale
    from ._merge import merge
    from ._parse import learn, parse, parse_all
else:
    # What works on texts is imported when it is asked for: a program that only holds threads need not wait for it.
    _HOMES = {
        "Dialect": "._dialect",
        "Explanation": "._explain",
        "Locale": "._locale",
        "ParentEvidence": "._explain",
        "explain": "._explain",
        "learn": "._parse",
        "merge": "._merge",
        "parse": "._parse",
        "parse_all": "._parse",
        "parse_many": "._batch",
    }

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(importlib.import_module(_HOMES[name], __name__), name)
        return value


__all__ = [
    "Candidate",
    "Comment",
    "DataError",
    "Dialect",
    "Edit",
    "Explanation",
    "Locale",
    "Note",
    "ParentEvidence",
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
