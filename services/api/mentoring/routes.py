"""Mentoring agreements over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from services.api.http.auth import Actor
from services.api.http.conditional import version_tag
from services.api.http.dates import Day
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import PageOut, numbered_paging_by, page_out
from services.api.http.preconditions import (
    IfMatch,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.mentoring import drafting, readings, usecases
from services.api.mentoring.document_routes import router as documents
from services.api.mentoring.drafting import (
    AgreementAcrossMunicipalitiesError,
    AgreementNotDraftError,
)
from services.api.mentoring.effect_routes import router as effects
from services.api.mentoring.match_routes import router as matches
from services.api.mentoring.meeting_routes import router as meetings
from services.api.mentoring.narrowing import AgreementFilter
from services.api.mentoring.outputs import AgreementOut, AgreementSummaryOut
from services.api.mentoring.rights import (
    ALWAYS,
    PREFIX,
    UNSEEN,
    Reader,
    Signer,
    Writer,
)
from services.api.mentoring.scan_routes import router as scans
from services.api.mentoring.schemas import AgreementIn, AgreementPatch, TransitionIn
from services.api.mentoring.suggestion_routes import router as suggestions
from shared.domain.agreement_errors import (
    AgreementEndedError,
    AgreementNotStartedError,
    AgreementOutsideProgrammeError,
    AgreementPeriodReversedError,
    AgreementSameSchoolError,
    AgreementUnconfirmedError,
    AgreementWithoutGoalError,
    AgreementWithoutPlanError,
    AlreadyConfirmedError,
    ConfirmationNeedlessError,
    DuplicateAgreementError,
    MentorCapacityExhaustedError,
    MentorOnLowListError,
)
from shared.domain.agreement_evaluation import (
    EvaluationNeedlessError,
    EvaluationRequiredError,
)
from shared.domain.agreement_performers import AgreementForbiddenError
from shared.domain.agreements import (
    AgreementStatus,
    AgreementWrongStateError,
    AlreadySignedError,
    ReasonRequiredError,
    SignatureSideRequiredError,
)
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.work import Work

agreements = APIRouter(prefix=PREFIX, tags=["mentoring"], route_class=IdempotentRoute)


@agreements.post(
    "",
    operation_id="create_mentoring_agreement",
    summary="Draft an agreement between a mentor and a mentee school",
    status_code=status.HTTP_201_CREATED,
    responses=problems(
        *ALWAYS,
        AgreementSameSchoolError,
        AgreementPeriodReversedError,
        AgreementAcrossMunicipalitiesError,
        DuplicateAgreementError,
    ),
)
async def create_agreement(
    work: RequestWork,
    actor: Writer,
    _once: Once,
    body: AgreementIn,
    response: Response,
) -> AgreementOut:
    agreement_id = await drafting.create(work, actor, body.draft())
    response.headers["Location"] = f"{PREFIX}/{agreement_id}"
    return await _answer(work, actor, agreement_id, response)


@agreements.get(
    "",
    operation_id="list_mentoring_agreements",
    summary="The agreements that the caller may see",
    description="A school sees those that it is a party to.",
    responses=problems(*ALWAYS),
)
async def list_agreements(
    *,
    work: RequestWork,
    _actor: Reader,
    agreement_status: Annotated[AgreementStatus | None, Query(alias="status")] = None,
    school_id: RowId | None = None,
    mentor_school_id: RowId | None = None,
    mentee_school_id: RowId | None = None,
    municipality_id: RowId | None = None,
    active_on: Annotated[
        Day | None, Query(description="Only those in force at the end of that day")
    ] = None,
    paging: Annotated[NumberedPaging, Depends(numbered_paging_by(*readings.SORTS))],
) -> PageOut[AgreementSummaryOut]:
    wanted = AgreementFilter(
        status=agreement_status,
        school_id=school_id,
        mentor_school_id=mentor_school_id,
        mentee_school_id=mentee_school_id,
        municipality_id=municipality_id,
        active_on=active_on,
    )
    found = await readings.list_agreements(work, wanted, paging)
    return page_out(AgreementSummaryOut, found, paging.limit)


@agreements.get(
    "/{agreement_id}",
    operation_id="read_mentoring_agreement",
    summary="An agreement with its plan, signatures and history",
    responses=problems(*ALWAYS),
)
async def read_agreement(
    work: RequestWork, actor: Reader, agreement_id: RowId, response: Response
) -> AgreementOut:
    return await _answer(work, actor, agreement_id, response)


@agreements.patch(
    "/{agreement_id}",
    operation_id="edit_mentoring_agreement",
    summary="Change the content of a draft",
    responses=problems(
        *ALWAYS,
        *UNSEEN,
        AgreementPeriodReversedError,
        AgreementNotDraftError,
        DuplicateAgreementError,
    ),
)
async def edit_agreement(
    *,
    work: RequestWork,
    actor: Writer,
    agreement_id: RowId,
    expected: IfMatch,
    body: AgreementPatch,
    response: Response,
) -> AgreementOut:
    await drafting.edit(work, actor, agreement_id, body.changes(), expected=expected)
    return await _answer(work, actor, agreement_id, response)


@agreements.post(
    "/{agreement_id}/transitions",
    operation_id="perform_mentoring_agreement_transition",
    summary="Propose, confirm, sign, activate, suspend, resume, complete or terminate",
    description=(
        "draft → proposed → signed (both sides) → active ⇄ suspended; active → "
        "completed; whatever is not closed can be terminated with a reason. Where the "
        "schools are of two municipalities, the coordinators of both confirm what is "
        "proposed before it is signed."
    ),
    responses=problems(
        *ALWAYS,
        *UNSEEN,
        AgreementForbiddenError,
        AgreementWrongStateError,
        AlreadySignedError,
        AlreadyConfirmedError,
        ConfirmationNeedlessError,
        SignatureSideRequiredError,
        ReasonRequiredError,
        EvaluationRequiredError,
        EvaluationNeedlessError,
        AgreementPeriodReversedError,
        AgreementOutsideProgrammeError,
        AgreementWithoutGoalError,
        AgreementWithoutPlanError,
        MentorOnLowListError,
        MentorCapacityExhaustedError,
        DuplicateAgreementError,
        AgreementUnconfirmedError,
        AgreementNotStartedError,
        AgreementEndedError,
    ),
)
async def perform_transition(
    *,
    work: RequestWork,
    actor: Signer,
    agreement_id: RowId,
    expected: IfMatch,
    _once: Once,
    body: TransitionIn,
    response: Response,
) -> AgreementOut:
    await usecases.perform(
        work,
        actor,
        agreement_id,
        body.action,
        expected=expected,
        side=body.side,
        reason=body.reason,
        evaluation=body.stated_evaluation,
    )
    return await _answer(work, actor, agreement_id, response)


async def _answer(
    work: Work, actor: Actor, agreement_id: int, response: Response
) -> AgreementOut:
    record = await readings.read_agreement(work, agreement_id)
    answer = AgreementOut.model_validate(record)
    response.headers["ETag"] = version_tag(record.version)
    answer.possible_actions = list(usecases.possible_actions(actor, record.agreement))
    return answer


router = APIRouter()
router.include_router(agreements)
router.include_router(documents)
router.include_router(effects)
router.include_router(matches)
router.include_router(meetings)
router.include_router(scans)
router.include_router(suggestions)
