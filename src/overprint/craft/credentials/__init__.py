"""Content Credentials (C2PA): who made a file, with what, from what, signed with a key of our own.

Signing is the last step, apart from typesetting and drawing, whose bytes stay the same at every rebuild. Pure but for
the randomness of signatures: no clock, no network, no files. ``sign_bytes`` and ``read_bytes`` are for a child process:
they take what ``sign_payload`` and ``read_payload`` pack; nothing here loads what signs until one of them runs.
"""

from overprint.core.credentials import Credentials, Facts, Source, State, Statement
from overprint.craft.credentials.child import (
    SIGNED,
    credentials_in,
    read_bytes,
    read_file_payload,
    read_film,
    read_payload,
    sign_bytes,
    sign_file_payload,
    sign_film,
    sign_payload,
)
from overprint.craft.credentials.identity import certificates_of, new_identity, signatory_of
from overprint.craft.credentials.telling import told

__all__ = [
    "SIGNED",
    "Credentials",
    "Facts",
    "Source",
    "State",
    "Statement",
    "certificates_of",
    "credentials_in",
    "new_identity",
    "read_bytes",
    "read_file_payload",
    "read_film",
    "read_payload",
    "sign_bytes",
    "sign_file_payload",
    "sign_film",
    "sign_payload",
    "signatory_of",
    "told",
]
