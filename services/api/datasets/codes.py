"""Columns that hold codes of reference lists, such as those of subjects."""

from typing import Any

from sqlalchemy import ColumnElement, Table

from shared.domain.errors import Fault, Text


def coded_columns(table: Table) -> dict[str, ColumnElement[Any]]:
    """Return the columns that refer to a list by its code, with the list's codes."""
    return {
        column.name: key.column
        for column in table.columns
        for key in column.foreign_keys
        if key.column.name == "code"
    }


def unknown_code(column: str, value: object) -> Fault:
    """Say that the list has no such code."""
    return Fault(
        reason=Text(
            "Такого кода нет в справочнике: GET /v1/subjects, GET /v1/procedures.",
            "The list has no such code: GET /v1/subjects, GET /v1/procedures.",
        ),
        column=column,
        value=str(value),
    )
