"""What deadlines are called, in both languages."""

from pydantic import BaseModel, ConfigDict


class TitlesOut(BaseModel):
    """A title in both languages; the same where nobody has translated it."""

    model_config = ConfigDict(from_attributes=True)

    ru: str
    en: str
