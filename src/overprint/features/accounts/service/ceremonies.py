"""What browsers and authenticators do for passkeys (WebAuthn), asked for and checked: no database here.

What comes in is bounded by whoever calls; what the library stumbles over in it is no passkey of ours.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from overprint.core.problems import Denied
from overprint.features.accounts.rules.factors import CREDENTIAL_ID_MAX_BYTES, TICKET_LIFETIME

_MILLISECONDS = int(TICKET_LIFETIME.total_seconds() * 1000)
_TRANSPORTS = {each.value for each in AuthenticatorTransport}
_NO_PASSKEY = ("This passkey cannot be believed.", "Try once more on a page of this site, or sign in another way.")

Credential = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is kept of a passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """``name``: of the house. ``rp_id``: the host that passkeys are for. ``origin``: of the pages that may use them."""

    rp_id: str
    origin: str
    name: str

    def creation_options(
        self, challenge: bytes, person_id: UUID, account: str, name: str, have: Iterable[dict[str, Any]]
    ) -> dict[str, Any]:
        """For ``navigator.credentials.create``. ``have``: passkeys that are not to be made twice."""
        options = webauthn.generate_registration_options(
            rp_id=self.rp_id,
            rp_name=self.name,
            user_id=person_id.bytes,
            user_name=account,
            user_display_name=name,
            challenge=challenge,
            timeout=_MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_descriptors(have),
        )
        return _plain(options)

    def request_options(self, challenge: bytes, have: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
        """For ``navigator.credentials.get``: one of these passkeys, or whichever the browser knows for us."""
        options = webauthn.generate_authentication_options(
            rp_id=self.rp_id,
            challenge=challenge,
            timeout=_MILLISECONDS,
            user_verification=UserVerificationRequirement.REQUIRED,
            allow_credentials=_descriptors(have),
        )
        return _plain(options)

    def read_new(self, credential: Credential, challenge: bytes) -> NewPasskey:
        """The passkey that was just made for this challenge. Raises ``Denied``."""
        try:
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                require_user_verification=True,
            )
            said: Sequence[Any] = credential["response"].get("transports") or ()
        except Exception as error:  # the library parses CBOR, certificates and keys, and fails in as many ways
            raise Denied(*_NO_PASSKEY) from error
        if len(made.credential_id) > CREDENTIAL_ID_MAX_BYTES:
            raise Denied(*_NO_PASSKEY)
        transports = tuple(each for each in said if each in _TRANSPORTS)
        return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count, transports)

    def read_shown(self, credential: Credential, challenge: bytes, public_key: bytes, person_id: UUID) -> int:
        """How often the passkey says it was used. Raises ``Denied`` unless its person used it for this challenge."""
        try:
            shown = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                credential_public_key=public_key,
                credential_current_sign_count=0,  # the count is judged by whoever keeps it
                require_user_verification=True,
            )
            handle = credential["response"].get("userHandle")
            is_theirs = not handle or base64url_to_bytes(handle) == person_id.bytes
        except Exception as error:  # as above
            raise Denied(*_NO_PASSKEY) from error
        if not is_theirs:
            raise Denied(*_NO_PASSKEY)
        return shown.new_sign_count


def challenge_in(credential: Credential) -> bytes:
    """Which challenge it says that it answers. Raises ``Denied``."""
    try:
        return parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"])).challenge
    except Exception as error:  # as above
        raise Denied(*_NO_PASSKEY) from error


def id_in(credential: Credential) -> bytes:
    """Which passkey it says it is. Raises ``Denied``."""
    try:
        return base64url_to_bytes(credential["rawId"])
    except Exception as error:  # as above
        raise Denied(*_NO_PASSKEY) from error


def relying_party_of(site: str, name: str = "Overprint") -> RelyingParty | None:
    """By our address. Passkeys are for names: on this machine that is localhost; None for another bare address."""
    parts = urlsplit(site)
    host = parts.hostname or ""
    try:
        if not ip_address(host).is_loopback:
            return None
        host = "localhost"
    except ValueError:
        pass  # it is a name
    port = f":{parts.port}" if parts.port is not None else ""
    return RelyingParty(host, f"{parts.scheme}://{host}{port}", name)


def _descriptors(have: Iterable[dict[str, Any]]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=each["credential_id"], transports=[AuthenticatorTransport(way) for way in each["transports"]]
        )
        for each in have
    ]


def _plain(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return found
