"""Comments as data frames, with the columns of :data:`threadparse.arrow.COMMENTS`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from threadparse.arrow import comment_batch

from ._columns import Page

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["to_pandas", "to_polars"]


def to_pandas(pages: Iterable[Page]) -> pd.DataFrame:
    """A pandas frame (extras ``arrow`` and ``frames``), a row per comment; its columns keep their Arrow types."""
    import pandas as pd  # noqa: PLC0415  (who has polars need not have pandas)

    return comment_batch(pages).to_pandas(types_mapper=pd.ArrowDtype)


def to_polars(pages: Iterable[Page]) -> pl.DataFrame:
    """A polars frame (extras ``arrow`` and ``frames``), a row per comment."""
    import polars as pl  # noqa: PLC0415  (who has pandas need not have polars)

    return pl.DataFrame(comment_batch(pages))
