"""When a method lets the figures of two years be compared."""

from dataclasses import dataclass
from enum import StrEnum

from shared.domain.errors import Text
from shared.domain.methods.reading import Reader
from shared.domain.periods import FIRST_YEAR, LAST_YEAR


class Incomparable(StrEnum):
    """Why two years cannot be compared.

    ``no_data`` and ``too_few_participants`` are of either year. ``procedures``,
    ``subjects`` and ``cohort`` (the grades) differ in what was written, ``season`` in
    when: of the grade just taught or of the one before. ``scale`` changed, or another
    part of the year's pupils took part: known breaks of a method. ``indicators``: the
    composite consists of others.
    """

    NO_DATA = "no_data"
    TOO_FEW_PARTICIPANTS = "too_few_participants"
    PROCEDURES = "procedures"
    SUBJECTS = "subjects"
    COHORT = "cohort"
    SEASON = "season"
    SCALE = "scale"
    INDICATORS = "indicators"


BREAKS = (
    Incomparable.COHORT,
    Incomparable.PROCEDURES,
    Incomparable.SCALE,
    Incomparable.SEASON,
)


class Sameness(StrEnum):
    """What has to be the same in both years; the season always has."""

    PROCEDURE = "procedure"
    SUBJECT = "subject"
    PROGRAMME_GRADE = "programme_grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A procedure's academic year that compares with no other, and why."""

    procedure: str
    academic_year: int
    reason: Incomparable
    title: Text

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_break` reads back to an equal value."""
        return {
            "procedure": self.procedure,
            "academic_year": self.academic_year,
            "reason": self.reason.value,
            "title": {"ru": self.title.ru, "en": self.title.en},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparability:
    """What has to be the same in two years, and the years that compare with none."""

    same: tuple[Sameness, ...]
    breaks: tuple[Break, ...]

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance."""
        return ("comparability.same", "comparability.breaks")

    @classmethod
    def read(cls, reader: Reader) -> "Comparability":
        """Read the keys of comparability; faults are noted with the reader."""
        chosen = reader.names("same")
        unknown = [name for name in chosen if name not in list(Sameness)]
        if unknown:
            known = ", ".join(Sameness)
            reason = Text(f"Можно: {known}", f"Choose of: {known}")
            reader.refuse("same", unknown, reason)
        return cls(
            same=tuple(name for name in Sameness if name in chosen),
            breaks=tuple(read_break(item) for item in reader.items("breaks")),
        )

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        return {
            "same": [name.value for name in self.same],
            "breaks": [each.to_mapping() for each in self.breaks],
        }


def read_break(reader: Reader) -> Break:
    """Read a break; faults are noted with the reader."""
    title = reader.section("title")
    year = reader.whole_number("academic_year", at_least=FIRST_YEAR)
    if year > LAST_YEAR:
        reason = Text(f"Не позже {LAST_YEAR}", f"{LAST_YEAR} at most")
        reader.refuse("academic_year", year, reason)
    return Break(
        procedure=reader.words("procedure"),
        academic_year=year,
        reason=Incomparable(reader.choice("reason", BREAKS)),
        title=Text(ru=title.words("ru"), en=title.words("en")),
    )
