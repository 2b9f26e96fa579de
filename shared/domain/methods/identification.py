"""A rule that finds schools with low results (ШНОР)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from shared.domain.errors import Text
from shared.domain.methods.reading import Reader
from shared.domain.periods import FIRST_YEAR, LAST_YEAR

LOOKBACK: Final = 3
"""How many years before its own a rule may look at."""


class CountedUnit(StrEnum):
    """What counts as one procedure when low ones are counted.

    ВПР in maths of grades 5 and 6 are two units by ``procedure_subject_grade``, one by
    ``procedure_subject``, and one together with Russian by ``procedure``.
    """

    PROCEDURE = "procedure"
    PROCEDURE_SUBJECT = "procedure_subject"
    PROCEDURE_SUBJECT_GRADE = "procedure_subject_grade"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a result that tell units apart."""
        every = ("procedure", "subject", "programme_grade")
        return every[: list(CountedUnit).index(self) + 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Procedures whose results of some academic years are not comparable."""

    procedures: tuple[str, ...]
    years: tuple[int, ...]
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """Which results are low, and which low results put a school on the list.

    A unit's result is low if at least `low_share_at_least` per cent of its pupils are
    low, and at least `low_pupils_at_least` of them. A year is low if at least
    `in_at_least` units are, with `require_each_subject` one of each subject among
    them. The rule is met if `persistence` of `window_years` years are low.

    A school on the list leaves it after `leave_after` years in which the rule is not
    met, not even by the lower `leave_share_at_least`. The risk group lacks up to
    `margin_procedures` low units, or up to `margin_pupils` pupils in each unit.

    `subjects` are codes of subjects by the code that they count as; `grades` are those
    of the programme, none being all. Results of fewer than `min_participants` pupils
    are not assessed. All lists are in alphabetical or numerical order.
    """

    KIND: ClassVar[str] = "identification"

    procedures: tuple[str, ...]
    subjects: Mapping[str, tuple[str, ...]]
    grades: tuple[int, ...]
    counted_unit: CountedUnit
    low_share_at_least: float
    low_pupils_at_least: int
    in_at_least: int
    require_each_subject: bool
    min_participants: int
    window_years: int
    persistence: int
    consecutive: bool
    leave_after: int
    leave_share_at_least: float
    margin_procedures: int
    margin_pupils: int
    exclusions: Mapping[str, Exclusion]

    @classmethod
    def read(cls, reader: Reader) -> "Identification":
        """Read the keys of a rule; faults are noted with the reader."""
        subjects = reader.section("subjects")
        exclusions = reader.section("exclusions")
        shares = {
            key: reader.number(key, at_least=0, at_most=100)
            for key in ("low_share_at_least", "leave_share_at_least")
        }
        rule = cls(
            procedures=reader.names("procedures"),
            subjects={key: subjects.names(key) for key in sorted(subjects.values)},
            grades=reader.whole_numbers("grades"),
            counted_unit=CountedUnit(reader.choice("counted_unit", tuple(CountedUnit))),
            low_share_at_least=shares["low_share_at_least"],
            leave_share_at_least=shares["leave_share_at_least"],
            require_each_subject=reader.truth("require_each_subject"),
            consecutive=reader.truth("consecutive"),
            exclusions={
                key: _exclusion(exclusions.section(key))
                for key in sorted(exclusions.values)
            },
            **{
                key: reader.whole_number(key, at_least=least)
                for key, least in _LEAST.items()
            },
        )
        for key, reason in (*_oversized(rule), *_contradictions(rule)):
            reader.refuse(key, getattr(rule, key), reason)
        return rule

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance."""
        return (
            "counted_unit",
            "low_share_at_least",
            "leave_share_at_least",
            "require_each_subject",
            "exclusions",
            *_LEAST,
        )

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        return {
            "procedures": list(self.procedures),
            "subjects": {key: list(codes) for key, codes in self.subjects.items()},
            "grades": list(self.grades),
            "counted_unit": self.counted_unit.value,
            "low_share_at_least": self.low_share_at_least,
            "leave_share_at_least": self.leave_share_at_least,
            "require_each_subject": self.require_each_subject,
            "consecutive": self.consecutive,
            "exclusions": {
                key: {
                    "procedures": list(exclusion.procedures),
                    "years": list(exclusion.years),
                    "reason": {"ru": exclusion.reason.ru, "en": exclusion.reason.en},
                }
                for key, exclusion in self.exclusions.items()
            },
            **{key: getattr(self, key) for key in _LEAST},
        }


_LEAST: Final = {
    "low_pupils_at_least": 1,
    "in_at_least": 1,
    "min_participants": 1,
    "window_years": 1,
    "persistence": 1,
    "leave_after": 0,
    "margin_procedures": 0,
    "margin_pupils": 0,
}
_LARGEST: Final = 100_000
_GRADES: Final = range(1, 13)


def _exclusion(reader: Reader) -> Exclusion:
    reason = reader.section("reason")
    return Exclusion(
        procedures=reader.names("procedures"),
        years=reader.whole_numbers("years"),
        reason=Text(reason.words("ru"), reason.words("en")),
    )


def _oversized(rule: Identification) -> Iterator[tuple[str, Text]]:
    """Find what lies beyond all pupils, grades and years that there are."""
    for key in _LEAST:
        if getattr(rule, key) > _LARGEST:
            yield key, Text(f"Не больше {_LARGEST}", f"At most {_LARGEST}")
    if any(grade not in _GRADES for grade in rule.grades):
        yield "grades", Text("Классы — от 1 до 12", "Grades are from 1 to 12")
    excluded = {year for each in rule.exclusions.values() for year in each.years}
    if any(not FIRST_YEAR <= year <= LAST_YEAR for year in excluded):
        yield (
            "exclusions",
            Text(
                f"Годы — от {FIRST_YEAR} до {LAST_YEAR}",
                f"Years are from {FIRST_YEAR} to {LAST_YEAR}",
            ),
        )


def _contradictions(rule: Identification) -> Iterator[tuple[str, Text]]:
    """Find what the keys say against each other."""
    codes = [code for of_subject in rule.subjects.values() for code in of_subject]
    if not rule.procedures:
        yield "procedures", _NAME_ONE
    if not codes:
        yield "subjects", _NAME_ONE
    if len(set(codes)) < len(codes):
        yield (
            "subjects",
            Text("Предмет засчитан дважды", "A subject counts as two others"),
        )
    years = rule.window_years
    if rule.persistence > years or (rule.consecutive and rule.persistence != years):
        yield "persistence", _PERSISTENCE
    if years + rule.leave_after > LOOKBACK + 1:
        yield "window_years", _TOO_LONG
    if rule.leave_share_at_least > rule.low_share_at_least:
        yield "leave_share_at_least", _LEAVING
    if rule.require_each_subject and rule.counted_unit is CountedUnit.PROCEDURE:
        yield "counted_unit", _UNIT


_NAME_ONE: Final = Text("Назовите хотя бы одно", "Name at least one")
_PERSISTENCE: Final = Text(
    "Не больше window_years, а при consecutive — столько же",
    "At most window_years, and just as many if consecutive",
)
_TOO_LONG: Final = Text(
    f"Вместе с leave_after — не больше {LOOKBACK + 1} лет",
    f"Together with leave_after at most {LOOKBACK + 1} years",
)
_LEAVING: Final = Text(
    "Порог выхода — не выше low_share_at_least",
    "The threshold of leaving is at most low_share_at_least",
)
_UNIT: Final = Text(
    "При require_each_subject единица различает предметы",
    "With require_each_subject the unit tells subjects apart",
)
