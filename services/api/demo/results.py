"""Synthetic ВПР results: plausible, the same on every machine, of no real pupil."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from services.api.demo.profile import DemoProfile, DemoSubject
from shared.domain.assessments import MarkCounts
from shared.domain.sittings import VprSitting, vpr_sitting


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """A school for which results are to be drawn.

    `code` identifies it to the caller; `pupils` is the enrolment of all grades;
    `last_grade` is 4, 9 or 11; a `weak` school does worse than the others.
    """

    code: str
    name: str
    municipality: str
    login: str
    pupils: int
    last_grade: int = 11
    weak: bool = False


@dataclass(frozen=True, slots=True)
class DemoResult:
    """One synthetic result; `year` and `sitting.programme_grade` as a file has them."""

    school: DemoSchool
    procedure: str
    subject: str
    subject_text: str
    year: int
    sitting: VprSitting
    counts: MarkCounts
    synthetic: bool = True


def generate_results(
    schools: Iterable[DemoSchool], profile: DemoProfile, *, years: Iterable[int]
) -> Iterator[DemoResult]:
    """Draw the results of every school, year, subject and grade, in this order.

    A school's results of a year depend on the profile, the school and the year alone,
    so that adding a school or a year leaves all other results as they were. A grade
    without pupils gives no result.
    """
    chosen = tuple(years)
    for school in schools:
        for year in chosen:
            yield from _of_school_year(school, profile, year)


def _of_school_year(
    school: DemoSchool, profile: DemoProfile, year: int
) -> Iterator[DemoResult]:
    sizes = _grade_sizes(school, profile, year)
    level = _level(school, profile, year)
    draw = _random(profile, school.code, year, "marks")
    for code, subject in profile.subjects.items():
        for grade in subject.grades:
            turnout = draw.uniform(*profile.turnout)
            sitting = vpr_sitting(year, grade)
            n = round(sizes.get(sitting.pupil_grade, 0) * turnout)
            if n:
                ability = level - _hardness(subject, grade, profile)
                counts = _marks(draw, n, ability, profile)
                yield DemoResult(
                    school, "vpr", code, subject.spelled, year, sitting, counts
                )


def _random(profile: DemoProfile, *parts: object) -> Random:
    # The results are made up on purpose and must repeat; nothing here is a secret.
    return Random(":".join(map(str, (profile.seed, *parts))))  # noqa: S311


def _grade_sizes(school: DemoSchool, profile: DemoProfile, year: int) -> dict[int, int]:
    """Return the pupils of each grade; a cohort keeps its size as it moves up."""
    usual = school.pupils / school.last_grade
    sizes = {}
    for grade in range(1, school.last_grade + 1):
        draw = _random(profile, school.code, "cohort", year - grade)
        sizes[grade] = max(0, round(usual * draw.uniform(0.75, 1.25)))
    return sizes


def _level(school: DemoSchool, profile: DemoProfile, year: int) -> float:
    lasting = _random(profile, school.code, "level")
    passing = _random(profile, school.code, "level", year)
    base = profile.weak_school_level if school.weak else 0.0
    return (
        base
        + lasting.gauss(0, profile.school_level_spread)
        + passing.gauss(0, profile.yearly_drift)
    )


def _hardness(subject: DemoSubject, grade: int, profile: DemoProfile) -> float:
    return subject.difficulty + profile.harder_each_grade * (grade - 4)


def _marks(draw: Random, n: int, ability: float, profile: DemoProfile) -> MarkCounts:
    counts = [0, 0, 0, 0]
    for _ in range(n):
        counts[bisect_right(profile.mark_thresholds, draw.gauss(ability, 1))] += 1
    return MarkCounts.of(*counts)
