"""Commands of the api: `python -m services.api.cli --help`."""

from services.api.cli.application import app
from services.api.cli.setting_up import DEPLOY

__all__ = ["DEPLOY", "app"]
