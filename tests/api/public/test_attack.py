"""Whoever puts all public answers together learns no small count by subtraction."""

from collections import defaultdict
from itertools import product
from typing import Any

import httpx
import numpy as np
from scipy.optimize import linprog

from tests.api.public.test_results import MINIMUM, home, results
from tests.support.api import ClientAs

Json = dict[str, Any]
Table = dict[int | None, Json]
YEARS = range(2017, 2021)
FIGURES = ("participants", "success_rate", "quality_rate")
# Unknown of each school: pupils who failed, who passed, who passed well.
PARTS = 3


async def gathered(client: httpx.AsyncClient) -> dict[tuple[Any, ...], Table]:
    """Ask by every filter, and keep whatever any of the answers tells."""
    known: dict[tuple[Any, ...], Table] = defaultdict(dict)
    for year in YEARS:
        everything = (await results(client, academic_year=year))["items"]
        subjects = {None, *(each["subject"] for each in everything)}
        procedures = {None, *(each["procedure"] for each in everything)}
        for subject, procedure in product(subjects, procedures):
            named = {"subject": subject, "procedure": procedure}
            filters = {name: each for name, each in named.items() if each}
            answer = await results(client, academic_year=year, **filters)
            for each in answer["items"]:
                key = (year, each["procedure"], each["subject"])
                rows = [(None, each["municipality"])]
                rows += [(row["school_id"], row) for row in each["schools"]]
                table = known[*key, each["programme_grade"]]
                for school, row in rows:
                    learnt = table.setdefault(school, {})
                    learnt |= {name: row[name] for name in FIGURES if row[name]}
    return known


def told(row: Json) -> list[tuple[list[int], int]]:
    """Return what a row's figures say of sums of its parts."""
    n = row.get("participants")
    if n is None:
        return []
    said = [([1, 1, 1], n)]
    if "success_rate" in row:
        said.append(([1, 0, 0], n - round(row["success_rate"] * n / 100)))
    if "quality_rate" in row:
        said.append(([0, 0, 1], round(row["quality_rate"] * n / 100)))
    return said


def derivable(table: Table, truth: dict[int, list[int]]) -> list[tuple[int, int]]:
    """Return the small counts of schools that only one number fits."""
    schools = sorted(truth)
    left, right = [], []
    for school, row in table.items():
        whose = schools if school is None else [school]
        for weights, total in told(row):
            line = np.zeros(len(schools) * PARTS)
            for each in whose:
                at = schools.index(each) * PARTS
                line[at : at + PARTS] = weights
            left.append(line)
            right.append(total)
    found = []
    for at, count in enumerate(n for each in schools for n in truth[each]):
        if count >= MINIMUM:
            continue
        aim = np.zeros(len(schools) * PARTS)
        aim[at] = 1
        ends = []
        for sign in (1, -1):
            answer = linprog(sign * aim, A_eq=left or None, b_eq=right or None)
            assert answer.status in {0, 3}
            ends.append(sign * answer.fun if answer.status == 0 else sign * -np.inf)
        if ends[1] - ends[0] < 1 - 1e-6:
            found.append((schools[at // PARTS], at % PARTS))
    return found


async def test_all_answers_together_leave_every_small_count_open(
    client: httpx.AsyncClient, client_as: ClientAs
) -> None:
    office = await client_as("uzhur")
    counted: dict[tuple[Any, ...], dict[int, list[int]]] = defaultdict(dict)
    after: int | None = 0
    while after is not None:
        page = (await office.get(f"/v1/results?limit=500&after={after}")).json()
        for row in page["items"]:
            key = (row["academic_year"], row["procedure"], row["subject"])
            of_table = counted[*key, row["programme_grade"]]
            parts = of_table.setdefault(row["school_id"], [0] * PARTS)
            parts[0] += row["n2"]
            parts[1] += row["n3"]
            parts[2] += row["n4"] + row["n5"]
        after = page["next_after"]
    assert (await home(client))["code"] == "uzhur"

    known = await gathered(client)

    small = 0
    for key, table in known.items():
        truth = counted[key]
        assert set(truth) == set(table) - {None}
        small += sum(n < MINIMUM for parts in truth.values() for n in parts)
        assert derivable(table, truth) == [], key
    assert small > len(YEARS)
