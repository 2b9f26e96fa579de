"""Recommendations to schools, with the schools' answers."""

from sqlalchemy import Date, and_, cast, func

from services.api.datasets.columns import column, given
from services.api.datasets.dataset import MUNICIPALITY, of_school
from services.api.datasets.recording import Recording
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.recommendation_grounds import grounds_are_referred_to
from shared.domain.recommendations import (
    AWAITING,
    RecommendationStatus,
    require_unanswered,
)
from shared.domain.record_rules import in_order, not_in_the_future, without_initials
from shared.persistence.tables.conditions import ObjectivitySignRow
from shared.persistence.tables.programmes import ProgrammeRow, TargetIndicatorRow
from shared.persistence.tables.recommendations import RecommendationRow

_ADVICE = RecommendationRow.__table__.c
_TODAY = cast(
    func.timezone(MUNICIPALITY.time_zone, func.tenancy.clock_now()), Date
)  # on the system's clock
_IS_OVERDUE = and_(_ADVICE.status.in_(sorted(AWAITING)), _ADVICE.due_on < _TODAY)

RECOMMENDATIONS = of_school(
    "recommendations",
    Text("Адресные рекомендации", "Recommendations to schools"),
    Permission.RECOMMENDATIONS_READ,
    RecommendationRow,
    "issued_on",
    column(_ADVICE.programme_id, "Номер программы", "Programme number"),
    column(_ADVICE.title, "О чём", "Subject"),
    column(_ADVICE.text, "Рекомендация", "Recommendation"),
    column(_ADVICE.grounds, "По итогам какого анализа", "Analysis it follows from"),
    column(_ADVICE.ranking_run_id, "Номер расчёта рейтинга", "Run of the ranking"),
    column(
        _ADVICE.target_indicator_id, "Номер показателя программы", "Indicator number"
    ),
    column(
        _ADVICE.objectivity_sign_id,
        "Номер признака необъективности",
        "Objectivity sign number",
    ),
    column(_ADVICE.issued_on, "Дата", "Issued on"),
    column(_ADVICE.due_on, "Срок исполнения", "Due on"),
    column(_ADVICE.issued_by, "Кем дана (должность)", "Issued by (position)"),
    given(_ADVICE.status, "Состояние", "Status", allowed=list(RecommendationStatus)),
    given(_ADVICE.answer, "Ответ школы", "Answer of the school"),
    given(_ADVICE.done_on, "Исполнено", "Done on"),
    given(_ADVICE.answered_on, "Дата ответа", "Answered on"),
    given(_ADVICE.remark, "Замечание к ответу", "Remark on the answer"),
    given(_ADVICE.accepted_on, "Ответ принят", "Accepted on"),
    given(_IS_OVERDUE, "Просрочена", "Overdue", name="is_overdue"),
    recording=Recording(
        rows=RecommendationRow,
        entity="recommendation",
        permission=Permission.RECOMMENDATIONS_WRITE,
        key=("school_id", "issued_on", "title"),
        rules=(
            in_order("issued_on", "due_on"),
            not_in_the_future("issued_on"),
            without_initials("issued_by"),
            grounds_are_referred_to,
        ),
        filters=("programme_id", "status", "due_on", "is_overdue"),
        sorts=("issued_on", "due_on"),
        references={
            "programme_id": ProgrammeRow,
            "target_indicator_id": TargetIndicatorRow,
            "objectivity_sign_id": ObjectivitySignRow,
        },
        own_school=("objectivity_sign_id",),
        guard=require_unanswered,
        locked_with_year=False,
        owed=DeadlineKind.RECOMMENDATION,
        example={
            "school_id": 1,
            "title": "Математика, 5 класс",
            "text": "Провести диагностику вычислительных навыков и разобрать её итоги",
            "grounds": "Рейтинг школ за 2019/2020 учебный год",
            "ranking_run_id": 1,
            "issued_on": "2020-09-15",
            "due_on": "2020-11-30",
            "issued_by": "Методист",
        },
    ),
)

DATASETS = (RECOMMENDATIONS,)
