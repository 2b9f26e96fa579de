"""Where a threshold comes from; nothing local or unconfirmed passes for federal."""

from dataclasses import dataclass
from enum import StrEnum


class ProvenanceKind(StrEnum):
    """Whose word a threshold, weight or scale rests on.

    ``document`` is one of the programmes; ``local`` is set by the municipality;
    ``unconfirmed`` is a sensible default that no source confirms.
    """

    DOCUMENT = "document"
    FEDERAL = "federal"
    REGIONAL = "regional"
    LOCAL = "local"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Provenance:
    """The kind of source of a threshold and, in words, the source or the reason."""

    kind: ProvenanceKind
    source: str
