"""Rules beside received lists, and last year's flags beside this year."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.api.http.auth import Actor, require
from services.api.http.problems import problems
from services.api.http.runs import (
    AcademicYearFilter,
    ComputedOut,
    MunicipalityFilter,
    NotComputedYetError,
    chosen_municipality,
    current_run,
)
from services.api.http.work import RequestWork
from services.api.identification import comparing, repository
from services.api.identification.check_schemas import AgreementsOut, BackTestsOut
from services.api.identification.records import Wanted
from services.api.identification.schemas import RuleOut
from shared.contracts.events import Topic
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["identification"])

Checker = Annotated[Actor, Depends(require(Permission.IDENTIFICATION_CHECKS_READ))]
OF_A_RUN = (
    NotComputedYetError,
    InvalidInputError,
    NotFoundError,
    ForbiddenError,
    UnauthenticatedError,
)


@router.get(
    "/identification-agreement",
    operation_id="compare_identification_with_list",
    summary="Each rule beside the received list: who is on both, one or neither",
    responses=problems(*OF_A_RUN),
)
async def compare_identification_with_list(
    work: RequestWork,
    actor: Checker,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
) -> AgreementsOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    run = await current_run(work, Topic.IDENTIFICATION, chosen, academic_year)
    found = await repository.list_found(work, run.id, Wanted(), after=0, limit=None)
    rules = [RuleOut.of(row) for row in await repository.list_rules(work, run.id)]
    return AgreementsOut(
        **ComputedOut.envelope_of(run),
        academic_year=run.year,
        rules=[comparing.agreement_of(rule, found) for rule in rules],
    )


@router.get(
    "/identification-back-test",
    operation_id="back_test_identification",
    summary="How last year's flags foretold which schools are low this year",
    responses=problems(*OF_A_RUN),
)
async def back_test_identification(
    work: RequestWork,
    actor: Checker,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
) -> BackTestsOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    run = await current_run(work, Topic.IDENTIFICATION, chosen, academic_year)
    found = await repository.list_found(work, run.id, Wanted(), after=0, limit=None)
    tests = await repository.list_back_tests(work, run.id)
    rules = [RuleOut.of(row) for row in await repository.list_rules(work, run.id)]
    return BackTestsOut(
        **ComputedOut.envelope_of(run),
        academic_year=run.year,
        rules=[comparing.back_test_of(rule, tests, found) for rule in rules],
    )
