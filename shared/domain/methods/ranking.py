"""A method of ranking: its indicators, how they are scored, and what ranks schools."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from shared.domain.errors import Text
from shared.domain.measures import Direction
from shared.domain.methods.comparability import Comparability
from shared.domain.methods.composites import (
    Composite,
    Grid,
    read_composite,
    read_grid,
    refuse_repeated,
)
from shared.domain.methods.indicator_formulas import (
    facts_of,
    needs_of,
    refuse_formulas,
)
from shared.domain.methods.indicators import (
    COMPOSITE,
    OVERRIDES,
    Indicator,
    Treatment,
    read_indicator,
    read_treatment,
    treatment_to_mapping,
)
from shared.domain.methods.reading import Reader
from shared.domain.methods.scoring_rules import Rule
from shared.domain.methods.small_numbers import SmallNumbers

MOST_INDICATORS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Schools are ranked by an indicator, or by a composite of several.

    `ranked_by` is the code of an indicator or ``composite``. `default` is how an
    indicator is treated unless it says otherwise.
    """

    KIND: ClassVar[str] = "ranking"

    ranked_by: str
    default: Treatment
    comparability: Comparability
    indicators: tuple[Indicator, ...]
    composite: Composite | None
    grid: Grid | None
    small_numbers: SmallNumbers = SmallNumbers()  # noqa: RUF009 (it is frozen)

    @classmethod
    def read(cls, reader: Reader) -> "Ranking":
        """Read the keys of a ranking; faults are noted with the reader."""
        default = read_treatment(reader)
        comparability = Comparability.read(reader.section("comparability"))
        indicators = _read_indicators(reader, default)
        codes = [indicator.code for indicator in indicators]
        composite = (
            read_composite(reader.section(COMPOSITE), codes)
            if reader.has(COMPOSITE)
            else None
        )
        if composite is not None:
            _refuse_turned_values(reader, indicators, composite)
        choices = [*codes, *([COMPOSITE] if composite else [])] or [COMPOSITE]
        return cls(
            ranked_by=reader.choice("ranked_by", choices),
            default=default,
            comparability=comparability,
            indicators=indicators,
            composite=composite,
            grid=read_grid(reader.section("grid")) if reader.has("grid") else None,
            small_numbers=SmallNumbers.read(reader),
        )

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance."""
        grid = ("grid.status", "grid.change") if self.grid else ()
        return (
            "ranked_by",
            *OVERRIDES,
            *self.comparability.thresholds,
            *(path for each in self.indicators for path in each.thresholds),
            *(self.composite.thresholds if self.composite else ()),
            *grid,
            *self.small_numbers.thresholds,
        )

    @property
    def direction(self) -> Direction:
        """Which end of the figure that ranks is the good one."""
        if self.ranked_by == COMPOSITE:
            return Direction.MORE_IS_BETTER
        return self.indicator(self.ranked_by).direction

    @property
    def facts(self) -> tuple[str, ...]:
        """Columns that formulas name beyond results and indicators, by name."""
        return facts_of(self.indicators)

    def dependencies(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns and indicators that each is computed from, by code."""
        return {each.code: needs_of(each.source) for each in self.indicators}

    def indicator(self, code: str) -> Indicator:
        """Return the indicator of a code.

        Raises:
            KeyError: There is none.
        """
        return {each.code: each for each in self.indicators}[code]

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        composite = {COMPOSITE: self.composite.to_mapping()} if self.composite else {}
        grid = {"grid": self.grid.to_mapping()} if self.grid else {}
        return {
            "ranked_by": self.ranked_by,
            **treatment_to_mapping(self.default),
            "comparability": self.comparability.to_mapping(),
            "indicators": [each.to_mapping() for each in self.indicators],
            **composite,
            **grid,
            **self.small_numbers.to_mapping(),
        }


def _read_indicators(reader: Reader, default: Treatment) -> tuple[Indicator, ...]:
    items = reader.items("indicators")
    if not 1 <= len(items) <= MOST_INDICATORS and not reader.absent:
        reader.refuse(
            "indicators",
            len(items),
            Text(
                f"Показателей должно быть от 1 до {MOST_INDICATORS}",
                f"Between 1 and {MOST_INDICATORS} indicators are needed",
            ),
        )
    indicators = tuple(read_indicator(item, default) for item in items)
    refuse_repeated(items, [each.code for each in indicators])
    refuse_formulas(items, indicators)
    return indicators


def _refuse_turned_values(
    reader: Reader, indicators: tuple[Indicator, ...], composite: Composite
) -> None:
    """A figure that is better when smaller must not raise a sum as it is."""
    members = {code for group in composite.groups for code, _ in group.members}
    for each in indicators:
        is_value = each.treatment.scoring.rule is Rule.VALUE
        if (
            each.code in members
            and is_value
            and each.direction is Direction.LESS_IS_BETTER
        ):
            reader.refuse(
                "indicators",
                each.code,
                Text(
                    f"Показатель {each.code} лучше, когда меньше: правило value в "
                    "своде не подходит, возьмите другое",
                    f"Less is better of {each.code}: the rule value does not suit a "
                    "composite, take another",
                ),
            )
