"""Counts that a provider tells: believed only when they can be true."""

COUNT_MAX = 10**9


def count_of(value: object) -> int:
    """``value`` if it is a plausible count of tokens, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= COUNT_MAX else 0
