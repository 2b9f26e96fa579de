"""Where methods may be in force."""

import pytest

from shared.domain.methods.life import may_hold_in
from shared.domain.methods.slots import EVERYWHERE, MethodPlace

REGION = MethodPlace(region_id=1)
MUNICIPALITY = MethodPlace(municipality_id=7)


@pytest.mark.parametrize(
    ("owner", "place", "region_of_place", "expected"),
    [
        (EVERYWHERE, EVERYWHERE, None, True),
        (EVERYWHERE, MUNICIPALITY, 1, True),
        (REGION, REGION, None, True),
        (REGION, MUNICIPALITY, 1, True),
        (REGION, MUNICIPALITY, 2, False),
        (REGION, EVERYWHERE, None, False),
        (MUNICIPALITY, MUNICIPALITY, 1, True),
        (MUNICIPALITY, MethodPlace(municipality_id=8), 1, False),
        (MUNICIPALITY, REGION, None, False),
    ],
)
def test_a_method_holds_where_it_belongs_and_below(
    owner: MethodPlace,
    place: MethodPlace,
    region_of_place: int | None,
    expected: bool,  # noqa: FBT001 (a parameter of the cases)
) -> None:
    assert may_hold_in(owner, place, region_of_place) is expected
