"""What the tests of objectivity found: a list, a school's page, its explanations."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from services.api.http.absences import absent_of
from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, page_of
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.runs import (
    AcademicYearFilter,
    ComputedOut,
    IdFilter,
    MunicipalityFilter,
    NotComputedYetError,
    chosen_municipality,
    current_run,
)
from services.api.http.work import RequestWork
from services.api.objectivity import explaining, findings
from services.api.objectivity.finding_schemas import (
    FindingExplanationOut,
    FindingsOut,
    SchoolObjectivityOut,
    TestCode,
    Verdict,
)
from services.api.objectivity.findings import FindingFilter
from services.api.objectivity.presenting import finding_out, localized, method_out
from services.api.objectivity.schemas import ExplanationIn
from services.api.objectivity.usecases import NothingToExplainError
from shared.contracts.events import Topic
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.objectivity_tests import NOTICE, TESTS, VERDICTS
from shared.domain.permissions import Permission
from shared.persistence.paging import AnyRow
from shared.persistence.runs import RunRecord
from shared.persistence.visibility import sees_school

router = APIRouter(prefix="/v1", tags=["objectivity"])

Reader = Annotated[Actor, Depends(require(Permission.CONDITIONS_READ))]
DENIALS = (ForbiddenError, UnauthenticatedError)


@router.get(
    "/objectivity-findings",
    operation_id="list_objectivity_findings",
    summary="Signs of non-objectivity that our own tests looked for",
    description=(
        "Of the newest run of a municipality's year. Signs are no proofs, and the "
        "results may not be used to judge teachers. A school sees its own."
    ),
    responses=problems(NotComputedYetError, InvalidInputError, NotFoundError, *DENIALS),
)
async def list_objectivity_findings(
    *,
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
    test: TestCode | None = None,
    verdict: Verdict | None = None,
    school_id: IdFilter = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> FindingsOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    if school_id is not None and not await sees_school(work, school_id):
        raise _no_school(school_id)
    run = await current_run(work, Topic.OBJECTIVITY, chosen, academic_year)
    wanted = FindingFilter(test=test, verdict=verdict, school_id=school_id)
    rows = await findings.list_findings(work, run.id, wanted, after=after, limit=limit)
    page, next_after = page_of(rows, limit)
    return FindingsOut(
        **_envelope(run),
        absent=await absent_of(work, Topic.OBJECTIVITY, run, seen_by=actor.school_id),
        items=[finding_out(row) for row in page],
        next_after=next_after,
    )


@router.get(
    "/schools/{school_id}/objectivity",
    operation_id="get_school_objectivity",
    summary="The objectivity of a school's year: federal markers and own tests",
    description=(
        "The imported markers, what our own tests found with n and p-values, and the "
        "school's explanations beside them. Signs are no proofs."
    ),
    responses=problems(NotComputedYetError, InvalidInputError, NotFoundError, *DENIALS),
)
async def get_school_objectivity(
    *,
    work: RequestWork,
    actor: Reader,
    school_id: RowId,
    academic_year: AcademicYearFilter = None,
) -> SchoolObjectivityOut:
    school = await findings.find_school(work, school_id)
    if school is None or actor.school_id not in {None, school_id}:
        raise _no_school(school_id)
    run = await current_run(
        work, Topic.OBJECTIVITY, school.municipality_id, academic_year
    )
    rows = await findings.list_of_school(work, run.id, school_id)
    return SchoolObjectivityOut.model_validate(
        {
            **_envelope(run),
            "school_id": school.id,
            "school_name": school.name,
            "federal": await findings.find_markers(work, school_id, run.year),
            "counts": _counts(rows),
            "findings": [finding_out(row) for row in rows],
        }
    )


@router.put(
    "/objectivity-findings/{finding_id}/explanation",
    operation_id="explain_objectivity_finding",
    summary="A school explains what a test found",
    description=(
        "By an account of the school only. The explanation stands beside the finding, "
        "also when it is computed anew."
    ),
    responses=problems(
        NothingToExplainError,
        NotFoundError,
        PreconditionFailedError,
        *DENIALS,
    ),
)
async def explain_objectivity_finding(
    *,
    work: RequestWork,
    actor: Annotated[Actor, Depends(require(Permission.OBJECTIVITY_EXPLAIN))],
    finding_id: RowId,
    body: ExplanationIn,
    expected: OptionalIfMatch,
    response: Response,
) -> FindingExplanationOut:
    said = await explaining.explain_finding(
        work, actor, finding_id, body.explanation, expected
    )
    response.headers["ETag"] = version_tag(said.version)
    return FindingExplanationOut.model_validate(said)


def _envelope(run: RunRecord) -> dict[str, Any]:
    return {
        **ComputedOut.envelope_of(run),
        "academic_year": run.year,
        "notice": localized(NOTICE),
        "method": method_out(run),
    }


def _counts(rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    """Count a school's findings by test and verdict, tests without any among them."""
    found = Counter((row.test, row.verdict) for row in rows)
    return [
        {"test": test} | {verdict: found[test, verdict] for verdict in VERDICTS}
        for test in TESTS
    ]


def _no_school(school_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Школы с номером {school_id} нет.",
            f"There is no school {school_id}.",
        )
    )
