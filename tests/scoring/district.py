"""A small district in a database of its own, whose results a test decides."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import delete, insert, select, text

from services.api.cli import DEPLOY
from services.api.methods.loading import load_method, read_method
from services.api.results.loading import load_reference
from services.api.results.reference import load_reference as read_reference
from services.scoring.usecases import Outcome, recalculate_municipality
from shared.contracts.events import EventKind, Topic
from shared.persistence.engine import Database, create_engine
from shared.persistence.outbox import record
from shared.persistence.runs import RunRecord, find_current_run
from shared.persistence.tables.figures import FigureRow, IndicatorValueRow
from shared.persistence.tables.identification import (
    BackTestRow,
    IdentificationEvidenceRow,
    IdentificationRow,
)
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.objectivity_findings import ObjectivityFindingRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.school_conditions import (
    ConditionModelRow,
    SchoolConditionsRow,
)
from shared.persistence.tables.school_scores import SchoolScoreRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import (
    CurrentRunRow,
    ProgrammeValueRow,
    RankingPlaceRow,
    RunRow,
)
from shared.persistence.work import Work, begin_as_system

YEAR = 2019

Place = tuple[int | None, int | None, str | None]


@dataclass
class District:
    """Its schools by code, and shorthands to change and to read it."""

    url: str
    api: Database
    scoring: Database
    id: int
    schools: dict[str, int] = field(default_factory=dict)
    _numbers: Any = field(default_factory=count)

    async def add_school(self, code: str, kind: str = "secondary") -> int:
        """Add a school as the loader does."""
        async with begin_as_system(self.api) as work:
            statement = insert(SchoolRow).values(
                municipality_id=self.id,
                code=code,
                name=f"Школа {code}",
                kind=kind,
                mentor_capacity=2,
                synthetic=False,
                provenance="document",
            )
            added = await work.session.scalars(statement.returning(SchoolRow.id))
            self.schools[code] = added.one()
            await record(work, EventKind.SCHOOLS_CHANGED, municipality_id=self.id)
        return self.schools[code]

    async def add_result(self, code: str, *marks: int, **changes: Any) -> None:
        """Add a result with so many marks 2, 3, 4 and 5, and its event."""
        async with begin_as_system(self.api) as work:
            await self.write_result(work, code, *marks, **changes)

    async def write_result(
        self, work: Work, code: str, *marks: int, **changes: Any
    ) -> None:
        """Add a result in the caller's transaction."""
        values = {
            "municipality_id": self.id,
            "school_id": self.schools[code],
            "procedure": "vpr",
            "subject": "mathematics",
            "programme_grade": 5,
            "pupil_grade": 5,
            "academic_year": YEAR,
            "wave": next(self._numbers),
            "written_on": date(2020, 4, 1),
            "n": sum(marks),
            **dict(zip(("n2", "n3", "n4", "n5"), marks, strict=True)),
            "n_absent": 0,
            "n_ungraded": 0,
            "counts_rebuilt": False,
            "synthetic": True,
            "version": 1,
            "created_at": work.now,
            "updated_at": work.now,
        } | changes
        await work.session.execute(insert(AssessmentResultRow).values(values))
        await record(
            work,
            EventKind.RESULTS_CHANGED,
            municipality_id=self.id,
            school_id=self.schools[code],
            academic_year=values["academic_year"],
        )

    async def delete_results(self, year: int = YEAR) -> None:
        """Delete all results of a year, as an import that is taken back does."""
        async with begin_as_system(self.api) as work:
            await work.session.execute(
                delete(AssessmentResultRow).where(
                    AssessmentResultRow.academic_year == year
                )
            )
            await record(
                work,
                EventKind.RESULTS_CHANGED,
                municipality_id=self.id,
                academic_year=year,
            )

    async def recalculate(self) -> Outcome:
        """Bring it up to date in this process."""
        return await recalculate_municipality(self.scoring, self.id)

    async def current_run(
        self, topic: Topic = Topic.RESULTS, year: int | None = YEAR
    ) -> RunRecord:
        """Return the current run."""
        async with begin_as_system(self.api, self.id) as work:
            run = await find_current_run(work, topic, self.id, year)
        assert run is not None
        return run

    async def run_ids(self, topic: Topic = Topic.RESULTS) -> list[int]:
        """Return all runs of a topic, oldest first."""
        async with begin_as_system(self.api, self.id) as work:
            rows = await work.session.scalars(
                select(RunRow.id).where(RunRow.topic == topic).order_by(RunRow.id)
            )
            return list(rows)

    async def places(self, run_id: int | None = None) -> Mapping[str, Place]:
        """Return places from, to, and the reason to be outside, by school code."""
        wanted = run_id or (await self.current_run()).id
        async with begin_as_system(self.api, self.id) as work:
            rows = await work.session.execute(
                select(
                    SchoolRow.code,
                    RankingPlaceRow.place_from,
                    RankingPlaceRow.place_to,
                    RankingPlaceRow.outside_reason,
                )
                .join(SchoolRow, SchoolRow.id == RankingPlaceRow.school_id)
                .where(
                    RankingPlaceRow.run_id == wanted, RankingPlaceRow.scope == "overall"
                )
            )
            return {code: (first, last, reason) for code, first, last, reason in rows}

    async def district_n(self, run_id: int | None = None) -> int:
        """Return over how many pupils the district's quality rate is counted."""
        wanted = run_id or (await self.current_run()).id
        async with begin_as_system(self.api, self.id) as work:
            return (
                await work.session.scalars(
                    select(IndicatorValueRow.n).where(
                        IndicatorValueRow.run_id == wanted,
                        IndicatorValueRow.school_id.is_(None),
                        IndicatorValueRow.procedure.is_(None),
                        IndicatorValueRow.subject.is_(None),
                        IndicatorValueRow.measure == "quality_rate",
                    )
                )
            ).one()

    async def contents(self, run_id: int) -> list[list[tuple[Any, ...]]]:
        """Return all that a run came to, without what differs from run to run."""
        tables = (
            IndicatorValueRow,
            RankingPlaceRow,
            SchoolScoreRow,
            ProgrammeValueRow,
            ConditionModelRow,
            SchoolConditionsRow,
        )
        found = []
        async with begin_as_system(self.api, self.id) as work:
            for table in tables:
                columns = [
                    column
                    for column in table.__table__.c
                    if column.name not in {"id", "run_id"}
                ]
                rows = await work.session.execute(
                    select(*columns)
                    .where(table.__table__.c.run_id == run_id)
                    .order_by(table.__table__.c.id)
                )
                found.append([tuple(row) for row in rows])
        return found

    async def forget_runs(self) -> None:
        """Delete all that was ever computed."""
        async with begin_as_system(self.scoring) as work:
            for table in (
                FigureRow,
                RankingPlaceRow,
                SchoolScoreRow,
                ProgrammeValueRow,
                ObjectivityFindingRow,
                ConditionModelRow,
                SchoolConditionsRow,
                IdentificationRow,
                IdentificationEvidenceRow,
                BackTestRow,
                CurrentRunRow,
                RunRow,
            ):
                await work.session.execute(delete(table))


@asynccontextmanager
async def new_district(url: str, code: str = "lesnoy") -> AsyncIterator[District]:
    """Add a district without schools to a migrated database."""
    api, scoring = create_engine(url, "api"), create_engine(url, "scoring")
    try:
        async with begin_as_system(api) as work:
            if not await work.session.scalar(text("SELECT count(*) FROM api.subjects")):
                await load_reference(work, read_reference(DEPLOY / "reference"))
            district = District(url, api, scoring, await _municipality(work, code))
            method = read_method(DEPLOY / "methods" / "quality-of-results.yaml")
            await load_method(work, method)
        yield district
    finally:
        await api.dispose()
        await scoring.dispose()


async def _municipality(work: Work, code: str) -> int:
    region = insert(RegionRow).values(code=code, name="Край")
    region_id = (await work.session.scalars(region.returning(RegionRow.id))).one()
    statement = insert(MunicipalityRow).values(
        region_id=region_id,
        code=code,
        name=f"Район {code}",
        time_zone="Asia/Krasnoyarsk",
        synthetic=True,
        provenance="local",
        remarks=[],
    )
    return (await work.session.scalars(statement.returning(MunicipalityRow.id))).one()
