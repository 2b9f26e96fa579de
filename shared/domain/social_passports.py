"""The 17 shares of pupils that make up a school's social passport (the ИОУ)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.errors import Text
from shared.domain.provenance import Provenance, ProvenanceKind


class Effect(StrEnum):
    """What a larger share does to results; ``unstated`` where no source says."""

    HELPS = "helps"
    HINDERS = "hinders"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One of the shares; `number` is its number in the ИОУ, 1 to 17.

    A passport holds it as `percent`, in % of the school's pupils, and as `count`.
    `provenance` is of the effect; None where that is unstated.
    """

    number: int
    name: str
    title: Text
    effect: Effect = Effect.UNSTATED
    provenance: Provenance | None = None

    @property
    def percent(self) -> str:
        """The column that has the share in %."""
        return f"{self.name}_percent"

    @property
    def count(self) -> str:
        """The column that has the number of pupils."""
        return f"{self.name}_count"


UZHUR: Final = Provenance(
    ProvenanceKind.DOCUMENT,
    "Программа Ужурского района на 2020–2022 годы: отчёты ЦОКО за 2017–2019 годы",
)


def _stated(number: int, name: str, ru: str, en: str, effect: Effect) -> Share:
    return Share(
        number=number, name=name, title=Text(ru, en), effect=effect, provenance=UZHUR
    )


def _unstated(number: int, name: str, ru: str, en: str) -> Share:
    return Share(number=number, name=name, title=Text(ru, en))


SHARES: Final = (
    _stated(
        1,
        "both_parents_higher_education",
        "Оба родителя с высшим образованием",
        "Both parents with higher education",
        Effect.HELPS,
    ),
    _stated(2, "bussed", "Ежедневный подвоз автобусом", "Bussed daily", Effect.HINDERS),
    _stated(
        3,
        "school_register",
        "На внутришкольном учёте",
        "On the school's register",
        Effect.HINDERS,
    ),
    _stated(
        4,
        "low_income",
        "Доход семьи ниже прожиточного минимума",
        "Family income below subsistence",
        Effect.HINDERS,
    ),
    _stated(
        5,
        "other_native_language",
        "Русский язык не родной",
        "Russian is not the native language",
        Effect.HINDERS,
    ),
    _stated(
        6,
        "dangerous_situation",
        "Социально опасное положение",
        "In a socially dangerous situation",
        Effect.HINDERS,
    ),
    _unstated(7, "large_families", "Многодетные семьи", "Large families"),
    _unstated(8, "incomplete_families", "Неполные семьи", "Incomplete families"),
    _unstated(
        9,
        "one_parent_unemployed",
        "Безработный один из родителей",
        "One parent unemployed",
    ),
    _unstated(
        10,
        "both_parents_unemployed",
        "Безработные оба родителя",
        "Both parents unemployed",
    ),
    _unstated(
        11,
        "disabled_parent",
        "Родитель с инвалидностью",
        "A parent with a disability",
    ),
    _unstated(
        12,
        "one_parent_higher_education",
        "Высшее образование у одного из родителей",
        "Only one parent with higher education",
    ),
    _unstated(
        13, "commission_register", "На учёте в КДН", "On the commission's register"
    ),
    _unstated(
        14, "good_housing", "Хорошие жилищные условия", "Good housing conditions"
    ),
    _unstated(
        15,
        "poor_housing",
        "Плохие или не вполне хорошие жилищные условия",
        "Poor or partly good housing conditions",
    ),
    _unstated(
        16,
        "special_needs",
        "Дети с ОВЗ или на адаптированных программах",
        "Disabilities or adapted programmes",
    ),
    _unstated(17, "foster_families", "Приёмные семьи", "Foster families"),
)
BY_NUMBER: Final = {share.number: share for share in SHARES}
