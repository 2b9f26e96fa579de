"""Putting rows of a run together into answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.api.conditions.model_schemas import (
    ClusteringOut,
    ConditionsMethodOut,
    ConditionsOut,
    ModelOut,
)
from services.api.conditions.schemas import (
    ExplainedSchoolOut,
    IndexComparisonOut,
    PeerOut,
    PublishedRangeOut,
    SchoolConditionsOut,
    ShareOut,
)
from services.api.http.absences import AbsentOut
from shared.domain.condition_index import explain_index
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.kinds import read_method
from shared.persistence.paging import AnyRow
from shared.persistence.runs import RunRecord
from shared.persistence.tables.conditions import ConditionIndexRangeRow
from shared.persistence.tables.school_conditions import ConditionModelRow


def conditions_of(
    run: RunRecord, model: ConditionModelRow | None, absent: list[AbsentOut]
) -> ConditionsOut:
    """Return a run's envelope, its method, its model and whom it leaves out."""
    return ConditionsOut(
        **ConditionsOut.envelope_of(run),
        academic_year=run.year,
        method=ConditionsMethodOut.of(run),
        absent=absent,
        model=None if model is None else _model_of(model),
    )


def _model_of(model: ConditionModelRow) -> ModelOut:
    clustering = ClusteringOut(
        **model.clustering, silhouette=model.silhouette, reason=model.clusters_reason
    )
    figures = {name: getattr(model, name) for name in ModelOut.model_fields}
    return ModelOut.model_validate({**figures, "clustering": clustering})


def explained(
    run: RunRecord, model: ConditionModelRow, school: AnyRow
) -> ExplainedSchoolOut:
    """Return a school with each share's part in its index."""
    figures = SchoolConditionsOut.model_validate(school).model_dump()
    content = run.method_content
    method = None if content is None else read_method(content).of(Conditions).spec
    uses = () if method is None else method.shares
    parts = explain_index(uses, school.shares, model.reference)
    return ExplainedSchoolOut.model_validate(
        {
            **figures,
            "run_id": run.id,
            "academic_year": run.year,
            "leverage": school.leverage,
            "shares": [ShareOut.of(part) for part in parts],
            "basis": model.basis,
            "coefficients": model.coefficients,
            "method": ConditionsMethodOut.of(run),
        }
    )


def peer_of(
    peer: Mapping[str, Any], names: Mapping[str, str], seen: AnyRow | None
) -> PeerOut:
    """Return a peer by name and distance, with the figures that the caller may see."""
    return PeerOut(
        **peer,
        school_name=names[str(peer["school_id"])],
        index=getattr(seen, "index", None),
        shares_known=getattr(seen, "shares_known", None),
        outcome=getattr(seen, "outcome", None),
        n=getattr(seen, "n", None),
        status=getattr(seen, "status", None),
        cluster=getattr(seen, "cluster", None),
    )


def comparisons(
    computed: Mapping[int, Mapping[str, Any]],
    published: Sequence[ConditionIndexRangeRow],
) -> list[IndexComparisonOut]:
    """Put the computed and the published ranges of each year side by side."""
    by_place = {
        (row.year, row.area): PublishedRangeOut.model_validate(row) for row in published
    }
    years = sorted({*computed, *(year for year, _ in by_place)})
    return [
        IndexComparisonOut.model_validate(
            {
                "academic_year": year,
                "computed": computed.get(year),
                "municipality": by_place.get((year, "municipality")),
                "region": by_place.get((year, "region")),
            }
        )
        for year in years
    ]
