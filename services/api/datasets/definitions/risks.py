"""What puts schools at risk, and what they do about it."""

from sqlalchemy import Text as SqlText
from sqlalchemy import case, type_coerce

from services.api.datasets.columns import column, given
from services.api.datasets.dataset import academic_year, of_school
from services.api.datasets.recording import Recording
from shared.domain.anti_risk import (
    DRAFT,
    SIGNIFICANCES,
    STATES,
    answers_a_topical_factor,
    approved_when_whole,
)
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order
from shared.domain.risk_factors import RISK_FACTORS
from shared.persistence.tables.risks import AntiRiskProgrammeRow, RiskProfileRow

_PROFILE = RiskProfileRow.__table__.c
_PROGRAMME = AntiRiskProgrammeRow.__table__.c
_TITLE = type_coerce(
    case(
        {factor.code: factor.title.ru for factor in RISK_FACTORS}, value=_PROFILE.factor
    ),
    SqlText,
)

RISK_PROFILES = of_school(
    "risk-profiles",
    Text("Рисковые профили", "Risk profiles"),
    Permission.RISKS_READ,
    RiskProfileRow,
    "academic_year",
    academic_year(_PROFILE.academic_year),
    column(
        _PROFILE.factor,
        "Фактор риска (код)",
        "Risk factor (code)",
        allowed=[factor.code for factor in RISK_FACTORS],
    ),
    given(_TITLE, "Фактор риска", "Risk factor", name="factor_title"),
    column(_PROFILE.significance, "Значимость", "Significance", allowed=SIGNIFICANCES),
    column(_PROFILE.topical, "Актуален для школы", "Topical for the school"),
    recording=Recording(
        rows=RiskProfileRow,
        entity="risk_profile",
        permission=Permission.RISKS_WRITE,
        key=("school_id", "academic_year", "factor"),
        filters=("factor", "significance", "topical"),
        example={
            "school_id": 1,
            "academic_year": 2020,
            "factor": "low_motivation",
            "significance": "high",
            "topical": True,
        },
    ),
)

ANTI_RISK_PROGRAMMES = of_school(
    "anti-risk-programmes",
    Text("Антирисковые программы", "Anti-risk programmes"),
    Permission.RISKS_READ,
    AntiRiskProgrammeRow,
    "starts_on",
    column(
        _PROGRAMME.risk_profile_id,
        "Номер записи рискового профиля",
        "Row number of the risk profile",
    ),
    column(_PROGRAMME.goal, "Цель", "Goal"),
    column(_PROGRAMME.tasks, "Задачи", "Tasks"),
    column(_PROGRAMME.measures, "Мероприятия", "Measures"),
    column(_PROGRAMME.indicator, "Показатель", "Indicator"),
    column(_PROGRAMME.starts_on, "Начало", "Starts on"),
    column(_PROGRAMME.ends_on, "Окончание", "Ends on"),
    column(_PROGRAMME.state, "Состояние", "State", allowed=STATES, default=DRAFT),
    recording=Recording(
        rows=AntiRiskProgrammeRow,
        entity="anti_risk_programme",
        permission=Permission.RISKS_WRITE,
        key=("risk_profile_id",),
        rules=(
            answers_a_topical_factor,
            in_order("starts_on", "ends_on"),
            approved_when_whole,
        ),
        planned=True,
        owed=DeadlineKind.ANTI_RISK_PROGRAMME,
        filters=("risk_profile_id", "state"),
        references={"risk_profile_id": RiskProfileRow},
        example={
            "school_id": 1,
            "risk_profile_id": 1,
            "goal": "Повысить учебную мотивацию в 5–7 классах",
            "tasks": ["Выявить причины низкой мотивации"],
            "measures": ["Анкетирование учеников", "Неделя проектов"],
            "indicator": "Доля мотивированных учеников не ниже 60 %",
            "starts_on": "2020-09-15",
            "ends_on": "2021-05-31",
            "state": "approved",
        },
    ),
)

DATASETS = (RISK_PROFILES, ANTI_RISK_PROGRAMMES)
