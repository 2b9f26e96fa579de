"""Replacing what calls are signed with, without a gap."""

from datetime import timedelta

from services.api.exchange import repository
from services.api.exchange.rules import invalid
from services.api.exchange.schemas import ExchangeSecretIn
from services.api.exchange.signing import new_secret
from services.api.exchange.usecases import find_target
from shared.persistence.audit import record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now


async def rotate_secret(work: Work, target_id: int, wanted: ExchangeSecretIn) -> AnyRow:
    """Sign by a new secret; the one in use signs beside it until the overlap ends.

    One that was replaced earlier ends at once: no more than two are valid.

    Raises:
        NotFoundError: the caller sees no such target.
        InvalidExchangeTargetError: files are laid down for it, which nobody signs.
    """
    before = await find_target(work, target_id, is_locked=True)
    if before.secret is None:
        raise invalid(
            "kind",
            "Подписываются только вызовы: у файлов секрета нет.",
            "Only calls are signed: files have no secret.",
        )
    until = system_now() + timedelta(hours=wanted.overlap_hours)
    await repository.replace_secret(work, target_id, new_secret(), former_until=until)
    await record_change(
        work,
        "exchange_target",
        "rotate",
        {"former_until": [before.former_until, until]},
        municipality_id=before.municipality_id,
        entity_id=target_id,
    )
    return await find_target(work, target_id)
