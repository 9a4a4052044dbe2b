"""What tokens cost."""

from overprint.adapters.text.prices import usage_of


def test_a_known_model_has_its_price_rounded_up_to_a_micro_dollar() -> None:
    assert usage_of("https://api.openai.com/v1", "gpt-4o-mini", 1000, 100).cost_microdollars == 210
    assert usage_of("https://api.openai.com/v1", "gpt-4o-mini", 1, 0).cost_microdollars == 1


def test_an_own_server_or_an_unknown_model_costs_nothing_that_we_know_of() -> None:
    assert usage_of("http://127.0.0.1:11434/v1", "gpt-4o-mini", 1000, 100).cost_microdollars == 0
    assert usage_of("https://api.openai.com/v1", "no-such-model", 1000, 100).cost_microdollars == 0
