"""Having figures computed anew."""

from typing import Annotated

import typer

from services.api.access.accounts import part_of_codes
from services.api.cli.running import in_one_transaction
from services.api.cli.users import Municipality, Reason
from services.api.organisations.repository import list_municipalities
from shared.contracts.events import EventKind
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.persistence.audit import record_change
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.outbox import record
from shared.persistence.paging import BY_KEY
from shared.persistence.work import Work

MOST = 1000  # municipalities; a region has some dozens


def recalculate(
    *,
    municipality: Municipality = None,
    year: Annotated[
        int | None,
        typer.Option(min=FIRST_YEAR, max=LAST_YEAR, help="2019 is 2019/2020"),
    ] = None,
    reason: Reason = None,
) -> None:
    """Have the scoring worker compute a municipality's figures anew, or all of them.

    What looks back at a year is computed with it. The worker begins by itself; until
    it is done, answers say that they are stale.
    """
    numbers = in_one_transaction(
        lambda work: _mark(work, municipality, year=year, reason=reason)
    )
    count = len(numbers)
    typer.echo(
        f"Муниципалитетов к пересчёту: {count} / Municipalities to compute: {count}"
    )


async def _mark(
    work: Work, municipality: str | None, *, year: int | None, reason: str | None
) -> list[int]:
    part = await part_of_codes(work, municipality=municipality)
    if part.municipality_id is None:
        rows = await list_municipalities(work, NumberedPaging(BY_KEY, 0, MOST))
        numbers = [row.id for row in rows]
    else:
        numbers = [part.municipality_id]
    for number in numbers:
        await record(
            work,
            EventKind.METHODS_CHANGED,
            municipality_id=number,
            academic_year=year,
            payload={"recalculate": True},
        )
        await record_change(
            work,
            "municipality",
            "recalculate",
            {"academic_year": [None, year]},
            municipality_id=number,
            entity_id=number,
            reason=reason,
        )
    return numbers
