"""From what families a school's pupils come."""

from collections.abc import Iterator

from services.api.datasets.columns import PERCENT, PUPILS, Column, column
from services.api.datasets.dataset import academic_year, of_school
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.social_passport_rules import RULES, complete_shares
from shared.domain.social_passports import SHARES
from shared.persistence.tables.social_passports import SocialPassportRow

_PASSPORT = SocialPassportRow.__table__.c
MOST_PUPILS = 10_000


def _share_columns() -> Iterator[Column]:
    """Yield each share in % and as a number of pupils."""
    for share in SHARES:
        title = share.title
        yield column(_PASSPORT[share.percent], title.ru, title.en, unit=PERCENT)
        yield column(
            _PASSPORT[share.count],
            f"{title.ru}: число",
            f"{title.en}: number",
            unit=PUPILS,
            most=MOST_PUPILS,
        )


SOCIAL_PASSPORTS = of_school(
    "social-passports",
    Text("Социальные паспорта", "Social passports"),
    Permission.CONDITIONS_READ,
    SocialPassportRow,
    "academic_year",
    academic_year(_PASSPORT.academic_year),
    *_share_columns(),
    column(
        _PASSPORT.bussed_localities,
        "Населённых пунктов подвоза",
        "Settlements that pupils are bussed from",
        most=1000,
    ),
    recording=Recording(
        rows=SocialPassportRow,
        entity="social_passport",
        permission=Permission.CONDITIONS_WRITE,
        key=("school_id", "academic_year"),
        complete=complete_shares,
        rules=RULES,
        example={
            "school_id": 1,
            "academic_year": 2020,
            "both_parents_higher_education_percent": 12.5,
            "one_parent_higher_education_percent": 20,
            "bussed_percent": 38,
            "bussed_localities": 2,
            "low_income_percent": 71,
            "special_needs_percent": 6.5,
            "special_needs_count": 12,
            "good_housing_percent": 60,
            "poor_housing_percent": 40,
        },
    ),
)

DATASETS = (SOCIAL_PASSPORTS,)
