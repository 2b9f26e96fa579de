"""Putting a ranking before the schools, publishing and withdrawing it."""

from typing import Any

from services.api.rankings import publication_repository as repository
from services.api.rankings.publication_schemas import (
    PublicationIn,
    PublishIn,
    WithdrawIn,
)
from services.api.rankings.runs import ranking_run
from shared.domain.errors import ConflictError, NotFoundError, Text
from shared.domain.ranking_publications import (
    PublicationStatus,
    check_publishing,
    check_window,
    require,
)
from shared.persistence.audit import created, difference, record_change
from shared.persistence.local_dates import today_of
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

ENTITY = "ranking_publication"


class DraftExistsError(ConflictError):
    """A ranking of the year is before the schools already."""

    code = "ranking_draft_exists"
    title = Text("Проект уже есть", "There is a draft already")


class RowsChangedError(ConflictError):
    """The places of the run are not those that were put before the schools."""

    code = "ranking_rows_changed"
    title = Text("Строки рейтинга изменились", "The rows of the ranking have changed")


async def draft(work: Work, body: PublicationIn) -> int:
    """Put the places of a run before the schools.

    Raises:
        NotFoundError: the caller sees no such run.
        InvalidWindowError: schools could not object.
        DraftExistsError: another draft of the year is there.
    """
    run = await ranking_run(work, body.run_id)
    today = await today_of(work, run.municipality_id)
    check_window(body.objections_from, body.objections_until, today=today)
    for row in await repository.lock_years(work, run.municipality_id, run.year):
        if row.status == PublicationStatus.DRAFT:
            raise DraftExistsError(
                Text(
                    f"Проект рейтинга за этот год уже есть ({row.id}): опубликуйте или "
                    "отзовите его.",
                    f"There is a draft of this year already ({row.id}): publish or "
                    "withdraw it.",
                )
            )
    values = {
        **body.model_dump(),
        "municipality_id": run.municipality_id,
        "academic_year": run.year,
        "rows_hash": await repository.hash_rows(work, run.id),
        "status": PublicationStatus.DRAFT,
        "drafted_at": work.now,
    }
    number = await repository.insert_publication(work, values)
    await record_change(
        work,
        ENTITY,
        "draft",
        created(values),
        municipality_id=run.municipality_id,
        entity_id=number,
    )
    return number


async def publish(work: Work, number: int, body: PublishIn) -> None:
    """Publish a draft by an order; whatever was published of its year is replaced.

    Raises:
        NotFoundError: the caller sees no such publication.
        PublicationWrongStateError: it is no draft any more.
        ObjectionWindowError: schools may still object.
        UnansweredObjectionsError: some objections have no answer.
        RowsChangedError: its places are not those that schools were shown.
    """
    seen = await repository.read_publication(work, number)
    if seen is None:
        raise unknown_publication(number)
    years = await repository.lock_years(work, seen.municipality_id, seen.academic_year)
    row = await held_publication(work, number)
    check_publishing(
        PublicationStatus(row.status),
        row.objections_until,
        today=await today_of(work, row.municipality_id),
        unanswered=await repository.count_unanswered(work, number),
    )
    if await repository.hash_rows(work, row.run_id) != row.rows_hash:
        raise RowsChangedError(
            Text(
                "Места в расчёте не те, что видели школы: отзовите проект и покажите "
                "новый.",
                "The places of the run are not those that schools were shown: withdraw "
                "the draft and show a new one.",
            )
        )
    for other in years:
        if other.status == PublicationStatus.PUBLISHED:
            await _change(
                work, other, "replace", {"status": PublicationStatus.REPLACED}
            )
    values = {
        **body.model_dump(),
        "status": PublicationStatus.PUBLISHED,
        "published_at": work.now,
    }
    await _change(work, row, "publish", values)


async def withdraw(work: Work, number: int, body: WithdrawIn) -> None:
    """Withdraw a draft, or what was published.

    Raises:
        NotFoundError: the caller sees no such publication.
        PublicationWrongStateError: it is withdrawn or replaced already.
    """
    row = await held_publication(work, number)
    require(
        PublicationStatus(row.status),
        PublicationStatus.DRAFT,
        PublicationStatus.PUBLISHED,
    )
    values = {
        "status": PublicationStatus.WITHDRAWN,
        "withdrawal_order": body.order_number,
        "withdrawal_reason": body.reason,
        "withdrawn_at": work.now,
    }
    await _change(work, row, "withdraw", values, reason=body.reason)


async def held_publication(work: Work, number: int) -> AnyRow:
    """Return a publication that nobody else changes until the transaction ends.

    Raises:
        NotFoundError: the caller sees no such publication.
    """
    row = await repository.read_publication(work, number, lock=True)
    if row is None:
        raise unknown_publication(number)
    return row


def unknown_publication(number: int) -> NotFoundError:
    """Say that there is no such publication."""
    return NotFoundError(
        Text(
            f"Публикации рейтинга с номером {number} нет.",
            f"There is no publication {number} of a ranking.",
        )
    )


async def _change(
    work: Work,
    row: AnyRow,
    action: str,
    values: dict[str, Any],
    *,
    reason: str | None = None,
) -> None:
    await repository.update_publication(work, row.id, values)
    await record_change(
        work,
        ENTITY,
        action,
        difference(row._asdict(), values),
        municipality_id=row.municipality_id,
        entity_id=row.id,
        reason=reason,
    )
