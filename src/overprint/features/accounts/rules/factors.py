"""What holds of second factors, passkeys and the ways into an account. Pure: no clock, no database."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from overprint.core.problems import Conflict

TICKET_LIFETIME = timedelta(minutes=5)
"""From the right password to the code, and from a passkey's challenge to its answer."""
STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A clock may be this many steps ahead of ours or behind."""
CODE_DIGITS = 6
CODE_MAX_CHARACTERS = 40
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that are taken for digits: 16 signs are 79 bits."""
RECOVERY_CHARACTERS, RECOVERY_GROUP = 16, 4
PASSKEYS_MAX = 20
CREDENTIAL_ID_MAX_BYTES = 1023
"""As the WebAuthn standard bounds it."""


def ways_in(*, has_password: bool, passkeys: int, identities: int) -> int:
    """How many ways lead into an account: its password, its passkeys, and who vouches for its person elsewhere.

    A second factor is no way in, and neither is a mail: a house may be unable to send any.
    """
    return int(has_password) + passkeys + identities


def keep_a_way_in(*, has_password: bool, passkeys: int, identities: int) -> None:
    """Told what would be left after something was taken away. Raises ``Conflict`` when that is nothing."""
    if not ways_in(has_password=has_password, passkeys=passkeys, identities=identities):
        raise Conflict(
            "This is the last way into your account.",
            "Add another first: a passkey at /account, or a password by the link that /forgot sends.",
        )


def step_at(now: datetime) -> int:
    """The number of the half minute in which a code is good (RFC 6238)."""
    return int(now.timestamp()) // STEP_SECONDS


def open_steps(now: datetime, last_step: int) -> Sequence[int]:
    """Steps whose codes are good now: none that was used, and none before one that was used."""
    here = step_at(now)
    return range(max(here - DRIFT_STEPS, last_step + 1), here + DRIFT_STEPS + 1)


def bare_code(text: str) -> str:
    """A code as it is compared: however it was grouped, and in whatever letters."""
    return "".join(sign for sign in text[:CODE_MAX_CHARACTERS].casefold() if sign not in " -\t\u00a0\u2013")


def is_of_app(code: str) -> bool:
    """Whether a bare code has the form of one from an app; others may be recovery codes."""
    return len(code) == CODE_DIGITS and code.isascii() and code.isdigit()


def grouped(code: str) -> str:
    """A recovery code as it is shown."""
    return "-".join(code[start : start + RECOVERY_GROUP] for start in range(0, len(code), RECOVERY_GROUP))
