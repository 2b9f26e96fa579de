"""What will go out, and what a change of rules would change about it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from services.api.reminders import preview_repository as repository
from services.api.reminders.rule_schemas import (
    DryRunOut,
    PersonOut,
    PreviewOut,
    RulesIn,
)
from services.api.reminders.rule_usecases import RulePlace, change_of, situation_of
from shared.domain.reminders.day import Effect, Situation
from shared.domain.reminders.preview import coming_effects
from shared.domain.reminders.recipients import Recipient
from shared.domain.reminders.rule_books import RuleBook
from shared.persistence.reminder_situations import last_due
from shared.persistence.work import Work

Coming = list[tuple[date, Effect]]


async def preview(work: Work, municipality_id: int, *, days: int) -> PreviewOut:
    """Return what will go out in the next days, by person and channel."""
    situation = await situation_of(work, municipality_id)
    first, coming = await _coming(work, municipality_id, situation, days=days)
    return PreviewOut(
        first=first,
        last=first + timedelta(days=days - 1),
        count=len(coming),
        people=await _people(work, coming),
    )


async def dry_run(
    work: Work, place: RulePlace, body: RulesIn, *, days: int
) -> DryRunOut:
    """Return what would be added and what would fall away; nothing is written.

    Raises:
        InvalidInputError: the place is several, or the rules contradict themselves.
    """
    place.check()
    now = await situation_of(work, place.municipality_id)
    rules = now.rules.with_change(place.key, change_of(body))
    return DryRunOut.model_validate(
        await compared(work, place.municipality_id, now, rules, days=days)
    )


async def compared(
    work: Work, municipality_id: int, now: Situation, rules: RuleBook, *, days: int
) -> dict[str, Any]:
    """Return the fields of a dry run: what other rules add, and what falls away."""
    then = replace(now, rules=rules)
    first, before = await _coming(work, municipality_id, now, days=days)
    _, after = await _coming(work, municipality_id, then, days=days)
    old = {(day, effect.key) for day, effect in before}
    new = {(day, effect.key) for day, effect in after}
    return {
        "first": first,
        "last": first + timedelta(days=days - 1),
        "unchanged": len(old & new),
        "added": await _people(work, _without(after, old)),
        "removed": await _people(work, _without(before, new)),
    }


async def _coming(
    work: Work, municipality_id: int, situation: Situation, *, days: int
) -> tuple[date, Coming]:
    first = await repository.read_today(work, municipality_id)
    last = last_due(situation, first + timedelta(days=days - 1))
    deadlines = await repository.read_deadlines(work, municipality_id, last=last)
    planned = await repository.read_planned(work, municipality_id)
    coming = coming_effects(
        deadlines, situation, first=first, days=days, planned=planned
    )
    return first, coming


def _without(coming: Coming, known: Iterable[object]) -> Coming:
    return [(day, effect) for day, effect in coming if (day, effect.key) not in known]


async def _people(work: Work, coming: Coming) -> list[PersonOut]:
    days: defaultdict[tuple[Recipient, str], Counter[date]] = defaultdict(Counter)
    for day, effect in coming:
        days[effect.recipient, effect.channel][day] += 1
    accounts = {whom.account_id for whom, _ in days if whom.account_id is not None}
    roles = await repository.read_roles(work, accounts)
    return [
        PersonOut(
            recipient_role=whom.post
            or roles.get(whom.account_id or 0, "administrator"),
            recipient_id=whom.account_id,
            school_id=whom.school_id,
            channel=channel,
            count=counted.total(),
            by_day=dict(sorted(counted.items())),
        )
        for (whom, channel), counted in days.items()
    ]
