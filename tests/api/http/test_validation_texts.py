"""Each error of a schema has its sentences; values stand in them as people write."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.api.http.dates import Moment
from services.api.http.validation_texts import SENTENCES, echo_of, reason_of


class Bearer(StrEnum):
    """Who bears something."""

    TEAM = "team"
    PUPIL = "pupil"


class Cat(BaseModel):
    """One of the kinds."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["cat"]


class Dog(BaseModel):
    """The other kind."""

    kind: Literal["dog"]


Animal = Annotated[Cat | Dog, Field(discriminator="kind")]


def fault_of(wanted: Any, value: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(wanted).validate_python(value)
    return dict(caught.value.errors()[0])


@pytest.mark.parametrize(
    ("wanted", "value", "ru", "en"),
    [
        (int, "x", "целое число", "whole number"),
        (int, 1.5, "целое число", "whole number"),
        (float, [], "Укажите число.", "Give a number."),
        (bool, "x", "true или false", "true or false"),
        (str, 1, "текст", "text"),
        (Annotated[str, Field(min_length=2)], "a", "знаков: 2", "characters: 2"),
        (Annotated[str, Field(max_length=2)], "abc", "знаков: 2", "characters: 2"),
        (Annotated[str, Field(pattern="^a{2}$")], "b", "^a{2}$", "^a{2}$"),
        (Annotated[int, Field(gt=5)], 5, "больше 5.", "greater than 5."),
        (Annotated[int, Field(lt=5)], 5, "меньше 5.", "less than 5."),
        (Annotated[float, Field(le=100)], 101, "не больше 100.0.", "than 100.0."),
        (Literal["a", "b"], "c", "'a' или 'b'.", "'a' or 'b'."),
        (Literal[Bearer.TEAM, Bearer.PUPIL], "c", "'team' или 'pu", "'team' or 'pu"),
        (Bearer, "c", "'team' или 'pupil'.", "'team' or 'pupil'."),
        (date, "2020-02-31", "2020-09-01", "2020-09-01"),
        (Moment, "2020-09-01T08:00:00", "часовым поясом", "time zone"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "больше: 1", "given: 1"),
        (Annotated[list[int], Field(min_length=1)], [], "меньше: 1", "needed: 1"),
        (Animal, {"kind": "cow"}, "'kind': укажите", "'kind': give"),
        (Animal, {}, "'kind'", "'kind'"),
        (Animal, {"kind": "cat", "x": 1}, "уберите", "remove"),
        (Cat, "x", "объект JSON", "JSON object"),
    ],
)
def test_an_error_says_how_to_mend_it_in_both_languages(
    wanted: Any, value: Any, ru: str, en: str
) -> None:
    fault = fault_of(wanted, value)
    reason = reason_of(fault)
    assert fault["type"] in SENTENCES
    assert ru in reason.ru
    assert en in reason.en
    assert "<" not in reason.en + reason.ru


def test_an_error_without_a_sentence_is_told_as_the_framework_does() -> None:
    reason = reason_of({"type": "new", "loc": (), "msg": "Quite wrong"})
    assert (reason.ru, reason.en) == (
        "Не соответствует схеме: Quite wrong",
        "Quite wrong",
    )


@pytest.mark.parametrize(
    ("place", "value", "shown"),
    [
        ("title", "a" * 300, "a" * 200),
        ("title", True, "true"),
        ("title", None, "null"),
        ("title", {"password": "secret"}, None),
        ("password", "secret", None),
        ("id_token", "secret", None),
    ],
)
def test_a_value_is_shown_again_unless_it_may_be_secret(
    place: str, value: Any, shown: str | None
) -> None:
    fault = {"type": "string_type", "loc": ("body", place), "input": value}
    assert echo_of(fault) == shown
