"""Entering regions and municipalities, and correcting what is known of them."""

from collections.abc import Mapping
from typing import Any

from services.api.organisations import repository, territory_repository
from services.api.organisations.errors import TerritoryExistsError
from services.api.organisations.usecases import unknown_municipality
from shared.contracts.events import EventKind
from shared.domain.errors import Fault, InvalidInputError, NotFoundError, Text
from shared.domain.provenance import ProvenanceKind
from shared.domain.record_rules import Facts, not_in_the_future
from shared.persistence.audit import created, difference, record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

_IN_TIME = not_in_the_future("order_on")


async def create_region(work: Work, values: Mapping[str, Any]) -> AnyRow:
    """Enter a region.

    Raises:
        TerritoryExistsError: there is one with its code.
    """
    row = await territory_repository.insert_region(work, values)
    if row is None:
        raise _exists(values["code"])
    await record_change(
        work,
        "region",
        "create",
        created(values),
        municipality_id=None,
        entity_id=row.id,
    )
    return row


async def create_municipality(work: Work, values: Mapping[str, Any]) -> AnyRow:
    """Enter a municipality, whose results will be real ones.

    Raises:
        NotFoundError: there is no such region.
        TerritoryExistsError: there is one with its code.
    """
    region_id = values["region_id"]
    if not await territory_repository.has_region(work, region_id):
        reason = Text(
            f"Региона с номером {region_id} нет: GET /v1/regions.",
            f"There is no region {region_id}: GET /v1/regions.",
        )
        fault = Fault(reason=reason, column="region_id", value=str(region_id))
        raise NotFoundError(reason, faults=[fault])
    number = await territory_repository.insert_municipality(
        work, {**values, "synthetic": False, "provenance": ProvenanceKind.LOCAL}
    )
    if number is None:
        raise _exists(values["code"])
    await record_change(
        work,
        "municipality",
        "create",
        created(values),
        municipality_id=number,
        entity_id=number,
    )
    return await _read(work, number)


async def replace_municipality(
    work: Work, municipality_id: int, values: Mapping[str, Any]
) -> AnyRow:
    """Correct what is known of a municipality; equal values change nothing.

    Raises:
        NotFoundError: there is no such municipality.
    """
    before = await territory_repository.lock_municipality(work, municipality_id)
    if before is None:
        raise unknown_municipality(municipality_id)
    changes = difference(before, values)
    if changes:
        await territory_repository.update_municipality(work, municipality_id, values)
        await record_change(
            work,
            "municipality",
            "update",
            changes,
            municipality_id=municipality_id,
            entity_id=municipality_id,
        )
    if "time_zone" in changes:
        # Days begin at other moments: what is due, and whom to remind when.
        await record(work, EventKind.PROGRAMME_CHANGED, municipality_id=municipality_id)
    return await _read(work, municipality_id)


async def decide_on_public_view(
    work: Work, municipality_id: int, decision: Mapping[str, Any]
) -> AnyRow:
    """Show sums of a municipality's results to anybody, or no longer, by an order.

    Raises:
        NotFoundError: there is no such municipality.
        InvalidInputError: the order is of a day to come.
    """
    before = await territory_repository.lock_municipality(work, municipality_id)
    if before is None:
        raise unknown_municipality(municipality_id)
    today = work.today_in(before["time_zone"])
    faults = [*_IN_TIME(decision, Facts(today=today))]
    if faults:
        raise InvalidInputError(faults[0].reason, faults=faults)
    wanted = {"is_public": decision["is_public"]}
    changes = difference(before, wanted)
    if changes:
        order = f"{decision['order_number']}, {decision['order_on']}"
        await territory_repository.update_municipality(work, municipality_id, wanted)
        await record_change(
            work,
            "municipality",
            "publish" if decision["is_public"] else "withhold",
            {**changes, "order": [None, order]},
            municipality_id=municipality_id,
            entity_id=municipality_id,
            reason=decision["reason"],
        )
    return await _read(work, municipality_id)


async def _read(work: Work, municipality_id: int) -> AnyRow:
    row = await repository.find_municipality(work, municipality_id)
    if row is None:
        raise unknown_municipality(municipality_id)
    return row


def _exists(code: str) -> TerritoryExistsError:
    return TerritoryExistsError(
        Text(f"Код «{code}» уже занят.", f"The code '{code}' is taken already.")
    )
