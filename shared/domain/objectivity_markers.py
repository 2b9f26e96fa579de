"""The four federal markers of non-objectivity in the ВПР: signs, never a proof."""

from collections.abc import Iterator
from typing import Any, Final

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault

# 1 is a marker, 0 is none; blank where the school did not take part.
MARKERS: Final = ("russian_4", "mathematics_4", "russian_5", "mathematics_5")
COUNT: Final = "marker_count"
SIGN: Final = "has_sign"


def complete_markers(values: Values, _facts: Facts) -> dict[str, Any]:
    """Return the row with the number of its markers, if that is not stated."""
    total = _total(values)
    completed = dict(values)
    if completed.get(COUNT) is None and total is not None:
        completed[COUNT] = total
    return completed


def markers_add_up(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Find a number of markers that is not their sum, and markers that are no sign."""
    stated, total = values.get(COUNT), _total(values) or 0
    if stated is not None and stated != total:
        yield fault(
            values,
            COUNT,
            f"Маркеров {total}: это сумма столбцов {', '.join(MARKERS)}.",
            f"There are {total} markers: the sum of {', '.join(MARKERS)}.",
        )
    if total and not values.get(SIGN):
        yield fault(
            values,
            SIGN,
            "Маркер есть, значит, есть и признак необъективности.",
            "There is a marker, hence a sign of non-objectivity.",
        )


def _total(values: Values) -> int | None:
    """Return how many markers there are; None where all are blank."""
    known = [values[name] for name in MARKERS if values.get(name) is not None]
    return sum(known) if known else None
