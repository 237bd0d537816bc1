r"""threadparse: the conversation in the plain text of a web page.

>>> import threadparse
>>> page = "Ann\nAnn\n2 days ago\n\nHello.\n\nReply\nBob\nBob\n1 day ago\nReply to Ann\n\nHi!\n"
>>> thread = threadparse.parse(page)
>>> [(c.author, c.text, c.parent_index) for c in thread.comments]
[('Ann', 'Hello.', None), ('Bob', 'Hi!', 0)]
"""

from ._batch import parse_many
from ._dialect import Dialect
from ._errors import DataError, ParseError, ThreadparseError
from ._explain import Explanation, explain
from ._locale import Locale
from ._model import Candidate, Comment, Edit, Note, Segment, SegmentKind, Span, Thread, Timestamp
from ._parse import parse

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
    "parse",
    "parse_many",
]
