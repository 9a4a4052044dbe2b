"""Where people reach this installation, as far as a running web process tells the other commands of its data folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overprint.settings import Settings

SITE_MAX_CHARACTERS = 500


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Say for as long as this lasts that people come to ``settings.site_url``. Of several processes the first does."""
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            file.truncate(0)
            file.write(settings.site_url)
            file.flush()
        yield


def site_of(settings: Settings) -> str:
    """The address for links: what the settings say, else where a web process runs now, else where one would run."""
    return settings.web.public_url or _running(_path(settings)) or settings.site_url


def _running(path: Path) -> str:
    """Empty when nobody holds the file: whoever wrote it is gone."""
    try:
        with path.open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read(SITE_MAX_CHARACTERS)
    except OSError:
        pass
    return ""


def _path(settings: Settings) -> Path:
    return settings.data_dir / "run" / "site"
