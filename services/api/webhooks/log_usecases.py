"""Trying an endpoint, and having events sent to it once more."""

from services.api.webhooks import log_repository as repository
from services.api.webhooks.schemas import WebhookReplayIn
from services.api.webhooks.usecases import find
from shared.contracts.domain_events import WEBHOOK_TEST
from shared.domain.errors import ConflictError, Text
from shared.persistence import domain_events
from shared.persistence.audit import record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work


class NothingToReplayError(ConflictError):
    """There were no events at that time, or nobody could have made any."""

    code = "nothing_to_replay"
    title = Text("Повторять нечего", "There is nothing to replay")


async def ask_for_test(work: Work, endpoint_id: int) -> AnyRow:
    """Tell an endpoint of a test, by the feed as everything else.

    Raises:
        NotFoundError: the caller sees no such endpoint.
        NothingToReplayError: its part of the tree has no municipality yet.
    """
    row = await find(work, endpoint_id)
    municipality_id = row.municipality_id
    if municipality_id is None:
        municipality_id = await repository.any_municipality(work, row.region_id)
    if municipality_id is None:
        raise _nothing()
    await domain_events.tell(
        work,
        WEBHOOK_TEST,
        dataset=None,
        municipality_id=municipality_id,
        payload={"endpoint_id": endpoint_id},
    )
    return row


async def ask_for_replay(
    work: Work, endpoint_id: int, wanted: WebhookReplayIn
) -> AnyRow:
    """Have the events of a range sent once more, each under its own id.

    Raises:
        NotFoundError: the caller sees no such endpoint.
        NothingToReplayError: there were no events at that time.
    """
    row = await find(work, endpoint_id)
    if wanted.since is not None and wanted.until is not None:
        found = await repository.numbers_between(work, wanted.since, wanted.until)
        if found is None:
            raise _nothing()
        first, last = found
    else:
        first, last = wanted.first_number or 1, wanted.last_number or 1
    number = await repository.insert_replay(work, endpoint_id, first, last)
    await record_change(
        work,
        "webhook_endpoint",
        "replay",
        {"first_number": [None, first], "last_number": [None, last]},
        municipality_id=row.municipality_id,
        school_id=row.school_id,
        entity_id=endpoint_id,
    )
    return await repository.find_replay(work, number)


def _nothing() -> NothingToReplayError:
    return NothingToReplayError(
        Text(
            "За это время в вашей части событий не было.",
            "There were no events at that time in your part.",
        )
    )
