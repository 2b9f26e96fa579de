"""A line of a plan's table beside the measure that it is, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.domain.calendar import ProgrammePeriod, SchoolCalendar
from shared.domain.errors import Fault
from shared.domain.plan_tables.matching import Measure
from shared.domain.plan_tables.tables import PlanLine
from shared.domain.schedule import Occurrence, Schedule


class LineState(StrEnum):
    """What committing a line of a table does."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNREADABLE = "unreadable"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Statement:
    """What the coordinator says of a line where its table does not, or is not clear."""

    term: str | None = None
    parties: tuple[str, ...] | None = None
    is_left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a table is compared with, and what is said of all of its lines.

    `measures` are those in force in the plan, by their keys; `taken` are all keys that
    the programme has or had. `parties` owe a new line that names nobody.
    """

    plan: str
    period: ProgrammePeriod
    calendar: SchoolCalendar
    measures: Mapping[str, Measure]
    taken: frozenset[str]
    parties: tuple[str, ...] = ()
    statements: Mapping[int, Statement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """A line of a table, and the measure that it becomes or is.

    `values` are all fields of the measure, `changes` old and new of those that differ;
    a heading has no occurrences of its own. `parent` is a key.
    """

    line: PlanLine
    key: str
    parent: str | None
    state: LineState
    values: dict[str, Any]
    changes: dict[str, list[Any]]
    schedule: Schedule | None
    occurrences: tuple[Occurrence, ...]
    faults: tuple[Fault, ...]
