"""Putting a message into inboxes in the transaction that it tells of."""

import json
from typing import Final, Literal

from sqlalchemy import text

from shared.domain.inbox_notices import Notice
from shared.persistence.work import Work

_TELL: Final = text(
    "SELECT tenancy.tell_inboxes(:place, :school, :deadline, :kind,"
    " concat(CAST(:key AS text), '.', pg_current_xact_id()), CAST(:said AS jsonb),"
    " :now)"
)


async def tell_inboxes(
    work: Work,
    notice: Notice,
    *,
    kind: Literal["reminder", "alarm"],
    key: str,
    municipality_id: int,
    school_id: int | None,
    deadline_id: int | None = None,
) -> int:
    """Tell the editors of a school, or the coordinators; return how many were told.

    A transaction tells by a key once, and no other transaction by the same one. Call
    it after all that the transaction locks: inboxes are written one at a time.
    """
    subject, body = notice.subject, notice.body
    said = {
        "ru": {"subject": subject.ru, "body": body.ru},
        "en": {"subject": subject.en, "body": body.en},
    }
    told = await work.session.scalar(
        _TELL,
        {
            "place": municipality_id,
            "school": school_id,
            "deadline": deadline_id,
            "kind": kind,
            "key": key,
            "said": json.dumps(said),
            "now": work.now,
        },
    )
    return int(told or 0)
