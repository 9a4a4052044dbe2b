"""The submitter of a paid chaos run: it begins every job, in order, and buys credits when they run out."""

import asyncio
import contextlib
import itertools
import sys

import httpx

from tests.support.chaos_client import AGAIN_SECONDS, client
from tests.support.paid_chaos_orders import PACK, Orders, buy

IMPATIENCE_TRIES = 40  # refusals, after which somebody buys once more


async def submit(orders: Orders) -> None:
    """Submit all jobs, from the first on: what was accepted before we were killed is not made twice."""
    async with client(orders.port) as http:
        for number in range(orders.jobs):
            await _submit(http, orders, number)


async def _submit(http: httpx.AsyncClient, orders: Orders, number: int) -> None:
    """Until it is accepted. Who runs out of credits buys a pack, and another one if that does not come."""
    key = orders.keys[number % len(orders.keys)]
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"job-{number}"}
    for tries in itertools.count():
        with contextlib.suppress(httpx.TransportError):
            answer = await http.post("/api/chaos/jobs", json={"number": number}, headers=headers)
            if answer.status_code == httpx.codes.ACCEPTED:
                return
            if answer.status_code == httpx.codes.PAYMENT_REQUIRED:
                bought = {**headers, "Idempotency-Key": f"pack-{number}-{tries // IMPATIENCE_TRIES}"}
                await buy(http, orders.stripe_url, bought, pack=PACK)
            # The day's quota is that of those who pay nothing until the plan that was bought has come.
            elif answer.status_code < 500 and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                raise AssertionError(answer.text)
        await asyncio.sleep(AGAIN_SECONDS)


if __name__ == "__main__":
    asyncio.run(submit(Orders.of(sys.argv[1])))
