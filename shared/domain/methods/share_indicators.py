"""Indicators “share of schools that …”: the condition, and what is done with gaps."""

import re
from dataclasses import dataclass
from typing import Final

from shared.domain.errors import Text
from shared.domain.formulas import InvalidFormulaError, check
from shared.domain.formulas.catalogue import CATALOGUE, RESULTS
from shared.domain.formulas.missing import MissingPolicy
from shared.domain.formulas.syntax import Type
from shared.domain.methods.composites import refuse_repeated
from shared.domain.methods.indicator_sources import FormulaSource, read_formula
from shared.domain.methods.reading import Reader

MOST_INDICATORS: Final = 100
LARGEST_MINIMUM: Final = 1_000_000
# Programmes' indicators whose rules are the system's own.
BUILT_IN: Final = frozenset(
    {
        "analysed_by_method",
        "network_mentoring",
        "school_programmes",
        "satisfied_with_management",
        "satisfied_with_support",
        "better_resources",
        "raised_quality",
        "group_1_1_dynamics",
        "group_1_2_dynamics",
        "group_1_3_dynamics",
        "group_1_4_dynamics",
        "group_2_2_dynamics",
        "group_2_3_dynamics",
        "group_2_4_dynamics",
        "group_2_5_dynamics",
        "group_3_1_dynamics",
        "plan_corrected",
        "satisfaction",
        "recommendations_followed",
        "school_programmes_reviewed",
    }
)

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareIndicator:
    """The share of schools of which a condition holds.

    A programme's indicator of the same code is counted so. A figure over fewer pupils
    than `minimum_n` is not known; a school of which the condition is not known is left
    out of the share, or counts as a no, as `missing` says.
    """

    code: str
    title: Text
    condition: FormulaSource
    minimum_n: int
    missing: MissingPolicy

    @property
    def path(self) -> str:
        """The path that needs a provenance."""
        return f"indicators.{self.code}"

    @property
    def facts(self) -> tuple[str, ...]:
        """Columns that the condition needs beyond results."""
        names = self.condition.columns
        return tuple(name for name in names if not name.startswith(RESULTS))

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that is read back to an equal value."""
        condition = self.condition.to_mapping()
        del condition["kind"]
        return {
            "code": self.code,
            "title": {"ru": self.title.ru, "en": self.title.en},
            "condition": condition,
            "minimum_n": self.minimum_n,
            "missing": self.missing.value,
        }


def read_share_indicators(reader: Reader) -> tuple[ShareIndicator, ...]:
    """Read the list ``indicators``, which may be left out; faults are noted."""
    if not reader.has("indicators"):
        return ()
    items = reader.items("indicators")
    if len(items) > MOST_INDICATORS:
        reader.refuse(
            "indicators",
            len(items),
            Text(
                f"Показателей может быть не больше {MOST_INDICATORS}",
                f"There may be at most {MOST_INDICATORS} indicators",
            ),
        )
    found = tuple(read_share_indicator(item) for item in items)
    refuse_repeated(items, [each.code for each in found])
    return found


def read_share_indicator(reader: Reader) -> ShareIndicator:
    """Read one of them; faults are noted with the reader."""
    title = reader.section("title")
    condition = reader.section("condition")
    source = read_formula(condition)
    _refuse_condition(condition, source)
    return ShareIndicator(
        code=_code(reader),
        title=Text(ru=title.words("ru"), en=title.words("en")),
        condition=source,
        minimum_n=reader.whole_number("minimum_n", at_least=0, at_most=LARGEST_MINIMUM),
        missing=MissingPolicy(reader.choice("missing", tuple(MissingPolicy))),
    )


def _refuse_condition(reader: Reader, source: FormulaSource) -> None:
    """Note what is wrong with a formula that can be read, with its position."""
    try:
        expression = source.expression
    except InvalidFormulaError:
        return  # Its source has noted the faults.
    try:
        check(expression, CATALOGUE, Type.BOOLEAN)
    except InvalidFormulaError as error:
        reader.refuse_within("text", error.faults)


def _code(reader: Reader) -> str:
    code = reader.words("code")
    if code and not _CODE.fullmatch(code):
        reason = Text(
            "Нужны строчные латинские буквы, цифры и подчёркивания, первой — буква, не "
            "больше 60 знаков",
            "Lower-case Latin letters, digits and underscores are needed, a letter "
            "first, 60 at most",
        )
        reader.refuse("code", code, reason)
    if code in BUILT_IN:
        reason = Text(
            f"Показатель {code} система считает сама: возьмите другой код",
            f"The system counts {code} itself: take another code",
        )
        reader.refuse("code", code, reason)
    return code
