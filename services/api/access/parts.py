"""What somebody may hand on: no place outside of the own part, no role above."""

from collections.abc import Iterable

from sqlalchemy import exists, select

from services.api.http.auth import Actor
from shared.domain.errors import (
    Fault,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
)
from shared.domain.permissions import GRANTS, Role, may_assign
from shared.domain.scopes import permissions_behind
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


class RoleAboveOwnError(ForbiddenError):
    """The role is above the caller's own; nothing was changed."""

    code = "role_above_own"
    title = Text("Роль выше вашей", "The role is above your own")


def require_assignable(actor: Actor, role: Role) -> None:
    """Refuse to give, change or end a role that is above the actor's own.

    Raises:
        RoleAboveOwnError: it is.
    """
    if not may_assign(actor.role, role):
        raise RoleAboveOwnError(
            Text(
                f"Роль «{role}» вы не назначаете: она выше вашей роли «{actor.role}».",
                f"The role '{role}' is not yours to give: it is above your role "
                f"'{actor.role}'.",
            )
        )


class ScopeNotHeldError(ForbiddenError):
    """A program was to do what its issuer, or any program, may not; it was not made."""

    code = "scope_not_held"
    title = Text("Таких прав у вас нет", "You do not have these rights")


def require_held(actor: Actor, scopes: Iterable[str]) -> None:
    """Refuse to lend a program what the actor does not have, or no program may have.

    Raises:
        ScopeNotHeldError: a scope is not the actor's to give; the detail names it.
    """
    held = actor.permissions & GRANTS[Role.API_CLIENT]
    missing = permissions_behind([*scopes]) - held
    if missing:
        listed = ", ".join(sorted(missing))
        raise ScopeNotHeldError(
            Text(
                f"Нельзя выдать то, чего нет у вас самих или не бывает у токенов: "
                f"{listed}.",
                "What you do not have yourself, or no token may have, cannot be "
                f"given: {listed}.",
            )
        )
