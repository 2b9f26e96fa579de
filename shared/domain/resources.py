"""What a school has, lacks and offers to others, item by item."""

from collections.abc import Iterator
from typing import Final

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault

# The last two are what the national project equips: «Точка роста» and the ЦОС.
KINDS: Final = (
    "staff",
    "financial",
    "material",
    "methodical",
    "growth_point",
    "digital_environment",
)
AVAILABLE: Final = "available"
LACKING: Final = "lacking"
STATES: Final = (AVAILABLE, LACKING)


def offered_if_available(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Find what is offered to other schools though it is lacking."""
    if values.get("offered") and values.get("state") == LACKING:
        yield fault(
            values,
            "offered",
            "Недостающий ресурс нельзя предложить другим школам.",
            "What is lacking cannot be offered to other schools.",
        )
