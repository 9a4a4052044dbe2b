"""Playlists of films that are streamed. Pure."""

import re
from collections.abc import Mapping

PLAYLIST, PLAYLIST_TYPE = "film.m3u8", "application/vnd.apple.mpegurl"
PLAYLIST_SUFFIX = ".m3u8"
_URI = re.compile(r'(?<=URI=")[^"]*(?=")')


def with_links(playlist: str, links: Mapping[str, str]) -> str:
    """With a link in place of each name of a file that has one. Other playlists keep their names, and so lie beside
    this one."""
    return "".join(_linked(line, links) for line in playlist.splitlines(keepends=True))


def _linked(line: str, links: Mapping[str, str]) -> str:
    if line.startswith("#"):
        return _URI.sub(lambda found: links.get(found[0], found[0]), line)
    name = line.strip()
    return line.replace(name, links[name]) if name in links else line
