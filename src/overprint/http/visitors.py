"""Who comes, and from where, as a request tells it."""

from starlette.requests import HTTPConnection

from overprint.core.principal import Principal, Visitor
from overprint.core.problems import NotSignedIn
from overprint.http.cookies import address_of
from overprint.http.frame import language_of
from overprint.http.scope import principal_of

AGENT_MAX_CHARACTERS = 300
TEAM_HEADER = "x-team"


def visitor_of(connection: HTTPConnection, principal: Principal | None = None) -> Visitor:
    """From where a request comes, and what its browser says of itself: short and printable."""
    agent = connection.headers.get("user-agent", "")[:AGENT_MAX_CHARACTERS]
    printable = "".join(char for char in agent if char.isprintable())
    session_id = principal.session_id if principal else None
    return Visitor(address_of(connection), printable, session_id, language_of(connection))


async def find_principal(connection: HTTPConnection) -> Principal | None:
    """Who asks; None where nobody has to be signed in and nobody is.

    For what concerns a person and no team, such as signing out: a header that names a team does not matter here.
    """
    headers = [header for header in connection.scope["headers"] if header[0] != TEAM_HEADER.encode()]
    try:
        return await principal_of(HTTPConnection({**connection.scope, "headers": headers}))
    except NotSignedIn:
        return None
