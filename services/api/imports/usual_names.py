"""What names of schools and subjects mean where nothing about them is unusual."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.api.imports.lookup import Lookup
from services.api.imports.readers.rows import RowNames
from shared.domain.school_directory import SchoolFound, SchoolUnknown

_REMEMBERED = 1 << 14


@dataclass(frozen=True, slots=True)
class Meaning:
    """What names mean; they are kept, so that no others can take their place."""

    names: RowNames
    columns: Mapping[str, Any]  # of a result's key
    group: tuple[int, str]  # what rows of one school and subject have in common


@dataclass(frozen=True, slots=True)
class UsualNames:
    """The names met in one file, each looked up once.

    Of schools in `lives`, which there have not always been, each row is looked at.
    """

    lookup: Lookup
    lives: Container[int]
    _known: dict[int, Meaning] = field(default_factory=dict)

    def known(self, names: RowNames) -> Meaning | None:
        """Return what names mean that have been learned."""
        meaning = self._known.get(id(names))
        return meaning if meaning is not None and meaning.names is names else None

    def learn(
        self, names: RowNames, school: SchoolFound[int], subject: str
    ) -> Meaning | None:
        """Remember what names mean; None where each of their rows is looked at."""
        if school.warning is not None or school.school_id in self.lives:
            return None
        columns = {"school_id": school.school_id, "subject": subject}
        meaning = Meaning(names, columns, (school.school_id, subject))
        if len(self._known) < _REMEMBERED:
            self._known[id(names)] = meaning
        return meaning

    def look_up(self, names: RowNames) -> Meaning | None:
        """Return what names mean; None where something about them is unusual."""
        meaning = self.known(names)
        if meaning is not None or not self.lookup.is_own(names):
            return meaning
        school = self.lookup.school(names)
        subject = self.lookup.subject(names.subject)
        if isinstance(school, SchoolUnknown) or subject is None:
            return None
        return self.learn(names, school, subject)
