"""Who made something, exactly enough that the same identity and input mean the same result."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Provider:
    """``settings`` are the ones that change results (temperature, quality), never keys or addresses.

    ``label`` is what people read in the colophon: "procedural picture", "gpt-5 via OpenAI".
    """

    name: str
    model: str
    label: str
    settings: Mapping[str, str] = field(default_factory=dict)
    is_idempotent: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call used. Cost is micro-dollars (a millionth of a dollar), 0 for embedded providers."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost_microdollars: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost_microdollars + other.cost_microdollars,
        )
