"""Which deadlines a changed plan still asks for; done and past work stays."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from shared.domain.deadlines import OWED, DeadlineState

Row: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[int, int | None, int]

_MOVABLE: Final = OWED | {DeadlineState.WITHDRAWN}
DATES: Final = ("starts_on", "nominal_due_on", "due_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A deadline that was owed, and is now by another day; by none if withdrawn."""

    deadline_id: int
    measure_id: int
    school_id: int | None
    occurrence: int
    due_before: date
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Redating:
    """What is to be written: new or moved deadlines, and numbers of those withdrawn.

    `moves` are the deadlines that were owed already, `opened` the written ones that are
    owed only now.
    """

    written: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    opened: list[dict[str, Any]] = field(default_factory=list)


def redate(
    existing: Iterable[Row],
    wanted: Iterable[Row],
    *,
    today: date,
    untouched: Collection[int] = frozenset(),
) -> Redating:
    """Compare the deadlines that are there with those that the plan comes to.

    Rows have a measure, a school (None is the municipality) and an occurrence, and
    their dates. What was due before today stays as it is, and so does what is done or
    submitted. A deadline that is owed moves with the plan; where the plan has none any
    more, it is withdrawn. Nothing is owed for days that are gone. Deadlines of measures
    in `untouched` were opened by hand and stay.
    """
    plan = {_key(row): row for row in wanted}
    result, known = Redating(), set()
    for row in existing:
        key = _key(row)
        known.add(key)
        if row["measure_id"] in untouched or not _is_ahead(row, today):
            continue
        planned = plan.get(key)
        if planned is None or planned["due_on"] < today:
            if row["state"] != DeadlineState.WITHDRAWN:
                result.withdrawn.append(row["id"])
                result.moves.append(_move(row, None))
        elif row["state"] == DeadlineState.WITHDRAWN:
            result.opened.append({**planned, "state": DeadlineState.OPEN.value})
        elif any(row[name] != planned[name] for name in DATES):
            result.written.append({**planned, "state": row["state"]})
            if row["due_on"] != planned["due_on"]:
                result.moves.append(_move(row, planned["due_on"]))
    result.opened.extend(
        {**row, "state": DeadlineState.OPEN.value}
        for key, row in plan.items()
        if key not in known and row["due_on"] >= today
    )
    result.written.extend(result.opened)
    return result


def _move(row: Row, due_on: date | None) -> Move:
    return Move(
        deadline_id=row["id"],
        measure_id=row["measure_id"],
        school_id=row["school_id"],
        occurrence=row["occurrence"],
        due_before=row["due_on"],
        due_on=due_on,
    )


def _is_ahead(row: Row, today: date) -> bool:
    return row["state"] in _MOVABLE and row["due_on"] >= today


def _key(row: Row) -> Key:
    return row["measure_id"], row["school_id"], row["occurrence"]
