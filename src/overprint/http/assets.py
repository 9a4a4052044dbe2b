"""Files that pages need: each under a name that carries its content's hash, so that browsers keep it for ever.

The style sheets of ``static/css`` are joined as ``SHEETS`` says: what no page does without is asked for once, and
``reader.css`` where books are read.
"""

import gzip
import hashlib
import mimetypes
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "static"
SHEETS = {
    "studio.css": ("tokens", "base", "frame", "parts", "works"),
    "reader.css": ("reader",),
    "work.css": ("work",),
    "library.css": ("library",),
    "jobs.css": ("jobs",),
    "editor.css": ("editor",),
    "films.css": ("films", "bring"),
    "front.css": ("front",),
    "start.css": ("start", "bring"),
    "admin.css": ("admin",),
    "people.css": ("people",),
    "presets.css": ("presets",),
    "billing.css": ("people", "billing"),
    "entrance.css": ("entrance",),
    "styleguide.css": ("styleguide",),
}
_HASH_CHARACTERS = 12
_PACKED = frozenset({".css", ".js", ".svg", ".json", ".webmanifest"})
_SERVED = _PACKED | {".woff2", ".png", ".webp"}
_OTHERWISE = frozenset({"css", "icons", "worker"})
_TYPES = {
    ".woff2": "font/woff2",
    ".webp": "image/webp",
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Space that says nothing: around these, and behind the colon of a declaration.
_SPACE = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")
_REFERENCE = re.compile(r"url\(([^)\"':]+)\)")


@dataclass(frozen=True, slots=True)
class Asset:
    """``url`` never changes its content. ``packed`` is it compressed, empty where that gains nothing.

    ``integrity`` is what a page says of it, so that a browser refuses anything else.
    """

    url: str
    data: bytes
    packed: bytes
    media_type: str
    integrity: str


@cache
def assets() -> dict[str, Asset]:
    """All of them, by their path below ``static``; joined style sheets by the name of the whole."""
    plain = (
        path for path in sorted(FOLDER.rglob("*")) if path.suffix in _SERVED and path.parent.name not in _OTHERWISE
    )
    found = {str(path.relative_to(FOLDER)): made_asset(path.name, path.read_bytes()) for path in plain}
    for name, layers in SHEETS.items():
        written = "".join((FOLDER / "css" / f"{layer}.css").read_text("utf-8") for layer in layers)
        short = _SPACE.sub(r"\1", _COMMENT.sub("", written)).replace(";}", "}").strip()
        linked = _REFERENCE.sub(lambda reference: f"url({found[reference[1]].url})", short)
        found[name] = made_asset(name, linked.encode())
    return found


@cache
def icon(name: str) -> Markup:
    """The icon ``name`` to stand in a page: it has the colour of the words beside it, and says nothing itself."""
    drawn = (FOLDER / "icons" / f"{name}.svg").read_text("utf-8").strip()
    return Markup(drawn.replace("<svg ", '<svg class="icon" aria-hidden="true" ', 1))


def stylesheet(name: str) -> Markup:
    """The tag that brings a style sheet."""
    return tag_of(assets()[name])


def tag_of(style: Asset) -> Markup:
    """The same for a style sheet that was made at the start."""
    return Markup('<link rel="stylesheet" href="{}" integrity="{}">').format(style.url, style.integrity)


def font(name: str) -> Markup:
    """The tag that asks for a font at once, before a style sheet is there to name it."""
    tag = '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>'
    return Markup(tag).format(assets()[f"fonts/{name}.woff2"].url)


def module(name: str) -> Markup:
    """The tag that brings the script ``name``."""
    script = assets()[name]
    return Markup('<script type="module" src="{}" integrity="{}"></script>').format(script.url, script.integrity)


def script(name: str) -> Markup:
    """The tag that brings a script which is no module, once the page is there."""
    asset = assets()[name]
    return Markup('<script defer src="{}" integrity="{}"></script>').format(asset.url, asset.integrity)


def made_asset(name: str, data: bytes) -> Asset:
    """``data`` as it is served under ``name``."""
    digest, suffix = hashlib.sha256(data), Path(name).suffix
    packed = gzip.compress(data, 9, mtime=0) if suffix in _PACKED else b""
    return Asset(
        f"/static/{digest.hexdigest()[:_HASH_CHARACTERS]}/{name}",
        data,
        packed if len(packed) < len(data) else b"",
        _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream",
        f"sha256-{b64encode(digest.digest()).decode()}",
    )
