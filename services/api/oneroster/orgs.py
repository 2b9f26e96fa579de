"""Orgs: regions as states, municipalities as districts, and their schools."""

from typing import Any, Final

from sqlalchemy import (
    CompoundSelect,
    Date,
    DateTime,
    Integer,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.api.oneroster.collections import (
    Collection,
    Item,
    named_in,
    reference,
    without_nulls,
)
from services.api.oneroster.moments import LONG_AGO, changed_at, shown_moment
from shared.persistence.paging import AnyRow
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.schools import SchoolIdentifierRow, SchoolRow

_REGION = RegionRow.__table__.c
_MUNICIPALITY = MunicipalityRow.__table__.c
_SCHOOL = SchoolRow.__table__.c
_CODE = SchoolIdentifierRow.__table__.c
_HEAD = SchoolRow.__table__.alias("head")

OF_SCHOOLS: Final = ("schools", "school-identifiers")
ACTIVE: Final = "active"
ENDED: Final = "tobedeleted"


def sourced_id_of(kind: str, number: Any) -> Any:
    """Return the sourcedId of a row: `school-15`."""
    return func.concat(literal(f"{kind}-"), number, type_=Text)


def _regions() -> Any:
    changed = changed_at(
        OF_SCHOOLS, MunicipalityRow.__table__, _MUNICIPALITY.region_id == _REGION.id
    )
    return select(
        literal(0, Integer).label("level"),
        _REGION.id.label("number"),
        sourced_id_of("region", _REGION.id).label("sourcedId"),
        literal(ACTIVE, Text).label("status"),
        func.coalesce(changed, LONG_AGO).label("dateLastModified"),
        _REGION.name.label("name"),
        literal("state", Text).label("type"),
        _REGION.code.label("identifier"),
        cast(null(), Text).label("parent"),
        cast(null(), JSONB).label("metadata"),
    ).where(
        # Regions are no tenants: a neighbour's would be seen.
        select(_MUNICIPALITY.id).where(_MUNICIPALITY.region_id == _REGION.id).exists()
    )


def _municipalities() -> Any:
    changed = changed_at(OF_SCHOOLS, None, _MUNICIPALITY.id)
    return select(
        literal(1, Integer),
        _MUNICIPALITY.id,
        sourced_id_of("municipality", _MUNICIPALITY.id),
        literal(ACTIVE, Text),
        func.coalesce(changed, LONG_AGO),
        _MUNICIPALITY.name,
        literal("district", Text),
        _MUNICIPALITY.code,
        sourced_id_of("region", _MUNICIPALITY.region_id),
        func.jsonb_build_object(
            *("timeZone", _MUNICIPALITY.time_zone),
            *("synthetic", _MUNICIPALITY.synthetic),
        ),
    )


def _schools() -> Any:
    zone, now = _MUNICIPALITY.time_zone, bindparam("now", type_=DateTime(timezone=True))
    today = cast(func.timezone(zone, now), Date)
    has_ended = _SCHOOL.closed_on <= today
    ended_at = case((has_ended, func.timezone(zone, cast(_SCHOOL.closed_on, DateTime))))
    changed = changed_at(OF_SCHOOLS, None, _SCHOOL.municipality_id, _SCHOOL.id)
    return (
        select(
            literal(2, Integer),
            _SCHOOL.id,
            sourced_id_of("school", _SCHOOL.id),
            case((has_ended, ENDED), else_=ACTIVE),
            func.coalesce(func.greatest(changed, ended_at), LONG_AGO),
            _SCHOOL.name,
            literal("school", Text),
            _SCHOOL.code,
            case(
                (_HEAD.c.id.is_not(None), sourced_id_of("school", _HEAD.c.id)),
                else_=sourced_id_of("municipality", _SCHOOL.municipality_id),
            ),
            func.jsonb_build_object(
                *("kind", _SCHOOL.kind),
                *("locality", _SCHOOL.locality),
                *("openedOn", _SCHOOL.opened_on),
                *("closedOn", _SCHOOL.closed_on),
                *("synthetic", _SCHOOL.synthetic),
                *("identifiers", _identifiers()),
            ),
        )
        .join(MunicipalityRow.__table__, _MUNICIPALITY.id == _SCHOOL.municipality_id)
        .outerjoin(_HEAD, _HEAD.c.id == _SCHOOL.parent_id)
    )


def _identifiers() -> Any:
    """Return by which codes other systems know a school, and when."""
    code = func.jsonb_strip_nulls(
        func.jsonb_build_object(
            *("kind", _CODE.kind),
            *("value", _CODE.value),
            *("validFrom", _CODE.valid_from),
            *("validTo", _CODE.valid_to),
        )
    )
    return (
        select(
            func.coalesce(
                func.jsonb_agg(aggregate_order_by(code, _CODE.id)), cast("[]", JSONB)
            )
        )
        .where(_CODE.school_id == _SCHOOL.id)
        .scalar_subquery()
    )


def _all() -> CompoundSelect[Any]:
    return union_all(_regions(), _municipalities(), _schools())


_PLAIN = _all().cte("plain_orgs")
_CHILD = _PLAIN.alias("child")
_ROWS = select(
    *_PLAIN.c,
    select(
        func.array_agg(
            aggregate_order_by(_CHILD.c.sourcedId, _CHILD.c.level, _CHILD.c.number)
        )
    )
    .where(_CHILD.c.parent == _PLAIN.c.sourcedId)
    .scalar_subquery()
    .label("children"),
).subquery("orgs")


def _shown(row: AnyRow, root: str) -> Item:
    parent, children, metadata = row.parent, row.children or (), row.metadata
    return without_nulls(
        {
            "sourcedId": row.sourcedId,
            "status": row.status,
            "dateLastModified": shown_moment(row.dateLastModified),
            "metadata": metadata and without_nulls(metadata),
            "name": row.name,
            "type": row.type,
            "identifier": row.identifier,
            "parent": parent and reference(root, "orgs", parent, "org"),
            "children": [reference(root, "orgs", child, "org") for child in children],
        }
    )


def _collection(plural: str) -> Collection:
    return Collection(
        plural,
        "org",
        _ROWS,
        named_in(_ROWS.c.sourcedId),
        (_ROWS.c.level, _ROWS.c.number),
        {
            name: _ROWS.c[name]
            for name in (
                "sourcedId",
                "status",
                "dateLastModified",
                "name",
                "type",
                "identifier",
            )
        }
        | {"parent.sourcedId": _ROWS.c.parent},
        (
            "sourcedId",
            "status",
            "dateLastModified",
            "metadata",
            "name",
            "type",
            "identifier",
            "parent",
            "children",
        ),
        _shown,
    )


ORGS: Final = _collection("orgs")
IS_SCHOOL: Final = _ROWS.c.type == "school"
