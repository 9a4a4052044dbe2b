"""The teams room's manifest. What speaks HTTP is loaded for a web process only."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from overprint.core.clock import Clock
from overprint.db.database import Database
from overprint.http.room import Room

if TYPE_CHECKING:
    from overprint.features.teams.service import TeamRooms
    from overprint.features.teams.service.invitations import Post
    from overprint.features.teams.service.teams import Closing

__all__ = ["LETTERS", "TeamRooms", "room", "rooms"]

# The room's mails, as the accounts room writes them.
LETTERS = Path(__file__).parent / "templates" / "mail"


def rooms(
    database: Database,
    clock: Clock,
    *,
    closings: Sequence["Closing"],
    post: "Post | None",
    normal_email: Callable[[str], str],
    poke_mail: Callable[[], None],
) -> "TeamRooms":
    """All use cases. ``closings``: what else is done when a team is closed. ``post``: None where nobody is invited."""
    from overprint.features.teams.service import Invitations, Members, TeamRooms, Teams

    return TeamRooms(
        Teams(database, clock, closings),
        Members(database, clock),
        Invitations(database, clock, post, normal_email, poke_mail),
    )


def room(rooms: "TeamRooms", *, is_secure: bool) -> Room:
    from overprint.features.teams.api import router
    from overprint.features.teams.web import router as pages

    return Room("teams", routers=(router(rooms, is_secure=is_secure), pages(rooms, is_secure=is_secure)))
