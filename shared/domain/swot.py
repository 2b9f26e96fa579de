"""The four fields of a SWOT analysis."""

from typing import Final

QUADRANTS: Final = ("strengths", "weaknesses", "opportunities", "threats")
