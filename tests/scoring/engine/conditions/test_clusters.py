"""Clusters, against scikit-learn and scipy."""

from itertools import permutations
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import cdist, pdist, squareform
from sklearn import datasets
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.preprocessing import StandardScaler

from services.scoring.engine.conditions.clusters import cluster_schools, find_clusters
from services.scoring.engine.conditions.grouping import matched
from services.scoring.engine.conditions.index import PASSPORT_SCHEMA, PERCENTS
from services.scoring.engine.conditions.kmeans import improved, partitions
from services.scoring.engine.conditions.silhouettes import silhouette
from services.scoring.engine.conditions.space import space_of
from tests.scoring.engine.conditions.condition_frames import (
    YEAR,
    method,
    passports,
    random_district,
)

Points = NDArray[np.float64]

REAL = {
    "wine": datasets.load_wine().data,
    "iris": datasets.load_iris().data,
    "diabetes": datasets.load_diabetes().data[:150],
}


def three_kinds(seed: int = 0, *, per_kind: int = 12) -> tuple[pl.DataFrame, list[int]]:
    """Passports about three centres: poor (all 70 %), middling and well-off schools."""
    generator = np.random.default_rng(seed)
    kinds = np.repeat([0, 1, 2], per_kind)
    generator.shuffle(kinds)
    hinders = np.array([70.0, 45, 15])[kinds][:, None]
    shares = (hinders + generator.normal(0, 6, (len(kinds), 17))).clip(0, 100)
    # The first share helps.
    shares[:, 0] = 100 - shares[:, 0]
    columns = dict(zip(PERCENTS, shares.T, strict=True))
    keys = {"municipality_id": 1, "year": YEAR, "school_id": range(1, len(kinds) + 1)}
    return pl.DataFrame({**keys, **columns}, schema=PASSPORT_SCHEMA), kinds.tolist()


@pytest.mark.parametrize("name", REAL)
def test_clusters_of_real_data_are_no_worse_than_ten_starts_of_scikit_learn(
    name: str,
) -> None:
    points = StandardScaler().fit_transform(REAL[name])
    space = space_of(REAL[name], minimum_shares=1)
    assert space.points == pytest.approx(points)

    for found in partitions(space.points, space.condensed, range(2, 6)):
        best = improved(space.points, found)
        peer = KMeans(found.k, n_init=10, random_state=1).fit(points)
        assert best.inertia <= peer.inertia_ * 1.01
        assert best.inertia <= found.inertia
        width = silhouette(space.distances, best.labels, best.k)
        assert width == pytest.approx(silhouette_score(points, best.labels))


def test_each_point_stays_with_the_nearest_centre() -> None:
    points = np.random.default_rng(2).random((80, 5))

    for found in partitions(points, pdist(points), [2, 4, 7]):
        centres = [points[found.labels == each].mean(axis=0) for each in range(found.k)]
        nearest = cdist(points, np.array(centres)).argmin(axis=1)
        assert (nearest == found.labels).all()


def test_a_point_alone_and_equal_points_have_a_silhouette_of_zero() -> None:
    points = np.array([[0.0], [0], [5], [5], [30]])
    labels = np.array([0, 1, 2, 2, 3])
    square = squareform(pdist(points))

    assert silhouette(square, labels, 4) == pytest.approx(
        silhouette_score(points, labels)
    )


def test_three_kinds_of_schools_are_found_and_the_hardest_come_first() -> None:
    shares, kinds = three_kinds()

    found = find_clusters(shares, method())

    assert found.groupings["clusters"].to_list() == [3]
    assert found.schools["cluster"].to_list() == [kind + 1 for kind in kinds]


def test_labels_do_not_hang_on_order_names_or_small_changes() -> None:
    shares, kinds = three_kinds()
    renamed = shares.with_columns((1000 - pl.col("school_id")).alias("school_id"))
    nudged = shares.with_columns((pl.col(PERCENTS) + 0.5).clip(0, 100))

    for each in (shares.reverse(), renamed, nudged):
        found = cluster_schools(each, method()).join(
            each.select("school_id", low_income=PERCENTS[3]), on="school_id"
        )
        expected = [kind + 1 for kind in kinds]
        ids = each.sort("school_id")["school_id"].to_list()
        order = ids if each is not renamed else ids[::-1]
        by_id = dict(zip(order, expected, strict=True))
        assert dict(found.select("school_id", "cluster").iter_rows()) == by_id


