"""What changes of the rows of datasets, and other steps, are called in a timeline."""

from typing import Final

from services.api.timeline.wording import because
from shared.domain.errors import Text

# What is no dataset, by its name in the audit.
OTHERS: Final = {
    "school": Text("Школа", "School"),
    "deadline": Text("Отчёт к сроку", "Report on a deadline"),
    "identification_decision": Text(
        "Решение о статусе школы", "Decision on the school's status"
    ),
    "ranking_objection": Text("Возражение по рейтингу", "Objection to a ranking"),
    "tandem": Text("Тандем педагогов", "Tandem of teachers"),
}
CHANGES: Final = {
    "create": Text("внесена запись", "row written"),
    "update": Text("запись исправлена", "row corrected"),
    "change": Text("запись исправлена", "row corrected"),
    "remove": Text("запись удалена", "row removed"),
    "explain": Text("школа дала пояснение", "explained by the school"),
    "answer": Text("школа ответила", "answered by the school"),
    "submit": Text("сдано на проверку", "handed in"),
    "review": Text("начата экспертиза", "review begun"),
    "return": Text("возвращено на доработку", "returned"),
    "accept": Text("принято", "accepted"),
    "approve": Text("утверждено", "approved"),
    "start": Text("начато выполнение", "begun"),
    "activate": Text("начата работа", "begun"),
    "complete": Text("выполнено", "completed"),
    "close": Text("закрыто", "closed"),
    "decide": Text("принято", "taken"),
    "withdraw": Text("отменено", "withdrawn"),
    "end": Text("работа завершена", "ended"),
    "replace": Text("заменён другим", "replaced"),
}
OWN_CHANGES: Final = {
    ("school", "create"): Text("внесена", "entered"),
    ("school", "update"): Text("сведения исправлены", "corrected"),
    ("school", "close"): Text("закрыта", "closed"),
    ("ranking_objection", "create"): Text("подано", "made"),
    ("ranking_objection", "answer"): Text("дан ответ", "answered"),
}


def record_changed(
    entity: str, subject: Text, action: str, reason: str | None, *, name: Text | None
) -> Text:
    """Name what was done with a row; `name` is the row's own, where it has one."""
    done = OWN_CHANGES.get((entity, action)) or CHANGES.get(action)
    done = done or Text(action, action)
    called = Text(f" «{name.ru}»", f" “{name.en}”") if name else Text("", "")
    why = because(reason)
    return Text(
        f"{subject.ru}{called.ru}: {done.ru}{why.ru}",
        f"{subject.en}{called.en}: {done.en}{why.en}",
    )
