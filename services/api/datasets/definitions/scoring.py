"""What was computed last: figures and places of the current runs."""

from typing import Any

from sqlalchemy import FromClause, and_

from services.api.datasets.columns import ACADEMIC_YEAR, PUPILS, Column, given
from services.api.datasets.dataset import (
    MUNICIPALITY_NAME,
    SCHOOL_NAME,
    Dataset,
    in_school,
    synthetic,
)
from shared.contracts.events import Topic
from shared.domain.errors import Text
from shared.domain.measures import MEASURES
from shared.domain.permissions import Permission
from shared.persistence.tables.figures import IndicatorValueRow
from shared.persistence.tables.scoring import CurrentRunRow, RankingPlaceRow, RunRow

_RUN = RunRow.__table__.c
_CURRENT = CurrentRunRow.__table__.c
_PLACE = RankingPlaceRow.__table__.c
_VALUE = IndicatorValueRow.__table__.c

SCOPES = ("overall", "kind", "cluster")


def _of_current_runs(table: Any) -> FromClause:
    is_current = and_(
        _CURRENT.run_id == table.c.run_id, _CURRENT.topic == Topic.RESULTS.value
    )
    return (
        in_school(table)
        .join(RunRow.__table__, _RUN.id == table.c.run_id)
        .join(CurrentRunRow.__table__, is_current)
    )


def _whose(table: Any) -> tuple[Column, ...]:
    return (
        given(table.run_id, "Номер расчёта", "Run number"),
        given(_RUN.computed_at, "Рассчитано (UTC)", "Computed (UTC)"),
        given(
            _RUN.year,
            "Учебный год",
            "Academic year",
            name="academic_year",
            unit=ACADEMIC_YEAR,
        ),
        given(_RUN.method_code, "Методика", "Method"),
        given(_RUN.method_version, "Версия методики", "Version of the method"),
        given(table.municipality_id, "Номер муниципалитета", "Municipality number"),
        MUNICIPALITY_NAME,
        given(table.school_id, "Номер школы", "School number"),
        SCHOOL_NAME,
    )


RANKINGS = Dataset(
    "rankings",
    Text("Рейтинг школ", "Ranking of schools"),
    Permission.RANKINGS_READ,
    (
        *_whose(_PLACE),
        given(_PLACE.scope, "Среди кого", "Among whom", allowed=SCOPES),
        given(_PLACE.scope_group, "Вид или кластер", "Kind or cluster"),
        given(_PLACE.value, "Значение", "Value"),
        given(_PLACE.n, "Участников", "Pupils", unit=PUPILS),
        given(_PLACE.place_from, "Место от", "Place from"),
        given(_PLACE.place_to, "Место до", "Place to"),
        given(_PLACE.interval_low, "Место вероятно от", "Place plausibly from"),
        given(_PLACE.interval_high, "Место вероятно до", "Place plausibly to"),
        given(_PLACE.band, "Группа неразличимых", "Band of statistical ties"),
        given(_PLACE.ranked, "Школ в рейтинге", "Ranked schools"),
        given(_PLACE.value_low, "Интервал 95 % от", "95 % interval from"),
        given(_PLACE.value_high, "Интервал 95 % до", "95 % interval to"),
        given(_PLACE.shrunk, "Сглаженное значение", "Shrunk value"),
        given(_PLACE.shrink_weight, "Вес своих данных", "Weight of its own data"),
        given(_PLACE.pooled_value, "Значение за несколько лет", "Value over years"),
        given(
            _PLACE.pooled_n,
            "Участников за эти годы",
            "Pupils of the years",
            unit=PUPILS,
        ),
        given(
            _PLACE.outside_reason,
            "Почему вне рейтинга",
            "Why outside the ranking",
            allowed=("no_data", "too_few_participants"),
        ),
        synthetic(_RUN.synthetic),
    ),
    _of_current_runs(RankingPlaceRow.__table__),
    _PLACE.id,
    _RUN.year,
)

INDICATORS = Dataset(
    "indicators",
    Text("Показатели результатов", "Indicators of results"),
    Permission.INDICATORS_READ,
    (
        *_whose(_VALUE),
        given(_VALUE.procedure, "Процедура (код)", "Procedure (code)"),
        given(_VALUE.subject, "Предмет (код)", "Subject (code)"),
        given(_VALUE.programme_grade, "Класс программы", "Grade of the programme"),
        given(_VALUE.measure, "Показатель (код)", "Measure", allowed=list(MEASURES)),
        given(_VALUE.value, "Значение", "Value"),
        given(_VALUE.n, "Участников", "Pupils", unit=PUPILS),
        synthetic(_RUN.synthetic),
    ),
    _of_current_runs(IndicatorValueRow.__table__),
    _VALUE.id,
    _RUN.year,
)

DATASETS = (RANKINGS, INDICATORS)
