"""Indicators of a municipality's results and of its programmes."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from services.api.http.absences import AbsentOut, absent_of, absent_on
from services.api.http.auth import Actor, require
from services.api.http.localized import LocalizedOut
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, page_of
from services.api.http.problems import problems
from services.api.http.runs import (
    AcademicYearFilter,
    IdFilter,
    MunicipalityFilter,
    NotComputedYetError,
    chosen_municipality,
    current_run,
)
from services.api.http.work import RequestWork
from services.api.indicators import repository
from services.api.indicators.means import mean_out
from services.api.indicators.programme_schemas import (
    ProgrammeIndicatorOut,
    ProgrammeIndicatorsOut,
    RangeProvenanceOut,
)
from services.api.indicators.rates import (
    Beside,
    Key,
    key_of,
    rate_out,
    rules_of,
    small_numbers_out,
)
from services.api.indicators.repository import Scope, ValueFilter
from services.api.indicators.schemas import IndicatorsOut, ValueOut
from shared.contracts.events import Topic
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.measures import MEASURES
from shared.domain.periods import FIRST_YEAR, LAST_YEAR, AcademicYear, CalendarYear
from shared.domain.permissions import Permission
from shared.persistence.paging import AnyRow
from shared.persistence.runs import RunRecord
from shared.persistence.schools_of_a_year import list_lives
from shared.persistence.visibility import find_municipality_of_programme, sees_school
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["indicators"])

Reader = Annotated[Actor, Depends(require(Permission.INDICATORS_READ))]
CodeFilter = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]*$")]
YearFilter = Annotated[
    int | None,
    Query(ge=FIRST_YEAR, le=LAST_YEAR, description="All years, if left out"),
]
DENIALS = (ForbiddenError, UnauthenticatedError)

# The schools that count, do not, and may.
SIDES = ("schools", "others", "undecided")
# A run covers the programmes of all years at once.
ALL_YEARS = 0


@router.get(
    "/indicators",
    operation_id="list_indicators",
    summary="Quality rate, success rate, СОУ, mean mark and low share, with N",
    description=(
        "The district's figures first; a figure over all results has null procedure, "
        "subject and grade. Each rate comes with Wilson's interval, each mean of marks "
        "with its standard error and Student's; both over several years, too, and "
        "drawn towards those of all schools, by the method's rules for few pupils. "
        "A school sees the district's figures and its own."
    ),
    responses=problems(NotComputedYetError, InvalidInputError, NotFoundError, *DENIALS),
)
async def list_indicators(
    *,
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
    scope: Scope | None = None,
    school_id: IdFilter = None,
    procedure: CodeFilter = None,
    subject: CodeFilter = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> IndicatorsOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    if school_id is not None and not await sees_school(work, school_id):
        raise NotFoundError(
            Text(
                f"Школы с номером {school_id} нет.",
                f"There is no school {school_id}.",
            )
        )
    run = await current_run(work, Topic.RESULTS, chosen, academic_year)
    wanted = ValueFilter(
        scope=scope, school_id=school_id, procedure=procedure, subject=subject
    )
    rows = await repository.list_values(work, run.id, wanted, after=after, limit=limit)
    page, next_after = page_of(rows, limit)
    beside = await _beside(work, run, page)
    return IndicatorsOut(
        **IndicatorsOut.envelope_of(run),
        small_numbers=small_numbers_out(run),
        missing={
            code: LocalizedOut(ru=each.missing.ru, en=each.missing.en)
            for code, each in MEASURES.items()
        },
        absent=await absent_of(work, Topic.RESULTS, run, seen_by=actor.school_id),
        values=[_value_out(row, beside) for row in page],
        next_after=next_after,
    )


@router.get(
    "/programme-indicators",
    operation_id="list_programme_indicators",
    summary="Indicators of programmes, each year against its range",
    description=(
        "Shares with numerator, denominator, interval, coverage and the schools on "
        "each side; growth against the year before; and for the running year a "
        "projection to its end. What cannot be decided is said why, and is not zero."
    ),
    responses=problems(NotComputedYetError, InvalidInputError, NotFoundError, *DENIALS),
)
async def list_programme_indicators(
    *,
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    programme_id: IdFilter = None,
    year: YearFilter = None,
) -> ProgrammeIndicatorsOut:
    if programme_id is not None:
        municipality_id = await _municipality_of(work, programme_id, municipality_id)
    chosen = await chosen_municipality(work, actor, municipality_id)
    run = await current_run(work, Topic.PROGRAMME, chosen, ALL_YEARS)
    rows = await repository.list_programme_values(
        work, run.id, programme_id=programme_id, year=year
    )
    return ProgrammeIndicatorsOut(
        **ProgrammeIndicatorsOut.envelope_of(run),
        as_of=run.as_of,
        indicators=_indicators(rows, actor, await list_lives(work, chosen)),
    )


async def _beside(work: Work, run: RunRecord, page: Sequence[AnyRow]) -> Beside:
    """Read what the figures of a page are put beside."""
    rules, minimum_n = rules_of(run)
    earlier: defaultdict[Key, list[AnyRow]] = defaultdict(list)
    for row in await repository.list_earlier(work, run, page, years=rules.pooled_years):
        earlier[key_of(row)].append(row)
    districts = await repository.list_districts(work, run.id) if page else []
    return Beside(
        year=run.year,
        rules=rules,
        minimum_n=minimum_n,
        districts={key_of(row): row for row in districts},
        earlier=earlier,
    )


def _value_out(row: AnyRow, beside: Beside) -> ValueOut:
    measure = MEASURES[row.measure]
    return ValueOut(
        scope="district" if row.school_id is None else "school",
        school_id=row.school_id,
        school_name=row.school_name,
        procedure=row.procedure,
        subject=row.subject,
        programme_grade=row.programme_grade,
        measure=row.measure,
        title=LocalizedOut(ru=measure.title.ru, en=measure.title.en),
        unit=measure.unit,
        value=row.value,
        n=row.n,
        rate=rate_out(row, beside),
        mean=mean_out(row, beside),
    )


async def _municipality_of(
    work: Work, programme_id: int, municipality_id: int | None
) -> int:
    """Return whose programme it is, which must be whom the caller named."""
    owner = await find_municipality_of_programme(work, programme_id)
    if owner is None or municipality_id not in {None, owner}:
        raise NotFoundError(
            Text(
                f"Программы с номером {programme_id} нет.",
                f"There is no programme {programme_id}.",
            )
        )
    return owner


def _indicators(
    rows: Sequence[dict[str, Any]], actor: Actor, lives: Sequence[AnyRow]
) -> list[ProgrammeIndicatorOut]:
    indicators = []
    for _, group in groupby(rows, key=lambda row: row["indicator_id"]):
        values = [
            row
            | {side: _shown(row[side], actor) for side in SIDES}
            | {"absent": _absent(row, actor, lives)}
            | {"range_provenance": RangeProvenanceOut.of(row)}
            for row in group
        ]
        indicators.append(
            ProgrammeIndicatorOut.model_validate({**values[0], "values": values})
        )
    return indicators


def _absent(
    row: dict[str, Any], actor: Actor, lives: Sequence[AnyRow]
) -> list[AbsentOut]:
    """Return the schools that a year's share is not of, to a school itself only."""
    kind = AcademicYear if row["years"] == "academic" else CalendarYear
    return [
        each
        for each in absent_on(lives, kind(row["year"]).ends_on)
        if actor.school_id in {None, each.school_id}
    ]


def _shown(schools: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """Keep from a school which others are behind a figure."""
    if actor.school_id is None:
        return schools
    return [school for school in schools if school["id"] == actor.school_id]
