"""The file format of a municipal programme: what `deploy/programmes/*.yaml` may say."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from services.api.data_files import (
    Code,
    FileModel,
    Percent,
    Words,
    broken_rule,
    read_data_file,
)
from services.api.http.dates import Day
from services.api.http.numbers import Whole
from services.api.programmes.examples import PROGRAMME
from shared.domain.periods import AcademicYear, CalendarYear
from shared.domain.provenance import ProvenanceKind

Party = Literal["municipality", "schools"]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
Parties = Annotated[tuple[Party, ...], Field(min_length=1)]


class Approval(FileModel):
    """The act that put the programme into force; it never names a person."""

    act: Words
    body: Words
    number: Words | None
    date: Day


class Period(FileModel):
    """The programme's first and last day, and the years in which it counts."""

    starts_on: Day
    ends_on: Day
    years: Literal["calendar", "academic"]
    text: Words  # the document's words

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on <= self.starts_on:
            raise broken_rule(
                "программа кончается раньше, чем начинается",
                "the programme ends before it starts",
                "ends_on",
            )
        return self


class Executors(FileModel):
    """Who carries the programme out, in the document's words and as parties."""

    text: Words
    parties: Parties


class TaskEntry(FileModel):
    """One numbered task of the programme."""

    number: Annotated[Whole, Field(ge=1)]
    text: Words


class TargetEntry(FileModel):
    """The range that an indicator is to reach in one of the programme's years.

    A programme of academic years means by 2020 the year 2020/2021.
    """

    year: Whole
    low: Percent
    high: Percent
    text: Words  # the document's words for this year

    @model_validator(mode="after")
    def _low_is_not_above_high(self) -> Self:
        if self.low > self.high:
            raise broken_rule(
                f"нижняя граница {self.low} больше верхней {self.high}",
                f"the low end {self.low} exceeds the high end {self.high}",
                "low",
            )
        return self


class IndicatorEntry(FileModel):
    """A target indicator; without `targets` the document only states growth."""

    code: Code
    task: Whole | None
    group: Words | None  # the heading that the document puts it under
    title: Words
    direction: Literal["more_is_better", "less_is_better"]
    unit: Literal[
        "percent_of_schools", "percent_of_respondents", "percent_of_school_programmes"
    ]
    targets: tuple[TargetEntry, ...]
    target_text: Words


class MeasureEntry(FileModel):
    """One row of a plan.

    `key` is stable and unique within the programme, `number` is what the document
    prints and may repeat; `term` is the document's words, to be read by the schedule.
    """

    key: Key
    number: Words
    parent: Key | None
    block: Words | None
    title: Words
    term: Words
    responsible: Words | None
    parties: Parties
    expected_result: Words | None


class PlanEntry(FileModel):
    """A plan of the programme with its rows, each parent before its children."""

    kind: Literal["plan", "roadmap", "cyclogram"]
    title: Words
    measures: Annotated[tuple[MeasureEntry, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _parents_come_first(self) -> Self:
        seen: set[str] = set()
        for index, measure in enumerate(self.measures):
            if measure.parent is not None and measure.parent not in seen:
                raise broken_rule(
                    f"выше нет мероприятия {measure.parent}, родителя {measure.key}",
                    f"no measure {measure.parent}, parent of {measure.key}, above",
                    *("measures", index, "parent"),
                )
            seen.add(measure.key)
        return self


class ProgrammeDocument(FileModel):
    """A municipal programme as its document states it.

    `head_title` and `head_period` are what the approving act calls the programme
    where that differs from the programme itself; neither is corrected by the other.
    """

    model_config = ConfigDict(json_schema_extra={"example": PROGRAMME})

    format: Literal[1]
    code: Code
    municipality: Code
    provenance: ProvenanceKind
    title: Words
    head_title: Words | None
    head_period: Words | None
    approved: Approval
    goal: Words
    period: Period
    executors: Executors
    tasks: Annotated[tuple[TaskEntry, ...], Field(min_length=1)]
    expected_results: tuple[Words, ...]
    indicators: tuple[IndicatorEntry, ...]
    plans: tuple[PlanEntry, ...]  # none yet, where their tables are to be imported

    @property
    def measures(self) -> tuple[MeasureEntry, ...]:
        """Every row of every plan, in the document's order."""
        return tuple(measure for plan in self.plans for measure in plan.measures)

    @property
    def years(self) -> range:
        """The programme's years; an academic year is named by its autumn."""
        kind = AcademicYear if self.period.years == "academic" else CalendarYear
        first, last = kind.of(self.period.starts_on), kind.of(self.period.ends_on)
        return range(int(first), int(last) + 1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        _refuse_repeats("tasks", [task.number for task in self.tasks], "number")
        _refuse_repeats("indicators", [item.code for item in self.indicators], "code")
        _refuse_repeats("plans", [plan.kind for plan in self.plans], "kind")
        seen: set[str] = set()
        for place, measure in self._placed_measures():
            if measure.key in seen:
                raise _repeated(measure.key, *place, "key")
            seen.add(measure.key)
        return self

    @model_validator(mode="after")
    def _indicators_fit_the_programme(self) -> Self:
        tasks = {task.number for task in self.tasks}
        for index, item in enumerate(self.indicators):
            if item.task is not None and item.task not in tasks:
                raise broken_rule(
                    f"в программе нет задачи {item.task}",
                    f"the programme has no task {item.task}",
                    *("indicators", index, "task"),
                )
            years = [target.year for target in item.targets]
            if years != sorted(set(years)) or not set(years) <= set(self.years):
                raise broken_rule(
                    "годы целей повторяются, идут не по порядку или вне программы",
                    "target years repeat, are out of order or outside the programme",
                    *("indicators", index, "targets"),
                )
        return self

    def _placed_measures(self) -> Iterator[tuple[tuple[str | int, ...], MeasureEntry]]:
        for number, plan in enumerate(self.plans):
            for index, measure in enumerate(plan.measures):
                yield ("plans", number, "measures", index), measure


def read_programme(path: Path) -> ProgrammeDocument:
    """Read and check one programme file.

    Raises:
        DataFileError: With the file, the line, the field and the reason.
    """
    return read_data_file(path, ProgrammeDocument)


def _refuse_repeats(field: str, names: Sequence[str | int], name: str) -> None:
    for index, value in enumerate(names):
        if value in names[:index]:
            raise _repeated(value, field, index, name)


def _repeated(value: str | int, *place: str | int) -> Exception:
    return broken_rule(f"{value} повторяется", f"{value} is repeated", *place)
