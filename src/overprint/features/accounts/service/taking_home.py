"""What is known of a person, all of it, for themselves: before they close their account, or whenever they like."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from overprint.features.accounts.service.office import Office, Rate
from overprint.features.accounts.store import factors, identities, keys, passkeys, people, sessions
from overprint.features.audit import lines_of

LINES_MAX = 10_000
_OWN = Rate(10, 30)
_PERSON = ("id", "email", "name", "is_guest", "is_site_admin", "created_at", "verified_at")
_PASSKEY = ("id", "name", "made_at", "used_at")
ABOUT = (
    "This is what is kept of you: your account, what shows that it is you (by name, never a secret), where you were "
    f"signed in, your teams, and the last {LINES_MAX} things you did, by the audit log. What you made is your teams'; "
    "take it home work by work: “Everything in one file” on the page of each book and film, GET "
    "/api/books/{book_id}/archive and /api/videos/{video_id}/archive, or `overprint export WORK` on the machine itself."
)


@dataclass(frozen=True, slots=True)
class TakingHome:
    """Use cases of taking home what is known of oneself."""

    office: Office

    async def export(self, person_id: UUID) -> dict[str, Any]:
        """All that is kept of a person but their work, which other rooms export. Raises ``TooOften``."""
        pool = self.office.database.system
        await self.office.limit("export", str(person_id), _OWN)
        person = await people.get_person(pool, person_id)
        shown = await passkeys.list_passkeys(pool, person_id)
        return {
            "about": ABOUT,
            "person": {name: person[name] for name in _PERSON},
            "has_password": person["password_hash"] is not None,
            "has_second_factor": await factors.has_factor(pool, person_id),
            "passkeys": [{name: each[name] for name in _PASSKEY} for each in shown],
            "identities": await identities.list_identities(pool, person_id),
            "sessions": await sessions.list_all_sessions(pool, person_id),
            "api_keys": await keys.list_keys_of(pool, person_id),
            "teams": await people.list_teams(pool, person_id),
            "audit": [asdict(line) for line in await lines_of(pool, person_id, LINES_MAX)],
        }
