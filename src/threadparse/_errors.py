"""The errors that threadparse raises on purpose; any other exception out of the package is a bug."""

from __future__ import annotations


class ThreadparseError(Exception):
    """Base of every error that threadparse raises on purpose."""


class ParseError(ThreadparseError, ValueError):
    """Something in a dump was lost or contradictory, and ``strict=True`` was asked for.

    Attributes:
        message: What was found, without the position.
        line: 1-based line of the input, counted at CR, LF and CRLF only.
        column: 1-based column in that line, in code points.
    """

    def __init__(self, message: str, *, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_parse_error, (self.message, self.line, self.column)


class DataError(ThreadparseError, ValueError):
    """A dialect or locale file says something that cannot be used.

    Attributes:
        message: What is wrong, without the place.
        file: The file's name, or ``"<dialect>"`` for data that never was in a file.
        key: Dotted path of the entry inside the file, ``""`` where the whole file is meant.
    """

    def __init__(self, message: str, *, file: str, key: str = "") -> None:
        place = f"{file}: {key}" if key else file
        super().__init__(f"{place}: {message}")
        self.message = message
        self.file = file
        self.key = key

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_data_error, (self.message, self.file, self.key)


def _rebuild_parse_error(message: str, line: int, column: int) -> ParseError:
    return ParseError(message, line=line, column=column)


def _rebuild_data_error(message: str, file: str, key: str) -> DataError:
    return DataError(message, file=file, key=key)
