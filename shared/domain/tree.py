"""Parts of the tree (region, municipality, school), and which role is for which."""

from dataclasses import dataclass
from enum import IntEnum

from shared.domain.errors import Fault, Text
from shared.domain.permissions import Role


class Level(IntEnum):
    """How far down the tree a part begins."""

    EVERYTHING = 0
    REGION = 1
    MUNICIPALITY = 2
    SCHOOL = 3


LEVELS: dict[Role, Level] = {
    Role.ADMINISTRATOR: Level.EVERYTHING,
    Role.REGIONAL_ANALYST: Level.REGION,
    Role.MUNICIPAL_COORDINATOR: Level.MUNICIPALITY,
    Role.METHODIST: Level.MUNICIPALITY,
    Role.SCHOOL_EDITOR: Level.SCHOOL,
    Role.SCHOOL_READER: Level.SCHOOL,
}

_NEEDED = Text("для этой роли обязательно", "needed for this role")
_UNWANTED = Text("у этой роли не бывает", "this role has none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What an account or a token is for; a school comes with its municipality.

    Of a region and a municipality one at most is named.
    """

    region_id: int | None = None
    municipality_id: int | None = None
    school_id: int | None = None


def place_faults(
    role: Role,
    *,
    region: str | int | None,
    municipality: str | int | None,
    school: str | int | None,
    suffix: str = "",
) -> list[Fault]:
    """Return what does not fit the role; places are named by codes or by numbers.

    `suffix` is what the caller's names of the columns end with.
    """
    level = LEVELS[role]
    faults = []
    for column, value, needed in (
        ("region", region, level is Level.REGION),
        ("municipality", municipality, level >= Level.MUNICIPALITY),
        ("school", school, level is Level.SCHOOL),
    ):
        if bool(value) is not needed:
            shown = None if value is None else str(value)
            reason = _NEEDED if needed else _UNWANTED
            faults.append(Fault(column=column + suffix, value=shown, reason=reason))
    return faults
