"""What the records of its schools show of a municipality's work with them."""

from collections.abc import Iterator

from shared.domain.errors import Text
from shared.domain.evidence_components import Position
from shared.domain.evidence_facts import EvidenceFacts
from shared.domain.periods import AcademicYear


def monitoring(facts: EvidenceFacts) -> Iterator[Position | Text]:
    """Yield the results of each year and the surveys, or that they are missing."""
    for year in facts.years:
        label = AcademicYear(year).label
        count = facts.results.get(year, 0)
        if count:
            yield Position(
                Text(f"Результаты {label}", f"Results of {label}"),
                f"/v1/results?academic_year={year}",
                Text(f"Записей: {count}", f"Rows: {count}"),
            )
        else:
            yield Text(
                f"Нет результатов за {label} учебный год.",
                f"There are no results of {label}.",
            )
    yield from _surveys(facts)


def _surveys(facts: EvidenceFacts) -> Iterator[Position | Text]:
    if facts.surveys:
        yield Position(
            Text("Опросы об удовлетворённости", "Surveys of satisfaction"),
            "/v1/satisfaction-surveys",
            Text(f"Записей: {facts.surveys}", f"Rows: {facts.surveys}"),
        )
    else:
        yield Text(
            "Опросов об удовлетворённости нет.",
            "There are no surveys of satisfaction.",
        )


def analysis(facts: EvidenceFacts) -> Iterator[Position | Text]:
    """Yield rankings, SWOT and signs of non-objectivity, or what is missing."""
    for year in facts.years:
        label = AcademicYear(year).label
        run = facts.runs.get(year)
        if run is None:
            yield Text(
                f"Нет рейтинга школ за {label} учебный год.",
                f"There is no ranking of schools for {label}.",
            )
            continue
        yield Position(
            Text(f"Рейтинг школ {label}", f"Ranking of schools, {label}"),
            f"/v1/rankings/{run}",
            Text(f"Расчёт {run}", f"Run {run}"),
        )
    if facts.swot:
        yield Position(
            Text("SWOT-анализ школ", "SWOT of schools"),
            "/v1/swot-entries",
            Text(f"Записей: {facts.swot}", f"Rows: {facts.swot}"),
        )
    else:
        yield Text("SWOT-анализа школ нет.", "There is no SWOT of schools.")
    if facts.signs:
        yield Position(
            Text("Признаки необъективности", "Signs of non-objectivity"),
            "/v1/objectivity-signs",
            Text(f"Записей: {facts.signs}", f"Rows: {facts.signs}"),
        )
