"""Mail addresses in the one form in which they are kept and compared."""

from email_validator import EmailNotValidError, validate_email

from overprint.core.problems import Invalid
from overprint.features.accounts.rules import EMAIL_MAX_CHARACTERS


def normal_email(text: str) -> str:
    """``text`` without differences that no mail server makes. Whether there is such a mailbox, a mail to it shows.

    Raises ``Invalid``.
    """
    try:
        if len(text) > EMAIL_MAX_CHARACTERS:
            raise EmailNotValidError
        found = validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise Invalid(
            "This is no mail address.", "It looks like mira@example.org; please check it.", field="email"
        ) from None
    return found.lower()
