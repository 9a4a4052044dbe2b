"""Own passwords: argon2id by OWASP's second choice, 19 MiB and two passes."""

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

TIME_COST, MEMORY_KIB = 2, 19_456


class Argon2Passwords:
    """Hashes made with other parameters are outdated."""

    def __init__(self, time_cost: int = TIME_COST, memory_kib: int = MEMORY_KIB) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (InvalidHashError, VerificationError):
            return False

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)
