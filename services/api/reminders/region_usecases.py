"""Deciding about the reminder rules of a region, for all of its municipalities."""

from dataclasses import dataclass

from services.api.http.preconditions import Expected
from services.api.reminders import region_repository as repository
from services.api.reminders.preview_usecases import compared
from services.api.reminders.rule_origins import in_force
from services.api.reminders.rule_schemas import (
    MunicipalDryRunOut,
    RegionDryRunOut,
    RegionRulesOut,
    RulesIn,
)
from services.api.reminders.rule_usecases import change_of, installation_rules
from shared.domain.deadlines import DeadlineKind
from shared.domain.reminders.rule_books import RuleBook
from shared.domain.reminders.rule_documents import read_change, written
from shared.persistence.audit import record_change
from shared.persistence.reminder_people import Scope
from shared.persistence.reminder_situations import read_situations
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class RegionPlace:
    """A region, and which kind of deadline rules are for: one, or every one."""

    region_id: int
    kind: DeadlineKind | None


async def read_rules(work: Work, place: RegionPlace) -> RegionRulesOut:
    """Return the rules that the region gives its municipalities."""
    documents = await repository.read_documents(work, place.region_id)
    changes = {
        kind: read_change(document)
        for kind, (_, document) in documents.items()
        if document is not None
    }
    installation = installation_rules()
    found = RuleBook(installation, {}, changes).changes_at(None, None, place.kind)
    version, _ = documents.get(place.kind, (0, None))
    return RegionRulesOut.model_validate(
        {
            "region_id": place.region_id,
            "kind": place.kind,
            "version": version,
            **in_force(installation, found, place.kind),
        }
    )


async def write_rules(
    work: Work, place: RegionPlace, expected: Expected, body: RulesIn | None
) -> RegionRulesOut:
    """Decide about the region, or let it inherit again where there is no body.

    Raises:
        ReminderRulesError: the rules contradict themselves.
        PreconditionFailedError: they have been changed meanwhile.
    """
    document = None if body is None else written(change_of(body))
    await repository.lock_rules(work, place.region_id)
    documents = await repository.read_documents(work, place.region_id)
    version, before = documents.get(place.kind, (0, None))
    expected.check(version)
    await repository.add_version(
        work, place.region_id, place.kind, version=version + 1, document=document
    )
    await record_change(
        work,
        "regional_reminder_rules",
        "inherit" if document is None else "replace",
        {"document": [before, document]},
        municipality_id=None,
        entity_id=place.region_id,
    )
    return await read_rules(work, place)


async def dry_run(
    work: Work, place: RegionPlace, body: RulesIn, *, days: int
) -> RegionDryRunOut:
    """Return what would be added and fall away in each municipality; writes nothing.

    Raises:
        ReminderRulesError: the rules contradict themselves.
    """
    change = change_of(body)
    ids = await repository.list_municipalities(work, place.region_id)
    situations = await read_situations(work, installation_rules(), Scope(ids))
    found = []
    for number, now in situations.items():
        rules = now.rules.with_regional_change(place.kind, change)
        fields = await compared(work, number, now, rules, days=days)
        found.append(
            MunicipalDryRunOut.model_validate({"municipality_id": number, **fields})
        )
    return RegionDryRunOut(
        region_id=place.region_id,
        unchanged=sum(each.unchanged for each in found),
        added=sum(person.count for each in found for person in each.added),
        removed=sum(person.count for each in found for person in each.removed),
        municipalities=found,
    )
