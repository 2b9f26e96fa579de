"""Schools that become others: merged into one, or split into several.

A closed school keeps its results; whoever asks for the successor's with those of its
predecessors is told whose each of them is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from shared.domain.errors import ConflictError, Fault, Text


class ReorganisationKind(StrEnum):
    """What becomes of the schools.

    ``merge`` closes several schools, or one that joins another, into one; ``split``
    closes one school, in whose place there are several.
    """

    MERGE = "merge"
    SPLIT = "split"


# How many schools close, and how many take their place: the least and the most.
_MANY = 20
COUNTS: Mapping[ReorganisationKind, tuple[tuple[int, int], tuple[int, int]]] = (
    MappingProxyType(
        {
            ReorganisationKind.MERGE: ((1, _MANY), (1, 1)),
            ReorganisationKind.SPLIT: ((1, 1), (2, _MANY)),
        }
    )
)


class SchoolInAgreementsError(ConflictError):
    """A school that closes is still a party to agreements, which `faults` names."""

    code = "school_in_agreements"
    title = Text("У школы есть договоры", "The school has agreements")

    @classmethod
    def of(cls, agreements: Iterable[int], column: str) -> Self:
        """Name the agreements, and the column by which the school closes."""
        reason = Text(
            "У закрываемой школы есть незавершённые договоры о наставничестве: "
            "завершите или расторгните их.",
            "A school that closes has open mentoring agreements: complete or terminate "
            "them.",
        )
        faults = [
            Fault(reason=reason, column=column, value=f"agreement {number}")
            for number in agreements
        ]
        return cls(reason, faults=faults)


@dataclass(frozen=True, slots=True)
class SchoolLife:
    """From when until when a school exists; `closed_on` is the first day without it.

    `successors` are the names of the schools that it went over into, if known.
    """

    school_id: int
    name: str
    opened_on: date | None = None
    closed_on: date | None = None
    successors: tuple[str, ...] = ()

    def exists_on(self, day: date) -> bool:
        """Tell whether there is the school on that day."""
        has_opened = self.opened_on is None or self.opened_on <= day
        return has_opened and (self.closed_on is None or day < self.closed_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorganisation:
    """What an order of `order_on` makes of schools from `takes_effect_on` on.

    `successors` are schools that exist already; `new_successors` counts those that
    open on the day.
    """

    kind: ReorganisationKind
    takes_effect_on: date
    order_on: date
    predecessors: Sequence[SchoolLife]
    successors: Sequence[SchoolLife] = ()
    new_successors: int = 0


def check_reorganisation(wanted: Reorganisation) -> Iterator[Fault]:
    """Yield everything that speaks against it."""
    yield from _wrong_counts(wanted)
    day = wanted.takes_effect_on
    if wanted.order_on > day:
        yield _fault(
            "order_on",
            wanted.order_on,
            f"Приказ издан позже, чем вступает в силу ({day}).",
            f"The order is later than the day it takes effect ({day}).",
        )
    closing = {school.school_id for school in wanted.predecessors}
    for school in wanted.successors:
        if school.school_id in closing:
            yield _fault(
                "successor_ids",
                school.school_id,
                f"«{school.name}» закрывается этим же приказом.",
                f"'{school.name}' is closed by the same order.",
            )
    for column, schools in (
        ("predecessor_ids", wanted.predecessors),
        ("successor_ids", wanted.successors),
    ):
        yield from _named_twice(column, schools)
        yield from _missing(column, schools, day)
    for school in wanted.predecessors:
        if school.closed_on is not None and school.exists_on(day):
            yield _fault(
                "predecessor_ids",
                school.school_id,
                f"«{school.name}» уже закрыта с {school.closed_on}.",
                f"'{school.name}' has been closed already, from {school.closed_on} on.",
            )


def _named_twice(column: str, schools: Sequence[SchoolLife]) -> Iterator[Fault]:
    numbers = sorted(school.school_id for school in schools)
    if len(set(numbers)) < len(numbers):
        yield _fault(
            column, numbers, "Школа названа дважды.", "A school is named twice."
        )


def _missing(column: str, schools: Sequence[SchoolLife], day: date) -> Iterator[Fault]:
    for school in schools:
        if not school.exists_on(day):
            yield _fault(
                column,
                school.school_id,
                f"Школы «{school.name}» на {day} нет: она открыта позже или уже "
                "закрыта.",
                f"There is no school '{school.name}' on {day}: it opened later, or "
                "has been closed.",
            )


def _wrong_counts(wanted: Reorganisation) -> Iterator[Fault]:
    before, after = COUNTS[wanted.kind]
    taking_over = len(wanted.successors) + wanted.new_successors
    for column, count, (least, most) in (
        ("predecessor_ids", len(wanted.predecessors), before),
        ("successor_ids", taking_over, after),
    ):
        if not least <= count <= most:
            allowed = str(least) if least == most else f"{least}–{most}"
            yield _fault(
                column,
                count,
                f"Школ здесь должно быть {allowed}.",
                f"The number of schools here must be {allowed}.",
            )


def _fault(column: str, value: object, ru: str, en: str) -> Fault:
    return Fault(reason=Text(ru, en), column=column, value=str(value))
