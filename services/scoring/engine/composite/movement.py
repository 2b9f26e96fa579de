"""What became of the scores of a method since the year before."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from services.scoring.engine.comparability import (
    incomparable_results,
    incomparable_scales,
)
from services.scoring.engine.composite.figures import (
    Inputs,
    choice_of,
)
from services.scoring.engine.composite.year import YearScores, member_codes
from services.scoring.engine.dynamics import dynamics, weight_of_evidence
from shared.domain.formulas.columns import msoko_code
from shared.domain.measures import Direction
from shared.domain.methods.comparability import Incomparable
from shared.domain.methods.indicator_formulas import in_counting_order, needs_of
from shared.domain.methods.indicator_sources import MsokoSource, Source
from shared.domain.methods.indicators import COMPOSITE, Unit
from shared.domain.methods.ranking import Ranking

_BEFORE: Final = ("value", "n", "numerator", "reason", "score")


def moved_scores(
    inputs: Inputs, spec: Ranking, year: int, *, now: YearScores, before: YearScores
) -> dict[tuple[str, str], pl.DataFrame]:
    """Compare the scores of a year with those of the year before.

    Returns:
        By level and code, the frames of `now` with the columns of `dynamics`,
        ``effect`` and ``p_value``, and some of the year before with ``_before``.
    """
    incomparable = _incomparable_of(spec, inputs, year, now, before)
    indicators = {
        each.code: _moved(
            _with_before(now.indicators[each.code], before.indicators[each.code]),
            incomparable[each.code],
            unit=each.unit,
            direction=each.direction,
            tolerance=each.treatment.tolerance,
        )
        for each in spec.indicators
    }
    return {
        **{("indicator", code): frame for code, frame in indicators.items()},
        **_composed_moved(spec, now, before, indicators),
    }


def _with_before(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    earlier = before.select(
        "school_id", *(pl.col(name).alias(f"{name}_before") for name in _BEFORE)
    )
    return now.join(earlier, on="school_id", how="left", maintain_order="left")


def _moved(
    years: pl.DataFrame,
    incomparable: pl.DataFrame,
    *,
    unit: Unit,
    direction: Direction,
    tolerance: float,
) -> pl.DataFrame:
    """Add dynamics; `incomparable` names the reasons of schools."""
    both = years.join(incomparable, on="school_id", how="left", maintain_order="left")
    moved = dynamics(both, unit=unit, direction=direction, tolerance=tolerance)
    evidence = weight_of_evidence(both).select(
        pl.when(moved["change"].is_not_null()).then(pl.all())
    )
    return years.hstack(moved).hstack(evidence)


def _incomparable_of(
    spec: Ranking, inputs: Inputs, year: int, now: YearScores, before: YearScores
) -> dict[str, pl.DataFrame]:
    """Compare what stands behind each indicator, once for those of one choice.

    A formula does not compare where anything that it is counted from does not.
    """
    by_choice = {
        choice: incomparable_results(
            now.tallied[choice].papers,
            before.tallied[earlier].papers,
            spec.comparability,
        )
        for choice, earlier in {
            (choice_of(each, year), choice_of(each, year - 1))
            for each in spec.indicators
        }
        if choice and earlier
    }
    found: dict[str, pl.DataFrame] = {}
    for each in in_counting_order(spec.indicators):
        choice = choice_of(each, year)
        behind = [by_choice[choice]] if choice else []
        behind += [_of_scale(group, inputs, year) for group in _groups(each.source)]
        behind += [found[code] for code in needs_of(each.source) if code in found]
        found[each.code] = _first_of(behind)
    return found


def _groups(source: Source) -> list[str]:
    """Return the groups of МСОКО whose scores a source is counted from."""
    if isinstance(source, MsokoSource):
        return [source.group]
    codes = (msoko_code(name) for name in needs_of(source))
    return [code for code in codes if code is not None]


def _of_scale(group: str, inputs: Inputs, year: int) -> pl.DataFrame:
    return incomparable_scales(inputs.msoko, group=group, years=(year, year - 1))


def _first_of(reasons: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the first reason of each school that does not compare."""
    nobody = pl.DataFrame(schema={"school_id": pl.Int64, "incomparable": pl.String})
    return pl.concat([nobody, *reasons]).unique(
        "school_id", keep="first", maintain_order=True
    )


def _composed_moved(
    spec: Ranking,
    now: YearScores,
    before: YearScores,
    indicators: Mapping[str, pl.DataFrame],
) -> dict[tuple[str, str], pl.DataFrame]:
    """Add dynamics to groups and the composite, whose members decide if they compare.

    A sum of others, or of what does not compare, does not compare either.
    """
    if spec.composite is None or now.composite is None or before.composite is None:
        return {}
    parts = [
        (("group", group.code), now.groups[group.code], before.groups[group.code])
        for group in spec.composite.groups
    ]
    members = [[code for code, _ in group.members] for group in spec.composite.groups]
    parts.append(((COMPOSITE, COMPOSITE), now.composite, before.composite))
    members.append(member_codes(spec.composite))
    return {
        key: _moved(
            _with_before(present, earlier),
            _incomparable_sum([indicators[code] for code in sorted(codes)]),
            unit=Unit.POINTS,
            direction=Direction.MORE_IS_BETTER,
            tolerance=spec.composite.tolerance,
        )
        for (key, present, earlier), codes in zip(parts, members, strict=True)
    }


def _incomparable_sum(members: list[pl.DataFrame]) -> pl.DataFrame:
    """Say where members come and go between the years, or do not compare."""
    used, reasons = [], {}
    for place, frame in enumerate(members):
        is_there = frame["score"].is_not_null()
        used.append(is_there != frame["score_before"].is_not_null())
        reasons[str(place)] = frame.select(
            pl.when(is_there).then("incomparable").alias("reason")
        ).to_series()
    others = pl.DataFrame({str(place): each for place, each in enumerate(used)})
    differ = others.select(pl.any_horizontal(pl.all())).to_series()
    first = pl.DataFrame(reasons).select(pl.coalesce(pl.all())).to_series()
    return (
        members[0]
        .select("school_id")
        .with_columns(
            incomparable=pl.when(differ)
            .then(pl.lit(Incomparable.INDICATORS.value))
            .otherwise(first)
        )
    )
