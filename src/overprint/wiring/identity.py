"""Who may vouch for people, by the settings."""

from overprint.core.clock import Clock
from overprint.ports.identity import IdentityProvider
from overprint.settings import Settings

# What people call them, where it is not the name with a capital.
_LABELS = {"github": "GitHub", "gitlab": "GitLab", "linkedin": "LinkedIn"}


def identity_providers_of(settings: Settings, clock: Clock) -> dict[str, IdentityProvider]:
    """By their names, in the order of the settings."""
    from overprint.adapters.identity.exchange import Client
    from overprint.adapters.identity.github import GitHub
    from overprint.adapters.identity.oidc import OidcProvider

    chosen = settings.identity
    found: dict[str, IdentityProvider] = {}
    for name, issuer, client_id, secret in zip(
        chosen.providers, chosen.issuers, chosen.client_ids, chosen.client_secrets, strict=True
    ):
        label = _LABELS.get(name, name.replace("-", " ").capitalize())
        client = Client(name, label, issuer, client_id, secret.get_secret_value())
        found[name] = GitHub(client) if name == "github" else OidcProvider(client, clock)
    return found
