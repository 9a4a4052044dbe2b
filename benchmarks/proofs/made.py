"""A book as ``make book`` left it in a folder, and what its archive (``overprint export``) says of its pictures."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Wish:
    """A line of ``gallery_premises.txt``. ``printer``: whose terms a print edition follows; ``-`` for none."""

    number: int
    style: str
    trim: str
    age: str
    genre: str
    tone: str
    pages: int
    printer: str
    is_aloud: bool
    premise: str


@dataclass(frozen=True)
class Drawn:
    """A picture, what was asked of it and what its illustrator says is seen on it."""

    key: str
    data: bytes
    scene: Mapping[str, Any]
    shown: frozenset[str]
    faces: tuple[Mapping[str, float], ...]


@dataclass(frozen=True)
class Made:
    """``archive`` is the exported book. Files are looked for by how their names end."""

    wish: Wish
    folder: Path
    archive: Path

    @property
    def screen(self) -> Path:
        return next(path for path in sorted(self.folder.glob("*.pdf")) if "-print-" not in path.name)

    @property
    def ebooks(self) -> list[Path]:
        return sorted(self.folder.glob("*.epub"))

    @property
    def fixed(self) -> Path:
        return next(
            path for path in self.ebooks if path.stem.endswith("-fixed-pages") and "-read-aloud" not in path.stem
        )

    @property
    def flowing(self) -> Path:
        return next(path for path in self.ebooks if "-fixed-pages" not in path.stem and "-read-aloud" not in path.stem)

    @cached_property
    def sheets(self) -> Mapping[str, Mapping[str, Any]]:
        with zipfile.ZipFile(self.archive) as archive:
            found: Mapping[str, Mapping[str, Any]] = json.loads(archive.read("steps/plan.json"))["sheets"]
        return found

    @cached_property
    def pictures(self) -> list[Drawn]:
        """Those of the story, in order; the cover has no scene in the archive."""
        with zipfile.ZipFile(self.archive) as archive:
            names = set(archive.namelist())
            chapters = sorted(int(name[13:-5]) for name in names if name.startswith("steps/scenes/"))
            return [
                drawn
                for chapter in chapters
                for number, scene in enumerate(json.loads(archive.read(f"steps/scenes/{chapter}.json"))["scenes"], 1)
                if (drawn := _drawn(archive.read, f"picture/{chapter}/{number}", scene, names))
            ]

    @cached_property
    def key_of_signed(self) -> Mapping[str, str]:
        """The key of a picture by the SHA-256 of its signed copy, which the folder and the e-books have."""
        keys = {}
        for path in sorted((self.folder / "pictures").glob("*.jpg")):
            parts = [str(int(part)) if part.isdigit() else part for part in path.stem.split("-")]
            keys[hashlib.sha256(path.read_bytes()).hexdigest()] = "/".join(["picture", *parts])
        return keys


def _drawn(read: Callable[[str], bytes], key: str, scene: Mapping[str, Any], names: set[str]) -> Drawn | None:
    if f"steps/{key}.json" not in names:
        return None
    answer = json.loads(read(f"steps/{key}.json"))
    faces = tuple(spot for spot in answer["spots"] if spot["is_face"])
    return Drawn(key, read(f"files/{answer['file']['content_hash']}"), scene, frozenset(answer["shown"]), faces)
