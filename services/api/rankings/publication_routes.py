"""Publications of rankings: drafts, objections of schools, orders."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.runs import AcademicYearFilter, ScoredOut
from services.api.http.work import RequestWork
from services.api.rankings import objection_usecases as objections
from services.api.rankings import publication_repository as repository
from services.api.rankings import publication_usecases as usecases
from services.api.rankings.publication_schemas import (
    AnswerIn,
    ObjectionIn,
    ObjectionOut,
    PublicationIn,
    PublicationOut,
    PublishedRankingOut,
    PublishIn,
    WithdrawIn,
)
from services.api.rankings.publication_usecases import (
    DraftExistsError,
    RowsChangedError,
)
from services.api.rankings.repository import list_places
from services.api.rankings.runs import ranking_run
from services.api.rankings.schemas import OutsideOut, PlaceOut
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.domain.ranking_publications import (
    InvalidWindowError,
    ObjectionWindowError,
    PublicationStatus,
    PublicationWrongStateError,
    UnansweredObjectionsError,
)
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["rankings"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.RANKINGS_READ))]
Publisher = Annotated[Actor, Depends(require(Permission.RANKINGS_PUBLISH))]
Objector = Annotated[Actor, Depends(require(Permission.RANKINGS_OBJECT))]
DENIALS = (NotFoundError, ForbiddenError, UnauthenticatedError)


@router.get(
    "/ranking-publications",
    operation_id="list_ranking_publications",
    summary="Drafts of rankings and published ones",
    responses=problems(*DENIALS),
)
async def list_ranking_publications(
    *,
    work: RequestWork,
    _actor: Reader,
    municipality_id: RowId | None = None,
    academic_year: AcademicYearFilter = None,
    status: PublicationStatus | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[PublicationOut]:
    rows = await repository.list_publications(
        work,
        municipality_id=municipality_id,
        academic_year=academic_year,
        status=status,
        after=after,
        limit=limit,
    )
    return page_out(PublicationOut, rows, limit)


@router.post(
    "/ranking-publications",
    operation_id="draft_ranking_publication",
    summary="Put the places of a run before the schools",
    description=(
        "The draft shows this run for good, whatever is computed later; schools may "
        "object to it on the days of the window."
    ),
    status_code=201,
    responses=problems(InvalidWindowError, DraftExistsError, *DENIALS),
)
async def draft_ranking_publication(
    work: RequestWork,
    _actor: Publisher,
    body: PublicationIn,
    response: Response,
    _once: Once,
) -> PublicationOut:
    number = await usecases.draft(work, body)
    response.headers["Location"] = f"/v1/ranking-publications/{number}"
    return await _publication(work, number)


@router.get(
    "/ranking-publications/{publication_id}",
    operation_id="read_ranking_publication",
    summary="A publication with its places",
    description="A school sees its own place in the draft and in what is published.",
    responses=problems(*DENIALS),
)
async def read_ranking_publication(
    work: RequestWork, actor: Reader, publication_id: RowId
) -> PublishedRankingOut:
    publication = await _publication(work, publication_id)
    is_intact = None
    if actor.school_id is None:
        found = await repository.hash_rows(work, publication.run_id)
        is_intact = found == publication.rows_hash
    places = await list_places(work, publication.run_id, "overall")
    run = await ranking_run(work, publication.run_id)
    return PublishedRankingOut(
        **publication.model_dump(),
        method=ScoredOut.envelope_of(run)["method"],
        is_intact=is_intact,
        places=[PlaceOut.model_validate(each) for each in places if each.place],
        outside=[OutsideOut.model_validate(each) for each in places if each.reason],
    )


@router.post(
    "/ranking-publications/{publication_id}/publish",
    operation_id="publish_ranking",
    summary="Publish a draft by an order",
    description=(
        "After the window, with every objection answered. What was published of the "
        "year before is replaced."
    ),
    responses=problems(
        PublicationWrongStateError,
        ObjectionWindowError,
        UnansweredObjectionsError,
        RowsChangedError,
        *DENIALS,
    ),
)
async def publish_ranking(
    work: RequestWork,
    _actor: Publisher,
    publication_id: RowId,
    body: PublishIn,
    _once: Once,
) -> PublicationOut:
    await usecases.publish(work, publication_id, body)
    return await _publication(work, publication_id)


@router.post(
    "/ranking-publications/{publication_id}/withdraw",
    operation_id="withdraw_ranking",
    summary="Withdraw a draft, or what was published",
    responses=problems(PublicationWrongStateError, *DENIALS),
)
async def withdraw_ranking(
    work: RequestWork,
    _actor: Publisher,
    publication_id: RowId,
    body: WithdrawIn,
    _once: Once,
) -> PublicationOut:
    await usecases.withdraw(work, publication_id, body)
    return await _publication(work, publication_id)


@router.get(
    "/ranking-publications/{publication_id}/objections",
    operation_id="list_ranking_objections",
    summary="Objections to a draft, with their answers",
    description="A school sees its own.",
    responses=problems(*DENIALS),
)
async def list_ranking_objections(
    *,
    work: RequestWork,
    _actor: Reader,
    publication_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ObjectionOut]:
    await _publication(work, publication_id)
    rows = await repository.list_objections(
        work, publication_id, after=after, limit=limit
    )
    return page_out(ObjectionOut, rows, limit)


@router.post(
    "/ranking-publications/{publication_id}/objections",
    operation_id="object_to_ranking",
    summary="Object to a draft, on a day of its window",
    status_code=201,
    responses=problems(PublicationWrongStateError, ObjectionWindowError, *DENIALS),
)
async def object_to_ranking(
    work: RequestWork,
    actor: Objector,
    publication_id: RowId,
    body: ObjectionIn,
    _once: Once,
) -> ObjectionOut:
    number = await objections.object_to(work, actor, publication_id, body)
    return await _objection(work, publication_id, number)


@router.post(
    "/ranking-publications/{publication_id}/objections/{objection_id}/answer",
    operation_id="answer_ranking_objection",
    summary="Accept or reject an objection, with the reason",
    description=(
        "What follows from an accepted one, such as corrected results and a new draft, "
        "is entered apart."
    ),
    responses=problems(PublicationWrongStateError, *DENIALS),
)
async def answer_ranking_objection(
    *,
    work: RequestWork,
    _actor: Publisher,
    publication_id: RowId,
    objection_id: RowId,
    body: AnswerIn,
    _once: Once,
) -> ObjectionOut:
    await objections.answer(work, publication_id, objection_id, body)
    return await _objection(work, publication_id, objection_id)


async def _publication(work: Work, number: int) -> PublicationOut:
    row = await repository.read_publication(work, number)
    if row is None:
        raise usecases.unknown_publication(number)
    return PublicationOut.model_validate(row)


async def _objection(work: Work, publication_id: int, number: int) -> ObjectionOut:
    row = await repository.read_objection(work, publication_id, number)
    if row is None:
        raise objections.unknown_objection(number)
    return ObjectionOut.model_validate(row)
