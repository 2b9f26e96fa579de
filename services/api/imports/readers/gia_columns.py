"""The columns of protocols of ЕГЭ and ОГЭ that are read; all others are passed over."""

from collections.abc import Mapping

from services.api.imports.readers.headings import Headings
from services.api.imports.readers.tables import Column

SCHOOL_CODE, CLASS = "Код ОО", "Класс"
PRIMARY, TEST, MARK = "Первичный балл", "Балл", "Оценка"
SUBJECT_CODE, SUBJECT, DAY = "Код предмета", "Предмет", "Дата экзамена"
STATUS, APPEAL = "Состояние", "Тип апелляции / перепроверки"

HEADINGS = Headings(
    (
        Column(
            SCHOOL_CODE,
            ("SchoolCode", "Код ОУ", "Код школы", "Код образовательной организации"),
        ),
        Column(CLASS, ("ClassCode", "Class", "Класс участника")),
        Column(
            PRIMARY,
            ("PrimaryMark", "Перв. балл", "Первичные баллы", "Сумма первичных баллов"),
        ),
        Column(
            TEST,
            (
                "Тестовый балл",
                "Итоговый балл",
                "Тест. балл",
                "Балл (100)",
                "Баллы",
                "Балл по 100-балльной шкале",
                "TestMark",
                "Mark100",
            ),
        ),
        Column(
            MARK, ("Отметка", "Mark5", "Mark", "Итоговая отметка", "Итоговая оценка")
        ),
        Column(SUBJECT_CODE, ("SubjectCode",)),
        Column(SUBJECT, ("SubjectName", "Subject", "Наименование предмета")),
        Column(DAY, ("ExamDate", "TestDate", "Дата", "Дата проведения")),
        Column(STATUS, ("Статус", "Статус участника", "ProcessCondition")),
        Column(APPEAL, ("Тип апелляции", "Тип перепроверки")),
    ),
    frozenset({SCHOOL_CODE}),
)
FINALS = (PRIMARY, TEST, MARK)
EXPECTED = Headings(HEADINGS.columns, frozenset({SCHOOL_CODE, PRIMARY}))
ROLES: Mapping[str, str] = {
    "procedure": SUBJECT,
    "year": DAY,
    "academic_year": DAY,
    "written_on": DAY,
    "grade": CLASS,
    "programme_grade": CLASS,
    "pupil_grade": CLASS,
    "subject": SUBJECT,
    "municipality": "Код МСУ",
    "school": SCHOOL_CODE,
    "login": SCHOOL_CODE,
    "n": SCHOOL_CODE,
    "mean_primary_score": PRIMARY,
    "score_counts": PRIMARY,
    "mean_test_score": TEST,
    "n_below_minimum": TEST,
}
