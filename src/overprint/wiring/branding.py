"""Whose house it is, by the settings."""

from email.utils import formataddr, parseaddr

from overprint.core.accents import accent_of
from overprint.core.logos import LOGO_MAX_BYTES, check_logo
from overprint.core.problems import Invalid
from overprint.http.branding import Brand, brand
from overprint.settings import Settings


def brand_of(settings: Settings) -> Brand:
    """Raises ``Invalid`` for a logo that cannot be read or used."""
    chosen = settings.brand
    return brand(chosen.name, _logo(settings), accent_of(chosen.colour) if chosen.colour else None)


def sender_of(settings: Settings) -> str:
    """Whom mails come from: under the house's name, where the sender's own says none."""
    name, address = parseaddr(settings.mail.sender)
    is_said = name and "sender" in settings.mail.model_fields_set
    return settings.mail.sender if is_said else formataddr((settings.brand.name, address))


def _logo(settings: Settings) -> tuple[bytes, str] | None:
    file = settings.brand.logo
    if file is None:
        return None
    try:
        with file.expanduser().open("rb") as opened:
            data = opened.read(LOGO_MAX_BYTES + 1)
        return data, check_logo(data)
    except OSError as error:
        reason = f"{file} cannot be read: {error.strerror}"
    except ValueError as error:
        reason = f"of {file}: {error}"
    raise Invalid(f"OVERPRINT_BRAND_LOGO cannot be used: {reason}.", "Name another file, or none.", field="brand.logo")
