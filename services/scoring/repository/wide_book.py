"""What is out of date in many municipalities at once."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import exists, not_, select, union

from services.scoring.repository.areas import Area
from services.scoring.repository.part import Part
from shared.contracts.events import Topic
from shared.persistence.staleness import has_run, out_of_date_runs
from shared.persistence.tables.methods import MethodPeriodRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.scoring import CurrentRunRow
from shared.persistence.work import Work


async def list_parts(
    work: Work, area: Area, topics: Sequence[Topic]
) -> dict[Part, list[int]]:
    """Return the municipalities of an area in which a part is out of date.

    What is asked of are academic years with results; the parts come in the order of
    the topics, and of each the newest year first.
    """
    found: defaultdict[Part, list[int]] = defaultdict(list)
    for topic in topics:
        result = AssessmentResultRow
        has_one = has_run(
            topic, municipality_id=result.municipality_id, year=result.academic_year
        )
        without_run = select(result.municipality_id, result.academic_year).where(
            area.holds(result.municipality_id), not_(has_one)
        )
        stale = out_of_date_runs(topic).where(area.holds(CurrentRunRow.municipality_id))
        for municipality_id, year in await work.session.execute(
            union(without_run, stale)
        ):
            found[Part(topic, year)].append(municipality_id)
    ordered = sorted(found, key=lambda part: (topics.index(part.topic), -part.year))
    return {part: sorted(found[part]) for part in ordered}


async def split_by_methods(work: Work, area: Area) -> list[Area]:
    """Split an area so that in each part the same methods are in force.

    Those are a region's, unless a municipality has assigned some itself.
    """
    period = MethodPeriodRow
    has_own = exists().where(
        period.municipality_id == MunicipalityRow.id, period.revoked_at.is_(None)
    )
    rows = await work.session.execute(
        select(MunicipalityRow.id, MunicipalityRow.region_id, has_own.label("has_own"))
        .where(area.holds(MunicipalityRow.id))
        .order_by(MunicipalityRow.id)
    )
    groups: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for row in rows:
        key = ("own", row.id) if row.has_own else ("region", row.region_id)
        groups[key].append(row.id)
    return [Area.of(*group) for group in groups.values()]
