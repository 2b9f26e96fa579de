"""What an endpoint may be: of which part, about what, and at which address."""

from services.api.datasets.places import FED
from services.api.http.auth import Actor
from services.api.http.parts import own_part, part_within
from services.api.webhooks.schemas import WebhookEndpointIn
from shared.contracts.domain_events import READ_WITH, DomainEvent
from shared.domain.endpoints import EndpointRefusedError, webhook_endpoint
from shared.domain.errors import Fault, ForbiddenError, InvalidInputError, Text
from shared.domain.permissions import Role
from shared.domain.tree import Part
from shared.persistence.work import Work


class EventNotReadableError(ForbiddenError):
    """An event was asked for that the caller may not read; the detail names it."""

    code = "event_not_readable"
    title = Text("Событие недоступно", "The event is not for the caller")


def check_events(actor: Actor, events: list[DomainEvent]) -> None:
    """Check that the caller may read what the events are about.

    Raises:
        EventNotReadableError: one is not for the caller.
    """
    denied = sorted(each for each in events if not actor.may(READ_WITH[each]))
    if denied:
        listed = ", ".join(denied)
        raise EventNotReadableError(
            Text(
                f"Нет права на чтение того, о чём эти события: {listed}.",
                f"You may not read what these events are about: {listed}.",
            )
        )


def check_datasets(datasets: list[str]) -> None:
    """Check that there are such datasets.

    Raises:
        InvalidInputError: one is unknown.
    """
    unknown = sorted(set(datasets) - FED.keys())
    if unknown:
        listed = ", ".join(unknown)
        reason = Text(
            f"Таких наборов данных нет: {listed}. Какие есть: GET /v1/export-datasets.",
            f"There are no such datasets: {listed}. Those there are: "
            "GET /v1/export-datasets.",
        )
        fault = Fault(column="datasets", value=unknown[0], reason=reason)
        raise InvalidInputError(reason, faults=[fault])


async def part_of(work: Work, actor: Actor, wanted: WebhookEndpointIn) -> Part:
    """Return the part of the tree that is wanted, or else the caller's own.

    Raises:
        InvalidInputError: places do not go together, or are too much for the caller.
        NotFoundError: the place is outside of the caller's part.
    """
    named = Part(
        region_id=wanted.region_id,
        municipality_id=wanted.municipality_id,
        school_id=wanted.school_id,
    )
    part = own_part(actor) if named == Part() else await part_within(work, actor, named)
    if part.municipality_id is None and actor.role is not Role.ADMINISTRATOR:
        reason = Text(
            "Укажите муниципалитет: на весь регион подписывает администратор.",
            "Name a municipality: for a whole region, an administrator does this.",
        )
        fault = Fault(column="municipality_id", reason=reason)
        raise InvalidInputError(reason, faults=[fault])
    return part


def shown(url: str, *, only_https: bool) -> str:
    """Check an address; return what of it may be shown.

    Raises:
        EndpointRefusedError: it cannot be used.
    """
    endpoint = webhook_endpoint(url)
    if only_https and endpoint.scheme != "https":
        raise EndpointRefusedError(
            Text(
                "Адрес не принят: нужен https://….",
                "The address is refused: it must begin with https://.",
            )
        )
    return endpoint.origin
