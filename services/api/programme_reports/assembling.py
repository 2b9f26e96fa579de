"""Putting a report together from what other features read."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.api.http.localized import LocalizedOut
from services.api.http.runs import current_run
from services.api.indicators.repository import list_programme_values
from services.api.programme_reports import repository
from services.api.programme_reports.content_schemas import (
    AmendmentLineOut,
    BudgetItemOut,
    BudgetOut,
    IndicatorLineOut,
    PassportOut,
    ReportChangeOut,
    ReportOut,
    RoadmapOut,
    UsedRunOut,
)
from services.api.programmes import repository as programmes
from services.api.programmes.amendment_repository import read_differences
from services.api.programmes.budgets import budget_totals
from services.api.roadmaps.execution_repository import count_execution
from services.api.roadmaps.execution_routes import (
    NOTHING,
    ExecutionOut,
    MeasureExecutionOut,
    SchoolExecutionOut,
)
from shared.contracts.events import Topic
from shared.domain.amendment_wording import describe
from shared.domain.errors import Text
from shared.domain.programme_reports import Year, deviation_of, title_of
from shared.domain.programme_state import is_asked_for
from shared.domain.report_changes import changes_between
from shared.persistence.paging import AnyRow
from shared.persistence.runs import RunRecord
from shared.persistence.work import Work

# A run covers the programmes of all years at once.
ALL_YEARS = 0
UNKNOWN: Mapping[str, Any] = {
    **dict.fromkeys(
        (
            *("low", "high", "range_text", "percent", "percent_low", "percent_high"),
            *("numerator", "denominator", "reason", "growth", "projection"),
            "unprojected",
        )
    ),
    "n_decided": 0,
    "n_schools": 0,
    "status": "no_data",
    "is_settled": False,
    "thresholds": (),
}


async def assemble(
    work: Work, programme: AnyRow, year: Year, explanations: Mapping[str, str]
) -> ReportOut:
    """Return the state of a programme in a year, as of now.

    Raises:
        NotComputedYetError: its indicators have not been computed.
    """
    run = await current_run(work, Topic.PROGRAMME, programme.municipality_id, ALL_YEARS)
    name = title_of(year)
    return ReportOut(
        title=LocalizedOut(
            ru=f"Отчёт о реализации программы «{programme.title}» за {name.ru}",
            en=f"Report on the programme “{programme.title}” for {name.en}",
        ),
        year=int(year),
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        today=work.today_in(programme.time_zone),
        synthetic=programme.synthetic,
        passport=await _passport(work, programme),
        indicators=await _indicators(work, programme, run, year, explanations),
        roadmap=await _roadmap(work, programme, year),
        budget=await _budget(work, programme, year),
        amendments=await _amendments(work, programme, year),
        run=_used(run),
    )


def changes_since(
    before: Mapping[str, Any], report: ReportOut
) -> list[ReportChangeOut]:
    """Return what is another than in a report that was written down."""
    after = report.model_dump(mode="json")
    return [
        ReportChangeOut(
            section=each.section,
            subject=each.subject,
            field=each.field,
            words=_localized(each.words),
            before=each.before,
            after=each.after,
        )
        for each in changes_between(before, after)
    ]


async def _passport(work: Work, programme: AnyRow) -> PassportOut:
    return PassportOut.model_validate(
        {
            **programme._mapping,  # noqa: SLF001 (SQLAlchemy's public name)
            "programme_id": programme.id,
            "tasks": await programmes.list_tasks(work, programme.id),
        }
    )


async def _indicators(
    work: Work,
    programme: AnyRow,
    run: RunRecord,
    year: Year,
    explanations: Mapping[str, str],
) -> list[IndicatorLineOut]:
    values = await list_programme_values(
        work, run.id, programme_id=programme.id, year=int(year)
    )
    counted = {value["indicator_id"]: value for value in values}
    lines = []
    for indicator in await programmes.list_indicators(work, programme.id):
        days = (indicator["added_on"], indicator["withdrawn_on"], year.ends_on)
        if not is_asked_for(*days):
            continue
        line = {**UNKNOWN, **indicator, **counted.get(indicator["id"], {})}
        for target in indicator["targets"]:
            if target.year == int(year):
                named = {"low": target.low, "high": target.high}
                line |= {**named, "range_text": target.text}
        line["deviation"] = deviation_of(line["percent"], line["low"], line["high"])
        line["explanation"] = explanations.get(indicator["code"])
        lines.append(IndicatorLineOut.model_validate(line))
    return lines


async def _roadmap(work: Work, programme: AnyRow, year: Year) -> RoadmapOut:
    rows = await count_execution(
        work,
        programme.id,
        today=work.today_in(programme.time_zone),
        due_from=year.starts_on,
        due_to=year.ends_on,
    )
    total = [row for row in rows if not row.of_measures and not row.of_schools]
    return RoadmapOut(
        due_from=year.starts_on,
        due_to=year.ends_on,
        total=ExecutionOut.model_validate(total[0]) if total else NOTHING,
        measures=[
            MeasureExecutionOut.model_validate(row) for row in rows if row.of_measures
        ],
        schools=[
            SchoolExecutionOut.model_validate(row) for row in rows if row.of_schools
        ],
    )


async def _budget(work: Work, programme: AnyRow, year: Year) -> BudgetOut:
    sums = budget_totals(programme.id, await programmes.sum_budget(work, programme.id))
    items = await repository.list_budget(work, programme.id, int(year))
    return BudgetOut(
        totals=next((each for each in sums.years if each.year == int(year)), None),
        items=[BudgetItemOut.model_validate(each) for each in items],
    )


async def _amendments(
    work: Work, programme: AnyRow, year: Year
) -> list[AmendmentLineOut]:
    rows: Sequence[AnyRow] = await repository.list_amendments(
        work, programme.id, year.starts_on, year.ends_on
    )
    made = await read_differences(work, [row.id for row in rows])
    return [
        AmendmentLineOut(
            order_number=row.order_number,
            order_on=row.order_on,
            body=row.body,
            reason=row.reason,
            changes=[_localized(describe(each)) for each in made[row.id]],
        )
        for row in rows
    ]


def _used(run: RunRecord) -> UsedRunOut:
    return UsedRunOut(
        run_id=run.id,
        computed_at=run.computed_at,
        as_of=run.as_of,
        input_event=run.input_event,
        is_stale=run.is_stale,
        methods=run.methods,
    )


def _localized(text: Text) -> LocalizedOut:
    return LocalizedOut(ru=text.ru, en=text.en)
