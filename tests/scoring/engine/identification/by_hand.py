"""A slow second opinion on identification: loops, fractions and brute force."""

from fractions import Fraction
from itertools import product
from typing import Any

from shared.domain.methods.identification import CountedUnit, Identification

Unit = tuple[str, str | None, int | None]
Year = dict[Unit, tuple[int, int]]
"""Low pupils and pupils of each unit."""


def years_of(rows: list[dict[str, Any]], rule: Identification) -> dict[int, Year]:
    codes = {code: key for key, many in rule.subjects.items() for code in many}
    years: dict[int, Year] = {}
    for row in rows:
        excluded = any(
            row["procedure"] in each.procedures and row["academic_year"] in each.years
            for each in rule.exclusions.values()
        )
        if (
            excluded
            or row["procedure"] not in rule.procedures
            or row["subject"] not in codes
            or (rule.grades and row["programme_grade"] not in rule.grades)
        ):
            continue
        unit = unit_of(row, rule, codes)
        low = row["n2"] if row["n_below_minimum"] is None else row["n_below_minimum"]
        year = years.setdefault(row["academic_year"], {})
        low_before, n_before = year.get(unit, (0, 0))
        n = row["n"] + row["n_ungraded"]
        year[unit] = (low_before + low, n_before + n)
    return years


def unit_of(row: dict[str, Any], rule: Identification, codes: dict[str, str]) -> Unit:
    subject, grade = codes[row["subject"]], row["programme_grade"]
    match rule.counted_unit:
        case CountedUnit.PROCEDURE:
            return (row["procedure"], None, None)
        case CountedUnit.PROCEDURE_SUBJECT:
            return (row["procedure"], subject, None)
        case CountedUnit.PROCEDURE_SUBJECT_GRADE:
            return (row["procedure"], subject, grade)


def is_low(low: int, n: int, share: float, pupils: int) -> bool:
    return low >= pupils and 100 * low >= Fraction(str(share)) * n


def year_meets(
    year: Year, rule: Identification, share: float, *, spare: int = 0
) -> str:
    """Try every answer that unknown units may have; ``unknown`` if they differ."""
    known = {
        unit: is_low(low, n, share, rule.low_pupils_at_least)
        or any(
            is_low(low + more, n, share, rule.low_pupils_at_least)
            for more in range(spare + 1)
            if low
        )
        for unit, (low, n) in year.items()
        if n >= rule.min_participants
    }
    if not known:
        return "unknown"
    open_units: list[Unit] = [unit for unit in year if unit not in known]
    if rule.require_each_subject:
        open_units += [
            ("any", subject, None)
            for subject in rule.subjects
            if all(unit[1] != subject for unit in year)
        ]
    answers = set()
    for guess in product([False, True], repeat=len(open_units)):
        low = [unit for unit, is_low_one in known.items() if is_low_one]
        low += [unit for unit, yes in zip(open_units, guess, strict=True) if yes]
        subjects = {unit[1] for unit in low}
        has_all = not rule.require_each_subject or subjects >= set(rule.subjects)
        answers.add(len(low) >= rule.in_at_least and has_all)
    if len(answers) > 1:
        return "unknown"
    return "yes" if True in answers else "no"


def window_meets(
    years: dict[int, Year],
    rule: Identification,
    year: int,
    share: float,
    *,
    first: int,
    spare: int = 0,
) -> str:
    outcomes = [
        year_meets(years.get(each, {}), rule, share, spare=spare)
        if each >= first
        else "unknown"
        for each in range(year - rule.window_years + 1, year + 1)
    ]
    if outcomes.count("yes") >= rule.persistence:
        return "yes"
    possible = len(outcomes) - outcomes.count("no")
    return "unknown" if possible >= rule.persistence else "no"


def status_of(years: dict[int, Year], rule: Identification, year: int) -> str:
    clear: int | None = None
    first = year - 3
    for each in range(first, year + 1):
        share = low_limit(rule, held=clear is not None)
        held, clear_before = clear is not None, clear or 0
        met = window_meets(years, rule, each, share, first=first)
        if met == "yes":
            clear = 0
        elif met == "no" and clear is not None:
            clear += 1
            if clear > rule.leave_after:
                clear = None
    if met == "yes":
        return "on_list"
    if met == "unknown":
        return "not_assessable"
    if held and clear is not None and clear > clear_before:
        return "leaving"
    return "risk_group" if is_near(years, rule, year, share) else "not_on_list"


def low_limit(rule: Identification, *, held: bool) -> float:
    return rule.leave_share_at_least if held else rule.low_share_at_least


def is_near(
    years: dict[int, Year], rule: Identification, year: int, share: float
) -> bool:
    by_pupils = window_meets(
        years, rule, year, share, first=year - 3, spare=rule.margin_pupils
    )
    lacking, any_low = [], False
    for each in range(year - rule.window_years + 1, year + 1):
        low = [
            unit
            for unit, (count, n) in years.get(each, {}).items()
            if n >= rule.min_participants
            and is_low(count, n, share, rule.low_pupils_at_least)
        ]
        any_low |= bool(low)
        subjects = set(rule.subjects) if rule.require_each_subject else set()
        missing = len(subjects - {unit[1] for unit in low})
        lacking.append(max(rule.in_at_least - len(low), missing, 0))
    short = sum(sorted(lacking)[: rule.persistence])
    return by_pupils == "yes" or (any_low and short <= rule.margin_procedures)


def nearest_change(
    years: dict[int, Year], rule: Identification, year: int
) -> int | None:
    """Try every count of low pupils in every assessed unit of the year."""
    status = status_of(years, rule, year)
    if status == "not_assessable":
        return None
    best: int | None = None
    now = years.get(year, {})
    units = [unit for unit, (_, n) in now.items() if n >= rule.min_participants]
    for lows in product(*(range(now[unit][1] + 1) for unit in units)):
        pupils = sum(
            abs(low - now[unit][0]) for unit, low in zip(units, lows, strict=True)
        )
        if best is not None and pupils >= best:
            continue
        changed = {**now}
        for unit, low in zip(units, lows, strict=True):
            changed[unit] = (low, now[unit][1])
        other = status_of({**years, year: changed}, rule, year)
        if other != "not_assessable" and (other == "on_list") != (status == "on_list"):
            best = pupils
    return best
