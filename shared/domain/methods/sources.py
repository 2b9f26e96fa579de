"""Who may claim which source for a threshold.

A municipality or a region sets what is `local` or `regional`, quotes a document, or
says `unconfirmed`. A federal rule is the system's to state: what a copy has of it
stays federal only as long as it stays as it is.
"""

from collections.abc import Mapping

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.methods.comparison import value_at
from shared.domain.methods.method import Method, Spec
from shared.domain.provenance import ProvenanceKind


class SourceNotYoursError(InvalidInputError):
    """A threshold is claimed to be federal by somebody who cannot say so."""

    code = "source_not_yours"
    title = Text("Источник указан неверно", "The source cannot be claimed")


def require_own_sources(
    method: Method[Spec], copied_from: Mapping[str, object] | None
) -> None:
    """Refuse federal sources but those of the method that this one is a copy of.

    Raises:
        SourceNotYoursError: with a fault for each such threshold.
    """
    content = method.to_mapping()
    faults = [
        _fault(path)
        for path, source in method.provenance.items()
        if source.kind is ProvenanceKind.FEDERAL
        and not (copied_from and _is_kept(content, copied_from, path))
    ]
    if faults:
        raise SourceNotYoursError(faults[0].reason, faults=faults)


def _is_kept(
    content: Mapping[str, object], origin: Mapping[str, object], path: str
) -> bool:
    sources, before = content["provenance"], origin.get("provenance")
    same_source = (
        isinstance(sources, Mapping)
        and isinstance(before, Mapping)
        and sources.get(path) == before.get(path)
    )
    value = value_at(content, path)
    return same_source and value is not None and value == value_at(origin, path)


def _fault(path: str) -> Fault:
    reason = Text(
        "Федеральным может быть только порог из методики системы, взятый без "
        "изменений. Укажите local, regional, document или unconfirmed.",
        "Only a threshold that is taken unchanged from a method of the system can be "
        "federal. Give local, regional, document or unconfirmed.",
    )
    return Fault(column=f"provenance.{path}.kind", value="federal", reason=reason)
