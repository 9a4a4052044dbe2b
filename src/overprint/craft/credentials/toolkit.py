"""The C2PA library as we use it: never on the network, no thumbnails, one set of formats.

It parses files of strangers in native code, so run it in a child process where the file is not our own.
"""

from typing import Any

import c2pa

from overprint.core.files import media_type_of
from overprint.craft.credentials.identity import Identity

PNG, JPEG, WEBP, PDF, EPUB = "image/png", "image/jpeg", "image/webp", "application/pdf", "application/epub+zip"
PICTURES = frozenset({PNG, JPEG, WEBP})
SOUND, FILM = "audio/mp4", "video/mp4"
MEDIA_TYPES = PICTURES | {PDF, EPUB, SOUND, FILM}
FILE_MAX_BYTES = 1024 * 1024 * 1024

Failure: type[Exception] = c2pa.C2paError


def nothing_there(problem: Exception) -> bool:
    """Whether the library found no credentials in a file, or only a link to some elsewhere."""
    return isinstance(problem, c2pa.C2paError.ManifestNotFound) or str(problem).startswith("Remote")


def context(root_pem: bytes | None = None) -> Any:
    """Settings of one call. ``root_pem`` is the only certificate that is trusted."""
    settings: dict[str, Any] = {
        "core": {"allowed_network_hosts": []},
        "verify": {
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
            "verify_trust": True,
            "verify_after_sign": False,
        },
        "builder": {"thumbnail": {"enabled": False}},
    }
    if root_pem is not None:
        settings["trust"] = {"user_anchors": root_pem.decode()}
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def signer(identity: Identity) -> Any:
    """ES256, without a time stamp authority."""
    return c2pa.Signer.from_info(
        c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, identity.chain_pem, identity.key_pem, None)
    )


def picture_type(data: bytes) -> str | None:
    """The media type of a PNG, JPEG or WebP file, by its first bytes."""
    found = media_type_of(data)
    return found if found in PICTURES else None


def is_whole(data: bytes, media_type: str) -> bool:
    """Whether this is a file of that type, of those that the library itself puts credentials into: a picture, or MP4.
    Sounds and films come in the same kind of file."""
    found = media_type_of(data)
    return found in PICTURES | {SOUND} and found == (SOUND if media_type == FILM else media_type)
