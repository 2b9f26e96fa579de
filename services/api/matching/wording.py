"""Why a mentor is suggested, in sentences of both languages."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.api.matching.records import Names, Suggestion
from shared.domain.errors import Text

_URGENCIES: Final = {
    "low": Text("низкая", "low"),
    "medium": Text("средняя", "medium"),
    "high": Text("высокая", "high"),
}
Facts = Mapping[str, Any]


def reasons_for(suggestion: Suggestion, names: Names) -> list[Text]:
    """Return a sentence for each need that the mentor covers, and for each part.

    The need in which the mentor brings the most comes first.
    """
    details = suggestion.details
    leading = (suggestion.kind, suggestion.code)
    covered = sorted(
        details["covered"], key=lambda need: (need["kind"], need["code"]) != leading
    )
    return [
        *(_of_need(need, names) for need in covered),
        *_of_list(details),
        _of_conditions(details),
        _of_way(details),
        Text(
            f"Свободных мест у наставника: {details['free_places']} из "
            f"{details['places']}.",
            f"The mentor has {details['free_places']} of {details['places']} places "
            "free.",
        ),
    ]


def _of_need(need: Facts, names: Names) -> Text:
    ru, en = names.of(need["kind"], need["code"])
    mentor, mentee = need["mentor_figure"], need["figure"]
    if mentor is not None and mentee is not None:
        gap = mentor - mentee
        text = Text(
            f"{ru}: у наставника {_figure(need, 'mentor_').ru}, у школы "
            f"{_figure(need).ru}, впереди на {_ru(gap)} п. п.",
            f"{en}: the mentor has {_figure(need, 'mentor_').en}, the school "
            f"{_figure(need).en}, {_en(gap)} points behind.",
        )
    elif mentor is not None:
        text = Text(
            f"{ru}: у наставника {_figure(need, 'mentor_').ru}, школе нужна помощь.",
            f"{en}: the mentor has {_figure(need, 'mentor_').en}, the school needs "
            "help.",
        )
    elif mentee is not None:
        text = Text(
            f"{ru}: у школы {_figure(need).ru}, наставник в этом силён.",
            f"{en}: the school has {_figure(need).en}, the mentor is strong in it.",
        )
    else:
        text = Text(
            f"{ru}: школе нужна помощь, наставник может её дать.",
            f"{en}: the school needs help, and the mentor can give it.",
        )
    return Text(text.ru + _signs(need).ru, text.en + _signs(need).en)


def _signs(need: Facts) -> Text:
    """What speaks for the need beside the figures."""
    ru, en = "", ""
    if need["asked"] is not None:
        urgency = _URGENCIES[need["asked"]]
        ru += f" Школа просит наставника, срочность {urgency.ru}."
        en += f" The school asks for a mentor, urgency {urgency.en}."
    if need["has_deficit"]:
        ru += " Выявлен профессиональный дефицит."
        en += " There is a professional deficit."
    if need["is_offered"]:
        ru += " Наставник предлагает это в районном банке."
        en += " The mentor offers it in the district's bank."
    return Text(ru, en)


def _figure(need: Facts, side: str = "") -> Text:
    value, n = need[f"{side}figure"], need[f"{side}n"]
    if n is None:
        return Text(f"{_ru(value)} %", f"{_en(value)} %")
    return Text(f"{_ru(value)} % (учеников: {n})", f"{_en(value)} % (of {n} pupils)")


def _of_list(details: Facts) -> Iterator[Text]:
    if details["listed"]:
        yield Text(
            "Школа в перечне школ с низкими результатами.",
            "The school is on the list of schools with low results.",
        )


def _of_conditions(details: Facts) -> Text:
    mentee, mentor = details["mentee_conditions"], details["mentor_conditions"]
    alike = details["parts"]["conditions"] * 100
    if mentee is None or mentor is None:
        return Text(
            "Сравнить условия двух школ по индексам здесь нельзя.",
            "The conditions of the two schools cannot be compared here by indices.",
        )
    return Text(
        f"Индексы условий: школа {_ru(mentee, 2)}, наставник {_ru(mentor, 2)}; "
        f"близость {_ru(alike)} %.",
        f"Indices of conditions: the school {_en(mentee, 2)}, the mentor "
        f"{_en(mentor, 2)}; {_en(alike)} % alike.",
    )


def _of_way(details: Facts) -> Text:
    known = [
        (f"{_ru(details[name])} {ru}", f"{_en(details[name])} {en}")
        for name, ru, en in (("km", "км", "km"), ("minutes", "мин.", "minutes"))
        if details[name] is not None
    ]
    if details["same_network"]:
        known.append(("общий автобус", "one bus serves both"))
    if not known:
        return Text("Расстояние не внесено.", "No distance is recorded.")
    ru, en = (", ".join(each) for each in zip(*known, strict=True))
    return Text(f"Путь между школами: {ru}.", f"The way between the schools: {en}.")


def _en(value: float, decimals: int = 1) -> str:
    shown = f"{value:.{decimals}f}"
    return shown.removesuffix(".0")


def _ru(value: float, decimals: int = 1) -> str:
    return _en(value, decimals).replace(".", ",")
