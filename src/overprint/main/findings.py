"""What ``overprint doctor`` finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``advice`` says how to fix what is wrong, or how to swap what is embedded."""

    is_well: bool
    what: str
    advice: str = ""
