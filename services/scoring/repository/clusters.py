"""The clusters of schools that the current runs of conditions have found."""

from typing import Final

import polars as pl
from sqlalchemy import and_, select

from services.scoring.repository.areas import Area
from shared.contracts.events import Topic
from shared.persistence.tables.school_conditions import (
    ConditionModelRow,
    SchoolConditionsRow,
)
from shared.persistence.tables.scoring import CurrentRunRow
from shared.persistence.work import Work

FOUND_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "clusters_key": pl.String,
        "school_id": pl.Int64,
        "cluster": pl.Int64,
    }
)


async def read_found_clusters(work: Work, area: Area, year: int) -> pl.DataFrame:
    """Return the clusters of an area's year with what each was found from.

    Returns:
        The columns of `FOUND_SCHEMA`; where no school is in a cluster there is one
        row, without a school.
    """
    current, model, school = CurrentRunRow, ConditionModelRow, SchoolConditionsRow
    is_clustered = and_(
        school.run_id == current.run_id,
        school.municipality_id == current.municipality_id,
        school.cluster.is_not(None),
    )
    statement = (
        select(
            current.municipality_id,
            model.clusters_key,
            school.school_id,
            school.cluster,
        )
        .join(model, model.run_id == current.run_id)
        .outerjoin(school, is_clustered)
        .where(
            area.holds(current.municipality_id),
            current.topic == Topic.CONDITIONS,
            current.year == year,
            model.clusters_key.is_not(None),
        )
    )
    return await area.read(work, statement, FOUND_SCHEMA)
