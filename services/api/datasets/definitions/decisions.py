"""Decisions of municipalities, what they are about, and budgets of programmes."""

from services.api.datasets.columns import ROUBLES, Column, column
from services.api.datasets.dataset import (
    Dataset,
    in_municipality,
    municipality,
    provenance,
    row_id,
    synthetic_unless_documented,
)
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.permissions import Permission
from shared.domain.programme_rules import within_programme_years
from shared.domain.record_rules import (
    exactly_one,
    is_link,
    not_in_the_future,
    without_initials,
)
from shared.persistence.tables.decisions import (
    BudgetItemRow,
    DecisionRow,
    DecisionSubjectRow,
)
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow
from shared.persistence.tables.recommendations import RecommendationRow
from shared.persistence.tables.schools import SchoolRow

_DECISION = DecisionRow.__table__.c
_SUBJECT = DecisionSubjectRow.__table__.c
_ITEM = BudgetItemRow.__table__.c


def _programme(source: object) -> Column:
    return column(source, "Номер программы", "Programme number")


DECISIONS = Dataset(
    "decisions",
    Text("Управленческие решения", "Decisions"),
    Permission.PROGRAMMES_READ,
    (
        row_id(_DECISION.id),
        *municipality(_DECISION.municipality_id),
        _programme(_DECISION.programme_id),
        column(_DECISION.kind, "Вид", "Kind", allowed=("order", "protocol")),
        column(_DECISION.title, "О чём", "Title"),
        column(_DECISION.number, "Номер", "Number", most=100),
        column(_DECISION.decided_on, "Дата", "Date"),
        column(_DECISION.body, "Кем принято", "Adopted by"),
        column(_DECISION.link, "Ссылка", "Link"),
        column(_DECISION.summary, "Суть решения", "Summary"),
        provenance(_DECISION.provenance),
        synthetic_unless_documented(_DECISION.provenance),
    ),
    in_municipality(DecisionRow.__table__),
    _DECISION.id,
    _DECISION.decided_on,
    Recording(
        rows=DecisionRow,
        entity="decision",
        permission=Permission.PROGRAMMES_WRITE,
        key=("municipality_id", "kind", "number", "decided_on"),
        rules=(
            not_in_the_future("decided_on"),
            without_initials("body"),
            is_link("link"),
        ),
        filters=("programme_id", "kind", "number"),
        sorts=("decided_on",),
        references={"programme_id": ProgrammeRow},
        locked_with_year=False,
        example={
            "municipality_id": 1,
            "kind": "order",
            "title": "Об итогах мониторинга качества образования",
            "number": "112",
            "decided_on": "2020-09-10",
            "body": "Управление образования",
            "link": "https://example.org/orders/112",
        },
    ),
)

DECISION_SUBJECTS = Dataset(
    "decision-subjects",
    Text("Предметы решений", "What decisions are about"),
    Permission.PROGRAMMES_READ,
    (
        row_id(_SUBJECT.id),
        *municipality(_SUBJECT.municipality_id),
        column(_SUBJECT.decision_id, "Номер записи решения", "Decision row number"),
        column(_SUBJECT.about_school_id, "Номер школы", "School number"),
        column(_SUBJECT.measure_id, "Номер мероприятия", "Measure row number"),
        column(
            _SUBJECT.recommendation_id, "Номер рекомендации", "Recommendation number"
        ),
        provenance(_SUBJECT.provenance),
        synthetic_unless_documented(_SUBJECT.provenance),
    ),
    in_municipality(DecisionSubjectRow.__table__),
    _SUBJECT.id,
    None,
    Recording(
        rows=DecisionSubjectRow,
        entity="decision_subject",
        permission=Permission.PROGRAMMES_WRITE,
        key=("decision_id", "about_school_id", "measure_id", "recommendation_id"),
        rules=(exactly_one("about_school_id", "measure_id", "recommendation_id"),),
        filters=("decision_id", "about_school_id", "measure_id", "recommendation_id"),
        references={
            "decision_id": DecisionRow,
            "about_school_id": SchoolRow,
            "measure_id": MeasureRow,
            "recommendation_id": RecommendationRow,
        },
        example={"municipality_id": 1, "decision_id": 1, "about_school_id": 1},
    ),
)

BUDGET_ITEMS = Dataset(
    "budget-items",
    Text("Бюджет программ", "Budgets of programmes"),
    Permission.PROGRAMMES_READ,
    (
        row_id(_ITEM.id),
        *municipality(_ITEM.municipality_id),
        _programme(_ITEM.programme_id),
        column(_ITEM.year, "Календарный год", "Year", least=FIRST_YEAR, most=LAST_YEAR),
        column(_ITEM.purpose, "Назначение расходов", "Purpose of spending"),
        column(
            _ITEM.source,
            "Источник",
            "Source of funds",
            allowed=("federal", "regional", "municipal", "school", "extrabudgetary"),
        ),
        column(_ITEM.planned, "План", "Planned", unit=ROUBLES),
        column(_ITEM.spent, "Израсходовано", "Spent", unit=ROUBLES),
        column(_ITEM.comment, "Примечание", "Comment"),
        provenance(_ITEM.provenance),
        synthetic_unless_documented(_ITEM.provenance),
    ),
    in_municipality(BudgetItemRow.__table__),
    _ITEM.id,
    None,
    Recording(
        rows=BudgetItemRow,
        entity="budget_item",
        permission=Permission.PROGRAMMES_WRITE,
        key=("programme_id", "year", "source", "purpose"),
        calendar="year",
        rules=(within_programme_years("programme_id", "year"),),
        filters=("programme_id", "year", "source"),
        sorts=("year", "planned", "spent"),
        references={"programme_id": ProgrammeRow},
        example={
            "municipality_id": 1,
            "programme_id": 1,
            "year": 2021,
            "purpose": "Внебюджетные курсы повышения квалификации",
            "source": "municipal",
            "planned": "120000.00",
            "spent": "118450.50",
        },
    ),
)

DATASETS = (DECISIONS, DECISION_SUBJECTS, BUDGET_ITEMS)
