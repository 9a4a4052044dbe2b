"""``overprint bench NAME``: runs ``benchmarks/NAME.py`` with what benchmarks need installed."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from overprint.main.environment import Environment, SetupFailed, add
from overprint.main.testing import prepare_judges
from overprint.main.toolchain import Missing

HOME = Path(__file__).parents[3]
_JUDGED = ("gallery",)  # by what tests judge with: EPUBCheck, Ace


def run_benchmark(name: str, arguments: Sequence[str]) -> int:
    """Run one; without a name, say which there are. Returns the exit code."""
    folder = HOME / "benchmarks"
    if not folder.is_dir():
        print(
            "overprint: benchmarks come with a checkout of the code, not with an installed Overprint.", file=sys.stderr
        )
        return 2
    known = sorted(path.stem for path in folder.glob("[a-z]*.py"))
    if name not in known:
        print(f"overprint: the benchmarks are {', '.join(known)}.", file=sys.stderr)
        return 0 if not name else 2
    try:
        if name in _JUDGED:
            prepare_judges()
        add(Environment(HOME, Path(sys.prefix)), "bench")
    except (SetupFailed, Missing) as reason:
        print(f"overprint: {reason}", file=sys.stderr)
        return 3
    paths = os.pathsep.join((str(HOME / "src"), str(HOME)))
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    return subprocess.run(command, cwd=HOME, env={**os.environ, "PYTHONPATH": paths}, check=False).returncode
