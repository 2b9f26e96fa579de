"""A method of ranking with something of everything, as plain data."""

import copy
import re
from typing import Any

from shared.domain.methods.kinds import read_method
from shared.domain.methods.ranking import Ranking


def words(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en}


SOURCED = (
    "ranked_by",
    "minimum_n",
    "pool_years",
    "tolerance",
    "missing",
    "scoring",
    "comparability.same",
    "comparability.breaks",
    "indicators.low",
    "indicators.low.minimum_n",
    "indicators.low.scoring",
    "indicators.staff",
    "composite.minimum_coverage",
    "composite.tolerance",
    "groups.all",
    "grid.status",
    "grid.change",
)

PLAIN: dict[str, Any] = {
    "kind": "ranking",
    "code": "low-results",
    "version": 3,
    "title": words("Низкие результаты", "Low results"),
    "ranked_by": "composite",
    "minimum_n": 5,
    "pool_years": 1,
    "tolerance": 2,
    "missing": "leave_out",
    "scoring": {"rule": "min_max"},
    "comparability": {
        "same": ["subject", "procedure"],
        "breaks": [
            {
                "procedure": "ege",
                "academic_year": 2019,
                "reason": "cohort",
                "title": words("Только поступающие", "Applicants only"),
            }
        ],
    },
    "indicators": [
        {
            "code": "low",
            "title": words("Доля двоек", "Share of 2s"),
            "unit": "percent",
            "direction": "less_is_better",
            "source": {
                "kind": "measure",
                "measure": "low_share",
                "procedures": ["vpr", "oge"],
                "subjects": ["mathematics"],
                "grades": [9, 5],
            },
            "minimum_n": 10,
            "scoring": {"rule": "bands", "cuts": [10, 30.0], "points": [2, 1, 0]},
        },
        {
            "code": "staff",
            "title": words("Кадры", "Staff"),
            "unit": "percent",
            "direction": "more_is_better",
            "source": {"kind": "msoko", "group": "2.2"},
        },
    ],
    "composite": {
        "minimum_coverage": 0.5,
        "tolerance": 1,
        "groups": [
            {
                "code": "all",
                "title": words("Всё", "All"),
                "weight": 2,
                "indicators": [
                    {"code": "low", "weight": 3},
                    {"code": "staff", "weight": 1},
                ],
            }
        ],
    },
    "grid": {"status": [20, 40, 60, 80], "change": [-10, -1, 1, 10]},
    "provenance": {
        name: {"kind": "local", "source": "An order of the municipality"}
        for name in SOURCED
    },
}


def changed(path: str, value: object, plain: dict[str, Any] = PLAIN) -> dict[str, Any]:
    """Copy the data with another value at a path such as ``indicators[0].code``.

    Keys of the provenance hold full stops themselves: ``provenance/minimum_n/kind``.
    """
    data = copy.deepcopy(plain)
    *sections, key = _keys(path)
    place: Any = data
    for section in sections:
        place = place[section]
    place[key] = value
    return data


def _keys(path: str) -> list[Any]:
    if "/" in path:
        return list(path.split("/"))
    found = re.findall(r"[^.\[\]]+|\[\d+\]", path)
    return [int(each[1:-1]) if each.startswith("[") else each for each in found]


def ranking(plain: object = None) -> Ranking:
    return read_method(PLAIN if plain is None else plain).of(Ranking).spec
