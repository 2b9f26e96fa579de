"""What the municipal system of assessing quality (МСОКО) finds of schools."""

from dataclasses import replace

from services.api.datasets.columns import column, given
from services.api.datasets.dataset import (
    Dataset,
    academic_year,
    in_municipality,
    municipality,
    of_school,
    provenance,
    row_id,
    synthetic_unless_documented,
)
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.msoko import code_is_of_a_group
from shared.domain.permissions import Permission
from shared.domain.record_rules import above_zero, in_order
from shared.persistence.tables.msoko import MsokoGroupRow, MsokoScoreRow

_GROUP = MsokoGroupRow.__table__.c
_SCORE = MsokoScoreRow.__table__.c
POINTS = Text("баллов", "points")
MOST_POINTS = 100_000

MSOKO_GROUPS = Dataset(
    "msoko-groups",
    Text("Группы МСОКО", "Groups of the municipal assessment"),
    Permission.SCORES_READ,
    (
        row_id(_GROUP.id),
        *municipality(_GROUP.municipality_id),
        column(_GROUP.code, "Код группы", "Code of the group"),
        column(_GROUP.title, "Группа", "Group"),
        provenance(_GROUP.provenance),
        synthetic_unless_documented(_GROUP.provenance),
    ),
    in_municipality(MsokoGroupRow.__table__),
    _GROUP.id,
    recording=Recording(
        rows=MsokoGroupRow,
        entity="msoko_group",
        permission=Permission.SCORES_WRITE,
        key=("municipality_id", "code"),
        rules=(code_is_of_a_group,),
        filters=("code",),
        example={
            "municipality_id": 1,
            "code": "3.2",
            "title": "Внутренняя система оценки качества",
        },
    ),
)

_SCORES = of_school(
    "msoko-scores",
    Text("Баллы МСОКО", "Scores of the municipal assessment"),
    Permission.SCORES_READ,
    MsokoScoreRow,
    "academic_year",
    academic_year(_SCORE.academic_year),
    column(_SCORE.group_id, "Номер группы", "Number of the group"),
    given(_GROUP.code, "Код группы", "Code of the group", name="group_code"),
    given(_GROUP.title, "Группа", "Group", name="group_title"),
    column(_SCORE.score, "Балл", "Score", unit=POINTS, least=0, most=MOST_POINTS),
    column(
        _SCORE.maximum,
        "Наибольший возможный балл",
        "Largest possible score",
        unit=POINTS,
        least=0,
        most=MOST_POINTS,
    ),
    recording=Recording(
        rows=MsokoScoreRow,
        entity="msoko_score",
        permission=Permission.SCORES_WRITE,
        key=("school_id", "academic_year", "group_id"),
        rules=(above_zero("maximum"), in_order("score", "maximum")),
        filters=("group_id",),
        references={"group_id": MsokoGroupRow},
        example={
            "school_id": 1,
            "academic_year": 2020,
            "group_id": 1,
            "score": 7.5,
            "maximum": 12,
        },
    ),
)
MSOKO_SCORES = replace(
    _SCORES,
    rows=_SCORES.rows.join(MsokoGroupRow.__table__, _GROUP.id == _SCORE.group_id),
)

DATASETS = (MSOKO_GROUPS, MSOKO_SCORES)
