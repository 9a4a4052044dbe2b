"""What is to say of people: whom the house lets in, whether mail reaches them, who vouches for them."""

from datetime import timedelta

from overprint.core.clock import SystemClock
from overprint.observe.findings import Finding
from overprint.ports.errors import ProviderError
from overprint.ports.identity import IdentityProvider
from overprint.wiring import House
from overprint.wiring.identity import identity_providers_of
from overprint.wiring.people import postman_of

FAILURES_FOR = timedelta(days=1)
_MODES = {
    "local": ("none, whoever sits at this machine may do everything", "To let people in: OVERPRINT_ACCOUNTS."),
    "open": ("anybody may register, and try it as a guest first", "For the invited alone: OVERPRINT_ACCOUNTS=invited."),
    "invited": ("who was invited may register", "For anybody: OVERPRINT_ACCOUNTS=open."),
}


async def findings_on_people(house: House) -> list[Finding]:
    """Providers are asked, each for some seconds at most; nobody is sent a mail."""
    settings = house.settings
    told, advice = _MODES[settings.accounts.mode]
    findings = [Finding(True, f"Accounts: {told}", advice)]
    if settings.accounts.mode == "local":
        return findings
    findings.append(await _on_mail(house))
    providers = identity_providers_of(settings, SystemClock())
    return findings + [await _on_provider(provider) for provider in providers.values()]


async def _on_mail(house: House) -> Finding:
    clock, chosen = SystemClock(), house.settings.mail
    standing = await postman_of(house.settings, house.database, clock).look()
    mend = "Look at the OVERPRINT_MAIL_ settings; site admins see each mail at /admin/mail."
    if standing.failed_at is not None and clock.now() - standing.failed_at < FAILURES_FOR:
        told = f"Mail: the last that was given up, at {standing.failed_at:%Y-%m-%d %H:%M} UTC: {standing.error}"
        return Finding(False, told, mend)
    if standing.waiting_error:
        told = f"Mail: {standing.waiting} on the way, tried in vain: {standing.waiting_error}"
        return Finding(False, told, mend)
    if chosen.provider == "embedded":
        return Finding(
            True, "Mail: kept here, for site admins at /admin/mail", "To send it: OVERPRINT_MAIL_PROVIDER=smtp."
        )
    return Finding(True, f"Mail: sent by {chosen.host}, {standing.waiting} on the way")


async def _on_provider(provider: IdentityProvider) -> Finding:
    try:
        await provider.check()
    except ProviderError as problem:
        advice = "Look at the OVERPRINT_IDENTITY_ settings. Until then nobody signs in this way."
        return Finding(False, f"Signing in with {provider.label}: {problem.message}", advice)
    return Finding(True, f"Signing in with {provider.label}: {provider.issuer} answers")
