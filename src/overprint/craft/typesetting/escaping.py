"""Words on their way into XML."""

from html import escape

from overprint.craft.typesetting.words import cleaned


def text(value: str, *, trimmed: bool = True) -> str:
    """Cleaned and escaped, for element content and for double-quoted attributes.

    Not ``trimmed``: a stretch of words that were cleaned before, whose spaces at the ends belong between others.
    """
    return escape(cleaned(value) if trimmed else value, quote=True)
