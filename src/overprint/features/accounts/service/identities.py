"""Whom other providers vouch for, and their account: linking the two, and parting them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.principal import Principal, Via, Visitor
from overprint.core.problems import Conflict, Denied, NotFound
from overprint.features.accounts.rules.factors import keep_a_way_in
from overprint.features.accounts.service.office import Office, note
from overprint.features.accounts.service.providers import ROUND_IS_OVER, Providers
from overprint.features.accounts.service.second_factors import SecondFactors
from overprint.features.accounts.service.tokens import hash_of
from overprint.features.accounts.store import identities, passkeys, people
from overprint.ports.identity import Identity


@dataclass(frozen=True, slots=True)
class Identities:
    """Use cases of one's own identities."""

    office: Office
    providers: Providers
    factors: SecondFactors

    async def find_pending(self, token: str, browser: str) -> dict[str, Any]:
        """Which provider, and which address there, waits for a yes. Raises ``Denied``."""
        pool, now = self.office.database.system, self.office.clock.now()
        found = await identities.find_answer(pool, hash_of(token), hash_of(browser), now)
        if found is None:
            raise Denied(*ROUND_IS_OVER)
        label = self.providers.label_of(found["provider"])
        return {"label": label, "email": found["found"]["email"], "next_page": found["next_page"]}

    async def link(self, token: str, browser: str, who: Principal, visitor: Visitor) -> str:
        """Who waits for a yes may come into this account from now on. Answers where its person wanted to go.

        Raises ``NotConfirmed``, ``Denied``, ``Conflict``.
        """
        office = self.office
        _require_person(who)
        await self.factors.require_standing(who)
        async with office.database.system_transaction() as connection:
            now = office.clock.now()
            person = await people.get_person(connection, who.person_id, holds=True)
            taken = await identities.take_answer(connection, hash_of(token), hash_of(browser), now)
            if taken is None:
                raise Denied(*ROUND_IS_OVER)
            provider, identity = taken["provider"], Identity(**taken["found"])
            if await identities.add_identity(connection, who.person_id, provider, identity, now) is None:
                label = self.providers.label_of(provider)
                raise Conflict(f"This identity at {label} has an account already.", "Sign in with it.")
            await self._tell(connection, person, "identity_linked", provider)
            await note(connection, visitor, "identity.linked", who.person_id, provider=provider)
        office.poke_mail()
        return str(taken["next_page"])

    async def linked(self, person_id: UUID) -> dict[str, str]:
        """With whom this person can show once more who they are: what people call them, by name. Who has a passkey,
        only with those who ask them anew."""
        pool, offered = self.office.database.system, self.providers.offered()
        names = {row["provider"] for row in await identities.list_identities(pool, person_id)}
        if await passkeys.count_passkeys(pool, person_id):
            names = {name for name in names & set(offered) if self.providers.by_name[name].asks_anew}
        return {name: label for name, label in offered.items() if name in names}

    async def list_identities(self, person_id: UUID) -> list[dict[str, Any]]:
        """Who vouches for this person, the oldest first."""
        rows = await identities.list_identities(self.office.database.system, person_id)
        return [{**row, "label": self.providers.label_of(row["provider"])} for row in rows]

    async def unlink(self, identity_id: UUID, who: Principal, visitor: Visitor) -> None:
        """It leads into the account no more. Raises ``NotConfirmed``, ``NotFound``, ``Conflict`` for the last way."""
        office = self.office
        if who.via is not Via.LOCAL:  # who has no account has nothing to take away either
            _require_person(who)
        await self.factors.require_standing(who)
        async with office.database.system_transaction() as connection:
            person = await people.get_person(connection, who.person_id, holds=True)
            provider = await identities.drop_identity(connection, who.person_id, identity_id)
            if provider is None:
                raise NotFound("There is no such identity.", "GET /api/auth/identities lists yours.")
            keep_a_way_in(
                has_password=person["password_hash"] is not None,
                passkeys=await passkeys.count_passkeys(connection, who.person_id),
                identities=await identities.count_identities(connection, who.person_id, self.providers.offered()),
            )
            await self._tell(connection, person, "identity_unlinked", provider)
            await note(connection, visitor, "identity.unlinked", who.person_id, provider=provider)
        office.poke_mail()

    async def _tell(self, connection: asyncpg.Connection, person: Mapping[str, Any], kind: str, provider: str) -> None:
        if person["email"]:
            about = {"name": person["name"], "label": self.providers.label_of(provider)}
            await self.office.post(connection, kind, person["email"], link="/account", **about)


def _require_person(who: Principal) -> None:
    """Raises ``Denied`` for a key, a guest, and the owner of this machine, who has no account."""
    if who.via is not Via.SESSION:
        raise Denied("There is no account to change.", "Sign in as a person.")
