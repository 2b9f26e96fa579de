"""Days, moments, yes and no are written out: no number stands for any of them.

In bodies numbers are numbers: neither a text nor a flag stands for one.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, get_args

import pytest
from fastapi.dependencies.models import Dependant
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from services.api.app import create_app
from shared.runtime.settings import api_settings
from tests.api.http.test_openapi import ENVIRONMENT
from tests.support.routes import routes_of

WRITTEN_OUT = {date, datetime, AwareDatetime, bool}
NUMBERS = {int, float}
NO_NUMBERS = (True, False, "1", "2020", [True], ["1"], {"1": True})
Input = tuple[str, FieldInfo]


def parts(annotation: Any) -> Iterator[Any]:
    """Yield the types that an annotation is made of."""
    yield annotation
    for each in get_args(annotation):
        yield from parts(each)


def fields(name: str, field: FieldInfo, seen: set[type]) -> Iterator[Input]:
    """Yield the field itself and those of the models in it, each model once."""
    yield name, field
    for each in parts(field.annotation):
        if isinstance(each, type) and issubclass(each, BaseModel) and each not in seen:
            seen.add(each)
            for own, inner in each.model_fields.items():
                yield from fields(f"{each.__name__}.{own}", inner, seen)


def asked(dependant: Dependant) -> Iterator[tuple[str, FieldInfo]]:
    for field in (*dependant.query_params, *dependant.body_params):
        yield field.name, field.field_info
    for below in dependant.dependencies:
        yield from asked(below)


def kinds(field: FieldInfo) -> set[type]:
    """Return the types that a field is made of."""
    return {part for part in parts(field.annotation) if isinstance(part, type)}


def bodies() -> dict[str, FieldInfo]:
    """Return what bodies have numbers in, and no flags or texts, by its name."""
    seen: set[type] = set()
    return {
        name: field
        for route in routes_of(create_app(api_settings(ENVIRONMENT)))
        for each in route.dependant.body_params
        for name, field in fields(f"{route.path} {each.name}", each.field_info, seen)
        if kinds(field) & NUMBERS and not kinds(field) & {bool, str, dict}
    }


def inputs() -> dict[str, FieldInfo]:
    """Return what the routes take that has to be written out, by its name."""
    seen: set[type] = set()
    return {
        name: field
        for route in routes_of(create_app(api_settings(ENVIRONMENT)))
        for each in asked(route.dependant)
        for name, field in fields(f"{route.path} {each[0]}", each[1], seen)
        if kinds(field) & WRITTEN_OUT
    }


def adapter_of(field: FieldInfo) -> TypeAdapter[Any]:
    """Return what reads the field; the default, which is none here, changes nothing."""
    kind: Any = Annotated[field.annotation, field]
    return TypeAdapter(kind)


def test_no_number_stands_for_a_day_a_moment_or_a_flag() -> None:
    found = inputs()
    accepted = []
    for name, field in found.items():
        adapter = adapter_of(field)
        for number in (0, 1, "0", "1"):
            try:
                adapter.validate_python(number)
            except ValidationError:
                continue
            accepted.append((name, number))

    assert len(found) > 80
    assert accepted == []


def test_no_flag_and_no_text_stands_for_a_number_in_a_body() -> None:
    found = bodies()
    accepted = []
    for name, field in found.items():
        adapter = adapter_of(field)
        for given in NO_NUMBERS:
            try:
                adapter.validate_python(given)
            except ValidationError:
                continue
            accepted.append((name, given))

    assert len(found) > 80
    assert accepted == []


@pytest.mark.parametrize("given", ["yes", "1", "True", ""])
def test_a_flag_in_an_address_is_true_or_false(given: str) -> None:
    adapter = adapter_of(inputs()["/v1/inbox unread"])

    assert adapter.validate_python("true") is True
    assert adapter.validate_python("false") is False
    with pytest.raises(ValidationError):
        adapter.validate_python(given)
