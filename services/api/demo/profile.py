"""What synthetic results are drawn from: `deploy/demo/results.yaml`, seed included."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

DEMO_PROFILE = Path(__file__).parents[3] / "deploy" / "demo" / "results.yaml"

Share = Annotated[float, Field(ge=0, le=1)]


class DemoSubject(BaseModel):
    """A subject of the demonstration; a positive difficulty lowers its marks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    spelled: str
    grades: tuple[int, ...]
    difficulty: float


class DemoProfile(BaseModel):
    """The parameters of the draw; abilities and levels are in standard deviations."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int
    years: tuple[int, ...]
    subjects: dict[str, DemoSubject]
    mark_thresholds: tuple[float, float, float]
    weak_school_level: float
    school_level_spread: float
    yearly_drift: float
    harder_each_grade: float
    turnout: tuple[Share, Share]


def load_demo_profile(path: Path = DEMO_PROFILE) -> DemoProfile:
    """Read the profile.

    Raises:
        OSError: the file is missing.
        pydantic.ValidationError: the file is not what it should be.
    """
    return DemoProfile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
