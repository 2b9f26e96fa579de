"""What the routes of years ask for alike."""

from typing import Annotated

from fastapi import Depends, Path, Query

from services.api.http.auth import Actor, require
from services.api.http.problems import problems
from services.api.years.schemas import Year
from shared.domain.data_years import YearNotBegunError, YearWrongStateError
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.periods import AcademicYear
from shared.domain.permissions import Permission
from shared.persistence.work import Work

Reader = Annotated[Actor, Depends(require(Permission.YEARS_READ))]
Submitter = Annotated[Actor, Depends(require(Permission.YEARS_SUBMIT))]
Decider = Annotated[Actor, Depends(require(Permission.YEARS_DECIDE))]
YearOfPath = Annotated[Year, Path()]
YearOfQuery = Annotated[
    Year | None, Query(description="2020 is 2020/2021; without it the present one")
]

DENIALS = (ForbiddenError, UnauthenticatedError)
STEP_PROBLEMS = problems(
    YearNotBegunError, YearWrongStateError, NotFoundError, *DENIALS
)


def wanted_year(work: Work, stated: int | None) -> int:
    """Return the year that a list is of: the present one where none is stated."""
    return AcademicYear.of(work.now.date()).start if stated is None else stated
