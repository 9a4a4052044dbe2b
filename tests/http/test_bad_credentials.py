"""Credentials that are none: every operation that asks who it is answers all of them alike, and keeps nothing."""

import base64
import hashlib
import hmac
import json
import re
from typing import Any

from overprint.adapters.payments import signing
from overprint.features.accounts import rules
from overprint.ports.payments import BODY_MAX_BYTES
from tests.features.accounts.conftest import PASSWORD, Town, open_town, town
from tests.http.test_tenant_walk import MIRA, made

__all__ = ["open_town", "town"]

ABSENT = "00000000-0000-7000-8000-000000000000"
SIGN_IN = "/api/auth/login"


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed(header: dict[str, str], claims: dict[str, Any], key: bytes) -> str:
    said = f"{part(header)}.{part(claims)}"
    seal = hmac.new(key, said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"


def claims_of(token: str) -> dict[str, Any]:
    said = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    return found


def made_up(token: str) -> dict[str, str]:
    """What looks like this good token, and is not."""
    header, claims, seal = token.split(".")
    theirs = claims_of(token) | {"sub": ABSENT}
    plain = {"alg": "HS256", "typ": "JWT"}
    return {
        "cut short": f"Bearer {token[:-4]}",
        "of somebody else": f"Bearer {header}.{part(theirs)}.{seal}",
        "signed by nobody": f"Bearer {part({'alg': 'none'})}.{claims}.",
        "signed by another": f"Bearer {signed(plain, claims_of(token), b'another key that is long enough!')}",
        "signed with nothing": f"Bearer {signed(plain, claims_of(token), b'')}",
        "no token": "Bearer a.b.c",
        "a key that nobody made": f"Bearer {rules.KEY_PREFIX}{'x' * 40}",
        "far too long": "Bearer " + "x" * 5000,
        "not of this world": "Bearer \u00e9\u00ff",
        "of another scheme": "Basic bWlyYTp4",
        "empty": "Bearer ",
    }


async def test_no_operation_takes_a_token_that_we_did_not_make(town: Town) -> None:
    await town.person(MIRA)
    client = await town.visitor()
    good = (await made(await client.post(SIGN_IN, json={"email": MIRA, "password": PASSWORD, "tokens": True})))[
        "access_token"
    ]
    client.cookies.clear()
    assert (await client.get("/api/books", headers={"Authorization": f"Bearer {good}"})).status_code == 200
    for kind, shown in made_up(good).items():
        answer = await client.get("/api/books", headers=[(b"authorization", shown.encode("latin-1"))])
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), kind
    paths = (await made(await client.get("/api/openapi.json")))["paths"]
    asking = [(method, path) for path, item in paths.items() for method in item if item[method]["security"]]
    assert len(asking) > 100
    forged = {"Authorization": made_up(good)["signed by another"]}
    for method, path in asking:
        answer = await client.request(method, re.sub(r"{\w+}", ABSENT, path), headers=forged)
        assert answer.status_code == 401, f"{method} {path}: {answer.text}"
    town.later(minutes=16)
    late = await client.get("/api/books", headers={"Authorization": f"Bearer {good}"})
    assert late.status_code == 401


async def test_news_of_payments_that_is_unsigned_or_too_long_is_refused_and_not_kept(town: Town) -> None:
    client = await town.visitor()
    body = json.dumps({"id": "evt_1", "type": "invoice.paid", "object_id": "in_1"}).encode()
    now = town.clock.now()
    for signature in ("", "t=1,v1=00", "v1=00", "t=x,v1=", signing.sign(body, "a secret of somebody else", now)):
        answer = await client.post("/api/billing/webhook", content=body, headers={"Stripe-Signature": signature})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), signature
    answer = await client.post("/api/stripe/webhook", content=b" " * (BODY_MAX_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "limit_reached")
    assert await town.house.database.system.fetchval("SELECT count(*) FROM payment_events") == 0
