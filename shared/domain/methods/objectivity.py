"""A method of objectivity: which signs are looked for in results, and how strictly.

What the tests find are signs, never proofs. All shares are in per cent, all numbers
of pupils are whole.
"""

import re
from dataclasses import asdict, dataclass
from typing import ClassVar, Final, Self

from shared.domain.errors import Fault, Text
from shared.domain.methods.reading import Reader

HOLM: Final = "holm"
FALSE_DISCOVERY_RATE: Final = "benjamini_hochberg"
ADJUSTMENTS: Final = (FALSE_DISCOVERY_RATE, HOLM)

THRESHOLDS: Final = (
    "adjustment",
    "journal.minimum_n",
    "journal.minimum_reference_n",
    "journal.significance",
    "peak.minimum_n",
    "peak.limited_n",
    "peak.window",
    "peak.significance",
    "rise.minimum_n",
    "rise.points",
    "rise.incomparable",
    "cohort.from_grade",
    "cohort.minimum_n",
    "cohort.minimum_reference_n",
    "cohort.significance",
    "limits.minimum_n",
)
"""All that somebody decided about the tests; `Objectivity` needs a source for each."""
_PROCEDURE_YEAR: Final = re.compile(r"[a-z][a-z_]*:[0-9]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalTest:
    """Marks against those of the class journals, compared with the other schools.

    `minimum_n` counts the school's compared marks, `minimum_reference_n` those of the
    municipality's other schools.
    """

    procedures: tuple[str, ...]
    minimum_n: int
    minimum_reference_n: int
    significance: float

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the keys of the test; faults are noted with the reader."""
        return cls(
            procedures=reader.names("procedures"),
            minimum_n=reader.whole_number("minimum_n", at_least=1),
            minimum_reference_n=reader.whole_number("minimum_reference_n", at_least=1),
            significance=_significance(reader),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakTest:
    """A peak of primary scores at the lowest score of a mark.

    From `minimum_n` pupils on it is assessed, from `limited_n` on with reserve. The
    score is held against as many as `window` scores on each side of it.
    """

    procedures: tuple[str, ...]
    minimum_n: int
    limited_n: int
    window: int
    significance: float

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the keys of the test; faults are noted with the reader."""
        limited_n = reader.whole_number("limited_n", at_least=1)
        return cls(
            procedures=reader.names("procedures"),
            minimum_n=reader.whole_number("minimum_n", at_least=limited_n),
            limited_n=limited_n,
            window=reader.whole_number("window", at_least=1),
            significance=_significance(reader),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RiseTest:
    """A low share that grew by `points` or more from one year to the next.

    A year of `incomparable`, ``procedure:2019`` for 2019/2020, is compared with none.
    """

    procedures: tuple[str, ...]
    minimum_n: int
    points: float
    incomparable: tuple[str, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the keys of the test; faults are noted with the reader."""
        return cls(
            procedures=reader.names("procedures"),
            minimum_n=reader.whole_number("minimum_n", at_least=1),
            points=reader.number("points", at_least=0, at_most=100),
            incomparable=_years_of_procedures(reader, "incomparable"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortTest:
    """The fall of the mean mark of the same pupils from one grade to the next."""

    procedures: tuple[str, ...]
    from_grade: int
    minimum_n: int
    minimum_reference_n: int
    significance: float

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the keys of the test; faults are noted with the reader."""
        return cls(
            procedures=reader.names("procedures"),
            from_grade=reader.whole_number("from_grade", at_least=1),
            minimum_n=reader.whole_number("minimum_n", at_least=2),
            minimum_reference_n=reader.whole_number("minimum_reference_n", at_least=2),
            significance=_significance(reader),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectivity:
    """The tests for signs of non-objectivity.

    `adjustment` is the correction for many tests at once: over the schools of a
    municipality and year, for each test by itself. `limits_minimum_n` is of the test
    against imported limits. Empty `procedures` means all.
    """

    KIND: ClassVar[str] = "objectivity"

    adjustment: str
    journal: JournalTest
    peak: PeakTest
    rise: RiseTest
    cohort: CohortTest
    limits_minimum_n: int

    @classmethod
    def read(cls, reader: Reader) -> "Objectivity":
        """Read the keys of a method; faults are noted with the reader."""
        return cls(
            adjustment=reader.choice("adjustment", ADJUSTMENTS),
            journal=JournalTest.read(reader.section("journal")),
            peak=PeakTest.read(reader.section("peak")),
            rise=RiseTest.read(reader.section("rise")),
            cohort=CohortTest.read(reader.section("cohort")),
            limits_minimum_n=reader.section("limits").whole_number(
                "minimum_n", at_least=1
            ),
        )

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance."""
        return THRESHOLDS

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        tests = {
            name: {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in asdict(test).items()
            }
            for name, test in (
                ("journal", self.journal),
                ("peak", self.peak),
                ("rise", self.rise),
                ("cohort", self.cohort),
            )
        }
        limits = {"minimum_n": self.limits_minimum_n}
        return {"adjustment": self.adjustment, **tests, "limits": limits}


def _significance(reader: Reader) -> float:
    return reader.number("significance", at_least=0, at_most=1)


def _years_of_procedures(reader: Reader, key: str) -> tuple[str, ...]:
    names = reader.names(key)
    for name in names:
        if not _PROCEDURE_YEAR.fullmatch(name):
            reason = Text(
                "Нужны процедура и учебный год по его началу: «oge:2020»",
                "A procedure and the first year of an academic year are needed: "
                "“oge:2020”",
            )
            column = f"{reader.path}.{key}"
            reader.faults.append(Fault(column=column, value=name, reason=reason))
    return names
