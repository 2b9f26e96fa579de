"""What synthetic results are drawn from: `deploy/demo/results.yaml`, seed included."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.api.data_files import FileModel, read_data_file

DEMO_PROFILE = Path(__file__).parents[3] / "deploy" / "demo" / "results.yaml"

Share = Annotated[float, Field(ge=0, le=1)]


class DemoSubject(FileModel):
    """A subject of the demonstration; a positive difficulty lowers its marks."""

    spelled: str
    grades: tuple[int, ...]
    difficulty: float


class DemoProfile(FileModel):
    """The parameters of the draw; abilities and levels are in standard deviations."""

    seed: int
    years: tuple[int, ...]
    subjects: dict[str, DemoSubject]
    mark_thresholds: tuple[float, float, float]
    weak_school_level: float
    school_level_spread: float
    yearly_drift: float
    harder_each_grade: float
    turnout: tuple[Share, Share]
    absent_from_sample: tuple[str, ...]  # schools that the sample upload leaves out


def load_demo_profile(path: Path = DEMO_PROFILE) -> DemoProfile:
    """Read the profile.

    Raises:
        DataFileError: the file is missing or is not what it should be.
    """
    return read_data_file(path, DemoProfile)
