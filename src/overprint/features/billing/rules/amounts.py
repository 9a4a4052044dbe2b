"""Amounts of money as people read them."""

# Currencies that have no hundredths, as Stripe lists them: their amounts are whole already.
_WHOLE = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf")
)


def money(amount: int, currency: str) -> str:
    """An amount in the currency's smallest unit, for people: ``10.00 USD``, ``1000 JPY``."""
    if currency.lower() in _WHOLE:
        return f"{amount} {currency.upper()}"
    return f"{amount // 100}.{amount % 100:02} {currency.upper()}"
