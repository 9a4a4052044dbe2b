"""Mails about money: a trial that ends, a payment that is disputed. Each is written once, to whom it concerns."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from overprint.core.ids import new_id
from overprint.core.principal import Role
from overprint.features.accounts.room import writing
from overprint.features.accounts.service.letters import Letters
from overprint.features.billing import News
from overprint.features.billing.room import LETTERS
from tests.features.billing.shop import Shop

SITE = "https://books.example.org"
SEEN = Path(__file__).parent / "letters"
TRIAL: dict[str, Any] = {
    "team": "Fox & <i> Co",
    "plan": "Pro",
    "follows": "Pro",
    "fallback": "Free",
    "price": "10.00 USD",
}
TRIAL |= {"ends_at": "2026-12-01 10:00 UTC", "link": "/billing"}
DISPUTE: dict[str, Any] = {"team_id": "0199-a", "amount": "5.00 USD", "provider": "stripe", "payment_id": "pi_1"}
LETTERS_SEEN: dict[str, dict[str, Any]] = {
    "trial_ends": TRIAL,
    "dispute_open": DISPUTE | {"state": "open", "owed_credits": 120},
    "dispute_won": DISPUTE | {"state": "won", "owed_credits": 0},
    "given_back": {"team": "Fox & <i> Co", "what": "500 credits", "amount": "5.00 USD"},
    "dispute_lost": DISPUTE | {"state": "lost", "owed_credits": 0},
}


def written(name: str) -> dict[str, str]:
    kind = "dispute" if name.startswith("dispute") else name
    mail = Letters(SITE, (LETTERS,)).write(kind, "mira@example.org", name="Mira <b> Okafor", **LETTERS_SEEN[name])
    return {"txt": f"Subject: {mail.subject}\n\n{mail.text}", "html": mail.html + "\n"}


@pytest.mark.parametrize("name", LETTERS_SEEN)
def test_a_letter_looks_as_it_was_last_seen(name: str) -> None:
    """After a change that is meant: python -m tests.features.billing.letters"""
    for form, content in written(name).items():
        assert content == (SEEN / f"{name}.{form}").read_text(encoding="utf-8")
        assert form == "txt" or ("<b>" not in content and "<i>" not in content)


@pytest.fixture
def news(shop: Shop) -> News:
    return News(shop.team.database, shop.team.clock, writing(shop.team.clock, SITE, LETTERS, "Overprint"))


async def person(shop: Shop, email: str, *, role: Role | None = None, is_admin: bool = False) -> None:
    made, pool = new_id(), shop.team.database.system
    await pool.execute(
        "INSERT INTO people (id, email, name, is_site_admin, verified_at) VALUES ($1, $2, 'Mira', $3, now())",
        made,
        email,
        is_admin,
    )
    if role is not None:
        await pool.execute("INSERT INTO memberships VALUES ($1, $2, $3)", shop.team.id, made, str(role))


async def mails(shop: Shop) -> list[tuple[str, str, str]]:
    rows = await shop.team.database.system.fetch("SELECT kind, recipient, subject FROM outgoing_mail ORDER BY id")
    return [(row["kind"], row["recipient"], row["subject"]) for row in rows]


async def test_whoever_runs_the_house_hears_of_a_dispute_and_of_its_end_once_each(shop: Shop, news: News) -> None:
    await person(shop, "admin@example.org", is_admin=True)
    await person(shop, "owner@example.org", role=Role.OWNER)
    await shop.buy(pack="pack-500")
    payment = (await shop.invoices())[0]["charge_id"]
    await news.tell()
    assert await mails(shop) == []
    await shop.till.dispute(payment, 500)
    await shop.hear()
    assert await shop.payments.count_open_disputes() == 1
    for _ in range(2):
        await news.tell()
    told = [("dispute", "admin@example.org", "A payment of 5.00 USD is disputed (open)")]
    assert await mails(shop) == told
    await shop.till.close_dispute(payment, is_won=True)
    await shop.hear()
    for _ in range(2):
        await news.tell()
    assert await mails(shop) == [*told, ("dispute", "admin@example.org", "A payment of 5.00 USD is disputed (won)")]
    assert await shop.payments.count_open_disputes() == 0


async def test_news_that_cannot_be_written_keeps_no_other_from_being_told(shop: Shop, news: News) -> None:
    await person(shop, "owner@example.org", role=Role.OWNER)
    await person(shop, "admin@example.org", is_admin=True)
    await shop.offer_trial("pro", days=2)
    await shop.buy(plan="pro")
    await shop.buy("a pack", pack="pack-500")
    await shop.till.dispute((await shop.invoices())[0]["charge_id"], 500)
    await shop.hear()

    async def post(connection: asyncpg.Connection, kind: str, recipient: str, **told: Any) -> None:
        if kind == "trial_ends":
            raise ValueError("torn")
        await news.post(connection, kind, recipient, **told)

    await replace(news, post=post).tell()
    assert [kind for kind, _, _ in await mails(shop)] == ["dispute"]
    await news.tell()
    assert [kind for kind, _, _ in await mails(shop)] == ["dispute", "trial_ends"]


async def test_owners_hear_some_days_before_that_a_trial_ends_once(shop: Shop, news: News) -> None:
    await person(shop, "owner@example.org", role=Role.OWNER)
    await person(shop, "member@example.org", role=Role.MEMBER)
    await shop.offer_trial("pro", days=10)
    await shop.buy(plan="pro")
    await shop.pass_by(6)
    await news.tell()
    assert await mails(shop) == []
    await shop.pass_by(1.5)
    for _ in range(2):
        await news.tell()
    assert await mails(shop) == [("trial_ends", "owner@example.org", "Your trial of Pro ends soon")]


async def test_a_trial_that_changes_is_told_with_the_plan_that_follows_and_one_that_was_ended_not_at_all(
    shop: Shop, news: News
) -> None:
    await person(shop, "owner@example.org", role=Role.OWNER)
    await shop.offer_trial("pro", days=10)
    await shop.buy(plan="pro")
    await shop.change("team")
    subscription_id = (await shop.subscription())["subscription_id"]
    for ends in (True, False):
        await shop.till.end_at_period_end(subscription_id, ends=ends)
        await shop.pass_by(4)
        await news.tell()
        assert len(await mails(shop)) == (0 if ends else 1)
    text = await shop.team.database.system.fetchval("SELECT text FROM outgoing_mail")
    assert "it goes on as Team for 30.00 USD" in " ".join(text.split())
