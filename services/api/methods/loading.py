"""Writing the methods of scoring that ship with the system."""

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update

from shared.contracts.events import EventKind
from shared.domain.methods import kinds
from shared.persistence.outbox import record
from shared.persistence.tables.methods import MethodRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.upsert import Written, upsert
from shared.persistence.work import Work


def read_method(path: Path) -> dict[str, Any]:
    """Read a method file as plain data."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


async def load_method(work: Work, content: dict[str, Any]) -> Written:
    """Write a version of a method and put it into force in the place of older ones.

    Raises:
        InvalidInputError: its content is not that of a method.
    """
    code, version = str(content["code"]), int(content["version"])
    await work.session.execute(
        update(MethodRow)
        .where(MethodRow.code == code, MethodRow.version < version, MethodRow.in_force)
        .values(in_force=False)
    )
    kind = kinds.read_method(content).kind
    row = {
        "kind": kind,
        "code": code,
        "version": version,
        "content": content,
        "in_force": True,
    }
    written = await upsert(work, MethodRow, [row], key=["code", "version"])
    if written:
        for municipality_id in await work.session.scalars(select(MunicipalityRow.id)):
            await record(
                work, EventKind.METHODS_CHANGED, municipality_id=municipality_id
            )
    return written
