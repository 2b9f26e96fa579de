"""How a method treats figures over few pupils."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallNumbers:
    """Confidence of all intervals, years that are pooled, and resamples of a figure.

    `pooled_years` counts the year itself; `resamples` are those behind the interval of
    a place.
    """

    confidence: float = 0.95
    pooled_years: int = 3
    resamples: int = 1_000
