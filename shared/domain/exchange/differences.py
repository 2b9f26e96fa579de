"""What of a dataset is to be sent, against what the other side accepted last."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeAlias

from shared.domain.exchange.datasets import (
    SCHOOL_CODE,
    SUBJECT_CODE,
    ExchangeDataset,
    columns_of,
)

Record: TypeAlias = dict[str, Any]


class Obstacle(StrEnum):
    """Why a row stays here, whatever it was there before."""

    NO_SCHOOL_CODE = "no_school_code"
    NO_SUBJECT_CODE = "no_subject_code"


@dataclass(frozen=True, slots=True)
class Held:
    """Rows that stay here for want of a code; `name` is the school's or the subject."""

    obstacle: Obstacle
    school_id: int | None
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is here; its key stays its own for ever."""

    key: str
    school_id: int
    school_name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mapped:
    """Rows as they go out, by key, and what is held back."""

    records: Mapping[str, Record]
    held_keys: frozenset[str]
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be sent: new and changed rows, and keys of deleted ones."""

    upserts: Mapping[str, Record]
    deletes: tuple[str, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.upserts or self.deletes)

    def first(self, most: int) -> "Difference":
        """Return as much of it as goes into one push: rows before deletions."""
        upserts = dict(list(self.upserts.items())[:most])
        deletes = self.deletes[: most - len(upserts)]
        return Difference(upserts, deletes, self.unchanged)


def mapped(
    rows: Iterable[Row],
    dataset: ExchangeDataset,
    *,
    school_codes: Mapping[int, str],
    subject_codes: Mapping[str, str],
) -> Mapped:
    """Return rows by the codes of the other side.

    Without any subject codes subjects keep their own; with some, a subject that has
    none stays here.
    """
    records: dict[str, Record] = {}
    held: Counter[tuple[Obstacle, int | None, str]] = Counter()
    held_keys = set()
    for row in rows:
        school = school_codes.get(row.school_id)
        subject = row.values.get("subject")
        code = subject_codes.get(subject or "") if subject_codes else subject
        if school is None:
            held[Obstacle.NO_SCHOOL_CODE, row.school_id, row.school_name] += 1
        elif dataset.has_subjects and code is None:
            held[Obstacle.NO_SUBJECT_CODE, None, subject or ""] += 1
        else:
            known = {
                SCHOOL_CODE: school,
                SUBJECT_CODE: code,
                "school_id": row.school_id,
                "school_name": row.school_name,
                **row.values,
            }
            records[row.key] = {name: known[name] for name in columns_of(dataset)}
            continue
        held_keys.add(row.key)
    found = (Held(*about, rows) for about, rows in held.items())
    return Mapped(records, frozenset(held_keys), tuple(found))


def difference(
    here: Mapped, digests: Mapping[str, bytes], there: Mapping[str, bytes]
) -> Difference:
    """Compare what is here with the digests of what was accepted.

    What is held back is neither sent nor deleted: it stays as the other side has it.
    """
    upserts = {
        key: record
        for key, record in here.records.items()
        if there.get(key) != digests[key]
    }
    gone = there.keys() - here.records.keys() - here.held_keys
    return Difference(
        upserts, tuple(sorted(gone)), unchanged=len(here.records) - len(upserts)
    )


def digest_of(record: Record) -> bytes:
    """Return what changes whenever a row does."""
    return sha256(json_of(record).encode()).digest()


def json_of(value: Any) -> str:
    """Return JSON that is the same for the same value; dates as ISO 8601."""
    return json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=_as_text,
    )


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)
