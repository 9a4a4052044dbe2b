"""How amounts of money are told to people."""

import pytest

from overprint.features.billing.rules.amounts import money


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [(1000, "usd", "10.00 USD"), (5, "eur", "0.05 EUR"), (1000, "jpy", "1000 JPY"), (0, "chf", "0.00 CHF")],
)
def test_an_amount_is_told_in_whole_units_of_its_currency(amount: int, currency: str, told: str) -> None:
    assert money(amount, currency) == told
