"""A ranking reckoned by hand from the results that the api lists."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

import httpx

FEWEST_PUPILS = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """A school's figure and place, as a ranking shows them."""

    quality_rate: Fraction
    pupils: int
    place_from: int
    place_to: int


def listed(client: httpx.Client, path: str, **filters: int) -> list[dict[str, Any]]:
    """Return all items of a list, page by page."""
    items: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = client.get(path, params={"limit": 500, "after": after, **filters})
        content = page.raise_for_status().json()
        items += content["items"]
        after = content["next_after"]
    return items


def standings(results: Iterable[dict[str, Any]]) -> dict[int, Standing]:
    """Rank schools by the share of 4 and 5 among all pupils who took part.

    Shares that are equal to the second decimal share their places.
    """
    good: dict[int, int] = defaultdict(int)
    pupils: dict[int, int] = defaultdict(int)
    for result in results:
        school_id = result["school_id"]
        good[school_id] += result["n4"] + result["n5"]
        pupils[school_id] += sum(
            result[name] for name in ("n2", "n3", "n4", "n5", "n_ungraded")
        )
    rates = {
        school_id: Fraction(100 * good[school_id], count)
        for school_id, count in pupils.items()
        if count >= FEWEST_PUPILS
    }
    shown = {
        school_id: floor(rate * 100 + Fraction(1, 2))
        for school_id, rate in rates.items()
    }
    return {
        school_id: Standing(
            rate,
            pupils[school_id],
            1 + sum(other > shown[school_id] for other in shown.values()),
            sum(other >= shown[school_id] for other in shown.values()),
        )
        for school_id, rate in rates.items()
    }
