"""Having messages and webhooks sent once more."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from pydantic import ValidationError

from services.api.access import on_site
from services.api.cli.running import in_one_transaction, refuse
from services.api.cli.users import Reason
from services.api.deliveries.schemas import ResendIn, ResendOut
from services.api.deliveries.usecases import resend_range
from services.api.webhooks.log_usecases import ask_for_replay
from services.api.webhooks.schemas import WebhookReplayIn
from services.api.webhooks.usecases import find
from shared.domain.errors import ForbiddenError, NotFoundError, Text
from shared.domain.permissions import Permission
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

LARGEST = 2**63 - 1


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

As = Annotated[str, typer.Option("--as", help="Who wishes it: a login")]
EventNumber = Annotated[int | None, typer.Option(min=1, max=LARGEST)]


@replay.command()
def deliveries(
    *,
    as_login: As,
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


@replay.command()
def webhooks(
    endpoint: Annotated[int, typer.Argument(min=1, help="Its number")],
    *,
    as_login: As,
    first: EventNumber = None,
    last: EventNumber = None,
    since: Annotated[datetime | None, typer.Option(help="Told then or later")] = None,
    until: Annotated[datetime | None, typer.Option(help="Told before then")] = None,
) -> None:
    """Send the events of a range to a webhook endpoint once more, by number or time.

    Each goes under the same `webhook-id` as before. Times are UTC.
    """
    given = {
        "first_number": first,
        "last_number": last,
        "since": since and since.replace(tzinfo=UTC),
        "until": until and until.replace(tzinfo=UTC),
    }
    try:
        wanted = WebhookReplayIn.model_validate(given)
    except ValidationError:
        raise refuse(
            Text(
                "Укажите --first и --last либо --since и --until, начало не позже "
                "конца.",
                "Give --first and --last, or --since and --until, the beginning not "
                "after the end.",
            )
        ) from None

    async def ask(work: Work) -> AnyRow:
        await _require_owner(work, as_login, endpoint)
        return await ask_for_replay(work, endpoint, wanted)

    row = in_one_transaction(ask)
    span = f"{row.first_number}…{row.last_number}"
    typer.echo(f"Будут повторены события {span} / Events {span} will be sent again")


async def _require_owner(work: Work, login: str, endpoint: int) -> None:
    """Let through whom the endpoint is visible to, and who may change it.

    Raises:
        ForbiddenError: the account may not change webhooks.
        NotFoundError: the endpoint is outside of the account's part.
    """
    actor = await on_site.act_for(work, login)
    if not actor.may(Permission.WEBHOOKS_WRITE):
        raise ForbiddenError(
            Text(
                f"У «{login}» нет права {Permission.WEBHOOKS_WRITE}.",
                f"'{login}' has no permission {Permission.WEBHOOKS_WRITE}.",
            )
        )
    row = await find(work, endpoint)
    own = (actor.municipality_id, actor.school_id)
    theirs = (row.municipality_id, row.school_id)
    if any(mine not in {None, its} for mine, its in zip(own, theirs, strict=True)):
        raise NotFoundError(
            Text(
                f"У «{login}» нет вебхука {endpoint}.",
                f"'{login}' has no webhook endpoint {endpoint}.",
            )
        )
