"""Checking files of methods before they are sent or shipped."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from services.api.cli.running import WRONG_DATA
from services.api.methods.documents import ReferringLoader, content_of
from services.api.methods.loading import WHERE
from services.api.methods.shipped_places import read_assignments
from shared.domain.errors import Fault, InvalidInputError
from shared.domain.methods.kinds import read_method

ITEM: Final = re.compile(r"\[(\d+)\]")

methods = typer.Typer(help="Methods of scoring; needs nothing.", no_args_is_help=True)


@methods.command()
def check(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
) -> None:
    """Read methods (.yaml, .json) and name each mistake with its line.

    Ends with 1 where there is one.
    """
    is_wrong = False
    for path in files:
        mistakes = list(mistakes_of(path))
        is_wrong = is_wrong or bool(mistakes)
        for line in mistakes or [f"{path}: ok"]:
            typer.echo(line)
    if is_wrong:
        raise typer.Exit(code=WRONG_DATA)


def mistakes_of(path: Path) -> Iterator[str]:
    """Yield what is wrong in a file: `FILE:LINE: key: in Russian / in English`."""
    body = path.read_bytes()
    try:
        # A file of one's own may refer to parts of itself, as shipped ones do.
        is_yaml = path.suffix != ".json"
        content = content_of(body, is_yaml=is_yaml, loader=ReferringLoader)
        if isinstance(content, dict):
            read_assignments(content.pop(WHERE, None))
        read_method(content)
    except InvalidInputError as error:
        # What cannot be read at all has no keys to look for.
        faults = error.faults or [Fault(reason=error.detail)]
        is_read = all(fault.position is None for fault in faults)
        root = yaml.compose(body, ReferringLoader) if is_read else None
        for fault in faults:
            yield f"{path}:{_line_of(fault, root)}: {_told(fault)}"


def _told(fault: Fault) -> str:
    where = f"{fault.column}: " if fault.column else ""
    value = f" («{fault.value}»)" if fault.value is not None else ""
    return f"{where}{fault.reason.ru} / {fault.reason.en}{value}"


def _line_of(fault: Fault, root: Node | None) -> int:
    if fault.position is not None:
        return fault.position.line
    return 1 if root is None else _deepest(root, fault.column or "")


def _deepest(node: Node, path: str) -> int:
    """Return the line of the last key of a path that is there, counted from 1.

    Keys may have dots themselves, as those of `provenance` have.
    """
    line = node.start_mark.line + 1
    while path:
        found = _step(node, path)
        if found is None:
            break
        line, node, path = found
    return line


def _step(node: Node, path: str) -> tuple[int, Node, str] | None:
    """Return the line, the value and the rest of the path behind its first key."""
    if isinstance(node, SequenceNode) and (item := ITEM.match(path)):
        place = int(item[1])
        if place < len(node.value):
            value = node.value[place]
            return value.start_mark.line + 1, value, path[item.end() :].lstrip(".")
    if isinstance(node, MappingNode):
        fitting = [
            (key, value)
            for key, value in node.value
            if re.match(rf"{re.escape(str(key.value))}(?=[.\[]|$)", path)
        ]
        if fitting:
            key, value = max(fitting, key=lambda each: len(str(each[0].value)))
            rest = path[len(str(key.value)) :].removeprefix(".")
            return key.start_mark.line + 1, value, rest
    return None
