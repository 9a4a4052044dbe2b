"""API keys: made for a team by one of its people, shown once, kept hashed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from overprint.core.clock import Clock
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Via
from overprint.core.problems import Denied, Invalid, LimitReached, NotFound
from overprint.db.database import Transaction
from overprint.features.accounts import rules
from overprint.features.accounts.service.tokens import hash_of, new_secret
from overprint.features.accounts.store import keys
from overprint.features.audit import record

SHOWN_CHARACTERS = 6

# The table of who may do what is on a floor above: the house hands in its names, and who may do one.
Permit = Callable[[Principal, str], None]


@dataclass(frozen=True, slots=True)
class Keys:
    """Use cases of API keys. ``permit`` raises ``Denied`` for what may not be done; ``scopes`` are all there are."""

    clock: Clock
    scopes: frozenset[str]
    permit: Permit

    async def make(
        self, transaction: Transaction, principal: Principal, name: str, scopes: frozenset[str], days: int | None
    ) -> tuple[dict[str, Any], str]:
        """The key's row and the key itself, which nobody can read again. It may at most what its maker may."""
        self.permit(principal, "keys:write")
        if principal.scopes is not None:
            raise Denied("A key cannot make keys.", "Sign in as a person.")
        if principal.via is Via.GUEST:  # it would outlive the guest, in the account of whoever confirms the address
            raise Denied("Guests make no keys.", "Register first; what you made stays yours.")
        wanted = rules.checked_scopes(scopes, self.scopes)
        for scope in wanted:
            self.permit(principal, scope)
        if days is not None and not 1 <= days <= rules.KEY_LIFETIME_MAX_DAYS:
            raise Invalid(
                f"A key lives for 1 to {rules.KEY_LIFETIME_MAX_DAYS} days.", "Choose within this.", field="days"
            )
        if not await keys.hold_member(transaction.driver, transaction.team_id, principal.person_id):
            raise Denied("You are not in this team any more.", "GET /api/teams lists yours.")
        if await keys.count_keys(transaction) >= rules.KEYS_MAX:
            raise LimitReached(f"A team may have at most {rules.KEYS_MAX} keys.", "Revoke one that is not used.")
        secret, now = f"{rules.KEY_PREFIX}{new_secret()}", self.clock.now()
        row = {
            "id": new_id(),
            "team_id": transaction.team_id,
            "person_id": principal.person_id,
            "name": rules.checked_name(name),
            "prefix": secret[: len(rules.KEY_PREFIX) + SHOWN_CHARACTERS],
            "hash": hash_of(secret),
            "scopes": list(wanted),
            "created_at": now,
            "expires_at": None if days is None else now + timedelta(days=days),
        }
        key = await keys.add_key(transaction, row)
        await record(transaction, principal, "key.made", "api_key", key["id"], {"scopes": list(wanted)})
        return key, secret

    async def list_keys(
        self, transaction: Transaction, principal: Principal, *, limit: int = 50, before: UUID | None = None
    ) -> list[dict[str, Any]]:
        self.permit(principal, "keys:write")
        return await keys.list_keys(transaction, limit, before)

    async def revoke(self, transaction: Transaction, principal: Principal, key_id: UUID) -> None:
        """From this moment nothing is done with it. Raises ``NotFound``."""
        self.permit(principal, "keys:write")
        if await keys.revoke_key(transaction, key_id, self.clock.now()) is None:
            raise NotFound("There is no such key.", "GET /api/keys lists those there are.")
        await record(transaction, principal, "key.revoked", "api_key", key_id)
