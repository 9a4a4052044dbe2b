"""Who it is: from an access token or an API key to a principal in one team. Asked by every request."""

from dataclasses import dataclass

from overprint.core.clock import Clock
from overprint.core.principal import Principal, Role, Via
from overprint.core.problems import NotFound, NotSignedIn
from overprint.db.database import Database
from overprint.features.accounts import rules
from overprint.features.accounts.service.tokens import Access, Tokens, hash_of
from overprint.features.accounts.store import keys, sessions


@dataclass(frozen=True, slots=True)
class Recognition:
    """Looks up whether a session or key still lives, and what its person may in the team that they chose."""

    database: Database
    clock: Clock
    tokens: Tokens
    admin_second_factor: bool

    async def by_access(self, token: str, address: str, team: str = "", *, must_match: bool = False) -> Principal:
        """``team``: slug or id of the chosen one; the personal one if they are not in it, unless it ``must_match``.

        Raises ``NotSignedIn``, ``NotFound``.
        """
        return await self.by_session(self.tokens.read_access(token, self.clock.now()), address, team, must_match)

    async def by_session(self, access: Access, address: str, team: str, must_match: bool) -> Principal:
        """The same for a token that was read already."""
        row = await sessions.find_who(self.database.system, access.session_id, team, self.clock.now())
        if row is None or row["person_id"] != access.person_id or row["team_id"] is None:
            raise NotSignedIn("This session has ended.", "Sign in again.")
        if must_match and not row["is_asked"]:
            raise NotFound("There is no such team, or you are not in it.", "GET /api/teams lists yours.")
        return Principal(
            person_id=row["person_id"],
            team_id=row["team_id"],
            role=Role(row["role"]),
            is_site_admin=row["is_site_admin"],
            via=Via.GUEST if row["is_guest"] else Via.SESSION,
            session_id=access.session_id,
            confirmed_at=row["confirmed_at"],
            lacks_factor=self.admin_second_factor and row["is_site_admin"] and row["factors"] < 2,
            address=address,
        )

    async def by_key(self, key: str, address: str, team: str = "") -> Principal:
        """A key acts in its own team with its maker's role there, within its scopes; never as a site admin.

        ``team``: slug or id of the one that it is meant for, if that was said. Raises ``NotSignedIn``, ``NotFound``.
        """
        now = self.clock.now()
        row = await keys.find_by_key(self.database.system, hash_of(key[: rules.TOKEN_MAX_CHARACTERS]), now)
        if row is None:
            raise NotSignedIn("This API key is not good, or not any more.", "Make a new one at /account.")
        if team and team not in (row["slug"], str(row["team_id"])):
            raise NotFound("This API key is of another team.", "Use a key of the team that X-Team names.")
        if row["used_at"] is None or now - row["used_at"] >= rules.KEY_SEEN_EVERY:
            await keys.see_key(self.database.system, row["id"], now, rules.KEY_SEEN_EVERY)
        return Principal(
            person_id=row["person_id"],
            team_id=row["team_id"],
            role=Role(row["role"]),
            via=Via.API_KEY,
            scopes=frozenset(row["scopes"]),
            session_id=row["id"],
            address=address,
        )
