"""The evidence of a status in Russian and English sentences."""

from typing import Any

from services.api.identification.records import Found, Names
from shared.domain.errors import Text
from shared.domain.methods.identification import Identification
from shared.domain.russian import counted
from shared.persistence.tables.identification import IdentificationEvidenceRow

_MISSING = {
    "no_data": Text(
        "Не оценивается: за этот год нет результатов, которые учитывает правило.",
        "Not assessable: the year has no results that the rule counts.",
    ),
    "not_comparable": Text(
        "Не оценивается: результаты этого года несопоставимы с другими годами.",
        "Not assessable: the year's results do not compare with those of other years.",
    ),
    "too_few_participants": Text(
        "Не оценивается: там, где участников слишком мало или число низких результатов "
        "не указано, ответ мог бы измениться.",
        "Not assessable: where participants are too few, or low results not counted, "
        "the answer could be another.",
    ),
    "earlier_years": Text(
        "Не оценивается: о прежних годах, которые учитывает правило, данных мало.",
        "Not assessable: too little is known of the earlier years that the rule "
        "counts.",
    ),
}
_HEADS = {
    "on_list": Text("Школа в перечне", "The school is on the list"),
    "risk_group": Text("Школа в группе риска", "The school is in the risk group"),
    "leaving": Text("Школа выходит из перечня", "The school is leaving the list"),
    "not_on_list": Text("Школы нет в перечне", "The school is not on the list"),
}


def summary_of(found: Found, rule: Identification, names: Names) -> list[Text]:
    """Say what the status is, what would flip it, and what others say."""
    said = [_status(found, rule)]
    if found.status != "not_assessable":
        said.append(_nearest(found, names))
    said.append(_received(found))
    if found.decision is not None:
        said.append(_decided(found))
    return said


def _status(found: Found, rule: Identification) -> Text:
    if found.reason is not None:
        return _MISSING[found.reason]
    head, low, assessed = _HEADS[found.status], found.low_units, found.assessed_units
    ru = (
        f"{head.ru}: низких результатов {low} из {assessed} оценённых, "
        f"год считается низким от {rule.in_at_least}."
    )
    en = (
        f"{head.en}: {low} of {assessed} assessed results are low, a year is low from "
        f"{rule.in_at_least} on."
    )
    if rule.window_years > 1:
        ru += f" Низких лет: {found.low_years} из {rule.window_years}, "
        ru += f"нужно {rule.persistence}."
        en += f" Low years: {found.low_years} of {rule.window_years}, "
        en += f"{rule.persistence} are needed."
    if found.status == "leaving":
        years = counted(found.clear_years, "год", "года", "лет")
        ru += f" Без низких результатов {years} из {rule.leave_after}."
        en += f" Clear for {found.clear_years} of {rule.leave_after} years."
    return Text(ru, en)


def _nearest(found: Found, names: Names) -> Text:
    if found.changes is None:
        return Text(
            "Никакие отметки этого года не изменили бы ответ.",
            "No marks of this year would change the answer.",
        )
    off = found.direction == "off_list"
    said = [_change(unit, names, off=off) for unit in found.changes["units"]]
    ru, en = "; ".join(each.ru for each in said), "; ".join(each.en for each in said)
    if off:
        return Text(f"Не была бы в перечне, если бы: {ru}.", f"Off the list with {en}.")
    return Text(f"Была бы в перечне, если бы: {ru}.", f"On the list with {en}.")


def _change(unit: dict[str, Any], names: Names, *, off: bool) -> Text:
    """Say of a unit how many low marks more or fewer it would take."""
    where = unit_name(
        unit["procedure"], unit["subject"], unit["programme_grade"], names
    )
    marks = _marks(unit["procedure"], unit["pupils"])
    ru, en = ("меньше", "fewer") if off else ("больше", "more")
    number, noun = marks.en.split(" ", 1)
    return Text(
        f"{where.ru} — на {marks.ru} {ru}", f"{number} {en} {noun} in {where.en}"
    )


def _marks(procedure: str, pupils: int) -> Text:
    """Count low marks as the procedure has them, in the Russian accusative."""
    if procedure == "ege":
        ru = counted(
            pupils,
            "результат ниже минимума",
            "результата ниже минимума",
            "результатов ниже минимума",
        )
        noun = "result" if pupils == 1 else "results"
        return Text(ru, f"{pupils} {noun} below the minimum")
    noun = "2" if pupils == 1 else "2s"
    return Text(counted(pupils, "двойку", "двойки", "двоек"), f"{pupils} {noun}")


