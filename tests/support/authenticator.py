"""An authenticator in software: makes passkeys and shows them as a browser would, and as a thief would like to."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
Json = dict[str, Any]


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """Holds one passkey. ``verifies``: it knows its person by finger or PIN. ``counts``: how often it was used."""

    origin: str = "http://localhost:8000"
    verifies: bool = True
    counts: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    person: bytes = b""

    def make(self, asked: Json) -> Json:
        """What ``navigator.credentials.create`` answers."""
        self.person = bytes_of(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        point = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(point)
        data = self._data(asked["rp"]["id"], ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = {
            "clientDataJSON": text_of(self._client("webauthn.create", asked)),
            "attestationObject": text_of(attestation),
            "transports": ["internal"],
        }
        return self._credential(said)

    def show(self, asked: Json) -> Json:
        """What ``navigator.credentials.get`` answers."""
        self.counts += 1
        data, client = self._data(asked["rpId"]), self._client("webauthn.get", asked)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {
            "clientDataJSON": text_of(client),
            "authenticatorData": text_of(data),
            "signature": text_of(signed),
            "userHandle": text_of(self.person),
        }
        return self._credential(said)

    def _credential(self, response: Json) -> Json:
        own = text_of(self.credential_id)
        return {"id": own, "rawId": own, "type": "public-key", "response": response}

    def _client(self, kind: str, asked: Json) -> bytes:
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, rp_id: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.counts.to_bytes(4, "big")
