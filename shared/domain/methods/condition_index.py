"""How a method reckons the index of conditions: shares, weights, signs, reference."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.errors import Fault, Text
from shared.domain.methods.reading import Reader
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.social_passports import SHARES, Effect, Share

BY_NAME: Final[Mapping[str, Share]] = {share.name: share for share in SHARES}
LARGEST_WEIGHT: Final = 1000.0
SIGNS: Final = (Effect.HELPS, Effect.HINDERS)


class IndexSource(StrEnum):
    """Whether the index is reckoned from shares, or entered as it was published."""

    COMPUTED = "computed"
    PUBLISHED = "published"


class Area(StrEnum):
    """Whose lowest and highest shares are 0 and 1."""

    MUNICIPALITY = "municipality"
    REGION = "region"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareUse:
    """A share that enters the index: its weight, and what a larger share does."""

    name: str
    weight: float
    effect: Effect

    @property
    def percent(self) -> str:
        """The column that has the share in %."""
        return BY_NAME[self.name].percent

    @property
    def sign_is_stated(self) -> bool:
        """Whether a source states this very sign of the share."""
        return BY_NAME[self.name].effect is self.effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The shares in % that are the ends of the scale."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Whose lowest and highest shares of which year are the ends of the scale.

    `year` None is the year that is scored; a fixed one makes the years from it on
    comparable.
    `bounds` are given figures by share. A municipality's may be counted (`bounds`
    is empty); a region's or a country's are always given: a run sees the schools
    of one municipality, and must not change with those of another.
    """

    area: Area
    year: int | None
    bounds: Mapping[str, Bounds]

    @classmethod
    def read(cls, reader: Reader, shares: tuple[ShareUse, ...]) -> "Reference":
        """Read the keys of a reference; faults are noted with the reader."""
        area = Area(reader.choice("area", tuple(Area)))
        year = _year(reader) if "year" in reader.values else None
        given = area is not Area.MUNICIPALITY or "bounds" in reader.values
        bounds: dict[str, Bounds] = {}
        if given:
            section = reader.section("bounds")
            bounds = {use.name: _bounds(section.section(use.name)) for use in shares}
        return cls(area=area, year=year, bounds=bounds)

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        mapping: dict[str, object] = {"area": self.area.value}
        if self.year is not None:
            mapping["year"] = self.year
        if self.bounds:
            mapping["bounds"] = {
                name: {"low": ends.low, "high": ends.high}
                for name, ends in self.bounds.items()
            }
        return mapping


def read_shares(reader: Reader) -> tuple[ShareUse, ...]:
    """Read the shares that enter the index, in the order of their numbers.

    A share enters only with a sign, which the method has to state.
    """
    uses = tuple(
        _share_use(share, reader.section(share.name))
        for share in SHARES
        if share.name in reader.values
    )
    if not uses and not reader.absent:
        _refuse(
            reader,
            SHARES[0].name,
            Text(
                "Нужна хотя бы одна доля со знаком и весом",
                "At least one share with its sign and weight is needed",
            ),
        )
    return uses


def _share_use(share: Share, reader: Reader) -> ShareUse:
    return ShareUse(
        name=share.name,
        weight=reader.number("weight", at_least=0.001, at_most=LARGEST_WEIGHT),
        effect=Effect(reader.choice("effect", SIGNS)),
    )


def _year(reader: Reader) -> int:
    year = reader.whole_number("year", at_least=FIRST_YEAR)
    if year > LAST_YEAR:
        _refuse(
            reader,
            "year",
            Text(
                f"Нужен год не позднее {LAST_YEAR}",
                f"A year of at most {LAST_YEAR} is needed",
            ),
        )
    return year


def _bounds(reader: Reader) -> Bounds:
    low = reader.number("low", at_least=0, at_most=100)
    high = reader.number("high", at_least=0, at_most=100)
    if high <= low and not reader.absent:
        _refuse(
            reader,
            "high",
            Text(
                "Верхняя граница должна быть больше нижней",
                "The upper bound has to be above the lower one",
            ),
        )
    return Bounds(low=low, high=high)


def _refuse(reader: Reader, key: str, reason: Text) -> None:
    shown = reader.values.get(key)
    reader.faults.append(
        Fault(
            column=f"{reader.path}.{key}",
            value=None if shown is None else str(shown),
            reason=reason,
        )
    )
