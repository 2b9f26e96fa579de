"""Putting the three answers about each school together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.api.http.localized import LocalizedOut
from services.api.identification.check_schemas import NamedSchoolOut
from services.api.identification.joint_schemas import (
    AnswerOut,
    JointCellOut,
    JointSchoolOut,
    UndecidedOut,
)
from services.api.identification.joint_wording import (
    NOT_COMPUTED,
    NOT_LISTED,
    difficulty_text,
    resilience_text,
)
from services.api.identification.records import Found, Names
from services.api.identification.wording import summary_of
from shared.domain.errors import Text
from shared.domain.joint_standing import Answer, JointStanding, answer_of, table_of
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.identification import Identification
from shared.persistence.paging import AnyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What a rule says of schools; None where nothing was computed."""

    found: Mapping[int, Found] | None
    rule: Identification | None
    names: Names
    has_list: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditioned:
    """What a run of conditions says of schools; None where there is none."""

    run_id: int | None
    rows: Mapping[int, AnyRow] | None
    method: Conditions | None
    received: frozenset[int] | None


def join(identified: Identified, conditioned: Conditioned) -> list[JointSchoolOut]:
    """Return all schools that either run lists, by number."""
    names = {
        number: row.school_name
        for rows in (identified.found, conditioned.rows)
        for number, row in (rows or {}).items()
    }
    return [
        JointSchoolOut(
            school_id=number,
            school_name=names[number],
            low_results=_low_results(identified, number),
            difficult=_difficult(conditioned, number),
            resilient=_resilient(conditioned, number),
        )
        for number in sorted(names)
    ]


def standing_of(school: JointSchoolOut) -> JointStanding:
    """Return the three answers alone."""
    return JointStanding(
        school.low_results.answer, school.difficult.answer, school.resilient.answer
    )


def cells_of(schools: Sequence[JointSchoolOut]) -> list[JointCellOut]:
    """Return the eight cells of the table with the schools in each."""
    counts = table_of(standing_of(each) for each in schools)
    return [
        JointCellOut(
            low_results=cell[0] is Answer.YES,
            difficult=cell[1] is Answer.YES,
            resilient=cell[2] is Answer.YES,
            count=count,
            schools=_named(
                each for each in schools if standing_of(each) == JointStanding(*cell)
            ),
        )
        for cell, count in counts.items()
    ]


def undecided_of(schools: Sequence[JointSchoolOut]) -> UndecidedOut:
    """Return the schools that stand in no cell."""
    left = [each for each in schools if not standing_of(each).is_decided]
    standings = [standing_of(each) for each in left]
    return UndecidedOut(
        count=len(left),
        low_results=sum(each.low_results is Answer.UNKNOWN for each in standings),
        difficult=sum(each.difficult is Answer.UNKNOWN for each in standings),
        resilient=sum(each.resilient is Answer.UNKNOWN for each in standings),
        schools=_named(left),
    )


def _named(schools: Iterable[JointSchoolOut]) -> list[NamedSchoolOut]:
    return [
        NamedSchoolOut(school_id=each.school_id, school_name=each.school_name)
        for each in schools
    ]


def _low_results(identified: Identified, number: int) -> AnswerOut:
    if identified.found is None or identified.rule is None:
        return _unknown(NOT_COMPUTED, received=None)
    found = identified.found.get(number)
    if found is None:
        return _unknown(NOT_LISTED, received=None)
    said = summary_of(found, identified.rule, identified.names)
    return AnswerOut(
        answer=answer_of(found.standing_status),
        status=found.standing_status,
        computed_status=found.status,
        is_decided=found.decision is not None,
        is_on_received_list=found.received is not None if identified.has_list else None,
        reasons=[_localized(each) for each in said],
        link=f"/v1/identifications/{found.id}",
    )


def _difficult(conditioned: Conditioned, number: int) -> AnswerOut:
    received = conditioned.received
    is_received = None if received is None else number in received
    row = (conditioned.rows or {}).get(number)
    if row is None:
        why = NOT_COMPUTED if conditioned.rows is None else NOT_LISTED
        return _unknown(why, received=is_received)
    said = difficulty_text(row, conditioned.method)
    return _computed(row.difficulty, said, conditioned, number, received=is_received)


def _resilient(conditioned: Conditioned, number: int) -> AnswerOut:
    row = (conditioned.rows or {}).get(number)
    if row is None:
        why = NOT_COMPUTED if conditioned.rows is None else NOT_LISTED
        return _unknown(why, received=None)
    said = resilience_text(row, conditioned.method)
    return _computed(row.resilience, said, conditioned, number, received=None)


def _computed(
    status: str,
    said: Text,
    conditioned: Conditioned,
    number: int,
    *,
    received: bool | None,
) -> AnswerOut:
    return AnswerOut(
        answer=answer_of(status),
        status=status,
        computed_status=status,
        is_decided=False,
        is_on_received_list=received,
        reasons=[_localized(said)],
        link=f"/v1/conditions/{conditioned.run_id}/schools/{number}",
    )


def _unknown(why: Text, *, received: bool | None) -> AnswerOut:
    return AnswerOut(
        answer=Answer.UNKNOWN,
        status=None,
        computed_status=None,
        is_decided=False,
        is_on_received_list=received,
        reasons=[_localized(why)],
        link=None,
    )


def _localized(said: Text) -> LocalizedOut:
    return LocalizedOut(ru=said.ru, en=said.en)
