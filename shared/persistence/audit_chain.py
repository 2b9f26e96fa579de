"""Sealing the entries of the audit in order, and walking along their chains."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Row, func, select, text
from sqlalchemy.dialects.postgresql import insert

from shared.domain.audit_chain import FIRST, Break, Sealed, Walk, seal
from shared.persistence.tables.audit import AuditChainRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.work import Work

# Sets this advisory lock apart from any others in the database.
SEALER_LOCK = 7084

# Every column but txid and those of the seal, in an order that is never changed; a new
# column is added at the end, where it has a value. PostgreSQL writes jsonb in one way
# only. Of the long text of an entry of many rows, a digest is enough.
_CONTENT = """
    (jsonb_build_array(number, municipality_id, school_id, entity, entity_id, action,
      changes, reason, actor_id, request_id, import_id, address,
      (extract(epoch FROM at) * 1000000)::bigint)
      || CASE WHEN row_ids IS NULL THEN '[]' ELSE jsonb_build_array(row_ids, first_row,
        last_row, encode(sha256(convert_to(row_changes, 'UTF8')), 'hex')) END)::text
"""

_UNSEALED = text(
    f"""
    SELECT number, coalesce(municipality_id, 0) AS chain, {_CONTENT} AS content
    FROM api.audit_entries WHERE hash IS NULL ORDER BY number LIMIT :limit
    """  # noqa: S608 (made of constants)
)

_SEAL = text(
    """
    UPDATE api.audit_entries entry
    SET position = seal.position, previous_hash = seal.previous, hash = seal.hash
    FROM unnest(CAST(:numbers AS bigint[]), CAST(:positions AS bigint[]),
      CAST(:previous AS bytea[]), CAST(:hashes AS bytea[]))
      AS seal(number, position, previous, hash)
    WHERE entry.number = seal.number AND entry.hash IS NULL
    """
)

_SEALED = text(
    f"""
    SELECT number, coalesce(municipality_id, 0) AS chain, position, previous_hash,
      hash, {_CONTENT} AS content
    FROM api.audit_entries WHERE hash IS NOT NULL ORDER BY municipality_id, position
    """  # noqa: S608 (made of constants)
)

_COUNTS = text(
    "SELECT coalesce(municipality_id, 0) AS chain, count(*) AS entries"
    " FROM api.audit_entries GROUP BY 1"
)

_Entry: TypeAlias = Row[int, int, str]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along one municipality's chain found."""

    municipality: str | None
    entries: int
    sealed: int
    last_hash: str
    broken_at: int | None
    how: Break | None


async def seal_batch(work: Work, limit: int) -> int:
    """Seal up to `limit` entries of all chains, oldest first; return how many.

    An entry that was committed late simply takes a later place in its chain. Nothing
    is done while another process seals.
    """
    locked = func.pg_try_advisory_xact_lock(SEALER_LOCK)
    if not await work.session.scalar(select(locked)):
        return 0
    entries = (await work.session.execute(_UNSEALED, {"limit": limit})).all()
    if not entries:
        return 0
    by_chain: defaultdict[int, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_chain[entry.chain].append(entry)
    for chain, of_chain in sorted(by_chain.items()):
        await _extend(work, chain, of_chain)
    return len(entries)


async def _extend(work: Work, chain: int, entries: Sequence[_Entry]) -> None:
    end = await work.session.get(AuditChainRow, chain)
    before, last = (0, FIRST) if end is None else (end.entries, end.last_hash)
    hashes = [last]
    positions = range(before + 1, before + 1 + len(entries))
    for position, entry in zip(positions, entries, strict=True):
        hashes.append(seal(hashes[-1], position, entry.content))
    await work.session.execute(
        _SEAL,
        {
            "numbers": [entry.number for entry in entries],
            "positions": list(positions),
            "previous": hashes[:-1],
            "hashes": hashes[1:],
        },
    )
    values = {
        "entries": before + len(entries),
        "last_number": entries[-1].number,
        "last_hash": hashes[-1],
    }
    await work.session.execute(
        insert(AuditChainRow)
        .values(municipality_id=chain, **values)
        .on_conflict_do_update(index_elements=["municipality_id"], set_=values)
    )


async def verify(work: Work) -> list[ChainReport]:
    """Walk along every chain; the transaction must see one moment throughout."""
    walks: defaultdict[int, Walk] = defaultdict(Walk)
    async for row in await work.session.stream(_SEALED):
        walks[row.chain].step(
            Sealed(row.number, row.position, row.previous_hash, row.hash, row.content)
        )
    counted = await work.session.execute(_COUNTS)
    counts = {row.chain: row.entries for row in counted}
    ends = {row.municipality_id: row for row in await _ends(work)}
    for chain in counts.keys() | ends.keys():
        _arrive(walks[chain], ends.get(chain))
    codes = select(MunicipalityRow.id, MunicipalityRow.code)
    names = {row.id: row.code for row in await work.session.execute(codes)}
    return [
        _report(names.get(chain), counts.get(chain, 0), walk)
        for chain, walk in sorted(walks.items())
    ]


async def _ends(work: Work) -> Sequence[AuditChainRow]:
    return (await work.session.scalars(select(AuditChainRow))).all()


def _arrive(walk: Walk, end: Any) -> None:
    if end is None:
        walk.arrive(entries=0, number=None, last_seal=FIRST)
    else:
        number = end.last_number
        walk.arrive(entries=end.entries, number=number, last_seal=end.last_hash)


def _report(municipality: str | None, entries: int, walk: Walk) -> ChainReport:
    return ChainReport(
        municipality,
        entries,
        walk.entries,
        walk.last_seal.hex(),
        walk.broken_at,
        walk.how,
    )
