"""Hashing passwords with argon2id, in threads and few at a time: each takes 19 MiB and some hundredths of a second."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from overprint.features.accounts import rules

AT_ONCE = 2


class Passwords:
    """Parameters are OWASP's second choice (19 MiB, two passes); hashes made with others are renewed."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether it is the one. Without a hash, which is without such a person, it takes the same time to say no."""
        if self._nobodys is None:
            self._nobodys = await self.hash("nobody has this password")
        async with self._turns:
            is_right = await asyncio.to_thread(self._matches, password, password_hash or self._nobodys)
        return is_right and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than today's, so that it is to be made anew."""
        return self._hasher.check_needs_rehash(password_hash)

    def _matches(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, rules.shown_password(password))
        except (InvalidHashError, VerificationError):
            return False
