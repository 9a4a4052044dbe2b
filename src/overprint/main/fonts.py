"""``overprint fonts install NAME``: fonts too large to come along, from packages that are pinned by hash."""

import sys
from pathlib import Path

from overprint.main.environment import Environment, SetupFailed, add
from overprint.main.exits import Exit

HOME = Path(__file__).parents[3]
KNOWN = ("cjk",)


def install_fonts(name: str) -> int:
    """Returns the exit code."""
    if name not in KNOWN:
        print(f"overprint: the fonts that can be installed are {', '.join(KNOWN)}.", file=sys.stderr)
        return Exit.USAGE
    environment = Environment(HOME, Path(sys.prefix))
    if not environment.requirements(name).is_file():
        print(
            "overprint: the list of pinned fonts comes with a checkout of the code. Beside an installed Overprint,\n"
            "install the packages that requirements/cjk.in of the source names, in these versions.",
            file=sys.stderr,
        )
        return Exit.UNAVAILABLE
    try:
        add(environment, name)
    except SetupFailed as reason:
        print(f"overprint: {reason}", file=sys.stderr)
        return Exit.UNAVAILABLE
    print("Books in Chinese, Japanese and Korean can be set now, and words of these languages in other books.")
    return Exit.OK
