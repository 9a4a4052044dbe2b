"""Those around a paid chaos run: people with teams and keys, who takes their money, and the courier who tells of it.

The provider is the stand-in for Stripe of the contract tests. It lives with whoever watches the run, so no kill reaches
it: what it knows was paid is the truth that the house is judged by.
"""

import asyncio
import itertools
import json
import random
import re
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from overprint.adapters.payments import signing
from overprint.core.tasks import end_tasks
from overprint.features.teams import Action
from tests.contracts.payments.stripe_server import KEY, SECRET, StripeServer
from tests.support.chaos_client import AGAIN_SECONDS, client
from tests.support.clock import SetClock

BANK_SECONDS = 3.0
PASSWORD = "three loud geese"
STRIPE = {
    "OVERPRINT_PAYMENTS_PROVIDER": "stripe",
    "OVERPRINT_PAYMENTS_API_KEY": KEY,
    "OVERPRINT_PAYMENTS_WEBHOOK_SECRET": SECRET,
}


@dataclass
class Provider(StripeServer):
    """Stripe's stand-in, with a page per checkout, where anybody pays by asking for it.

    Every third pack, the second first, is paid by bank, which takes a while and refuses every second time.
    """

    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    packs: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    deciding: dict[str, bool] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)

    def app(self) -> Starlette:
        made = super().app()
        made.router.routes.insert(0, Route("/pay/{id}", self._pay, methods=["POST"]))
        return made

    def _session(self, given: Mapping[str, Any]) -> dict[str, Any]:
        page = f"https://checkout.stripe.example/cs_{len(self.objects) + 1}"
        return {**super()._session(given), "url": page}

    async def _pay(self, request: Request) -> Response:
        session = self.objects[request.path_params["id"]]
        if session["status"] != "open":
            return JSONResponse({})
        number = next(self.packs) if session["mode"] == "payment" else 1
        if number % 3 != 2:
            self.pay(session["id"])
        else:
            self.send(session["id"])
            self.sent.add(session["id"])
            self.deciding[session["id"]] = bool(number % 2)
            asyncio.get_running_loop().call_later(BANK_SECONDS, self.let_decide, session["id"])
        return JSONResponse({})

    def let_decide(self, session_id: str) -> None:
        """The bank of this page, unless it has decided."""
        pays = self.deciding.pop(session_id, None)
        if pays is not None:
            self.decide(session_id, pays=pays)

    def tell(self, kind: str, thing: Mapping[str, Any]) -> None:
        event = {"id": f"evt_{next(self.numbers)}", "object": "event", "type": kind, "data": {"object": dict(thing)}}
        if "livemode" in thing:
            event["livemode"] = thing["livemode"]
        self.events.append(json.dumps(event).encode())

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [made for made in self.objects.values() if made.get("object") == kind]


@asynccontextmanager
async def open_provider() -> AsyncIterator[tuple[Provider, str]]:
    """The provider, and its address on this machine."""
    provider = Provider(SetClock())
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(provider.app(), log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield provider, f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await end_tasks(serving)


@dataclass
class Courier:
    """Brings what the provider tells: late, in any order, more than once, under new ids, now and then forged.

    As Stripe does, it comes again until it was answered. ``told`` counts what was brought, by how; ``faults`` are
    answers that should not be.
    """

    provider: Provider
    port: int
    chance: random.Random
    patience_seconds: float
    told: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("once", "again", "renamed", "forged"), 0))
    faults: list[str] = field(default_factory=list)
    _under_way: set["asyncio.Task[None]"] = field(default_factory=set)

    async def run(self) -> None:
        """Until cancelled; ``finish`` waits for what is under way."""
        async with client(self.port) as http:
            try:
                while True:
                    self._send_out(http)
                    await asyncio.sleep(AGAIN_SECONDS)
            finally:
                await end_tasks(*self._under_way)

    async def finish(self) -> None:
        """Everything that was told has arrived."""
        while self.provider.events or self._under_way:
            await asyncio.sleep(AGAIN_SECONDS)

    def _send_out(self, http: httpx.AsyncClient) -> None:
        told, self.provider.events = self.provider.events, []
        for number, body in enumerate(told):
            ways = {"once": body}
            if self.chance.random() < 0.5:
                ways["again"] = body
            if self.chance.random() < 0.5:
                ways["renamed"] = body.replace(b'"id": "evt_', b'"id": "evt_again_', 1)
            if number % 4 == 0:
                ways["forged"] = body
            for way, said in ways.items():
                task = asyncio.create_task(self._bring(http, way, said))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)

    async def _bring(self, http: httpx.AsyncClient, way: str, body: bytes) -> None:
        await asyncio.sleep(self.chance.uniform(0, self.patience_seconds))
        while True:
            secret = "whsec_of_somebody_else" if way == "forged" else SECRET
            headers = {"Stripe-Signature": signing.sign(body, secret, datetime.now(UTC))}
            path = self.chance.choice(("/api/billing/webhook", "/api/stripe/webhook"))
            with suppress(httpx.TransportError):
                answer = await http.post(path, content=body, headers=headers)
                if answer.status_code < 500:
                    self.told[way] += 1
                    if answer.is_success == (way == "forged"):
                        self.faults.append(f"news told {way} was answered {answer.status_code}: {answer.text}")
                    return
            await asyncio.sleep(AGAIN_SECONDS)


async def settle_in(port: int, superuser_url: str, people: int) -> tuple[str, ...]:
    """People who register and confirm, each with a team of their own: an API key of each, for everything."""
    connection = await asyncpg.connect(superuser_url)
    try:
        async with client(port) as http:
            http.headers["Origin"] = str(http.base_url).rstrip("/")
            await _until_there(http)
            return tuple([await _key_of_new(http, connection, f"person{n}@example.org") for n in range(people)])
    finally:
        await connection.close()


async def _until_there(http: httpx.AsyncClient) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if (await http.get("/api/ping")).is_success:
                return
        await asyncio.sleep(AGAIN_SECONDS)
    raise TimeoutError("the web process does not come up")


async def _key_of_new(http: httpx.AsyncClient, connection: asyncpg.Connection, email: str) -> str:
    card = {"name": "Somebody", "email": email, "password": PASSWORD}
    await _sent(http, "register", card)
    mail = "SELECT text FROM {} WHERE recipient = $1"
    both = f"{mail.format('outgoing_mail')} UNION ALL {mail.format('kept_mail')}"
    found = re.search(r"token=(\S+)", await connection.fetchval(both, email))
    assert found
    await _sent(http, "verify-email", {"token": found[1], "password": PASSWORD})
    signed_in = await _sent(http, "login", {"email": email, "password": PASSWORD, "tokens": True})
    http.cookies.clear()
    wanted = {"name": "chaos", "scopes": sorted(map(str, Action))}
    bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
    made = await http.post("/api/keys", json=wanted, headers=bearer)
    assert made.is_success, made.text
    return str(made.json()["key"])


async def _sent(http: httpx.AsyncClient, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = await http.post(f"/api/auth/{what}", json=body)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json() if answer.content else {}
    return found
