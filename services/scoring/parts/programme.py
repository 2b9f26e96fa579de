"""The indicators of a municipality's programmes, in all of their years."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.scoring.engine.composite.figures import Inputs
from services.scoring.engine.programmes.needed_years import scored_years
from services.scoring.engine.programmes.period import next_turn
from services.scoring.engine.programmes.records import schools_on
from services.scoring.engine.programmes.values import (
    Target,
    Value,
    values_of,
    without_method,
)
from services.scoring.repository.areas import Area
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.part import Part
from services.scoring.repository.programme_inputs import read_own_inputs
from services.scoring.repository.programme_records import (
    AreaRecords,
    read_records,
    read_time_zones,
)
from services.scoring.repository.programme_scores import Scores, read_scores
from services.scoring.repository.programme_targets import (
    ProgrammeTargets,
    read_programmes,
)
from services.scoring.repository.programme_values import ProgrammeValues, write_values
from services.scoring.repository.runs import Counted, Day, begin_runs
from services.scoring.repository.school_names import names_by_school, read_school_names
from shared.domain.methods.method import Method, Spec
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.periods import AcademicYear
from shared.persistence.work import Work


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of programme indicators and return its number."""
    runs = await compute_area(work, Area.of(municipality_id), part)
    return runs[municipality_id]


async def compute_area(work: Work, area: Area, part: Part) -> dict[int, int]:
    """Compute a run of programme indicators for each; they use the same methods.

    A municipality's day is an input, and kept with its run: as long as a year is
    running or to come, the run is out of date once another day begins.
    """
    zones = await read_time_zones(work, area)
    days = {each: work.today_in(zones[each]) for each in area.municipality_ids}
    alike: defaultdict[int, list[int]] = defaultdict(list)
    for municipality_id, day in days.items():
        alike[int(AcademicYear.of(day))].append(municipality_id)
    runs: dict[int, int] = {}
    for year, municipality_ids in alike.items():
        methods = await methods_in_force(work, area.first, year, ProgrammeShares)
        of_year = _Programmes(work, area.part(municipality_ids), days, methods[:1])
        runs |= await of_year.compute(part, zones)
    return runs


@dataclass(frozen=True, slots=True)
class _Known:
    """What the indicators of an area are counted from."""

    programmes: Sequence[ProgrammeTargets]
    records: AreaRecords
    scores: Mapping[int, Scores]
    inputs: Mapping[int, Inputs]


@dataclass(frozen=True, slots=True)
class _Programmes:
    """The programmes of an area whose days are of the same academic year.

    The first method in force by its code is used; without one nothing is counted.
    """

    work: Work
    area: Area
    days: Mapping[int, date]
    methods: Sequence[Method[ProgrammeShares]]

    async def compute(self, part: Part, zones: Mapping[int, str]) -> dict[int, int]:
        """Compute the runs and return their numbers."""
        programmes = await read_programmes(self.work, self.area)
        targets = _by_municipality(self.area, programmes)
        known = await self._read(programmes, targets)
        found = await asyncio.to_thread(self._values, known)
        named = await read_school_names(self.work, self.area)
        valid = {
            each: Day(
                as_of=self.days[each],
                valid_until=_valid_until(targets[each], self.days[each], zones[each]),
            )
            for each in self.area.municipality_ids
        }
        runs = await self._begin(part, known, valid)
        method = self.methods[0] if self.methods else None
        await write_values(self.work, runs, found, method, names_by_school(named))
        return runs

    async def _read(
        self,
        programmes: Sequence[ProgrammeTargets],
        targets: Mapping[int, Sequence[Target]],
    ) -> _Known:
        years = {
            each: scored_years(own, self.days[each]) for each, own in targets.items()
        }
        return _Known(
            programmes,
            await read_records(self.work, self.area),
            await read_scores(self.work, self.area, years),
            await read_own_inputs(self.work, self.area, targets, self._spec),
        )

    @property
    def _spec(self) -> ProgrammeShares | None:
        return self.methods[0].spec if self.methods else None

    def _values(self, known: _Known) -> list[ProgrammeValues]:
        return [
            ProgrammeValues(
                each.municipality_id,
                each.programme_id,
                self._of_programme(each, known),
            )
            for each in known.programmes
        ]

    def _of_programme(self, programme: ProgrammeTargets, known: _Known) -> list[Value]:
        spec, own = self._spec, programme.municipality_id
        if spec is None:
            return [without_method(target) for target in programme.targets]
        records = known.records.of(
            own,
            programme.programme_id,
            as_of=self.days[own],
            scores=known.scores[own].by_year,
            inputs=known.inputs.get(own),
        )
        return values_of(programme.targets, records, spec)

    async def _begin(
        self, part: Part, known: _Known, valid: Mapping[int, Day]
    ) -> dict[int, int]:
        """Begin the runs, those of the same methods and day together."""
        with_programme = {each.municipality_id for each in known.programmes}
        alike: defaultdict[tuple[tuple[str, ...], Day], list[int]] = defaultdict(list)
        for each, day in valid.items():
            hashes = tuple(m.content_hash for m in known.scores[each].methods)
            alike[hashes, day].append(each)
        runs: dict[int, int] = {}
        for (_, day), municipality_ids in alike.items():
            counted = {
                each: Counted(
                    0, self._schools(known, each) if each in with_programme else 0
                )
                for each in municipality_ids
            }
            of_scores = known.scores[municipality_ids[0]].methods
            methods: list[Method[Spec]] = [*self.methods, *of_scores]
            runs |= await begin_runs(self.work, part, counted, methods=methods, day=day)
        return runs

    def _schools(self, known: _Known, municipality_id: int) -> int:
        lives = known.records.lives(municipality_id)
        return len(schools_on(lives, self.days[municipality_id]))


def _by_municipality(
    area: Area, programmes: Iterable[ProgrammeTargets]
) -> dict[int, list[Target]]:
    """Return the targets of all programmes of each municipality."""
    found: dict[int, list[Target]] = {each: [] for each in area.municipality_ids}
    for programme in programmes:
        found[programme.municipality_id] += programme.targets
    return found


def _valid_until(
    targets: Sequence[Target], as_of: date, time_zone: str
) -> datetime | None:
    """Return the first moment of the day on which an answer may be another."""
    day = next_turn((target.period for target in targets), as_of)
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))
