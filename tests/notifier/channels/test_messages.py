"""The wording of a reminder in two languages."""

from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.channels.messages import (
    ReminderNotice,
    days_left_phrase,
    one_line,
    render_message,
    render_reminder,
)
from shared.runtime.wording import KINDS

NOTICE = ReminderNotice(
    programme_title="Повышение качества образования",
    school_name="МБОУ «Крутоярская СОШ»",
    measure_code="1.2",
    measure_title="Анализ результатов ВПР",
    expected_result="Справка",
    due_on=date(2020, 9, 30),
    today=date(2020, 9, 27),
    days_before=3,
    is_late=False,
    is_synthetic=False,
)


class TextOfHtml(HTMLParser):
    """The words of a page, as a reader sees them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag; attributes say nothing to a reader."""
        del attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Note the words."""
        self.words += data.split()

    @property
    def text(self) -> str:
        """All words, one blank apart."""
        return " ".join(self.words)


@pytest.mark.parametrize(
    ("days", "russian", "english"),
    [
        (0, "сегодня", "today"),
        (1, "через 1 день", "in 1 day"),
        (2, "через 2 дня", "in 2 days"),
        (3, "через 3 дня", "in 3 days"),
        (4, "через 4 дня", "in 4 days"),
        (5, "через 5 дней", "in 5 days"),
        (7, "через 7 дней", "in 7 days"),
        (11, "через 11 дней", "in 11 days"),
        (12, "через 12 дней", "in 12 days"),
        (14, "через 14 дней", "in 14 days"),
        (21, "через 21 день", "in 21 days"),
        (22, "через 22 дня", "in 22 days"),
        (45, "через 45 дней", "in 45 days"),
        (111, "через 111 дней", "in 111 days"),
        (366, "через 366 дней", "in 366 days"),
        (-1, "1 день назад", "1 day ago"),
        (-3, "3 дня назад", "3 days ago"),
    ],
)
def test_days_are_counted_in_the_right_case(
    days: int, russian: str, english: str
) -> None:
    assert days_left_phrase(days, language="ru") == russian
    assert days_left_phrase(days, language="en") == english


def test_a_reminder_tells_what_is_due_when_and_for_whom() -> None:
    message = render_reminder(NOTICE, language="ru")
    assert message.subject == "Срок через 3 дня: 1.2 Анализ результатов ВПР"
    for text in (" ".join(message.text.split()), TextOfHtml(message.html).text):
        assert "«Повышение качества образования»" in text
        assert "МБОУ «Крутоярская СОШ»" in text
        assert "1.2 Анализ результатов ВПР" in text
        assert "Справка" in text
        assert "30 сентября 2020 г." in text
        assert "(среда), через 3 дня" in text


def test_an_english_reminder_is_english() -> None:
    message = render_reminder(NOTICE, language="en")
    assert message.subject == "Due in 3 days: 1.2 Анализ результатов ВПР"
    for text in (" ".join(message.text.split()), TextOfHtml(message.html).text):
        assert "September 30, 2020 (Wednesday), in 3 days" in text
        assert "Dear colleagues" in text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ru", ("Напоминаем о сроке.", "Что сделать", "Когда это сделано")),
        ("en", ("this is a reminder of a deadline.", "To do", "Once this is done")),
    ],
)
def test_what_belongs_to_no_programme_names_none(
    language: str, told: tuple[str, ...]
) -> None:
    notice = replace(NOTICE, programme_title="", measure_code="")
    message = render_reminder(notice, language=language)
    for text in (" ".join(message.text.split()), TextOfHtml(message.html).text):
        for words in told:
            assert words in text
        assert "«»" not in text
        assert "“”" not in text


def test_an_unknown_language_is_russian() -> None:
    assert render_reminder(NOTICE, language="de") == render_reminder(
        NOTICE, language="ru"
    )


@pytest.mark.parametrize(
    ("days_left", "subject"),
    [
        (0, "Срок сегодня: 1.2 Анализ результатов ВПР"),
        (-1, "Срок истёк 1 день назад: 1.2 Анализ результатов ВПР"),
    ],
)
def test_the_day_itself_and_a_passed_one_are_named(
    days_left: int, subject: str
) -> None:
    notice = replace(NOTICE, today=NOTICE.due_on - timedelta(days=days_left))
    assert render_reminder(notice, language="ru").subject == subject


@pytest.mark.parametrize(
    ("language", "late", "demonstration"),
    [
        ("ru", "за 14 дней до срока; в этот раз оно запоздало", "емонстрация"),
        ("en", "14 days before the due date; this time it is late", "emonstration"),
    ],
)
@pytest.mark.parametrize("said", [True, False])
def test_lateness_and_demonstration_are_said_only_when_true(
    language: str, late: str, demonstration: str, *, said: bool
) -> None:
    notice = replace(NOTICE, days_before=14, is_late=said, is_synthetic=said)
    message = render_reminder(notice, language=language)
    for text in (message.text, TextOfHtml(message.html).text):
        assert (late in text) is said
        assert (demonstration.casefold() in text.casefold()) is said


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_is_not_known_leaves_no_empty_line(language: str) -> None:
    notice = replace(NOTICE, school_name=None, expected_result=None)
    full, bare = (render_reminder(one, language=language) for one in (NOTICE, notice))
    assert len(full.text.splitlines()) - len(bare.text.splitlines()) == 2
    assert TextOfHtml(full.html).tags.count("tr") == 4
    assert TextOfHtml(bare.html).tags.count("tr") == 2


def test_a_long_title_is_cut_in_the_subject_only() -> None:
    title = "Организация и проведение семинаров для учителей " * 6
    message = render_reminder(replace(NOTICE, measure_title=title), language="ru")
    assert message.subject.endswith("…")
    assert len(message.subject) < 120
    assert " ".join(title.split()) in message.text


def test_markup_in_the_data_stays_text() -> None:
    hostile = "<script>alert(1)</script> & <b>"
    message = render_reminder(replace(NOTICE, measure_title=hostile), language="ru")
    page = TextOfHtml(message.html)
    assert {"script", "b"}.isdisjoint(page.tags)
    assert "<script>alert(1)</script> & <b>" in page.text
    assert hostile in message.text


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@given(title=ANY_TEXT, school=ANY_TEXT)
def test_any_data_give_a_subject_of_one_clean_line(title: str, school: str) -> None:
    notice = replace(NOTICE, measure_title=title, school_name=school)
    message = render_reminder(notice, language="en")
    assert len(message.subject.splitlines()) == 1
    assert one_line(message.subject) == message.subject
    message.text.encode()
    message.html.encode()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_words_of_its_own(kind: str, language: str) -> None:
    notices = [NOTICE, replace(NOTICE, measure_title="Отчёт о внутреннем контроле")]
    made = render_message(notices, language=language, kind=kind)
    assert "Отчёт о внутреннем контроле" in made.text
    assert "Отчёт о внутреннем контроле" in made.html
    others = {
        render_message(notices, language=language, kind=other).subject
        for other in KINDS
        if other != kind
    }
    assert made.subject not in others
    for text in (made.subject, made.text, made.html):
        assert "{{" not in text


@pytest.mark.parametrize(
    ("count", "about", "deadlines"),
    [
        (1, "о 1 сроке", "1 срок"),
        (2, "о 2 сроках", "2 срока"),
        (5, "о 5 сроках", "5 сроков"),
        (11, "о 11 сроках", "11 сроков"),
        (21, "о 21 сроке", "21 срок"),
        (22, "о 22 сроках", "22 срока"),
    ],
)
def test_russian_numbers_stand_in_the_right_case(
    count: int, about: str, deadlines: str
) -> None:
    made = render_message([NOTICE] * count, language="ru", kind="alarm")
    assert made.subject == f"Некому напомнить: {deadlines}"
    assert f"Сообщаем {about}:" in made.text


def test_a_message_of_no_kind_or_about_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="kind"):
        render_message([NOTICE], language="ru", kind="advert")
    with pytest.raises(ValueError, match="0 notices"):
        render_message([], language="ru")