def unit_name(
    procedure: str, subject: str | None, grade: int | None, names: Names
) -> Text:
    """Name what counts as one procedure: «ВПР, Математика, 5 класс»."""
    ru = [_name(names.procedures, procedure, "ru")]
    en = [_name(names.procedures, procedure, "en")]
    if subject is not None:
        ru.append(_name(names.subjects, subject, "ru"))
        en.append(_name(names.subjects, subject, "en"))
    if grade is not None:
        ru.append(f"{grade} класс")
        en.append(f"grade {grade}")
    return Text(", ".join(ru), ", ".join(en))


def _name(names: dict[str, dict[str, str]], code: str, language: str) -> str:
    return names[code][language] if code in names else code


def _received(found: Found) -> Text:
    if found.received is None:
        ru, en = "В полученном перечне школы нет", "The received list lacks the school"
    else:
        body = found.received.act_body
        ru = f"В полученном перечне школа есть ({body})"
        en = f"The received list has the school ({body})"
    match found.differs_from_received:
        case None:
            return Text(f"{ru}.", f"{en}.")
        case True:
            return Text(f"{ru}: расходится с правилом.", f"{en}: unlike the rule.")
        case False:
            return Text(f"{ru}: совпадает с правилом.", f"{en}: like the rule.")


def _decided(found: Found) -> Text:
    decision = found.decision
    if decision is None:
        message = "there is no decision to speak of"
        raise ValueError(message)
    same = decision.status == found.status
    ru = "подтверждён" if same else "изменён"
    en = "confirmed" if same else "overridden"
    order = f"{decision.order_number}, {decision.order_on}, {decision.order_body}"
    return Text(
        f"Рассчитанный статус {ru} приказом ({order}): {decision.reason}",
        f"The computed status was {en} by an order ({order}): {decision.reason}",
    )


def evidence_text(
    row: IdentificationEvidenceRow, rule: Identification, names: Names
) -> Text:
    """Say of a result what it held, and how far it is from being low or not."""
    where = unit_name(row.procedure, row.subject, row.programme_grade, names)
    year = f"{row.academic_year}/{row.academic_year + 1}"
    held = _held(row, rule)
    return Text(f"{where.ru}, {year}: {held.ru}", f"{where.en}, {year}: {held.en}")


def _held(row: IdentificationEvidenceRow, rule: Identification) -> Text:
    match row.state:
        case "excluded":
            return _excluded(row, rule)
        case "no_low_count":
            return Text(
                "число низких результатов не указано, не оценивается.",
                "low results are not counted, not assessed.",
            )
        case "too_few":
            pupils = counted(row.n, "участник", "участника", "участников")
            return Text(
                f"{pupils}, нужно не менее {rule.min_participants}: не оценивается.",
                f"participants: {row.n}, at least {rule.min_participants} are needed: "
                "not assessed.",
            )
        case _:
            return _assessed(row)


def _assessed(row: IdentificationEvidenceRow) -> Text:
    of_pupils = counted(row.n, "участника", "участников", "участников")
    share = f"{row.low_share:.1f}"
    is_low = row.state == "low"
    ru = f"низких {row.n_low} из {of_pupils}, {share.replace('.', ',')} % при пороге "
    ru += f"{row.threshold:g} % — ".replace(".", ",")
    ru += "результат низкий" if is_low else "результат не низкий"
    en = f"{row.n_low} low of {row.n}, {share} % against {row.threshold:g} %: "
    en += "low" if is_low else "not low"
    if row.pupils is None:
        return Text(f"{ru}.", f"{en}.")
    marks = _marks(row.procedure, row.pupils)
    number, noun = marks.en.split(" ", 1)
    if is_low:
        ru += f"; перестал бы им быть, будь на {marks.ru} меньше."
        en += f", no longer so with {number} fewer {noun}."
    else:
        ru += f"; стал бы низким, будь на {marks.ru} больше."
        en += f", low with {number} more {noun}."
    return Text(ru, en)


def _excluded(row: IdentificationEvidenceRow, rule: Identification) -> Text:
    for each in rule.exclusions.values():
        if row.procedure in each.procedures and row.academic_year in each.years:
            return Text(
                f"не учитывается. {each.reason.ru}", f"not counted. {each.reason.en}"
            )
    return Text("не учитывается.", "not counted.")
