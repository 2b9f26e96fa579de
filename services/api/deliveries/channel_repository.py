"""Accounts' own channels."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.paging import AnyRow
from shared.persistence.tables.deliveries import ChannelStateRow, ReminderChannelRow
from shared.persistence.work import Work

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


async def list_channels(work: Work, user_id: int) -> Sequence[AnyRow]:
    """Return the channels of an account."""
    statement = _SHOWN.where(ReminderChannelRow.user_id == user_id)
    rows: Sequence[AnyRow] = (
        await work.session.execute(statement.order_by(ReminderChannelRow.channel))
    ).all()
    return rows


async def find_channel(work: Work, user_id: int, channel: str) -> AnyRow | None:
    """Return a channel of an account, if it has it."""
    statement = _SHOWN.where(
        ReminderChannelRow.user_id == user_id, ReminderChannelRow.channel == channel
    )
    found: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return found


async def put_channel(
    work: Work, values: dict[str, object], *, changed_at: datetime
) -> None:
    """Set a channel; what is known of it begins anew. `changed_at` is machine time."""
    new = {**values, "changed_at": changed_at, "test_asked_at": None}
    statement = insert(ReminderChannelRow).values(new)
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "channel"],
            set_={name: statement.excluded[name] for name in new},
        )
    )


async def delete_channel(work: Work, user_id: int, channel: str) -> None:
    """Take a channel away."""
    await work.session.execute(
        delete(ReminderChannelRow).where(
            ReminderChannelRow.user_id == user_id, ReminderChannelRow.channel == channel
        )
    )


async def ask_for_test(work: Work, user_id: int, channel: str, *, at: datetime) -> None:
    """Note that a test message is wanted; `at` is machine time."""
    await work.session.execute(
        update(ReminderChannelRow)
        .where(
            ReminderChannelRow.user_id == user_id, ReminderChannelRow.channel == channel
        )
        .values(test_asked_at=at)
    )
