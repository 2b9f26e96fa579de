"""Reading and writing a person's reminder preferences."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.paging import AnyRow
from shared.persistence.tables.reminder_choices import ReminderPreferenceRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Person:
    """Whose choices they are, and where the account belongs."""

    user_id: int
    municipality_id: int | None
    school_id: int | None


async def read_person(work: Work, user_id: int) -> Person | None:
    """Return an account that may still sign in."""
    row = UserRow
    rows = await work.session.execute(
        select(row.id, row.municipality_id, row.school_id).where(
            row.id == user_id, row.is_active
        )
    )
    found = rows.one_or_none()
    return None if found is None else Person(*found)


async def read(work: Work, user_id: int) -> AnyRow:
    """Return the person's choices beside the language; null where there are none."""
    chosen = ReminderPreferenceRow
    rows = await work.session.execute(
        select(*chosen.__table__.c, UserRow.language)
        .select_from(UserRow)
        .outerjoin(chosen, chosen.user_id == UserRow.id)
        .where(UserRow.id == user_id)
    )
    row: AnyRow = rows.one()
    return row


async def lock_account(work: Work, user_id: int) -> None:
    """Let nobody else write the person's choices before the end."""
    await work.session.execute(
        select(UserRow.id).where(UserRow.id == user_id).with_for_update()
    )


async def write(
    work: Work, user_id: int, values: dict[str, Any], *, language: str
) -> None:
    """Keep the choices, as the next version."""
    chosen = ReminderPreferenceRow
    new = insert(chosen).values(user_id=user_id, version=1, **values)
    await work.session.execute(
        new.on_conflict_do_update(
            index_elements=[chosen.user_id],
            set_={**values, "version": chosen.version + 1},
        )
    )
    await work.session.execute(
        update(UserRow).where(UserRow.id == user_id).values(language=language)
    )
