"""Names to pseudonyms: a thread in which nobody who writes in it is named.

In: a thread and a key. Out: the same thread with other names, and with a text in which they stand, so that its spans
fit. Nothing is asked of a list of names: the people of a thread are the authors, whom markers name and who edited.

How names are found
    A text is looked at as words (:data:`_WORD`); a *phrase* is a row of words that stands for a person. Each name is a
    phrase, and so are its words written as one ("martaquill") and each of its capitalised words ("Marta"), unless that
    is an ordinary word of this thread: one that is written small at least as often. Where phrases overlap, the longest
    is taken. Lines that show a name (header, marker, edit) are searched for that very name first, symbols included.
    What is looked up at a word is bounded by the lengths of the phrases that begin with it, so the cost is linear.
"""

from __future__ import annotations

import enum
import hmac
from base64 import b32encode
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import attrs
import regex

from ._lines import fold_key

if TYPE_CHECKING:
    from ._model import Comment, Thread
    from ._values import Edit, Note, Segment, Span

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts that write words or their endings without a space: there each character is a word of its own."""
_WORD = regex.compile(rf"[{_UNSPACED}]\p{{M}}*|(?:(?![{_UNSPACED}])[\p{{L}}\p{{M}}\p{{N}}])+")
_MAX_GAP = 4
"""Most characters between two words of one name: "Kettle & Daughters" has three."""
_MAX_WORDS = 12
"""Most words of a name that is looked for in texts."""
_ANY_CASE = 5
"""From this length on a name of one word is taken for the name in any case; "will" and "may" are shorter."""
_SHORT = 3
"""Names and parts of names that are shorter are only taken for the name behind "@"."""
_LETTERS = 12
"""Characters of a pseudonym, five bits each: among a million names two are alike once in two million keys."""
_SHOW_NO_NAMES = ("count", "role", "time", "truncation", "votes", "hidden_replies")


class _Rule(enum.Enum):
    """Where a phrase stands for the person. Behind "@", and in the line that shows the name, it always does."""

    ALWAYS = enum.auto()
    CAPITALISED = enum.auto()
    """Where it begins with a capital letter, or is written as the page shows the name."""
    ADDRESSED = enum.auto()


@attrs.frozen
class _Phrase:
    """Words that stand for a person.

    Attributes:
        words: The words, folded.
        pseudonym: What is written instead.
        rule: Where.
        shown: The words as the page shows them.
        before: What stands before the first word in the name: "⚓ ".
        after: What stands behind the last one.
    """

    words: tuple[str, ...]
    pseudonym: str
    rule: _Rule
    shown: str
    before: str = ""
    after: str = ""


@attrs.frozen
class _Change:
    """A range of a text, and what stands there instead."""

    start: int
    end: int
    words: str


def pseudonymize(thread: Thread, key: bytes | str) -> Thread:
    """See :meth:`threadparse.Thread.pseudonymize`; the thread has its text."""
    if not isinstance(key, bytes | str):
        raise TypeError(f"key: expected bytes or str, got {type(key).__name__}")
    if not key:
        raise ValueError("key is empty: pass one that nobody can guess, for example secrets.token_bytes(32)")
    names = _Names(thread, key.encode() if isinstance(key, str) else key)
    changes = [change for segment in thread.segments for change in names.changes_in(segment, thread)]
    places = _Places(changes)
    by_span = {comment.span: comment for comment in thread.comments}
    return attrs.evolve(
        thread,
        text=_changed(thread.text, changes),
        article=names.hide(thread.article),
        comments=tuple(
            attrs.evolve(
                comment,
                author=names.pseudonym(comment.author),
                text=names.hide(comment.text),
                reply_to=None if comment.reply_to is None else names.pseudonym(comment.reply_to),
                edited=None if comment.edited is None else names.edit(comment.edited),
                span=places.moved(comment.span),
            )
            for comment in thread.comments
        ),
        segments=tuple(attrs.evolve(segment, span=places.moved(segment.span)) for segment in thread.segments),
        notes=tuple(names.note(note, by_span, places) for note in thread.notes),
    )


def _own_names(comment: Comment) -> tuple[str, ...]:
    """The names that a comment's lines show."""
    by = None if comment.edited is None else comment.edited.by
    return tuple(name for name in (comment.author, comment.reply_to, by) if name)


