"""Whose method it is, and who may decide on it."""

from services.api.http.auth import Actor
from services.api.methods import repository
from shared.domain.errors import (
    Fault,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
)
from shared.domain.methods.slots import MethodPlace
from shared.persistence.paging import AnyRow
from shared.persistence.visibility import sees_municipality
from shared.persistence.work import Work


def place_of(row: AnyRow) -> MethodPlace:
    """Return whose a method is, or where a period is in force."""
    return MethodPlace(region_id=row.region_id, municipality_id=row.municipality_id)


def place_of_actor(actor: Actor) -> MethodPlace:
    """Return the part of the tree that the actor decides for.

    Raises:
        ForbiddenError: it is a school's: schools have no methods of their own.
    """
    if actor.school_id is not None:
        raise ForbiddenError(
            Text(
                "У школы нет своих методик: их ведёт муниципалитет.",
                "A school has no methods of its own: its municipality keeps them.",
            )
        )
    if actor.municipality_id is not None:
        return MethodPlace(municipality_id=actor.municipality_id)
    return MethodPlace(region_id=actor.region_id)


async def chosen_place(
    work: Work, actor: Actor, *, municipality_id: int | None, region_id: int | None
) -> MethodPlace:
    """Return the place asked for, or the actor's own.

    Raises:
        NotFoundError: there is no such place for the actor.
        InvalidInputError: both a municipality and a region are named.
        ForbiddenError: it decides for itself.
    """
    own = place_of_actor(actor)
    if municipality_id is not None and region_id is not None:
        reason = Text(
            "Укажите либо муниципалитет, либо регион.",
            "Name either a municipality or a region.",
        )
        raise InvalidInputError(
            reason, faults=[Fault(column="region_id", reason=reason)]
        )
    if municipality_id is not None:
        if not await sees_municipality(work, municipality_id):
            raise _no_place(municipality_id)
        chosen = MethodPlace(municipality_id=municipality_id)
    elif region_id is not None:
        if not await repository.sees_region(work, region_id):
            raise _no_place(region_id)
        chosen = MethodPlace(region_id=region_id)
    else:
        return own
    _require_decides(own, chosen)
    return chosen


async def visible_method(work: Work, method_id: int) -> AnyRow:
    """Return a method that the actor may see.

    Raises:
        NotFoundError: there is none.
    """
    row = await repository.find_method(work, method_id)
    if row is None:
        raise _unknown(method_id)
    return row


async def own_method(work: Work, actor: Actor, method_id: int) -> AnyRow:
    """Return a method that the actor decides on, locked until the transaction ends.

    Raises:
        NotFoundError: the actor sees no such method.
        ForbiddenError: it is another's.
    """
    row = await visible_method(work, method_id)
    _require_decides(place_of_actor(actor), place_of(row))
    locked = await repository.find_method(work, method_id, lock=True)
    if locked is None:
        raise _unknown(method_id)
    return locked


async def own_period(work: Work, actor: Actor, period_id: int) -> AnyRow:
    """Return a period that the actor decides on, locked until the transaction ends.

    Raises:
        NotFoundError: the actor sees no such period.
        ForbiddenError: it is another's.
    """
    row = await visible_period(work, period_id)
    _require_decides(place_of_actor(actor), place_of(row))
    locked = await repository.find_period(work, period_id, lock=True)
    if locked is None:
        raise _unknown_period(period_id)
    return locked


async def visible_period(work: Work, period_id: int) -> AnyRow:
    """Return a period that the actor may see.

    Raises:
        NotFoundError: there is none.
    """
    row = await repository.find_period(work, period_id)
    if row is None:
        raise _unknown_period(period_id)
    return row


def _require_decides(own: MethodPlace, place: MethodPlace) -> None:
    if own.is_everywhere or own == place:
        return
    raise ForbiddenError(
        Text(
            "Это решает тот, чья это методика: муниципалитет, регион или "
            "администратор. Снимите себе копию: POST /v1/methods/{id}/copy.",
            "Whose method it is decides: the municipality, the region or the "
            "administrator. Take a copy of your own: POST /v1/methods/{id}/copy.",
        )
    )


def _no_place(number: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Места с номером {number} нет или оно вам недоступно.",
            f"There is no place {number}, or it is not accessible to you.",
        )
    )


def _unknown(number: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Методики с номером {number} нет (список: GET /v1/methods).",
            f"There is no method {number} (for a list: GET /v1/methods).",
        )
    )


def _unknown_period(number: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Периода с номером {number} нет (список: GET /v1/method-periods).",
            f"There is no period {number} (for a list: GET /v1/method-periods).",
        )
    )
