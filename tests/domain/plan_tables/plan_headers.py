"""Headers of plans as programmes print them, and where each column stands."""

from typing import Final

HEADERS: Final = [
    (("№", "Наименование", "Период"), {"number": 0, "title": 1, "term": 2}),
    (
        (
            "№ п/п",
            "Основные мероприятия",
            "Ответственный исполнитель, соисполнитель, участник",
            "Срок реализации",
            "Непосредственный результат реализации основного мероприятия",
        ),
        {"number": 0, "title": 1, "responsible": 2, "term": 3, "expected_result": 4},
    ),
    (
        ("Сроки:", "Мероприятие", "Ответственные", "Ожидаемый результат/продукт"),
        {"term": 0, "title": 1, "responsible": 2, "expected_result": 3},
    ),
    (
        ("п/п", "Содержание деятельности", "Примечание", "Дата проведения"),
        {"number": 0, "title": 1, "term": 3},
    ),
]
