"""What methods of every kind share: a name, a version, a hash, and their sources."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import ClassVar, Generic, Protocol, Self, TypeVar, cast

from shared.domain.errors import Text
from shared.domain.methods.reading import Reader
from shared.domain.provenance import Provenance, ProvenanceKind


class Spec(Protocol):
    """What a method of one kind says, beside its name and its sources.

    `thresholds` are the paths of all that somebody decided, such as ``minimum_n``:
    each needs a source.
    """

    KIND: ClassVar[str]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the kind's own keys; faults are noted with the reader."""

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance."""

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""


S_co = TypeVar("S_co", bound=Spec, covariant=True)
K = TypeVar("K", bound=Spec)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method(Generic[S_co]):
    """One version of a method; a change of any part is another version.

    `provenance` has an entry for each of the spec's thresholds.
    """

    code: str
    version: int
    title: Text
    spec: S_co
    provenance: Mapping[str, Provenance] = field(hash=False)

    @property
    def kind(self) -> str:
        """What the method is for."""
        return self.spec.KIND

    @classmethod
    def read(cls, mapping: object, kinds: Mapping[str, type[Spec]]) -> "Method[Spec]":
        """Read a method from plain data, as YAML or JSON gives it.

        Raises:
            InvalidInputError: If anything in it is missing, unknown or of the wrong
                kind: one fault for each, with the path of the key as its column.
        """
        reader = Reader.of(mapping)
        kind = reader.choice("kind", tuple(kinds))
        title = reader.section("title")
        code = reader.code("code")
        version = reader.whole_number("version", at_least=1)
        words = Text(ru=title.words("ru"), en=title.words("en"))
        spec = kinds[kind].read(reader)
        sources = reader.section("provenance")
        method = Method(
            code=code,
            version=version,
            title=words,
            spec=spec,
            provenance=MappingProxyType(
                {path: _provenance(sources.section(path)) for path in spec.thresholds}
            ),
        )
        reader.finish()
        return method

    def to_mapping(self) -> dict[str, object]:
        """Return the plain data that `read` reads back to an equal method."""
        return {
            "kind": self.kind,
            "code": self.code,
            "version": self.version,
            "title": {"ru": self.title.ru, "en": self.title.en},
            **self.spec.to_mapping(),
            "provenance": {
                threshold: {"kind": origin.kind.value, "source": origin.source}
                for threshold, origin in self.provenance.items()
            },
        }

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of all its content, in hexadecimal.

        Canonical: keys sorted, no blanks, UTF-8. The order of keys in a file does not
        matter, nor that of lists without an order, nor whether a tolerance is 5 or 5.0.
        """
        canonical = json.dumps(
            self.to_mapping(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return sha256(canonical.encode()).hexdigest()

    def of(self, kind: type[K]) -> "Method[K]":
        """Return the method as one of a kind.

        Raises:
            TypeError: It is of another kind.
        """
        if isinstance(self.spec, kind):
            return cast("Method[K]", self)
        message = f"{self.code} is a method of {self.kind}, not of {kind.KIND}"
        raise TypeError(message)


def _provenance(origin: Reader) -> Provenance:
    kind = ProvenanceKind(origin.choice("kind", tuple(ProvenanceKind)))
    return Provenance(kind=kind, source=origin.words("source"))
