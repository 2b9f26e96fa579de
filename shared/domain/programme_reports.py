"""Reports of programmes: which order freezes one, and what stands behind a deviation.

A report of a year is frozen by an order and never changes. A later report of the same
year takes another order, not earlier than the last one.
"""

from dataclasses import dataclass
from datetime import date

from shared.domain.errors import ConflictError, Fault, InvalidInputError, Text
from shared.domain.periods import AcademicYear, CalendarYear

Year = AcademicYear | CalendarYear


class ReportRefusedError(InvalidInputError):
    """The programme has no such year, or the order cannot be of it."""

    code = "report_refused"
    title = Text("Отчёт не принят", "The report was not accepted")


class ReportOrderUsedError(ConflictError):
    """A report of the year is frozen by this order already."""

    code = "report_order_used"
    title = Text(
        "Этим приказом отчёт уже утверждён", "A report is frozen by this order already"
    )


class ReportOutOfOrderError(ConflictError):
    """A report of the year is frozen by a later order."""

    code = "report_out_of_order"
    title = Text("Есть отчёт по более позднему приказу", "A later order is there")


class ReportOutdatedError(ConflictError):
    """Something changed that the figures have not seen yet."""

    code = "report_outdated"
    title = Text("Показатели пересчитываются", "The figures are being computed anew")


@dataclass(frozen=True, slots=True)
class Order:
    """The order that freezes a report."""

    number: str
    on: date


def year_of(kind: str, year: int) -> Year:
    """Return the year that a programme's years of this kind are."""
    return AcademicYear(year) if kind == "academic" else CalendarYear(year)


def title_of(year: Year) -> Text:
    """Return what the year is called in a report's title."""
    match year:
        case AcademicYear():
            return Text(f"{year} учебный год", f"the academic year {year}")
        case CalendarYear():
            return Text(f"{year} год", f"{year}")


def years_between(kind: str, starts_on: date, ends_on: date) -> range:
    """Return the years that a programme's period touches."""
    of = AcademicYear.of if kind == "academic" else CalendarYear.of
    return range(int(of(starts_on)), int(of(ends_on)) + 1)


def chosen_year(
    kind: str, starts_on: date, ends_on: date, *, wanted: int | None, today: date
) -> Year:
    """Return the year that is wanted; the running one, or the nearest to it, if none.

    Raises:
        ReportRefusedError: the programme's period does not touch the wanted year.
    """
    years = years_between(kind, starts_on, ends_on)
    if wanted is None:
        (running,) = years_between(kind, today, today)
        wanted = min(max(running, years[0]), years[-1])
    if wanted not in years:
        reason = Text(
            f"В программе нет года {wanted}: она охватывает {years[0]}–{years[-1]}.",
            f"The programme has no year {wanted}: it is of {years[0]}–{years[-1]}.",
        )
        fault = Fault(reason=reason, column="year", value=str(wanted))
        raise ReportRefusedError(reason, faults=[fault])
    return year_of(kind, wanted)


def deviation_of(
    percent: float | None, low: float | None, high: float | None
) -> float | None:
    """Return how far a share lies outside its range, in points; 0 within it.

    >>> deviation_of(25.0, 30.0, 50.0), deviation_of(40.0, 30.0, 50.0)
    (-5.0, 0.0)
    """
    if percent is None or low is None or high is None:
        return None
    return min(percent - low, 0.0) + max(percent - high, 0.0)


def check_order(
    order: Order, year: Year, *, today: date, last: Order | None, is_used: bool
) -> None:
    """Accept an order that freezes a report of a year.

    `last` is the order of the newest report of the year; `is_used` tells that one of
    its reports is frozen by this order.

    Raises:
        ReportRefusedError: the order is of a day to come, or before the year.
        ReportOrderUsedError: a report of the year is frozen by it.
        ReportOutOfOrderError: a report of the year is frozen by a later one.
    """
    if order.on > today:
        raise _refused(
            order.on,
            Text(
                f"Приказ от {order.on} ещё не издан: сегодня {today}.",
                f"An order of {order.on} is of a day to come: today is {today}.",
            ),
        )
    if order.on < year.starts_on:
        raise _refused(
            order.on,
            Text(
                f"Приказ от {order.on} раньше начала года ({year.starts_on}).",
                f"The order of {order.on} is before the year begins"
                f" ({year.starts_on}).",
            ),
        )
    if is_used:
        raise ReportOrderUsedError(
            Text(
                f"Отчёт за этот год уже утверждён приказом {order.number} от "
                f"{order.on}: новый отчёт утверждают новым приказом.",
                f"A report of this year is frozen by the order {order.number} of "
                f"{order.on} already: a new report takes a new order.",
            )
        )
    if last is not None and order.on < last.on:
        raise ReportOutOfOrderError(
            Text(
                f"Отчёт за этот год утверждён приказом от {last.on}: приказ от "
                f"{order.on} раньше него.",
                f"A report of this year is frozen by an order of {last.on}; that of "
                f"{order.on} is earlier.",
            )
        )


def _refused(day: date, reason: Text) -> ReportRefusedError:
    fault = Fault(reason=reason, column="body.order_on", value=day.isoformat())
    return ReportRefusedError(reason, faults=[fault])
