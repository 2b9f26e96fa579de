"""What boundaries of marks and limits of objectivity must satisfy."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault

# In the order in which they rise; only the last two may be equal.
BOUNDARIES: Final = ("from_3", "from_4", "from_5", "maximum_score")


def boundaries_rise(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Find a mark that begins no higher than the one below it, or above the maximum."""
    for lower, upper in pairwise(BOUNDARIES):
        below, score = values.get(lower), values.get(upper)
        if below is None or score is None:
            continue
        if score < below or (score == below and upper != BOUNDARIES[-1]):
            yield fault(
                values,
                upper,
                f"Балл должен быть больше, чем в столбце {lower} ({below}).",
                f"The score must be above that of {lower} ({below}).",
            )


def has_a_limit(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Find a row that sets neither limit."""
    if values.get("low") is None and values.get("high") is None:
        yield fault(
            values,
            "low",
            "Укажите нижнюю или верхнюю границу.",
            "Give the lower or the upper limit.",
        )
