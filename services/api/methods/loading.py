"""Writing the methods of scoring that ship with the system."""

from pathlib import Path
from typing import Any, Final

import yaml
from sqlalchemy import insert, select

from services.api.methods.shipped_periods import put_shipped_into_force
from services.api.methods.shipped_places import Assignment, read_assignments
from shared.contracts.events import EventKind
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.methods import kinds
from shared.domain.methods.method import Method, Spec
from shared.persistence.audit import record_change
from shared.persistence.outbox import record_for_each
from shared.persistence.tables.methods import MethodRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.upsert import Written
from shared.persistence.work import Work

WHERE: Final = "in_force"  # of a file, beside the content of the method


def read_method(path: Path) -> dict[str, Any]:
    """Read a method file as plain data."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


async def load_method(work: Work, content: dict[str, Any]) -> Written:
    """Write a version of a method, and put it into force where its file says.

    There it takes the place of its older versions. What orders have put into force
    stays; a place that this installation lacks is passed over.

    Raises:
        InvalidInputError: its content is not that of a method, or this version has
            another content already, or another method is in force in its place.
    """
    rest = {name: value for name, value in content.items() if name != WHERE}
    method = kinds.read_method(rest)
    assignments = read_assignments(content.get(WHERE))
    method_id, written = await _write(work, method)
    moved = await _assign(work, method_id, method, assignments)
    if written or moved:
        everybody = await work.session.scalars(select(MunicipalityRow.id))
        await record_for_each(
            work,
            EventKind.METHODS_CHANGED,
            everybody.all(),
            payload={"code": method.code, "version": method.version},
        )
    return written + Written(changed=moved)


async def _write(work: Work, method: Method[Spec]) -> tuple[int, Written]:
    there = (
        await work.session.execute(
            select(MethodRow.id, MethodRow.content).where(
                MethodRow.region_id.is_(None),
                MethodRow.municipality_id.is_(None),
                MethodRow.code == method.code,
                MethodRow.version == method.version,
            )
        )
    ).one_or_none()
    if there is None:
        return await _insert(work, method), Written(new=1)
    if kinds.read_method(there.content).content_hash != method.content_hash:
        raise _changed(method)
    return there.id, Written()


async def _insert(work: Work, method: Method[Spec]) -> int:
    statement = insert(MethodRow).values(
        kind=method.kind,
        code=method.code,
        version=method.version,
        content=method.to_mapping(),
        content_hash=method.content_hash,
        state="approved",
        approved_at=work.now,
        created_at=work.now,
    )
    number = (await work.session.scalars(statement.returning(MethodRow.id))).one()
    await record_change(
        work,
        "method",
        "load",
        {"code": [None, method.code], "version": [None, method.version]},
        municipality_id=None,
        entity_id=number,
    )
    return number


async def _assign(
    work: Work, method_id: int, method: Method[Spec], assignments: list[Assignment]
) -> int:
    """Return how many periods changed."""
    changed = 0
    for assignment in assignments:
        place = await assignment.find(work)
        if place is not None:
            changed += await put_shipped_into_force(
                work, method_id, method, place, assignment.valid_from
            )
    return changed


def _changed(method: Method[Spec]) -> InvalidInputError:
    reason = Text(
        f"Методика «{method.code}» версии {method.version} уже загружена с другим "
        "содержанием: увеличьте version.",
        f"Version {method.version} of the method '{method.code}' has been loaded with "
        "other content: raise its version.",
    )
    fault = Fault(column="version", value=str(method.version), reason=reason)
    return InvalidInputError(reason, faults=[fault])
