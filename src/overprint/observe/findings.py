"""What is found of a house's health: by ``overprint doctor``, and for who looks after it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``advice`` says how to fix what is wrong, or how to swap what is embedded. ``is_warning``: it works, so it is
    well, and yet whoever looks after the house should think about it."""

    is_well: bool
    what: str
    advice: str = ""
    is_warning: bool = False
