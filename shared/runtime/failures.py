"""An exception as it is logged: where it happened and what it is, never its words.

The words may be data: PostgreSQL says which value was there already, Python which one
it could not read.
"""

import traceback
from typing import Final

MOST_CAUSES: Final = 10


def told(error: BaseException) -> str:
    """Return the frames and types of an exception and of what it came from.

    Of what the database refused, also the code.
    """
    lines: list[str] = []
    current: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if current is None:
            break
        lines.append(_name_of(current))
        lines += _frames_of(current)
        if isinstance(current, BaseExceptionGroup):
            lines += [_name_of(each) for each in current.exceptions]
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    return "\n".join(lines)


def _name_of(error: BaseException) -> str:
    kind = type(error)
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    name = f"{kind.__module__}.{kind.__qualname__}"
    return f"{name} ({state})" if isinstance(state, str) else name


def _frames_of(error: BaseException) -> list[str]:
    return [
        f"  {frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
