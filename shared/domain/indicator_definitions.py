"""How an indicator of a programme is counted, where an order says so: data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.domain.methods.reading import Reader
from shared.domain.methods.share_indicators import (
    ShareIndicator,
    read_share_indicator,
)
from shared.domain.provenance import Provenance, ProvenanceKind

SOURCE: Final = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A share of schools that an order defines; `source` names the order."""

    indicator: ShareIndicator
    source: str

    @property
    def provenance(self) -> Provenance:
        """Whose word the definition is: this municipality's, by its order."""
        return Provenance(kind=ProvenanceKind.LOCAL, source=self.source)


def define(code: str, title: str, definition: Mapping[str, Any]) -> ShareIndicator:
    """Check a definition, which has a condition, a minimum N and a missing policy.

    Raises:
        InvalidInputError: with all the faults, in a formula with their positions.
    """
    names = {"code": code, "title": {"ru": title, "en": title}}
    reader = Reader.of({**definition, **names})
    found = read_share_indicator(reader)
    reader.finish()
    return found


def order_source(order_number: str, order_on: object, body: str) -> str:
    """Name an order as the source of what it decides.

    >>> order_source("87-о", "2020-09-10", "Управление образования")
    'Приказ № 87-о от 2020-09-10, Управление образования'
    """
    return f"Приказ № {order_number} от {order_on}, {body}"


def stored(indicator: ShareIndicator, source: str) -> dict[str, Any]:
    """Return what is kept with an indicator; `restored` reads it back."""
    content = indicator.to_mapping()
    kept = {name: content[name] for name in ("condition", "minimum_n", "missing")}
    return {**kept, SOURCE: source}


def restored(code: str, title: str, content: Mapping[str, Any]) -> Definition:
    """Return a definition that was kept."""
    rules = {name: value for name, value in content.items() if name != SOURCE}
    return Definition(indicator=define(code, title, rules), source=str(content[SOURCE]))
