"""A programme as whoever enters one may write it."""

from typing import Any, Final

PROGRAMME: Final[dict[str, Any]] = {
    "format": 1,
    "code": "uzhur-2022",
    "municipality": "uzhur",
    "provenance": "local",
    "title": "Программа повышения качества образования на 2022–2024 годы",
    "head_title": None,
    "head_period": None,
    "approved": {
        "act": "приказ",
        "body": "Управление образования",
        "number": "17",
        "date": "2022-08-20",
    },
    "goal": "Сократить разрыв в результатах школ района.",
    "period": {
        "starts_on": "2022-09-01",
        "ends_on": "2024-08-31",
        "years": "academic",
        "text": "2022–2024 годы",
    },
    "executors": {"text": "Школы района.", "parties": ["municipality", "schools"]},
    "tasks": [{"number": 1, "text": "Развить наставничество школ."}],
    "expected_results": ["Школ с низкими результатами меньше."],
    "indicators": [
        {
            "code": "network_mentoring",
            "task": 1,
            "group": None,
            "title": "Доля школ в сетевом наставничестве",
            "direction": "more_is_better",
            "unit": "percent_of_schools",
            "targets": [{"year": 2023, "low": 50, "high": 100, "text": "50–100 %"}],
            "target_text": "не менее 50 %",
        }
    ],
    "plans": [
        {
            "kind": "plan",
            "title": "План мероприятий",
            "measures": [
                {
                    "key": "1",
                    "number": "1",
                    "parent": None,
                    "block": None,
                    "title": "Заключить договоры о наставничестве",
                    "term": "Сентябрь-октябрь 2022",
                    "responsible": "Руководители школ",
                    "parties": ["schools"],
                    "expected_result": "Договоры",
                }
            ],
        }
    ],
}
