"""People and mail, joined: which adapter delivers mail, and what the teams room does for the accounts room."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock, SystemClock
from overprint.core.principal import Principal
from overprint.db.database import Database, Transaction
from overprint.features.accounts import Mode
from overprint.features.accounts import room as accounts_room
from overprint.features.billing import Closings, Feature, Plans
from overprint.features.presets import Presets
from overprint.features.teams import Action, PersonalTeams, permit, permit_site
from overprint.features.teams import room as teams_room
from overprint.ports.identity import PasswordHasher
from overprint.ports.mail import MailPort
from overprint.settings import Settings
from overprint.wiring.branding import sender_of
from overprint.wiring.identity import identity_providers_of
from overprint.wiring.secrets import sealing_secrets_of, token_secrets_of

if TYPE_CHECKING:
    from overprint.features.accounts.room import Admissions, Counter, Postman
    from overprint.features.teams.room import TeamRooms
    from overprint.wiring import House


@dataclass(frozen=True, slots=True)
class _TeamsOnPlans(PersonalTeams):
    """Personal teams, where guests have the plan of guests until they register."""

    plans: Plans

    async def make(self, connection: asyncpg.Connection, person_id: UUID, name: str, *, is_guest: bool) -> UUID:
        team_id = await PersonalTeams.make(self, connection, person_id, name, is_guest=is_guest)
        if is_guest:
            await self.plans.begin_trial(connection, team_id)
        return team_id

    async def settle(self, connection: asyncpg.Connection, person_id: UUID, name: str) -> UUID:
        team_id = await PersonalTeams.settle(self, connection, person_id, name)
        await self.plans.end_trial(connection, team_id)
        return team_id

    async def before_closing(self, connection: asyncpg.Connection, team_id: UUID) -> None:
        await Closings.close(connection, team_id)
        await Presets.withdraw(connection, team_id)


def mail_of(settings: Settings, database: Database) -> MailPort:
    """Who delivers mail, by the settings."""
    chosen = settings.mail
    if chosen.provider == "smtp":
        from overprint.adapters.mail.smtp import SmtpMail, SmtpServer

        password = chosen.password.get_secret_value() if chosen.password else None
        server = SmtpServer(
            chosen.host or "",
            chosen.port,
            chosen.security,
            sender_of(settings),
            chosen.username,
            password,
            float(chosen.timeout_seconds),
        )
        return SmtpMail(server)
    from overprint.adapters.mail.embedded import EmbeddedMail

    return EmbeddedMail(database.system)


def postman_of(settings: Settings, database: Database, clock: Clock) -> "Postman":
    return accounts_room.postman(database, clock, mail_of(settings, database))


def counter_of(
    settings: Settings,
    database: Database,
    mail: "Postman",
    clock: Clock | None = None,
    passwords: PasswordHasher | None = None,
) -> "Counter":
    """All that the accounts room does. ``mail`` is told when a mail was written."""

    from overprint.adapters.identity.embedded import Argon2Passwords

    def allows(who: Principal, scope: str) -> None:
        permit(who, Action(scope))

    return accounts_room.counter(
        database,
        clock or SystemClock(),
        mode=Mode(settings.accounts.mode),
        site=settings.site_url,
        token_secrets=token_secrets_of(settings),
        teams=_TeamsOnPlans(clock or SystemClock(), Plans(clock or SystemClock(), database.system)),
        scopes=frozenset(map(str, Action)),
        permit=allows,
        permit_site=permit_site,
        poke_mail=mail.poke,
        passwords=passwords or Argon2Passwords(),
        providers=identity_providers_of(settings, clock or SystemClock()),
        sealing_secrets=sealing_secrets_of(settings),
        admin_second_factor=settings.accounts.admin_second_factor,
        letters=(teams_room.LETTERS,),
        brand=settings.brand.name,
    )


def team_rooms_of(house: "House", people: "Counter", mail: "Postman", clock: Clock) -> "TeamRooms":
    """All that the teams room does. Where there are no accounts, there is nobody to invite."""
    plans = house.billing.plans

    async def end_renewal(transaction: Transaction, principal: Principal) -> None:
        await Closings.close(transaction.driver, transaction.team_id)
        await Presets.withdraw(transaction.driver, transaction.team_id)

    async def may_invite(transaction: Transaction) -> None:
        await plans.permit(transaction, await plans.of_team(transaction), [Feature.MEMBERS])

    post = None if people.office.mode is Mode.LOCAL else people.office.post
    return teams_room.rooms(
        house.database,
        clock,
        closings=(house.jobs.cancel_all, end_renewal),
        post=post,
        normal_email=accounts_room.normal_email,
        poke_mail=mail.poke,
        may_invite=may_invite,
    )


def admissions_of(settings: Settings, database: Database, site: str = "") -> "Admissions":
    """What whoever runs the house does for people. ``site``: where links lead, if not where the settings say."""
    teams, address = PersonalTeams(SystemClock()), site or settings.site_url
    return accounts_room.admissions(database, SystemClock(), teams, address, settings.brand.name)
