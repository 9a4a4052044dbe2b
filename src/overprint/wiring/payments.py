"""Who takes the money, by the settings."""

from overprint.core.clock import Clock
from overprint.db.database import Database
from overprint.ports.payments import PaymentsPort
from overprint.settings import Settings
from overprint.wiring.secrets import till_secret_of


def payments_of(settings: Settings, database: Database, clock: Clock) -> PaymentsPort:
    """The till, with pretend money, until something else is chosen."""
    chosen = settings.payments
    if chosen.provider == "stripe":
        from overprint.adapters.payments.stripe import StripePayments

        assert chosen.api_key is not None  # which the settings make sure of
        secrets = [secret.get_secret_value() for secret in chosen.webhook_secrets]
        return StripePayments(chosen.api_key.get_secret_value(), secrets, clock, base_url=chosen.base_url)
    from overprint.adapters.payments.till import Till

    return Till(database.system, clock, till_secret_of(settings), settings.site_url)
