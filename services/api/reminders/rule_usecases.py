"""Deciding about a municipality's reminder rules."""

from dataclasses import dataclass
from functools import cache

from services.api.http.preconditions import Expected
from services.api.reminders import rule_repository as repository
from services.api.reminders.rule_origins import in_force
from services.api.reminders.rule_schemas import RulesIn, RulesOut
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Fault, InvalidInputError, NotFoundError, Text
from shared.domain.reminders.day import Situation
from shared.domain.reminders.rule_books import Place, RuleBook
from shared.domain.reminders.rule_documents import read_change, written
from shared.domain.reminders.rules import ReminderRules, RuleChange
from shared.persistence.audit import record_change
from shared.persistence.reminder_people import Scope as Reading
from shared.persistence.reminder_situations import read_situations
from shared.persistence.work import Work
from shared.runtime.reminder_rules import read_reminder_rules

MEASURE = DeadlineKind.MEASURE


@cache
def installation_rules() -> ReminderRules:
    """Return the rules that the installation ships, read once."""
    return read_reminder_rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePlace:
    """Which part of a municipality's tree rules are for: one of it, or all of it."""

    municipality_id: int
    programme_id: int | None = None
    measure_id: int | None = None
    kind: DeadlineKind | None = None

    @property
    def key(self) -> Place:
        """What the rules of the place are found by."""
        return (self.programme_id, self.measure_id, self.kind)

    def check(self) -> None:
        """Check that at most one part is named.

        Raises:
            InvalidInputError: there are several.
        """
        if sum(each is not None for each in self.key) <= 1:
            return
        reason = Text(
            "Укажите что-то одно: программу, мероприятие или вид сроков.",
            "Name one of these: a programme, a measure, a kind of deadline.",
        )
        raise InvalidInputError(
            reason, faults=[Fault(column="query.kind", reason=reason)]
        )


async def read_rules(work: Work, place: RulePlace) -> RulesOut:
    """Return the rules in force at a place.

    Raises:
        InvalidInputError: the place is several.
        NotFoundError: there is no such place, or it is another municipality's.
    """
    await _check_place(work, place)
    situation = await situation_of(work, place.municipality_id)
    version = await repository.read_version(work, place.municipality_id, place.key)
    return await _rules_out(work, place, situation.rules, version)


async def write_rules(
    work: Work, place: RulePlace, expected: Expected, body: RulesIn | None
) -> RulesOut:
    """Decide about a place, or let it inherit again where there is no body.

    Raises:
        InvalidInputError: the place is several, or the rules contradict themselves.
        NotFoundError: there is no such place, or it is another municipality's.
        PreconditionFailedError: it has been changed meanwhile.
    """
    await _check_place(work, place)
    document = None if body is None else written(change_of(body))
    await repository.lock_rules(work, place.municipality_id)
    version = await repository.read_version(work, place.municipality_id, place.key)
    expected.check(version)
    before = await situation_of(work, place.municipality_id)
    await repository.add_version(
        work,
        place.municipality_id,
        place.key,
        version=version + 1,
        document=document,
    )
    old = before.rules.change_at(place.key)
    await record_change(
        work,
        "reminder_rules",
        "inherit" if document is None else "replace",
        {"document": [None if old is None else written(old), document]},
        municipality_id=place.municipality_id,
    )
    return await read_rules(work, place)


def change_of(body: RulesIn) -> RuleChange:
    """Return the change that a body asks for.

    Raises:
        ReminderRulesError: it contradicts itself.
    """
    return read_change(body.model_dump(mode="json", exclude_none=True))


async def situation_of(work: Work, municipality_id: int) -> Situation:
    """Return what decides about the municipality's reminders."""
    reading = Reading([municipality_id])
    situations = await read_situations(work, installation_rules(), reading)
    return situations[municipality_id]


async def _check_place(work: Work, place: RulePlace) -> None:
    place.check()
    if not await repository.has_place(work, place.municipality_id, place.key):
        raise NotFoundError(
            Text(
                "Такой программы или такого мероприятия в муниципалитете "
                f"{place.municipality_id} нет.",
                f"The municipality {place.municipality_id} has no such programme or "
                "measure.",
            )
        )


async def _rules_out(
    work: Work, place: RulePlace, book: RuleBook, version: int
) -> RulesOut:
    kind = place.kind or (MEASURE if place.programme_id or place.measure_id else None)
    programme_id = place.programme_id
    if place.measure_id is not None:
        programme_id = await repository.programme_of(work, place.measure_id)
    found = book.changes_at(programme_id, place.measure_id, kind)
    return RulesOut.model_validate(
        {
            "municipality_id": place.municipality_id,
            "programme_id": place.programme_id,
            "measure_id": place.measure_id,
            "kind": place.kind,
            "version": version,
            **in_force(installation_rules(), found, kind),
        }
    )
