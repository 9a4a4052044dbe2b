"""Keys that are made at the first start and kept in the data folder, where only we read."""

import contextlib
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from overprint.core.credentials import Signatory
from overprint.core.problems import Invalid
from overprint.settings import Settings

if TYPE_CHECKING:
    from overprint.adapters.storage.links import SigningKey

SECRET_BYTES = 48
PEM_MAX_BYTES = 64 * 1024


def signing_keys_of(settings: Settings) -> "list[SigningKey]":
    """Keys of links to files, the signing one first. Without settings, one is made at the first start and kept."""
    from overprint.adapters.storage.links import key_of_secret

    given = [secret.get_secret_value().encode() for secret in settings.signing_secrets]
    return [key_of_secret(secret) for secret in given or _kept_secrets(settings.signing_secret_file)]


def _kept_secrets(path: Path) -> list[bytes]:
    """One a line, so that a person can put a new one on top."""
    kept = _kept_secret(path, lambda: secrets.token_urlsafe(SECRET_BYTES).encode())
    return list(dict.fromkeys(kept.split()))


def token_secrets_of(settings: Settings) -> list[bytes]:
    """What tokens of people who signed in are signed with, the signing one first; kept like those of links."""
    if settings.accounts.mode == "local":
        return [secrets.token_bytes(SECRET_BYTES)]  # nobody signs in
    given = [secret.get_secret_value().encode() for secret in settings.accounts.token_secrets]
    return given or _kept_secrets(settings.token_secret_file)


def sealing_secrets_of(settings: Settings) -> list[bytes]:
    """What apps' secrets are sealed under, the newest first; kept like those of links."""
    if settings.accounts.mode == "local":
        return [secrets.token_bytes(SECRET_BYTES)]  # nobody has a second factor
    given = [secret.get_secret_value().encode() for secret in settings.accounts.sealing_secrets]
    return given or _kept_secrets(settings.sealing_secret_file)


def till_secret_of(settings: Settings) -> str:
    """What the till signs its messages with. They stay on this installation."""
    path = settings.data_dir / "secrets" / "till"
    return _kept_secret(path, lambda: secrets.token_urlsafe(SECRET_BYTES).encode()).decode()


def signing_identity_of(settings: Settings, *, makes: bool = True) -> bytes | None:
    """The key that files are signed with and its certificates, in PEM. None if there is none and none is to be made.

    Raises ``Invalid`` for files of the operator's that cannot be read.
    """
    from overprint.adapters.credentials.embedded import new_identity

    given = settings.credentials
    if given.certificate_file is not None and given.key_file is not None:
        return _read_pem(given.key_file) + b"\n" + _read_pem(given.certificate_file)
    path = settings.signing_identity_file
    if not makes and not path.exists():
        return None
    return _kept_secret(path, lambda: new_identity(datetime.now(UTC)))


def find_signatory(settings: Settings) -> Signatory | None:
    """In whose name files are signed; None before the first start. Raises ``Invalid`` for what cannot sign."""
    from overprint.adapters.credentials.embedded import signatory_of

    identity = signing_identity_of(settings, makes=False)
    return None if identity is None else signatory_of(identity)


def _kept_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """What ``path`` holds; what ``make`` answers if there is no such file yet."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        with NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.") as draft:  # which only we may read
            draft.write(make())
            draft.flush()
            os.fsync(draft.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)  # whole or not at all, and never over what somebody else wrote first
    return path.read_bytes()


def _read_pem(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(PEM_MAX_BYTES)
    except OSError as error:
        raise Invalid(
            f"{path} cannot be read: {error.strerror}.",
            "Look at OVERPRINT_CREDENTIALS_CERTIFICATE_FILE and OVERPRINT_CREDENTIALS_KEY_FILE.",
        ) from error
