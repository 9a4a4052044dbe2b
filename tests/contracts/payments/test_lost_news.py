"""What a provider told nobody of is asked after: pages that were paid, months that were billed."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import pytest

from overprint.core.problems import Conflict
from overprint.db.database import Database
from overprint.engine.schedule import ScheduleContext
from overprint.features.accounts.room import writing
from overprint.features.billing import Closings, News, Payments
from overprint.features.billing.room import LETTERS
from overprint.features.billing.service.payments import Opened
from overprint.ports.errors import Unavailable
from overprint.ports.payments import Checkout, CheckoutPage, Offer, PageState, PaymentsPort
from tests.contracts.payments.conftest import StripeWorld, World
from tests.features.billing.shop import FREE, LARGE, PRO, trials_of
from tests.features.billing.team import Team

PACK = Offer("pack-500", 1, "500 credits", 500, "usd", is_monthly=False)
DOUBLE = Offer("team", 1, "Team", 3000, "usd", is_monthly=True)


class Wrapped:
    """A provider but for what a test says otherwise."""

    def __init__(self, port: PaymentsPort) -> None:
        self._port = port

    def __getattr__(self, name: str) -> object:
        return getattr(self._port, name)


class Unreachable(Wrapped):
    """It closes no page right now."""

    async def close_checkout(self, checkout_id: str) -> bool:
        raise Unavailable("It does not answer.")


@dataclass
class Deaf:
    """A team that buys at a provider, all of whose news are lost."""

    team: Team
    world: World
    payments: Payments

    async def open(self, key: str, *, plan: str | None = None, pack: str | None = None) -> Opened:
        return await self.payments.checkout(self.team.transaction, self.team.owner, plan=plan, pack=pack, key=key)

    async def pass_by(self, **time: float) -> None:
        """All that it would be told meanwhile is lost."""
        self.world.clock.ahead += timedelta(**time)
        await self.world.messages()
        await self.payments.work()

    def through(self, port: Wrapped) -> Payments:
        return replace(self.payments, port=cast(PaymentsPort, port))

    async def plan(self) -> str:
        async with self.team.transaction() as transaction:
            return (await self.team.plans.of_team(transaction)).key

    async def invoices(self) -> list[dict[str, Any]]:
        async with self.team.transaction() as transaction:
            return await self.payments.list_invoices(transaction, 50, None)

    async def subscription_id(self) -> str:
        async with self.team.transaction() as transaction:
            found = await self.payments.find_subscription(transaction)
        assert found is not None
        return str(found["subscription_id"])

    async def pages(self) -> int:
        """How many pages are asked after."""
        found = await self.team.database.system.fetchval("SELECT count(*) FROM checkouts WHERE due_at IS NOT NULL")
        return int(found)


@pytest.fixture
async def deaf(world: World, database: Database) -> Deaf:
    team = await Team(database, clock=world.clock).found()
    return Deaf(team, world, Payments(world.port, database, team.books, "http://localhost", trials_of(team)))


async def test_a_page_that_was_paid_brings_what_it_sold_though_nobody_told(deaf: Deaf) -> None:
    pack, plan = await deaf.open("p", pack="pack-500"), await deaf.open("m", plan="pro")
    await deaf.world.pay(pack.id)
    await deaf.world.pay(plan.id)
    await deaf.pass_by(minutes=5)
    assert await deaf.plan() == "free", "providers get some minutes to tell it themselves"
    await deaf.pass_by(minutes=6)
    assert (await deaf.plan(), await deaf.team.spendable()) == ("pro", FREE + PRO + 500)
    assert await deaf.pages() == 0
    await deaf.pass_by(days=1)
    assert await deaf.team.spendable() == FREE + PRO + 500


async def test_a_page_that_nobody_pays_is_asked_after_ever_less_and_forgotten_in_the_end(deaf: Deaf) -> None:
    asked: list[str] = []

    class Counting(Wrapped):
        async def read_checkout(self, checkout_id: str) -> Checkout | None:
            asked.append(checkout_id)
            return await deaf.world.port.read_checkout(checkout_id)

    await deaf.open("m", plan="pro")
    quiet = deaf.through(Counting(deaf.world.port))
    for _ in range(24 * 12):
        deaf.world.clock.ahead += timedelta(minutes=5)
        await quiet.work()
    assert 5 < len(asked) < 12
    deaf.world.clock.ahead += timedelta(days=30)
    await deaf.payments.forget()
    assert await deaf.pages() == 0


async def test_a_month_that_was_billed_brings_its_credits_though_nobody_told(deaf: Deaf) -> None:
    await deaf.world.pay((await deaf.open("m", plan="pro")).id)
    await deaf.pass_by(minutes=11)
    await deaf.world.a_month_passes(await deaf.subscription_id())
    await deaf.pass_by(hours=2)
    await deaf.team.expire()
    assert (await deaf.plan(), await deaf.team.spendable()) == ("pro", PRO)
    await deaf.payments.change(deaf.team.transaction, deaf.team.owner, "team")
    await deaf.pass_by(hours=2)
    assert PRO < await deaf.team.spendable() <= LARGE


async def test_a_month_that_is_paid_long_after_its_grace_brings_the_plan_back_though_nobody_told(deaf: Deaf) -> None:
    await deaf.world.pay((await deaf.open("m", plan="pro")).id)
    await deaf.pass_by(minutes=11)
    subscription_id, customer = await deaf.subscription_id(), await _customer(deaf)
    await deaf.world.decline_from_now_on(customer)
    await deaf.world.a_month_passes(subscription_id)
    for _ in range(2):
        await deaf.pass_by(days=8)
    assert await deaf.plan() == "free"
    await deaf.world.give_card(customer)
    await deaf.world.a_month_passes(subscription_id)
    await deaf.pass_by(hours=7)
    assert await deaf.plan() == "pro"


async def test_a_page_that_could_not_be_closed_is_remembered_until_it_is(deaf: Deaf) -> None:
    first = await deaf.open("a", plan="pro")
    failing = deaf.through(Unreachable(deaf.world.port))
    for key in "bc":
        with pytest.raises(Exception, match="does not answer"):
            await failing.checkout(deaf.team.transaction, deaf.team.owner, plan="team", pack=None, key=key)
    last = await deaf.open("d", plan="team")
    with pytest.raises(Exception):  # noqa: B017 - a provider's own words
        await deaf.world.pay(first.id)
    await deaf.world.pay(last.id)
    await deaf.pass_by(minutes=11)
    assert await deaf.plan() == "team"


async def test_a_key_that_is_used_again_leads_to_a_page_that_can_be_paid(deaf: Deaf) -> None:
    opened = [await deaf.open(key, plan="pro") for key in "aba"]
    assert len({page.id for page in opened}) == 3
    assert await deaf.open("a", plan="pro") == opened[-1]
    await deaf.world.port.close_checkout(opened[-1].id)  # as it does by itself after a day
    fresh = await deaf.open("a", plan="pro")
    await deaf.world.pay(fresh.id)
    await deaf.pass_by(minutes=11)
    assert await deaf.plan() == "pro"


async def test_a_page_that_was_paid_meanwhile_is_found_by_who_opens_another(deaf: Deaf) -> None:
    await deaf.world.pay((await deaf.open("a", plan="pro")).id)
    with pytest.raises(Conflict, match="pays for a plan already"):
        await deaf.open("b", plan="team")
    assert (await deaf.plan(), await deaf.team.spendable()) == ("pro", FREE + PRO)


async def test_a_pack_that_was_paid_is_not_sold_again_under_its_key(deaf: Deaf) -> None:
    page = await deaf.open("p", pack="pack-500")
    await deaf.world.pay(page.id)
    with pytest.raises(Conflict, match="is paid already, and what it brought is here"):
        await deaf.open("p", pack="pack-500")
    assert await deaf.team.spendable() == FREE + 500


@pytest.mark.parametrize(
    ("what", "brings", "plan"), [({"pack": "pack-500"}, 500, "free"), ({"plan": "pro"}, PRO, "pro")]
)
async def test_what_a_bank_works_on_is_not_sold_again_and_brings_its_credits_once(
    deaf: Deaf, what: dict[str, str], brings: int, plan: str
) -> None:
    page = await deaf.open("p", **what)
    await deaf.world.send(page.id, pays=True)
    for _ in range(3):  # a provider keeps a key for a day, a bank may take longer
        with pytest.raises(Conflict, match=r"Your bank is working on this payment|pays for a plan already"):
            await deaf.open("p", **what)
        await deaf.pass_by(hours=20)
    assert (await deaf.plan(), await deaf.team.spendable()) == (plan, FREE), "a plan begins, its credits are not paid"
    assert [row["state"] for row in await deaf.invoices()] == ["sent"]
    await deaf.world.bank_decides(page.id)
    await deaf.pass_by(hours=7)
    assert (await deaf.plan(), await deaf.team.spendable()) == (plan, FREE + brings)
    assert ([row["state"] for row in await deaf.invoices()], await deaf.pages()) == (["paid"], 0)
    with pytest.raises(Conflict, match=r"paid already|pays for a plan already"):
        await deaf.open("p", **what)


@pytest.mark.parametrize("what", [{"pack": "pack-500"}, {"plan": "pro"}])
async def test_what_a_bank_refused_brings_nothing_and_can_be_bought_again_at_once(
    deaf: Deaf, what: dict[str, str]
) -> None:
    page = await deaf.open("p", **what)
    await deaf.world.send(page.id, pays=False)
    await deaf.pass_by(minutes=11)
    await deaf.world.bank_decides(page.id)
    told = list(await deaf.world.messages())
    for body, signature in told[::-1]:
        await deaf.payments.receive(body, signature)
        await deaf.payments.process()
    assert (await deaf.plan(), await deaf.team.spendable(), await deaf.pages()) == ("free", FREE, 0)
    assert [row["state"] for row in await deaf.invoices()] == ["failed"]
    again = await deaf.open("p", **what)
    await deaf.world.pay(again.id)
    await deaf.pass_by(minutes=11)
    assert again.id != page.id
    assert sorted(row["state"] for row in await deaf.invoices()) == ["failed", "paid"]
    assert await deaf.team.spendable() > FREE


async def test_what_a_bank_pays_after_its_plan_was_ended_is_given_back(deaf: Deaf) -> None:
    page = await deaf.open("p", plan="pro")
    await deaf.world.send(page.id, pays=True)
    await deaf.pass_by(minutes=11)
    await deaf.world.port.cancel(await deaf.subscription_id(), refunds=True)
    await deaf.world.bank_decides(page.id)
    for _ in range(2):
        await deaf.payments.settling.checkout(page.id)
    assert (await deaf.plan(), await deaf.team.spendable()) == ("free", FREE)
    assert (await _given_back(deaf, page), [row["state"] for row in await deaf.invoices()]) == (1000, ["refunded"])


async def test_news_of_a_bank_that_is_overtaken_does_not_bring_the_waiting_back(deaf: Deaf) -> None:
    page = await deaf.open("p", pack="pack-500")
    await deaf.world.send(page.id, pays=False)

    class Overtaken(Wrapped):
        async def read_checkout(self, checkout_id: str) -> Checkout | None:
            found = await deaf.world.port.read_checkout(checkout_id)
            if found is not None and found.state is PageState.SENT:
                await deaf.world.bank_decides(checkout_id)
                await deaf.payments.settling.checkout(checkout_id)
            return found

    await deaf.through(Overtaken(deaf.world.port)).settling.checkout(page.id)
    assert [row["state"] for row in await deaf.invoices()] == ["failed"]
    assert await deaf.pages() == 0


async def test_a_team_has_only_so_many_pages_open_where_it_could_pay(deaf: Deaf) -> None:
    opened = [await deaf.open(f"k{number}", pack="pack-500") for number in range(21)]
    assert await deaf.pages() == 20
    with pytest.raises(Exception):  # noqa: B017 - a provider's own words
        await deaf.world.pay(opened[0].id)
    await deaf.world.pay(opened[-1].id)


async def _customer(deaf: Deaf) -> str:
    async with deaf.team.transaction() as transaction:
        found = await deaf.payments.find_subscription(transaction)
    assert found is not None
    return str(found["customer_id"])


async def _given_back(deaf: Deaf, page: CheckoutPage | Opened) -> int:
    """Of the first month of the plan that was bought there."""
    checkout = await deaf.world.port.read_checkout(page.id)
    assert checkout is not None and checkout.subscription_id is not None
    subscription = await deaf.world.port.read_subscription(checkout.subscription_id)
    assert subscription is not None and subscription.latest_invoice_id is not None
    invoice = await deaf.world.port.read_invoice(subscription.latest_invoice_id)
    assert invoice is not None and invoice.payment_id is not None
    payment = await deaf.world.port.read_payment(invoice.payment_id)
    assert payment is not None
    return payment.refunded_cents


async def test_when_a_team_ends_its_pages_close_and_only_what_it_had_nothing_of_is_given_back(deaf: Deaf) -> None:
    first = await deaf.open("a", plan="pro")
    await deaf.world.pay(first.id)
    port, customer = deaf.world.port, await _customer(deaf)
    await deaf.pass_by(minutes=11)
    pack = await deaf.open("p", pack="pack-500")
    # One that came about behind our back, as where two people pay at the same moment.
    double = await port.open_checkout(customer, DOUBLE, back_url="http://localhost", key="double")
    deaf.world.clock.ahead += timedelta(minutes=5)
    await deaf.world.pay(double.id)
    await deaf.team.database.system.execute("UPDATE teams SET closed_at = $1", deaf.world.clock.now())
    await deaf.payments.end_all(deaf.team.id)
    assert await port.list_subscriptions(customer) == []
    with pytest.raises(Exception):  # noqa: B017 - a provider's own words
        await deaf.world.pay(pack.id)
    assert await _given_back(deaf, first) == 0
    assert await _given_back(deaf, double) == 3000


async def _close(deaf: Deaf) -> None:
    await deaf.team.database.system.execute("UPDATE teams SET closed_at = $1", deaf.world.clock.now())


async def _audited(deaf: Deaf) -> list[str]:
    rows = await deaf.team.database.system.fetch("SELECT action FROM audit_log ORDER BY seq")
    return [row["action"] for row in rows]


async def test_a_pack_that_was_paid_when_its_team_was_closed_is_given_back_once_and_its_payer_told(deaf: Deaf) -> None:
    pool, payer = deaf.team.database.system, deaf.team.owner.person_id
    query = "INSERT INTO people (id, email, name, verified_at) VALUES ($1, 'mira@example.org', 'Mira', now())"
    await pool.execute(query, payer)
    early, late = [await deaf.open(key, pack="pack-500") for key in "el"]
    await deaf.world.pay(early.id)
    await deaf.pass_by(minutes=11)
    await deaf.world.pay(late.id)
    await _close(deaf)
    for _ in range(2):
        await deaf.payments.end_all(deaf.team.id)
        await deaf.payments.settling.checkout(late.id)
    told = await deaf.world.messages()
    for body, signature in told:
        await deaf.payments.receive(body, signature)
    await deaf.payments.process()
    paid = [await deaf.world.port.read_checkout(page.id) for page in (early, late)]
    given_back = [await deaf.world.port.read_payment(one.payment_id or "") for one in paid if one is not None]
    assert [one.refunded_cents for one in given_back if one is not None] == [0, 500]
    assert await deaf.team.spendable() == FREE + 500
    assert (await _audited(deaf)).count("payment.given_back") == 1
    news = News(
        deaf.team.database, deaf.world.clock, writing(deaf.world.clock, "http://localhost", LETTERS, "Overprint")
    )
    for _ in range(2):
        await news.tell()
    assert [tuple(row) for row in await pool.fetch("SELECT kind, recipient FROM outgoing_mail")] == [
        ("given_back", "mira@example.org")
    ]
    assert await pool.fetchval("SELECT count(*) FROM invoices WHERE tell_person IS NOT NULL") == 0
    assert await deaf.team.credits.find_drift() == []


async def test_refunds_and_disputes_take_their_credits_though_nobody_told(
    stripe: StripeWorld, database: Database
) -> None:
    team = await Team(database, clock=stripe.clock).found()
    deaf = Deaf(team, stripe, Payments(stripe.port, database, team.books, "http://localhost", trials_of(team)))
    paid = []
    for key in "rd":
        await stripe.pay((page := await deaf.open(key, pack="pack-500")).id)
        checkout = await stripe.port.read_checkout(page.id)
        assert checkout is not None and checkout.payment_id is not None
        paid.append(checkout.payment_id)
    await deaf.pass_by(minutes=11)
    await stripe.refund(paid[0], 200)
    await stripe.dispute(paid[1], 500)
    stripe.server.dispute_elsewhere()
    await deaf.pass_by(hours=2)
    told = "SELECT type, error FROM payment_events WHERE processed_at IS NULL"
    assert [tuple(row) for row in await database.system.fetch(told)] == []
    assert await team.spendable() == FREE + 300
    await stripe.close_dispute(paid[1], is_won=True)
    await deaf.pass_by(days=3)
    assert await team.spendable() == FREE + 800
    asked = stripe.server.asked
    await deaf.pass_by(minutes=1)
    assert stripe.server.asked == asked, "it is asked once an hour"


async def test_many_refunds_are_listed_page_by_page(stripe: StripeWorld) -> None:
    customer = await stripe.port.make_customer(uuid4(), "Team")
    page = await stripe.port.open_checkout(customer, replace(PACK, amount_cents=500), back_url="/", key="k")
    await stripe.pay(page.id)
    checkout = await stripe.port.read_checkout(page.id)
    assert checkout is not None and checkout.payment_id is not None
    for _ in range(250):
        stripe.server.refund(checkout.payment_id, 1)
    now = stripe.clock.now()
    told = await stripe.port.list_news(now - timedelta(hours=1), now + timedelta(seconds=2))
    assert (len({event.id for event in told}), {event.object_id for event in told}) == (250, {checkout.payment_id})
    assert await stripe.port.list_news(now - timedelta(hours=2), now - timedelta(hours=1)) == []


async def test_a_customer_who_was_deleted_there_keeps_no_team_from_being_purged(
    stripe: StripeWorld, database: Database
) -> None:
    team = await Team(database, clock=stripe.clock).found()
    deaf = Deaf(team, stripe, Payments(stripe.port, database, team.books, "http://localhost", trials_of(team)))
    await stripe.pay((await deaf.open("a", plan="pro")).id)
    await deaf.pass_by(minutes=11)
    stripe.server.delete_customer(await _customer(deaf))
    await database.system.execute("UPDATE teams SET closed_at = $1", stripe.clock.now())
    context = ScheduleContext(database, stripe.clock, 60.0)
    assert await Closings(deaf.payments).purge(context, team.id)
    assert await deaf.plan() == "free"
