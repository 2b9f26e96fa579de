"""What a social passport has to satisfy, and what follows from what is known of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Rule, Values, at_most_enrolled, fault
from shared.domain.social_passports import BY_NUMBER, SHARES, Share

WHOLE: Final = 100
HOUSING_TOLERANCE: Final = 1
DIGITS: Final = 2  # of a computed share
# Sums are compared to the tenth: the rounding of two shares is no contradiction.
SUM_DIGITS: Final = 1


def complete_shares(values: Values, facts: Facts) -> dict[str, Any]:
    """Return the passport with each share in % that its count and enrolment give.

    A share that is stated stays. 27 of 184 pupils are 14.67 %.
    """
    completed = dict(values)
    if not facts.enrolment:
        return completed
    for share in SHARES:
        count = completed.get(share.count)
        if count is not None and completed.get(share.percent) is None:
            percent = Decimal(WHOLE * count) / facts.enrolment
            completed[share.percent] = float(round(percent, DIGITS))
    return completed


def counts_agree(values: Values, facts: Facts) -> Iterator[Fault]:
    """Find shares that are not what their count is of the enrolment.

    A share may be off by half a unit of the last digit that it is written with: 14.7 %
    stands for 14.65 to 14.75 %.
    """
    if not facts.enrolment:
        return
    for share in SHARES:
        count, percent = values.get(share.count), values.get(share.percent)
        if count is None or percent is None or count > facts.enrolment:
            continue
        stated = Decimal(str(percent)).normalize()
        unit = Decimal(1).scaleb(min(0, int(stated.as_tuple().exponent)))
        exact = Decimal(WHOLE * count) / facts.enrolment
        if abs(exact - stated) > unit / 2:
            shown = round(exact, DIGITS)
            yield fault(
                values,
                share.percent,
                f"{count} из {facts.enrolment} учеников — это {shown} %. Исправьте "
                "долю или число, либо не указывайте долю: она будет сосчитана.",
                f"{count} of {facts.enrolment} pupils are {shown} %. Correct the share "
                "or the number, or leave the share out: it will be computed.",
            )


def _at_most_whole(first: Share, second: Share) -> Rule:
    """Return the rule that two shares exclude each other."""

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        total = _sum(values, first, second)
        if total is not None and total > WHOLE:
            yield fault(
                values,
                second.percent,
                f"Вместе с {first.percent} больше 100 %: {total} %.",
                f"More than 100 % together with {first.percent}: {total} %.",
            )

    return rule


def _is_whole(first: Share, second: Share, tolerance: float) -> Rule:
    """Return the rule that each pupil is in one of two shares."""

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        total = _sum(values, first, second)
        if total is not None and abs(total - WHOLE) > tolerance:
            yield fault(
                values,
                second.percent,
                f"Вместе с {first.percent} должно быть 100 ± {tolerance} %,"
                f" а не {total} %.",
                f"Has to make 100 ± {tolerance} % together with {first.percent},"
                f" not {total} %.",
            )

    return rule


def _sum(values: Values, first: Share, second: Share) -> float | None:
    one, other = values.get(first.percent), values.get(second.percent)
    if one is None or other is None:
        return None
    total: float = round(one + other, SUM_DIGITS)
    return total


RULES: Final = (
    _at_most_whole(BY_NUMBER[1], BY_NUMBER[12]),
    _at_most_whole(BY_NUMBER[9], BY_NUMBER[10]),
    _is_whole(BY_NUMBER[14], BY_NUMBER[15], HOUSING_TOLERANCE),
    at_most_enrolled(*(share.count for share in SHARES)),
    counts_agree,
)
