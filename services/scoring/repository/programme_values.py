"""What the indicators of programmes came to, written with the schools behind them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import polars as pl

from services.scoring.engine.programmes.findings import Share, Verdict
from services.scoring.engine.programmes.values import Target, Value
from services.scoring.repository.areas import write_rows
from shared.domain.methods.method import Method
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.persistence.tables.scoring import ProgrammeValueRow
from shared.persistence.work import Work

Json = dict[str, Any]
NO_SHARE: Json = dict.fromkeys(
    ("numerator", "denominator", "percent", "low", "high", "least", "most")
)
_JSON: Final = dict.fromkeys(
    ("schools", "others", "undecided", "growth", "projection", "thresholds"), pl.String
)
_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "programme_id": pl.Int64,
        "indicator_id": pl.Int64,
        "year": pl.Int64,
        "numerator": pl.Int64,
        "denominator": pl.Int64,
        **dict.fromkeys(("percent", "low", "high", "least", "most"), pl.Float64),
        "n_decided": pl.Int64,
        "n_schools": pl.Int64,
        "status": pl.String,
        "is_settled": pl.Boolean,
        "reason": pl.String,
        "unprojected": pl.String,
        **_JSON,
    }
)


@dataclass(frozen=True, slots=True)
class ProgrammeValues:
    """What the indicators of one programme came to."""

    municipality_id: int
    programme_id: int
    values: Sequence[Value]


async def write_values(
    work: Work,
    runs: Mapping[int, int],
    found: Iterable[ProgrammeValues],
    method: Method[ProgrammeShares] | None,
    names: Mapping[int, str],
) -> None:
    """Write the values of programmes into the runs, naming the schools behind them."""
    rows = [
        {
            "municipality_id": each.municipality_id,
            "programme_id": each.programme_id,
            **_row(value, names),
            "thresholds": _thresholds(value, method),
        }
        for each in found
        for value in each.values
    ]
    for row in rows:
        row |= {name: _encoded(row[name]) for name in _JSON}
    frame = pl.DataFrame(rows, schema=_SCHEMA)
    await write_rows(work, ProgrammeValueRow, runs, frame)


def _encoded(document: Any) -> str | None:
    return None if document is None else json.dumps(document, ensure_ascii=False)


def _row(value: Value, names: Mapping[int, str]) -> Json:
    verdicts = value.verdicts
    return {
        "indicator_id": value.target.indicator_id,
        "year": value.target.period.year,
        **_share(value.share),
        "n_decided": sum(each.holds is not None for each in verdicts),
        "n_schools": len(verdicts),
        "status": value.status,
        "is_settled": value.is_settled,
        "reason": value.reason,
        "schools": _schools((v for v in verdicts if v.holds is True), names),
        "others": _schools((v for v in verdicts if v.holds is False), names),
        "undecided": _schools((v for v in verdicts if v.holds is None), names),
        "growth": _growth(value),
        "projection": _projection(value),
        "unprojected": value.unprojected,
    }


def _share(share: Share | None) -> Json:
    if share is None:
        return NO_SHARE
    return {name: getattr(share, name) for name in NO_SHARE}


def _schools(verdicts: Iterable[Verdict], names: Mapping[int, str]) -> list[Json]:
    return [
        {
            "id": each.school_id,
            "name": names[each.school_id],
            "reason": each.reason,
            "evidence": dict(each.evidence),
        }
        for each in verdicts
    ]


def _growth(value: Value) -> Json | None:
    if value.growth is None or value.before is None:
        return None
    return {"status": value.growth, **_share(value.before)}


def _projection(value: Value) -> Json | None:
    if value.projection is None:
        return None
    return {"outlook": value.outlook, **asdict(value.projection)}


def _thresholds(value: Value, method: Method[ProgrammeShares] | None) -> list[Json]:
    if method is None:
        return []
    return [_threshold(code, value.target, method) for code in value.thresholds]


def _threshold(code: str, target: Target, method: Method[ProgrammeShares]) -> Json:
    ordered = target.definition
    if ordered is not None and code == ordered.indicator.path:
        shown: float | str = ordered.indicator.condition.text
        provenance = ordered.provenance
    else:
        shown, provenance = method.spec.shown(code), method.provenance[code]
    return {
        "code": code,
        "value": shown,
        "kind": provenance.kind,
        "source": provenance.source,
    }
