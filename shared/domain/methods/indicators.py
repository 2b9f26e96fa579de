"""An indicator of a method of ranking: what it counts, and how it is scored."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.errors import Text
from shared.domain.measures import Direction
from shared.domain.methods.indicator_sources import (
    MeasureSource,
    Source,
    read_source,
)
from shared.domain.methods.reading import Reader
from shared.domain.methods.scoring_rules import Rule, Scoring

COMPOSITE: Final = "composite"  # the code of what no indicator may be called
MOST_POOLED_YEARS: Final = 3
OVERRIDES: Final = ("minimum_n", "pool_years", "tolerance", "missing", "scoring")

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Missing(StrEnum):
    """What becomes of a school without a figure.

    ``leave_out``: the weights of the others count, if enough of them are there.
    ``required``: the school is outside the composite. ``worst``: it is scored like
    the worst school, as where a report that is not handed in counts as bad; too few
    pupils never do.
    """

    LEAVE_OUT = "leave_out"
    REQUIRED = "required"
    WORST = "worst"


class Unit(StrEnum):
    """What a figure is counted in; it decides what one pupil weighs."""

    PERCENT = "percent"
    MARK = "mark"
    POINTS = "points"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """How a figure is treated.

    With fewer pupils than `minimum_n` a school is not scored. The counts of
    `pool_years` are added before dividing: this year's and those just before.
    `tolerance`, in the indicator's unit, is a change that is no change.
    """

    minimum_n: int
    pool_years: int
    tolerance: float
    missing: Missing
    scoring: Scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A figure of each school; `own` names what differs from the method's default."""

    code: str
    title: Text
    unit: Unit
    direction: Direction
    source: Source
    treatment: Treatment
    own: tuple[str, ...]

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance: itself and what is its own."""
        path = f"indicators.{self.code}"
        return (path, *(f"{path}.{name}" for name in self.own))

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_indicator` reads back to an equal value."""
        own = treatment_to_mapping(self.treatment)
        return {
            "code": self.code,
            "title": {"ru": self.title.ru, "en": self.title.en},
            "unit": self.unit.value,
            "direction": self.direction.value,
            "source": self.source.to_mapping(),
            **{name: own[name] for name in self.own},
        }


def read_treatment(reader: Reader, default: Treatment | None = None) -> Treatment:
    """Read a treatment; with a default each key of it may be left out."""

    def given(name: str) -> bool:
        return default is None or reader.has(name)

    base = default or _HARMLESS
    return Treatment(
        minimum_n=reader.whole_number("minimum_n", at_least=0)
        if given("minimum_n")
        else base.minimum_n,
        pool_years=_pool_years(reader) if given("pool_years") else base.pool_years,
        tolerance=reader.number("tolerance", at_least=0, at_most=1e9)
        if given("tolerance")
        else base.tolerance,
        missing=Missing(reader.choice("missing", tuple(Missing)))
        if given("missing")
        else base.missing,
        scoring=Scoring.read(reader.section("scoring"))
        if given("scoring")
        else base.scoring,
    )


def treatment_to_mapping(treatment: Treatment) -> dict[str, object]:
    """Return plain data that `read_treatment` reads back to an equal value."""
    return {
        "minimum_n": treatment.minimum_n,
        "pool_years": treatment.pool_years,
        "tolerance": treatment.tolerance,
        "missing": treatment.missing.value,
        "scoring": treatment.scoring.to_mapping(),
    }


def read_indicator(reader: Reader, default: Treatment) -> Indicator:
    """Read an indicator whose treatment is the default's where it has none itself."""
    title = reader.section("title")
    source = read_source(reader.section("source"))
    treatment = read_treatment(reader, default)
    if reader.has("pool_years") and treatment.pool_years > 1:
        _refuse_pooling(reader, source, treatment.pool_years)
    return Indicator(
        code=_code(reader),
        title=Text(ru=title.words("ru"), en=title.words("en")),
        unit=Unit(reader.choice("unit", tuple(Unit))),
        direction=Direction(reader.choice("direction", tuple(Direction))),
        source=source,
        treatment=treatment,
        own=tuple(name for name in OVERRIDES if reader.has(name)),
    )


_HARMLESS: Final = Treatment(
    minimum_n=0,
    pool_years=1,
    tolerance=0.0,
    missing=Missing.LEAVE_OUT,
    scoring=Scoring(rule=Rule.VALUE),
)


def _pool_years(reader: Reader) -> int:
    years = reader.whole_number("pool_years", at_least=1)
    if years > MOST_POOLED_YEARS:
        reader.refuse(
            "pool_years",
            years,
            Text(
                f"Объединяется не больше {MOST_POOLED_YEARS} лет",
                f"At most {MOST_POOLED_YEARS} years are pooled",
            ),
        )
        return MOST_POOLED_YEARS
    return years


def _code(reader: Reader) -> str:
    code = reader.words("code")
    if code and (not _CODE.fullmatch(code) or code == COMPOSITE):
        reader.refuse(
            "code",
            code,
            Text(
                "Нужны строчные латинские буквы, цифры и подчёркивания, первой — "
                f"буква, не больше 60 знаков; слово {COMPOSITE} занято",
                "Lower-case Latin letters, digits and underscores are needed, a "
                f"letter first, 60 at most; the word {COMPOSITE} is taken",
            ),
        )
    return code


def _refuse_pooling(reader: Reader, source: Source, years: int) -> None:
    """Only counts of pupils can be added over years."""
    if isinstance(source, MeasureSource):
        return
    reader.refuse(
        "pool_years",
        years,
        Text(
            "Годы объединяются только у показателей по результатам (measure)",
            "Only indicators counted from results (measure) pool years",
        ),
    )
