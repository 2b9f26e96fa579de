"""How a method of ranking puts indicators together into one figure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shared.domain.errors import Text
from shared.domain.methods.reading import Reader

SMALLEST_WEIGHT = 1e-6
LARGEST_WEIGHT = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Indicators that stand together, by code with their weights within the group.

    Only the proportions of weights matter.
    """

    code: str
    title: Text
    weight: float
    members: tuple[tuple[str, float], ...]

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_group` reads back to an equal value."""
        return {
            "code": self.code,
            "title": {"ru": self.title.ru, "en": self.title.en},
            "weight": self.weight,
            "indicators": [
                {"code": code, "weight": weight} for code, weight in self.members
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """The figure over all groups.

    A school has it, and the score of a group, where at least `minimum_coverage` of
    the weight is there, between 0 and 1. A change up to `tolerance` is no change.
    """

    groups: tuple[Group, ...]
    minimum_coverage: float
    tolerance: float

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance; that of a group is its weights'."""
        groups = (f"groups.{group.code}" for group in self.groups)
        return ("composite.minimum_coverage", "composite.tolerance", *groups)

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_composite` reads back to an equal value."""
        return {
            "minimum_coverage": self.minimum_coverage,
            "tolerance": self.tolerance,
            "groups": [group.to_mapping() for group in self.groups],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cut-offs of status and of change, each of which makes five levels of four.

    Each is the lowest figure of the level above it. Status is the figure that ranks;
    change is its change for the better over a year.
    """

    status: tuple[float, ...]
    change: tuple[float, ...]

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_grid` reads back to an equal value."""
        return {"status": list(self.status), "change": list(self.change)}


GRID_CUTS = 4


def read_composite(reader: Reader, known: Collection[str]) -> Composite:
    """Read a composite of `known` indicators; faults are noted with the reader."""
    items = reader.items("groups")
    groups = tuple(read_group(item, known) for item in items)
    if not groups and not reader.absent:
        reason = Text("Нужна хотя бы одна группа", "At least one group is needed")
        reader.refuse("groups", [], reason)
    refuse_repeated(items, [group.code for group in groups])
    members = [code for group in groups for code, _ in group.members]
    for code in sorted({code for code in members if members.count(code) > 1}):
        reason = Text(
            f"Показатель {code} стоит в группах дважды: оставьте его в одной",
            f"The indicator {code} is in groups twice: keep it in one",
        )
        reader.refuse("groups", code, reason)
    return Composite(
        groups=groups,
        minimum_coverage=reader.number("minimum_coverage", at_least=0, at_most=1),
        tolerance=reader.number("tolerance", at_least=0, at_most=1e9),
    )


def read_group(reader: Reader, known: Collection[str]) -> Group:
    """Read a group; faults are noted with the reader."""
    title = reader.section("title")
    code = reader.words("code")
    items = reader.items("indicators")
    if not items:
        reason = Text("Нужен хотя бы один показатель", "An indicator is needed")
        reader.refuse("indicators", [], reason)
    members = tuple((_member(item, known), _weight(item)) for item in items)
    return Group(
        code=code,
        title=Text(ru=title.words("ru"), en=title.words("en")),
        weight=_weight(reader),
        members=members,
    )


def read_grid(reader: Reader) -> Grid:
    """Read the cut-offs of a grid; faults are noted with the reader."""
    grid = Grid(status=reader.ascending("status"), change=reader.ascending("change"))
    for key, cuts in (("status", grid.status), ("change", grid.change)):
        if cuts and len(cuts) != GRID_CUTS:
            reader.refuse(
                key,
                list(cuts),
                Text(
                    f"Пять уровней разделяют {GRID_CUTS} границы",
                    f"Five levels have {GRID_CUTS} cuts between them",
                ),
            )
    return grid


def refuse_repeated(readers: Sequence[Reader], codes: Sequence[str]) -> None:
    """Note a fault with each reader whose code an earlier one has."""
    for place, (reader, code) in enumerate(zip(readers, codes, strict=True)):
        if code and code in codes[:place]:
            reason = Text("Код уже занят", "The code is taken already")
            reader.refuse("code", code, reason)


def _member(reader: Reader, known: Collection[str]) -> str:
    code = reader.words("code")
    if code and code not in known:
        names = ", ".join(sorted(known))
        reason = Text(f"Такого показателя нет; есть: {names}", f"Known are: {names}")
        reader.refuse("code", code, reason)
    return code


def _weight(reader: Reader) -> float:
    return reader.number("weight", at_least=SMALLEST_WEIGHT, at_most=LARGEST_WEIGHT)
