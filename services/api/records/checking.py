"""Trying a row by the rules of its dataset, with all that the rules may know."""

from collections.abc import Mapping
from typing import Any

from services.api.datasets.codes import unknown_code
from services.api.datasets.dataset import Dataset
from services.api.datasets.recording import Recording
from services.api.datasets.school_years import school_year_faults
from services.api.records import errors, repository
from services.api.records.records import Home
from shared.domain.errors import Fault
from shared.domain.record_rules import Facts
from shared.persistence.school_directory import read_schools
from shared.persistence.school_lives import read_life
from shared.persistence.work import Work


async def checked(
    work: Work,
    dataset: Dataset,
    recording: Recording,
    home: Home,
    values: Mapping[str, Any],
    *,
    row_id: int | None,
) -> Mapping[str, Any]:
    """Return the values with what follows from them; `row_id` is None for a new row.

    Raises:
        InvalidRecordError: a rule is broken, or what the row refers to is not there.
    """
    referenced, faults = await _referenced(work, recording, home, values)
    unknown = await repository.find_unknown_codes(work, recording, values)
    faults += [unknown_code(column, values[column]) for column in unknown]
    facts = Facts(
        today=work.today_in(home.time_zone),
        enrolment=await _enrolment(work, dataset, home, values),
        referenced=referenced,
        siblings=await repository.read_siblings(
            work, recording, values, home.municipality_id, besides=row_id
        ),
        schools=await read_schools(work, home.municipality_id)
        if recording.knows_schools
        else None,
    )
    if recording.complete is not None:
        values = recording.complete(values, facts)
    life = None if home.school_id is None else await read_life(work, home.school_id)
    faults += school_year_faults(dataset, values, life=life, today=facts.today)
    faults += [each for rule in recording.rules for each in rule(values, facts)]
    if faults:
        raise errors.invalid(faults)
    return values


async def _enrolment(
    work: Work, dataset: Dataset, home: Home, values: Mapping[str, Any]
) -> int | None:
    year = dataset.academic_year_of(values)
    if home.school_id is None or year is None:
        return None
    return await repository.find_enrolment(work, home.school_id, year)


async def _referenced(
    work: Work, recording: Recording, home: Home, values: Mapping[str, Any]
) -> tuple[dict[str, Mapping[str, Any]], list[Fault]]:
    """Return the rows that the values refer to, and what is wrong with the others."""
    found: dict[str, Mapping[str, Any]] = {}
    faults: list[Fault] = []
    for column, rows in recording.references.items():
        value = values.get(column)
        if value is None:
            continue
        school_id = home.school_id if column in recording.own_school else None
        row = await repository.read_referenced(
            work, rows, value, home.municipality_id, school_id
        )
        if row is None:
            faults.append(errors.unknown_reference(column, value))
        else:
            found[column] = row
    return found, faults
