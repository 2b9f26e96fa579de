"""Every phrase of both documents, variants of spelling, and refusals."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.schedule import UnreadableTermError, describe, parse_term
from tests.domain.schedule_terms import PHRASES, VARIANTS

# Terms as plans of schools write them, looked at one by one: what each is read as, and
# those whose date would be a guess, or is of no kind that there is.
TERMS = json.loads(Path(__file__).with_name("terms.json").read_text("utf-8"))
READ, SHOWN = TERMS["read"], TERMS["shown"]
REFUSALS = {
    "": "пуст",
    " \n": "пуст",
    "31.02.20": "нет в календаре",
    "29 февраля 2021": "нет в календаре",
    "00.09.20": "нет в календаре",
    "01.09.1820": "вне пределов",
    "май 1020": "вне пределов",
    "30.12.22 01.09.20": "конец раньше начала",
    "май 2021 – сентябрь 2020": "конец раньше начала",
    "Сентбрь 2020": "«сентябрь»",
    "Декабрь-февраль 2021": "оба года",
    "май 2021-2020": "последний год",
    "2022-20": "последний год",
    "май 2020, сентябрь": "нет года",
    "май, май": "дважды",
    "май 2020, май 2020": "дважды",
    "V квартал 2021": "«v»",
    "5 квартал 2021": "I до IV",
    "II-I квартал 2021": "I до IV",
    "конец мая 2021": "«конец»",
    "до сентября": "порядке",
    "01.09.20 30.10.20 30.11.20": "порядке",
    "01.09.20 30.12.22 далее - ежегодно": "длиннее года",
    "июнь 2020, 2021 далее - ежегодно": "один период",
    "далее - ежегодно": "один период",
    "ежегодно, ежемесячно": "«ежегодно»",
    "Периодически": "как часто",
    "Периодически (не менее 2 раз в месяц)": "как часто",
    "Периодически (ежемесячно, не менее 2 раз в год)": "как часто",
    "13 раз в год": "1–12",
    "0 раз в год": "1–12",
    "1 раз в 99 лет": "1–10",
    "постоянно": "«постоянно»",
    "1 полугодие 2021": "«полугодие»",
    "2020 2021": "порядке",
    "май" * 101: "300",
    "тогда 😀": "«тогда»",
    "до 31 июня": "нет в календаре",
    "до 32 числа каждого месяца": "нет 32 числа",
    "с 28 по 5 сентября": "конец раньше начала",
    "до 15 мая и 15 мая": "дважды",
    "5 неделя мая": "четыре недели и последняя",
    "в начале учебного года": "«до 1 сентября»",
    "2020/2022 учебный год": "не учебный год",
    "III–I четверть": "от I до IV",
    "зимние каникулы 2021": "двух календарных годах",
}


@pytest.mark.parametrize("text", PHRASES)
def test_every_phrase_of_the_two_documents_is_read(text: str) -> None:
    assert parse_term(text) == PHRASES[text]


@pytest.mark.parametrize("text", VARIANTS)
def test_other_unambiguous_spellings_are_read(text: str) -> None:
    assert parse_term(text) == VARIANTS[text]


@pytest.mark.parametrize("text", REFUSALS)
def test_what_cannot_be_read_is_shown_and_never_guessed(text: str) -> None:
    with pytest.raises(UnreadableTermError) as refusal:
        parse_term(text)
    error = refusal.value
    assert REFUSALS[text] in error.detail.ru
    assert " ".join(text.split()) in error.detail.ru
    assert " ".join(text.split()) in error.detail.en
    assert [fault.value for fault in error.faults] == [text]
    assert error.code == "unreadable_term"


@pytest.mark.parametrize("text", READ)
def test_terms_of_other_plans_are_read_as_people_read_them(text: str) -> None:
    assert describe(parse_term(text)).ru == READ[text]


@pytest.mark.parametrize("text", SHOWN)
def test_terms_that_name_no_day_for_certain_are_shown(text: str) -> None:
    with pytest.raises(UnreadableTermError) as refusal:
        parse_term(text)
    assert " ".join(text.split()) in refusal.value.detail.ru


def test_only_terms_on_demand_have_no_date() -> None:
    undatable = [text for text in PHRASES if not parse_term(text).is_datable]
    assert undatable == [
        "В соответствии с запросом",
        "В соответствии с нормативными документами и МОКК",
    ]


def test_kinds_are_stable_names() -> None:
    kinds = {schedule.kind for schedule in (PHRASES | VARIANTS).values()}
    assert kinds == {
        "calendar_period_ends",
        "dated",
        "day_of_periods",
        "days_each_year",
        "dated_then_yearly",
        "every_year",
        "months_each_year",
        "on_demand",
        "school_holidays",
        "school_term_ends",
        "times_a_year",
        "until",
        "until_each_year",
        "whole_programme",
    }


@pytest.mark.parametrize(
    ("text", "ru", "en"),
    [
        (
            "01.09.20 30.10.20 далее - ежегодно",
            "с 01.09.2020 по 30.10.2020, далее ежегодно",
            "from 01.09.2020 to 30.10.2020, then each year",
        ),
        ("до 15 октября 2020", "до 15.10.2020", "by 15.10.2020"),
        ("15.10.20", "15.10.2020", "15.10.2020"),
        (
            "май, июль-август",
            "май; июль – август, каждый год программы",
            "May; July to August in each year of the programme",
        ),
        (
            "1 раз в три года",
            "один раз в 3 года программы, к концу года",
            "once in every 3 years of the programme, by the end of the year",
        ),
    ],
)
def test_a_schedule_is_told_to_people(text: str, ru: str, en: str) -> None:
    told = describe(parse_term(text))
    assert (told.ru, told.en) == (ru, en)


def test_different_schedules_are_told_differently_in_both_languages() -> None:
    schedules = set(PHRASES.values()) | set(VARIANTS.values())
    told = [describe(schedule) for schedule in schedules]
    assert len({text.ru for text in told}) == len(schedules)
    assert len({text.en for text in told}) == len(schedules)


BLANKS = st.sampled_from([" ", "  ", "\n", "\u00a0", "\t", " \r\n", "\u2009"])
DASHES = st.sampled_from(["-", "–", "—", " - ", " –\n", "\u00a0— ", "\u2011", "\u2212"])
CASES = st.sampled_from([str.lower, str.upper, str.capitalize, str.swapcase])


@given(st.sampled_from(sorted(PHRASES | VARIANTS)), st.data())
def test_case_blanks_and_kinds_of_dash_do_not_matter(
    text: str, data: st.DataObject
) -> None:
    changed = data.draw(CASES)(text)
    changed = "".join(
        data.draw(BLANKS) if sign == " " else data.draw(DASHES) if sign == "-" else sign
        for sign in changed
    )
    around = data.draw(BLANKS)
    assert parse_term(around + changed + around) == (PHRASES | VARIANTS)[text]


@given(st.text(max_size=320))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        schedule = parse_term(text)
    except UnreadableTermError as error:
        assert error.term == text  # noqa: PT017 - both outcomes are right
    else:
        assert describe(schedule).ru


WORDS = st.sampled_from(
    sorted({word for text in PHRASES | VARIANTS for word in text.split()})
)


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_any_row_of_known_words_is_read_or_refused(text: str) -> None:
    try:
        schedule = parse_term(text)
    except UnreadableTermError as error:
        assert error.term == text  # noqa: PT017 - both outcomes are right
    else:
        assert describe(schedule).en
