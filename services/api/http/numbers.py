"""Numbers in bodies, as JSON writes them: no flag and no text stands for one."""

from typing import Annotated

from pydantic import Strict

Whole = Annotated[int, Strict()]
Real = Annotated[float, Strict()]
