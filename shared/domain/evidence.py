"""The evidence sheet of a municipality's self-assessment, from its own records.

The federal methodology (ФИОКО, direction 1.2) asks for nine components of the work with
weak schools; each is shown by positions with a link and a comment, and what is missing
is a gap.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.errors import Text
from shared.domain.evidence_components import Component, Position
from shared.domain.evidence_facts import EvidenceFacts
from shared.domain.evidence_of_schools import analysis, monitoring


@dataclass(frozen=True, slots=True)
class ComponentEvidence:
    """One of the nine components: what shows it, and what is missing."""

    component: Component
    positions: tuple[Position, ...]
    gaps: tuple[Text, ...]


def evidence_of(facts: EvidenceFacts) -> tuple[ComponentEvidence, ...]:
    """Return the nine components in the methodology's order."""
    sheet = []
    for component, find in _FINDERS.items():
        found = list(find(facts))
        positions = tuple(each for each in found if isinstance(each, Position))
        gaps = tuple(each for each in found if isinstance(each, Text))
        sheet.append(ComponentEvidence(component, positions, gaps))
    return tuple(sheet)


def _goals(facts: EvidenceFacts) -> Iterator[Position | Text]:
    address = f"/v1/programmes/{facts.programme_id}"
    if facts.goal:
        yield Position(Text("Цель", "Goal"), address, Text(facts.goal, facts.goal))
    if facts.tasks:
        comment = Text(f"Задач: {facts.tasks}", f"Tasks: {facts.tasks}")
        yield Position(Text("Задачи", "Tasks"), address, comment)
    else:
        yield Text("В программе нет задач.", "The programme has no tasks.")


def _indicators(facts: EvidenceFacts) -> Iterator[Position | Text]:
    if not facts.indicators:
        yield Text("В программе нет показателей.", "The programme has no indicators.")
        return
    with_ranges = facts.indicators - facts.indicators_without_ranges
    yield Position(
        Text("Целевые показатели", "Indicators with targets"),
        f"/v1/programmes/{facts.programme_id}/target-indicators",
        Text(
            f"Показателей: {facts.indicators}, с целями по годам: {with_ranges}",
            f"Indicators: {facts.indicators}, with yearly ranges: {with_ranges}",
        ),
    )
    if facts.indicators_without_ranges:
        yield Text(
            f"Без целей по годам: {facts.indicators_without_ranges}.",
            f"Without yearly ranges: {facts.indicators_without_ranges}.",
        )


def _methods(facts: EvidenceFacts) -> Iterator[Position | Text]:
    for method in facts.methods:
        yield Position(
            Text("Методика расчёта", "Method of calculation"),
            "/v1/rankings",
            Text(f"Действует {method}", f"In force: {method}"),
        )
    if not facts.methods:
        yield Text("Нет действующей методики.", "No method is in force.")


def _recommendations(facts: EvidenceFacts) -> Iterator[Position | Text]:
    if facts.recommendations:
        total, accepted = facts.recommendations, facts.recommendations_accepted
        yield Position(
            Text("Рекомендации школам", "Recommendations to schools"),
            "/v1/recommendations",
            Text(
                f"Дано: {total}, ответ принят: {accepted}",
                f"Issued: {total}, answers accepted: {accepted}",
            ),
        )
    else:
        yield Text("Рекомендаций нет.", "There are no recommendations.")
    if facts.recommendations_overdue:
        yield Text(
            f"Просрочены: {facts.recommendations_overdue}.",
            f"Overdue: {facts.recommendations_overdue}.",
        )
    if facts.schools_without_recommendation:
        names = "; ".join(facts.schools_without_recommendation)
        yield Text(
            f"Школы перечня без рекомендаций: {names}.",
            f"Listed schools without recommendations: {names}.",
        )


def _measures(facts: EvidenceFacts) -> Iterator[Position | Text]:
    if facts.measures:
        yield Position(
            Text("План мероприятий", "Plan of measures"),
            f"/v1/programmes/{facts.programme_id}/measures",
            Text(
                f"Мероприятий: {facts.measures}, сроков исполнено: "
                f"{facts.deadlines_done}",
                f"Measures: {facts.measures}, deadlines met: {facts.deadlines_done}",
            ),
        )
    else:
        yield Text("В программе нет мероприятий.", "The programme has no measures.")
    if facts.deadlines_overdue:
        yield Text(
            f"Просрочено сроков: {facts.deadlines_overdue}.",
            f"Deadlines overdue: {facts.deadlines_overdue}.",
        )
    approved, schools = facts.school_programmes_approved, facts.schools
    if approved:
        yield Position(
            Text("Программы школ", "School programmes"),
            f"/v1/school-programmes?programme_id={facts.programme_id}",
            Text(
                f"Одобрены у школ: {approved} из {schools}",
                f"Approved for {approved} of {schools} schools",
            ),
        )
    if approved < schools:
        yield Text(
            f"Школ без одобренной программы: {schools - approved}.",
            f"Schools without an approved programme: {schools - approved}.",
        )


def _decisions(facts: EvidenceFacts) -> Iterator[Position | Text]:
    for each in facts.decisions:
        address = f"/v1/decisions/{each.id}"
        comment = Text("Решение", "Decision")
        title = Text(each.title, each.title)
        yield Position(title, each.link or address, comment)
    if not facts.decisions:
        yield Text("Решений нет.", "There are no decisions.")


def _effect(facts: EvidenceFacts) -> Iterator[Position | Text]:
    if not facts.values:
        yield Text(
            "Показатели программы ещё не рассчитаны.",
            "The programme's indicators have not been computed yet.",
        )
    for year, statuses in sorted(facts.values.items()):
        met = statuses.get("met", 0) + statuses.get("above", 0)
        missing = statuses.get("no_data", 0)
        below = statuses.get("below", 0)
        if met or below:
            address = (
                f"/v1/programme-indicators?programme_id={facts.programme_id}"
                f"&year={year}"
            )
            yield Position(
                Text(f"Показатели за {year} год", f"Indicators of {year}"),
                address,
                Text(
                    f"Достигнуты: {met}, ниже цели: {below}",
                    f"Reached: {met}, below the target: {below}",
                ),
            )
        if missing:
            yield Text(
                f"За {year} год нет данных по показателям: {missing}.",
                f"Indicators without data for {year}: {missing}.",
            )


_FINDERS: Final = MappingProxyType(
    {
        Component.GOALS: _goals,
        Component.INDICATORS: _indicators,
        Component.METHODS: _methods,
        Component.MONITORING: monitoring,
        Component.ANALYSIS: analysis,
        Component.RECOMMENDATIONS: _recommendations,
        Component.MEASURES: _measures,
        Component.DECISIONS: _decisions,
        Component.EFFECT: _effect,
    }
)
