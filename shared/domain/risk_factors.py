"""The closed list of risk factors of the project «500+»."""

from dataclasses import dataclass
from typing import Final

from shared.domain.errors import Text
from shared.domain.provenance import Provenance, ProvenanceKind


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """Why results of a school may be low."""

    code: str
    title: Text


# The programmes name the project but do not print its list.
PROVENANCE: Final = Provenance(
    ProvenanceKind.UNCONFIRMED, "Проект «500+»: рисковый профиль школы, 2021"
)
RISK_FACTORS: Final = (
    RiskFactor(
        "poor_equipment",
        Text("Низкий уровень оснащения школы", "The school is poorly equipped"),
    ),
    RiskFactor(
        "staff_shortage",
        Text("Дефицит педагогических кадров", "There are too few teachers"),
    ),
    RiskFactor(
        "teachers_competence",
        Text(
            "Недостаточная предметная и методическая компетентность педагогических "
            "работников",
            "Teachers lack knowledge of subjects and methods",
        ),
    ),
    RiskFactor(
        "special_needs",
        Text(
            "Высокая доля обучающихся с ОВЗ",
            "Many pupils have disabilities",
        ),
    ),
    RiskFactor(
        "language_barriers",
        Text(
            "Низкое качество преодоления языковых и культурных барьеров",
            "Language and cultural barriers are poorly overcome",
        ),
    ),
    RiskFactor(
        "low_motivation",
        Text(
            "Низкая учебная мотивация обучающихся",
            "Pupils are little motivated to learn",
        ),
    ),
    RiskFactor(
        "low_wellbeing",
        Text(
            "Пониженный уровень школьного благополучия",
            "Well-being at school is lowered",
        ),
    ),
    RiskFactor(
        "low_discipline",
        Text("Низкий уровень дисциплины в классе", "Discipline in class is poor"),
    ),
    RiskFactor(
        "risk_of_failure",
        Text(
            "Высокая доля обучающихся с рисками учебной неуспешности",
            "Many pupils are at risk of failing",
        ),
    ),
    RiskFactor(
        "low_involvement_of_parents",
        Text(
            "Низкий уровень вовлечённости родителей",
            "Parents are little involved",
        ),
    ),
)
