"""Approving methods by orders, and withdrawing them."""

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.methods import repository
from services.api.methods.ownership import own_method, place_of
from services.api.methods.papers import columns_of, today_in
from services.api.methods.schemas import OrderIn
from services.api.methods.traces import record_step
from shared.domain.errors import Text
from shared.domain.methods.kinds import read_method
from shared.domain.methods.life import (
    MethodInForceError,
    MethodState,
    MethodStep,
    is_over,
    require_possible,
)
from shared.persistence.audit import created
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work


async def approve(
    work: Work, actor: Actor, method_id: int, expected: Expected, order: OrderIn
) -> None:
    """Approve a draft by an order; from then on its content never changes."""
    row = await own_method(work, actor, method_id)
    expected.check(row.revision)
    require_possible(MethodState(row.state), MethodStep.APPROVE)
    # What was a method when it was saved need not be one for a newer release.
    method = read_method(row.content)
    papers = columns_of(order, await today_in(work, place_of(row)))
    await repository.update_method(
        work,
        method_id,
        state=MethodState.APPROVED,
        content_hash=method.content_hash,
        approved_at=work.now,
        approved_by=actor.user_id,
        **papers,
    )
    changes = {"state": [row.state, MethodState.APPROVED], **created(papers)}
    await record_step(work, row, MethodStep.APPROVE, changes, order.reason)


async def withdraw(
    work: Work, actor: Actor, method_id: int, expected: Expected, order: OrderIn
) -> None:
    """Withdraw a method that is not in force any more, so that it never will be.

    Raises:
        MethodInForceError: a period of it lasts into this academic year.
    """
    row = await own_method(work, actor, method_id)
    expected.check(row.revision)
    require_possible(MethodState(row.state), MethodStep.WITHDRAW)
    today = await today_in(work, place_of(row))
    papers = columns_of(order, today)
    for period in await repository.read_periods(work, method_id):
        if not is_over(period.valid_to, today):
            raise _in_force(period)
    await repository.update_method(
        work, method_id, state=MethodState.WITHDRAWN, withdrawn_at=work.now
    )
    changes = {"state": [row.state, MethodState.WITHDRAWN], **created(papers)}
    await record_step(work, row, MethodStep.WITHDRAW, changes, order.reason)


def _in_force(period: AnyRow) -> MethodInForceError:
    return MethodInForceError(
        Text(
            f"Методика действует с {period.valid_from} года: сначала завершите период "
            f"(POST /v1/method-periods/{period.id}/end).",
            f"The method is in force from {period.valid_from}: end the period first "
            f"(POST /v1/method-periods/{period.id}/end).",
        )
    )
