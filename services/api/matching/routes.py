"""Suggested mentors: for the whole municipality, and the search for one school."""

from itertools import groupby
from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Depends

from services.api.http.absences import absent_of
from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import (
    DEFAULT_PAGE,
    After,
    Limit,
    PageOut,
    page_out,
)
from services.api.http.problems import problems
from services.api.http.runs import (
    AcademicYearFilter,
    MunicipalityFilter,
    NotComputedYetError,
    chosen_municipality,
    current_run,
)
from services.api.http.work import RequestWork
from services.api.matching import repository
from services.api.matching.records import Names, Search, Suggestion
from services.api.matching.schemas import (
    AspectOut,
    DecisionOut,
    ExcludedOut,
    MatchingMethodOut,
    MenteeOut,
    NamedSchoolOut,
    NeedOut,
    OutcomeOut,
    PairOut,
    SearchOut,
    SuggestionsOut,
)
from shared.contracts.events import Topic
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["mentoring"])

Reader = Annotated[Actor, Depends(require(Permission.AGREEMENTS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.AGREEMENTS_WRITE))]
DENIALS = (ForbiddenError, UnauthenticatedError, InvalidInputError, NotFoundError)


@router.get(
    "/mentor-suggestions",
    operation_id="read_mentor_suggestions",
    summary="Mentors that are suggested to a municipality's schools",
    description=(
        "All pairs together bring the most that they can within the mentors' places. "
        "A school sees what is suggested to it and of it, without the other's "
        "figures."
    ),
    responses=problems(NotComputedYetError, *DENIALS),
)
async def read_mentor_suggestions(
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
) -> SuggestionsOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    run = await current_run(work, Topic.MATCHING, chosen, academic_year)
    names = await repository.read_names(work, chosen)
    pairs = [
        pair.seen_by(actor.school_id)
        for pair in await repository.list_suggestions(work, run.id)
    ]
    searches = await repository.list_searches(work, run.id)
    total = sum(pair.benefit for pair in pairs if pair.is_chosen)
    return SuggestionsOut(
        **SuggestionsOut.envelope_of(run),
        academic_year=run.year,
        method=MatchingMethodOut.of(run),
        benefit=None if actor.school_id else round(total, 4),
        mentees=[
            _mentee(list(group), names)
            for _, group in groupby(pairs, attrgetter("mentee_id"))
        ],
        absent=await absent_of(work, Topic.MATCHING, run, seen_by=actor.school_id),
        schools=[OutcomeOut(**OutcomeOut.fields_of(each)) for each in searches],
    )


@router.get(
    "/schools/{school_id}/mentor-search",
    operation_id="read_mentor_search",
    summary="How the search for a school's mentor went, and whom it excludes",
    responses=problems(NotComputedYetError, *DENIALS),
)
async def read_mentor_search(
    work: RequestWork,
    _actor: Writer,
    school_id: RowId,
    academic_year: AcademicYearFilter = None,
) -> SearchOut:
    municipality_id = await repository.find_home(work, school_id)
    if municipality_id is None:
        raise _no_school(school_id)
    run = await current_run(work, Topic.MATCHING, municipality_id, academic_year)
    searches = await repository.list_searches(work, run.id, school_id)
    if not searches:
        raise _no_school(school_id)
    names = await repository.read_names(work, municipality_id)
    schools = await repository.read_school_names(work, municipality_id)
    return SearchOut(
        **OutcomeOut.fields_of(searches[0]),
        run_id=run.id,
        academic_year=run.year,
        computed_at=run.computed_at,
        is_stale=run.is_stale,
        method=MatchingMethodOut.of(run),
        needs=_needs(searches[0], names),
        excluded=[
            ExcludedOut.of(each, names, schools) for each in searches[0].excluded
        ],
    )


@router.get(
    "/mentor-suggestion-decisions",
    operation_id="list_mentor_suggestion_decisions",
    summary="What was decided of suggested mentors, newest first",
    responses=problems(*DENIALS),
)
async def list_mentor_suggestion_decisions(
    work: RequestWork,
    actor: Writer,
    municipality_id: MunicipalityFilter = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[DecisionOut]:
    chosen = await chosen_municipality(work, actor, municipality_id)
    rows = await repository.list_decisions(work, chosen, before=after, limit=limit)
    return page_out(DecisionOut, rows, limit)


def _mentee(pairs: list[Suggestion], names: Names) -> MenteeOut:
    chosen = [PairOut.of(pair, names) for pair in pairs if pair.is_chosen]
    name = pairs[0].details["mentee_name"]
    return MenteeOut(
        school=NamedSchoolOut(id=pairs[0].mentee_id, name=name),
        suggestion=chosen[0] if chosen else None,
        alternatives=[PairOut.of(pair, names) for pair in pairs if not pair.is_chosen],
    )


def _needs(search: Search, names: Names) -> list[NeedOut]:
    return [
        NeedOut(
            aspect=AspectOut.of(need.pop("kind"), need.pop("code"), names),
            severity=need.pop("severity") / 10_000,
            **need,
        )
        for need in (dict(each) for each in search.needs)
    ]


def _no_school(school_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Школы с номером {school_id} нет, или в этом году она не работает.",
            f"There is no school {school_id}, or not in this year.",
        )
    )