class _Names:
    """Who is who in a thread, under one key."""

    def __init__(self, thread: Thread, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}
        self._phrases: dict[tuple[str, ...], _Phrase] = {}
        names = dict.fromkeys(name for comment in thread.comments for name in _own_names(comment))
        self._add_parts(names, _ordinary(thread))
        for name in names:
            self._add(self._phrase(name))
        self._lengths: dict[str, list[int]] = {}
        for words in sorted(self._phrases, key=len, reverse=True):
            lengths = self._lengths.setdefault(words[0], [])
            if len(words) not in lengths:
                lengths.append(len(words))

    def pseudonym(self, name: str) -> str:
        """The pseudonym of a name; an author without a name has none."""
        if not name:
            return ""
        folded = fold_key(" ".join(name.split()))
        if folded not in self._known:
            digest = hmac.digest(self._key, folded.encode("utf-8", "surrogatepass"), "sha256")
            self._known[folded] = f"user-{b32encode(digest).decode().lower()[:_LETTERS]}"
        return self._known[folded]

    def hide(self, text: str, own: str | None = None) -> str:
        """A text with pseudonyms for names; ``own`` is one that it surely shows."""
        return _changed(text, self._changes(text, 0, len(text), own))

    def edit(self, edit: Edit) -> Edit:
        """An edit by the pseudonym."""
        by = None if edit.by is None else self.pseudonym(edit.by)
        return attrs.evolve(edit, raw=self.hide(edit.raw, edit.by), by=by)

    def note(self, note: Note, by_span: dict[Span, Comment], places: _Places) -> Note:
        """A note whose message, if it is about a comment, may quote the names that the comment shows."""
        message = note.message
        comment = None if note.span is None else by_span.get(note.span)
        if comment is not None:
            parent = () if comment.parent is None else (comment.parent.author,)
            for name in (*_own_names(comment), *parent):
                message = message.replace(repr(name), repr(self.pseudonym(name)))
        span = None if note.span is None else places.moved(note.span)
        return attrs.evolve(note, message=self.hide(message), span=span)

    def changes_in(self, segment: Segment, thread: Thread) -> list[_Change]:
        """The names in a piece of the dump."""
        kind, start, end = segment.kind.value, segment.span.start, segment.span.end
        if kind in _SHOW_NO_NAMES:
            return []
        comment = None if segment.comment is None else thread.comments[segment.comment]
        own = None if comment is None else _shown_name(kind, comment)
        changes = self._changes(thread.text, start, end, own)
        piece = thread.text[start:end]
        if own and kind in ("avatar", "author") and not any(c.words == self.pseudonym(own) for c in changes):
            # The name is written in a way that is not known here: nothing of the line may stay.
            start += len(piece) - len(piece.lstrip())
            return [_Change(start, start + len(piece.strip()), self.pseudonym(own))]
        return changes

    def _phrase(self, name: str) -> _Phrase:
        """A whole name."""
        found = list(_WORD.finditer(name))
        letters = "".join(match[0] for match in found)
        if letters.isnumeric() or (len(found) == 1 and len(letters) < _SHORT):
            rule = _Rule.ADDRESSED
        elif len(found) == 1 and len(letters) < _ANY_CASE:
            rule = _Rule.CAPITALISED
        else:
            rule = _Rule.ALWAYS
        start, end = (found[0].start(), found[-1].end()) if found else (0, 0)
        words = tuple(fold_key(match[0]) for match in found)
        return _Phrase(words, self.pseudonym(name), rule, name[start:end], name[:start], name[end:])

    def _add(self, phrase: _Phrase) -> None:
        """A whole name, and its words as one."""
        words = phrase.words
        if not 0 < len(words) <= _MAX_WORDS:
            return
        self._phrases[words] = phrase
        if len(words) > 1 and len("".join(words)) >= _ANY_CASE:
            self._phrases.setdefault(("".join(words),), attrs.evolve(phrase, before="", after=""))

    def _add_parts(self, names: Iterable[str], ordinary: frozenset[str]) -> None:
        """The capitalised words of longer names. One that two people share stands for neither and has its own."""
        people: dict[str, set[str]] = {}
        for name in names:
            words = _WORD.findall(name)
            for word in words if 1 < len(words) <= _MAX_WORDS else ():
                if len(word) >= _SHORT and word[0].isupper() and fold_key(word) not in ordinary:
                    people.setdefault(word, set()).add(self.pseudonym(name))
        for word, pseudonyms in people.items():
            pseudonym = pseudonyms.pop() if len(pseudonyms) == 1 else self.pseudonym(word)
            self._phrases[(fold_key(word),)] = _Phrase((fold_key(word),), pseudonym, _Rule.CAPITALISED, word)

    def _changes(self, text: str, start: int, end: int, own: str | None) -> list[_Change]:
        """The names in a range of a text, in order."""
        if not own:
            return list(self._phrases_in(text, start, end, None))
        phrase = self._phrase(own)
        changes = list(self._phrases_in(text, start, end, phrase))
        at = text.find(own, start, end)
        if at < 0 or any(change.words == phrase.pseudonym for change in changes):
            return changes
        after = at + len(own)  # a name of symbols, or glued to another word
        before = self._phrases_in(text, start, at, None)
        return [*before, _Change(at, after, phrase.pseudonym), *self._phrases_in(text, after, end, None)]

    def _phrases_in(self, text: str, start: int, end: int, own: _Phrase | None) -> Iterator[_Change]:
        """The phrases in a range of a text, in order, the longest ones first."""
        found = list(_WORD.finditer(text, start, end))
        words = [fold_key(match[0]) for match in found]
        at = 0
        while at < len(words):
            step = 1
            for length in self._lengths.get(words[at], ()):
                change = self._phrase_at(text, (start, end), found[at : at + length], own)
                if change is not None:
                    yield change
                    start, step = change.end, length
                    break
            at += step

    def _phrase_at(
        self, text: str, bounds: tuple[int, int], found: Sequence[regex.Match[str]], own: _Phrase | None
    ) -> _Change | None:
        words = tuple(fold_key(match[0]) for match in found)
        is_own = own is not None and own.words == words
        phrase = own if is_own else self._phrases.get(words)
        gaps = (after.start() - before.end() for before, after in pairwise(found))
        if phrase is None or any(gap > _MAX_GAP for gap in gaps):
            return None
        start, end = found[0].start(), found[-1].end()
        written = text[start:end]
        is_person = is_own or text[start - 1 : start] == "@" or phrase.rule is _Rule.ALWAYS
        if not is_person and (phrase.rule is _Rule.ADDRESSED or not (written[0].isupper() or written == phrase.shown)):
            return None
        before, after = len(phrase.before), len(phrase.after)
        if before and start - before >= bounds[0] and text.startswith(phrase.before, start - before):
            start -= before
        if after and end + after <= bounds[1] and text.startswith(phrase.after, end):
            end += after
        return _Change(start, end, phrase.pseudonym)


