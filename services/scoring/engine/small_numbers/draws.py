"""Resamples of figures: what each school's might have been, a thousand times.

Each school draws from a stream of random numbers of its own, named by the method, the
municipality, the year and the school. So its draws depend on nothing but its own
pupils: not on the order of rows, nor on which other schools there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stream:
    """Where random numbers come from: the key of a counter-based generator.

    Source: J. Salmon and others, «Parallel random numbers: as easy as 1, 2, 3» (2011),
    whose Philox makes independent streams out of any key and counter.
    """

    words: tuple[int, int]

    @classmethod
    def of(cls, method_hash: str, municipality_id: int, year: int) -> "Stream":
        """Name the stream of a municipality's year under one version of a method."""
        name = f"{method_hash}/{municipality_id}/{year}"
        digest = sha256(name.encode()).digest()
        return cls((int.from_bytes(digest[:8]), int.from_bytes(digest[8:16])))


def draw_figures(
    counts: NDArray[np.int64],
    weights: tuple[int, ...],
    school_ids: NDArray[np.int64],
    stream: Stream,
    *,
    resamples: int,
) -> Draws:
    """Draw each school's figure from what its pupils leave possible.

    The shares of pupils by weight come from the Dirichlet posterior whose prior is
    worth one pupil, spread evenly over the weights. Unlike drawing pupils with
    replacement it does not degenerate where all of them are alike: no failures among
    five pupils do not mean that none was possible.

    Source: W. Perks (1947); for a rate it is the prior of H. Jeffreys, Beta(½, ½).
    That places are to be shown with the intervals which such draws give them:
    H. Goldstein and D. Spiegelhalter, «League tables and their limitations» (1996).

    Args:
        counts: Pupils by school and weight, at least one in each school.
        weights: What a pupil adds to the figure.
        school_ids: Of the rows of `counts`.
        stream: Of the municipality's year.
        resamples: How often to draw.

    Returns:
        One row for each school, one column for each draw.
    """
    prior = 1 / len(weights)
    figures = np.empty((len(school_ids), resamples))
    for row, generator in enumerate(_generators(stream, school_ids)):
        figure, size = np.zeros(resamples), np.zeros(resamples)
        for weight, pupils in zip(weights, counts[row], strict=True):
            share = generator.standard_gamma(pupils + prior, resamples)
            size += share
            figure += weight * share
        figures[row] = figure / size
    return figures


def draw_normal(
    values: NDArray[np.float64],
    standard_errors: NDArray[np.float64],
    school_ids: NDArray[np.int64],
    stream: Stream,
    *,
    resamples: int,
) -> Draws:
    """Draw figures that are put together from others, by their standard errors.

    A composite of several indicators is near to normal where its parts are many; a
    standard error that is not a number counts as none. The answer is that of
    `draw_figures`.
    """
    errors = np.nan_to_num(standard_errors, nan=0.0)
    noise = np.empty((len(school_ids), resamples))
    for row, generator in enumerate(_generators(stream, school_ids)):
        noise[row] = generator.standard_normal(resamples)
    return values[:, None] + errors[:, None] * noise


def _generators(
    stream: Stream, school_ids: NDArray[np.int64]
) -> Iterator[np.random.Generator]:
    """Set one generator to the beginning of each school's stream in turn."""
    bits = np.random.Philox(key=np.array(stream.words, dtype=np.uint64))
    generator = np.random.Generator(bits)
    beginning = bits.state
    for school_id in school_ids:
        # The last word never moves: a stream is over long before 2**192 numbers.
        beginning["state"]["counter"][:] = (0, 0, 0, school_id)
        bits.state = beginning
        yield generator
