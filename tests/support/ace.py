"""Ace by DAISY, which judges whether an EPUB is accessible: it opens every page in Chromium.

Started once for all the e-books that a process looks at: alone, it spends most of its time on the start of Chromium.
"""

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from overprint.main.toolchain import chromium
from tests.support.answering import Answering
from tests.support.judged import check_that_this_test_is_judged

_SERVER = Path(__file__).parent / "node" / "ace_server.mjs"
TIMEOUT_SECONDS = 180
# Ace allows Chromium five seconds to start, which on a new, busy machine is too few.
_START_MILLISECONDS = "60000"


def findings(epub: Path) -> list[str]:
    """What Ace finds wrong with ``epub``, a line each."""
    check_that_this_test_is_judged()
    with tempfile.TemporaryDirectory(prefix="ace-") as folder:
        report = _checker().ask({"epub": str(epub.resolve()), "folder": folder})
    if "problem" in report:
        raise RuntimeError(f"Ace could not judge {epub}: {report['problem']}")
    return [_line(found) for page in report["assertions"] for found in page["assertions"]]


@cache
def _checker() -> Answering:
    told = {"PUPPETEER_EXECUTABLE_PATH": chromium() or "", "ACE_TIMEOUT_INITIAL": _START_MILLISECONDS}
    return Answering(["node", str(_SERVER)], TIMEOUT_SECONDS, {**os.environ, **told})


def _line(found: dict[str, Any]) -> str:
    test, result = found["earl:test"], found["earl:result"]
    return f"{test['dct:title']}: {result['dct:description']} {result.get('html', '')}"
