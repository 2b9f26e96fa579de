"""What OneRoster 1.2 says of its answers, by the tables of its REST bindings."""

from typing import Any

ID = {"type": "string", "minLength": 1, "maxLength": 255}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
DAY = {"type": "string", "format": "date"}
METADATA = {"type": "object"}


def reference(kind: str) -> dict[str, Any]:
    return closed(
        {
            "href": {"type": "string", "format": "uri"},
            "sourcedId": ID,
            "type": {"const": kind},
        }
    )


def closed(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted({*properties} - {*optional}),
        "additionalProperties": False,
    }


BASE = {
    "sourcedId": ID,
    "status": {"enum": ["active", "tobedeleted"]},
    "dateLastModified": MOMENT,
    "metadata": METADATA,
}
ORG = closed(
    BASE
    | {
        "name": {"type": "string"},
        "type": {
            "enum": ["department", "school", "district", "local", "state", "national"]
        },
        "identifier": {"type": "string"},
        "parent": reference("org"),
        "children": {"type": "array", "items": reference("org")},
    },
    "metadata",
    "parent",
    "children",
)
ACADEMIC_SESSION = closed(
    BASE
    | {
        "title": {"type": "string"},
        "startDate": DAY,
        "endDate": DAY,
        "type": {"enum": ["gradingPeriod", "semester", "schoolYear", "term"]},
        "parent": reference("academicSession"),
        "children": {"type": "array", "items": reference("academicSession")},
        "schoolYear": {"type": "string", "pattern": r"^\d{4}$"},
    },
    "metadata",
    "parent",
    "children",
)
ASSESSMENT_LINE_ITEM = closed(
    BASE
    | {
        "title": {"type": "string"},
        "description": {"type": "string"},
        "class": reference("class"),
        "parentAssessmentLineItem": reference("assessmentLineItem"),
        "scoreScale": reference("scoreScale"),
        "resultValueMin": {"type": "number"},
        "resultValueMax": {"type": "number"},
        "learningObjectiveSet": {"type": "array"},
    },
    "metadata",
    "description",
    "class",
    "parentAssessmentLineItem",
    "scoreScale",
    "resultValueMin",
    "resultValueMax",
    "learningObjectiveSet",
)
STATUS_INFO = closed(
    {
        "imsx_codeMajor": {"enum": ["success", "processing", "failure", "unsupported"]},
        "imsx_severity": {"enum": ["status", "warning", "error"]},
        "imsx_description": {"type": "string", "minLength": 1},
        "imsx_CodeMinor": closed(
            {
                "imsx_codeMinorField": {
                    "type": "array",
                    "minItems": 1,
                    "items": closed(
                        {
                            "imsx_codeMinorFieldName": {"type": "string"},
                            "imsx_codeMinorFieldValue": {
                                "enum": [
                                    "fullsuccess",
                                    "invalid_filter_field",
                                    "invalid_selection_field",
                                    "invaliddata",
                                    "unauthorisedrequest",
                                    "forbidden",
                                    "server_busy",
                                    "unknownobject",
                                    "internal_server_error",
                                ]
                            },
                        }
                    ),
                }
            }
        ),
    }
)


def page_of(plural: str, item: dict[str, Any]) -> dict[str, Any]:
    return closed({plural: {"type": "array", "items": item}})
