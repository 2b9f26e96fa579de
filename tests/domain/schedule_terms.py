"""Terms of both programme documents, and variants of spelling, read by hand."""

from datetime import date

from shared.domain.calendar import Window
from shared.domain.schedule import (
    CalendarPeriodEnds,
    Dated,
    DatedThenYearly,
    DayOfPeriods,
    DaysEachYear,
    DaySpan,
    EveryYear,
    MonthsEachYear,
    MonthSpan,
    OnDemand,
    Schedule,
    SchoolHolidays,
    SchoolTermEnds,
    TimesAYear,
    Until,
    UntilEachYear,
    WholeProgramme,
    YearDay,
)


def dated(*windows: str) -> Dated:
    """Return windows written as “2020-09-01/2020-09-30”."""
    return Dated(tuple(window(text) for text in windows))


def window(text: str) -> Window:
    start, end = text.split("/")
    return Window(date.fromisoformat(start), date.fromisoformat(end))


PHRASES: dict[str, Schedule] = {
    # Zhigalovo, column “Период”.
    "01.09.20 30.12.22": dated("2020-09-01/2022-12-30"),
    "01.01.21 30.12.22": dated("2021-01-01/2022-12-30"),
    "01.11.20 30.12.22": dated("2020-11-01/2022-12-30"),
    "01.09.21 30.12.22": dated("2021-09-01/2022-12-30"),
    "01.09.20 30.12.20": dated("2020-09-01/2020-12-30"),
    "01.09.20 30.09.20": dated("2020-09-01/2020-09-30"),
    "01.09.20 30.10.20": dated("2020-09-01/2020-10-30"),
    "01.09.20 30.11.20": dated("2020-09-01/2020-11-30"),
    "01.12.20 30.12.20": dated("2020-12-01/2020-12-30"),
    "01.09.20 30.10.20 далее - ежегодно": DatedThenYearly(
        window("2020-09-01/2020-10-30")
    ),
    "01.12.20 30.12.20 далее - ежегодно": DatedThenYearly(
        window("2020-12-01/2020-12-30")
    ),
    "Сентябрь-октябрь 2020": dated("2020-09-01/2020-10-31"),
    "февраль 2020-22": dated(
        "2020-02-01/2020-02-29", "2021-02-01/2021-02-28", "2022-02-01/2022-02-28"
    ),
    "Июнь 2020, 2021, 2022": dated(
        "2020-06-01/2020-06-30", "2021-06-01/2021-06-30", "2022-06-01/2022-06-30"
    ),
    "Май 2020, 2021, 2022": dated(
        "2020-05-01/2020-05-31", "2021-05-01/2021-05-31", "2022-05-01/2022-05-31"
    ),
    "сентябрь 2020 май 2021 май 2022": dated(
        "2020-09-01/2020-09-30", "2021-05-01/2021-05-31", "2022-05-01/2022-05-31"
    ),
    "Конец каждой четверти": SchoolTermEnds("quarter"),
    # Uzhur, cyclogram.
    "В течение года": EveryYear(),
    "Май-август": MonthsEachYear((MonthSpan(5, 8),)),
    "Июнь-август": MonthsEachYear((MonthSpan(6, 8),)),
    "Август": MonthsEachYear((MonthSpan(8, 8),)),
    "Сентябрь": MonthsEachYear((MonthSpan(9, 9),)),
    "сентябрь": MonthsEachYear((MonthSpan(9, 9),)),
    "Август 2020 г": dated("2020-08-01/2020-08-31"),
    # Uzhur, roadmap.
    "Ежегодно": EveryYear(),
    "Периодически (проведение системного анализа, не менее 2 раз в год)": TimesAYear(2),
    "В соответствии с запросом": OnDemand("request"),
    "По полугодиям": SchoolTermEnds("half_year"),
    "В соответствии с нормативными документами и МОКК": OnDemand("regulations"),
    "В течение срока действия программы": WholeProgramme(),
    "Август 2020 года": dated("2020-08-01/2020-08-31"),
    "1 раз в три года": EveryYear(3),
}

