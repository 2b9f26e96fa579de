"""Regressions, against certified values, statsmodels and fits without each row."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.conditions.regression import (
    Fit,
    Refusal,
    Vector,
    least_squares,
)

# NIST, Statistical Reference Datasets, linear regression: Longley, higher difficulty.
LONGLEY = (
    (-3482258.63459582, 890420.383607373),
    (15.0618722713733, 84.9149257747669),
    (-0.0358191792925910, 0.0334910077722432),
    (-2.02022980381683, 0.488399681651699),
    (-1.03322686717359, 0.214274163161675),
    (-0.0511041056535807, 0.226073200069370),
    (1829.15146461355, 455.478499142212),
)
LONGLEY_RESIDUAL_ERROR = 304.854073561965
LONGLEY_R_SQUARED = 0.995479004577296


def fitted(predictors: Vector, outcome: Vector, weights: Vector | None = None) -> Fit:
    fit = least_squares(predictors, outcome, weights)
    assert isinstance(fit, Fit)
    return fit


def test_the_certified_values_of_longley() -> None:
    data = sm.datasets.longley.load()

    fit = fitted(data.exog.to_numpy(float), data.endog.to_numpy(float))

    estimates, errors = zip(*LONGLEY, strict=True)
    assert fit.coefficients == pytest.approx(np.array(estimates), rel=1e-9)
    assert fit.standard_errors == pytest.approx(np.array(errors), rel=1e-9)
    assert fit.residual_error == pytest.approx(LONGLEY_RESIDUAL_ERROR, rel=1e-11)
    assert fit.r_squared == pytest.approx(LONGLEY_R_SQUARED, abs=1e-13)


def test_the_published_residuals_of_the_stack_loss_data() -> None:
    """Brownlee's data; Atkinson (1985) and others give −3.33 for observation 21."""
    data = sm.datasets.stackloss.load()

    fit = fitted(data.exog.to_numpy(float), data.endog.to_numpy(float))

    assert fit.coefficients == pytest.approx(
        np.array([-39.919674, 0.715640, 1.295286, -0.152123]), abs=5e-7
    )
    assert round(float(fit.studentized[20]), 2) == -3.33


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("columns", [1, 3])
def test_every_figure_is_that_of_statsmodels(columns: int, *, weighted: bool) -> None:
    generator = np.random.default_rng(columns)
    predictors = generator.random((24, columns)) * 40
    outcome = 30 + predictors.sum(axis=1) + generator.normal(0, 8, 24)
    weights = generator.integers(5, 90, 24).astype(float) if weighted else None
    scaled = np.ones(24) if weights is None else weights / weights.mean()

    fit = fitted(predictors, outcome, weights)

    peer = sm.WLS(outcome, sm.add_constant(predictors), weights=scaled).fit()
    root = np.sqrt(scaled)
    whitened = sm.OLS(outcome * root, sm.add_constant(predictors) * root[:, None])
    influence = whitened.fit().get_influence()
    assert fit.coefficients == pytest.approx(peer.params)
    assert fit.standard_errors == pytest.approx(peer.bse)
    assert fit.r_squared == pytest.approx(peer.rsquared)
    assert fit.adjusted_r_squared == pytest.approx(peer.rsquared_adj)
    assert fit.residual_error**2 == pytest.approx(peer.scale)
    assert fit.leverage == pytest.approx(influence.hat_matrix_diag)
    assert fit.fitted == pytest.approx(peer.fittedvalues)
    assert fit.studentized == pytest.approx(influence.resid_studentized_external)
    low, _ = peer.conf_int().T
    assert fit.coefficients - fit.quantile * fit.standard_errors == pytest.approx(low)


def test_a_schools_expectation_is_a_prediction_by_all_the_others() -> None:
    generator = np.random.default_rng(5)
    predictors, weights = generator.random((20, 2)), generator.random(20) + 0.1
    outcome = predictors @ [3, -2] + generator.normal(0, 1, 20)

    fit = fitted(predictors, outcome, weights)

    for row in range(20):
        rest = np.arange(20) != row
        others = sm.WLS(
            outcome[rest],
            sm.add_constant(predictors[rest]),
            weights=weights[rest] * 20 / weights.sum(),
        ).fit()
        predicted = others.get_prediction(
            np.array([[1, *predictors[row]]]), weights=weights[row] * 20 / weights.sum()
        )
        assert fit.expected[row] == pytest.approx(predicted.predicted_mean[0])
        assert fit.error[row] == pytest.approx(predicted.se_obs[0])
        low, high = predicted.conf_int(obs=True)[0]
        reach = fit.deleted_quantile * fit.error[row]
        assert fit.expected[row] - reach == pytest.approx(low)
        assert fit.expected[row] + reach == pytest.approx(high)


def test_what_cannot_be_fitted_is_refused_for_its_reason() -> None:
    one = np.arange(8.0)
    outcome = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    twice = np.column_stack([one, 100 - 3 * one])
    constant = np.column_stack([one, np.full(8, 7.3)])

    assert least_squares(twice, outcome) is Refusal.COLLINEAR_PREDICTORS
    assert least_squares(constant, outcome) is Refusal.COLLINEAR_PREDICTORS
    assert least_squares(one[:, None] * 0, outcome) is Refusal.COLLINEAR_PREDICTORS
    assert least_squares(one[:, None], outcome * 0 + 1.1) is Refusal.CONSTANT_OUTCOME
    assert least_squares(one[:3, None], outcome[:3]) is Refusal.TOO_FEW_SCHOOLS


def test_rows_without_a_residual_of_their_own_have_none() -> None:
    """A school alone at one end decides the slope; an exact line leaves nothing."""
    alone = np.array([0.0, 0, 0, 0, 1])[:, None]
    line = np.arange(6.0)[:, None]

    one = fitted(alone, np.array([1.0, 2, 3, 4, 9]))
    exact = fitted(line, 2 + 3 * line[:, 0])

    assert np.isnan(one.studentized).tolist() == [False] * 4 + [True]
    assert np.isnan(exact.studentized).all()


@settings(max_examples=60)
@given(st.integers(5, 40), st.integers(1, 3), st.integers(0, 10**6))
def test_residuals_left_out_agree_with_fits_without_the_row(
    n: int, columns: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    n += columns
    predictors, outcome = generator.random((n, columns)), generator.random(n)

    fit = fitted(predictors, outcome)

    rest = np.arange(n) != 0
    design = np.column_stack([np.ones(n), predictors])
    others = np.linalg.lstsq(design[rest], outcome[rest], rcond=None)[0]
    assert fit.deleted[0] == pytest.approx(outcome[0] - design[0] @ others, abs=1e-8)
