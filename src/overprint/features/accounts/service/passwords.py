"""Own passwords, hashed in threads and few at a time: each takes 19 MiB and some hundredths of a second."""

import asyncio

from overprint.features.accounts import rules
from overprint.ports.identity import PasswordHasher

AT_ONCE = 2


class Passwords:
    """Hashes made with other parameters than today's are renewed when they are shown."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether it is the one. Without a hash, which is without such a person, it takes the same time to say no."""
        if self._nobodys is None:
            self._nobodys = await self.hash("nobody has this password")
        shown = rules.shown_password(password)
        async with self._turns:
            is_right = await asyncio.to_thread(self._hasher.matches, shown, password_hash or self._nobodys)
        return is_right and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it is to be made anew."""
        return self._hasher.is_outdated(password_hash)
