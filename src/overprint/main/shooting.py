"""``overprint shots``: a picture of every screen of the studio, at three widths and in both themes.

A house with one of everything in it is made for it, on a database of its own, and gone afterwards.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from overprint.main.environment import Environment, SetupFailed, add
from overprint.main.exits import Exit
from overprint.main.testing import HOME
from overprint.main.toolchain import Missing, ensure_chromium


def take_shots(arguments: Sequence[str]) -> int:
    """Take them as ``arguments`` say. Returns the exit code."""
    if not (HOME / "tests").is_dir():
        print("overprint: pictures of the screens are taken in a checkout of the code.", file=sys.stderr)
        return Exit.USAGE
    try:
        add(Environment(HOME, Path(sys.prefix)), "test")
        ensure_chromium(as_root=os.geteuid() == 0)
    except (SetupFailed, Missing) as reason:
        print(f"overprint: {reason}", file=sys.stderr)
        return Exit.UNAVAILABLE
    paths = os.pathsep.join((str(HOME / "src"), str(HOME)))
    command = [sys.executable, "-m", "tests.support.shots", *arguments]
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, check=False).returncode
