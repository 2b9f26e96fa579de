"""A school explains a sign of non-objectivity that it was told to show."""

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.objectivity import repository
from shared.contracts.events import EventKind
from shared.domain.errors import ConflictError, NotFoundError, Text
from shared.persistence.audit import difference, record_change
from shared.persistence.outbox import record
from shared.persistence.tables.conditions import ObjectivitySignRow
from shared.persistence.work import Work

ENTITY = "objectivity_sign"
DATASET = "objectivity-signs"


class NothingToExplainError(ConflictError):
    """The school shows no sign of non-objectivity in that year."""

    code = "nothing_to_explain"
    title = Text("Признаков нет", "There is no sign")


async def explain(
    work: Work, actor: Actor, sign_id: int, explanation: str, expected: Expected
) -> ObjectivitySignRow:
    """Write the explanation; the same text again changes nothing.

    An explanation is no correction of the year's data: it may follow their closing.

    Raises:
        NotFoundError: the caller is no school, or has no such sign.
        PreconditionFailedError: it has another version than expected.
        NothingToExplainError: there is no sign in that year.
    """
    own_school = actor.school_id
    sign = None
    if own_school is not None:
        sign = await repository.lock_sign(work, sign_id, own_school)
    if sign is None:
        raise _unknown(sign_id)
    expected.check(sign.version)
    if not sign.has_sign:
        raise _nothing(sign.year)
    changes = difference(
        {"explanation": sign.explanation}, {"explanation": explanation}
    )
    if not changes:
        return sign
    sign = await repository.write_explanation(work, sign_id, explanation, work.now)
    await record_change(
        work,
        ENTITY,
        "explain",
        changes,
        municipality_id=sign.municipality_id,
        entity_id=sign.id,
        school_id=sign.school_id,
    )
    await record(
        work,
        EventKind.RECORDS_CHANGED,
        municipality_id=sign.municipality_id,
        school_id=sign.school_id,
        academic_year=sign.year,
        payload={"dataset": DATASET, "id": sign.id, "action": "explain"},
    )
    return sign


def _unknown(sign_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Признака {sign_id} у вашей школы нет: поясняет его сама школа. Ваши "
            f"записи: GET /v1/{DATASET}.",
            f"Your school has no sign {sign_id}: the school itself explains it. Your "
            f"rows: GET /v1/{DATASET}.",
        )
    )


def _nothing(year: int) -> NothingToExplainError:
    return NothingToExplainError(
        Text(
            f"За {year}/{year + 1} учебный год у школы нет признаков: пояснять нечего.",
            f"The school shows no sign in {year}/{year + 1}: nothing to explain.",
        )
    )
