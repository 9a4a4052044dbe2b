"""Providers of identities behind one handle: an adapter, and what the person at the provider's page does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

import pytest

from overprint.adapters.hosted.endpoint import Patience
from overprint.adapters.identity.exchange import Client
from overprint.adapters.identity.github import GitHub
from overprint.adapters.identity.oidc import OidcProvider
from overprint.ports.identity import IdentityProvider, Round
from tests.support import identity_server, oidc
from tests.support.clock import SetClock
from tests.support.identity_server import IdentityServer
from tests.support.oidc import OidcServer

BACK_URL = "http://127.0.0.1:8000/api/auth/oidc/work/callback"
SHORT = Patience(connect_seconds=0.5, silence_seconds=0.5, total_seconds=0.5)


@dataclass
class World:
    """``sign_in``: what comes back from the provider's page after Mira said yes there."""

    provider: IdentityProvider
    clock: SetClock
    issuer: str
    sign_in: Callable[[str], Awaitable[dict[str, str]]]


def way(clock: SetClock, *, is_fresh: bool = False, **changes: str) -> Round:
    secrets = {name: f"{name}-" + "x" * 40 for name in ("state", "nonce", "verifier")}
    return Round(**{**secrets, **changes}, back_url=BACK_URL, began_at=clock.now(), is_fresh=is_fresh)


def client_of(issuer: str, patience: Patience = SHORT, name: str = "work", label: str = "Work") -> Client:
    return Client(name, label, issuer, identity_server.CLIENT_ID, identity_server.CLIENT_SECRET, patience)


@pytest.fixture(scope="session")
def real_provider() -> Iterator[OidcServer]:
    with oidc.oidc_server(BACK_URL) as server:
        yield server


@pytest.fixture
async def server() -> AsyncIterator[IdentityServer]:
    """A provider that says what a test wants."""
    async with identity_server.identity_server(SetClock()) as opened:
        yield opened


@pytest.fixture(params=["oidc-provider", "oidc", "github"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    clock = SetClock()
    if request.param == "oidc-provider":
        real: OidcServer = request.getfixturevalue("real_provider")

        async def sign_in(url: str) -> dict[str, str]:
            return await asyncio.to_thread(real.sign_in, url, "mira", BACK_URL)

        patient = Patience(5.0, 20.0, 20.0)
        yield World(OidcProvider(client_of(real.issuer, patient), clock), clock, real.issuer, sign_in)
        return
    async with identity_server.identity_server(clock) as opened:

        async def approve(url: str) -> dict[str, str]:
            return opened.approve(url)

        client = client_of(opened.issuer, Patience(5.0, 20.0, 20.0))
        provider = GitHub(client) if request.param == "github" else OidcProvider(client, clock)
        yield World(provider, clock, opened.issuer, approve)
