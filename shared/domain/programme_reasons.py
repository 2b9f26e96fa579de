"""Why an indicator of a programme does not count a school, or has no value at all."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.domain.errors import Text


class Reason(StrEnum):
    """What is missing, or not so; part of answers, so names never change."""

    NO_SWOT = "no_swot"
    NO_RESULTS = "no_results"
    NO_AGREEMENT = "no_agreement"
    NO_SCHOOL_PROGRAMME = "no_school_programme"
    NOT_APPROVED = "not_approved"
    NOT_STARTED = "not_started"
    NOT_COMPLETED = "not_completed"
    NOT_REVIEWED = "not_reviewed"
    NOT_SATISFIED = "not_satisfied"
    NOT_BETTER = "not_better"
    NOT_RAISED = "not_raised"
    FELL = "fell"
    PLAN_NOT_CORRECTED = "plan_not_corrected"
    UNANSWERED = "unanswered"
    NO_SURVEY = "no_survey"
    TOO_FEW_RESPONDENTS = "too_few_respondents"
    NO_INVENTORY = "no_inventory"
    NO_EARLIER_INVENTORY = "no_earlier_inventory"
    NO_METHOD = "no_method"
    INCOMPARABLE = "incomparable"
    NO_SCORE = "no_score"
    NO_SCORE_BEFORE = "no_score_before"
    NO_INTERNAL_CONTROL = "no_internal_control"
    NO_RECOMMENDATIONS = "no_recommendations"
    NOT_DUE_YET = "not_due_yet"
    NO_SCHOOLS = "no_schools"
    UNKNOWN_INDICATOR = "unknown_indicator"
    YEAR_NOT_BEGUN = "year_not_begun"
    YEAR_IS_OVER = "year_is_over"
    NOTHING_COUNTED = "nothing_counted"
    RESPONDENTS_UNKNOWN = "respondents_unknown"
    CONDITION_NOT_MET = "condition_not_met"
    CONDITION_UNKNOWN = "condition_unknown"
    TOO_FEW_PARTICIPANTS = "too_few_participants"


REASONS: Final[Mapping[Reason, Text]] = MappingProxyType(
    {
        Reason.NO_SWOT: Text(
            "нет SWOT-анализа за этот год", "there is no SWOT analysis of the year"
        ),
        Reason.NO_RESULTS: Text(
            "в расчёте по методике нет результатов школы",
            "the scores by the method hold no results of the school",
        ),
        Reason.NO_AGREEMENT: Text(
            "нет подписанного договора, действующего в этом году",
            "no signed agreement is in force in the year",
        ),
        Reason.NO_SCHOOL_PROGRAMME: Text(
            "у школы нет программы", "the school has no programme"
        ),
        Reason.NOT_APPROVED: Text(
            "программа школы не одобрена", "the school's programme is not approved"
        ),
        Reason.NOT_STARTED: Text(
            "программа школы в этом году не выполняется",
            "the school's programme is not carried out in the year",
        ),
        Reason.NOT_COMPLETED: Text(
            "программа школы не завершена", "the school's programme is not completed"
        ),
        Reason.NOT_REVIEWED: Text(
            "программа школы не прошла экспертизу",
            "the school's programme has not passed the expertise",
        ),
        Reason.NOT_SATISFIED: Text(
            "доля удовлетворённых ниже порога",
            "the share of the satisfied is below the threshold",
        ),
        Reason.NOT_BETTER: Text(
            "ресурсов не стало больше", "there are no more resources than before"
        ),
        Reason.NOT_RAISED: Text(
            "качество образования не повысилось", "the quality has not been raised"
        ),
        Reason.FELL: Text(
            "показатель группы снизился", "the score in the group has fallen"
        ),
        Reason.PLAN_NOT_CORRECTED: Text(
            "по итогам внутришкольного контроля план не скорректирован",
            "no plan was corrected after the internal control",
        ),
        Reason.UNANSWERED: Text(
            "на рекомендацию, срок которой прошёл, нет принятого ответа",
            "a recommendation that has fallen due is unanswered or was returned",
        ),
        Reason.NO_SURVEY: Text(
            "нет опроса по этому вопросу за этот год (satisfaction-surveys)",
            "there is no survey of the question in the year (satisfaction-surveys)",
        ),
        Reason.TOO_FEW_RESPONDENTS: Text(
            "опрошено слишком мало людей", "too few people were asked"
        ),
        Reason.NO_INVENTORY: Text(
            "нет записей о ресурсах за этот год (resource-items)",
            "there are no resources of the year (resource-items)",
        ),
        Reason.NO_EARLIER_INVENTORY: Text(
            "нет записей о ресурсах до этого года, сравнить не с чем",
            "there are no earlier resources to compare with",
        ),
        Reason.NO_METHOD: Text("нет действующей методики", "no method is in force"),
        Reason.INCOMPARABLE: Text(
            "годы нельзя сравнить", "the years cannot be compared"
        ),
        Reason.NO_SCORE: Text(
            "нет баллов МСОКО за этот год (msoko-scores)",
            "there are no МСОКО scores of the year (msoko-scores)",
        ),
        Reason.NO_SCORE_BEFORE: Text(
            "нет баллов МСОКО за предыдущий год (msoko-scores)",
            "there are no МСОКО scores of the year before (msoko-scores)",
        ),
        Reason.NO_INTERNAL_CONTROL: Text(
            "нет записей о внутришкольном контроле (internal-controls)",
            "no internal control of the year is recorded (internal-controls)",
        ),
        Reason.NO_RECOMMENDATIONS: Text(
            "нет адресных рекомендаций со сроком в этом году",
            "no recommendation to the school falls due in the year",
        ),
        Reason.NOT_DUE_YET: Text(
            "срок рекомендаций ещё не наступил", "no recommendation is due as yet"
        ),
        Reason.NO_SCHOOLS: Text(
            "школ в этом году нет", "there are no schools in the year"
        ),
        Reason.UNKNOWN_INDICATOR: Text(
            "такой показатель система не считает",
            "the system does not count such an indicator",
        ),
        Reason.YEAR_NOT_BEGUN: Text("год ещё не начался", "the year has not begun"),
        Reason.YEAR_IS_OVER: Text(
            "год закончился: значение окончательное",
            "the year is over: the value is final",
        ),
        Reason.NOTHING_COUNTED: Text(
            "прогнозировать не из чего", "there is nothing to project from"
        ),
        Reason.RESPONDENTS_UNKNOWN: Text(
            "неизвестно, сколько человек ещё ответит",
            "it is not known how many people will still answer",
        ),
        Reason.CONDITION_NOT_MET: Text(
            "условие показателя не выполнено", "the indicator's condition is not met"
        ),
        Reason.CONDITION_UNKNOWN: Text(
            "данных, от которых зависит условие, нет",
            "figures that the condition hangs on are missing",
        ),
        Reason.TOO_FEW_PARTICIPANTS: Text(
            "участников слишком мало", "participants are too few"
        ),
    }
)
