"""Comments as CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

from ._columns import COLUMNS, Page, rows


def write_csv(pages: Iterable[Page], file: IO[str]) -> None:
    """Write the comments of pages, a row each, in the columns of :data:`threadparse.arrow.COMMENTS`.

    Times are in ISO 8601, candidates a JSON list, truth values ``true`` and ``false``. It leaves out what belongs to a
    page as a whole, and the difference between an empty text and none: both are empty. Texts are written as they are:
    a spreadsheet may take one that begins with ``=`` for a formula.

    Args:
        pages: Read as they are written.
        file: Opened with ``newline=""``, and with ``errors="replace"`` if there may be lone surrogates.
    """
    table = csv.writer(file)
    table.writerow(COLUMNS)
    for row in rows(pages):
        table.writerow([_cell(value(*row)) for value in COLUMNS.values()])


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, bool | list) else value
