"""What decides about the reminders of municipalities, read in one place for all."""

from collections import defaultdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shared.domain.reminders.day import Situation
from shared.domain.reminders.recipients import Directory, Recipient
from shared.domain.reminders.rule_books import Deadline, Place, RuleBook
from shared.domain.reminders.rule_documents import read_change
from shared.domain.reminders.rules import ReminderRules, RuleChange
from shared.domain.reminders.steps import horizon
from shared.persistence.reminder_people import (
    Scope,
    read_accounts,
    read_bounced,
    read_posts,
    read_preferences,
    read_school_channels,
)
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import MeasureRow
from shared.persistence.tables.reminder_choices import (
    AcknowledgementRow,
    RegionalReminderRuleRow,
    ReminderRuleRow,
    SnoozeRow,
)
from shared.persistence.work import Work
from shared.persistence.work_calendars import read_work_calendars

Row = Any  # a row of a statement with labelled columns


async def read_situations(
    work: Work, installation: ReminderRules, scope: Scope
) -> dict[int, Situation]:
    """Return what decides in each municipality.

    Acknowledgements and snoozes are those of all deadlines in the scope.
    """
    bounced = await read_bounced(work, scope)
    accounts = await read_accounts(work, scope, bounced)
    posts = await read_posts(work, scope, bounced)
    of_schools = await read_school_channels(work, scope)
    changes = await _read_changes(work, scope)
    regional = await _read_regional_changes(work, scope)
    preferences = await read_preferences(work, accounts)
    calendars = await read_work_calendars(work, scope.municipality_ids)
    acknowledged = await _read_acknowledged(work, scope)
    snoozed = await _read_snoozed(work, scope)
    return {
        place: Situation(
            rules=RuleBook(installation, changes[place], regional[place]),
            calendar=calendars[place],
            directory=Directory(accounts[place], posts[place], of_schools),
            preferences=preferences,
            acknowledged=acknowledged[place],
            snoozed=snoozed[place],
        )
        for place in scope.municipality_ids
    }


DEADLINES = (
    select(
        DeadlineRow.id,
        DeadlineRow.municipality_id,
        DeadlineRow.kind,
        DeadlineRow.school_id,
        DeadlineRow.due_on,
        DeadlineRow.state,
        DeadlineRow.changed_at,
        DeadlineRow.measure_id,
        MeasureRow.programme_id,
        MunicipalityRow.time_zone,
    )
    .join(MunicipalityRow, MunicipalityRow.id == DeadlineRow.municipality_id)
    .outerjoin(MeasureRow, MeasureRow.id == DeadlineRow.measure_id)
)


def last_due(situation: Situation, today: date) -> date:
    """Return the latest due date that any rules could remind of today."""
    return max(
        horizon(rules, today, situation.calendar)
        for rules in situation.rules.all_rule_sets()
    )


async def _read_changes(
    work: Work, scope: Scope
) -> defaultdict[int, dict[Place, RuleChange]]:
    row = ReminderRuleRow
    place = (row.municipality_id, row.programme_id, row.measure_id, row.kind)
    rows = await work.session.execute(
        select(*place, row.document)
        .where(row.municipality_id.in_(scope.municipality_ids))
        .order_by(row.version)
    )
    changes: defaultdict[int, dict[Place, RuleChange]] = defaultdict(dict)
    for each in rows:
        found = (each.programme_id, each.measure_id, each.kind)
        if each.document is None:
            changes[each.municipality_id].pop(found, None)
        else:
            changes[each.municipality_id][found] = read_change(each.document)
    return changes


async def _read_regional_changes(
    work: Work, scope: Scope
) -> defaultdict[int, dict[str | None, RuleChange]]:
    """Return what their regions decided, by municipality."""
    row = RegionalReminderRuleRow
    rows = await work.session.execute(
        select(MunicipalityRow.id, row.kind, row.document)
        .join(MunicipalityRow, MunicipalityRow.region_id == row.region_id)
        .where(MunicipalityRow.id.in_(scope.municipality_ids))
        .order_by(row.version)
    )
    changes: defaultdict[int, dict[str | None, RuleChange]] = defaultdict(dict)
    for each in rows:
        if each.document is None:
            changes[each.id].pop(each.kind, None)
        else:
            changes[each.id][each.kind] = read_change(each.document)
    return changes


async def _read_acknowledged(work: Work, scope: Scope) -> defaultdict[int, set[Row]]:
    row = AcknowledgementRow
    rows = await work.session.execute(
        select(row.municipality_id, row.deadline_id, row.due_on).where(
            row.municipality_id.in_(scope.municipality_ids),
            scope.of_school(row.school_id),
        )
    )
    acknowledged: defaultdict[int, set[Row]] = defaultdict(set)
    for each in rows:
        acknowledged[each.municipality_id].add((each.deadline_id, each.due_on))
    return acknowledged


async def _read_snoozed(work: Work, scope: Scope) -> defaultdict[int, dict[Row, Any]]:
    rows = await work.session.scalars(
        select(SnoozeRow).where(
            SnoozeRow.municipality_id.in_(scope.municipality_ids),
            scope.of_school(SnoozeRow.school_id),
        )
    )
    snoozed: defaultdict[int, dict[Row, Any]] = defaultdict(dict)
    for each in rows:
        whom = Recipient(each.recipient_id, each.recipient_post, each.school_id)
        key = (whom, each.deadline_id, each.due_on)
        snoozed[each.municipality_id][key] = each.until
    return snoozed


def deadline_of(row: Row) -> Deadline:
    """Return a deadline from a row of `DEADLINES`."""
    return Deadline(
        id=row.id,
        kind=row.kind,
        school_id=row.school_id,
        due_on=row.due_on,
        state=row.state,
        changed_on=row.changed_at.astimezone(ZoneInfo(row.time_zone)).date(),
        measure_id=row.measure_id,
        programme_id=row.programme_id,
    )
