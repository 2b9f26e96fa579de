"""Bounces as tasks: told of in inboxes, and settled once the address is another."""

from typing import Final

from sqlalchemy import text

from shared.domain.inbox_notices import bounced_address
from shared.persistence.audit import record_change
from shared.persistence.inbox_notices import tell_inboxes
from shared.persistence.paging import AnyRow
from shared.persistence.tables.deliveries import address_digest
from shared.persistence.work import Work

ENTITY: Final = "bounce"
_SETTLE: Final = text(
    "SELECT * FROM tenancy.settle_bounces(:place, CAST(:account AS bigint), :digest,"
    " :now)"
)


async def tell_of_bounce(work: Work, bounce: AnyRow) -> None:
    """Tell the coordinators and the school, of which somebody may sign in without mail.

    `bounce` has id, account_id, school_id and school_name; no address is told.
    """
    notice = bounced_address(
        bounce.school_name, account_id=bounce.account_id, bounce_id=bounce.id
    )
    for school_id in {None, bounce.school_id}:
        await tell_inboxes(
            work,
            notice,
            kind="alarm",
            key=f"bounce.{bounce.id}",
            municipality_id=bounce.municipality_id,
            school_id=school_id,
        )


async def settle_bounces(
    work: Work, municipality_id: int, address: str, *, account_id: int | None = None
) -> None:
    """Settle what came back from an address that an account, or a contact, had.

    Call it once the address is another. Where another contact of the municipality has
    the same one, nothing is settled.
    """
    given = {
        "place": municipality_id,
        "account": account_id,
        "digest": address_digest(address),
        "now": work.now,
    }
    for row in (await work.session.execute(_SETTLE, given)).all():
        await record_change(
            work,
            ENTITY,
            "update",
            {"cleared_at": [None, work.now]},
            municipality_id=municipality_id,
            school_id=row.of_school,
            entity_id=row.bounce_id,
        )
