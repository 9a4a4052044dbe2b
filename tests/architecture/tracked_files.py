"""What the repository holds: the files that git tracks or would, and what must not be in them."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

LARGEST_TEXT_BYTES = 4_000_000
# Written in pieces, or this file would hold what it looks for.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.~$}/-])/(?:work|root|home|Users)/[A-Za-z0-9_]")


def tracked(home: Path) -> Iterator[Path]:
    """The files that are, or by the look of them will be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=home,
        capture_output=True,
        timeout=60,
        check=True,
    ).stdout
    for name in sorted(set(listed.decode().split("\0")) - {""}):
        if (home / name).is_file():
            yield home / name


def text_of(path: Path) -> str:
    """The file as text; nothing if it is not text."""
    if path.stat().st_size > LARGEST_TEXT_BYTES:
        return ""
    content = path.read_bytes()
    if b"\0" in content:
        return ""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return ""


def machine_details(text: str) -> list[str]:
    """Paths that exist on one machine only, and hosts that packages happen to come from."""
    return [host for host in REGISTRY_HOSTS if host in text] + [found.group() for found in MACHINE_PATH.finditer(text)]


def addresses_in(lock: Path) -> list[str]:
    """The lines of a requirements or lock file that hold an address."""
    return [line.strip() for line in text_of(lock).splitlines() if "://" in line]


def is_lock(path: Path) -> bool:
    """Whether this file says which packages are installed."""
    return (path.parent.name == "requirements" and path.suffix in {".txt", ".in"}) or path.name in LOCK_NAMES


LOCK_NAMES = {"package-lock.json", "npm-shrinkwrap.json", "uv.lock", "poetry.lock", "yarn.lock"}
