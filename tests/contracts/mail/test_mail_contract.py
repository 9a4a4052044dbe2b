"""What every mail adapter does, against a real mail server and a real database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from overprint.adapters.mail.embedded import EmbeddedMail
from overprint.adapters.mail.smtp import SmtpMail, SmtpServer
from overprint.core.ids import new_id
from overprint.db.database import Database
from overprint.ports.errors import Misconfigured, Refused, Unavailable
from overprint.ports.mail import Mail, MailPort
from tests.contracts.mail.mail_server import DELAYED, REFUSED, Inbox, mail_server
from tests.support.command_line import free_port

MAIL = Mail(new_id(), "mira@example.org", "Grüße, 美咲", "Hello.\nTwo lines: ñ\n", "<p>Hello ñ</p>\n")


@dataclass
class Adapter:
    """One adapter, and what came of the mails that it took: recipient, subject, text, HTML, id."""

    port: MailPort
    taken: Callable[[], Awaitable[list[tuple[str, str, str, str, str]]]]


def server_at(port: int, **changes: object) -> SmtpServer:
    return replace(SmtpServer("127.0.0.1", port, "none", "Studio <studio@books.example>"), **changes)  # type: ignore[arg-type]


@pytest.fixture(params=["embedded", "smtp"])
async def adapter(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Adapter]:
    if request.param == "embedded":

        async def kept() -> list[tuple[str, str, str, str, str]]:
            rows = await database.system.fetch("SELECT * FROM kept_mail ORDER BY sent_at")
            return [(r["recipient"], r["subject"], r["text"], r["html"], str(r["id"])) for r in rows]

        yield Adapter(EmbeddedMail(database.system), kept)
        return
    with mail_server() as (port, inbox):

        async def got() -> list[tuple[str, str, str, str, str]]:
            return [_read(inbox, number) for number in range(len(inbox.taken))]

        yield Adapter(SmtpMail(server_at(port)), got)


def _read(inbox: Inbox, number: int) -> tuple[str, str, str, str, str]:
    message = inbox.taken[number]
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None and html is not None
    mail_id = str(message["Message-ID"]).strip("<>").partition("@")[0]
    words = [part.get_content().replace("\r\n", "\n") for part in (text, html)]
    return str(message["To"]), str(message["Subject"]), words[0], words[1], mail_id


async def test_a_mail_arrives_as_it_was_written(adapter: Adapter) -> None:
    await adapter.port.send(MAIL)
    assert await adapter.taken() == [(MAIL.recipient, MAIL.subject, MAIL.text, MAIL.html, str(MAIL.id))]


async def test_a_second_copy_can_be_told_by_its_id(adapter: Adapter) -> None:
    for _ in range(2):
        await adapter.port.send(MAIL)
    assert {mail[4] for mail in await adapter.taken()} == {str(MAIL.id)}


async def test_names_and_words_of_any_script_pass(adapter: Adapter) -> None:
    mail = replace(MAIL, id=new_id(), subject="Ваша книга готова 🎉", text="Привет\n" * 50)
    await adapter.port.send(mail)
    (taken,) = await adapter.taken()
    assert taken[1:3] == (mail.subject, mail.text)


@pytest.mark.parametrize(("recipient", "kind"), [(REFUSED, Refused), (DELAYED, Unavailable)])
async def test_a_server_that_says_no_for_good_is_believed(recipient: str, kind: type[Exception]) -> None:
    with mail_server() as (port, _), pytest.raises(kind) as failed:
        await SmtpMail(server_at(port)).send(replace(MAIL, recipient=recipient))
    assert isinstance(failed.value, Refused) is (kind is Refused)


async def test_a_server_that_is_away_may_come_back() -> None:
    with pytest.raises(Unavailable):
        await SmtpMail(server_at(free_port(), timeout_seconds=2.0)).send(MAIL)


async def test_a_server_without_encryption_or_sign_in_is_for_the_operator_to_mend() -> None:
    with mail_server() as (port, inbox):
        for server in (server_at(port, security="starttls"), server_at(port, username="a", password="hush-hush")):
            with pytest.raises(Misconfigured) as failed:
                await SmtpMail(server).send(MAIL)
            assert "hush-hush" not in str(failed.value)
    assert inbox.taken == []


async def test_a_subject_brings_no_header_along() -> None:
    with mail_server() as (port, inbox), pytest.raises(Refused):
        await SmtpMail(server_at(port)).send(replace(MAIL, subject="Hello\r\nBcc: all@example.org"))
    assert inbox.taken == []


async def test_of_mail_that_stays_here_the_newest_is_kept(database: Database) -> None:
    mails = [replace(MAIL, id=new_id(), subject=str(number)) for number in range(5)]
    adapter = EmbeddedMail(database.system, kept_max=3)
    for mail in mails:
        await adapter.send(mail)
    rows = await database.system.fetch("SELECT subject FROM kept_mail ORDER BY sent_at")
    assert [row["subject"] for row in rows] == ["2", "3", "4"]
