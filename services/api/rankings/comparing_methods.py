"""The methods of two runs side by side, with the word that each value rests on."""

from collections.abc import Iterator, Mapping

from services.api.http.ranking_methods import ProvenanceOut
from services.api.rankings.comparison_schemas import (
    MethodChangeOut,
    MethodDifferenceOut,
    MethodUsedOut,
)
from shared.domain.methods.comparison import differences, provenance_at
from shared.persistence.runs import RunRecord


def compare_methods(before: RunRecord, after: RunRecord) -> MethodChangeOut:
    """Return what differs between the methods that the runs used."""
    is_same = before.method_hash == after.method_hash
    was, now = before.method_content or {}, after.method_content or {}
    found = [] if is_same else differences(was, now)
    return MethodChangeOut(
        is_same=is_same,
        differences=[
            MethodDifferenceOut(
                path=each.path,
                before=each.old,
                after=each.new,
                before_provenance=_provenance(was, each.path, each.old),
                after_provenance=_provenance(now, each.path, each.new),
            )
            for each in found
        ],
        others=list(_other_methods(before, after)),
    )


def _provenance(
    content: Mapping[str, object], path: str, value: object
) -> ProvenanceOut | None:
    """Return on whose word a value of a method rests, if it has any."""
    found = None if value is None else provenance_at(content, path)
    return None if found is None else ProvenanceOut.model_validate(found)


def _other_methods(before: RunRecord, after: RunRecord) -> Iterator[MethodUsedOut]:
    """Methods beside the one that ranks, of which a run used another content."""
    was, now = (
        {(each["kind"], each["code"]): each for each in run.methods[1:]}
        for run in (before, after)
    )
    for key in sorted({*was, *now}):
        old, new = was.get(key, {}), now.get(key, {})
        if old.get("hash") != new.get("hash"):
            yield MethodUsedOut(
                kind=key[0],
                code=key[1],
                before_version=old.get("version"),
                after_version=new.get("version"),
            )
