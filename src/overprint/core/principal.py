"""Who acts, for which team, and how they came in. What they may do is in ``features/teams/rules.py``."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, ip_address, ip_network
from uuid import UUID


class Role(StrEnum):
    """What a person may do in a team, most powerful first."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"


class Via(StrEnum):
    """How somebody showed who they are."""

    LOCAL = "local"  # they sit at this machine, which has no accounts
    SESSION = "session"
    GUEST = "guest"
    API_KEY = "api_key"


@dataclass(frozen=True, slots=True)
class Principal:
    """A person acting inside one team. Everything they touch belongs to that team.

    ``scopes`` are what an API key was made for; None means whatever the role allows. ``session_id`` is the session or
    the key. ``confirmed_at`` is when they last showed their password or passkey. ``lacks_factor``: that alone does
    not count, for they run this house and showed one thing where it wants two. ``address`` is where the request came
    from, as far as it is known.
    """

    person_id: UUID
    team_id: UUID
    role: Role
    is_site_admin: bool = False
    via: Via = Via.LOCAL
    scopes: frozenset[str] | None = None
    session_id: UUID | None = None
    confirmed_at: datetime | None = None
    lacks_factor: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where a request comes, as far as it is known. ``agent``: what the browser calls itself. ``session_id``: of
    the session that it shows, if any. ``language``: what it wants to be told in, of those that we have."""

    address: str = ""
    agent: str = ""
    session_id: UUID | None = None
    language: str = ""

    @property
    def network(self) -> str:
        return network_of(self.address)


def network_of(address: str) -> str:
    """Whom a limit by address counts: of IPv6 all of a /64, which is what one connection to the net has to itself."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


def is_near(address: str) -> bool:
    """Whether it is of this machine or of a network that is not the net's: where who runs the house has programs."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = None if isinstance(found, IPv4Address) else found.ipv4_mapped
    return (mapped or found).is_private
