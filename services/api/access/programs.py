"""All that programs are registered, and get their tokens, with."""

from fastapi import APIRouter

from services.api.access.clients.credential_routes import keys
from services.api.access.clients.credential_routes import router as credentials
from services.api.access.clients.routes import router as clients
from services.api.access.oauth.routes import router as oauth

router = APIRouter()
for each in (clients, credentials, keys, oauth):
    router.include_router(each)
