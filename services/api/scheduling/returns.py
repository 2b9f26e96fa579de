"""Telling a school at once that its work was returned."""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, select

from shared.domain.deadline_titles import titles_of
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Text
from shared.domain.inbox_notices import returned_work
from shared.persistence.deadlines import WORDED_DEADLINES
from shared.persistence.inbox_notices import tell_inboxes
from shared.persistence.work import Work

_DEADLINE = WORDED_DEADLINES.c


class Owner(Protocol):
    """Whose the work is: a row of a record, or a place."""

    @property
    def municipality_id(self) -> int:
        """The municipality."""
        ...

    @property
    def school_id(self) -> int | None:
        """The school, which is told."""
        ...


async def tell_of_returned_report(
    work: Work, deadline_id: int, comment: str | None
) -> None:
    """Tell the school whose report on a deadline was returned."""
    await _tell(work, _DEADLINE.id == deadline_id, comment)


async def tell_of_returned_record(
    work: Work,
    kind: DeadlineKind,
    source_id: int,
    *,
    owner: Owner,
    title: str,
    comment: str | None,
) -> None:
    """Tell the school whose record was returned; call it once deadlines follow that.

    `title` is what its deadline is called, or would be if it had one.
    """
    asked = and_(
        _DEADLINE.kind == kind,
        _DEADLINE.source_id == source_id,
        _DEADLINE.school_id == owner.school_id,
        _DEADLINE.occurrence == 1,
    )
    if await _tell(work, asked, comment):
        return
    notice = returned_work(titles_of(kind, title), comment, None)
    await tell_inboxes(
        work,
        notice,
        kind="reminder",
        key=f"returned.{kind}.{source_id}",
        municipality_id=owner.municipality_id,
        school_id=owner.school_id,
    )


async def _tell(work: Work, asked: ColumnElement[bool], comment: str | None) -> bool:
    """Tell whose deadline it is, and return whether there is one."""
    statement = select(
        _DEADLINE.id,
        _DEADLINE.kind,
        _DEADLINE.municipality_id,
        _DEADLINE.school_id,
        _DEADLINE.title,
        _DEADLINE.due_on,
    ).where(asked)
    row = (await work.session.execute(statement)).one_or_none()
    if row is None:
        return False
    title: Text = titles_of(row.kind, row.title)
    await tell_inboxes(
        work,
        returned_work(title, comment, row.due_on),
        kind="reminder",
        key=f"returned.deadline.{row.id}",
        municipality_id=row.municipality_id,
        school_id=row.school_id,
        deadline_id=row.id,
    )
    return True
