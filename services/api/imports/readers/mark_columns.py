"""The columns of «Статистика по отметкам», by their usual titles."""

from services.api.imports.readers.tables import Column

YEAR, GRADE, SUBJECT = "Год", "Класс", "Предмет"
MUNICIPALITY, SCHOOL, LOGIN = "Муниципалитет", "ОО", "Логин"
PARTICIPANTS = "Кол-во участников"
SHARES = ("2", "3", "4", "5")

COLUMNS = (
    Column(YEAR),
    Column(GRADE, ("Классы",)),
    Column(SUBJECT),
    Column(MUNICIPALITY, ("МО", "Муниципальное образование")),
    Column(SCHOOL, ("Название ОО", "Наименование ОО", "Школа")),
    Column(LOGIN, ("Логин ОО",)),
    Column(PARTICIPANTS, ("Количество участников", "Кол-во уч.", "Участников")),
    *(Column(mark, (f"«{mark}», %", f"Отметка {mark}")) for mark in SHARES),
)
TITLES = tuple(column.title for column in COLUMNS)

ROLES = {
    "year": YEAR,
    "grade": GRADE,
    "subject": SUBJECT,
    "municipality": MUNICIPALITY,
    "school": SCHOOL,
    "login": LOGIN,
    "n": PARTICIPANTS,
    **{f"n{mark}": mark for mark in SHARES},
}
STATED = frozenset({"n", "n2", "n3", "n4", "n5", "percentages", "counts_rebuilt"})
