"""What OpenID providers say is believed only if they signed it, for us, in this round, just now."""

import asyncio
import base64
import json
import time
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey
from starlette.responses import JSONResponse, Response

from overprint.adapters.hosted.endpoint import Patience
from overprint.adapters.identity.discovery import Described
from overprint.adapters.identity.oidc import KNOWN_FOR, NEW_KEYS_EVERY, OidcProvider
from overprint.adapters.identity.tokens import Unbelievable, read_token
from overprint.ports.errors import Misconfigured, Refused, Unavailable
from overprint.ports.identity import Identity
from tests.contracts.identity.conftest import BACK_URL, client_of, way
from tests.support.clock import SetClock
from tests.support.identity_server import IdentityServer, huge, slow
from tests.support.oidc import OidcServer

NOW = int(time.time())
DISCOVERY = "/.well-known/openid-configuration"


def provider_at(server: IdentityServer) -> OidcProvider:
    return OidcProvider(client_of(server.issuer), server.clock)


async def one_round(server: IdentityServer, provider: OidcProvider | None = None, **query: str) -> Identity:
    provider, begun = provider or provider_at(server), way(SetClock())
    answer = server.approve(await provider.page_for(begun))
    return await provider.read_answer(begun, {**answer, **query})


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"aud": "somebody-else"}, "for somebody else"),
        ({"aud": ["somebody-else"]}, "for somebody else"),
        ({"aud": ["overprint-tests", "other"]}, "does not say who asked"),
        ({"aud": ["overprint-tests", "other"], "azp": "other"}, "somebody else asked"),
        ({"azp": "other"}, "somebody else asked"),
        ({"nonce": "of another round"}, "another round"),
        ({"nonce": None}, "another round"),
        ({"nonce": ["x"]}, "another round"),
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"exp": NOW - 61}, "is over"),
        ({"exp": None}, "is over"),
        ({"exp": "tomorrow"}, "is over|does not hold"),
        ({"iat": NOW - 3600}, "not of this round"),
        ({"iat": NOW + 3600}, "not of this round"),
        ({"iat": None}, "not of this round"),
        ({"nbf": NOW + 3600}, "not good yet"),
        ({"sub": ""}, "does not say who"),
        ({"sub": None}, "does not say who"),
        ({"sub": 7}, "does not say who"),
        ({"sub": "x" * 256}, "does not say who"),
        ({"sub": "m-1\0"}, "does not say who"),
    ],
)
async def test_a_claim_that_is_wrong_makes_the_whole_unbelievable(
    server: IdentityServer, claims: dict[str, Any], says: str
) -> None:
    server.claims = claims
    with pytest.raises(Refused, match=says):
        await one_round(server)


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({}, "mira@example.org"),
        ({"email_verified": "true"}, "mira@example.org"),
        ({"email_verified": False}, ""),
        ({"email_verified": None}, ""),
        ({"email_verified": 1.5}, ""),
        ({"email": "mira@example.org\r\nBcc: x"}, ""),
        ({"email": "x" * 400}, ""),
        ({"email": ["mira@example.org"]}, ""),
    ],
)
async def test_an_address_counts_only_when_the_provider_says_that_it_is_theirs(
    server: IdentityServer, claims: dict[str, Any], email: str
) -> None:
    server.claims = claims
    assert (await one_round(server)).email == email


async def test_the_address_is_asked_for_where_the_token_has_none(server: IdentityServer) -> None:
    server.claims = {"email": None, "name": None}
    assert (await one_round(server)).email == "mira@example.org"
    server.answers["/me"] = lambda: JSONResponse({"sub": "somebody else", "email": "x@example.org"})
    with pytest.raises(Refused, match="another person"):
        await one_round(server)


async def test_several_audiences_are_fine_when_we_are_who_asked(server: IdentityServer) -> None:
    server.claims = {"aud": ["overprint-tests", "other"], "azp": "overprint-tests"}
    assert (await one_round(server)).subject == "m-1"


async def test_who_shall_show_themselves_anew_is_sent_to_do_so(server: IdentityServer) -> None:
    provider, begun = provider_at(server), way(SetClock(), is_fresh=True)
    url = await provider.page_for(begun)
    assert "prompt=login" in url and "max_age=0" in url
    server.claims = {"auth_time": NOW - 3600}
    with pytest.raises(Refused, match="long ago"):
        await provider.read_answer(begun, server.approve(url))
    server.claims = {"auth_time": int(begun.began_at.timestamp()) + 1}
    assert (await provider.read_answer(begun, server.approve(url))).subject == "m-1"


async def test_a_provider_that_can_tell_when_they_did_has_to(server: IdentityServer) -> None:
    url = await provider_at(server).page_for(begun := way(SetClock(), is_fresh=True))
    assert (await provider_at(server).read_answer(begun, server.approve(url))).subject == "m-1", "it never tells"
    server.description = {"claims_supported": ["sub", "auth_time"]}
    with pytest.raises(Refused, match="does not tell when"):
        await provider_at(server).read_answer(begun, server.approve(url))


def test_a_nonce_that_no_text_can_hold_is_no_nonce() -> None:
    key, begun = ECKey.generate_key("P-256"), way(SetClock())
    described = Described(
        "https://id.example", *("",) * 4, ("ES256",), takes_basic=True, names_itself=False, tells_when=False
    )
    claims: dict[str, Any] = {"iss": "https://id.example", "aud": "us", "sub": "m-1", "nonce": "\ud800"}
    claims |= {"iat": begun.began_at.timestamp(), "exp": begun.began_at.timestamp() + 300}
    with pytest.raises(Unbelievable, match="another round"):
        read_token(
            jws.serialize_compact({"alg": "ES256"}, json.dumps(claims), key),
            [key],
            described,
            "us",
            begun,
            begun.began_at,
        )


