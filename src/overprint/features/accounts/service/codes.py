"""Codes of an app and recovery codes: made, checked, and never accepted twice."""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import pyotp

from overprint.core.principal import Visitor
from overprint.features.accounts.rules import factors as rules
from overprint.features.accounts.service.office import Office, Rate, note
from overprint.features.accounts.service.sealing import Sealed
from overprint.features.accounts.service.tokens import hash_of
from overprint.features.accounts.store import factors

_BY_ADDRESS = Rate(20, 15)
_BY_ACCOUNT_HERE = Rate(5, 60)
_BY_ACCOUNT = Rate(20, 180)
"""Who has a password and many addresses has 480 guesses a day of 333 thousand."""


async def limit_codes(office: Office, person_id: UUID, visitor: Visitor) -> None:
    """Count one more try of a code. Raises ``TooOften``."""
    await office.limit("code", visitor.network, _BY_ADDRESS)
    await office.limit("code", f"{person_id}@{visitor.network}", _BY_ACCOUNT_HERE)
    await office.limit("code", str(person_id), _BY_ACCOUNT)


async def use_code(
    office: Office, connection: asyncpg.Connection, person: dict[str, Any], code: str, visitor: Visitor
) -> bool:
    """Whether it is the code of their app or one of their recovery codes; it is used up. The person is held.

    Raises ``Unavailable`` where the app's secret cannot be opened any more.
    """
    person_id, bare = person["id"], rules.bare_code(code)
    if rules.is_of_app(bare):
        return await _use_app_code(office, connection, person_id, bare)
    if not await factors.use_recovery_code(connection, person_id, hash_of(bare)):
        return False
    left = await factors.count_recovery_codes(connection, person_id)
    if person["email"]:
        about = {"name": person["name"], "left": left}
        await office.post(connection, "recovery_code", person["email"], link="/account", **about)
    await note(connection, visitor, "person.used_recovery_code", person_id, left=left)
    return True


async def _use_app_code(office: Office, connection: asyncpg.Connection, person_id: UUID, code: str) -> bool:
    row = await factors.find_factor(connection, person_id)
    if row is None or row["confirmed_at"] is None:
        return False
    secret = open_secret(office, row)
    step = find_step(secret, code, office.clock.now(), row["last_step"])
    if step is None:
        return False
    sealed = Sealed(row["key_id"], row["sealed_secret"])
    if sealed.key_id != office.seals.newest:
        sealed = office.seals.seal(secret, person_id)
    await factors.use_step(connection, person_id, step, sealed.data, sealed.key_id)
    return True


def open_secret(office: Office, row: dict[str, Any]) -> str:
    """What the app computes codes from. Raises ``Unavailable``."""
    return office.seals.open(Sealed(row["key_id"], row["sealed_secret"]), row["person_id"])


def find_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The half minute whose code this is, of those that are good now; None for what is no code of an app at all."""
    if not rules.is_of_app(code):
        return None
    maker = pyotp.TOTP(secret, digits=rules.CODE_DIGITS, interval=rules.STEP_SECONDS)
    steps = rules.open_steps(now, last_step)
    fitting = [step for step in steps if hmac.compare_digest(maker.generate_otp(step), code)]
    return fitting[-1] if fitting else None


def new_recovery_codes() -> list[str]:
    """As they are shown, which is once."""

    def one() -> str:
        return "".join(secrets.choice(rules.RECOVERY_ALPHABET) for _ in range(rules.RECOVERY_CHARACTERS))

    return [rules.grouped(one()) for _ in range(rules.RECOVERY_CODES)]


def hashes_of(codes: Iterable[str]) -> list[bytes]:
    """What is kept of recovery codes."""
    return [hash_of(rules.bare_code(code)) for code in codes]
