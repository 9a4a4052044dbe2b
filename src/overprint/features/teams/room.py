"""The teams room's manifest. What speaks HTTP is loaded for a web process only."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from overprint.core.clock import Clock
from overprint.db.database import Database, Transaction
from overprint.engine.schedule import Daily, Schedule
from overprint.http.room import Room

if TYPE_CHECKING:
    from overprint.features.accounts import Post
    from overprint.features.teams.service import Endings, TeamRooms
    from overprint.features.teams.service.ending import Farewell, Purge
    from overprint.features.teams.service.teams import Closing

__all__ = ["LETTERS", "Endings", "TeamRooms", "endings", "room", "rooms", "schedules"]

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
    may_invite: Callable[[Transaction], Awaitable[None]],
) -> "TeamRooms":
    """All use cases. ``closings``: what else is done when a team is closed. ``post``: None where nobody is invited.
    ``may_invite`` raises where the team's plan says no."""
    from overprint.features.teams.service import Invitations, Members, TeamRooms, Teams

    return TeamRooms(
        Teams(database, clock, closings),
        Members(database, clock),
        Invitations(database, clock, post, normal_email, poke_mail, may_invite),
    )


def endings(kept: timedelta, *, purges: "Sequence[Purge]", farewells: "Sequence[Farewell]") -> "Endings":
    """How teams that are closed for ``kept`` are removed."""
    from overprint.features.teams.service import Endings

    return Endings(kept, purges, farewells)


def schedules(endings: "Endings") -> tuple[Schedule, ...]:
    return (Schedule("teams.purge", Daily(4, 10), endings.purge),)


def room(rooms: "TeamRooms", *, is_secure: bool) -> Room:
    from overprint.features.teams.api import router
    from overprint.features.teams.web import router as pages

    return Room("teams", routers=(router(rooms, is_secure=is_secure),), pages=(pages(rooms, is_secure=is_secure),))
