"""What the indicators of programmes came to, written with the schools behind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert

from services.scoring.engine.programmes.findings import Share, Verdict
from services.scoring.engine.programmes.values import Target, Value
from services.scoring.repository.school_names import read_school_names
from shared.domain.methods.method import Method
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.persistence.tables.scoring import ProgrammeValueRow
from shared.persistence.work import Work

Json = dict[str, Any]
NO_SHARE: Json = dict.fromkeys(
    ("numerator", "denominator", "percent", "low", "high", "least", "most")
)


async def write_values(
    work: Work,
    run_id: int,
    municipality_id: int,
    values: Mapping[int, Sequence[Value]],
    method: Method[ProgrammeShares] | None,
) -> None:
    """Write the values of each programme by its id, naming the schools behind them."""
    names = await read_school_names(work, municipality_id)
    rows = [
        {
            "run_id": run_id,
            "municipality_id": municipality_id,
            "programme_id": programme_id,
            **_row(value, names),
            "thresholds": _thresholds(value, method),
        }
        for programme_id, of_programme in values.items()
        for value in of_programme
    ]
    if rows:
        await work.session.execute(insert(ProgrammeValueRow), rows)


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
