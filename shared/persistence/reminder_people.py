"""The people of municipalities: whom reminders can reach, and what they chose."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    func,
    null,
    or_,
    select,
    true,
    union_all,
)

from shared.domain.permissions import Role
from shared.domain.reminders.preferences import Mode, Preferences
from shared.domain.reminders.recipients import Account, Post
from shared.persistence.tables.contacts import MunicipalityContactRow, SchoolContactRow
from shared.persistence.tables.deliveries import (
    BounceRow,
    ChannelStateRow,
    ReminderChannelRow,
    address_digest,
)
from shared.persistence.tables.reminder_choices import ReminderPreferenceRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

# Digests of addresses, by the municipality whose mail comes back from them.
Bounced: TypeAlias = defaultdict[int, set[str]]

REMINDED_ROLES = (Role.SCHOOL_EDITOR, Role.MUNICIPAL_COORDINATOR)


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


async def read_accounts(
    work: Work, scope: Scope, bounced: Bounced
) -> dict[int, list[Account]]:
    """Return who is reminded, by municipality; administrators are in each."""
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
    own = await _read_usable_channels(work)
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
            own_channels=own.get(row.id, ()),
        )
        if row.role == Role.ADMINISTRATOR:
            administrators.append(account)
        else:
            accounts[row.municipality_id].append(account)
    return {
        place: _reachable_there([*accounts[place], *administrators], bounced[place])
        for place in scope.municipality_ids
    }


def _reachable_there(accounts: list[Account], bounced: set[str]) -> list[Account]:
    """Return the accounts as a municipality's mail reaches them."""
    if not bounced:
        return accounts
    return [replace(each, email=_reachable(each.email, bounced)) for each in accounts]


async def _read_usable_channels(work: Work) -> dict[int, tuple[str, ...]]:
    """Return which channels accounts have set that are not gone."""
    return await _read_usable(work, ReminderChannelRow.user_id, true())


async def read_school_channels(work: Work, scope: Scope) -> dict[int, tuple[str, ...]]:
    """Return which channels schools have set that are not gone."""
    within = ReminderChannelRow.municipality_id.in_(scope.municipality_ids)
    of_school = scope.of_school(ReminderChannelRow.school_id)
    return await _read_usable(work, ReminderChannelRow.school_id, within & of_school)


async def _read_usable(
    work: Work, owner: Any, within: ColumnElement[bool]
) -> dict[int, tuple[str, ...]]:
    statement = (
        select(owner, ReminderChannelRow.channel)
        .outerjoin(ChannelStateRow, ChannelStateRow.channel_id == ReminderChannelRow.id)
        .where(
            owner.is_not(None),
            within,
            or_(
                ChannelStateRow.gone_at.is_(None),
                ChannelStateRow.gone_at < ReminderChannelRow.changed_at,
            ),
        )
        .order_by(ReminderChannelRow.channel)
    )
    found: dict[int, tuple[str, ...]] = {}
    for number, channel in await work.session.execute(statement):
        found[number] = (*found.get(number, ()), channel)
    return found


async def read_bounced(work: Work, scope: Scope) -> Bounced:
    """Return the digests of addresses that a municipality's mail comes back from."""
    rows = await work.session.execute(
        select(BounceRow.municipality_id, BounceRow.address_digest).where(
            BounceRow.municipality_id.in_(scope.municipality_ids),
            BounceRow.kind == "permanent",
            BounceRow.cleared_at.is_(None),
        )
    )
    bounced: Bounced = defaultdict(set)
    for place, digest in rows:
        bounced[place].add(digest)
    return bounced


def _reachable(email: str | None, bounced: set[str]) -> str | None:
    if email is None or (bounced and address_digest(email) in bounced):
        return None
    return email


async def read_posts(
    work: Work, scope: Scope, bounced: Bounced
) -> defaultdict[int, list[Post]]:
    """Return the posts with an address, by municipality."""
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
        values = {key: row[key] for key in row if key != "municipality_id"}
        values["email"] = _reachable(row["email"], bounced[row["municipality_id"]])
        posts[row["municipality_id"]].append(Post(**values))
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


async def read_preferences(
    work: Work, accounts: Mapping[int, Sequence[Account]]
) -> dict[int, Preferences]:
    """Return what these people chose, by account."""
    ids = sorted({each.id for these in accounts.values() for each in these})
    rows = await work.session.scalars(
        select(ReminderPreferenceRow).where(
            ReminderPreferenceRow.user_id == func.any(ids)
        )
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