def _unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


@pytest.mark.parametrize("how", ["none", "HS256", "other key", "no kid, other key", "no token", "long", "nonsense"])
async def test_what_the_provider_did_not_sign_is_nothing(server: IdentityServer, how: str) -> None:
    claims = {"iss": server.issuer, "aud": "overprint-tests", "sub": "m-1", "iat": NOW, "exp": NOW + 300}
    claims |= {"nonce": way(SetClock()).nonce}
    public = json.dumps(server.key.as_dict(private=False)).encode()
    other = ECKey.generate_key("P-256")
    tokens: dict[str, Any] = {
        "none": _unsigned(claims),
        "HS256": jwt.encode({"alg": "HS256", "kid": server.key.kid}, claims, OctKey.import_key(public)),
        "other key": jwt.encode({"alg": "ES256", "kid": server.key.kid}, claims, other),
        "no kid, other key": jwt.encode({"alg": "ES256"}, claims, other),
        "no token": None,
        "long": "x" * 40_000,
        "nonsense": "a.b.c",
    }
    server.answers["/token"] = lambda: JSONResponse({"access_token": "x", "id_token": tokens[how]})
    with pytest.raises(Refused, match="cannot be believed"):
        await one_round(server)


async def test_keys_are_asked_for_anew_when_an_unknown_one_signed_but_not_at_every_try(server: IdentityServer) -> None:
    clock = SetClock()
    server.clock = clock
    provider = provider_at(server)
    await one_round(server, provider)
    server.rotate()
    with pytest.raises(Refused, match="not known"):
        await one_round(server, provider)
    assert server.asked.count("/jwks") == 1
    clock.ahead += NEW_KEYS_EVERY
    assert (await one_round(server, provider)).subject == "m-1"
    assert server.asked.count("/jwks") == 2 and server.asked.count(DISCOVERY) == 1
    clock.ahead += KNOWN_FOR
    await provider.page_for(way(clock))
    assert server.asked.count(DISCOVERY) == 2


async def test_a_real_provider_may_change_its_keys(real_provider: OidcServer) -> None:
    clock = SetClock()
    provider = OidcProvider(client_of(real_provider.issuer, Patience(5.0, 20.0, 20.0)), clock)
    await provider.check()
    real_provider.rotate()
    clock.ahead += NEW_KEYS_EVERY
    begun = way(clock)
    answer = await asyncio.to_thread(real_provider.sign_in, await provider.page_for(begun), "nina", BACK_URL)
    assert (await provider.read_answer(begun, answer)).email == "nina@example.org"


async def test_what_comes_back_names_its_issuer_where_the_provider_does_so(server: IdentityServer) -> None:
    with pytest.raises(Refused, match="another issuer"):
        await one_round(server, iss="https://evil.example")
    server.description = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(Refused, match="another issuer"):
        await one_round(server)
    assert (await one_round(server, iss=server.issuer)).subject == "m-1"


async def test_an_issuer_may_end_with_a_slash(server: IdentityServer) -> None:
    server.description = server.claims = {"iss": f"{server.issuer}/", "issuer": f"{server.issuer}/"}
    assert (await one_round(server)).issuer == f"{server.issuer}/"


async def test_our_secret_goes_where_the_provider_takes_it(server: IdentityServer) -> None:
    server.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    with pytest.raises(Misconfigured, match="let us in"):  # this one takes it in the header alone
        await one_round(server)


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"id_token_signing_alg_values_supported": None},
        {"response_types_supported": ["token"]},
        {"token_endpoint": "http://169.254.169.254/token"},
        {"token_endpoint": "https://169.254.169.254/token"},
        {"token_endpoint": "https://[fd00::1]/token"},
        {"token_endpoint": "http://example.org/token"},
        {"token_endpoint": "https://user@example.org/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"jwks_uri": "http://[::1"},
        {"userinfo_endpoint": ["x"]},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "https://0xa9fea9fe/keys"},
        {"jwks_uri": "https://127.0.0.1./keys"},
        {"authorization_endpoint": "https://example.org/\nx"},
    ],
)
async def test_a_description_that_leads_astray_is_for_the_operator(
    server: IdentityServer, description: dict[str, Any]
) -> None:
    server.description = description
    with pytest.raises(Misconfigured):
        await provider_at(server).check()


@pytest.mark.parametrize("path", [DISCOVERY, "/jwks", "/token"])
@pytest.mark.parametrize("mood", ["slow", "huge", "down", "html", "deep", "elsewhere"])
async def test_a_provider_in_trouble_is_waited_for_only_so_long(server: IdentityServer, path: str, mood: str) -> None:
    moods: dict[str, Any] = {
        "huge": huge,
        "down": lambda: JSONResponse({}, 503),
        "html": lambda: Response("<html>"),
        "deep": lambda: Response("[" * 100_000),
        "elsewhere": lambda: Response(status_code=302, headers={"Location": f"{server.issuer}/me"}),
        "slow": slow,
    }
    server.answers[path] = moods[mood]
    with pytest.raises((Unavailable, Misconfigured)):
        await asyncio.wait_for(one_round(server), 5)


async def test_a_provider_that_is_away_is_said_to_be(server: IdentityServer) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        await OidcProvider(client_of("http://127.0.0.1:9"), SetClock()).check()