def test_a_cluster_knows_which_one_it_goes_on_from() -> None:
    """A year later the schools that were best off are the hardest of all."""
    shares, _ = three_kinds()
    turned = shares.with_columns(
        pl.lit(YEAR + 1, pl.Int64).alias("year"),
        *(
            pl.when(pl.col(PERCENTS[1]) < 30)
            .then(95.0)
            .otherwise(pl.col(name))
            .alias(name)
            for name in PERCENTS[1:]
        ),
    )

    found = cluster_schools(pl.concat([shares, turned]), method())

    later = found.filter(pl.col("year") == YEAR + 1)
    pairs = set(later.select("cluster", "previous_cluster").iter_rows())
    assert pairs == {(1, 3), (2, 1), (3, 2)}
    assert found.filter(pl.col("year") == YEAR)["previous_cluster"].is_null().all()


def test_pairs_of_clusters_keep_as_many_schools_as_possible() -> None:
    generator = np.random.default_rng(8)
    labels, before = generator.integers(0, 5, 60), generator.integers(0, 4, 60)

    pairs = matched(labels, before, 4, 3)

    def kept(choice: Any) -> int:
        return sum(
            ((labels == now + 1) & (before == was)).sum()
            for now, was in enumerate(choice)
            if was
        )

    best = max(kept(choice) for choice in permutations([1, 2, 3, 0]))
    assert kept(pairs) == best


def test_no_cluster_is_smaller_than_the_smallest_allowed() -> None:
    generator = np.random.default_rng(4)
    points = np.vstack([generator.random((20, 3)), [[9.0, 9, 9]], [[-9.0, 9, 9]]])

    for found in partitions(points, pdist(points), range(2, 6), minimum_size=4):
        best = improved(points, found, minimum_size=4)
        assert best.smallest >= min(4, len(points))


def test_too_few_schools_equal_schools_and_unknown_ones_are_in_no_cluster() -> None:
    shares, _ = three_kinds()
    few = shares.head(8)
    unknown = shares.with_columns(
        pl.when(pl.col("school_id") == 5).then(None).otherwise(pl.col(name)).alias(name)
        for name in PERCENTS[:10]
    )
    equal = passports({each: dict.fromkeys(("bussed",), 5.0) for each in range(20)})

    def reasons(frame: pl.DataFrame, **changes: Any) -> set[str | None]:
        found = cluster_schools(frame, method(clusters=changes))
        assert (
            found["cluster"].is_null() == found["cluster_reason"].is_not_null()
        ).all()
        return set(found["cluster_reason"].to_list())

    assert reasons(few) == {"too_few_schools"}
    assert reasons(equal, minimum_shares=1) == {"no_variation"}
    assert reasons(unknown) == {None, "too_few_shares"}


def test_an_unknown_share_pulls_a_school_neither_way() -> None:
    shares, kinds = three_kinds()
    gaps = shares.with_columns(
        pl.when((pl.col("school_id") + place) % 9 == 0)
        .then(None)
        .otherwise(pl.col(name))
        .alias(name)
        for place, name in enumerate(PERCENTS)
    )

    three = method(clusters={"fewest": 3, "most": 3})
    found = cluster_schools(gaps, three)["cluster"].to_list()

    assert adjusted_rand_score(kinds, found) == 1


def test_peers_are_the_nearest_by_brute_force() -> None:
    shares = random_district(1, 15, seed=3).passports.fill_null(50.0)
    points = StandardScaler().fit_transform(shares.select(PERCENTS).to_numpy())
    ids = shares["school_id"].to_list()

    found = find_clusters(shares, method()).peers

    assert found.height == 15
    for place, school in enumerate(ids):
        text = found.filter(pl.col("school_id") == school)["peers"].item()
        peers = pl.read_json(text.encode())
        square = ((points - points[place]) ** 2).mean(axis=1)
        order = [other for other in np.argsort(square, kind="stable") if other != place]
        assert peers["school_id"].to_list() == [ids[other] for other in order[:5]]
        distances = [float(np.sqrt(square[other])) for other in order[:5]]
        assert peers["distance"].to_list() == pytest.approx(distances)
        assert peers["shares"].to_list() == [17] * 5
