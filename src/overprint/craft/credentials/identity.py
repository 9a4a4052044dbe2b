"""The key that signs: made here at first use, kept by the caller as one secret, vouched for by nobody.

An identity is PEM text: the private key (P-256, for ES256), its certificate, and the certificates above it, root last.
The standard refuses a signing certificate that signs itself, so a new identity has a root of its own whose key is
thrown away once it has signed. An operator whose certificate others trust may keep that in this form instead.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from overprint.core.credentials import Signatory
from overprint.core.problems import Invalid

IDENTITY_MAX_BYTES = 64 * 1024
ORGANISATION = "Overprint"
LOCAL = "Overprint local key"
# There are no time stamps, so a signature is worth no more once its certificate has run out.
VALID = timedelta(days=20 * 365)
_SLACK = timedelta(days=1)
_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]{1,40})-----.+?-----END \1-----\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Identity:
    """``chain_pem`` begins with the certificate of the key; ``root_pem`` is its last."""

    key_pem: bytes
    chain_pem: bytes
    root_pem: bytes


def new_identity(now: datetime) -> bytes:
    """A fresh key and its certificates, valid for 20 years from ``now``. A secret: keep it where only we read."""
    root_key, key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    mark = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()[:8]
    root_name, name = _name(f"Overprint local root {mark}"), _name(f"{LOCAL} {mark}")
    root = _certificate(root_name, root_name, root_key, root_key, now, authority=True)
    leaf = _certificate(name, root_name, key, root_key, now, authority=False)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret + leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)


def read_identity(identity: bytes) -> Identity:
    """Raises ``Invalid`` unless ``identity`` is a P-256 key followed by its own certificate and at least one above."""
    if len(identity) > IDENTITY_MAX_BYTES:
        raise unusable()
    blocks = [(match.group(1), match.group(0).rstrip(b"\n") + b"\n") for match in _BLOCK.finditer(identity)]
    keys = [block for label, block in blocks if label.endswith(b"PRIVATE KEY")]
    chain = [block for label, block in blocks if label == b"CERTIFICATE"]
    if len(keys) != 1 or len(chain) < 2:
        raise unusable()
    try:
        key = load_pem_private_key(keys[0], password=None)
        certified = x509.load_pem_x509_certificate(chain[0]).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise unusable() from None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise unusable()
    if key.public_key() != certified:
        raise unusable()
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Identity(plain, b"".join(chain), chain[-1])


def certificates_of(identity: bytes) -> bytes:
    """What of an identity may be shown to anybody, and is enough to know its signatures by."""
    return read_identity(identity).chain_pem


def signatory_of(identity: bytes) -> Signatory:
    """In whose name it signs. Raises ``Invalid`` for what is no identity."""
    leaf = x509.load_pem_x509_certificate(read_identity(identity).chain_pem)
    name = _said(leaf.subject, NameOID.COMMON_NAME)
    return Signatory(
        name=name,
        organisation=_said(leaf.subject, NameOID.ORGANIZATION_NAME),
        certificate_sha256=leaf.fingerprint(hashes.SHA256()).hex(),
        expires_at=leaf.not_valid_after_utc,
        is_local=name.startswith(LOCAL),
    )


def _said(name: x509.Name, what: x509.ObjectIdentifier) -> str:
    return next((str(attribute.value) for attribute in name.get_attributes_for_oid(what)), "")


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePrivateKey,
    signer: EllipticCurvePrivateKey,
    now: datetime,
    *,
    authority: bool,
) -> x509.Certificate:
    """The extensions are those that the C2PA specification asks of a signing certificate and of one above it."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(authority, 0 if authority else None), critical=True)
        .add_extension(_usage(authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def unusable(why: str = "") -> Invalid:
    """What to do about an identity that does not sign."""
    return Invalid(
        f"The signing identity cannot be used{f' ({why})' if why else ''}.",
        "It must be a P-256 private key, its certificate and those above it, in PEM; delete it to have a new one made.",
    )
