"""Answering recommendations, and judging the answers."""

from datetime import date
from typing import Any

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.recommendations import repository
from services.api.scheduling.following import follow_records
from services.api.scheduling.returns import tell_of_returned_record
from shared.contracts.events import EventKind
from shared.domain.deadline_titles import ANSWER, title_of
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import InvalidInputError, NotFoundError, Text
from shared.domain.recommendations import (
    RecommendationStatus,
    RecommendationStep,
    take_step,
)
from shared.domain.record_rules import Facts, not_in_the_future
from shared.persistence.audit import difference, record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work


async def answer(
    work: Work,
    actor: Actor,
    number: int,
    expected: Expected,
    *,
    text: str,
    done_on: date,
) -> AnyRow:
    """Write what the school has done; its first answer, or another after a return.

    Raises:
        NotFoundError: the caller sees none such, or it is another school's.
        RecommendationWrongStateError: it has been answered already.
        InvalidInputError: it is said to be done on a day that has not come.
    """
    row, status = await _step(work, actor, number, expected, RecommendationStep.ANSWER)
    today = work.today_in(row.time_zone)
    values = {"done_on": done_on}
    faults = list(not_in_the_future("done_on")(values, Facts(today=today)))
    if faults:
        raise InvalidInputError(faults[0].reason, faults=faults)
    changes = values | {"status": status, "answer": text, "answered_on": today}
    return await _write(work, row, RecommendationStep.ANSWER, changes)


async def send_back(
    work: Work, actor: Actor, number: int, expected: Expected, remark: str
) -> AnyRow:
    """Return an answer, saying what it lacks; the school answers again."""
    step = RecommendationStep.RETURN
    row, status = await _step(work, actor, number, expected, step)
    after = await _write(work, row, step, {"status": status, "remark": remark})
    await tell_of_returned_record(
        work,
        DeadlineKind.RECOMMENDATION,
        row.id,
        owner=row,
        title=title_of(ANSWER, row.title),
        comment=remark,
    )
    return after


async def accept(
    work: Work, actor: Actor, number: int, expected: Expected, remark: str | None
) -> AnyRow:
    """Accept an answer; the recommendation is closed."""
    step = RecommendationStep.ACCEPT
    row, status = await _step(work, actor, number, expected, step)
    changes = {
        "status": status,
        "remark": remark,
        "accepted_on": work.today_in(row.time_zone),
    }
    return await _write(work, row, step, changes)


async def _step(
    work: Work,
    actor: Actor,
    number: int,
    expected: Expected,
    step: RecommendationStep,
) -> tuple[AnyRow, RecommendationStatus]:
    row = await repository.lock_recommendation(work, number)
    if row is None or actor.school_id not in (None, row.school_id):
        raise NotFoundError(
            Text(
                f"Рекомендации {number} нет или она вам недоступна. Ваши: "
                "GET /v1/recommendations.",
                f"There is no recommendation {number}, or it is not accessible to you. "
                "Yours: GET /v1/recommendations.",
            )
        )
    expected.check(row.version)
    return row, take_step(RecommendationStatus(row.status), step)


async def _write(
    work: Work, row: AnyRow, step: RecommendationStep, values: dict[str, Any]
) -> AnyRow:
    after = await repository.update_recommendation(work, row.id, **values)
    await follow_records(
        work,
        DeadlineKind.RECOMMENDATION,
        municipality_id=row.municipality_id,
        school_id=row.school_id,
        sources=[row.id],
    )
    await record_change(
        work,
        "recommendation",
        step,
        difference(dict(row._mapping), values),  # noqa: SLF001 (SQLAlchemy's public name)
        municipality_id=row.municipality_id,
        entity_id=row.id,
        school_id=row.school_id,
    )
    await record(
        work,
        EventKind.RECOMMENDATION_CHANGED,
        municipality_id=row.municipality_id,
        school_id=row.school_id,
        payload={"id": row.id, "step": step, "status": values["status"]},
    )
    return after
