"""Reading the YAML files that ship with the system, and saying where one is wrong."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from shared.domain.errors import Fault, InvalidInputError, Text

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$")]
Words = Annotated[
    str, Field(pattern=r"^[^\s\x00]([^\n\x00]*[^\s\x00])?$")
]  # one line, no blanks around it
Percent = Annotated[Decimal, Field(ge=0, le=100)]

# Ten times as fast where PyYAML was built with libyaml.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
REPEATED: Final = Text("ключ повторяется", "the key is repeated")
RUSSIAN: Final = {
    "missing": "поле не заполнено",
    "extra_forbidden": "такого поля в формате нет",
    "literal_error": "значение не из списка допустимых: {expected}",
    "string_pattern_mismatch": "значение не подходит под образец {pattern}",
    "string_too_short": "строка короче {min_length} симв.",
    "too_short": "элементов меньше, чем {min_length}",
    "greater_than": "значение не больше {gt}",
    "greater_than_equal": "значение меньше {ge}",
    "less_than_equal": "значение больше {le}",
    "string_type": "ожидается строка",
    "int_type": "ожидается целое число",
    "int_parsing": "ожидается целое число",
    "decimal_parsing": "ожидается число",
    "decimal_type": "ожидается число",
    "date_type": "ожидается дата ГГГГ-ММ-ДД",
    "date_from_datetime_parsing": "ожидается дата ГГГГ-ММ-ДД",
    "bool_type": "ожидается true или false",
    "model_type": "ожидается запись с полями",
    "tuple_type": "ожидается список",
}


class FileModel(BaseModel):
    """A part of a data file: unknown fields are refused, nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DataFileError(InvalidInputError):
    """A data file cannot be read; the faults name file, line, field and reason."""

    code = "data_file_invalid"
    title = Text("Файл данных не принят", "The data file was not accepted")


def broken_rule(ru: str, en: str, *place: str | int) -> PydanticCustomError:
    """Make the error that a validator of a file's model raises.

    Args:
        ru: The reason in Russian.
        en: The same in English.
        *place: Where it lies below the validated model, as ``"plans", 0, "title"``.
    """
    return PydanticCustomError(
        "broken_rule", "{en}", {"ru": ru, "en": en, "place": place}
    )


def read_data_file(path: Path, model: type[Model]) -> Model:
    """Read one YAML file into `model`.

    Raises:
        DataFileError: The file is absent, is no YAML, repeats a key or breaks the
            model; every fault carries the file, the line and the field.
    """
    content, tree = _parsed(path)
    repeated = [
        _fault(path, REPEATED, place=place, line=line)
        for place, line in _repeated_keys(tree)
    ]
    if repeated:
        raise _refusal(path, repeated)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults = [_broken(path, tree, details) for details in error.errors()]
        raise _refusal(path, faults) from error


def _parsed(path: Path) -> tuple[object, yaml.Node | None]:
    """Return the file's content, and its nodes, which know their lines."""
    line = None
    try:
        source = path.read_text(encoding="utf-8")
        loader = LOADER(source)
        tree = loader.get_single_node()
        return loader.construct_document(tree) if tree else None, tree
    except OSError as error:
        reason = Text("файл не читается", f"the file cannot be read: {error.strerror}")
        cause: Exception = error
    except UnicodeDecodeError as error:
        reason = Text("файл не в кодировке UTF-8", "the file is not UTF-8")
        cause = error
    except yaml.YAMLError as error:
        reason = Text("это не YAML", "this is not YAML")
        if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
            line = error.problem_mark.line + 1
        cause = error
    except ValueError as error:  # a date or a number that does not exist
        reason = Text(f"нет такого значения: {error}", f"no such value: {error}")
        cause = error
    raise _refusal(path, [_fault(path, reason, line=line)]) from cause


def _refusal(path: Path, faults: list[Fault]) -> DataFileError:
    first = faults[0]
    line = f", строка {first.row}" if first.row else ""
    line_en = f", line {first.row}" if first.row else ""
    field = f", {first.column}" if first.column else ""
    return DataFileError(
        Text(
            f"{path}{line}{field}: {first.reason.ru}. Исправьте файл и повторите.",
            f"{path}{line_en}{field}: {first.reason.en}. Mend the file and try again.",
        ),
        faults=faults,
    )


def _fault(
    path: Path, reason: Text, *, place: Place = (), line: int | None = None
) -> Fault:
    return Fault(reason=reason, sheet=path.name, row=line, column=_spelled(place))


def _broken(path: Path, tree: yaml.Node | None, details: ErrorDetails) -> Fault:
    context = details.get("ctx", {})
    place = (*details["loc"], *context.get("place", ()))
    template = RUSSIAN.get(details["type"], "недопустимое значение")
    ru = context["ru"] if "ru" in context else template.format_map(context)
    value = details["input"]
    return Fault(
        reason=Text(ru, details["msg"]),
        sheet=path.name,
        row=_line(tree, place),
        column=_spelled(place),
        value=str(value) if isinstance(value, str | int | float) else None,
    )


def _spelled(place: Place) -> str | None:
    """Spell a place as ``plans[0].measures[3].term``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".") or None


def _line(tree: yaml.Node | None, place: Place) -> int | None:
    """Return the 1-based line of the deepest part of `place` that is in the file."""
    node = tree
    for part in place:
        below = _child(node, part)
        if below is None:
            break
        node = below
    return node.start_mark.line + 1 if node is not None else None


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part] if part < len(node.value) else None
    return None


def _repeated_keys(
    node: yaml.Node | None, place: Place = ()
) -> Iterator[tuple[Place, int]]:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield (*place, key.value), key.start_mark.line + 1
            seen.add(key.value)
            yield from _repeated_keys(value, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _repeated_keys(value, (*place, index))
