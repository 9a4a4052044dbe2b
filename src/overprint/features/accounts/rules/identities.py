"""What holds of people whom another provider vouches for. Pure: no clock, no database."""

from datetime import timedelta

from overprint.core.problems import Invalid
from overprint.features.accounts.rules import checked_name

ROUND_LIFETIME = timedelta(minutes=10)
"""From our page to the provider's and back; and from coming back to saying whose account it is."""


def name_of(told: str, email: str) -> str:
    """What somebody new is called: as the provider says, else as their address begins."""
    try:
        return checked_name(told)
    except Invalid:
        return checked_name(email.partition("@")[0])
