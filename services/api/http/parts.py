"""Which part of the tree somebody may name: none outside of the own part."""

from sqlalchemy import exists, select

from services.api.http.auth import Actor
from shared.domain.errors import Fault, InvalidInputError, NotFoundError, Text
from shared.domain.tree import Part
from shared.persistence.tables.municipalities import RegionRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.visibility import sees_municipality
from shared.persistence.work import Work


def own_part(actor: Actor) -> Part:
    """Return what the actor itself is for."""
    return Part(
        region_id=actor.region_id,
        municipality_id=actor.municipality_id,
        school_id=actor.school_id,
    )


async def part_within(work: Work, actor: Actor, wanted: Part) -> Part:
    """Return the part that is wanted, a school with its municipality.

    Raises:
        InvalidInputError: the places do not go together.
        NotFoundError: there is no such place, or it is outside of the actor's part.
    """
    _check_levels(wanted)
    if wanted.region_id is not None:
        await _require_region(work, actor, wanted.region_id)
        return wanted
    municipality_id = wanted.municipality_id
    if wanted.school_id is not None:
        municipality_id = await _municipality_of(work, actor, wanted)
    if municipality_id is not None:
        await _require_municipality(work, actor, municipality_id)
    return Part(municipality_id=municipality_id, school_id=wanted.school_id)


def _check_levels(wanted: Part) -> None:
    if wanted.region_id is None or (
        wanted.municipality_id is None and wanted.school_id is None
    ):
        return
    reason = Text(
        "Укажите либо регион, либо муниципалитет (и школу в нём).",
        "Name either a region or a municipality (and a school of it).",
    )
    raise InvalidInputError(
        reason,
        faults=[Fault(column="region_id", value=str(wanted.region_id), reason=reason)],
    )


async def _require_region(work: Work, actor: Actor, region_id: int) -> None:
    is_within = actor.municipality_id is None and actor.region_id in {None, region_id}
    known = select(exists().where(RegionRow.id == region_id))
    if not is_within or not await work.session.scalar(known):
        raise _nowhere("региона", "region", region_id)


async def _require_municipality(work: Work, actor: Actor, municipality_id: int) -> None:
    is_within = actor.municipality_id in {None, municipality_id}
    if not is_within or not await sees_municipality(work, municipality_id):
        raise _nowhere("муниципалитета", "municipality", municipality_id)


async def _municipality_of(work: Work, actor: Actor, wanted: Part) -> int:
    found = await work.session.scalar(
        select(SchoolRow.municipality_id).where(SchoolRow.id == wanted.school_id)
    )
    is_within = actor.school_id in {None, wanted.school_id}
    is_there = wanted.municipality_id in {None, found}
    if found is None or not is_within or not is_there:
        raise _nowhere("школы", "school", wanted.school_id)
    return found


def _nowhere(ru: str, en: str, number: int | None) -> NotFoundError:
    return NotFoundError(
        Text(
            f"В вашей части нет {ru} с номером {number}.",
            f"There is no {en} {number} in your part.",
        )
    )
