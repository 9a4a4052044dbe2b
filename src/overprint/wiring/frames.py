"""What the shell around every page says of who asks, joined from the rooms that know it."""

import asyncio
from typing import TYPE_CHECKING

from overprint.core.principal import Principal, Via
from overprint.features.teams import Action, find_people, is_allowed
from overprint.http.frame import Frame, FrameTeam, Framing

if TYPE_CHECKING:
    from overprint.features.teams.room import TeamRooms
    from overprint.wiring import House


def framing_of(house: "House", belonging: "TeamRooms") -> Framing:
    """Asked once a page."""

    async def find_own(principal: Principal) -> tuple[int | None, int]:
        """The team's credits, and how many notifications wait to be read."""
        async with house.database.transaction(principal.team_id) as transaction:
            unread = await house.notifications.count_unread(transaction, principal)
            if not is_allowed(principal, Action.SEE_BILLING):
                return None, unread
            balances = await house.billing.credits.balances(transaction)
        return int(balances["available_credits"]), unread

    async def framing(principal: Principal) -> Frame:
        if principal.via is Via.LOCAL:
            async with house.database.transaction(principal.team_id) as transaction:
                unread = await house.notifications.count_unread(transaction, principal)
            return Frame(language="", is_here=True, is_local=True, is_site_admin=principal.is_site_admin, unread=unread)
        rows, people, (credits, unread) = await asyncio.gather(
            belonging.teams.list_mine(principal),
            find_people(house.database.system, [principal.person_id]),
            find_own(principal),
        )
        teams = tuple(FrameTeam(row["id"], row["name"]) for row in rows)
        known = people.get(principal.person_id, {})
        return Frame(
            language=known.get("language", ""),
            is_here=True,
            is_guest=principal.via is Via.GUEST,
            is_site_admin=principal.is_site_admin,
            name=known.get("name", ""),
            team=next((team for team in teams if team.id == principal.team_id), None),
            teams=teams,
            credits=credits,
            unread=unread,
        )

    return framing
