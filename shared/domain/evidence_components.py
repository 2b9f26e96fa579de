"""The nine components of self-assessment, and what can show one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.domain.errors import Text


class Component(StrEnum):
    """What the methodology looks for, in its order."""

    GOALS = "goals"
    INDICATORS = "indicators"
    METHODS = "methods"
    MONITORING = "monitoring"
    ANALYSIS = "analysis"
    RECOMMENDATIONS = "recommendations"
    MEASURES = "measures"
    DECISIONS = "decisions"
    EFFECT = "effect"


TITLES: Final[Mapping[Component, Text]] = MappingProxyType(
    {
        Component.GOALS: Text("Цели", "Goals"),
        Component.INDICATORS: Text("Показатели", "Indicators"),
        Component.METHODS: Text("Методы сбора информации", "Methods of collection"),
        Component.MONITORING: Text("Мониторинг", "Monitoring"),
        Component.ANALYSIS: Text("Анализ", "Analysis"),
        Component.RECOMMENDATIONS: Text("Адресные рекомендации", "Recommendations"),
        Component.MEASURES: Text("Меры", "Measures"),
        Component.DECISIONS: Text("Управленческие решения", "Decisions"),
        Component.EFFECT: Text("Анализ эффективности мер", "Analysis of effect"),
    }
)


@dataclass(frozen=True, slots=True)
class Position:
    """Something that shows a component: what, where to read it, and a comment."""

    title: Text
    link: str
    comment: Text
