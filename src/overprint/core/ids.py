"""Identifiers: UUID version 7 (RFC 9562), so that ids sort by the time they were made."""

import os
import time
from uuid import UUID

_VERSION_7 = 0x7
_VARIANT_RFC = 0b10


def new_id(now_ms: int | None = None) -> UUID:
    """A fresh UUIDv7: 48 bits of Unix milliseconds, then 74 random bits.

    ``now_ms`` replaces the machine's clock (tests, imports of old records).
    """
    milliseconds = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    random_bits = int.from_bytes(os.urandom(10), "big")
    random_high = (random_bits >> 62) & 0xFFF
    random_low = random_bits & ((1 << 62) - 1)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= _VERSION_7 << 76 | random_high << 64 | _VARIANT_RFC << 62 | random_low
    return UUID(int=value)
