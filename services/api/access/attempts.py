"""Letting a few tries at a password through, and then fewer."""

import math
from datetime import datetime
from hashlib import sha256

from services.api.access import session_repository as repository
from shared.domain.errors import Text, TooManyRequestsError
from shared.domain.sign_in import (
    TRIES_PER_ADDRESS,
    TRIES_PER_LOGIN,
    WINDOW,
    allowed_at,
)
from shared.persistence.audit import created, record_change
from shared.persistence.work import Work
from shared.runtime.clock import system_now


class TooManyAttemptsError(TooManyRequestsError):
    """Passwords were tried too often for this login or from this address; wait.

    `Retry-After` says how many seconds; the wait grows with every further failure.
    A login that does not exist is treated alike.
    """

    code = "too_many_attempts"
    title = Text("Слишком много попыток входа", "Too many attempts to sign in")


def digest_of(login: str) -> str:
    """Return what a login's tries are counted by."""
    return sha256(login.encode("utf-8", "surrogatepass")).hexdigest()


async def admit_attempt(work: Work, login: str, address: str | None) -> None:
    """Write down a try before its password is looked at, or refuse it.

    It has to be committed before the password is looked at: only so do tries that
    come at once count one another.

    Raises:
        TooManyAttemptsError: others have failed before; this one is not counted.
    """
    digest = digest_of(login)
    # In this order always, so that no two wait for each other.
    await repository.lock_attempts(work, f"address:{address}", f"login:{digest}")
    now = system_now()
    of_login, of_address = await repository.count_attempts(
        work, login_digest=digest, address=address, since=now - WINDOW
    )
    moments = (
        allowed_at(*of_login, allowed=TRIES_PER_LOGIN),
        allowed_at(*of_address, allowed=TRIES_PER_ADDRESS),
    )
    latest = max((moment for moment in moments if moment is not None), default=now)
    if latest > now:
        raise _refusal(now, latest)
    await repository.add_attempt(work, login_digest=digest, address=address, now=now)
    await repository.sweep(work, tried_before=now - WINDOW, now=now)


async def note_lock_out(work: Work, login: str, user_id: int) -> None:
    """Leave a trace if a failed try makes the next one wait; `user_id` 0 is nobody's.

    For a login that does not exist the same is asked, so that it takes as long.
    """
    now = system_now()
    (failures, _latest), _of_address = await repository.count_attempts(
        work, login_digest=digest_of(login), address=None, since=now - WINDOW
    )
    if failures < TRIES_PER_LOGIN or not user_id:
        return
    place = await repository.place_of(work, user_id)
    await record_change(
        work,
        "user",
        "lock_out",
        created({"failures": failures}),
        municipality_id=place.municipality_id,
        entity_id=user_id,
        school_id=place.school_id,
    )


def _refusal(now: datetime, until: datetime) -> TooManyAttemptsError:
    seconds = max(1, math.ceil((until - now).total_seconds()))
    return TooManyAttemptsError(
        Text(
            f"Слишком много неудачных попыток. Повторите через {seconds} с.",
            f"Too many failed attempts. Try again in {seconds} s.",
        ),
        retry_after=seconds,
    )
