"""The rostering service of OneRoster 1.2."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from services.api.http.auth import Actor, require
from services.api.http.work import RequestWork
from services.api.oneroster.collections import (
    Page,
    Selection,
    SourcedId,
    answer_one,
    answer_page,
    find_one,
)
from services.api.oneroster.descriptions import described_one, described_page
from services.api.oneroster.orgs import IS_SCHOOL, ORGS
from services.api.oneroster.schemas import (
    AcademicSessionsOut,
    OrgsOut,
    SingleAcademicSessionOut,
    SingleOrgOut,
)
from services.api.oneroster.sessions import (
    ACADEMIC_SESSIONS,
    IS_GRADING_PERIOD,
    IS_TERM,
    is_within,
)
from shared.domain.permissions import Permission

router = APIRouter(prefix="/ims/oneroster/rostering/v1p2", tags=["oneroster"])

Reader = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_READ))]
Asked = Annotated[Page, Query()]
Selected = Annotated[Selection, Query()]


@router.get(
    "/orgs",
    operation_id="oneroster_list_orgs",
    summary="getAllOrgs: regions, municipalities and schools",
    responses=described_page(OrgsOut),
)
async def list_orgs(
    request: Request, work: RequestWork, _actor: Reader, page: Asked
) -> JSONResponse:
    return await answer_page(request, work, ORGS, page)


@router.get(
    "/orgs/{sourced_id}",
    operation_id="oneroster_read_org",
    summary="getOrg",
    responses=described_one(SingleOrgOut),
)
async def read_org(
    request: Request,
    work: RequestWork,
    _actor: Reader,
    sourced_id: SourcedId,
    selection: Selected,
) -> JSONResponse:
    return await answer_one(request, work, ORGS, sourced_id, selection)


@router.get(
    "/schools",
    operation_id="oneroster_list_schools",
    summary="getAllSchools",
    responses=described_page(OrgsOut),
)
async def list_schools(
    request: Request, work: RequestWork, _actor: Reader, page: Asked
) -> JSONResponse:
    return await answer_page(request, work, ORGS, page, IS_SCHOOL)


@router.get(
    "/schools/{sourced_id}",
    operation_id="oneroster_read_school",
    summary="getSchool",
    responses=described_one(SingleOrgOut),
)
async def read_school(
    request: Request,
    work: RequestWork,
    _actor: Reader,
    sourced_id: SourcedId,
    selection: Selected,
) -> JSONResponse:
    return await answer_one(request, work, ORGS, sourced_id, selection, IS_SCHOOL)


@router.get(
    "/academicSessions",
    operation_id="oneroster_list_academic_sessions",
    summary="getAllAcademicSessions: years, half-years and quarters",
    responses=described_page(AcademicSessionsOut),
)
async def list_academic_sessions(
    request: Request, work: RequestWork, _actor: Reader, page: Asked
) -> JSONResponse:
    return await answer_page(request, work, ACADEMIC_SESSIONS, page)


@router.get(
    "/academicSessions/{sourced_id}",
    operation_id="oneroster_read_academic_session",
    summary="getAcademicSession",
    responses=described_one(SingleAcademicSessionOut),
)
async def read_academic_session(
    request: Request,
    work: RequestWork,
    _actor: Reader,
    sourced_id: SourcedId,
    selection: Selected,
) -> JSONResponse:
    return await answer_one(request, work, ACADEMIC_SESSIONS, sourced_id, selection)


@router.get(
    "/terms",
    operation_id="oneroster_list_terms",
    summary="getAllTerms: half-years",
    responses=described_page(AcademicSessionsOut),
)
async def list_terms(
    request: Request, work: RequestWork, _actor: Reader, page: Asked
) -> JSONResponse:
    return await answer_page(request, work, ACADEMIC_SESSIONS, page, IS_TERM)


@router.get(
    "/terms/{sourced_id}",
    operation_id="oneroster_read_term",
    summary="getTerm",
    responses=described_one(SingleAcademicSessionOut),
)
async def read_term(
    request: Request,
    work: RequestWork,
    _actor: Reader,
    sourced_id: SourcedId,
    selection: Selected,
) -> JSONResponse:
    return await answer_one(
        request, work, ACADEMIC_SESSIONS, sourced_id, selection, IS_TERM
    )


@router.get(
    "/terms/{sourced_id}/gradingPeriods",
    operation_id="oneroster_list_grading_periods_of_term",
    summary="getGradingPeriodsForTerm: quarters of a half-year",
    responses=described_page(AcademicSessionsOut),
)
async def list_grading_periods_of_term(
    request: Request,
    work: RequestWork,
    _actor: Reader,
    sourced_id: SourcedId,
    page: Asked,
) -> JSONResponse:
    await find_one(work, ACADEMIC_SESSIONS, sourced_id, IS_TERM)
    return await answer_page(
        request, work, ACADEMIC_SESSIONS, page, IS_GRADING_PERIOD, is_within(sourced_id)
    )


@router.get(
    "/gradingPeriods",
    operation_id="oneroster_list_grading_periods",
    summary="getAllGradingPeriods: quarters",
    responses=described_page(AcademicSessionsOut),
)
async def list_grading_periods(
    request: Request, work: RequestWork, _actor: Reader, page: Asked
) -> JSONResponse:
    return await answer_page(request, work, ACADEMIC_SESSIONS, page, IS_GRADING_PERIOD)


@router.get(
    "/gradingPeriods/{sourced_id}",
    operation_id="oneroster_read_grading_period",
    summary="getGradingPeriod",
    responses=described_one(SingleAcademicSessionOut),
)
async def read_grading_period(
    request: Request,
    work: RequestWork,
    _actor: Reader,
    sourced_id: SourcedId,
    selection: Selected,
) -> JSONResponse:
    return await answer_one(
        request, work, ACADEMIC_SESSIONS, sourced_id, selection, IS_GRADING_PERIOD
    )
