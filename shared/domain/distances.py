"""The way from a school to another."""

from collections.abc import Iterator

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault


def between_two_schools(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Find a distance from a school to itself, and one that says nothing."""
    if values.get("school_id") == values.get("other_school_id"):
        yield fault(
            values,
            "other_school_id",
            "Это та же школа: укажите другую.",
            "It is the same school: name another one.",
        )
    told = (values.get("km"), values.get("minutes"))
    if told == (None, None) and not values.get("same_bus_network"):
        yield fault(
            values,
            "km",
            "Укажите расстояние, время в пути или общий автобус.",
            "State the distance, the time by road, or a common bus.",
        )
