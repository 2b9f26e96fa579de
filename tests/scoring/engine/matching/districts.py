"""Inputs of matching for tests, by hand and at random."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import polars as pl
import yaml
from hypothesis import strategies as st

from services.scoring.engine.matching import inputs as schemas
from services.scoring.engine.matching.inputs import MatchingInputs
from shared.domain.methods.kinds import read_method
from shared.domain.methods.matching import Gates, Matching

SHIPPED: Final = Path(__file__).parents[4] / "deploy/methods/mentor-matching.yaml"
RULES: Final = read_method(yaml.safe_load(SHIPPED.read_text("utf-8"))).of(Matching).spec
TABLES: Final = {
    "schools": schemas.SCHOOL_SCHEMA,
    "results": schemas.RESULT_SCHEMA,
    "scores": schemas.SCORE_SCHEMA,
    "requests": schemas.REQUEST_SCHEMA,
    "deficits": schemas.DEFICIT_SCHEMA,
    "offers": schemas.OFFER_SCHEMA,
    "agreements": schemas.AGREEMENT_SCHEMA,
    "distances": schemas.DISTANCE_SCHEMA,
    "declined": schemas.DECLINED_SCHEMA,
}
Row = dict[str, Any]


def inputs(**tables: list[Row]) -> MatchingInputs:
    """Fill the tables; rows of no municipality are of the first."""
    frames = {
        name: pl.DataFrame(
            [{"municipality_id": 1, **row} for row in tables.get(name, [])],
            schema=schema,
        )
        for name, schema in TABLES.items()
    }
    return MatchingInputs(**frames)


def school(school_id: int, **values: Any) -> Row:
    usual = {"parent_id": None, "places": 1, "listed": False, "signs": False}
    return {"school_id": school_id, **usual, "conditions": None, **values}


def result(
    school_id: int, quality: int, *, subject: str = "maths", n: int = 100, **values: Any
) -> Row:
    """A result with so many pupils of `n` at a 4, the others at a 3."""
    return {
        "school_id": school_id,
        "procedure": "vpr",
        "subject": subject,
        "programme_grade": 5,
        "n": n,
        "n2": 0,
        "n3": n - quality,
        "n4": quality,
        "n5": 0,
        "n_ungraded": 0,
        **values,
    }


def gated(**gates: Any) -> Matching:
    """The shipped rules, with other gates."""
    return replace(RULES, gates=replace(RULES.gates, **gates))


def shuffled(found: MatchingInputs, seed: int) -> MatchingInputs:
    return MatchingInputs(
        **{
            field.name: getattr(found, field.name).sample(
                fraction=1.0, shuffle=True, seed=seed
            )
            for field in fields(found)
        }
    )


def of_municipality(found: MatchingInputs, municipality_id: int) -> MatchingInputs:
    return MatchingInputs(
        **{
            field.name: getattr(found, field.name).filter(
                pl.col("municipality_id") == municipality_id
            )
            for field in fields(found)
        }
    )


OPEN_GATES: Final = Gates(
    most_mentors=2,
    years_before_same_pair=2,
    low_list_bars_groups=("1.1",),
    mentor_with_signs="barred",
    least_benefit=0.3,
)


@st.composite
def countries(draw: st.DrawFn) -> MatchingInputs:
    """Two municipalities of up to five schools, 11–15 and 21–25, with everything."""
    ids = [*range(11, 16), *range(21, 26)]
    kept = draw(st.lists(st.sampled_from(ids), unique=True, max_size=10))
    tables: dict[str, list[Row]] = {name: [] for name in TABLES}

    def add(table: str, school_id: int, **values: Any) -> None:
        own = {} if "mentor_id" in values else {"school_id": school_id}
        row = {"municipality_id": school_id // 10, **own, **values}
        tables[table].append(row)

    share = st.integers(0, 100)
    subject = st.sampled_from(["maths", "russian"])
    for each in kept:
        flags = {"listed": draw(st.booleans()), "signs": draw(st.booleans())}
        index = draw(st.none() | st.floats(0, 1))
        places = draw(st.integers(0, 2))
        add("schools", **school(each, places=places, conditions=index, **flags))
        n = draw(st.sampled_from([5, 100]))
        add("results", **result(each, min(n, draw(share)), n=n))
        add("results", **result(each, draw(share), subject="russian"))
        score = {"code": "1.1", "score": draw(st.floats(0, 12)), "maximum": 12.0}
        add("scores", each, **score)
        if draw(st.booleans()):
            asked = draw(subject | st.none())
            urgency = draw(st.sampled_from(["low", "medium", "high"]))
            words = {"subject": asked, "problem": draw(st.sampled_from(["A", "b "]))}
            add("requests", each, urgency=urgency, **words)
            add("offers", each, subject=draw(subject | st.none()), problem=" a")
            add("deficits", each, subject=draw(subject | st.none()))
        other = draw(st.sampled_from(ids))
        if other != each and other // 10 == each // 10:
            pair = {"mentor_id": each, "mentee_id": other}
            km = draw(st.none() | st.floats(0, 100))
            add(
                "distances",
                each,
                other_id=other,
                km=km,
                same_network=draw(st.booleans()),
            )
            match draw(st.integers(0, 3)):
                case 1:
                    years_ago = draw(st.none() | st.integers(0, 3))
                    add("agreements", each, years_ago=years_ago, **pair)
                case 2:
                    add("declined", each, **pair)
    return inputs(**tables)
