"""What decides about the reminders of municipalities, read in one place for all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, null, or_, select, true, union_all

from shared.domain.permissions import Role
from shared.domain.reminders.day import Situation
from shared.domain.reminders.preferences import Mode, Preferences
from shared.domain.reminders.recipients import Account, Directory, Post, Recipient
from shared.domain.reminders.rule_books import Deadline, Place, RuleBook
from shared.domain.reminders.rule_documents import read_change
from shared.domain.reminders.rules import ReminderRules, RuleChange
from shared.domain.reminders.steps import horizon
from shared.persistence.tables.contacts import MunicipalityContactRow, SchoolContactRow
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import MeasureRow
from shared.persistence.tables.reminder_choices import (
    AcknowledgementRow,
    ReminderPreferenceRow,
    ReminderRuleRow,
    SnoozeRow,
)
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work
from shared.persistence.work_calendars import read_work_calendars

REMINDED_ROLES = (Role.SCHOOL_EDITOR, Role.MUNICIPAL_COORDINATOR)
Row = Any  # a row of a statement with labelled columns


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom to read of: all schools of the municipalities, or these alone."""

    municipality_ids: Sequence[int]
    school_ids: Sequence[int] | None = None

    def of_school(self, column: Any) -> ColumnElement[bool]:
        """Return what holds of rows that are of these schools, or of none."""
        if self.school_ids is None:
            return true()
        return or_(column.is_(None), column.in_(self.school_ids))


async def read_situations(
    work: Work, installation: ReminderRules, scope: Scope
) -> dict[int, Situation]:
    """Return what decides in each municipality.

    Acknowledgements and snoozes are those of all deadlines in the scope.
    """
    accounts, administrators = await _read_accounts(work, scope)
    posts = await _read_posts(work, scope)
    changes = await _read_changes(work, scope)
    preferences = await _read_preferences(work, accounts, administrators)
    calendars = await read_work_calendars(work, scope.municipality_ids)
    acknowledged = await _read_acknowledged(work, scope)
    snoozed = await _read_snoozed(work, scope)
    return {
        place: Situation(
            rules=RuleBook(installation, changes[place]),
            calendar=calendars[place],
            directory=Directory([*accounts[place], *administrators], posts[place]),
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


async def _read_accounts(
    work: Work, scope: Scope
) -> tuple[defaultdict[int, list[Account]], list[Account]]:
    rows = await work.session.execute(
        select(
            UserRow.id,
            UserRow.role,
            UserRow.municipality_id,
            UserRow.school_id,
            UserRow.display_name,
            UserRow.email,
            UserRow.language,
        )
        .where(
            UserRow.is_active,
            or_(
                UserRow.role == Role.ADMINISTRATOR,
                UserRow.role.in_(REMINDED_ROLES)
                & UserRow.municipality_id.in_(scope.municipality_ids)
                & scope.of_school(UserRow.school_id),
            ),
        )
        .order_by(UserRow.id)
    )
    accounts: defaultdict[int, list[Account]] = defaultdict(list)
    administrators = []
    for row in rows:
        account = Account(
            id=row.id,
            role=row.role,
            school_id=row.school_id,
            name=row.display_name,
            email=row.email,
            language=row.language,
        )
        if row.role == Role.ADMINISTRATOR:
            administrators.append(account)
        else:
            accounts[row.municipality_id].append(account)
    return accounts, administrators


async def _read_posts(work: Work, scope: Scope) -> defaultdict[int, list[Post]]:
    posts: defaultdict[int, list[Post]] = defaultdict(list)
    school, office = SchoolContactRow, MunicipalityContactRow
    of_schools = select(*_post_columns(school), school.school_id).where(
        school.municipality_id.in_(scope.municipality_ids),
        school.email.is_not(None),
        scope.of_school(school.school_id),
    )
    of_offices = select(
        *_post_columns(office), null().cast(BigInteger).label("school_id")
    ).where(
        office.municipality_id.in_(scope.municipality_ids), office.email.is_not(None)
    )
    rows = await work.session.execute(union_all(of_schools, of_offices))
    for row in rows.mappings():
        posts[row["municipality_id"]].append(
            Post(**{key: row[key] for key in row if key != "municipality_id"})
        )
    return posts


def _post_columns(
    table: type[SchoolContactRow | MunicipalityContactRow],
) -> list[Any]:
    return [
        table.municipality_id,
        table.role,
        table.rank,
        table.email,
        table.absent_from,
        table.absent_to,
        table.bounced_on,
    ]


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


async def _read_preferences(
    work: Work, accounts: dict[int, list[Account]], administrators: Iterable[Account]
) -> dict[int, Preferences]:
    ids = [each.id for these in accounts.values() for each in these]
    ids += [each.id for each in administrators]
    rows = await work.session.scalars(
        select(ReminderPreferenceRow).where(ReminderPreferenceRow.user_id.in_(ids))
    )
    return {row.user_id: preferences_of(row) for row in rows}


def preferences_of(row: ReminderPreferenceRow) -> Preferences:
    """Return the preferences that a row keeps."""
    return Preferences(
        modes={channel: Mode(mode) for channel, mode in row.modes.items()},
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        digest_at=row.digest_at,
        weekday=row.weekday,
        zone=row.zone,
    )


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
