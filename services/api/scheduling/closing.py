"""What becomes of deadlines when schools open and close."""

from collections import defaultdict
from datetime import date
from itertools import chain

from sqlalchemy import Date, cast, func, literal, or_, select, update

from services.api.scheduling.redating import redate_municipality
from shared.contracts.events import DeadlinesHappening, EventKind
from shared.domain.deadlines import DeadlineState
from shared.persistence.audit import Change, record_changes
from shared.persistence.deadlines import is_owed
from shared.persistence.local_dates import today_of
from shared.persistence.outbox import record
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def follow_lives(
    work: Work, municipality_id: int, *, reason: str | None = None
) -> None:
    """Withdraw what closed schools owe, and open what those that exist do.

    A school owes what is due while it exists; once it is closed, nothing at all.

    Raises:
        InvalidInputError: the school calendar lacks terms that a measure asks for.
    """
    today = await today_of(work, municipality_id)
    await redate_municipality(work, municipality_id, today=today, reason=reason)
    await withdraw_of_closed(work, municipality_id, today=today, reason=reason)


async def find_closed(work: Work) -> list[int]:
    """Return the municipalities in which a school owes something and is closed by now.

    A school that is to be closed owes what is due before; on its last day nobody
    changes anything, so that this is looked for.
    """
    deadline, school, place = DeadlineRow, SchoolRow, MunicipalityRow
    today = cast(func.timezone(place.time_zone, literal(work.now)), Date)
    rows = await work.session.scalars(
        select(deadline.municipality_id)
        .join(school, school.id == deadline.school_id)
        .join(place, place.id == deadline.municipality_id)
        .where(is_owed(), school.closed_on <= today)
        .distinct()
        .order_by(deadline.municipality_id)
    )
    return list(rows)


async def withdraw_of_closed(
    work: Work, municipality_id: int, *, today: date, reason: str | None = None
) -> int:
    """Withdraw what schools owe that are closed by then; return how much that was.

    What is done or was handed in stays theirs, and whoever comes after them owes what
    its own measures and records ask for, from the day of its opening on.
    """
    deadline, school = DeadlineRow, SchoolRow
    gone = await work.session.execute(
        update(deadline)
        .where(
            deadline.municipality_id == municipality_id,
            deadline.school_id == school.id,
            is_owed(),
            or_(school.closed_on <= deadline.due_on, school.closed_on <= today),
        )
        .values(state=DeadlineState.WITHDRAWN)
        .returning(deadline.id, deadline.school_id)
        .execution_options(synchronize_session=False)
    )
    withdrawn: defaultdict[int | None, list[int]] = defaultdict(list)
    for row in gone:
        withdrawn[row.school_id].append(row.id)
    if not withdrawn:
        return 0
    await record_changes(
        work,
        "deadlines",
        "withdraw",
        [
            Change(changes={"withdrawn": [None, len(numbers)]}, school_id=school_id)
            for school_id, numbers in withdrawn.items()
        ],
        municipality_id=municipality_id,
        reason=reason,
    )
    await record(
        work,
        EventKind.DEADLINES_CHANGED,
        municipality_id=municipality_id,
        payload={
            "happened": DeadlinesHappening.WITHDRAWN,
            "deadlines": sorted(chain.from_iterable(withdrawn.values())),
        },
    )
    return sum(len(numbers) for numbers in withdrawn.values())
