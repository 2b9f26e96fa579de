"""Drafting methods."""

from typing import Any, Final

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.methods import repository
from services.api.methods.ownership import (
    chosen_place,
    own_method,
    place_of,
    place_of_actor,
    visible_method,
)
from services.api.methods.schemas import CopyIn
from services.api.methods.traces import ENTITY, Reason, record_step
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.methods.comparison import differences
from shared.domain.methods.kinds import read_method
from shared.domain.methods.life import (
    MethodExistsError,
    MethodState,
    MethodStep,
    require_possible,
)
from shared.domain.methods.method import Method, Spec
from shared.domain.methods.slots import MethodPlace
from shared.domain.methods.sources import require_own_sources
from shared.persistence.audit import created, record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

FIXED: Final = ("kind", "code", "version")  # a draft keeps them


async def create(
    work: Work, actor: Actor, content: object, owner: MethodPlace, reason: Reason
) -> int:
    """Write a draft of a new method, or of the next version of one.

    Raises:
        InvalidInputError: with all faults of the content.
        MethodExistsError: the code is another's.
        SourceNotYoursError: a threshold is claimed to be federal.
    """
    method = read_method(content)
    await _require_free(work, owner, method.code, method.version)
    _require_own_sources(actor, method, None)
    return await _insert(work, owner, method, reason, {})


async def copy(work: Work, actor: Actor, method_id: int, body: CopyIn) -> int:
    """Write a draft with the content of a method, as its next version.

    Somebody else's method is copied to a new code, as the first version of that.
    """
    row = await visible_method(work, method_id)
    require_possible(MethodState(row.state), MethodStep.COPY)
    own = place_of_actor(actor)
    owner = await chosen_place(
        work, actor, municipality_id=body.municipality_id, region_id=body.region_id
    )
    named = body.municipality_id is not None or body.region_id is not None
    if own.is_everywhere and not named:
        owner = place_of(row)
    code = body.code or row.code
    if owner != place_of(row) and body.code is None:
        raise _needs_code(row.code)
    newest = await repository.lock_code(work, owner, code)
    content = {**row.content, "code": code, "version": newest + 1}
    method = read_method(content)
    await _require_free(work, owner, method.code, method.version)
    return await _insert(
        work, owner, method, body.reason, {"copied_from_id": method_id}
    )


async def replace(
    work: Work,
    actor: Actor,
    method_id: int,
    expected: Expected,
    *,
    content: object,
    reason: Reason,
) -> None:
    """Write a draft anew; its kind, code and version stay.

    Raises:
        PreconditionFailedError: somebody has changed it meanwhile.
        MethodWrongStateError: it is no draft.
        InvalidInputError: with all faults of the content.
    """
    row = await own_method(work, actor, method_id)
    expected.check(row.revision)
    require_possible(MethodState(row.state), MethodStep.REPLACE)
    method = read_method(content)
    after = method.to_mapping()
    faults = [
        _kept(name, row, after) for name in FIXED if after[name] != row.content[name]
    ]
    if faults:
        raise InvalidInputError(faults[0].reason, faults=faults)
    _require_own_sources(actor, method, await _origin_of(work, row))
    changed = differences(row.content, after)
    await repository.update_method(
        work, method_id, content=after, content_hash=method.content_hash
    )
    changes = {each.path: [each.old, each.new] for each in changed}
    await record_step(work, row, MethodStep.REPLACE, changes, reason)


async def discard(
    work: Work, actor: Actor, method_id: int, expected: Expected, reason: Reason
) -> None:
    """Remove a draft."""
    row = await own_method(work, actor, method_id)
    expected.check(row.revision)
    require_possible(MethodState(row.state), MethodStep.DISCARD)
    await repository.delete_method(work, method_id)
    changes = {"code": [row.code, None], "version": [row.version, None]}
    await record_step(work, row, MethodStep.DISCARD, changes, reason)


async def _require_free(
    work: Work, owner: MethodPlace, code: str, version: int
) -> None:
    newest = await repository.lock_code(work, owner, code)
    if await repository.is_anothers(work, owner, code):
        raise MethodExistsError(
            Text(
                f"Код «{code}» занят методикой системы, региона или муниципалитета: "
                "дайте другой.",
                f"The code '{code}' is taken by a method of the system, of a region or "
                "of a municipality: give another.",
            )
        )
    if version != newest + 1:
        reason = Text(
            f"Следующая версия этой методики — {newest + 1}.",
            f"The next version of this method is {newest + 1}.",
        )
        fault = Fault(column="version", value=str(version), reason=reason)
        raise InvalidInputError(reason, faults=[fault])


async def _insert(
    work: Work,
    owner: MethodPlace,
    method: Method[Spec],
    reason: Reason,
    origin: dict[str, Any],
) -> int:
    number = await repository.insert_method(
        work,
        owner,
        kind=method.kind,
        code=method.code,
        version=method.version,
        content=method.to_mapping(),
        content_hash=method.content_hash,
        **origin,
    )
    named = {"kind": method.kind, "code": method.code, "version": method.version}
    await record_change(
        work,
        ENTITY,
        "create",
        created({**named, "hash": method.content_hash, **origin}),
        municipality_id=owner.municipality_id,
        entity_id=number,
        reason=reason,
    )
    return number


async def _origin_of(work: Work, row: AnyRow) -> dict[str, Any] | None:
    if row.copied_from_id is None:
        return None
    origin = await repository.find_method(work, row.copied_from_id)
    return None if origin is None else origin.content


def _require_own_sources(
    actor: Actor, method: Method[Spec], origin: dict[str, Any] | None
) -> None:
    if not place_of_actor(actor).is_everywhere:
        require_own_sources(method, origin)


def _kept(name: str, row: AnyRow, after: dict[str, object]) -> Fault:
    reason = Text(
        f"Проект остаётся собой: {name} = {row.content[name]}.",
        f"A draft stays what it is: {name} = {row.content[name]}.",
    )
    return Fault(column=name, value=str(after[name]), reason=reason)


def _needs_code(code: str) -> InvalidInputError:
    reason = Text(
        f"Методика «{code}» не ваша: дайте своей копии новый код.",
        f"The method '{code}' is another's: give your copy a code of its own.",
    )
    return InvalidInputError(reason, faults=[Fault(column="body.code", reason=reason)])
