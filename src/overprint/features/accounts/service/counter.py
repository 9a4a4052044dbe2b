"""All that the room does for people, in one place: what its API and its pages are built over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from overprint.core.principal import Principal
from overprint.features.accounts.service.ceremonies import relying_party_of
from overprint.features.accounts.service.identities import Identities
from overprint.features.accounts.service.keys import Keys
from overprint.features.accounts.service.office import Office
from overprint.features.accounts.service.own_account import OwnAccount
from overprint.features.accounts.service.passkeys import Passkeys
from overprint.features.accounts.service.providers import Providers
from overprint.features.accounts.service.proving import Proofs
from overprint.features.accounts.service.recognising import Recognition
from overprint.features.accounts.service.registering import Registrations
from overprint.features.accounts.service.second_factors import SecondFactors
from overprint.features.accounts.service.signing_in import Sessions
from overprint.features.accounts.service.taking_home import TakingHome
from overprint.features.accounts.store import letters
from overprint.ports.identity import IdentityProvider


@dataclass(frozen=True, slots=True)
class Counter:
    """The use cases, joined. ``permit_site`` raises ``Denied`` for who is no site admin."""

    office: Office
    sessions: Sessions
    registrations: Registrations
    own: OwnAccount
    proofs: Proofs
    factors: SecondFactors
    passkeys: Passkeys
    providers: Providers
    identities: Identities
    taking_home: TakingHome
    keys: Keys
    recognition: Recognition
    permit_site: Callable[[Principal], None]

    @staticmethod
    def of(
        office: Office,
        keys: Keys,
        permit_site: Callable[[Principal], None],
        by_name: Mapping[str, IdentityProvider],
    ) -> "Counter":
        """All use cases over one office."""
        sessions, proofs = Sessions(office), Proofs(office)
        factors, registrations = SecondFactors(office, sessions), Registrations(office)
        providers = Providers(office, sessions, registrations, by_name)
        recognition = Recognition(office.database, office.clock, office.tokens, office.admin_second_factor)
        return Counter(
            office,
            sessions,
            registrations,
            OwnAccount(office, sessions, proofs, providers.offered()),
            proofs,
            factors,
            Passkeys(
                office,
                sessions,
                factors,
                relying_party_of(office.letters.site, office.letters.brand),
                providers.offered(),
            ),
            providers,
            Identities(office, providers, factors),
            TakingHome(office),
            keys,
            recognition,
            permit_site,
        )

    async def list_kept_mail(self, limit: int, before: UUID | None) -> list[dict[str, Any]]:
        """What the embedded adapter keeps, the newest first."""
        return await letters.list_kept(self.office.database.system, limit, before)

    async def list_waiting_mail(self, limit: int) -> list[dict[str, Any]]:
        """What was not handed over yet, or could not be."""
        return await letters.list_waiting(self.office.database.system, limit)
