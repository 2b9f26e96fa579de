"""A school explains what a test found in one of its papers."""

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.objectivity import findings
from services.api.objectivity.usecases import NothingToExplainError
from shared.contracts.events import EventKind
from shared.domain.errors import NotFoundError, Text
from shared.domain.objectivity_tests import LIMITED, SIGN
from shared.persistence.audit import difference, record_change
from shared.persistence.outbox import record
from shared.persistence.tables.objectivity import FindingExplanationRow
from shared.persistence.work import Work

ENTITY = "finding_explanation"
DATASET = "finding-explanations"
# What a school that has said nothing yet would have to name with If-Match.
UNSAID = 0


async def explain_finding(
    work: Work, actor: Actor, finding_id: int, explanation: str, expected: Expected
) -> FindingExplanationRow:
    """Write the explanation; the same text again changes nothing.

    It belongs to the paper and the test, and so stands beside whatever later runs find
    there.

    Raises:
        NotFoundError: the caller is no school, or has no such finding.
        NothingToExplainError: the test found no sign, not even with reserve.
        PreconditionFailedError: it has another version than expected.
    """
    own_school = actor.school_id
    finding = None
    if own_school is not None:
        finding = await findings.find_finding(work, finding_id, own_school)
    if finding is None:
        raise _unknown(finding_id)
    if finding.verdict not in {SIGN, LIMITED}:
        raise _nothing(finding_id)
    said = await findings.lock_explanation(work, finding)
    expected.check(UNSAID if said is None else said.version)
    before = None if said is None else said.explanation
    changes = difference({"explanation": before}, {"explanation": explanation})
    if said is not None and not changes:
        return said
    written = await findings.write_explanation(work, finding, explanation, work.now)
    await record_change(
        work,
        ENTITY,
        "explain",
        changes,
        municipality_id=written.municipality_id,
        entity_id=written.id,
        school_id=written.school_id,
    )
    await record(
        work,
        EventKind.RECORDS_CHANGED,
        municipality_id=written.municipality_id,
        school_id=written.school_id,
        academic_year=written.year,
        payload={"dataset": DATASET, "id": written.id, "action": "explain"},
    )
    return written


def _unknown(finding_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Находки {finding_id} у вашей школы нет: поясняет её сама школа. Ваши: "
            "GET /v1/objectivity-findings.",
            f"Your school has no finding {finding_id}: the school itself explains it. "
            "Yours: GET /v1/objectivity-findings.",
        )
    )


def _nothing(finding_id: int) -> NothingToExplainError:
    return NothingToExplainError(
        Text(
            f"Проверка {finding_id} признака не нашла: пояснять нечего.",
            f"The test {finding_id} found no sign: there is nothing to explain.",
        )
    )
