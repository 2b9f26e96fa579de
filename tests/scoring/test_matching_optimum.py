"""What a run suggests, against every assignment tried out from the raw tables."""

from typing import Any

from sqlalchemy import text

from services.api.methods.loading import load_method
from shared.contracts.events import Topic
from shared.persistence.runs import find_current_run
from shared.persistence.work import Work, begin_as_system
from tests.scoring.district import YEAR, new_district
from tests.scoring.mentor_checker import METHOD, Best, check
from tests.scoring.random_mentoring import fill

# In these, each kind of record decides something, and there are ties and rivals.
SEEDS = (6, 8, 12, 16, 17)


async def stored(work: Work, municipality_id: int, statement: str) -> list[Any]:
    run = await find_current_run(work, Topic.MATCHING, municipality_id, YEAR)
    assert run is not None
    assert not run.is_stale
    rows = await work.session.execute(text(statement), {"run": run.id})
    return list(rows.all())


async def compare(work: Work, municipality_id: int) -> tuple[Best, int]:
    """Compare a municipality's run with the checker; return what was admissible."""
    best = await check(work, municipality_id, YEAR)
    suggested = await stored(
        work,
        municipality_id,
        "SELECT mentee_id, mentor_id, is_chosen, benefit, cost"
        " FROM scoring.mentor_suggestions WHERE run_id = :run",
    )
    searches = await stored(
        work,
        municipality_id,
        "SELECT school_id, feasible FROM scoring.mentor_searches WHERE run_id = :run",
    )
    pairs = {(each.mentee_id, each.mentor_id): each for each in suggested}
    assert {pair for pair, each in pairs.items() if each.is_chosen} == best.chosen
    assert pairs.keys() <= best.benefits.keys()
    for pair, each in pairs.items():
        assert round(each.benefit * 10_000) == best.benefits[pair]
        assert round(each.cost * 10_000) == best.costs[pair]
    for school, feasible in searches:
        assert feasible == sum(mentee == school for mentee, _ in best.benefits)
    ties = sum(
        cost == 0 and pair not in best.chosen for pair, cost in best.costs.items()
    )
    return best, ties


async def test_what_is_suggested_is_the_first_of_the_best_of_all_assignments(
    empty_database_url: str,
) -> None:
    chosen = ties = rivals = 0
    for seed in SEEDS:
        async with new_district(empty_database_url, f"town-{seed}") as district:
            if seed == SEEDS[0]:
                async with begin_as_system(district.api) as work:
                    await load_method(work, METHOD)
            await fill(district, seed)
            await district.recalculate()
            async with begin_as_system(district.api, district.id) as work:
                best, equal = await compare(work, district.id)
        chosen += len(best.chosen)
        ties += equal
        # Pairs that would bring more to a mentee than the one that it has got.
        rivals += sum(
            worth > best.benefits[mentee, mentor]
            for mentee, mentor in best.chosen
            for (other, _), worth in best.benefits.items()
            if other == mentee
        )

    # The comparison would prove little if nothing were at odds.
    assert chosen > 5
    assert ties > 0
    assert rivals > 0
