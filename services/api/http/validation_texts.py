"""What does not fit a schema, told in Russian and in English with how to mend it.

The framework names its errors by types, such as ``int_parsing``, and gives what they
speak of in a context, such as the bound of ``greater_than_equal``.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from services.api.http.refusals import RefusedValueError
from shared.domain.errors import Text

LONGEST_ECHO: Final = 200  # characters of a value that is shown again
SECRET: Final = re.compile("password|token")  # in the names of fields
ENUM_MEMBER: Final = re.compile(r"<[\w.]+: (.+?)>")

NUMBER: Final = Text("Укажите число.", "Give a number.")
WHOLE: Final = Text(
    "Укажите целое число, например 12.", "Give a whole number, such as 12."
)
TOO_LARGE: Final = Text("Число слишком велико.", "The number is too large.")
FINITE: Final = Text(
    "Укажите конечное число: не NaN и не бесконечность.",
    "Give a finite number: neither NaN nor infinity.",
)
YES_OR_NO: Final = Text("Укажите true или false.", "Give true or false.")
STRING: Final = Text("Укажите текст в кавычках.", "Give a text in quotes.")
NO_CHARACTERS: Final = Text(
    "В тексте есть знак, который нельзя сохранить: уберите его.",
    "The text has a character that cannot be kept: remove it.",
)
DAY: Final = Text(
    "Укажите существующую дату в виде 2020-09-01.",
    "Give a date that exists, written like 2020-09-01.",
)
DAY_ONLY: Final = Text(
    "Укажите дату без времени в виде 2020-09-01.",
    "Give a date without a time, written like 2020-09-01.",
)
MOMENT: Final = Text(
    "Укажите момент с часовым поясом в виде 2020-09-01T08:00:00+07:00.",
    "Give a moment with its time zone, written like 2020-09-01T08:00:00+07:00.",
)
OBJECT: Final = Text(
    "Нужен объект JSON: {{…}}, с заголовком Content-Type: application/json.",
    "A JSON object is needed: {{…}}, with the header Content-Type: application/json.",
)
LIST: Final = Text("Нужен список JSON: […].", "A JSON list is needed: […].")
ONE_OF: Final = Text("Укажите одно из: {expected}.", "Give one of: {expected}.")
DIGITS: Final = Text(
    "Не больше стольких цифр: {max_digits}.", "At most so many digits: {max_digits}."
)
WHOLE_DIGITS: Final = Text(
    "Не больше стольких цифр до запятой: {whole_digits}.",
    "At most so many digits before the point: {whole_digits}.",
)
PLACES: Final = Text(
    "Не больше стольких цифр после запятой: {decimal_places}.",
    "At most so many digits after the point: {decimal_places}.",
)
TAG_MISSING: Final = Text(
    "Не хватает поля {discriminator}, от которого зависят остальные.",
    "The field {discriminator}, on which the others depend, is missing.",
)
TAG_UNKNOWN: Final = Text(
    "Поле {discriminator}: укажите одно из: {expected_tags}.",
    "The field {discriminator}: give one of: {expected_tags}.",
)

# Placeholders are names of the error's context.
SENTENCES: Final[dict[str, Text]] = {
    "missing": Text(
        "Обязательное значение не указано: добавьте его.",
        "A required value is missing: add it.",
    ),
    "extra_forbidden": Text(
        "Такого поля здесь нет: уберите его или исправьте имя.",
        "There is no such field here: remove it or correct its name.",
    ),
    "none_required": Text("Здесь бывает только null.", "Only null can stand here."),
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "int_parsing_size": TOO_LARGE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "finite_number": FINITE,
    "decimal_max_digits": DIGITS,
    "decimal_max_places": PLACES,
    "decimal_whole_digits": WHOLE_DIGITS,
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "string_type": STRING,
    "string_unicode": NO_CHARACTERS,
    "string_too_short": Text(
        "Текст слишком короток; наименьшее число знаков: {min_length}.",
        "The text is too short; the fewest characters: {min_length}.",
    ),
    "string_too_long": Text(
        "Текст слишком длинный; наибольшее число знаков: {max_length}.",
        "The text is too long; the most characters: {max_length}.",
    ),
    "string_pattern_mismatch": Text(
        "Текст не такого вида, какой нужен: {pattern}",
        "The text does not have the form that is needed: {pattern}",
    ),
    "greater_than_equal": Text(
        "Укажите число не меньше {ge}.", "Give a number not less than {ge}."
    ),
    "greater_than": Text(
        "Укажите число больше {gt}.", "Give a number greater than {gt}."
    ),
    "less_than_equal": Text(
        "Укажите число не больше {le}.", "Give a number not greater than {le}."
    ),
    "less_than": Text("Укажите число меньше {lt}.", "Give a number less than {lt}."),
    "literal_error": ONE_OF,
    "enum": ONE_OF,
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY_ONLY,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_object_invalid": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "timezone_aware": MOMENT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "dict_type": OBJECT,
    "list_type": LIST,
    "too_short": Text(
        "Слишком мало элементов: {actual_length}; нужно не меньше: {min_length}.",
        "Too few items: {actual_length}; at least so many are needed: {min_length}.",
    ),
    "too_long": Text(
        "Слишком много элементов; можно не больше: {max_length}.",
        "Too many items; at most so many can be given: {max_length}.",
    ),
    "union_tag_not_found": TAG_MISSING,
    "union_tag_invalid": TAG_UNKNOWN,
    "json_invalid": Text(
        "Тело запроса — не JSON: исправьте его у знака, номер которого назван в месте.",
        "The body is no JSON: correct it near the character whose number is named.",
    ),
}


def reason_of(fault: Mapping[str, Any]) -> Text:
    """Return what is wrong; an error that is not known is told as the framework does.

    Args:
        fault: An error as `ValidationError.errors` lists it.
    """
    context: Mapping[str, Any] = fault.get("ctx") or {}
    cause = context.get("error")
    if isinstance(cause, RefusedValueError):
        return cause.text
    sentence = SENTENCES.get(fault["type"])
    message = ENUM_MEMBER.sub(r"\1", str(fault["msg"]).removeprefix("Value error, "))
    unknown = Text(f"Не соответствует схеме: {message}", message)
    if sentence is None:
        return unknown
    named = {name: ENUM_MEMBER.sub(r"\1", str(each)) for name, each in context.items()}
    russian = {name: each.replace(" or ", " или ") for name, each in named.items()}
    try:
        return Text(sentence.ru.format(**russian), sentence.en.format(**named))
    except KeyError:
        return unknown


def echo_of(fault: Mapping[str, Any]) -> str | None:
    """Return what was sent, as JSON writes it, cut to `LONGEST_ECHO`.

    None where it is secret, was not sent, or is no single value: of a whole object,
    fields that are secret would be shown with the others.
    """
    value = fault.get("input")
    if fault["type"] == "missing" or SECRET.search(str(fault["loc"])):
        return None
    if isinstance(value, str):
        return value[:LONGEST_ECHO]
    if isinstance(value, bool | int | float) or (value is None and "input" in fault):
        return json.dumps(value)[:LONGEST_ECHO]
    return None
