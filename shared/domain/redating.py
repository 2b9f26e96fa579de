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


@dataclass(frozen=True, slots=True)
class Redating:
    """What is to be written: new or moved deadlines, and numbers of those withdrawn."""

    written: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)


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
        elif row["state"] == DeadlineState.WITHDRAWN:
            result.written.append({**planned, "state": DeadlineState.OPEN.value})
        elif any(row[name] != planned[name] for name in DATES):
            result.written.append({**planned, "state": row["state"]})
    result.written.extend(
        {**row, "state": DeadlineState.OPEN.value}
        for key, row in plan.items()
        if key not in known and row["due_on"] >= today
    )
    return result


def _is_ahead(row: Row, today: date) -> bool:
    return row["state"] in _MOVABLE and row["due_on"] >= today


def _key(row: Row) -> Key:
    return row["measure_id"], row["school_id"], row["occurrence"]
