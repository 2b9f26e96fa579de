"""What a printed report holds: titled tables in Russian, as an authority files them."""

from collections.abc import Iterator, Sequence

from services.api.programme_reports.content_schemas import (
    IndicatorLineOut,
    PassportOut,
)
from services.api.programme_reports.paper_parts import (
    COUNT_TITLES,
    OUTLOOKS,
    SECTIONS,
    SOURCES,
    STATUSES,
    UNITS,
    Cell,
    Paper,
    Table,
    rounded,
    shown,
    shown_day,
)
from services.api.programme_reports.schemas import CurrentReportOut, FrozenContentOut
from services.api.roadmaps.execution_routes import ExecutionOut
from shared.domain.report_changes import COUNTS

Report = CurrentReportOut | FrozenContentOut


def paper_of(report: Report) -> Paper:
    """Return the report in the words and the order of its printed form."""
    return Paper(
        title=report.title.ru,
        lines=list(_lines(report)),
        tables=[
            _passport(report.passport),
            _indicators(report.indicators),
            _reasons(report.indicators),
            _measures(report),
            _schools(report),
            _budget(report),
            _amendments(report),
            _methods(report),
            _changes(report),
        ],
    )


def _lines(report: Report) -> Iterator[str]:
    if report.synthetic:
        yield "СИНТЕТИЧЕСКИЕ ДАННЫЕ"
    if isinstance(report, FrozenContentOut):
        yield (
            f"Утверждён приказом № {report.order_number} от "
            f"{shown_day(report.order_on)}"
        )
    else:
        yield "Проект: не утверждён приказом"
    yield f"Муниципалитет: {report.passport.municipality_name}"
    yield f"По состоянию на {shown_day(report.today)}"


def _passport(passport: PassportOut) -> Table:
    tasks = "; ".join(f"{task.number}. {task.title}" for task in passport.tasks)
    approved = ", ".join(
        str(value) for value in passport.approved.values() if value is not None
    )
    period = f"{shown_day(passport.starts_on)} — {shown_day(passport.ends_on)}"
    rows = (
        ("Наименование программы", passport.title),
        ("Утверждена", approved),
        ("Цель", passport.goal),
        ("Задачи", tasks),
        ("Сроки реализации", f"{passport.period_text} ({period})"),
        ("Исполнители", passport.executors_text),
        ("Ожидаемые результаты", "; ".join(passport.expected_results)),
    )
    return Table("Паспорт", "Паспорт программы", ("Раздел", "Содержание"), rows)


def _indicators(indicators: Sequence[IndicatorLineOut]) -> Table:
    columns = (
        "№",
        "Показатель",
        "Единица",
        "План, от",
        "План, до",
        "Факт",
        "Числитель",
        "Знаменатель",
        "Отклонение, п. п.",
        "Статус",
        "Прогноз на конец года",
        "Вывод прогноза",
    )
    rows = [
        (
            number,
            each.title,
            UNITS.get(each.unit, each.unit),
            each.low,
            each.high,
            rounded(each.percent),
            each.numerator,
            each.denominator,
            rounded(each.deviation),
            STATUSES[each.status],
            rounded(each.projection.percent) if each.projection else None,
            OUTLOOKS.get(each.projection.outlook or "", "") if each.projection else "",
        )
        for number, each in enumerate(indicators, start=1)
    ]
    title = "1. Сведения о достижении показателей"
    note = "Отклонение — от ближней границы диапазона; внутри диапазона оно равно 0."
    return Table("Показатели", title, columns, rows, note)


def _reasons(indicators: Sequence[IndicatorLineOut]) -> Table:
    rows: list[Sequence[Cell]] = [
        (
            number,
            each.title,
            each.range_text or each.target_text,
            each.explanation or "",
            each.reason.ru if each.reason else "",
        )
        for number, each in enumerate(indicators, start=1)
        if each.deviation or each.explanation or each.reason
    ]
    columns = ("№", "Показатель", "Цель", "Причина отклонения", "Почему нет значения")
    return Table("Причины", "1.1. Причины отклонений", columns, rows)


def _measures(report: Report) -> Table:
    road = report.roadmap
    rows: list[Sequence[Cell]] = [
        (each.number, each.title, each.responsible_text or "", *_counts(each))
        for each in road.measures
    ]
    rows.append(("", "Всего", "", *_counts(road.total)))
    columns = ("№", "Мероприятие", "Ответственные", *COUNT_TITLES)
    title = "2. Сведения о выполнении мероприятий"
    note = f"Сроки с {shown_day(road.due_from)} по {shown_day(road.due_to)}."
    return Table("Мероприятия", title, columns, rows, note)


def _schools(report: Report) -> Table:
    rows: list[Sequence[Cell]] = [
        (each.school_name or report.passport.municipality_name, *_counts(each))
        for each in report.roadmap.schools
    ]
    title = "2.1. Выполнение по исполнителям"
    return Table("Исполнители", title, ("Исполнитель", *COUNT_TITLES), rows)


def _budget(report: Report) -> Table:
    rows: list[Sequence[Cell]] = [
        (
            each.purpose,
            SOURCES.get(each.source, each.source),
            each.planned,
            each.spent,
            each.comment or "",
        )
        for each in report.budget.items
    ]
    totals = report.budget.totals
    if totals is not None:
        rows.append(("Всего", "", totals.planned, totals.spent, ""))
    columns = (
        "Направление расходов",
        "Источник",
        "План, руб.",
        "Израсходовано, руб.",
        "Примечание",
    )
    title = f"3. Сведения об использовании средств, {report.year} год"
    return Table("Бюджет", title, columns, rows)


def _amendments(report: Report) -> Table:
    rows = [
        (
            f"№ {each.order_number} от {shown_day(each.order_on)}",
            each.body,
            each.reason,
            " ".join(change.ru for change in each.changes),
        )
        for each in report.amendments
    ]
    columns = ("Приказ", "Кем принят", "Основание", "Что изменено")
    title = "4. Сведения о внесённых в программу изменениях"
    return Table("Изменения программы", title, columns, rows)


def _methods(report: Report) -> Table:
    rows = [
        (str(each["code"]), int(each["version"]), str(each["hash"]))
        for each in report.run.methods
    ]
    note = (
        f"Расчёт № {report.run.run_id} от "
        f"{report.run.computed_at.isoformat(' ', 'seconds')}."
    )
    columns = ("Методика", "Версия", "SHA-256")
    return Table("Методики", "5. Методики расчёта показателей", columns, rows, note)


def _changes(report: Report) -> Table:
    rows = [
        (
            SECTIONS[each.section],
            each.subject,
            each.words.ru,
            shown(each.before),
            shown(each.after),
        )
        for each in report.changes
    ]
    before = report.previous if isinstance(report, FrozenContentOut) else report.frozen
    note = "Утверждённого отчёта за этот год ещё нет."
    if before is not None:
        note = (
            f"По сравнению с отчётом, утверждённым приказом № {before.order_number} от "
            f"{shown_day(before.order_on)}."
        )
    columns = ("Раздел", "О чём", "Что", "Было", "Стало")
    title = "6. Что изменилось с утверждённого отчёта"
    return Table("Изменения отчёта", title, columns, rows, note)


def _counts(counts: ExecutionOut) -> tuple[int, ...]:
    return tuple(getattr(counts, name) for name in COUNTS)
