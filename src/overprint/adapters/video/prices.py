"""What a second of film costs, by the operator's own price, else by this list: the vendors' published prices as of
November 2026. Who is in neither costs 0, and the log says so."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from overprint.observe.logs import logger
from overprint.ports.provider import Usage

_MICRODOLLARS = Decimal(1_000_000)
# By vendor and model; fal's also by resolution. Runway bills credits of a cent each.
_DOLLARS_PER_SECOND: Mapping[tuple[str, str, str], Decimal] = {
    ("runway", "gen4_turbo", ""): Decimal("0.05"),
    ("runway", "gen4.5", ""): Decimal("0.12"),
    ("fal", "fal-ai/pika/v2.2/image-to-video", ""): Decimal("0.04"),
    ("fal", "fal-ai/pika/v2.2/image-to-video", "720p"): Decimal("0.04"),
    ("fal", "fal-ai/pika/v2.2/image-to-video", "1080p"): Decimal("0.09"),
}
_log = logger("overprint.adapters.video")


def microdollars_per_second(provider: str, model: str, resolution: str, own: Decimal | None = None) -> int | None:
    """Rounded up; None where nobody knows."""
    price = own if own is not None else _DOLLARS_PER_SECOND.get((provider, model, resolution))
    return None if price is None else int((price * _MICRODOLLARS).to_integral_value(ROUND_CEILING))


def usage_of(model: str, seconds: int, price_microdollars: int) -> Usage:
    """``seconds``: as many as were ordered."""
    cost = seconds * price_microdollars
    _log.info("a model filmed", model=model, seconds=seconds, cost_microdollars=cost, is_priced=price_microdollars > 0)
    return Usage(cost_microdollars=cost)
