"""What the running api holds for its requests, built once for all of them."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.feed import Feed
from services.api.http.errands import Errands
from services.api.http.inbox_bells import InboxBells
from services.api.http.traffic import Traffic
from services.api.identity.provider import IdentityProvider
from shared.persistence.reading import ReadingPool
from shared.runtime.file_store import FileStore
from shared.runtime.queue import ArqQueue
from shared.runtime.settings import ApiSettings
from shared.runtime.sweeper import Sweeper


@dataclass(frozen=True, slots=True)
class ApiState:
    """Built once by the application, given to every request."""

    settings: ApiSettings
    engine: AsyncEngine
    queue: ArqQueue
    relay: Sweeper
    errands: Errands
    reads: ReadingPool
    identity: IdentityProvider | None
    files: FileStore
    requests: CollectorRegistry
    inbox_bells: InboxBells
    feed: Feed
    traffic: Traffic


def state_of(request: Request) -> ApiState:
    """Return the state of the application that serves the request."""
    return cast("ApiState", request.app.state.api)
