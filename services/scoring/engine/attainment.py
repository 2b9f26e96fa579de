"""Formulas of attainment, as expressions over summed counts of pupils.

Each is one division of integers, so its figure is the float nearest to the truth,
and null where there is nobody to divide by.
"""

import polars as pl


def quality_rate() -> pl.Expr:
    """Per cent of pupils with a 4 or a 5 (качественная успеваемость).

    Source: the usual reckoning of Russian schools. Ungraded pupils count in N, so a
    school does not gain by leaving weak pupils without a mark.

    With 1, 3, 4 and 2 pupils at marks 2–5, N is 10, and 6 of 10 is 60 %:

    >>> class_of_ten = {"n4": [4], "n5": [2], "n_marked": [10]}
    >>> pl.DataFrame(class_of_ten).select(quality_rate()).item()
    60.0
    """
    return _percent(pl.col("n4") + pl.col("n5"), pl.col("n_marked"))


def success_rate() -> pl.Expr:
    """Per cent of pupils with a 3 or better (абсолютная успеваемость).

    Source: the usual reckoning of Russian schools; N as for the quality rate.

    With 1, 3, 4 and 2 pupils at marks 2–5, 9 of 10 passed:

    >>> class_of_ten = {"n3": [3], "n4": [4], "n5": [2], "n_marked": [10]}
    >>> pl.DataFrame(class_of_ten).select(success_rate()).item()
    90.0
    """
    passed = pl.col("n3") + pl.col("n4") + pl.col("n5")
    return _percent(passed, pl.col("n_marked"))


def sou() -> pl.Expr:
    """Degree of training in per cent (СОУ), between 7 and 100.

    Source: Simonov's weights: a 5 is worth 100, a 4 worth 64, a 3 worth 36, a 2
    worth 16, and a pupil without a mark 7.

    With 1, 3, 4 and 2 pupils at marks 2–5: (16 + 108 + 256 + 200)/10 = 58.

    >>> class_of_ten = {"n2": [1], "n3": [3], "n4": [4], "n5": [2]}
    >>> totals = {"n_ungraded_marked": [0], "n_marked": [10]}
    >>> pl.DataFrame(class_of_ten | totals).select(sou()).item()
    58.0
    """
    points = (
        100 * pl.col("n5")
        + 64 * pl.col("n4")
        + 36 * pl.col("n3")
        + 16 * pl.col("n2")
        + 7 * pl.col("n_ungraded_marked")
    )
    return _quotient(points, pl.col("n_marked"))


def mean_mark() -> pl.Expr:
    """Mean mark between 2 and 5 over the graded pupils only (средний балл).

    Source: the arithmetic mean; a pupil without a mark has none to average.

    With 1, 3, 4 and 2 pupils at marks 2–5: (2 + 9 + 16 + 10)/10 = 3.7.

    >>> class_of_ten = {"n2": [1], "n3": [3], "n4": [4], "n5": [2], "n_graded": [10]}
    >>> pl.DataFrame(class_of_ten).select(mean_mark()).item()
    3.7
    """
    marks = 5 * pl.col("n5") + 4 * pl.col("n4") + 3 * pl.col("n3") + 2 * pl.col("n2")
    return _quotient(marks, pl.col("n_graded"))


def low_share() -> pl.Expr:
    """Per cent of pupils with a 2, in ЕГЭ of pupils below the minimum score.

    Source: the reckoning by which schools with low results are named. Two of ten
    pupils with a 2 in ВПР, and one of five below the minimum in ЕГЭ, are 3 of 15:

    >>> pl.DataFrame({"n_low": [2 + 1], "n_low_of": [10 + 5]}).select(
    ...     low_share()
    ... ).item()
    20.0
    """
    return _percent(pl.col("n_low"), pl.col("n_low_of"))


def confirmed_marks() -> pl.Expr:
    """Per cent of marks that are those of the class journal (подтвердили).

    Source: «Сравнение отметок с отметками по журналу» of the ВПР. N counts the pupils
    whose mark was compared.

    Of 25 marks 4 are below the journal's, 20 equal and 1 above:

    >>> compared = {"n_equal": [20], "n_compared": [4 + 20 + 1]}
    >>> pl.DataFrame(compared).select(confirmed_marks()).item()
    80.0
    """
    return _percent(pl.col("n_equal"), pl.col("n_compared"))


def _percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return _quotient(100 * part, whole)


def _quotient(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Divide integers once, so that the result is the nearest float to the truth."""
    return pl.when(denominator > 0).then(numerator / denominator)
