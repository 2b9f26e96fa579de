"""The functions that a formula may call, and how many arguments they take."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.errors import Text


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how it is called, what it says, and how many arguments it takes."""

    call: str
    title: Text
    least: int
    most: int | None

    def takes(self, count: int) -> bool:
        """Tell whether it may be called with so many arguments."""
        return self.least <= count and (self.most is None or count <= self.most)


FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        "min": Function("min(a, b, …)", Text("наименьшее", "the least"), 2, None),
        "max": Function("max(a, b, …)", Text("наибольшее", "the greatest"), 2, None),
        "sum": Function("sum(a, b, …)", Text("сумма", "the sum"), 2, None),
        "mean": Function("mean(a, b, …)", Text("среднее", "the mean"), 2, None),
        "abs": Function("abs(a)", Text("модуль", "the size without the sign"), 1, 1),
        "round": Function(
            "round(a, 2)",
            Text("округление, половина — от нуля", "rounding, a half goes up"),
            1,
            2,
        ),
        "if": Function(
            "if(a > b, c, d)",
            Text("выбор по условию", "a choice by a condition"),
            3,
            3,
        ),
        "coalesce": Function(
            "coalesce(a, b, …)",
            Text("первое, что известно", "the first that is known"),
            2,
            None,
        ),
        "share": Function(
            "share(a, b)",
            Text("сколько процентов a от b", "a in per cent of b"),
            2,
            2,
        ),
    }
)
MOST_DECIMALS: Final = 6  # that round() may be asked for
