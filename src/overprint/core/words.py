"""Words for numbers, as people are told them."""


def counted(count: object, what: str) -> str:
    """``1 step``, ``2 steps``."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
