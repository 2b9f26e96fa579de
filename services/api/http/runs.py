"""What every answer of computed figures says of the run that they come from."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.api.http.auth import Actor
from services.api.http.ids import LARGEST_ID
from services.api.http.pagination import PageOut, page_of
from services.api.http.ranking_methods import MethodOut
from shared.contracts.events import Topic
from shared.domain.errors import Fault, InvalidInputError, NotFoundError, Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.persistence.runs import RunRecord, find_current_run, list_runs
from shared.persistence.visibility import sees_municipality
from shared.persistence.work import Work

IdFilter = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]
MunicipalityFilter = Annotated[
    int | None,
    Query(ge=1, le=LARGEST_ID, description="The caller's own, if left out"),
]
AcademicYearFilter = Annotated[
    int | None,
    Query(
        ge=FIRST_YEAR,
        le=LAST_YEAR,
        description="2019 is 2019/2020; the newest that has figures, if left out",
    ),
]


class NotComputedYetError(NotFoundError):
    """There are no figures yet: no results, or their first run is still to come."""

    code = "not_computed_yet"
    title = Text("Ещё не рассчитано", "Not computed yet")


class ComputedOut(BaseModel):
    """Figures of one run, all of them from the same moment."""

    run_id: int
    municipality_id: int
    computed_at: datetime
    is_current: bool = Field(description="No newer run has taken its place")
    is_stale: bool = Field(description="Something changed that the run has not seen")
    synthetic: bool = Field(description="The figures rest on generated data")

    @staticmethod
    def envelope_of(run: RunRecord) -> dict[str, Any]:
        """Return these fields' values."""
        return {
            "run_id": run.id,
            "municipality_id": run.municipality_id,
            "computed_at": run.computed_at,
            "is_current": run.is_current,
            "is_stale": run.is_stale,
            "synthetic": run.synthetic,
        }


class ScoredOut(ComputedOut):
    """Figures of one run over the results of an academic year."""

    academic_year: int = Field(description="2019 is 2019/2020")
    method: MethodOut | None = Field(description="Null where none was in force")

    @staticmethod
    def envelope_of(run: RunRecord) -> dict[str, Any]:
        """Return these fields' values."""
        content = run.method_content
        method = None if content is None else {**content, "hash": run.method_hash}
        envelope = ComputedOut.envelope_of(run)
        return {**envelope, "academic_year": run.year, "method": method}


class RunOut(BaseModel):
    """A run, as lists show it."""

    model_config = ConfigDict(from_attributes=True)

    run_id: int
    municipality_id: int
    academic_year: int
    computed_at: datetime
    is_current: bool
    is_stale: bool
    synthetic: bool
    method_code: str | None
    method_version: int | None
    method_hash: str | None
    input_event: int = Field(description="Number of the newest change it has seen")
    results_count: int
    schools_count: int

    @classmethod
    def of(cls, run: RunRecord) -> Self:
        """Translate a run that was read."""
        return cls(
            run_id=run.id,
            municipality_id=run.municipality_id,
            academic_year=run.year,
            computed_at=run.computed_at,
            is_current=run.is_current,
            is_stale=run.is_stale,
            synthetic=run.synthetic,
            method_code=run.method_code,
            method_version=run.method_version,
            method_hash=run.method_hash,
            input_event=run.input_event,
            results_count=run.results_count,
            schools_count=run.schools_count,
        )


async def chosen_municipality(
    work: Work, actor: Actor, municipality_id: int | None
) -> int:
    """Return the municipality asked for, or the actor's own.

    Raises:
        InvalidInputError: the actor has none of its own and named none.
        NotFoundError: there is no such municipality for the actor.
    """
    wanted = actor.municipality_id if municipality_id is None else municipality_id
    if wanted is None:
        reason = Text(
            "Укажите municipality_id: у вашей учётной записи нет своего "
            "муниципалитета (список: GET /v1/municipalities).",
            "Name a municipality_id: your account has no municipality of its own "
            "(for a list: GET /v1/municipalities).",
        )
        raise InvalidInputError(
            reason, faults=[Fault(column="query.municipality_id", reason=reason)]
        )
    if not await sees_municipality(work, wanted):
        raise NotFoundError(
            Text(
                f"Муниципалитета с номером {wanted} нет.",
                f"There is no municipality {wanted}.",
            )
        )
    return wanted


def required_run(run: RunRecord | None) -> RunRecord:
    """Return the run.

    Raises:
        NotComputedYetError: there is none.
    """
    if run is None:
        raise NotComputedYetError(
            Text(
                "Показатели ещё не рассчитаны: нет данных за этот период, или расчёт "
                "идёт. Он занимает секунды: повторите запрос; если ответ тот же, "
                "внесите результаты.",
                "There are no figures yet: there is no data for this period, or they "
                "are being computed. That takes seconds: repeat the request; if the "
                "answer stays, enter results.",
            )
        )
    return run


async def current_run(
    work: Work, topic: Topic, municipality_id: int, year: int | None
) -> RunRecord:
    """Return the municipality's current run of the year; None is the newest year.

    Raises:
        NotComputedYetError: there is none.
    """
    return required_run(await find_current_run(work, topic, municipality_id, year))


async def page_of_runs(
    work: Work,
    topic: Topic,
    municipality_id: int,
    *,
    year: int | None,
    after: int,
    limit: int,
) -> PageOut[RunOut]:
    """Return a page of a municipality's runs, newest first."""
    runs = await list_runs(
        work, topic, municipality_id, year=year, before=after, limit=limit
    )
    page, next_after = page_of(runs, limit)
    return PageOut(items=[RunOut.of(run) for run in page], next_after=next_after)
