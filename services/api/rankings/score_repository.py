"""Reading the scores of a run."""

from sqlalchemy import select

from services.api.rankings.score_records import SchoolScore
from shared.domain.methods.kinds import read_method
from shared.domain.methods.method import Method
from shared.domain.methods.ranking import Ranking
from shared.persistence.runs import RunRecord
from shared.persistence.tables.school_scores import SchoolScoreRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

_COLUMNS = [
    column
    for column in SchoolScoreRow.__table__.c
    if column.name not in {"id", "run_id", "municipality_id"}
]


async def list_scores(
    work: Work, run_id: int, *, school_id: int | None = None, code: str | None = None
) -> list[SchoolScore]:
    """Return the scores that the caller may see, in the method's order, by school."""
    statement = (
        select(*_COLUMNS, SchoolRow.name.label("school_name"))
        .join(SchoolRow, SchoolRow.id == SchoolScoreRow.school_id)
        .where(SchoolScoreRow.run_id == run_id)
        .order_by(SchoolScoreRow.position, SchoolScoreRow.school_id)
    )
    if school_id is not None:
        statement = statement.where(SchoolScoreRow.school_id == school_id)
    if code is not None:
        # A group may have the code of an indicator.
        statement = statement.where(
            SchoolScoreRow.code == code, SchoolScoreRow.level != "group"
        )
    rows = await work.session.execute(statement)
    return [SchoolScore(**row) for row in rows.mappings()]


def method_of(run: RunRecord) -> Method[Ranking] | None:
    """Return the method of a run as the domain knows it; None if there was none."""
    content = run.method_content
    return None if content is None else read_method(content).of(Ranking)
