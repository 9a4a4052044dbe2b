"""The accounts room's manifest. What signs people in is loaded for a web process only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg

from overprint.core.clock import Clock
from overprint.core.principal import Principal
from overprint.db.database import Database
from overprint.engine.schedule import Daily, Every, Schedule, ScheduleContext
from overprint.features.accounts.rules import ACCESS_LIFETIME, REFRESH_LIFETIME
from overprint.features.accounts.service import departing
from overprint.features.accounts.service.postman import Postman
from overprint.http.room import Room
from overprint.ports.identity import IdentityProvider, PasswordHasher
from overprint.ports.mail import MailPort

if TYPE_CHECKING:
    from overprint.features.accounts.rules import Mode
    from overprint.features.accounts.service.admissions import Admissions
    from overprint.features.accounts.service.counter import Counter
    from overprint.features.accounts.service.keys import Permit
    from overprint.features.accounts.service.office import PersonalTeams
    from overprint.features.accounts.store.letters import Post
    from overprint.http.cookies import SessionCookies
    from overprint.http.scope import Identify


__all__ = [
    "Admissions",
    "Counter",
    "Postman",
    "admissions",
    "counter",
    "identify",
    "normal_email",
    "postman",
    "room",
    "schedules",
    "writing",
]


def postman(database: Database, clock: Clock, port: MailPort) -> Postman:
    return Postman(database, clock, port)


def schedules(mail: Postman, *, closed_kept: timedelta) -> tuple[Schedule, ...]:
    """What web processes deliver at once comes round here for when they died or the mail server was away.
    ``closed_kept``: how long a closed account waits until all of it is removed."""

    async def deliver(context: ScheduleContext) -> None:
        await mail.deliver()

    async def tidy(context: ScheduleContext) -> None:
        await mail.tidy()

    return (
        Schedule("accounts.mail", Every(timedelta(minutes=1)), deliver),
        Schedule("accounts.tidy", Every(timedelta(hours=1)), tidy),
        Schedule("accounts.purge", Daily(4), partial(departing.purge, kept=closed_kept)),
    )


def counter(
    database: Database,
    clock: Clock,
    *,
    mode: "Mode",
    site: str,
    token_secrets: Sequence[bytes],
    teams: "PersonalTeams",
    scopes: frozenset[str],
    permit: "Permit",
    permit_site: Callable[[Principal], None],
    poke_mail: Callable[[], None],
    passwords: PasswordHasher,
    providers: Mapping[str, IdentityProvider],
    sealing_secrets: Sequence[bytes],
    admin_second_factor: bool = True,
    letters: Sequence[Path] = (),
    brand: str,
) -> "Counter":
    """All use cases. ``site``: our address, as in links; ``token_secrets``: the signing one first; ``sealing_secrets``:
    the same for what second factors are kept under; ``providers``: who may vouch for people, by name; ``letters``:
    folders with the mails of other rooms; ``brand``: what the house is called."""
    from overprint.features.accounts.service.counter import Counter
    from overprint.features.accounts.service.keys import Keys
    from overprint.features.accounts.service.letters import Letters
    from overprint.features.accounts.service.office import Office
    from overprint.features.accounts.service.passwords import Passwords
    from overprint.features.accounts.service.sealing import Seals
    from overprint.features.accounts.service.tokens import Tokens

    tokens = Tokens(token_secrets, site)
    office = Office(
        database,
        clock,
        Passwords(passwords),
        tokens,
        Letters(site, letters, brand),
        Seals(sealing_secrets),
        teams,
        mode,
        admin_second_factor,
        poke_mail,
    )
    return Counter.of(office, Keys(clock, scopes, permit), permit_site, providers)


def writing(clock: Clock, site: str, folder: Path, brand: str) -> "Post":
    """What another room writes its own mails with, from the templates in ``folder``. ``site``: our address,
    ``brand``: what the house is called."""

    async def post(
        connection: asyncpg.Connection,
        kind: str,
        recipient: str,
        *,
        language: str = "",
        link: str = "",
        **values: Any,
    ) -> None:
        from overprint.features.accounts.service.letters import Letters
        from overprint.features.accounts.store import letters

        mail = Letters(site, (folder,), brand).write(kind, recipient, language=language, link=link, **values)
        await letters.post(connection, kind, mail, clock.now())

    return post


def normal_email(text: str) -> str:
    """An address as it is kept of people. Raises ``Invalid``."""
    from overprint.features.accounts.service.addresses import normal_email as read

    return read(text)


def admissions(database: Database, clock: Clock, teams: "PersonalTeams", site: str, brand: str) -> "Admissions":
    """What whoever runs the house does for people."""
    from overprint.features.accounts.service.admissions import Admissions

    return Admissions(database, clock, teams, site, brand)


def room(counter: "Counter") -> Room:
    from overprint.features.accounts.api import auth, factors, identities, keys, mail, passkeys
    from overprint.features.accounts.web import account, confirming, entrance, providers
    from overprint.features.accounts.web import factors as factor_pages

    cookies = _cookies(counter)
    api = (
        auth.router(counter, cookies),
        factors.router(counter, cookies),
        passkeys.router(counter, cookies),
        identities.router(counter, cookies),
        keys.router(counter),
        mail.router(counter),
    )
    pages = (
        entrance.router(counter, cookies),
        confirming.router(counter),
        account.router(counter, cookies),
        factor_pages.router(counter),
        providers.router(counter, cookies),
    )
    return Room("accounts", routers=api, open_pages=pages)


def identify(counter: "Counter") -> "Identify":
    """Who asks, in a house with accounts."""
    from overprint.features.accounts.api.identifying import identify_by

    return identify_by(counter.recognition, counter.sessions, _cookies(counter))


def _cookies(counter: "Counter") -> "SessionCookies":
    from overprint.http.cookies import SessionCookies

    return SessionCookies(
        is_secure=counter.office.letters.site.startswith("https://"),
        access_seconds=int(ACCESS_LIFETIME.total_seconds()),
        refresh_seconds=int(REFRESH_LIFETIME.total_seconds()),
    )
