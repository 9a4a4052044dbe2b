"""Files that come along with a form, for who has no script: each is kept in the library, and from then on named."""

from collections.abc import Mapping
from uuid import UUID

from starlette.datastructures import FormData, UploadFile

from overprint.core.cube import CUBE_MAX_BYTES
from overprint.core.film import AMOUNT_MAX
from overprint.core.motion import SECONDS_MAX as FOLLOWED_SECONDS_MAX
from overprint.features.library import UPLOAD_MAX_BYTES, Library
from overprint.features.videos.web import choices
from overprint.http.scope import Scopes

FILES_MAX = 4
# What a file is for, by the field that it comes in.
_FIELDS = {"picture_file": "picture", "picture_taken": "picture", "clip_file": "driving", "lut_file": "lut"}
SHOWN: Mapping[str, object] = {
    "orientations": choices.ORIENTATIONS,
    "followed_seconds": round(FOLLOWED_SECONDS_MAX),
    "upload_max_mb": UPLOAD_MAX_BYTES // 1_000_000,
    "cube_max_mb": CUBE_MAX_BYTES // 1_000_000,
    "amount_max": AMOUNT_MAX,
}
"""What pages need that let people bring some."""


async def brought(library: Library, scopes: Scopes, form: FormData) -> dict[str, UUID]:
    """Keep what came along, by what it is for. No transaction is open while a file is stored. Raises as
    ``Library.bring``."""
    found: dict[str, UUID] = {}
    for field, named in _FIELDS.items():
        file = form.get(field)
        if isinstance(file, UploadFile) and file.filename:
            data = await file.read(UPLOAD_MAX_BYTES + 1)
            found[named] = (await library.bring(scopes.principal, data, file.filename, scopes.transaction))["id"]
    return found
