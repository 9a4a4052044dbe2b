"""Films that are streamed: playlists whose segments whoever plays them can follow."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from overprint.core.film import Output
from overprint.core.problems import NotFound
from overprint.db.database import Transaction
from overprint.features.videos.rules.streams import PLAYLIST, PLAYLIST_SUFFIX, with_links
from overprint.features.videos.service.videos import Videos
from overprint.features.videos.steps import PACKAGE
from overprint.features.videos.store import Row
from overprint.ports.storage import BlobMissing

_STREAM = f"{PACKAGE}{Output.HLS}/"


@dataclass(frozen=True, slots=True)
class Stream:
    """A playlist, and the files by their names that it may name."""

    playlist: Row
    segments: Mapping[str, Row]

    async def read(self, videos: Videos, link_to: Callable[[Row], str]) -> str:
        """The playlist, with links to what it plays. No transaction has to be open. Raises ``NotFound``."""
        try:
            text = (await videos.library.storage.get(self.playlist["key"])).decode()
        except BlobMissing:
            raise _absent() from None
        return with_links(text, {name: link_to(row) for name, row in self.segments.items()})


async def find_stream(videos: Videos, transaction: Transaction, video_id: UUID, name: str) -> Stream:
    """``name``: of one of the film's playlists. Raises ``NotFound``."""
    await videos.get(transaction, video_id)
    rows = {row["slot"]: row for row in await videos.list_parts(transaction, video_id)}
    playlist = rows.get(f"{_STREAM}{name}") if name.endswith(PLAYLIST_SUFFIX) else None
    if playlist is None:
        raise _absent()
    files = {slot.removeprefix(_STREAM): row for slot, row in rows.items() if slot.startswith(_STREAM)}
    return Stream(playlist, {name: row for name, row in files.items() if not name.endswith(PLAYLIST_SUFFIX)})


def stream_path(video_id: UUID, files: Iterable[Row]) -> str | None:
    """Where a film is streamed from; None for one that is not."""
    has_stream = any(file["slot"] == f"{_STREAM}{PLAYLIST}" for file in files)
    return f"/api/videos/{video_id}/stream/{PLAYLIST}" if has_stream else None


def _absent() -> NotFound:
    return NotFound("This film is not there to be streamed.", "Ask for it as HLS too, and render it.")
