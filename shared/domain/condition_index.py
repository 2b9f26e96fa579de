"""What each share adds to a school's index of conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.domain.methods.condition_index import BY_NAME, ShareUse
from shared.domain.social_passports import Effect, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEvidence:
    """One share of a school's, where it stands on its scale, and what it adds.

    `percent` is None where it is not known; `norm` too where the ends of the scale
    are equal or unknown. The contributions add up to the index.
    """

    share: Share
    effect: Effect
    weight: float
    percent: float | None
    low: float | None
    high: float | None
    norm: float | None
    contribution: float | None


def explain_index(
    uses: Sequence[ShareUse],
    percents: Mapping[str, float | None],
    ends: Mapping[str, Mapping[str, float | None]],
) -> list[ShareEvidence]:
    """Take an index apart, share by share, in the order of the shares.

    >>> uses = [
    ...     ShareUse(name="good_housing", weight=3, effect=Effect.HELPS),
    ...     ShareUse(name="bussed", weight=1, effect=Effect.HINDERS),
    ... ]
    >>> ends = {name: {"low": 0, "high": 50} for name in ("good_housing", "bussed")}
    >>> parts = explain_index(uses, {"good_housing": 10, "bussed": 20}, ends)
    >>> [(each.norm, round(each.contribution, 6)) for each in parts]
    [(0.2, 0.15), (0.6, 0.15)]
    """
    norms = {
        use.name: _norm(use, percents.get(use.name), ends.get(use.name, {}))
        for use in uses
    }
    total = sum(use.weight for use in uses if norms[use.name] is not None)
    return [
        ShareEvidence(
            share=BY_NAME[use.name],
            effect=use.effect,
            weight=use.weight,
            percent=percents.get(use.name),
            low=ends.get(use.name, {}).get("low"),
            high=ends.get(use.name, {}).get("high"),
            norm=norm,
            contribution=None if norm is None else use.weight * norm / total,
        )
        for use in uses
        for norm in (norms[use.name],)
    ]


def _norm(
    use: ShareUse, percent: float | None, ends: Mapping[str, float | None]
) -> float | None:
    low, high = ends.get("low"), ends.get("high")
    if percent is None or low is None or high is None or high <= low:
        return None
    norm = min(max((percent - low) / (high - low), 0.0), 1.0)
    return norm if use.effect is Effect.HELPS else 1 - norm