def _shown_name(kind: str, comment: Comment) -> str | None:
    """The name that a piece of a comment shows, by the kind of the piece."""
    if kind in ("avatar", "author"):
        return comment.author
    if kind == "marker":
        return comment.reply_to
    return comment.edited.by if kind == "edit" and comment.edited is not None else None


def _ordinary(thread: Thread) -> frozenset[str]:
    """The words that this thread writes small at least as often as with a capital letter."""
    balance: Counter[str] = Counter()
    for text in (thread.article, *(comment.text for comment in thread.comments)):
        for match in _WORD.finditer(text):
            balance[fold_key(match[0])] += 1 if match[0][0].islower() else -1
    return frozenset(word for word, count in balance.items() if count >= 0)


def _changed(text: str, changes: Sequence[_Change]) -> str:
    pieces, at = [], 0
    for change in changes:
        pieces += [text[at : change.start], change.words]
        at = change.end
    return "".join([*pieces, text[at:]])


class _Places:
    """Where the places of a text are after its changes."""

    def __init__(self, changes: Sequence[_Change]) -> None:
        self._changes = changes
        self._starts = [change.start for change in changes]
        grown = (len(change.words) - (change.end - change.start) for change in changes)
        self._grown = list(accumulate(grown, initial=0))

    def moved(self, span: Span) -> Span:
        """The span of the same piece; a place inside a name moves behind its pseudonym."""
        return attrs.evolve(span, start=self._moved(span.start), end=self._moved(span.end))

    def _moved(self, place: int) -> int:
        before = bisect_left(self._starts, place)
        if before:
            place = max(place, self._changes[before - 1].end)
        return place + self._grown[before]
