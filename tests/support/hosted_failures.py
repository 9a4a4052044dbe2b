"""What every hosted adapter makes of a provider's failures, whatever its port."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from overprint.adapters.hosted.endpoint import Patience
from overprint.ports.errors import Busy, Misconfigured, ProviderError, Refused, Unavailable
from overprint.ports.provider import Provider
from tests.support.model_server import Behaviour, Drops, Fails, Hangs, Sends

IMPATIENT = Patience(connect_seconds=2, silence_seconds=0.8, total_seconds=20)
IN_AN_HOUR = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


@dataclass(frozen=True)
class Failure:
    """``in_doubt`` and ``retry_after_seconds`` are compared where they are given."""

    behaviour: Behaviour
    kind: type[ProviderError]
    in_doubt: bool | None = None
    retry_after_seconds: float | None = None


FAILURES = {
    "a wrong key": Failure(Fails(401, "invalid_api_key"), Misconfigured),
    "no credit": Failure(Fails(402), Misconfigured),
    "a key without rights": Failure(Fails(403, "permission_error"), Misconfigured),
    "an unknown model": Failure(Fails(404, "model_not_found"), Misconfigured),
    "a redirect": Failure(Fails(307, headers={"Location": "http://127.0.0.1:9/"}), Misconfigured),
    "a used-up account": Failure(Fails(429, "insufficient_quota"), Misconfigured),
    "no credit, told as a bad request": Failure(
        Fails(400, "invalid_request_error", "Your credit balance is too low"), Misconfigured
    ),
    "a content policy": Failure(Fails(400, "content_policy_violation"), Refused),
    "an impossible request": Failure(Fails(400, "invalid_request_error"), Refused),
    "too much at once": Failure(Fails(413), Refused),
    "an unprocessable request": Failure(Fails(422), Refused),
    "a timeout told": Failure(Fails(408), Unavailable, in_doubt=False),
    "a conflict": Failure(Fails(409), Unavailable, in_doubt=False),
    "an inner error": Failure(Fails(500), Unavailable, in_doubt=False),
    "a gateway without answer": Failure(Fails(504), Unavailable, in_doubt=True),
    "no service": Failure(Fails(503), Unavailable, in_doubt=False),
    "no service for a while": Failure(Fails(503, headers={"Retry-After": "7"}), Busy, retry_after_seconds=7),
    "a rate limit": Failure(Fails(429, headers={"Retry-After": "20"}), Busy, retry_after_seconds=20),
    "a rate limit in milliseconds": Failure(
        Fails(429, "rate_limit_exceeded", headers={"retry-after-ms": "2500"}), Busy, retry_after_seconds=2.5
    ),
    "a rate limit until an hour from now": Failure(
        Fails(429, headers={"Retry-After": IN_AN_HOUR}), Busy, retry_after_seconds=600
    ),
    "a rate limit without a time": Failure(Fails(429), Busy, retry_after_seconds=5),
    "a rate limit with a silly time": Failure(Fails(429, headers={"Retry-After": "nan"}), Busy, retry_after_seconds=5),
    "a rate limit in the past": Failure(Fails(429, headers={"Retry-After": "-3"}), Busy, retry_after_seconds=1),
    "overload": Failure(Fails(529, "overloaded_error"), Busy),
    "a dropped connection": Failure(Drops(), Unavailable, in_doubt=True),
    "silence": Failure(Hangs(), Unavailable, in_doubt=True),
    "compression nobody asked for": Failure(
        Sends(b"\x1f\x8b\x08", headers={"Content-Encoding": "gzip"}), Unavailable, in_doubt=False
    ),
    "bytes that mean nothing": Failure(Sends(b"\x00\xff<html>"), Unavailable),
}


def check(failure: Failure, error: ProviderError, provider: Provider, key: str) -> None:
    """``error`` is what ``failure`` should become: says something, names who failed, and never shows the key."""
    assert isinstance(error, failure.kind), error
    assert error.provider == provider.name
    assert error.message.endswith((".", "!"))
    assert key not in f"{error!r} {error} {error.__cause__!r} {error.__context__!r}"
    if failure.in_doubt is not None:
        assert isinstance(error, Unavailable)
        assert error.in_doubt is failure.in_doubt
    if failure.retry_after_seconds is not None:
        assert isinstance(error, Busy)
        assert error.retry_after_seconds == failure.retry_after_seconds
