"""What tokens cost, by the price list that ``genai-prices`` carries (kept offline, updated with the package)."""

from decimal import ROUND_CEILING, Decimal

import genai_prices

from overprint.observe.logs import logger
from overprint.ports.provider import Usage

_MICRODOLLARS = Decimal(1_000_000)
_log = logger("overprint.adapters.text")


def usage_of(base_url: str, model: str, input_tokens: int, output_tokens: int) -> Usage:
    """Tokens with their cost, rounded up. A model or address that is not in the list costs 0, and the log says so."""
    counted = genai_prices.Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        price = genai_prices.calc_price(counted, model, provider_api_url=base_url).total_price
        cost, is_priced = int((price * _MICRODOLLARS).to_integral_value(ROUND_CEILING)), True
    except (LookupError, ValueError):
        cost, is_priced = 0, False
    _log.info(
        "a model answered",
        model=model,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cost_microdollars=cost,
        is_priced=is_priced,
    )
    return Usage(input_tokens, output_tokens, cost)
