"""Entering programmes, and amending them by orders."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.api.programmes import amendment_repository as repository
from services.api.programmes.amending import write_difference
from services.api.programmes.amendment_schemas import AmendmentIn
from services.api.programmes.documents import ProgrammeDocument
from services.api.programmes.loading import load_new_programme
from services.api.programmes.repository import find_by_code
from services.api.scheduling.fan_out import fan_out
from services.api.scheduling.redating import redate_programme
from shared.contracts.events import EventKind
from shared.domain.amendment_errors import (
    AmendmentExistsError,
    AmendmentOutOfOrderError,
    AmendmentRefusedError,
    UnfitChangeError,
    UnfitChangesError,
)
from shared.domain.amendments import apply_change
from shared.domain.errors import ConflictError, Fault, NotFoundError, Text
from shared.domain.programme_state import Difference, ProgrammeState
from shared.domain.record_rules import Facts, not_in_the_future, without_initials
from shared.domain.schedule import UnreadableTermError, parse_term
from shared.persistence.audit import created, record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

ORDER_RULES = (not_in_the_future("order_on"), without_initials("body"))


class ProgrammeExistsError(ConflictError):
    """There is a programme with this code already."""

    code = "programme_exists"
    title = Text(
        "Программа с таким кодом уже есть", "There is such a programme already"
    )


async def create_programme(work: Work, document: ProgrammeDocument) -> int:
    """Write a programme with all it consists of, and its deadlines; return its number.

    Raises:
        NotFoundError: its municipality is unknown or not the caller's.
        ProgrammeExistsError: its code is taken.
        AmendmentRefusedError: terms of measures cannot be read; each is named.
        InvalidInputError: the school calendar lacks terms that a measure asks for.
    """
    faults = list(_unreadable_terms(document))
    if faults:
        raise AmendmentRefusedError(faults[0].reason, faults=faults)
    if not await load_new_programme(work, document):
        raise ProgrammeExistsError(
            Text(
                f"Код программы «{document.code}» занят: дайте другой.",
                f"The code '{document.code}' of a programme is taken: give another.",
            )
        )
    programme = await find_by_code(work, document.code)
    if programme is None:
        raise _unknown(document.code)
    await fan_out(work, document.code)
    await record_change(
        work,
        "programme",
        "create",
        created({"code": document.code, "title": document.title}),
        municipality_id=programme.municipality_id,
        entity_id=programme.id,
    )
    number: int = programme.id
    return number


async def amend(work: Work, programme_id: int, order: AmendmentIn) -> int:
    """Make all changes of an order, and bring the deadlines after them.

    Done and past work stays: open deadlines that are still to come move or are
    withdrawn. Returns the number of the amendment.

    Raises:
        NotFoundError: the caller sees no such programme.
        AmendmentExistsError: this order is entered already.
        AmendmentOutOfOrderError: a later order is.
        AmendmentRefusedError: a change does not fit; nothing is changed.
    """
    programme = await repository.lock_programme(work, programme_id)
    if programme is None:
        raise _unknown(programme_id)
    today = work.today_in(programme.time_zone)
    papers = order.model_dump(exclude={"changes"})
    await require_next(work, programme_id, papers, today)
    state = await repository.read_state(work, programme)
    if order.adds_indicators:
        defined = await repository.counted_by_methods(work, programme.municipality_id)
        state.counted = defined.union(state.counted)
    made = _make(state, order)
    for difference in made:
        await write_difference(work, programme, state, difference)
    number = await repository.insert_amendment(work, programme, papers, made)
    await tell(work, programme, number, papers, made)
    changed = {
        state.measures[each.subject]["id"]
        for each in made
        if each.subject in state.measures
    }
    await redate_programme(
        work, programme_id, today=today, changed=changed, reason=order.reason
    )
    return number


async def require_next(
    work: Work, programme_id: int, papers: dict[str, Any], today: date
) -> None:
    """Check that an order is the programme's next.

    Raises:
        AmendmentRefusedError: its date or body cannot be.
        AmendmentExistsError: it is entered already.
        AmendmentOutOfOrderError: a later one is.
    """
    facts = Facts(today=today)
    faults = [each for rule in ORDER_RULES for each in rule(papers, facts)]
    if faults:
        raise AmendmentRefusedError(faults[0].reason, faults=faults)
    number, order_on = papers["order_number"], papers["order_on"]
    if await repository.has_order(work, programme_id, number, order_on):
        raise AmendmentExistsError(
            Text(
                f"Приказ {number} от {order_on} уже внесён.",
                f"The order {number} of {order_on} is entered already.",
            )
        )
    last = await repository.last_order_on(work, programme_id)
    if last is not None and order_on < last:
        raise AmendmentOutOfOrderError(
            Text(
                f"Внесён уже приказ от {last}: приказ от {order_on} раньше него. "
                "Внесите изменения следующим приказом.",
                f"An order of {last} is entered already, and that of {order_on} is "
                "earlier. Make the changes by the next order.",
            )
        )


def _make(state: ProgrammeState, order: AmendmentIn) -> list[Difference]:
    """Apply the changes one after another, and name every one that does not fit."""
    made: list[Difference] = []
    faults: list[Fault] = []
    for place, change in enumerate(order.commands()):
        where = f"body.changes.{place}"
        try:
            _require_readable(change.get("measure", {}).get("term_text"))
            made += apply_change(state, change, order_on=order.order_on)
        except UnfitChangeError as error:
            faults.append(_fault(where, error))
        except UnfitChangesError as error:
            faults += [_fault(where, each) for each in error.errors]
        except UnreadableTermError as error:
            column = f"{where}.measure.term_text"
            faults.append(Fault(reason=error.detail, column=column, value=error.term))
    if faults:
        raise AmendmentRefusedError(faults[0].reason, faults=faults)
    return made


def _fault(where: str, error: UnfitChangeError) -> Fault:
    return Fault(
        reason=error.reason,
        column=f"{where}.{error.column}",
        value=None if error.value is None else str(error.value),
        position=error.position,
    )


def _require_readable(term: str | None) -> None:
    if term is not None:
        parse_term(term)


def _unreadable_terms(document: ProgrammeDocument) -> Iterator[Fault]:
    for number, plan in enumerate(document.plans):
        for place, measure in enumerate(plan.measures):
            try:
                parse_term(measure.term)
            except UnreadableTermError as error:
                column = f"body.plans.{number}.measures.{place}.term"
                yield Fault(reason=error.detail, column=column, value=error.term)


async def tell(
    work: Work,
    programme: AnyRow,
    number: int,
    papers: dict[str, Any],
    made: list[Difference],
    **more: Any,
) -> None:
    """Write into the audit what an order changed, and tell the other services.

    The event says `more`, where there is more to say.
    """
    changes = {
        f"{each.kind}:{each.subject}": [
            {name: pair[0] for name, pair in each.changes.items()},
            {name: pair[1] for name, pair in each.changes.items()},
        ]
        for each in made
    }
    await record_change(
        work,
        "programme",
        "amend",
        changes,
        municipality_id=programme.municipality_id,
        entity_id=programme.id,
        reason=papers["reason"],
    )
    await record(
        work,
        EventKind.PROGRAMME_CHANGED,
        municipality_id=programme.municipality_id,
        payload={"programme": programme.code, "amendment": number, **more},
    )


def _unknown(programme: object) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Программы «{programme}» нет или она вам недоступна.",
            f"There is no programme '{programme}', or it is not accessible to you.",
        )
    )
