"""What a recommendation that names its grounds has to refer to."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from shared.domain.errors import Fault, Text
from shared.domain.record_rules import Facts, Values, fault

# Grounds are free text, since most analyses have no row of their own to refer to.
_SPOKEN_OF: Final[Mapping[str, tuple[re.Pattern[str], Text]]] = MappingProxyType(
    {
        "ranking_run_id": (
            re.compile(r"\b(?:рейтинг|ranking)", re.IGNORECASE),
            Text("номер расчёта рейтинга", "the number of the run of the ranking"),
        ),
        "target_indicator_id": (
            re.compile(
                r"\b(?:(?:целев\w+ )?показател\w+ программ|целев\w+ показател|"
                r"(?:programme|target) indicator)|^\s*(?:показатель|indicator)\s*$",
                re.IGNORECASE,
            ),
            Text(
                "номер показателя программы",
                "the number of the programme's indicator",
            ),
        ),
        "objectivity_sign_id": (
            re.compile(r"\bнеобъективн|objectivity", re.IGNORECASE),
            Text(
                "номер признака необъективности",
                "the number of the sign of non-objectivity",
            ),
        ),
    }
)


def grounds_are_referred_to(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Name each reference that the grounds speak of and the row lacks."""
    grounds = values.get("grounds") or ""
    for column, (pattern, wanted) in _SPOKEN_OF.items():
        if values.get(column) is None and pattern.search(grounds):
            yield fault(
                values,
                column,
                f"По основанию нужен {wanted.ru}: заполните поле.",
                f"The grounds call for {wanted.en}: fill it in.",
            )
