"""Making schools others by an order, with everything that follows from it."""

from datetime import date
from typing import Any

from services.api.reorganisations import repository
from services.api.reorganisations.schemas import NewSchoolIn, ReorganisationIn
from services.api.scheduling.closing import follow_lives
from shared.contracts.events import EventKind
from shared.domain.errors import Fault, InvalidInputError, NotFoundError, Text
from shared.domain.provenance import ProvenanceKind
from shared.domain.reorganisations import (
    Reorganisation,
    SchoolInAgreementsError,
    SchoolLife,
    check_reorganisation,
)
from shared.persistence.audit import created, record_change
from shared.persistence.outbox import record
from shared.persistence.work import Work


class InvalidReorganisationError(InvalidInputError):
    """The reorganisation breaks a rule; `faults` names every field that does."""

    code = "invalid_reorganisation"
    title = Text("Реорганизация не принята", "The reorganisation was not accepted")


async def reorganise(work: Work, body: ReorganisationIn) -> int:
    """Close the predecessors, open new schools, and keep who went over into whom.

    Results stay with the school that they were got in.

    Raises:
        NotFoundError: the caller does not see one of the schools.
        InvalidReorganisationError: it breaks a rule.
        SchoolInAgreementsError: a school that closes has open agreements.
    """
    lives, municipality_id = await _schools(work, body)
    wanted = Reorganisation(
        kind=body.kind,
        takes_effect_on=body.takes_effect_on,
        order_on=body.order_on,
        predecessors=[lives[number] for number in body.predecessor_ids],
        successors=[lives[number] for number in body.successor_ids],
        new_successors=len(body.new_schools),
    )
    faults = [
        *check_reorganisation(wanted),
        *await _taken_codes(work, municipality_id, body.new_schools),
    ]
    if faults:
        raise InvalidReorganisationError(faults[0].reason, faults=faults)
    await _require_no_agreements(work, body.predecessor_ids)
    opened = await _open_schools(work, municipality_id, body)
    ended = await _close_schools(work, municipality_id, body)
    number = await repository.insert_reorganisation(
        work,
        {
            "municipality_id": municipality_id,
            "provenance": ProvenanceKind.LOCAL,
            "opened_ids": opened,
            "ended_codes": {
                str(code): day and day.isoformat() for code, day in ended.items()
            },
            **_order(body),
        },
        predecessors=body.predecessor_ids,
        successors=[*body.successor_ids, *opened],
    )
    await record(work, EventKind.SCHOOLS_CHANGED, municipality_id=municipality_id)
    await follow_lives(work, municipality_id, reason=body.reason)
    return number


async def _schools(
    work: Work, body: ReorganisationIn
) -> tuple[dict[int, SchoolLife], int]:
    """Return the schools named, and the municipality that they are all of."""
    named = {*body.predecessor_ids, *body.successor_ids}
    found = await repository.lock_schools(work, named)
    missing = sorted(named - found.keys())
    if missing:
        reason = Text(
            f"Школ с такими номерами нет: {missing}.",
            f"There are no schools {missing}.",
        )
        raise NotFoundError(reason)
    places = {municipality_id for municipality_id, _ in found.values()}
    if len(places) > 1:
        reason = Text(
            "Школы разных муниципалитетов: реорганизуются школы одного.",
            "The schools are of several municipalities: they must be of one.",
        )
        fault = Fault(reason=reason, column="successor_ids")
        raise InvalidReorganisationError(reason, faults=[fault])
    lives = {number: life for number, (_, life) in found.items()}
    return lives, places.pop()


async def _taken_codes(
    work: Work, municipality_id: int, schools: list[NewSchoolIn]
) -> list[Fault]:
    codes = [school.code for school in schools]
    taken = await repository.codes_taken(work, municipality_id, codes)
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    return [
        Fault(
            reason=Text(
                "Школа с этим кодом уже есть или названа дважды.",
                "There is a school with this code already, or it is named twice.",
            ),
            column="new_schools",
            value=code,
        )
        for code in sorted({*taken, *repeated})
    ]


async def _require_no_agreements(work: Work, closing: list[int]) -> None:
    agreements = await repository.list_open_agreements(work, closing)
    if agreements:
        numbers = [each.id for each in agreements]
        raise SchoolInAgreementsError.of(numbers, "predecessor_ids")


async def _open_schools(
    work: Work, municipality_id: int, body: ReorganisationIn
) -> list[int]:
    if not body.new_schools:
        return []
    synthetic = await repository.is_synthetic(work, body.predecessor_ids[0])
    opened = []
    for school in body.new_schools:
        values = {
            **school.model_dump(),
            "municipality_id": municipality_id,
            "opened_on": body.takes_effect_on,
            "synthetic": synthetic,
            "provenance": ProvenanceKind.LOCAL,
        }
        number = await repository.insert_school(work, values)
        await _tell(
            work,
            body,
            "create",
            created(values),
            municipality_id=municipality_id,
            school_id=number,
        )
        opened.append(number)
    return opened


async def _close_schools(
    work: Work, municipality_id: int, body: ReorganisationIn
) -> dict[int, date | None]:
    day = body.takes_effect_on
    ended = await repository.close_schools(work, body.predecessor_ids, day)
    for number in body.predecessor_ids:
        await _tell(
            work,
            body,
            "close",
            {"closed_on": [None, day]},
            municipality_id=municipality_id,
            school_id=number,
        )
    return ended


async def _tell(
    work: Work,
    body: ReorganisationIn,
    action: str,
    changes: Any,
    *,
    municipality_id: int,
    school_id: int,
) -> None:
    await record_change(
        work,
        "school",
        action,
        {**changes, "order": [None, f"{body.order_number}, {body.order_on}"]},
        municipality_id=municipality_id,
        entity_id=school_id,
        school_id=school_id,
        reason=body.reason,
    )


def _order(body: ReorganisationIn) -> dict[str, Any]:
    return body.model_dump(
        include={"kind", "takes_effect_on", "order_number", "order_on", "reason"}
    )
