"""What everybody can rely on who signs and reads through the ``credentials`` port."""

import hashlib
from datetime import UTC, datetime

import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.credentials.embedded import EmbeddedCredentials, certificates_of, new_identity, read_credentials
from overprint.core.clock import SystemClock
from overprint.core.credentials import Source, State, Statement
from overprint.core.problems import Invalid
from overprint.ports.credentials import MEDIA_TYPES, CredentialsPort
from tests.craft.credentials.conftest import picture

PNG = "image/png"
STATEMENT = Statement("The fox at the gate", Source.PROCEDURE, "ab" * 32, "embedded", "illustrator", "Ada Machine")
IDENTITY = new_identity(datetime.now(UTC))


@pytest.fixture
def signer() -> CredentialsPort:
    return EmbeddedCredentials(InlineCompute(), SystemClock(), IDENTITY)


async def test_what_is_signed_says_what_was_stated_and_when(signer: CredentialsPort) -> None:
    plain = picture(PNG)
    before = datetime.now(UTC).replace(microsecond=0)
    read = await signer.read(await signer.sign(plain, PNG, STATEMENT, {}), PNG)
    assert read.credentials is not None
    assert (read.credentials.state, read.credentials.ours) == (State.INTACT, True)
    facts = read.credentials.facts
    assert (facts.title, facts.author, facts.recipe) == (STATEMENT.title, STATEMENT.author, STATEMENT.recipe)
    assert facts.content_sha256 == hashlib.sha256(plain).hexdigest()
    assert before <= datetime.fromisoformat(facts.made_at) <= datetime.now(UTC)
    assert read.credentials.signer == signer.signatory.name
    assert "Nothing was changed" in read.told[0]


async def test_no_two_signatures_are_alike_and_both_are_sound(signer: CredentialsPort) -> None:
    one, two = [await signer.sign(picture(PNG), PNG, STATEMENT, {}) for _ in range(2)]
    assert one != two
    for signed in (one, two):
        found = (await signer.read(signed, PNG)).credentials
        assert found is not None and found.state is State.INTACT


async def test_a_file_without_credentials_says_so(signer: CredentialsPort) -> None:
    read = await signer.read(picture(PNG), PNG)
    assert read.credentials is None
    assert "no Content Credentials" in read.told[0]


async def test_what_cannot_be_signed_or_read_is_refused(signer: CredentialsPort) -> None:
    for data, media_type in ((b"nothing", PNG), (b"%PDF-nothing", "application/pdf"), (b"sound", "audio/wav")):
        with pytest.raises(Invalid):
            await signer.sign(data, media_type, STATEMENT, {})
        with pytest.raises(Invalid):
            await signer.read(data, media_type)
    assert "audio/wav" not in MEDIA_TYPES


async def test_another_certificate_is_another_provider(signer: CredentialsPort) -> None:
    other = EmbeddedCredentials(InlineCompute(), SystemClock(), new_identity(datetime.now(UTC)))
    assert other.provider != signer.provider
    assert signer.provider.model == signer.signatory.certificate_sha256
    assert signer.signatory.is_local


async def test_the_key_shows_nowhere(signer: CredentialsPort) -> None:
    secret = [line for line in IDENTITY.partition(b"-----END PRIVATE")[0].splitlines()[1:] if len(line) > 20]
    shown = repr((signer, signer.provider, signer.signatory)).encode() + certificates_of(IDENTITY)
    assert secret and not any(line in shown for line in secret)
    found = await read_credentials(
        InlineCompute(), await signer.sign(picture(PNG), PNG, STATEMENT, {}), PNG, certificates_of(IDENTITY)
    )
    assert found.credentials is not None and found.credentials.ours
