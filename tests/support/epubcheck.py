"""EPUBCheck, started once for all the e-books that a process looks at: alone, it spends five seconds on its start and a
tenth of one on a book.

It runs in a process of its own, since a Java machine takes over the signals of the process that it is in.
"""

import sys
from functools import cache
from pathlib import Path
from typing import cast

from tests.support.answering import Answering
from tests.support.judged import check_that_this_test_is_judged

_CHILD = Path(__file__).parent / "epubcheck_child.py"
TIMEOUT_SECONDS = 120


def findings(epub: Path) -> list[str]:
    """What EPUBCheck finds wrong with ``epub``, a line each: fatal faults, errors, warnings and advice."""
    check_that_this_test_is_judged()
    return cast(list[str], _checker().ask(str(epub.resolve())))


@cache
def _checker() -> Answering:
    return Answering([sys.executable, "-P", str(_CHILD)], TIMEOUT_SECONDS)
