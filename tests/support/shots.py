"""Takes a picture of every screen: what ``overprint shots`` runs."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from overprint.db.embedded import new_cluster
from overprint.db.embedded.roles import APP, SYSTEM
from overprint.db.migrate import migrate
from overprint.http.catalogues import COOKIE, LANGUAGES, PSEUDO
from tests.support.database import TestDatabase
from tests.support.screens import THEMES, Studio, dress, open_studio

WIDTHS_PX = (1280, 820, 390)
# Also what would wait until somebody scrolls there.
_DRAWN = "[...document.images].every(image => { image.loading = 'eager'; return image.complete; })"


async def take(out: Path, only: str, language: str) -> int:
    """How many were taken."""
    with tempfile.TemporaryDirectory(prefix="overprint-shots-") as name:
        folder = Path(name)
        with new_cluster(folder / "cluster") as lease:
            urls = lease.urls
            await migrate(urls.owner, app_role=APP, system_role=SYSTEM)
            database = TestDatabase(urls.superuser, urls.owner, urls.app, urls.system)
            async with open_studio(database, folder, only) as studio:
                return await _of_all(studio, out, language)


async def _of_all(studio: Studio, out: Path, language: str) -> int:
    taken = 0
    for window in studio.windows:
        await window.send("Network.setCookie", url=studio.site, name=COOKIE, value=language)
    for window, screen in studio.screens:
        for width_px in WIDTHS_PX:
            for theme in THEMES:
                await dress(window, width_px, theme)
                if theme == THEMES[0]:
                    await window.goto(f"{studio.site}{screen.path}")
                await window.until(_DRAWN, "all pictures of the page")
                await window.shoot(out / f"{screen.name}-{width_px}-{theme}.png")
                taken += 1
        print(screen.name, flush=True)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(prog="overprint shots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("shots"), help="folder for the pictures")
    parser.add_argument("--only", default="", help="screens of which the name begins so")
    parser.add_argument("--language", default="en", choices=[*LANGUAGES, PSEUDO])
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    taken = asyncio.run(take(asked.out, asked.only, asked.language))
    print(f"{taken} pictures in {asked.out}")
    return 0 if taken else 1


if __name__ == "__main__":
    sys.exit(main())
