"""The accounts room without a house around it: for machines that live many lives."""

from overprint.core.clock import Clock
from overprint.db.database import Database
from overprint.features.accounts import Mode
from overprint.features.accounts import room as accounts_room
from overprint.features.accounts.service.counter import Counter
from overprint.features.teams import Action, PersonalTeams
from tests.support.house import CHEAP_PASSWORDS


def counter_on(database: Database, clock: Clock) -> Counter:
    """Its use cases where anybody may register; everything is permitted, and no mail leaves."""
    return accounts_room.counter(
        database,
        clock,
        mode=Mode.OPEN,
        site="http://localhost",
        token_secrets=[b"k" * 40],
        teams=PersonalTeams(clock),
        scopes=frozenset(map(str, Action)),
        permit=lambda who, scope: None,
        permit_site=lambda who: None,
        poke_mail=lambda: None,
        passwords=CHEAP_PASSWORDS,
        providers={},
        sealing_secrets=[b"s" * 40],
        brand="Overprint",
    )
