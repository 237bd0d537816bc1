"""What a page says in each language, from the locale's data: the first form under each key.

wpDiscuz leaves some words in English; tests that need such a page mix two languages themselves.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import attrs

from conversations import Conversation, Remark
from threadparse import Locale

LOCALES = Path(str(resources.files("threadparse") / "locales"))
NAMES = tuple(sorted(path.stem for path in LOCALES.glob("*.toml")))
_ENGLISH_AGO = re.compile(r"(\d+) (\w+?)s? ago")
_ENGLISH_DATE = re.compile(r"(\w+) (\d+), (\d+) (\d+):(\d+) (am|pm)")


@attrs.frozen
class Language:
    """A locale's words, as a page uses them.

    Attributes:
        locale: The locale.
    """

    locale: Locale

    @classmethod
    def load(cls, name: str) -> Language:
        """The language of a locale that comes with the package."""
        return cls(Locale.load(LOCALES / f"{name}.toml"))

    def say(self, key: str, **values: object) -> str:
        """The first form under a key that has just these placeholders, filled."""
        wanted = {f"{{{name}}}" for name in values}
        form = next(form for form in self.locale.words[key] if set(re.findall(r"{\w+}", form)) == wanted)
        for name, value in values.items():
            form = form.replace(f"{{{name}}}", str(value))
        return form

    @property
    def marker(self) -> str:
        """The marker, with ``{name}``."""
        return self.locale.words["reply_to"][0]

    @property
    def form(self) -> tuple[str, ...]:
        """Some words of the form for a new comment."""
        return tuple(form for form in self.locale.words["form"] if "{" not in form)[:4]

    @property
    def sort(self) -> tuple[str, ...]:
        """The words of the sort bar."""
        return self.locale.words["sort"][:3]

    def ago(self, number: int, unit: str) -> str:
        """A relative time; of the unit's forms, the second one stands for more than one."""
        template = next(form for form in self.locale.time.relative if form.count("{n}") == form.count("{unit}") == 1)
        forms = self.locale.time.units[unit]
        return template.replace("{n}", str(number)).replace("{unit}", forms[min(number - 1, 1, len(forms) - 1)])

    def date(self, year: int, month: int, day: int, clock: str) -> str:
        """A full date with the month's name."""
        return f"{day} {self.locale.time.months[month - 1][0]} {year} {clock}"

    def translated(self, conversation: Conversation) -> Conversation:
        """The conversation with its times and roles in this language."""
        return attrs.evolve(conversation, remarks=tuple(map(self._remark, conversation.remarks)))

    def _remark(self, remark: Remark) -> Remark:
        roles = self.locale.words["role"]
        return attrs.evolve(
            remark,
            posted=self._time(remark.posted),
            role=remark.role and roles[len(remark.author) % min(len(roles), 3)],
            edited=remark.edited and (self._time(remark.edited[0]), remark.edited[1]),
        )

    def _time(self, words: str) -> str:
        """An English time of ``conversations.py`` in this language."""
        ago = _ENGLISH_AGO.fullmatch(words)
        if ago is not None:
            return self.ago(int(ago[1]), ago[2])
        date = _ENGLISH_DATE.fullmatch(words)
        assert date is not None, words
        month, day, year, hour, minute, half = date.groups()
        clock = int(hour) % 12 + 12 * (half == "pm")
        return self.date(int(year), ENGLISH_MONTHS.index(month.casefold()) + 1, int(day), f"{clock}:{minute}")


ENGLISH_MONTHS = [names[0] for names in Locale.load(LOCALES / "en.toml").time.months]
