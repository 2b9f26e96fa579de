"""A method of ranking as data: what is counted, over what, with which thresholds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

import polars as pl

from services.scoring.engine.method_reading import Reader
from shared.domain.errors import Text
from shared.domain.measures import MEASURES, Direction
from shared.domain.provenance import Provenance, ProvenanceKind

THRESHOLDS = ("ranked_by", "minimum_n", "tolerance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One version of a method; a change of any part is another version.

    `procedures` and `subjects` are in alphabetical order, and empty means all.
    `minimum_n` counts pupils. `tolerance` is in the unit of the measure `ranked_by`:
    a year-on-year change up to it is no change. `provenance` has an entry for each
    of `THRESHOLDS`.
    """

    code: str
    version: int
    title: Text
    ranked_by: str
    direction: Direction
    procedures: tuple[str, ...]
    subjects: tuple[str, ...]
    minimum_n: int
    tolerance: float
    provenance: Mapping[str, Provenance] = field(hash=False)

    @classmethod
    def from_mapping(cls, mapping: object) -> "Method":
        """Read a method from plain data, as YAML or JSON gives it.

        Raises:
            InvalidInputError: If anything in it is missing, unknown or of the wrong
                kind: one fault for each, with the path of the key as its column.
        """
        reader = Reader.of(mapping)
        title = reader.section("title")
        kinds = reader.section("provenance")
        method = cls(
            code=reader.code("code"),
            version=reader.whole_number("version", at_least=1),
            title=Text(ru=title.words("ru"), en=title.words("en")),
            ranked_by=reader.choice("ranked_by", tuple(MEASURES)),
            direction=Direction(reader.choice("direction", tuple(Direction))),
            procedures=reader.names("procedures"),
            subjects=reader.names("subjects"),
            minimum_n=reader.whole_number("minimum_n", at_least=0),
            tolerance=reader.number("tolerance", at_least=0, at_most=100),
            provenance=MappingProxyType(
                {name: _provenance(kinds.section(name)) for name in THRESHOLDS}
            ),
        )
        reader.finish()
        return method

    def to_mapping(self) -> dict[str, object]:
        """Return the plain data that `from_mapping` reads back to an equal method."""
        return {
            "code": self.code,
            "version": self.version,
            "title": {"ru": self.title.ru, "en": self.title.en},
            "ranked_by": self.ranked_by,
            "direction": self.direction.value,
            "procedures": list(self.procedures),
            "subjects": list(self.subjects),
            "minimum_n": self.minimum_n,
            "tolerance": self.tolerance,
            "provenance": {
                threshold: {"kind": origin.kind.value, "source": origin.source}
                for threshold, origin in self.provenance.items()
            },
        }

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of all its content, in hexadecimal.

        Canonical: keys sorted, no blanks, UTF-8. The order of keys, procedures and
        subjects in a file does not matter, nor whether a tolerance is 5 or 5.0.
        """
        canonical = json.dumps(
            self.to_mapping(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return sha256(canonical.encode()).hexdigest()

    def covers(self) -> pl.Expr:
        """Tell which results the method counts, by their procedure and subject."""
        chosen = pl.lit(value=True)
        if self.procedures:
            chosen &= pl.col("procedure").is_in(self.procedures)
        if self.subjects:
            chosen &= pl.col("subject").is_in(self.subjects)
        return chosen


def _provenance(origin: Reader) -> Provenance:
    kind = ProvenanceKind(origin.choice("kind", tuple(ProvenanceKind)))
    return Provenance(kind=kind, source=origin.words("source"))
