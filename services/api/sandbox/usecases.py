"""Moving the sandbox's clock forward, so that time's effects can be seen."""

from datetime import UTC, datetime, timedelta

from services.api.sandbox import repository
from shared.contracts.events import EventKind
from shared.domain.errors import ConflictError, InvalidInputError, Text
from shared.persistence.audit import record_change
from shared.persistence.outbox import record
from shared.persistence.work import Work
from shared.runtime.settings import Mode

FURTHEST_MOVE = timedelta(days=366 * 5)


class NotASandboxError(ConflictError):
    """The clock can be moved in a sandbox only; this system runs on real time."""

    code = "not_a_sandbox"
    title = Text("Это не песочница", "Not a sandbox")


class ClockMovesForwardError(InvalidInputError):
    """The sandbox's clock moves forward only, five years at most at a time."""

    code = "clock_moves_forward"
    title = Text("Часы идут только вперёд", "The clock only moves forward")


def require_sandbox(mode: Mode) -> None:
    """Refuse a movable clock under real settings.

    Raises:
        NotASandboxError: the system is in production mode.
    """
    if mode is not Mode.SANDBOX:
        raise NotASandboxError(
            Text(
                "Часы можно двигать только в песочнице (PODYOM_MODE=sandbox).",
                "The clock can be moved in a sandbox only (PODYOM_MODE=sandbox).",
            )
        )


async def move_clock(work: Work, target: datetime) -> datetime:
    """Move the sandbox's time forward to `target` and tell the workers.

    Raises:
        ClockMovesForwardError: `target` is not later than the sandbox's now.
    """
    if not timedelta(0) < target - work.now <= FURTHEST_MOVE:
        raise ClockMovesForwardError(
            Text(
                f"В песочнице сейчас {work.now.isoformat(timespec='seconds')}; новое "
                "время должно быть позже, но не более чем на пять лет.",
                f"It is {work.now.isoformat(timespec='seconds')} in the sandbox; the "
                "new time must be later, by five years at most.",
            )
        )
    offset = await repository.read_offset(work) or timedelta(0)
    await repository.set_offset(
        work, offset + (target - work.now), moved_at=work.now - offset
    )
    moved = {"now": [work.now, target.astimezone(UTC)]}
    await record_change(work, "sandbox_clock", "update", moved, municipality_id=None)
    work.now = target.astimezone(UTC)
    for municipality_id in await repository.list_municipality_ids(work):
        await record(work, EventKind.CLOCK_MOVED, municipality_id=municipality_id)
    return work.now
