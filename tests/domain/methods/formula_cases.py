"""Methods with indicators by formulas, as plain data."""

import copy
from typing import Any

from tests.domain.methods.ranking_cases import PLAIN, words


def with_formulas(texts: dict[str, str], **changes: Any) -> dict[str, Any]:
    """Put indicators in per cent by formulas before those of the plain method."""
    data = copy.deepcopy(PLAIN)
    own = [
        {
            "code": code,
            "title": words(code, code),
            "unit": "percent",
            "direction": "more_is_better",
            "source": {"kind": "formula", "text": text, "subjects": ["mathematics"]},
        }
        | changes
        for code, text in texts.items()
    ]
    data["indicators"] = own + data["indicators"]
    for code in texts:
        source = {"kind": "local", "source": "An order of the municipality"}
        data["provenance"][f"indicators.{code}"] = source
    return data
