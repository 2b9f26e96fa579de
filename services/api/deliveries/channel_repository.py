"""Own channels of accounts and of schools."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.paging import AnyRow
from shared.persistence.tables.deliveries import ChannelStateRow, ReminderChannelRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose channels they are: an account's, or those of a school as a whole.

    `place_id` is the school that an account is of, for the audit.
    """

    municipality_id: int | None
    user_id: int | None = None
    school_id: int | None = None
    place_id: int | None = None

    @property
    def column(self) -> str:
        """The column that tells the owner."""
        return "school_id" if self.user_id is None else "user_id"

    def owns(self) -> ColumnElement[bool]:
        """Return what holds of the owner's channels."""
        row = ReminderChannelRow
        if self.user_id is None:
            return row.school_id == self.school_id
        return row.user_id == self.user_id


_TESTED = ChannelStateRow.tested_at >= ReminderChannelRow.test_asked_at
_SHOWN = select(
    ReminderChannelRow.channel,
    ReminderChannelRow.shown,
    ReminderChannelRow.secret,
    ReminderChannelRow.changed_at,
    case(
        (
            ChannelStateRow.gone_at >= ReminderChannelRow.changed_at,
            ChannelStateRow.gone_at,
        )
    ).label("gone_at"),
    ReminderChannelRow.test_asked_at,
    case((_TESTED, ChannelStateRow.tested_at)).label("tested_at"),
    case((_TESTED, ChannelStateRow.test_outcome)).label("test_outcome"),
    case((_TESTED, ChannelStateRow.test_reply)).label("test_reply"),
).outerjoin(ChannelStateRow, ChannelStateRow.channel_id == ReminderChannelRow.id)


async def list_channels(work: Work, owner: Owner) -> Sequence[AnyRow]:
    """Return the channels of an owner."""
    statement = _SHOWN.where(owner.owns())
    rows: Sequence[AnyRow] = (
        await work.session.execute(statement.order_by(ReminderChannelRow.channel))
    ).all()
    return rows


async def find_channel(work: Work, owner: Owner, channel: str) -> AnyRow | None:
    """Return a channel of an owner, if it has it."""
    statement = _SHOWN.where(owner.owns(), ReminderChannelRow.channel == channel)
    found: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return found


async def put_channel(
    work: Work, owner: Owner, values: dict[str, object], *, changed_at: datetime
) -> None:
    """Set a channel; what is known of it begins anew. `changed_at` is machine time."""
    whose = {
        "municipality_id": owner.municipality_id,
        "user_id": owner.user_id,
        "school_id": owner.school_id,
    }
    new = {**whose, **values, "changed_at": changed_at, "test_asked_at": None}
    statement = insert(ReminderChannelRow).values(new)
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=[owner.column, "channel"],
            set_={name: statement.excluded[name] for name in new},
        )
    )


async def delete_channel(work: Work, owner: Owner, channel: str) -> None:
    """Take a channel away."""
    await work.session.execute(
        delete(ReminderChannelRow).where(
            owner.owns(), ReminderChannelRow.channel == channel
        )
    )


async def ask_for_test(work: Work, owner: Owner, channel: str, *, at: datetime) -> None:
    """Note that a test message is wanted; `at` is machine time."""
    await work.session.execute(
        update(ReminderChannelRow)
        .where(owner.owns(), ReminderChannelRow.channel == channel)
        .values(test_asked_at=at)
    )


async def municipality_of_school(work: Work, school_id: int) -> int | None:
    """Return where a school is that the caller sees."""
    found: int | None = await work.session.scalar(
        select(SchoolRow.municipality_id).where(SchoolRow.id == school_id)
    )
    return found
