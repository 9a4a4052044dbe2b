"""Who asks: by API key or access token, else by cookie. A cookie that has grown old is renewed on the way."""

from starlette.requests import HTTPConnection

from overprint.core.principal import Principal
from overprint.core.problems import NotSignedIn
from overprint.features.accounts import rules
from overprint.features.accounts.service.recognising import Recognition
from overprint.features.accounts.service.signing_in import Sessions
from overprint.features.accounts.service.tokens import Access
from overprint.http.cookies import TEAM, SessionCookies, address_of
from overprint.http.scope import Identify
from overprint.http.visitors import TEAM_HEADER, visitor_of

TEAM_MAX_CHARACTERS = 100
_SHOWN = "overprint.shown"


def identify_by(recognition: Recognition, sessions: Sessions, cookies: SessionCookies) -> Identify:
    """The ``app.state.identify`` of a house with accounts."""

    async def by_cookie(connection: HTTPConnection, team: str, must_match: bool) -> Principal:
        access, refresh = cookies.read(connection)
        address = address_of(connection)
        shown: Access | None = connection.scope.get(_SHOWN)
        if shown is not None:  # asked again, as long streams do: newer cookies would not reach the browser any more
            return await recognition.by_session(shown, address, team, must_match)
        if access:
            try:
                return await recognition.by_access(access, address, team, must_match=must_match)
            except NotSignedIn:
                if not refresh:
                    raise
        if not refresh:
            raise NotSignedIn("Nobody is signed in.", "Sign in at /login, or send an API key.")
        try:
            signed_in = await sessions.refresh(refresh, visitor_of(connection))
        except NotSignedIn:
            cookies.take_back(connection)
            raise
        cookies.give(connection, signed_in.access, signed_in.refresh)
        return await recognition.by_access(signed_in.access, address, team, must_match=must_match)

    def remembered(connection: HTTPConnection, who: Principal) -> Principal:
        if who.session_id is not None:
            connection.scope[_SHOWN] = Access(who.person_id, who.session_id)
        return who

    async def identify(connection: HTTPConnection) -> Principal:
        asked = connection.headers.get(TEAM_HEADER, "")[:TEAM_MAX_CHARACTERS].lower()  # as ids and slugs are kept
        shown = connection.headers.get("authorization")
        if shown is None:
            team = asked or connection.cookies.get(TEAM, "")[:TEAM_MAX_CHARACTERS].replace("\0", "")
            return remembered(connection, await by_cookie(connection, team, bool(asked)))
        scheme, _, token = shown.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn("This Authorization header cannot be read.", "Send “Bearer”, a space, and the key.")
        if token.startswith(rules.KEY_PREFIX):
            return await recognition.by_key(token, address_of(connection), asked)
        return await recognition.by_access(token, address_of(connection), asked, must_match=bool(asked))

    return identify
