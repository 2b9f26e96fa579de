"""Freezing the report of a programme's year by an order."""

import json
from typing import Any

from services.api.programme_reports import repository
from services.api.programme_reports.assembling import ALL_YEARS, assemble, changes_since
from services.api.programme_reports.content_schemas import ReportOut
from services.api.programme_reports.filing import FILES, file_of
from services.api.programme_reports.schemas import (
    CurrentReportOut,
    FrozenContentOut,
    OrderOut,
    ReportIn,
)
from shared.contracts.events import Topic
from shared.domain.errors import Fault, NotFoundError, Text
from shared.domain.programme_reports import (
    Order,
    ReportOutdatedError,
    ReportRefusedError,
    check_order,
    chosen_year,
)
from shared.persistence.audit import created, record_change
from shared.persistence.paging import AnyRow
from shared.persistence.runs import find_current_run
from shared.persistence.work import Work

ENTITY = "programme_report"


async def read_current(
    work: Work, programme_id: int, wanted: int | None
) -> CurrentReportOut:
    """Return the report of a year as of now, beside the newest that is frozen.

    Raises:
        NotFoundError: the caller sees no such programme.
        ReportRefusedError: the programme has no such year.
        NotComputedYetError: its indicators have not been computed.
    """
    programme = await _programme(work, programme_id)
    today = work.today_in(programme.time_zone)
    year = chosen_year(
        programme.years,
        programme.starts_on,
        programme.ends_on,
        wanted=wanted,
        today=today,
    )
    frozen = await repository.newest_report(work, programme_id, int(year))
    before = {} if frozen is None else json.loads(frozen.content)
    told = {each["code"]: each["explanation"] for each in before.get("indicators", ())}
    report = await assemble(work, programme, year, told)
    return CurrentReportOut(
        **dict(report),
        frozen=_order_of(frozen),
        changes=changes_since(before, report) if before else [],
    )


async def freeze(work: Work, programme_id: int, body: ReportIn, user_id: int) -> int:
    """Write the report of a year down for good; return its number.

    Raises:
        NotFoundError: the caller sees no such programme.
        ReportRefusedError: the year, the order or an explanation is not of it.
        ReportOrderUsedError: a report of the year is frozen by this order.
        ReportOutOfOrderError: a report of the year is frozen by a later one.
        ReportOutdatedError: the figures have not seen all changes yet.
        NotComputedYetError: there are none.
    """
    programme = await _programme(work, programme_id, lock=True)
    today = work.today_in(programme.time_zone)
    year = chosen_year(
        programme.years,
        programme.starts_on,
        programme.ends_on,
        wanted=body.year,
        today=today,
    )
    last = await repository.newest_report(work, programme_id, body.year)
    order = Order(body.order_number, body.order_on)
    check_order(
        order,
        year,
        today=today,
        last=None if last is None else Order(last.order_number, last.order_on),
        is_used=await repository.is_order_used(
            work, programme_id, body.year, order.number, order.on
        ),
    )
    told = {each.indicator: each.text for each in body.explanations}
    report = await assemble(work, programme, year, told)
    _check_explained(body, report)
    await _check_newest(work, programme, report)
    content = FrozenContentOut(
        **dict(report),
        order_number=order.number,
        order_on=order.on,
        frozen_at=work.now,
        frozen_by=user_id,
        previous=_order_of(last),
        changes=[] if last is None else changes_since(json.loads(last.content), report),
    )
    return await _keep(work, programme, content)


def unknown_programme(programme_id: int) -> NotFoundError:
    """Say that there is no such programme."""
    return NotFoundError(
        Text(
            f"Программы с номером {programme_id} нет.",
            f"There is no programme {programme_id}.",
        )
    )


async def _keep(work: Work, programme: AnyRow, content: FrozenContentOut) -> int:
    files = await file_of(content)
    about: dict[str, Any] = {
        "municipality_id": programme.municipality_id,
        "programme_id": programme.id,
        "year": content.year,
        "order_number": content.order_number,
        "order_on": content.order_on,
        "previous_id": content.previous.report_id if content.previous else None,
        "run_id": content.run.run_id,
        "methods": content.run.methods,
        **files.hashes(),
    }
    number = await repository.insert_report(
        work,
        {
            **about,
            "frozen_by": content.frozen_by,
            "frozen_at": content.frozen_at,
            **{name: getattr(files, name) for name in FILES},
        },
    )
    await record_change(
        work,
        ENTITY,
        "freeze",
        created(about),
        municipality_id=programme.municipality_id,
        entity_id=number,
    )
    return number


async def _programme(work: Work, programme_id: int, *, lock: bool = False) -> AnyRow:
    programme = await repository.find_programme(work, programme_id, lock=lock)
    if programme is None:
        raise unknown_programme(programme_id)
    return programme


def _order_of(row: AnyRow | None) -> OrderOut | None:
    if row is None:
        return None
    return OrderOut(
        report_id=row.id,
        order_number=row.order_number,
        order_on=row.order_on,
        content_sha256=row.content_sha256,
    )


def _check_explained(body: ReportIn, report: ReportOut) -> None:
    known = {each.code for each in report.indicators}
    faults = [
        Fault(
            reason=Text(
                f"В программе нет показателя «{each.indicator}».",
                f"The programme has no indicator '{each.indicator}'.",
            ),
            column=f"body.explanations.{place}.indicator",
            value=each.indicator,
        )
        for place, each in enumerate(body.explanations)
        if each.indicator not in known
    ]
    if faults:
        raise ReportRefusedError(faults[0].reason, faults=faults)


async def _check_newest(work: Work, programme: AnyRow, report: ReportOut) -> None:
    """Refuse figures that do not know of everything, once all else has been read."""
    run = await find_current_run(
        work, Topic.PROGRAMME, programme.municipality_id, ALL_YEARS
    )
    if run is None or run.is_stale or run.id != report.run.run_id:
        raise ReportOutdatedError(
            Text(
                "Показатели ещё не учли последних изменений; пересчёт занимает "
                "секунды: повторите запрос.",
                "The figures have not seen the newest changes yet; that takes seconds: "
                "repeat the request.",
            )
        )
