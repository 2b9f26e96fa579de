"""Cohen's kappa, against scikit-learn."""

import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from shared.domain.list_agreement import ListAgreement

counts = st.integers(0, 40)


@given(both=counts, first=counts, second=counts, neither=counts)
def test_kappa_is_that_of_an_independent_library(
    both: int, first: int, second: int, neither: int
) -> None:
    agreement = ListAgreement(
        both=both, only_first=first, only_second=second, neither=neither
    )
    ours = [1] * (both + first) + [0] * (second + neither)
    theirs = [1] * both + [0] * first + [1] * second + [0] * neither

    if agreement.kappa is None:
        assert len(set(ours)) <= 1
        assert ours == theirs or not ours
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = cohen_kappa_score(ours, theirs, labels=[0, 1])
    assert not math.isnan(expected)
    assert agreement.kappa == pytest.approx(expected)
