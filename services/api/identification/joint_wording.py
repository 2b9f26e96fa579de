"""The reasons of difficult conditions and of resilience in Russian and English."""

from typing import Final

from shared.domain.errors import Text
from shared.domain.methods.condition_settings import LowEnd
from shared.domain.methods.conditions import Conditions
from shared.persistence.paging import AnyRow

NOT_COMPUTED: Final = Text(
    "За этот год не рассчитано: нет данных или действующей методики.",
    "Not computed for this year: there is no data, or no method in force.",
)
NOT_LISTED: Final = Text(
    "Расчёт этого года школу не включает.", "The run of this year does not list it."
)
_NO_INDEX: Final = {
    "no_passport": Text("нет социального паспорта", "there is no social passport"),
    "too_few_shares": Text(
        "в социальном паспорте слишком мало показателей",
        "too few shares of the social passport are known",
    ),
    "no_reference": Text(
        "нет показателей, с которыми сравнивать", "there is nothing to compare with"
    ),
    "no_variation": Text(
        "все школы одинаковы по показателям", "the shares tell no schools apart"
    ),
    "no_published_index": Text(
        "опубликованный индекс не внесён", "its published index is not entered"
    ),
}
_NOT_EXPECTED: Final = {
    "no_results": Text("нет результатов", "there are no results"),
    "too_few_participants": Text("участников слишком мало", "participants are too few"),
    "no_predictor": Text("условия неизвестны", "its conditions are not known"),
    "decides_alone": Text(
        "одна эта школа определяет прямую", "the line hangs on this school alone"
    ),
}


def difficulty_text(row: AnyRow, method: Conditions | None) -> Text:
    """Say why a school is in difficult conditions, is not, or nobody can tell."""
    if row.index_value is None:
        why = _NO_INDEX.get(row.index_reason, Text(*[str(row.index_reason)] * 2))
        return Text(
            f"Не оценивается: индекса условий нет — {why.ru}.",
            f"Not assessable: there is no index of conditions, as {why.en}.",
        )
    index = f"{row.index_value:.2f}"
    if row.difficulty == "not_assessable":
        return Text(
            f"Не оценивается: индекс условий {index}, но школ с индексом слишком мало.",
            f"Not assessable: the index of conditions is {index}, but too few schools "
            "have one.",
        )
    end = _end(method.difficult if method else None)
    if row.difficulty == "difficult":
        return Text(
            f"Индекс условий {index} {end.ru}.",
            f"The index of conditions, {index}, {end.en}.",
        )
    return Text(
        f"Индекс условий {index}; трудными считаются условия, если он {end.ru}.",
        f"The index of conditions is {index}; difficult is one that {end.en}.",
    )


def resilience_text(row: AnyRow, method: Conditions | None) -> Text:
    """Say why a school is resilient, is not, or nobody can tell."""
    if row.z is None:
        why = _NOT_EXPECTED.get(
            row.expected_reason,
            Text(
                "школ мало для ожидаемого результата",
                "schools are too few for an expected result",
            ),
        )
        return Text(f"Не оценивается: {why.ru}.", f"Not assessable, because {why.en}.")
    if row.resilience == "not_assessable":
        return difficulty_text(row, method)
    z, outcome, expected = (
        f"{figure:.1f}" for figure in (row.z, row.outcome, row.expected)
    )
    said = Text(
        f"Результат {outcome} при ожидаемом {expected}: {z} стандартной ошибки.",
        f"The result is {outcome} where {expected} is expected: {z} standard errors.",
    )
    end = _end(method.resilient if method else None)
    if row.resilience == "resilient":
        return Text(
            f"{said.ru} Индекс условий {end.ru}.",
            f"{said.en} The index of conditions {end.en}.",
        )
    least = "" if method is None else f"{method.expected.differs_from:g}"
    return Text(
        f"{said.ru} Нужно не меньше {least} и индекс условий, который {end.ru}.",
        f"{said.en} At least {least} is needed, and an index that {end.en}.",
    )


def _end(end: LowEnd | None) -> Text:
    """Say which low end of the index is meant."""
    if end is None:
        return Text("среди самых низких", "is among the lowest")
    if end.below is not None:
        return Text(f"ниже {end.below:g}", f"is below {end.below:g}")
    part = f"{end.parts}/{end.of}"
    return Text(
        f"среди {part} самых низких", f"is among the lowest {part} of the schools"
    )