VARIANTS: dict[str, Schedule] = {
    "01.09.2020 - 30.12.2022": dated("2020-09-01/2022-12-30"),
    "01.09.20г.\n–\u00a030.12.22 г.": dated("2020-09-01/2022-12-30"),
    "с 1.9.2020 по 30.12.2022 года": dated("2020-09-01/2022-12-30"),
    "1 сентября 2020 г. — 30 декабря 2022 г.": dated("2020-09-01/2022-12-30"),
    "15.10.2020": dated("2020-10-15/2020-10-15"),
    "29.02.20": dated("2020-02-29/2020-02-29"),
    "Конец каждой\n\nчетверти": SchoolTermEnds("quarter"),
    "01.09.20 30.10.20, далее ежегодно": DatedThenYearly(
        window("2020-09-01/2020-10-30")
    ),
    "Сентябрь-октябрь 2020, далее — ежегодно": DatedThenYearly(
        window("2020-09-01/2020-10-31")
    ),
    "до 15 октября 2020": Until(date(2020, 10, 15)),
    "До 15.10.20 г.": Until(date(2020, 10, 15)),
    "не позднее 15 октября 2020 года": Until(date(2020, 10, 15)),
    "не реже 2 раз в год": TimesAYear(2),
    "не менее двух раз в год": TimesAYear(2),
    "2 раза в год": TimesAYear(2),
    "Периодически (не менее 3 раз в год)": TimesAYear(3),
    "не реже 1 раза в год": EveryYear(),
    "один раз в 5 лет": EveryYear(5),
    "ежеквартально": CalendarPeriodEnds("quarter"),
    "ежемесячно": CalendarPeriodEnds("month"),
    "сентябрь 2020 – май 2021": dated("2020-09-01/2021-05-31"),
    "май, сентябрь": MonthsEachYear((MonthSpan(5, 5), MonthSpan(9, 9))),
    "Декабрь-февраль": MonthsEachYear((MonthSpan(12, 2),)),
    "в мае и сентябре 2021 года": dated(
        "2021-05-01/2021-05-31", "2021-09-01/2021-09-30"
    ),
    "май 2022, май 2021": dated("2021-05-01/2021-05-31", "2022-05-01/2022-05-31"),
    "Май-август 2020-2021 гг.": dated("2020-05-01/2020-08-31", "2021-05-01/2021-08-31"),
    "II квартал 2021": dated("2021-04-01/2021-06-30"),
    "1 квартал 2021 года": dated("2021-01-01/2021-03-31"),
    "I–II кварталы 2021 г.": dated("2021-01-01/2021-06-30"),
    "I и IV кварталы 2021 г.": dated("2021-01-01/2021-03-31", "2021-10-01/2021-12-31"),
    "III квартал": MonthsEachYear((MonthSpan(7, 9),)),
    "2021 год": dated("2021-01-01/2021-12-31"),
    "май\u2011июнь 2020": dated("2020-05-01/2020-06-30"),
    "01.09.20\u221230.09.20": dated("2020-09-01/2020-09-30"),
    "2020-2022 гг.": dated("2020-01-01/2022-12-31"),
    "по запросу": OnDemand("request"),
    "по мере необходимости": OnDemand("need"),
    "в течение всего периода реализации программы": WholeProgramme(),
    # Days without a year, as months without one, return in each year of the programme.
    "до 15 сентября": UntilEachYear((YearDay(9, 15),)),
    "до 1 октября ежегодно": UntilEachYear((YearDay(10, 1),)),
    "до 15 мая и 15 декабря": UntilEachYear((YearDay(5, 15), YearDay(12, 15))),
    "15 сентября": DaysEachYear((DaySpan(YearDay(9, 15), YearDay(9, 15)),)),
    "с 1 сентября по 30 мая": DaysEachYear((DaySpan(YearDay(9, 1), YearDay(5, 30)),)),
    "первая неделя октября": DaysEachYear((DaySpan(YearDay(10, 1), YearDay(10, 7)),)),
    "последняя неделя августа": DaysEachYear(
        (DaySpan(YearDay(8, 25), YearDay(8, 31)),)
    ),
    "последняя неделя февраля": DaysEachYear(
        (DaySpan(YearDay(2, -7), YearDay(2, -1)),)
    ),
    "вторая половина сентября": DaysEachYear(
        (DaySpan(YearDay(9, 16), YearDay(9, 30)),)
    ),
    "вторая декада октября 2020 г.": dated("2020-10-11/2020-10-20"),
    "не позднее 20 числа каждого месяца": DayOfPeriods("month", 20),
    "ежеквартально до 10 числа": DayOfPeriods("quarter", 10),
    # The school calendar tells the days of these.
    "учебный год": SchoolTermEnds("year"),
    "2020/2021 учебный год": SchoolTermEnds("year", years=(2020,)),
    "I, III четверть": SchoolTermEnds("quarter", (1, 3)),
    "II полугодие 2020/2021 учебного года": SchoolTermEnds("half_year", (2,), (2020,)),
    "каникулы": SchoolHolidays((1, 2, 3, 4)),
    "на осенних каникулах": SchoolHolidays((1,)),
    "весенние каникулы 2021 г.": SchoolHolidays((3,), (2020,)),
    "по графику": OnDemand("timetable"),
}
