"""Findings in words, in Russian and English, each with its n and its p-value."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from shared.domain.errors import Text
from shared.domain.measures import MEASURES
from shared.domain.objectivity_tests import (
    CONFIRMED,
    FALL,
    GAP,
    OUTSIDE,
    PEAK,
    REASONS,
    RISE,
    VERDICTS,
)

_SMALLEST_P: Final = 0.001


def explained(finding: Any) -> Text:
    """Return what the test compared, how it came out, and what follows."""
    verdict = VERDICTS[finding.verdict]
    if finding.reason is not None:
        why = REASONS[finding.reason]
        return Text(
            f"{_capital(verdict.ru)}: {why.ru} (n = {finding.n}).",
            f"{_capital(verdict.en)}: {why.en} (n = {finding.n}).",
        )
    compared, p_value = _compared(finding), _p_values(finding)
    return Text(
        f"{compared.ru}{p_value.ru} Вывод: {verdict.ru}.",
        f"{compared.en}{p_value.en} Conclusion: {verdict.en}.",
    )


def _compared(finding: Any) -> Text:
    match finding.test:
        case test if test in (CONFIRMED, GAP):
            return _shares(finding, confirmed=test == CONFIRMED)
        case test if test == PEAK:
            return _peak(finding)
        case test if test == RISE:
            return _rise(finding)
        case test if test == FALL:
            return _fall(finding)
        case test if test == OUTSIDE:
            return _limits(finding)
        case unknown:
            raise KeyError(unknown)


def _shares(finding: Any, *, confirmed: bool) -> Text:
    own, others = _number(finding.figure), _number(finding.reference)
    what = (
        Text("Отметку журнала подтвердили", "The journal's mark was confirmed by")
        if confirmed
        else Text(
            "На две отметки и более от журнала отличаются",
            "Two marks or more away from the journal are",
        )
    )
    return Text(
        f"{what.ru} {_comma(own)} % из {finding.n}; в остальных школах "
        f"{_comma(others)} % из {finding.n_reference}.",
        f"{what.en} {own} % of {finding.n}; in the other schools {others} % of "
        f"{finding.n_reference}.",
    )


def _peak(finding: Any) -> Text:
    detail = finding.detail
    expected = _number(finding.reference)
    return Text(
        f"С отметки «{finding.mark}» ({detail['boundary']} баллов из "
        f"{detail['maximum']}) начинают {_number(finding.figure, 0)} из {finding.n} "
        f"участников; по соседним баллам ожидалось {_comma(expected)}.",
        f"The mark {finding.mark} begins at {detail['boundary']} of "
        f"{detail['maximum']} points: {_number(finding.figure, 0)} of {finding.n} "
        f"participants stand there, {expected} were to be expected by the scores "
        "around it.",
    )


def _rise(finding: Any) -> Text:
    detail = finding.detail
    before, now = _number(detail["low_share_before"]), _number(detail["low_share"])
    change, worth = _number(finding.figure), _number(detail["points_per_pupil"])
    return Text(
        f"Низких результатов {_comma(now)} % из {finding.n}, год назад "
        f"{_comma(before)} % из {finding.n_reference}: изменение {_comma(change)} "
        f"п. п. при пороге {_comma(_number(finding.reference))}. Один ученик — "
        f"{_comma(worth)} п. п."
        + (" Без одного ученика признака не было бы." * detail["within_one_pupil"]),
        f"The low share is {now} % of {finding.n}, a year before {before} % of "
        f"{finding.n_reference}: a change of {change} points, the threshold being "
        f"{_number(finding.reference)}. One pupil is worth {worth} points."
        + (
            " With one pupil fewer there would be no sign." * detail["within_one_pupil"]
        ),
    )


def _fall(finding: Any) -> Text:
    own, others = _number(finding.figure, 2), _number(finding.reference, 2)
    error = _number(finding.detail["standard_error"], 2)
    return Text(
        f"Средний балл параллели изменился на {_comma(own)} (n ≥ {finding.n}), в "
        f"остальных школах на {_comma(others)} (n ≥ {finding.n_reference}); "
        f"стандартная ошибка разности {_comma(error)}.",
        f"The mean mark of the pupils changed by {own} (n ≥ {finding.n}), in the other "
        f"schools by {others} (n ≥ {finding.n_reference}); the standard error of the "
        f"difference is {error}.",
    )


def _limits(finding: Any) -> Text:
    title = MEASURES[finding.measure].title
    low, high = (
        "—" if finding.detail[end] is None else _number(finding.detail[end])
        for end in ("low", "high")
    )
    figure, source = _number(finding.figure, 2), finding.detail["source"]
    return Text(
        f"{title.ru}: {_comma(figure)} (n = {finding.n}) при границах {_comma(low)} … "
        f"{_comma(high)} («{source}»).",
        f"{title.en}: {figure} (n = {finding.n}), the limits being {low} … {high} "
        f"(“{source}”).",
    )


def _p_values(finding: Any) -> Text:
    if finding.p_value is None:
        return Text("", "")
    raw = _p(finding.p_value)
    if finding.adjusted_p is None:
        return Text(f" p {_comma(raw)}.", f" p {raw}.")
    adjusted = _p(finding.adjusted_p)
    return Text(
        f" p {_comma(raw)}, с поправкой на число проверок ({finding.tests}) p "
        f"{_comma(adjusted)}.",
        f" p {raw}, adjusted for the {finding.tests} tests made p {adjusted}.",
    )


def _p(value: float) -> str:
    return f"< {_SMALLEST_P}" if value < _SMALLEST_P else f"= {_number(value, 3)}"


def _number(value: float, decimals: int = 1) -> str:
    """Round half away from zero, as all figures for people are."""
    unit = Decimal(1).scaleb(-decimals)
    return str(Decimal(repr(value)).quantize(unit, ROUND_HALF_UP))


def _comma(number: str) -> str:
    return number.replace(".", ",")


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
