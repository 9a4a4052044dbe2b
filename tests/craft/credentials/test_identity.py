"""The signing key, and signing in a child process."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from overprint.core.problems import Invalid
from overprint.craft.credentials import (
    Credentials,
    State,
    credentials_in,
    new_identity,
    read_bytes,
    read_payload,
    sign_bytes,
    sign_payload,
    told,
)
from overprint.craft.credentials.identity import VALID, _certificate, read_identity
from overprint.craft.credentials.reading import read
from overprint.craft.credentials.signing import sign
from tests.craft.credentials.conftest import NOW, STATEMENT, picture

PNG = "image/png"


def test_every_identity_is_another_and_its_key_stays_out_of_what_it_signs(identity: bytes, stranger: bytes) -> None:
    assert identity != stranger
    signed = sign(picture(PNG), PNG, STATEMENT, identity)
    key = identity.partition(b"-----END PRIVATE KEY-----")[0]
    assert key.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert all(line not in signed for line in key.splitlines()[1:] if len(line) > 20)


def test_an_identity_names_no_person_and_no_machine(identity: bytes) -> None:
    found = read(sign(picture(PNG), PNG, STATEMENT, identity), PNG, identity)
    assert found is not None and found.organisation == "Overprint"
    assert found.signer.startswith("Overprint local key ") and len(found.signer) == len("Overprint local key ") + 8


def test_an_identity_whose_certificate_has_run_out_signs_nothing() -> None:
    old = new_identity(NOW - timedelta(days=40 * 365))
    with pytest.raises(Invalid, match="delete it to have a new one made"):
        sign(picture(PNG), PNG, STATEMENT, old)


def test_a_signature_is_told_apart_when_its_certificate_has_run_out() -> None:
    soon_over = new_identity(datetime.now(UTC) - VALID + timedelta(seconds=4))
    signed = sign(picture(PNG), PNG, STATEMENT, soon_over)
    found = read(signed, PNG, soon_over)
    assert found is not None and found.state is State.INTACT
    for _ in range(100):
        time.sleep(0.1)
        found = read(signed, PNG, soon_over)
        if found is None or found.state is not State.INTACT:
            break
    assert found is not None and found.state is State.EXPIRED
    assert "certificate is not valid now" in told(found)[0]


def test_a_key_that_borrows_our_name_is_not_ours(identity: bytes) -> None:
    mine = x509.load_pem_x509_certificates(read_identity(identity).chain_pem)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    leaf = _certificate(mine[0].subject, mine[0].issuer, key, root_key, NOW, authority=False)
    root = _certificate(mine[1].subject, mine[1].issuer, root_key, root_key, NOW, authority=True)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    forged = secret + leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)
    real = read(sign(picture(PNG), PNG, STATEMENT, identity), PNG, identity)
    found = read(sign(picture(PNG), PNG, STATEMENT, forged), PNG, identity)
    assert real is not None and real.ours
    assert found is not None and found.signer == real.signer and not found.ours


def test_a_certificate_of_ones_own_is_told_by_its_name() -> None:
    found = Credentials(State.INTACT, ours=True, signer="Lantern Press", organisation="Lantern Ltd")
    assert told(found)[1] == "Signed by this installation, with the certificate of “Lantern Press” (Lantern Ltd)."


@pytest.mark.parametrize(
    "damage",
    [
        lambda mine, other: b"",
        lambda mine, other: b"x" * 100_000,
        lambda mine, other: mine.partition(b"-----BEGIN CERTIFICATE")[0],
        lambda mine, other: mine[: mine.index(b"-----BEGIN C")] + other[other.index(b"-----BEGIN C") :],
        lambda mine, other: mine.replace(b"MI", b"MJ"),
    ],
    ids=["empty", "endless", "no certificate", "another's certificate", "damaged"],
)
def test_an_identity_that_cannot_sign_is_refused_with_advice(
    damage: Callable[[bytes, bytes], bytes], identity: bytes, stranger: bytes
) -> None:
    with pytest.raises(Invalid, match="delete it to have a new one made"):
        sign(picture(PNG), PNG, STATEMENT, damage(identity, stranger))


def test_a_child_process_signs_and_reads_bytes(identity: bytes) -> None:
    signed = sign_bytes(sign_payload(picture(PNG), PNG, STATEMENT, identity, {"ab": picture(PNG)}))
    found = credentials_in(read_bytes(read_payload(signed, PNG, identity)))
    assert found == read(signed, PNG, identity)
    assert found is not None and found.state is State.INTACT and found.ours
    assert credentials_in(read_bytes(read_payload(picture(PNG), PNG))) is None
    assert len(told(found)) > 3


def test_a_message_that_is_not_for_the_child_is_refused(identity: bytes) -> None:
    with pytest.raises(Invalid):
        sign_bytes(read_payload(picture(PNG), PNG, identity))
