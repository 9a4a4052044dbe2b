"""Any life of a paying team, its news told in any order, again and under new ids: what it has is what it paid for."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from overprint.adapters.payments import signing
from overprint.core.codec import decode
from overprint.core.problems import Problem
from overprint.features.billing.rules.paying import offer_of
from overprint.ports.errors import Refused
from overprint.ports.payments import Dispute, Invoice, Means, Paid, Standing, Subscription
from tests.features.billing.shop import FREE, LARGE, PRO, Shop
from tests.features.billing.team import Team
from tests.support.database import TestDatabase
from tests.support.machines import DatabaseMachine, lives_well

CREDITS = {"pro": PRO, "team": LARGE}
PLAN = st.sampled_from(sorted(CREDITS))
PICK = st.integers(0, 10**6)
MEANS = st.sampled_from([Means.CARD, Means.CARD, Means.BANK, Means.REFUSING_BANK])
PACK_CREDITS = 500


def test_no_order_of_news_makes_a_balance_wrong(database_urls: TestDatabase) -> None:
    lives_well(Buying, database_urls, lives=30, steps=20)


class Buying(DatabaseMachine):
    """What the till has done is the truth; what a team has follows from it once all news were heard."""

    @initialize(plan=st.sampled_from([None, "pro", "pro", "team"]))
    def begin(self, plan: str | None) -> None:
        team = Team(self.database)
        self.shop = Shop(team)
        for table in ("till_objects", "payment_events"):  # what other lives left
            self.wait(self.database.system.execute(f"DELETE FROM {table}"))
        self.wait(team.found())
        self.wait(team.spendable())
        self.told: list[bytes] = []
        self.pages, self.days = 0, 0
        self.buy_a_plan(plan, False, Means.CARD) if plan else self.buy_a_pack(Means.CARD)

    def teardown(self) -> None:
        """However a life ends, what was not heard of yet is."""
        if hasattr(self, "shop"):
            self.all_of_it_is_heard(is_reversed=bool(self.pages % 2))

    # What people and their banks do at the till. Nobody has heard of it yet.

    @rule(plan=PLAN, at_the_same_moment=st.booleans(), by=MEANS)
    def buy_a_plan(self, plan: str, at_the_same_moment: bool, by: Means) -> None:
        """At the same moment as another was bought, it cannot be refused."""
        self.wait(self._buy(by, plan=plan) if not at_the_same_moment else self._buy_behind(plan, by))

    @rule(by=MEANS)
    def buy_a_pack(self, by: Means) -> None:
        self.wait(self._buy(by, pack="pack-500"))

    @rule(pick=PICK)
    def a_bank_decides_or_tells_once_more(self, pick: int) -> None:
        pages = self.wait(self._of_kind("checkout"))
        if pages:
            self.wait(self.shop.till.decide(pages[pick % len(pages)]["checkout"]["id"]))

    async def _buy(self, by: Means, **what: Any) -> None:
        self.pages += 1
        asked = {"plan": None, "pack": None} | what
        try:
            page = await self.shop.payments.checkout(
                self.shop.team.transaction, self.shop.team.owner, key=str(self.pages), **asked
            )
        except Problem:
            return
        await self.shop.till.pay(page.id, by=by)

    async def _buy_behind(self, plan: str, by: Means) -> None:
        self.pages += 1
        customer = await self.shop.payments._customer(self.shop.team.transaction, self.shop.team.owner)
        chosen = await self._plan(plan)
        key = f"behind-{self.shop.team.id}-{self.pages}"
        page = await self.shop.till.open_checkout(customer, offer_of(chosen), back_url="x", key=key)
        await self.shop.till.pay(page.id, by=by)

    async def _plan(self, key: str) -> Any:
        async with self.shop.team.transaction() as transaction:
            return next(one for one in await self.shop.team.plans.list_offered(transaction) if one.key == key)

    @rule(plan=PLAN, pick=PICK)
    def change_a_plan(self, plan: str, pick: int) -> None:
        self.wait(self._change(plan, pick))

    async def _change(self, plan: str, pick: int) -> None:
        living = await self._living()
        if not living or living[pick % len(living)].standing is not Standing.ACTIVE:
            return
        chosen, sold = offer_of(await self._plan(plan)), living[pick % len(living)]
        change = self.shop.till.upgrade if CREDITS[plan] > CREDITS[sold.plan] else self.shop.till.change_at_period_end
        try:
            await change(sold.id, chosen, key="k")
        except Refused:
            return

    @rule(pick=PICK, at_once=st.booleans(), refunds=st.booleans())
    def end_a_subscription(self, pick: int, at_once: bool, refunds: bool) -> None:
        living = self.wait(self._living())
        if living and at_once:
            self.wait(self.shop.till.cancel(living[pick % len(living)].id, refunds=refunds))
        elif living:
            self.wait(self.shop.till.end_at_period_end(living[pick % len(living)].id, ends=True))

    @rule(declines=st.booleans())
    def change_the_card(self, declines: bool) -> None:
        self.wait(self.shop.till.change_card(self._customer_id, declines=declines))

    @rule(pick=PICK, cents=st.integers(1, 1500))
    def refund(self, pick: int, cents: int) -> None:
        self.wait(self._refund(pick, cents))

    async def _refund(self, pick: int, cents: int) -> None:
        paid = await self._payments()
        found = paid[pick % len(paid)] if paid else None
        left = found["amount_cents"] - found["refunded_cents"] if found else 0
        if found and left:
            await self.shop.till.give_back(found["id"], min(cents, left))

    @rule(pick=PICK, end=st.sampled_from([None, True, False]))
    def dispute(self, pick: int, end: bool | None) -> None:
        paid = self.wait(self._payments())
        if not paid:
            return
        found = paid[pick % len(paid)]
        if found["dispute"] == "open" and end is not None:
            self.wait(self.shop.till.close_dispute(found["id"], is_won=end))
        elif found["dispute"] == "none":
            self.wait(self.shop.till.dispute(found["id"], found["amount_cents"]))

    @rule(days=st.sampled_from([1, 4, 16]))
    def time_passes(self, days: int) -> None:
        self.days += days
        self.shop.team.clock.ahead += timedelta(days=days)
        self.wait(self.shop.till.advance())

    # How it is told.

    @rule()
    def the_till_tells(self) -> None:
        for body, _ in self.wait(self.shop.messages()):
            self.told.append(body)

    @precondition(lambda self: self.told)
    @rule(picks=st.lists(PICK, min_size=1, max_size=4), renames=st.booleans(), acts=st.booleans())
    def some_of_it_is_heard(self, picks: Sequence[int], renames: bool, acts: bool) -> None:
        """In whatever order, once more, and under another id."""
        for pick in picks:
            body = self.told[pick % len(self.told)]
            named = body.replace(b"till_event_", f"till_event_{pick % 3}_".encode()) if renames else body
            self.wait(self._receive(named))
        if acts:
            self.wait(self.shop.payments.process())

    async def _receive(self, body: bytes) -> None:
        signature = signing.sign(body, self.shop.till.secret, self.shop.team.clock.now())
        await self.shop.payments.receive(body, signature)

    @rule(is_reversed=st.booleans())
    def all_of_it_is_heard(self, is_reversed: bool) -> None:
        self.wait(self._hear_all(is_reversed))
        self.wait(self._compare())

    async def _hear_all(self, is_reversed: bool) -> None:
        for _ in range(10):
            self.told += [body for body, _ in await self.shop.messages()]
            if not self.told and not await self._unheard():
                return
            for body in self.told[::-1] if is_reversed else self.told:
                await self._receive(body)
            self.told = []
            await self.shop.payments.process()
            self.shop.team.clock.ahead += timedelta(hours=6.5)  # more than the longest wait before it is tried again
        waiting = await self.database.system.fetch(
            "SELECT type, object_id, tries, error FROM payment_events WHERE processed_at IS NULL LIMIT 3"
        )
        raise AssertionError(f"news do not come to an end: {waiting}")

    async def _unheard(self) -> int:
        found = await self.database.system.fetchval(
            "SELECT count(*) FROM payment_events WHERE processed_at IS NULL AND due_at IS NOT NULL"
            " AND object_id LIKE $1",
            f"%{self.shop.team.id}%",
        )
        return int(found)

    # What must be so.

    @property
    def _customer_id(self) -> str:
        return f"till_customer_{self.shop.team.id}"

    async def _living(self) -> list[Subscription]:
        return await self.shop.till.list_subscriptions(self._customer_id)

    async def _of_kind(self, kind: str) -> list[dict[str, Any]]:
        rows = await self.database.system.fetch(
            "SELECT data FROM till_objects WHERE kind = $1 AND customer_id = $2 ORDER BY made_at, id",
            kind,
            self._customer_id,
        )
        return [row["data"] for row in rows]

    async def _payments(self) -> list[dict[str, Any]]:
        return await self._of_kind("payment")

    async def _compare(self) -> None:
        """What the team has, to what the till says was paid."""
        invoices = [decode(Invoice, data) for data in await self._of_kind("invoice")]
        paid = {payment["id"]: payment for payment in await self._payments()}
        wanted = {
            one.payment_id: _share(CREDITS[one.plan or ""] - CREDITS.get(one.plan_before or "", 0), one)
            for one in invoices
            if one.state is Paid.PAID
        }
        wanted |= {
            data["checkout"]["payment_id"]: PACK_CREDITS
            for data in await self._of_kind("checkout")
            if data["checkout"]["payment_id"]
        }
        kept = {row["charge_id"]: row for row in await self.shop.invoices() if row["paid_at"]}
        assert set(kept) == set(wanted) == set(paid)
        for payment_id, credits in wanted.items():
            payment, row = paid[payment_id or ""], kept[payment_id or ""]
            if row["lot_id"] is None and credits:  # its plan had ended when the bank paid
                assert payment["refunded_cents"] == payment["amount_cents"] or payment["dispute"] != Dispute.NONE
                continue
            is_held = payment["dispute"] in (Dispute.OPEN, Dispute.LOST)
            gone = min(
                payment["amount_cents"], payment["refunded_cents"] + (payment["disputed_cents"] if is_held else 0)
            )
            lost = credits * gone // payment["amount_cents"] if payment["amount_cents"] else 0
            assert (row["credits"], row["taken_credits"], row["owed_credits"]) == (credits, lost, 0)
        living = await self._living()
        good = [one for one in living if one.standing is Standing.ACTIVE]
        assert len(good) <= 1, "nobody pays for two"
        if good:
            assert await self.shop.plan() == good[0].plan
        elif not living:
            assert await self.shop.plan() == "free"
        if self.days < 25:
            total = sum(row["credits"] - row["taken_credits"] for row in kept.values())
            assert await self.shop.team.spendable() == FREE + total

    @invariant()
    def the_ledger_is_true(self) -> None:
        assert self.wait(self.shop.team.credits.find_drift()) == []
        twice = self.wait(
            self.database.system.fetchval(
                "SELECT count(*) FROM (SELECT key FROM ledger_entries GROUP BY key HAVING count(*) > 1) AS found"
            )
        )
        assert twice == 0


def _share(credits: int, invoice: Invoice) -> int:
    """Of a change in mid month, as much as of the month is left."""
    if invoice.plan_before is None or invoice.period_end is None:
        return credits
    left = min(30 * 86400, int((invoice.period_end - invoice.made_at).total_seconds()))
    return ceil(Fraction(credits * max(0, left), 30 * 86400))
