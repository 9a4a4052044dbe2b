"""The doctor tells what is wrong; it never falls ill itself."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from overprint.core.ids import new_id
from overprint.db.database import Database
from overprint.engine import pauses, timetable
from overprint.main.doctoring import examine
from overprint.main.exits import Exit
from tests.support.clock import SetClock
from tests.support.database import TestDatabase
from tests.support.identity_server import identity_server


async def test_settings_that_cannot_be_used_are_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERPRINT_WEB_PORT", "no port")
    assert await examine(tmp_path) == Exit.UNAVAILABLE
    assert "wrong Settings:" in capsys.readouterr().out


async def test_a_logo_that_cannot_be_used_is_a_finding_before_the_studio_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERPRINT_BRAND_LOGO", str(tmp_path / "none.svg"))
    await examine(tmp_path / "data")
    assert "wrong Brand: OVERPRINT_BRAND_LOGO cannot be used" in capsys.readouterr().out


async def test_a_wrong_password_is_a_finding_that_names_the_setting(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database_urls: TestDatabase,
) -> None:
    for name, url in _variables(database_urls).items():
        monkeypatch.setenv(name, url.replace("overprint_app:", "overprint_app:wrong"))
    assert await examine(tmp_path / "data") == Exit.UNAVAILABLE
    said = capsys.readouterr().out
    assert "wrong Database: DATABASE_URL cannot be used" in said
    assert "Data folder:" in said


async def test_addresses_in_sqlalchemys_form_reach_the_database_and_their_passwords_are_not_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database_urls: TestDatabase,
) -> None:
    urls = {name: url.replace("postgresql:", "postgresql+asyncpg:") for name, url in _variables(database_urls).items()}
    for name, url in urls.items():
        monkeypatch.setenv(name, f"{url}?ssl=disable")
    assert await examine(tmp_path / "data") == Exit.OK
    said = capsys.readouterr().out
    assert "Database answers" in said
    assert not any(str(urlsplit(url).password) in said for url in urls.values())


async def test_the_doctor_says_whether_files_are_signed_and_in_whose_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_urls: TestDatabase
) -> None:
    for name, url in _variables(database_urls).items():
        monkeypatch.setenv(name, url)
    for said in ("made at the first start", "this installation's own key “Overprint local key"):
        assert await examine(tmp_path / "data") == Exit.OK
        assert said in capsys.readouterr().out
    key, divider, certificates = (
        (tmp_path / "data/secrets/signing-identity.pem").read_text().partition("\n-----BEGIN C")
    )
    (tmp_path / "key.pem").write_text(key)
    (tmp_path / "own.pem").write_text(divider + certificates)
    monkeypatch.setenv("OVERPRINT_CREDENTIALS_KEY_FILE", str(tmp_path / "key.pem"))
    for name, code, said in (
        ("own.pem", Exit.OK, "Signing: files are signed"),
        ("key.pem", Exit.UNAVAILABLE, "Signing: The signing identity cannot be used"),
        ("no.pem", Exit.UNAVAILABLE, "cannot be read"),
    ):
        monkeypatch.setenv("OVERPRINT_CREDENTIALS_CERTIFICATE_FILE", str(tmp_path / name))
        assert await examine(tmp_path / "data") == code
        assert said in capsys.readouterr().out
    monkeypatch.setenv("OVERPRINT_CREDENTIALS_ENABLED", "false")
    assert await examine(tmp_path / "data") == Exit.OK
    assert "Signing: files carry no Content Credentials" in capsys.readouterr().out


async def test_keys_that_sign_links_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_urls: TestDatabase
) -> None:
    for name, url in _variables(database_urls).items():
        monkeypatch.setenv(name, url)
    for said in ("is made at the first start", "Links: 1 key signs them"):
        assert await examine(tmp_path / "data") == Exit.OK
        assert said in capsys.readouterr().out
    monkeypatch.setenv("OVERPRINT_SIGNING_SECRETS", f"{'n' * 32},{'o' * 32}")
    assert await examine(tmp_path / "data") == Exit.OK
    said = capsys.readouterr().out
    assert "Links: 2 keys; the first one signs, another one is still believed" in said
    assert "n" * 32 not in said


async def test_a_paused_provider_is_a_finding_that_says_how_to_lift_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    database_urls: TestDatabase,
) -> None:
    await pauses.begin(database.system, "image:openai", "Wrong key.")
    for name, url in _variables(database_urls).items():
        monkeypatch.setenv(name, url)
    assert await examine(tmp_path / "data") == Exit.OK, "whoever has it is elsewhere, or nobody has it any more"
    said = " ".join(capsys.readouterr().out.split())
    assert "ok The image provider openai is paused since 20" in said
    assert "It is not set up here." in said and "forgotten after 30 days" in said
    for name, value in (("PROVIDER", "openai"), ("MODEL", "gpt-image-1"), ("API_KEY", "k" * 20)):
        monkeypatch.setenv(f"OVERPRINT_IMAGE_{name}", value)
    assert await examine(tmp_path / "data") == Exit.UNAVAILABLE
    said = capsys.readouterr().out
    assert "wrong The image provider openai is paused since 20" in said
    assert "UTC: Wrong key." in said
    assert "Mend the OVERPRINT_IMAGE_ settings, then start `overprint up` or `overprint worker` again." in said


async def test_plans_that_sell_credits_for_less_than_films_take_are_warned_of_where_people_buy_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_urls: TestDatabase
) -> None:
    for name, url in _variables(database_urls).items():
        monkeypatch.setenv(name, url)
    for name, value in (("PROVIDER", "runway"), ("MODEL", "gen4.5"), ("API_KEY", "k" * 20)):
        monkeypatch.setenv(f"OVERPRINT_VIDEO_{name}", value)
    await examine(tmp_path / "data")
    assert "Prices:" not in capsys.readouterr().out, "nobody pays on their own machine"
    monkeypatch.setenv("OVERPRINT_ACCOUNTS", "open")
    assert await examine(tmp_path / "data") == Exit.OK, "it is a warning, nothing is broken"
    said = capsys.readouterr().out
    assert "warn  Prices: a credit of Pro is sold for 0.33 cents, and films by gen4.5 via Runway take up" in said
    assert "up to 0.80 cents of each" in said
    assert "give Pro 1250 credits a month or fewer" in said


async def test_schedules_tell_when_they_last_ran_and_what_went_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    database_urls: TestDatabase,
) -> None:
    for name, url in _variables(database_urls).items():
        monkeypatch.setenv(name, url)
    assert await examine(tmp_path / "data") == Exit.OK
    assert "ok   Schedule library.sweep (every 10 minutes): has not run yet" in capsys.readouterr().out
    pool, now = database.system, datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    for name, error in (("engine.retention", None), ("library.sweep", "The disk is asleep.")):
        await timetable.enter(pool, {name: now})
        turn = await timetable.take(pool, {name: now}, now=now, holder="w", lease_seconds=9)
        assert turn is not None
        await timetable.end(pool, turn, due_at=now, now=now, seconds=1.5, error=error)
    assert await examine(tmp_path / "data") == Exit.UNAVAILABLE
    said = " ".join(capsys.readouterr().out.split())
    assert "ok Schedule engine.retention (every hour): last ended 2026-11-21 08:30 UTC after 1.5 s" in said
    assert "wrong Schedule library.sweep" in said
    assert "The disk is asleep. It is tried again at 08:30 UTC." in said


async def test_a_dispute_that_is_open_and_news_given_up_are_findings_that_say_what_to_do(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    database_urls: TestDatabase,
) -> None:
    for name, url in _variables(database_urls).items():
        monkeypatch.setenv(name, url)
    team_id = new_id()
    await database.system.execute("INSERT INTO teams (id, name, slug) VALUES ($1, 'Fox', 'fox')", team_id)
    async with database.transaction(team_id) as transaction:
        await transaction.driver.execute(
            "INSERT INTO invoices (id, team_id, provider, invoice_id, description, state, amount_cents, currency,"
            " dispute, made_at) VALUES ($1, $1, 'stripe', 'in_1', 'Pro', 'paid', 1000, 'usd', 'open', now())",
            team_id,
        )
    await database.system.execute(
        "INSERT INTO payment_events (provider, event_id, type, object_id, body, received_at, due_at, error) VALUES"
        " ('embedded', 'e1', 'invoice.paid', 'in_1', '', now(), NULL, 'NotYet()'),"
        " ('embedded', 'e2', 'invoice.paid', 'in_2', '', now(), now(), 'still tried'),"
        " ('embedded', 'e3', 'invoice.paid', 'in_3', '', now(), NULL, NULL)"
    )
    assert await examine(tmp_path / "data") == Exit.UNAVAILABLE
    said = " ".join(capsys.readouterr().out.split())
    assert "wrong Payments: disputed are 1 Answer at your payment provider" in said
    assert "wrong Payments: news given up are 1; the last: invoice.paid in_1: NotYet() Look at it" in said


async def test_the_doctor_says_whom_the_house_lets_in_whether_mail_goes_out_and_who_vouches(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    database_urls: TestDatabase,
) -> None:
    for name, url in _variables(database_urls).items():
        monkeypatch.setenv(name, url)
    assert await examine(tmp_path / "data") == Exit.OK
    assert "Accounts: none, whoever sits at this machine may do everything" in capsys.readouterr().out
    monkeypatch.setenv("OVERPRINT_ACCOUNTS", "invited")
    async with identity_server(SetClock()) as provider:
        secret = "never to be seen"
        values = {"PROVIDERS": "work,gone", "CLIENT_IDS": "a,b", "CLIENT_SECRETS": f"{secret},{secret}"}
        values["ISSUERS"] = f"{provider.issuer},http://127.0.0.1:9"
        for name, value in values.items():
            monkeypatch.setenv(f"OVERPRINT_IDENTITY_{name}", value)
        assert await examine(tmp_path / "data") == Exit.UNAVAILABLE
    said = capsys.readouterr().out
    assert "ok   Accounts: who was invited may register" in said and "ok   Mail: kept here" in said
    assert f"ok   Signing in with Work: {provider.issuer} answers" in said
    assert "wrong Signing in with Gone: Gone cannot be reached" in said and secret not in said


async def test_mail_that_cannot_be_delivered_is_a_finding(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    database_urls: TestDatabase,
) -> None:
    for name, url in {**_variables(database_urls), "OVERPRINT_ACCOUNTS": "open"}.items():
        monkeypatch.setenv(name, url)
    await database.system.execute(
        "INSERT INTO outgoing_mail (id, kind, recipient, subject, text, html, made_at, due_at, error)"
        " VALUES (gen_random_uuid(), 'reset', 'a@example.org', 's', 't', 'h', now(), now(), 'It is asleep.')"
    )
    assert await examine(tmp_path / "data") == Exit.UNAVAILABLE
    assert "wrong Mail: 1 on the way, tried in vain: It is asleep." in capsys.readouterr().out
    await database.system.execute("UPDATE outgoing_mail SET failed_at = now(), error = 'No such mailbox.'")
    assert await examine(tmp_path / "data") == Exit.UNAVAILABLE
    assert "UTC: No such mailbox." in capsys.readouterr().out
    await database.system.execute("UPDATE outgoing_mail SET failed_at = now() - interval '2 days'")
    assert await examine(tmp_path / "data") == Exit.OK


def _variables(urls: TestDatabase) -> dict[str, str]:
    return {"DATABASE_URL": urls.app, "DATABASE_SYSTEM_URL": urls.system, "DATABASE_OWNER_URL": urls.owner}
