"""What is out of date in many municipalities at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, exists, literal, not_, select, union

from services.scoring.repository.areas import Area
from services.scoring.repository.book import ALL_YEARS
from services.scoring.repository.part import Part
from shared.contracts.events import Topic
from shared.persistence.staleness import Operand, has_run, kinds_of, out_of_date_runs
from shared.persistence.tables.methods import MethodPeriodRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.scoring import CurrentRunRow
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.work import Work


async def list_parts(
    work: Work, area: Area, topics: Sequence[Topic]
) -> dict[Part, list[int]]:
    """Return the municipalities of an area in which a part is out of date.

    That is what `list_out_of_date` tells of each of them; the parts come in the order
    of the topics, and of each the newest year first.
    """
    found: defaultdict[Part, list[int]] = defaultdict(list)
    for topic in topics:
        stale = out_of_date_runs(topic).where(area.holds(CurrentRunRow.municipality_id))
        for municipality_id, year in await work.session.execute(
            union(*_without_run(topic, area), stale)
        ):
            found[Part(topic, year)].append(municipality_id)
    ordered = sorted(found, key=lambda part: (topics.index(part.topic), -part.year))
    return {part: sorted(found[part]) for part in ordered}


def _without_run(topic: Topic, area: Area) -> list[Select[int, int]]:
    """Select municipality and year of what has data, but was never computed."""
    result, passport, event = AssessmentResultRow, SocialPassportRow, OutboxRow
    match topic:
        case Topic.PROGRAMME:
            year = literal(ALL_YEARS, BigInteger)
            of_programmes = event.kind.in_(kinds_of(topic))
            without = _missing(topic, area, event.municipality_id, year)
            return [without.where(of_programmes)]
        case Topic.CONDITIONS:
            rows: tuple[Any, ...] = (result, passport)
        case _:
            rows = (result,)
    return [
        _missing(topic, area, row.municipality_id, row.academic_year) for row in rows
    ]


def _missing(
    topic: Topic, area: Area, municipality_id: Operand, year: Operand
) -> Select[int, int]:
    has_one = has_run(topic, municipality_id=municipality_id, year=year)
    return select(municipality_id, year).where(
        area.holds(municipality_id), not_(has_one)
    )


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
