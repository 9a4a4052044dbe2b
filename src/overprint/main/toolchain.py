"""What tests need from the machine itself: Java for EPUBCheck, Node for the programs that stand in for services and
for Ace, which judges e-books in Chromium.

Where Debian's package tool is at hand and we are root, what is missing is installed; elsewhere the person is
told the command.
"""

import filecmp
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

JAVA_MAJOR = 11
NODE_MAJOR = 18
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL_TIMEOUT_SECONDS = 900
VERSION_TIMEOUT_SECONDS = 60


class Missing(Exception):
    """The machine lacks something. The message names the command that brings it."""


def ensure_java(*, as_root: bool) -> None:
    """Have Java 11 or newer. ``as_root``: we may install it. Raises ``Missing``."""
    if (major_version(["java", "-version"]) or 0) < JAVA_MAJOR:
        _install_packages(["default-jre-headless"], f"EPUBCheck needs Java {JAVA_MAJOR} or newer", as_root)


def ensure_node(*, as_root: bool) -> None:
    """Have Node 18 or newer, and npm. ``as_root``: we may install them. Raises ``Missing``."""
    if (major_version(["node", "--version"]) or 0) < NODE_MAJOR or not shutil.which("npm"):
        _install_packages(["nodejs", "npm"], f"The tests need Node {NODE_MAJOR} or newer, with npm", as_root)


def ensure_chromium(*, as_root: bool) -> None:
    """Have Chromium. ``as_root``: we may install it. Raises ``Missing``."""
    if not chromium():
        _install_packages(["chromium"], "Ace and the tests of pages need Chromium", as_root)


def chromium() -> str | None:
    """Where Chromium is, or Chrome, which serves as well."""
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def install_node_packages(folder: Path) -> None:
    """Install what ``folder/package-lock.json`` names, if there is one and it has changed since the last time."""
    lock = folder / "package-lock.json"
    stamp = folder / "node_modules" / ".installed-from.json"
    if not lock.exists() or (stamp.exists() and filecmp.cmp(lock, stamp, shallow=False)):
        return
    _say(f"Installing the Node packages of {folder.name}.")
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not _succeeds(command, cwd=folder):
        raise Missing(f"The Node packages in {folder} could not be installed; the reason is above. Run this again.")
    shutil.copyfile(lock, stamp)


def major_version(command: Sequence[str]) -> int | None:
    """The first number that a program says of its version; None if it is not there or does not start.

    Java before 9 called itself 1.8 and so on: those count as 1, which is old enough for every use here.
    """
    if not shutil.which(command[0]):
        return None
    try:
        said = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=VERSION_TIMEOUT_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r'(?:version "|^v)(\d+)', said.stdout + said.stderr, re.MULTILINE)
    return int(number.group(1)) if number else None


def _install_packages(names: Sequence[str], reason: str, as_root: bool) -> None:
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *names]
    advice = f"{reason}. On Debian or Ubuntu: sudo {' '.join(command)}"
    if not (as_root and shutil.which("apt-get")):
        raise Missing(advice)
    _say(f"{reason}; installing {' and '.join(names)}.")
    # The list of packages on a new machine is empty or old: fetch it only when the first try shows that.
    if not (_succeeds(command) or (_succeeds(["apt-get", "update"]) and _succeeds(command))):
        raise Missing(f"{advice}\nThat was tried just now and failed; the reason is above.")


def _succeeds(command: Sequence[str], cwd: Path | None = None) -> bool:
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        finished = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            cwd=cwd,
            env=surroundings,
            timeout=INSTALL_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _say(f"Stopped after {INSTALL_TIMEOUT_SECONDS} seconds: {' '.join(command)}")
        return False
    return finished.returncode == 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
