"""Mail: written with what it tells of, delivered soon, at least once, not for ever; and what it looks like."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from overprint.core.clock import SystemClock
from overprint.core.ids import new_id
from overprint.db.database import Database
from overprint.features.accounts import post_mail
from overprint.features.accounts.service.letters import TEMPLATES, Letters
from overprint.features.accounts.service.postman import TRIES_MAX, Postman
from overprint.ports.errors import ProviderError, Refused, Unavailable
from overprint.ports.mail import Mail
from tests.features.accounts.conftest import PASSWORD, Town, log_in
from tests.features.accounts.test_registering import MIRA
from tests.support.clock import SetClock

SEEN = Path(__file__).parent / "letters"
VALUES: dict[str, Any] = {"name": "Mira <b> Okafor", "email": "new@example.org"}
VALUES |= {"ways": "the passkey “my <i> phone”, Google <u>"}
VALUES |= {"is_on": True, "is_added": True, "left": 9, "passkey": "my <i> phone", "label": "Google <u>"}
LINKS = {
    "register": "/verify?token=T",
    "registered_already": "/login",
    "reset": "/reset?token=T",
    "change": "/verify?token=T",
}
LINKS |= {"password_changed": "/forgot"}
LINKS |= dict.fromkeys(
    (
        "second_factor",
        "recovery_code",
        "recovery_codes_renewed",
        "passkey",
        "unlocked",
        "identity_linked",
        "identity_unlinked",
    ),
    "/account",
)


class Fickle:
    """A mail server with moods."""

    name = "fickle"

    def __init__(self, *moods: ProviderError | None) -> None:
        self.moods = list(moods)
        self.sent: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        mood = self.moods.pop(0) if self.moods else None
        self.sent.append(mail)
        if mood is not None:
            raise mood


async def posted(database: Database, count: int = 1) -> list[Mail]:
    mails = [Mail(new_id(), f"{number}@example.org", "Hello", "text", "<p>html</p>") for number in range(count)]
    async with database.system_transaction() as connection:
        for mail in mails:
            await post_mail(connection, "test", mail, SystemClock().now())
    return mails


async def left(database: Database) -> int:
    return int(await database.system.fetchval("SELECT count(*) FROM outgoing_mail WHERE failed_at IS NULL"))


async def test_what_is_rolled_back_sends_no_mail(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.system_transaction() as connection:
            await post_mail(connection, "test", Mail(new_id(), "a@b.org", "s", "t", "h"), SystemClock().now())
            raise RuntimeError
    assert await left(database) == 0


async def test_a_team_s_action_writes_mail_that_it_cannot_read_again(database: Database) -> None:
    async with database.transaction(new_id()) as transaction:
        await post_mail(transaction.driver, "test", Mail(new_id(), "a@b.org", "s", "t", "h"), SystemClock().now())
    assert await left(database) == 1


async def test_each_mail_is_handed_over_by_one_of_many_and_then_forgotten(database: Database) -> None:
    mails = await posted(database, 50)
    ports = [Fickle() for _ in range(4)]
    await asyncio.gather(*(Postman(database, SystemClock(), port).deliver() for port in ports))
    sent = [mail.id for port in ports for mail in port.sent]
    assert sorted(sent) == sorted(mail.id for mail in mails)
    assert await left(database) == 0


async def test_a_mail_waits_longer_each_time_and_is_given_up_in_the_end(database: Database) -> None:
    await posted(database)
    clock = SetClock()
    port = Fickle(*(Unavailable("It does not answer.") for _ in range(99)))
    postman = Postman(database, clock, port)
    for _ in range(3):
        await postman.deliver()
    assert len(port.sent) == 1, "it is not tried again at once"
    for _ in range(TRIES_MAX * 2):
        clock.ahead += timedelta(hours=3)
        await postman.deliver()
    assert len(port.sent) == TRIES_MAX
    row = await database.system.fetchrow("SELECT * FROM outgoing_mail")
    assert row["failed_at"] is not None and row["error"] == "It does not answer." and row["text"] == ""


async def test_a_mail_that_is_refused_for_good_is_not_tried_again(database: Database) -> None:
    await posted(database)
    clock = SetClock()
    port = Fickle(Refused("No such mailbox."))
    for _ in range(3):
        await Postman(database, clock, port).deliver()
        clock.ahead += timedelta(days=1)
    assert len(port.sent) == 1 and await left(database) == 0


async def test_what_a_killed_postman_had_is_delivered_by_another(database: Database) -> None:
    (mail,) = await posted(database)

    class Killed(BaseException):
        pass

    class Deadly(Fickle):
        async def send(self, mail: Mail) -> None:
            raise Killed

    with pytest.raises(Killed):
        await Postman(database, SystemClock(), Deadly()).deliver()
    clock, port = SetClock(), Fickle()
    await Postman(database, clock, port).deliver()
    assert port.sent == []
    clock.ahead += timedelta(minutes=6)
    await Postman(database, clock, port).deliver()
    assert [sent.id for sent in port.sent] == [mail.id]


async def test_a_poked_postman_comes_at_once(database: Database) -> None:
    port = Fickle()
    postman = Postman(database, SystemClock(), port)
    running = asyncio.create_task(postman.run())
    await asyncio.sleep(0.2)
    await posted(database)
    postman.poke()
    async with asyncio.timeout(4):
        while not port.sent:
            await asyncio.sleep(0.01)
    running.cancel()


@pytest.mark.parametrize("kind", sorted(path.stem for path in TEMPLATES.glob("*.jinja")))
@pytest.mark.parametrize("form", ["text", "html"])
def test_a_letter_looks_as_it_was_last_seen(kind: str, form: str) -> None:
    """After a change that is meant: python -m tests.features.accounts.letters"""
    mail = Letters("https://books.example.org").write(kind, "mira@example.org", link=LINKS.get(kind, ""), **VALUES)
    seen = (SEEN / f"{kind}.{'txt' if form == 'text' else 'html'}").read_text(encoding="utf-8")
    assert (f"Subject: {mail.subject}\n\n{mail.text}" if form == "text" else mail.html + "\n") == seen
    assert form == "text" or "<b>" not in mail.html


async def test_mails_speak_the_language_that_their_reader_chose(town: Town) -> None:
    german = await town.visitor()
    german.headers["Accept-Language"] = "de"
    await german.post("/api/auth/register", json=MIRA)
    link = {"token": await town.link(MIRA["email"]), "password": PASSWORD}
    assert (await town.mails(MIRA["email"]))[-1]["subject"] == "Adresse bestätigen"
    assert (await german.post("/api/auth/verify-email", json=link)).status_code == 200
    elsewhere = await town.visitor()
    await elsewhere.post("/api/auth/forgot-password", json={"email": MIRA["email"]})
    mail = (await town.mails(MIRA["email"]))[-1]
    assert mail["subject"] == "Neues Passwort wählen" and "Hallo Mira Okafor," in mail["text"]
    assert '<html lang="de"' in mail["html"]
    await log_in(elsewhere)
    await elsewhere.post("/language", data={"language": "en"})
    await german.post("/api/auth/forgot-password", json={"email": MIRA["email"]})
    assert (await town.mails(MIRA["email"]))[-1]["subject"] == "Choose a new password"


async def test_a_page_speaks_the_language_that_was_chosen_in_another_browser(town: Town) -> None:
    here, there = await town.person(), await town.visitor()
    await here.post("/language", data={"language": "de"})
    await log_in(there)
    page = await there.get("/account", headers={"Accept": "text/html"})
    assert page.headers["content-language"] == "de"
