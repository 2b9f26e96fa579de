"""The ranking of a method is that of the figure which it names."""

from services.scoring.engine.composite.school_scores import school_scores
from services.scoring.engine.standings import standings
from shared.domain.methods.ranking import Ranking
from tests.domain.methods.ranking_cases import changed, ranking
from tests.scoring.engine.composite.frames import inputs, paper

SCHOOLS = [(1, number, "secondary") for number in (1, 2, 3, 4)]
PAPERS = [
    paper(2019, 1, "vpr", marks=(2, 4, 4, 0), subject="mathematics"),
    paper(2019, 1, "oge", marks=(0, 4, 4, 2), subject="mathematics"),
    paper(2019, 1, "vpr", marks=(50, 0, 0, 0), subject="russian"),
    paper(2019, 2, "vpr", marks=(1, 9, 9, 1), subject="mathematics"),
    paper(2019, 3, "vpr", marks=(0, 0, 0, 9), subject="mathematics"),
    paper(2019, 9, "vpr", marks=(0, 0, 0, 90), subject="mathematics"),
]
MSOKO = [(1, 1, 2019, "2.2", 4.0, 10.0), (1, 2, 2019, "2.2", 1.0, 10.0)]


def ranked(spec: Ranking) -> list[tuple[object, ...]]:
    scores = school_scores(inputs(SCHOOLS, PAPERS, MSOKO), spec, 2019)
    return standings(scores, method=spec).rows()


def test_schools_are_ranked_by_the_indicator_over_what_it_counts() -> None:
    assert ranked(ranking(changed("ranked_by", "low"))) == [
        (2, 5.0, 20, 1, 1, 2, None),
        (1, 10.0, 20, 2, 2, 2, None),
        (3, 0.0, 9, None, None, 2, "too_few_participants"),
        (4, None, 0, None, None, 2, "no_data"),
    ]


def test_schools_are_ranked_by_the_composite_where_a_method_says_so() -> None:
    assert ranked(ranking()) == [
        (1, (3 * 1 + 100) / 4, 20, 1, 1, 2, None),
        (2, 1.5, 20, 2, 2, 2, None),
        (3, None, 0, None, None, 2, "too_few_participants"),
        (4, None, 0, None, None, 2, "no_data"),
    ]
