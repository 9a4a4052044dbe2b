"""What tokens cost."""

from decimal import Decimal

from overprint.adapters.hosted.counting import Tokens
from overprint.adapters.hosted.prices import TokenPrice, usage_of


def test_a_known_model_has_its_price_rounded_up_to_a_micro_dollar() -> None:
    assert usage_of("https://api.openai.com/v1", "gpt-4o-mini", Tokens(1000, 100)).cost_microdollars == 210
    assert usage_of("https://api.openai.com/v1", "gpt-4o-mini", Tokens(1, 0)).cost_microdollars == 1


def test_what_came_from_a_cache_costs_less_and_what_was_kept_in_one_more() -> None:
    openai, anthropic = "https://api.openai.com/v1", "https://api.anthropic.com"
    assert usage_of(openai, "gpt-4o-mini", Tokens(1000, 100, from_cache=400)).cost_microdollars == 180
    assert usage_of(anthropic, "claude-sonnet-5-5", Tokens(1000, 0, from_cache=1000)).cost_microdollars == 100
    assert usage_of(anthropic, "claude-sonnet-5-5", Tokens(1000, 0, to_cache=1000)).cost_microdollars == 2500


def test_tokens_of_pictures_have_a_price_of_their_own() -> None:
    words, pictures = Tokens(1000, 1000), Tokens(1000, 1000, pictures_read=1000, pictures_written=1000)
    costs = [usage_of("https://api.openai.com/v1", "gpt-image-1.5", t).cost_microdollars for t in (words, pictures)]
    assert costs == [15_000, 40_000]


def test_parts_that_are_more_than_the_whole_are_not_believed() -> None:
    odd = Tokens(1000, 100, from_cache=5000, to_cache=5000, pictures_read=5000, pictures_written=5000)
    assert 0 < usage_of("https://api.openai.com/v1", "gpt-5", odd).cost_microdollars <= 2250


def test_the_operators_own_price_wins_and_is_rounded_up() -> None:
    own = TokenPrice(Decimal("0.15"), Decimal("2"))
    assert usage_of("http://127.0.0.1:11434/v1", "qwen3", Tokens(1001, 10), own).cost_microdollars == 171
    assert usage_of("https://api.openai.com/v1", "gpt-4o-mini", Tokens(1000, 0), own).cost_microdollars == 150


def test_an_own_server_or_an_unknown_model_costs_nothing_that_we_know_of() -> None:
    assert usage_of("http://127.0.0.1:11434/v1", "gpt-4o-mini", Tokens(1000, 100)).cost_microdollars == 0
    assert usage_of("https://api.openai.com/v1", "no-such-model", Tokens(1000, 100)).cost_microdollars == 0
