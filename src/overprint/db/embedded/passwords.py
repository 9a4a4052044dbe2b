"""The generated passwords of a cluster: four, 256 random bits each, in one private file."""

import base64
import dataclasses
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from overprint.core.problems import Conflict
from overprint.db.embedded.layout import write_whole

# Iterations are for passwords that can be guessed, not for 256 random bits; each connection would pay for them.
_ITERATIONS = 1


@dataclass(frozen=True)
class Passwords:
    superuser: str = field(repr=False)
    owner: str = field(repr=False)
    app: str = field(repr=False)
    system: str = field(repr=False)

    @classmethod
    def generate(cls) -> "Passwords":
        return cls(*(secrets.token_urlsafe(32) for _ in dataclasses.fields(cls)))


def read_passwords(path: Path) -> Passwords | None:
    """None where there is no file. Raises Conflict when the file is damaged."""
    try:
        return Passwords(**{name: str(value) for name, value in json.loads(path.read_text("utf-8")).items()})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError) as error:
        raise Conflict(
            f"The file with the database's passwords, {path}, is damaged.",
            "Delete it: the next start makes new passwords and loses nothing.",
        ) from error


def write_passwords(path: Path, passwords: Passwords) -> None:
    write_whole(path, json.dumps(dataclasses.asdict(passwords), indent=2) + "\n")


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """What PostgreSQL stores for a password (RFC 5803), so that no statement or log ever holds the password."""
    salt = salt or os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    parts = (base64.b64encode(part).decode("ascii") for part in (salt, hashlib.sha256(client_key).digest(), server_key))
    return "SCRAM-SHA-256${}:{}${}:{}".format(_ITERATIONS, *parts)
