"""What pupils, parents and teachers say when they are asked."""

from services.api.datasets.columns import column
from services.api.datasets.dataset import calendar_year, of_school
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order, not_in_the_future
from shared.domain.surveys import (
    COMPONENTS,
    QUESTIONS,
    RESPONDENT_GROUPS,
    pupils_are_enrolled,
)
from shared.persistence.tables.surveys import ClimateSurveyRow, SatisfactionSurveyRow

_CLIMATE = ClimateSurveyRow.__table__.c
_SATISFACTION = SatisfactionSurveyRow.__table__.c
PEOPLE = Text("человек", "people")
MOST = 10_000

CLIMATE_SURVEYS = of_school(
    "climate-surveys",
    Text("Мониторинг БОС", "Surveys of the climate"),
    Permission.SURVEYS_READ,
    ClimateSurveyRow,
    "held_on",
    column(_CLIMATE.held_on, "Дата опроса", "Held on"),
    column(
        _CLIMATE.component,
        "Компонент безопасности среды",
        "Component of the climate",
        allowed=COMPONENTS,
    ),
    column(
        _CLIMATE.respondent_group,
        "Кого спрашивали",
        "Who was asked",
        allowed=RESPONDENT_GROUPS,
    ),
    column(
        _CLIMATE.respondents, "Опрошено", "Respondents", unit=PEOPLE, least=1, most=MOST
    ),
    column(
        _CLIMATE.positive,
        "Оценили положительно",
        "Find it good",
        unit=PEOPLE,
        most=MOST,
    ),
    recording=Recording(
        rows=ClimateSurveyRow,
        entity="climate_survey",
        permission=Permission.SURVEYS_WRITE,
        key=("school_id", "held_on", "component", "respondent_group"),
        rules=(
            not_in_the_future("held_on"),
            in_order("positive", "respondents"),
            pupils_are_enrolled,
        ),
        filters=("held_on", "component", "respondent_group"),
        sorts=("held_on",),
        example={
            "school_id": 1,
            "held_on": "2020-05-20",
            "component": "psychological",
            "respondent_group": "pupils",
            "respondents": 84,
            "positive": 51,
        },
    ),
)

SATISFACTION_SURVEYS = of_school(
    "satisfaction-surveys",
    Text("Удовлетворённость школ", "Surveys of satisfaction"),
    Permission.SURVEYS_READ,
    SatisfactionSurveyRow,
    None,
    calendar_year(_SATISFACTION.calendar_year),
    column(_SATISFACTION.question, "Вопрос", "Question", allowed=QUESTIONS),
    column(
        _SATISFACTION.respondents,
        "Опрошено",
        "Respondents",
        unit=PEOPLE,
        least=1,
        most=MOST,
    ),
    column(
        _SATISFACTION.satisfied, "Удовлетворены", "Satisfied", unit=PEOPLE, most=MOST
    ),
    recording=Recording(
        rows=SatisfactionSurveyRow,
        entity="satisfaction_survey",
        permission=Permission.SURVEYS_WRITE,
        key=("school_id", "calendar_year", "question"),
        calendar="calendar_year",
        rules=(in_order("satisfied", "respondents"),),
        filters=("calendar_year", "question"),
        sorts=("calendar_year",),
        example={
            "school_id": 1,
            "calendar_year": 2020,
            "question": "municipal_management",
            "respondents": 20,
            "satisfied": 14,
        },
    ),
)

DATASETS = (CLIMATE_SURVEYS, SATISFACTION_SURVEYS)
