"""Having figures computed anew, and messages sent once more."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from pydantic import ValidationError

from services.api.access import on_site
from services.api.access.accounts import part_of_codes
from services.api.cli.running import in_one_transaction, refuse
from services.api.cli.users import Municipality, Reason
from services.api.deliveries.schemas import ResendIn, ResendOut
from services.api.deliveries.usecases import resend_range
from services.api.organisations.repository import list_municipalities
from shared.contracts.events import EventKind
from shared.domain.errors import Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.persistence.audit import record_change
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.outbox import record
from shared.persistence.paging import BY_KEY
from shared.persistence.work import Work

MOST = 1000  # municipalities; a region has some dozens


class Status(StrEnum):
    """What became of a message."""

    DEAD = "dead"
    SENT = "sent"


class Channel(StrEnum):
    """How a message leaves the system."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    MESSENGER = "messenger"


replay = typer.Typer(
    help="Send again what was sent; needs DATABASE_URL.", no_args_is_help=True
)


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


@replay.command()
def deliveries(
    *,
    as_login: Annotated[str, typer.Option("--as", help="Who wishes it: a login")],
    since: Annotated[datetime, typer.Option(help="Planned then or later, UTC")],
    until: Annotated[datetime, typer.Option(help="Planned before then, UTC")],
    status: Annotated[Status, typer.Option(help="Given up, or sent")] = Status.DEAD,
    channel: Annotated[Channel | None, typer.Option(help="Only by it")] = None,
    reason: Reason = None,
) -> None:
    """Send reminders and other messages of a range once more, to the outside."""
    try:
        wanted = ResendIn.model_validate(
            {
                "since": since.replace(tzinfo=UTC),
                "until": until.replace(tzinfo=UTC),
                "status": status,
                "channel": channel,
                "reason": reason,
            }
        )
    except ValidationError:
        raise refuse(
            Text("since должно быть раньше until.", "since must be before until.")
        ) from None

    async def resend(work: Work) -> list[ResendOut]:
        await on_site.act_for(work, as_login)
        return await resend_range(work, wanted)

    done = in_one_transaction(resend)
    count = sum(each.count for each in done)
    typer.echo(f"Будет отправлено: {count} / To be sent: {count}")
