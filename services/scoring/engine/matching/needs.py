"""How schools stand in what they could help with, and what they need help with."""

from typing import Final

import polars as pl

from services.scoring.engine.matching.inputs import MatchingInputs
from services.scoring.engine.matching.units import units_of
from services.scoring.engine.measures import summarise
from shared.domain.methods.matching import Levels, Matching, Needs

# What help can be with: a subject, a group of the municipal assessment, or a problem
# in the words of a request and of an offer.
SUBJECT: Final = "subject"
GROUP: Final = "group"
PROBLEM: Final = "problem"

SCHOOL: Final = ("municipality_id", "school_id")
ASPECT: Final = ("kind", "code")
URGENCIES: Final = ("low", "medium", "high")


def figures(inputs: MatchingInputs, rules: Matching) -> pl.DataFrame:
    """Return how each school stands in each subject and group, in per cent.

    Returns:
        `SCHOOL`, `ASPECT`, ``figure`` and ``n``; the figure of a subject is null where
        fewer pupils than the minimum are behind it; ``n`` of a group is null.
    """
    by = [*SCHOOL, "subject"]
    subjects = summarise(inputs.results, by=by).select(
        *SCHOOL,
        kind=pl.lit(SUBJECT),
        code="subject",
        figure=pl.when(pl.col("n_marked") >= rules.minimum_n).then(rules.measure),
        n="n_marked",
    )
    groups = inputs.scores.select(
        *SCHOOL,
        kind=pl.lit(GROUP),
        code="code",
        figure=100 * pl.col("score") / pl.col("maximum"),
        n=pl.lit(None, pl.Int64),
    )
    # Pupils may have sat without marks only; that says nothing of the subject.
    known = pl.concat([subjects, groups]).filter(pl.col("n").fill_null(1) > 0)
    return known.sort(*SCHOOL, *ASPECT)


def needs(
    inputs: MatchingInputs, standing: pl.DataFrame, rules: Matching
) -> pl.DataFrame:
    """Return what each school needs help with, and how much.

    A school needs help with what it is weak in, asks a mentor for, or has a deficit
    of. Each sign has its weight; those of one aspect add up.

    Args:
        inputs: The requests and deficits.
        standing: The answer of `figures`.
        rules: The levels and weights.

    Returns:
        `SCHOOL`, `ASPECT`, ``severity`` in ten-thousandths, ``is_weak``,
        ``has_deficit``, ``asked`` (the urgency of the most urgent request, or null),
        ``figure`` and ``n`` (null where unknown); sorted by its keys.
    """
    signs = pl.concat(
        [
            _weak(standing, rules),
            _deficits(inputs.deficits),
            _asked(inputs.requests),
        ]
    )
    keys = [*SCHOOL, *ASPECT]
    found = signs.group_by(keys).agg(
        pl.col("is_weak").any(), pl.col("has_deficit").any(), pl.col("asked").max()
    )
    return (
        found.with_columns(severity=_severity(rules.needs))
        .with_columns(asked=_named_urgency())
        .join(standing, on=keys, how="left")
        .sort(keys)
    )


def levels(rules: Matching, name: str) -> pl.Expr:
    """Return a level, by the kind of the aspect."""

    def of(kind: Levels) -> pl.Expr:
        value: float = getattr(kind, name)
        return pl.lit(value)

    is_subject = pl.col("kind") == SUBJECT
    return pl.when(is_subject).then(of(rules.subjects)).otherwise(of(rules.groups))


def problem_code(problem: pl.Expr) -> pl.Expr:
    """Return a problem by which the same words are the same code."""
    return problem.str.strip_chars().str.to_lowercase()


def _weak(standing: pl.DataFrame, rules: Matching) -> pl.DataFrame:
    return standing.filter(pl.col("figure") <= levels(rules, "weak_at_most")).select(
        *SCHOOL, *ASPECT, **_sign(is_weak=True)
    )


def _deficits(deficits: pl.DataFrame) -> pl.DataFrame:
    with_subject = deficits.filter(pl.col("subject").is_not_null())
    return with_subject.select(
        *SCHOOL, kind=pl.lit(SUBJECT), code="subject", **_sign(has_deficit=True)
    )


def _asked(requests: pl.DataFrame) -> pl.DataFrame:
    """Requests by subject or, without one, by their words; urgencies as numbers."""
    has_subject = pl.col("subject").is_not_null()
    urgency = pl.col("urgency").replace_strict(
        {name: place for place, name in enumerate(URGENCIES)}, return_dtype=pl.Int8
    )
    return requests.select(
        *SCHOOL,
        kind=pl.when(has_subject).then(pl.lit(SUBJECT)).otherwise(pl.lit(PROBLEM)),
        code=pl.coalesce("subject", problem_code(pl.col("problem"))),
        **{**_sign(), "asked": urgency},
    )


def _sign(*, is_weak: bool = False, has_deficit: bool = False) -> dict[str, pl.Expr]:
    return {
        "is_weak": pl.lit(is_weak),
        "has_deficit": pl.lit(has_deficit),
        "asked": pl.lit(None, pl.Int8),
    }


def _severity(weights: Needs) -> pl.Expr:
    by_urgency = {
        place: units_of(getattr(weights, f"request_{name}"))
        for place, name in enumerate(URGENCIES)
    }
    asked = pl.col("asked").replace_strict(by_urgency, return_dtype=pl.Int64)
    weak = pl.when("is_weak").then(units_of(weights.weak)).otherwise(0)
    deficit = pl.when("has_deficit").then(units_of(weights.deficit)).otherwise(0)
    return (weak + deficit + asked.fill_null(0)).cast(pl.Int64)


def _named_urgency() -> pl.Expr:
    return pl.col("asked").replace_strict(
        dict(enumerate(URGENCIES)), return_dtype=pl.String
    )
