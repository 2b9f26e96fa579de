"""Removing runs that others have taken the place of, as far as nobody needs them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, not_, or_, select

from shared.persistence.tables.base import Base
from shared.persistence.tables.figures import FigureRow
from shared.persistence.tables.identification import (
    BackTestRow,
    IdentificationDecisionRow,
    IdentificationEvidenceRow,
    IdentificationRow,
)
from shared.persistence.tables.matching import (
    MentorSearchRow,
    MentorSuggestionDecisionRow,
    MentorSuggestionRow,
)
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.objectivity_findings import ObjectivityFindingRow
from shared.persistence.tables.ranking_publications import RankingPublicationRow
from shared.persistence.tables.recommendations import RecommendationRow
from shared.persistence.tables.school_conditions import (
    ConditionModelRow,
    SchoolConditionsRow,
)
from shared.persistence.tables.school_scores import SchoolScoreRow
from shared.persistence.tables.scoring import (
    CurrentRunRow,
    ProgrammeValueRow,
    RankingPlaceRow,
    RunRow,
)
from shared.persistence.work import Work

# What a run consists of.
PARTS: Final[tuple[type[Base], ...]] = (
    FigureRow,
    SchoolScoreRow,
    RankingPlaceRow,
    ConditionModelRow,
    SchoolConditionsRow,
    IdentificationRow,
    IdentificationEvidenceRow,
    BackTestRow,
    ObjectivityFindingRow,
    ProgrammeValueRow,
    MentorSuggestionRow,
    MentorSearchRow,
)
_NAMED_BY: Final[tuple[Any, ...]] = (
    CurrentRunRow.run_id,
    IdentificationDecisionRow.run_id,
    MentorSuggestionDecisionRow.run_id,
    RecommendationRow.ranking_run_id,
)


async def list_superseded(work: Work, limit: int) -> Sequence[int]:
    """Return runs that nobody needs any more, oldest first.

    Of each municipality, topic and year its newest runs stay, as many as the
    municipality keeps beside the current one. So do runs that a decision or a
    recommendation names, and those of a publication with the ones just before them,
    which they are compared with.
    """
    runs = _numbered().subquery()
    named = or_(
        *(select(column).where(column == runs.c.id).exists() for column in _NAMED_BY),
        _is_published(runs.c.id),
        _is_published(runs.c.next_id),
    )
    statement = (
        select(runs.c.id)
        .join(MunicipalityRow, MunicipalityRow.id == runs.c.municipality_id)
        .where(and_(runs.c.age > MunicipalityRow.runs_kept, not_(named)))
        .order_by(runs.c.id)
        .limit(limit)
    )
    return (await work.session.scalars(statement)).all()


async def delete_runs(work: Work, run_ids: Sequence[int]) -> None:
    """Delete runs with all that they came to."""
    for part in PARTS:
        owner = part.__table__.c["run_id"]
        await work.session.execute(delete(part).where(owner.in_(run_ids)))
    await work.session.execute(delete(RunRow).where(RunRow.id.in_(run_ids)))


def _numbered() -> Select[*tuple[Any, ...]]:
    """Select runs with their age, 0 for the newest, and the run that came next."""
    of_one = (RunRow.municipality_id, RunRow.topic, RunRow.year)
    newest = RunRow.id.desc()
    return select(
        RunRow.id,
        RunRow.municipality_id,
        (func.row_number().over(partition_by=of_one, order_by=newest) - 1).label("age"),
        func.lag(RunRow.id).over(partition_by=of_one, order_by=newest).label("next_id"),
    )


def _is_published(run_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Tell whether a publication shows the run, or once did."""
    publication = RankingPublicationRow
    return select(publication.id).where(publication.run_id == run_id).exists()
