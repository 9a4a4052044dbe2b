"""The environment everything runs in: made on first use, brought up to date when its lock changes.

The launcher runs this file by itself, with the machine's own Python and nothing installed, so it imports
the standard library only. An environment is one folder; whatever is made for it lies inside:

- ``lock``       held by whoever changes the folder, and the sign that the folder is ours to change;
- ``run.txt``    a copy of the requirements it was set up from, written last: no copy, no environment;
- ``test.txt``, ``bench.txt``, ``cjk.txt``  the same for what tests, benchmarks and added fonts bring;
- ``installer``  uv, if it could be had; plain pip does the same work, more slowly.

Installed is only what the hashes in ``requirements/`` name, ready built: nothing is compiled here.
"""

import contextlib
import fcntl
import filecmp
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

INSTALL_TIMEOUT_SECONDS = 1800
ADDITIONS = ("test", "bench", "cjk")
WARMING = "overprint.craft.motion.warming"
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")
PINNED = ("--require-hashes", "--only-binary", ":all:")


class SetupFailed(Exception):
    """The environment could not be made. The message says what to do next."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment in ``folder``, for the checkout in ``home``."""

    home: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def uv(self) -> Path:
        return self.folder / "installer" / "bin" / "uv"

    def requirements(self, name: str) -> Path:
        return self.home / "requirements" / f"{name}.txt"

    def stamp(self, name: str) -> Path:
        return self.folder / f"{name}.txt"

    def is_ready(self, name: str) -> bool:
        """Whether set-up from today's ``requirements/NAME.txt`` once came to its end."""
        stamp = self.stamp(name)
        return os.access(self.python, os.X_OK) and stamp.is_file() and _same(self.requirements(name), stamp)


def prepare(home: Path, spare: Path) -> Environment:
    """Make ``home/.venv`` ready to run Overprint, or ``spare`` where ``home`` cannot be written to."""
    if os.pathsep in str(home):
        raise SetupFailed(
            f"Python cannot run from a folder with '{os.pathsep}' in its path: {home}\nMove it elsewhere."
        )
    environment = Environment(home, home / ".venv")
    if not _can_write(environment):
        environment = Environment(home, spare)
        if not _can_write(environment):
            raise SetupFailed(
                f"Neither {home} nor {spare} can be written to.\n"
                "Set XDG_CACHE_HOME to a folder that can, and run this again."
            )
    with _held(environment) as lock:
        if not environment.is_ready("run"):
            _set_up(environment, lock)
    return environment


def add(environment: Environment, name: str) -> None:
    """Install what ``requirements/NAME.txt`` adds to an environment that is ready."""
    with _held(environment) as lock:
        if not environment.is_ready(name):
            _say(f"Overprint installs what '{name}' needs. This is done once.")
            environment.stamp(name).unlink(missing_ok=True)
            _install(environment, name, "install", lock)
            _write_stamp(environment, name)


def _set_up(environment: Environment, lock: IO[bytes]) -> None:
    _say(f"Overprint sets up its environment in {environment.folder}. This is done once and takes a minute.")
    finished_before = environment.stamp("run").exists() and os.access(environment.python, os.X_OK)
    for name in ("run", *ADDITIONS):
        environment.stamp(name).unlink(missing_ok=True)
    if not finished_before:
        _create(environment, lock)
    _install(environment, "run", "sync", lock)
    if environment.folder.parent == environment.home:  # Else its modules are compiled into the cache, as they are used.
        _run([str(environment.python), "-m", "compileall", "-qq", str(_src(environment))], lock)
    # Else whoever makes the first film waits for it. Without it, films compile what they need themselves.
    warming = [str(environment.python), "-P", "-s", "-m", WARMING]
    _run(warming, lock, says=subprocess.DEVNULL, PYTHONPATH=str(_src(environment)))
    _write_stamp(environment, "run")


def _create(environment: Environment, lock: IO[bytes]) -> None:
    """Start from an empty folder: what an interrupted set-up left cannot be told from what is sound."""
    for entry in environment.folder.iterdir():
        if entry == environment.lock:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    # The real file and not a link such as python3, which a system upgrade may point at another version.
    base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    if not _run([base, "-I", "-m", "venv", str(environment.folder)], lock):
        raise SetupFailed("Python could not make the environment; the reason is above.")
    pip = [str(environment.python), *PIP, "install", *PINNED, "--no-deps"]
    wanted = ["--target", str(environment.folder / "installer"), "-r", str(environment.requirements("installer"))]
    if not _run([*pip, *wanted], lock):
        _say("uv could not be installed; going on with pip, which is slower.")


def _install(environment: Environment, name: str, verb: str, lock: IO[bytes]) -> None:
    """``verb`` is uv's: sync removes what is not wanted, install only adds."""
    wanted = str(environment.requirements(name))
    python = str(environment.python)
    if environment.uv.exists():
        uv = [str(environment.uv), "--quiet", "pip", verb, *PINNED, "--python", python, "--compile-bytecode"]
        if _run([*uv, *(("-r",) if verb == "install" else ()), wanted], lock):
            return
        _say("uv did not succeed; trying again with pip.")
    if not _run([python, *PIP, "install", *PINNED, "-r", wanted], lock):
        raise SetupFailed(
            "The packages could not be installed; the reason is above. Most often it is the network or a full disk.\n"
            "Run this again when that is mended: nothing half-done will be used."
        )


def _src(environment: Environment) -> Path:
    return environment.home / "src"


def _run(command: Sequence[str], lock: IO[bytes], says: int | IO[str] | None = None, **more: str) -> bool:
    """Run to its end, with all it prints on standard error, or where it ``says``; ``more`` of an environment than ours.
    The child holds the lock too, in case it outlives us."""
    surroundings = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", **more}
    try:
        finished = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=says or sys.stderr,
            stderr=says,
            env=surroundings,
            cwd="/",
            pass_fds=[lock.fileno()],
            timeout=INSTALL_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _say(f"Stopped after {INSTALL_TIMEOUT_SECONDS} seconds: {command[0]}")
        return False
    return finished.returncode == 0


def _can_write(environment: Environment) -> bool:
    """Whether we may change the folder; makes it, and its lock, if need be."""
    try:
        environment.folder.mkdir(parents=True, exist_ok=True)
        if any(environment.folder.iterdir()) and not environment.lock.exists():
            raise SetupFailed(
                f"{environment.folder} holds an environment that this launcher did not make, so it is left alone.\n"
                "Move it away or delete it, and run this again."
            )
        with environment.lock.open("ab"):
            return os.access(environment.folder, os.W_OK)
    except OSError:
        return False


@contextlib.contextmanager
def _held(environment: Environment) -> Iterator[IO[bytes]]:
    """Hold the environment's lock. The system lets go of it when the holder dies, however it dies."""
    with environment.lock.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another Overprint sets up this environment; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def _write_stamp(environment: Environment, name: str) -> None:
    unfinished = environment.folder / f"{name}.unfinished"
    shutil.copyfile(environment.requirements(name), unfinished)
    unfinished.replace(environment.stamp(name))


def _same(one: Path, other: Path) -> bool:
    return filecmp.cmp(one, other, shallow=False)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """``environment.py HOME SPARE``: prints the environment's folder, and nothing else, on standard output."""
    home, spare = (Path(argument) for argument in arguments)
    try:
        print(prepare(home, spare).folder)
    except SetupFailed as failure:
        _say(str(failure))
        return 1
    except OSError as failure:
        _say(f"The environment could not be made: {failure}\nRun this again when that is mended.")
        return 1
    except KeyboardInterrupt:
        _say("Stopped. Run this again to go on.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
