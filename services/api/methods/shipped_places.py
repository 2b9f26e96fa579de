"""Where a shipped method is in force, as its file says."""

from dataclasses import dataclass

from sqlalchemy import select

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.methods.slots import EVERYWHERE, MethodPlace
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A place, by the code of a municipality or of a region, and the first year."""

    valid_from: int
    municipality: str | None = None
    region: str | None = None

    async def find(self, work: Work) -> MethodPlace | None:
        """Return the place; None if this installation does not have it."""
        if self.municipality is not None:
            found = await work.session.scalar(
                select(MunicipalityRow.id).where(
                    MunicipalityRow.code == self.municipality
                )
            )
            return None if found is None else MethodPlace(municipality_id=found)
        if self.region is not None:
            found = await work.session.scalar(
                select(RegionRow.id).where(RegionRow.code == self.region)
            )
            return None if found is None else MethodPlace(region_id=found)
        return EVERYWHERE


def read_assignments(stated: object) -> list[Assignment]:
    """Read `in_force` of a file: everywhere and always, where it says nothing.

    It is a list of mappings with `from`, an academic year, and `municipality` or
    `region`, or neither for everywhere; an empty list is nowhere.

    Raises:
        InvalidInputError: it is something else.
    """
    if stated is None:
        return [Assignment(valid_from=FIRST_YEAR)]
    if not isinstance(stated, list):
        raise _unreadable(stated)
    return [_read(each) for each in stated]


def _read(stated: object) -> Assignment:
    match stated:
        case {"from": int(year), "municipality": str(code), **rest}:
            assignment = Assignment(valid_from=year, municipality=code)
        case {"from": int(year), "region": str(code), **rest}:
            assignment = Assignment(valid_from=year, region=code)
        case {"from": int(year), **rest}:
            assignment = Assignment(valid_from=year)
        case _:
            raise _unreadable(stated)
    if rest or not FIRST_YEAR <= year <= LAST_YEAR:
        raise _unreadable(stated)
    return assignment


def _unreadable(stated: object) -> InvalidInputError:
    reason = Text(
        "Нужен список из from (учебный год) и municipality или region (код); без них "
        "методика действует везде.",
        "A list of `from` (an academic year) and `municipality` or `region` (a code) "
        "is needed; without either the method is in force everywhere.",
    )
    fault = Fault(column="in_force", value=str(stated), reason=reason)
    return InvalidInputError(reason, faults=[fault])
