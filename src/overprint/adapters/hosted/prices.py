"""What tokens cost: by the operator's own price, else by the list that ``genai-prices`` carries (kept offline,
updated with the package)."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

import genai_prices

from overprint.adapters.hosted.counting import Tokens
from overprint.observe.logs import logger
from overprint.ports.provider import Usage

_MICRODOLLARS = Decimal(1_000_000)
_log = logger("overprint.adapters.hosted")


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """Dollars for a million tokens, which is micro-dollars for one."""

    read_dollars_per_million: Decimal
    written_dollars_per_million: Decimal


def usage_of(base_url: str, model: str, tokens: Tokens, own: TokenPrice | None = None) -> Usage:
    """Tokens with their cost, rounded up. What neither ``own`` nor the list prices costs 0, and the log says so."""
    cost = _own_cost(own, tokens) if own else _listed_cost(base_url, model, tokens)
    used = Usage(tokens.read, tokens.written, 0 if cost is None else int(cost.to_integral_value(ROUND_CEILING)))
    _log.info(
        "a model answered",
        model=model,
        input_tokens=tokens.read,
        input_tokens_from_cache=tokens.from_cache,
        output_tokens=tokens.written,
        cost_microdollars=used.cost_microdollars,
        is_priced=cost is not None,
    )
    return used


def _own_cost(price: TokenPrice, tokens: Tokens) -> Decimal:
    return tokens.read * price.read_dollars_per_million + tokens.written * price.written_dollars_per_million


def _listed_cost(base_url: str, model: str, tokens: Tokens) -> Decimal | None:
    """Micro-dollars, ``None`` for a model or an address that is not in the list."""
    # Parts can be no more than the whole; a provider that tells otherwise is believed in the whole.
    from_cache = min(tokens.from_cache, tokens.read)
    counted = genai_prices.Usage(
        input_tokens=tokens.read,
        output_tokens=tokens.written,
        cache_read_tokens=from_cache,
        cache_write_tokens=min(tokens.to_cache, tokens.read - from_cache),
        input_image_tokens=0 if from_cache else min(tokens.pictures_read, tokens.read),
        output_image_tokens=min(tokens.pictures_written, tokens.written),
    )
    try:
        return genai_prices.calc_price(counted, model, provider_api_url=base_url).total_price * _MICRODOLLARS
    except (LookupError, ValueError):
        return None
