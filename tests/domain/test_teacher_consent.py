"""Under which consent a name is kept, and when it can be withdrawn."""

from datetime import date

import pytest

from shared.domain.teacher_consent import (
    Consent,
    ConsentForm,
    ConsentNotGivenError,
    ConsentRequiredError,
    InvalidTeacherError,
    check_consent,
    withdraw,
)

TODAY = date(2020, 9, 16)
GIVEN = Consent(given_on=date(2020, 9, 1), form=ConsentForm.WRITTEN)


def test_a_name_needs_a_consent_that_was_given_already() -> None:
    check_consent(None, None, today=TODAY)
    check_consent("Имя", GIVEN, today=TODAY)
    with pytest.raises(ConsentRequiredError, match="consent"):
        check_consent("Имя", None, today=TODAY)
    with pytest.raises(InvalidTeacherError, match="future"):
        check_consent(None, GIVEN, today=date(2020, 8, 31))


@pytest.mark.parametrize("day", [date(2020, 8, 31), date(2020, 9, 17)])
def test_a_consent_is_withdrawn_between_the_day_it_was_given_and_today(
    day: date,
) -> None:
    withdraw(GIVEN, GIVEN.given_on, today=TODAY)
    withdraw(GIVEN, TODAY, today=TODAY)
    with pytest.raises(InvalidTeacherError) as caught:
        withdraw(GIVEN, day, today=TODAY)
    assert caught.value.faults[0].value == str(day)


def test_only_a_consent_that_holds_is_withdrawn() -> None:
    withdrawn = Consent(
        given_on=GIVEN.given_on, form=GIVEN.form, withdrawn_on=GIVEN.given_on
    )
    for consent in (None, withdrawn):
        with pytest.raises(ConsentNotGivenError):
            withdraw(consent, TODAY, today=TODAY)
