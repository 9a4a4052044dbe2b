"""How Stripe's library reaches the network: by httpx, with bodies sent as httpx wants them.

The library's own client for httpx sends them in a way that httpx has deprecated.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

import anyio
import httpx
import stripe

TIMEOUT_SECONDS = 30.0
ANSWER_MAX_BYTES = 10_000_000


class StripeHttp(stripe.HTTPClient):
    """Asynchronous requests alone."""

    name = "httpx"

    def __init__(self) -> None:
        super().__init__()
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS)

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        try:
            async with self._http.stream(method, url, headers=dict(headers), content=post_data or b"") as answer:
                content = bytearray()
                async for piece in answer.aiter_bytes():
                    content += piece
                    if len(content) > ANSWER_MAX_BYTES:
                        raise httpx.DecodingError("the answer is too long")
        except httpx.HTTPError as error:
            _fail(error)
        return bytes(content), answer.status_code, answer.headers

    async def sleep_async(self, secs: float) -> None:
        await anyio.sleep(secs)

    async def close_async(self) -> None:
        await self._http.aclose()


def _fail(error: httpx.HTTPError) -> NoReturn:
    words = f"It does not answer ({type(error).__name__})."
    raise stripe.APIConnectionError(words, should_retry=True) from error  # type: ignore[no-untyped-call]  # it says no types
