"""GitHub, and GitHub Enterprise: OAuth 2 with no signed identity, so GitHub itself is asked who it is."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from overprint.adapters.identity.exchange import Client, ask, challenge_of, code_in, plain_claim, with_query
from overprint.ports.errors import Refused, Unavailable
from overprint.ports.identity import CLAIM_MAX_CHARACTERS, Identity, Round

SCOPES = "read:user user:email"
ACCESS_MAX_CHARACTERS = 1000
ADDRESSES_MAX = 100
PUBLIC_HOST, PUBLIC_API = "github.com", "https://api.github.com"


class GitHub:
    """``client.issuer`` is ``https://github.com``, or the address of one's own GitHub Enterprise."""

    def __init__(self, client: Client) -> None:
        self._client = client
        is_public = urlsplit(client.issuer).hostname == PUBLIC_HOST
        self._api = PUBLIC_API if is_public else f"{client.issuer}/api/v3"

    @property
    def name(self) -> str:
        return self._client.name

    @property
    def label(self) -> str:
        return self._client.label

    @property
    def issuer(self) -> str:
        return self._client.issuer

    @property
    def asks_anew(self) -> bool:
        return False

    async def page_for(self, way: Round) -> str:
        return with_query(
            f"{self.issuer}/login/oauth/authorize",
            client_id=self._client.client_id,
            redirect_uri=way.back_url,
            scope=SCOPES,
            state=way.state,
            code_challenge=challenge_of(way.verifier),
            code_challenge_method="S256",
        )

    async def read_answer(self, way: Round, answer: Mapping[str, str]) -> Identity:
        code = code_in(self._client, answer)
        form = {"code": code, "redirect_uri": way.back_url, "code_verifier": way.verifier, **self._client.posted}
        given = await ask(self._client, f"{self.issuer}/login/oauth/access_token", form=form)
        shown = plain_claim(given.get("access_token"), ACCESS_MAX_CHARACTERS) if isinstance(given, dict) else ""
        if not shown:  # GitHub says no with status 200
            raise Refused(f"{self.label} does not accept this code.", provider=self.label)
        person = await self._read("/user", shown)
        if not isinstance(person, dict) or isinstance(person.get("id"), bool) or not isinstance(person.get("id"), int):
            raise Unavailable(f"{self.label} does not say who it is.", provider=self.label)
        name = plain_claim(person.get("name"), CLAIM_MAX_CHARACTERS) or plain_claim(person.get("login"), 100)
        return Identity(self.issuer, str(person["id"]), _own_address(await self._read("/user/emails", shown)), name)

    async def check(self) -> None:
        await ask(self._client, f"{self._api}/meta")

    async def _read(self, path: str, shown: str) -> Any:
        headers = {"Authorization": f"Bearer {shown}", "Accept": "application/vnd.github+json"}
        return await ask(self._client, f"{self._api}{path}", headers=headers)


def _own_address(addresses: Any) -> str:
    """The one that they get their mail at, if GitHub has seen that it is theirs."""
    for each in addresses[:ADDRESSES_MAX] if isinstance(addresses, list) else ():
        if isinstance(each, Mapping) and each.get("primary") is True and each.get("verified") is True:
            return plain_claim(each.get("email"), CLAIM_MAX_CHARACTERS)
    return ""
