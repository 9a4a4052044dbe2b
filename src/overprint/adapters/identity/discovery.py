"""What an OpenID provider says of itself (OpenID Connect Discovery 1.0), as far as it is believed."""

from dataclasses import dataclass
from typing import Any

from overprint.adapters.identity.exchange import Client, checked_url
from overprint.ports.errors import Misconfigured

PATH = "/.well-known/openid-configuration"
# What may sign an identity, the best known first. Never ``none``, and nothing whose key we would have to share.
ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA", "Ed25519", "RS384", "ES384", "PS384", "RS512", "ES512", "PS512")


@dataclass(frozen=True, slots=True)
class Described:
    """``issuer`` stands in all that it signs; ``names_itself``: and in what comes back with a browser.

    ``tells_when``: it says when somebody showed who they are, if it is asked.
    """

    issuer: str
    page_url: str
    token_url: str
    keys_url: str
    person_url: str
    algorithms: tuple[str, ...]
    takes_basic: bool
    names_itself: bool
    tells_when: bool


def read_description(client: Client, document: Any) -> Described:
    """Raises ``Misconfigured`` for what cannot be worked with, or is of another issuer."""
    said = document if isinstance(document, dict) else {}
    issuer = said.get("issuer")
    if not isinstance(issuer, str) or issuer.rstrip("/") != client.issuer:
        raise Misconfigured(
            f"{client.label} says it is another issuer than {client.issuer}, which the settings name.",
            provider=client.label,
        )
    algorithms = tuple(each for each in ALGORITHMS if each in _texts(said.get("id_token_signing_alg_values_supported")))
    if not algorithms:
        raise Misconfigured(f"{client.label} signs in no way that can be checked.", provider=client.label)
    if "code" not in _texts(said.get("response_types_supported", ["code"])):
        raise Misconfigured(f"{client.label} gives out no codes.", provider=client.label)
    person = said.get("userinfo_endpoint")
    return Described(
        issuer,
        page_url=checked_url(client, said.get("authorization_endpoint")),
        token_url=checked_url(client, said.get("token_endpoint")),
        keys_url=checked_url(client, said.get("jwks_uri")),
        person_url=checked_url(client, person) if person else "",
        algorithms=algorithms,
        takes_basic="client_secret_basic"
        in _texts(said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        tells_when="auth_time" in _texts(said.get("claims_supported")),
    )


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
