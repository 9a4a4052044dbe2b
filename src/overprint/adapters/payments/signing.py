"""Signatures of messages, in the widespread form ``t=<seconds>,v1=<hex of HMAC-SHA256>`` over ``<seconds>.<body>``."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from overprint.ports.errors import Refused

TOLERANCE_SECONDS = 300
_HEADER_MAX_CHARACTERS = 1000


def sign(body: bytes, secret: str, now: datetime) -> str:
    stamp = int(now.timestamp())
    return f"t={stamp},v1={_digest(body, secret, stamp)}"


def check(body: bytes, signature: str, secrets: Sequence[str], now: datetime) -> None:
    """Raises ``Refused`` for what was not signed with one of ``secrets``, or not lately."""
    parts = [part.split("=", 1) for part in signature[:_HEADER_MAX_CHARACTERS].split(",") if "=" in part]
    stamps = [value for name, value in parts if name.strip() == "t"]
    given = [value for name, value in parts if name.strip() == "v1"]
    if len(stamps) != 1 or not stamps[0].isascii() or not stamps[0].isdigit() or len(stamps[0]) > 12:
        raise Refused("This message has no signature that could be checked.", provider="payments")
    wanted = [_digest(body, secret, int(stamps[0])) for secret in secrets]
    if not any(hmac.compare_digest(good.encode(), one.encode()) for good in wanted for one in given):
        raise Refused("This message is not signed by who takes the payments.", provider="payments")
    if abs(now.timestamp() - int(stamps[0])) > TOLERANCE_SECONDS:
        raise Refused("This message is too old, or the clock here is wrong.", provider="payments")


def _digest(body: bytes, secret: str, stamp: int) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
