"""Weighted means over what is there, with the share of the weight that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.domain.methods.composites import Composite

Floats = NDArray[np.float64]

# A coverage of 0.1 + 0.2 out of 1 reaches a threshold of 0.3.
_NOISE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Weighed:
    """A mean for each school, NaN where it has none, and its coverage from 0 to 1."""

    mean: Floats
    coverage: Floats


@dataclass(frozen=True, slots=True)
class Composed:
    """The scores of the groups, by code, and the composite of them."""

    groups: Mapping[str, Weighed]
    composite: Weighed


def weigh(scores: Sequence[Floats], weights: Sequence[float]) -> Weighed:
    """Average scores with weights over those that are there.

    Source: the weighted mean Σ w·score / Σ w; the coverage is Σ w present / Σ w.
    Terms are added in the order given.

    Scores of 80 (weight 3) and 40 (weight 1) make 70; without the second, 80 over
    three quarters of the weight:

    >>> weighed = weigh([np.array([80.0, 80.0]), np.array([40.0, np.nan])], [3.0, 1.0])
    >>> weighed.mean.tolist(), weighed.coverage.tolist()
    ([70.0, 80.0], [1.0, 0.75])
    """
    total = np.zeros_like(scores[0])
    present = np.zeros_like(scores[0])
    whole = 0.0
    for score, weight in zip(scores, weights, strict=True):
        is_there = ~np.isnan(score)
        total = total + np.where(is_there, score * weight, 0.0)
        present = present + np.where(is_there, weight, 0.0)
        whole += weight
    mean = np.divide(total, present, out=np.full_like(total, np.nan), where=present > 0)
    return Weighed(mean, present / whole)


def compose(
    scores: Mapping[str, Floats],
    composite: Composite,
    factors: Mapping[str, float] | None = None,
) -> Composed:
    """Put the scores of indicators together, within groups and then over them.

    A group has a score, and a school the composite, from the least coverage on. The
    coverage of the composite counts what is there within its groups: half of each of
    two equal groups is a half. Members are added by code, so that the order in which
    a method lists them changes no bit.

    Args:
        scores: By indicator, one for each school, NaN where there is none.
        composite: The groups with their weights.
        factors: By ``group`` or ``group/indicator``, what to multiply a weight by.
    """
    turned = factors or {}
    least = composite.minimum_coverage - _NOISE
    groups = {}
    for group in composite.groups:
        members = sorted(group.members)
        weighed = weigh(
            [scores[code] for code, _ in members],
            [
                weight * turned.get(f"{group.code}/{code}", 1.0)
                for code, weight in members
            ],
        )
        groups[group.code] = _from_coverage(weighed, least)
    ordered = sorted(composite.groups, key=lambda group: group.code)
    weights = [group.weight * turned.get(group.code, 1.0) for group in ordered]
    means = [groups[group.code].mean for group in ordered]
    whole = weigh(means, weights)
    covered = [
        np.where(np.isnan(groups[group.code].mean), 0.0, groups[group.code].coverage)
        for group in ordered
    ]
    coverage = weigh(covered, weights).mean
    return Composed(groups, _from_coverage(Weighed(whole.mean, coverage), least))


def nominal_weights(composite: Composite) -> dict[str, float]:
    """Return the share of each group, and of each indicator, in the whole weight.

    A share of an indicator is that of its group times its own within the group:

    >>> from shared.domain.errors import Text
    >>> from shared.domain.methods.composites import Group
    >>> title = Text("Итоги", "Results")
    >>> group = Group(
    ...     code="1.1", title=title, weight=2.0, members=(("sou", 1.0), ("vpr", 3.0))
    ... )
    >>> nominal_weights(Composite(groups=(group,), minimum_coverage=0.5, tolerance=0.0))
    {'1.1': 1.0, '1.1/sou': 0.25, '1.1/vpr': 0.75}
    """
    whole = sum(group.weight for group in composite.groups)
    shares = {}
    for group in composite.groups:
        own = group.weight / whole
        shares[group.code] = own
        inner = sum(weight for _, weight in group.members)
        for code, weight in group.members:
            shares[f"{group.code}/{code}"] = own * weight / inner
    return shares


def _from_coverage(weighed: Weighed, least: float) -> Weighed:
    enough = weighed.coverage >= least
    return Weighed(np.where(enough, weighed.mean, np.nan), weighed.coverage)
