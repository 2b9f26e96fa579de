"""What anybody may know without signing in."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from services.api.http.ids import LARGEST_ID
from services.api.http.problems import problems
from services.api.http.publishing import (
    PublicRoute,
    PublicRow,
    release,
    release_names,
)
from services.api.http.work import RequestWork
from services.api.public import repository
from services.api.public.schemas import (
    PublicFiguresOut,
    PublicMunicipalityListOut,
    PublicMunicipalityOut,
    PublicResultsOut,
    PublicSchoolOut,
    PublicSittingOut,
)
from shared.domain.errors import NotFoundError, Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.persistence.paging import AnyRow

router = APIRouter(prefix="/v1/public", tags=["public"], route_class=PublicRoute)

MunicipalityId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
CodeFilter = Annotated[str | None, Query(pattern=r"^[a-z0-9_]{1,64}$")]
Year = Annotated[
    int, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="2019 is 2019/2020")
]
_sitting = attrgetter("procedure", "subject", "programme_grade")


@router.get(
    "/municipalities",
    operation_id="list_public_municipalities",
    summary="Municipalities whose results can be asked for",
)
async def list_public_municipalities(
    request: Request, work: RequestWork
) -> PublicMunicipalityListOut:
    release_names(request)
    rows = await repository.list_municipalities(work)
    return PublicMunicipalityListOut(
        items=[PublicMunicipalityOut.model_validate(row) for row in rows]
    )


@router.get(
    "/municipalities/{municipality_id}/results",
    operation_id="read_public_results",
    summary="Participants and rates of success and quality, by school",
    description=(
        "Counts of few pupils are withheld, and so is whatever they could be derived "
        "from: other counts of the same school, of other schools, and totals."
    ),
    responses=problems(NotFoundError),
)
async def read_public_results(
    *,
    request: Request,
    work: RequestWork,
    municipality_id: MunicipalityId,
    academic_year: Year,
    procedure: CodeFilter = None,
    subject: CodeFilter = None,
) -> PublicResultsOut:
    known = {row.id: row for row in await repository.list_municipalities(work)}
    if municipality_id not in known:
        raise NotFoundError(
            Text(
                f"Муниципалитета с номером {municipality_id} нет.",
                f"There is no municipality {municipality_id}.",
            )
        )
    rows = [
        row
        for row in await repository.read_results(work, municipality_id, academic_year)
        if procedure in {None, row.procedure} and subject in {None, row.subject}
    ]
    sittings = [(key, list(found)) for key, found in groupby(rows, key=_sitting)]
    released = await release(request, [_parts(schools) for _key, schools in sittings])
    return PublicResultsOut(
        municipality_id=municipality_id,
        academic_year=academic_year,
        synthetic=known[municipality_id].synthetic,
        minimum=released.minimum,
        items=[
            _sitting_out(key, schools, table)
            for (key, schools), table in zip(sittings, released.tables, strict=True)
        ],
    )


def _parts(schools: Sequence[AnyRow]) -> list[list[int]]:
    return [[each.failed, each.satisfactory, each.good] for each in schools]


def _sitting_out(
    key: tuple[str, str, int], schools: Sequence[AnyRow], table: Sequence[PublicRow]
) -> PublicSittingOut:
    procedure, subject, grade = key
    return PublicSittingOut(
        procedure=procedure,
        subject=subject,
        programme_grade=grade,
        municipality=PublicFiguresOut.model_validate(table[-1]),
        schools=[
            PublicSchoolOut(
                school_id=school.school_id,
                school_name=school.school_name,
                participants=figures.participants,
                success_rate=figures.success_rate,
                quality_rate=figures.quality_rate,
            )
            for school, figures in zip(schools, table[:-1], strict=True)
        ],
    )
