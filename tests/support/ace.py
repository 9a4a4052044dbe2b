"""Ace by DAISY, which judges whether an EPUB is accessible: it opens every page in Chromium."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from overprint.main.toolchain import chromium

_ACE = Path(__file__).parent / "node" / "node_modules" / ".bin" / "ace-cli"
TIMEOUT_SECONDS = 180
# Ace allows Chromium five seconds to start, which on a new, busy machine is too few.
_START_MILLISECONDS = "60000"


def findings(epub: Path, folder: Path) -> list[str]:
    """What Ace finds wrong with ``epub``, a line each; its report goes to ``folder``."""
    ended = subprocess.run(
        ["node", str(_ACE), "--verbose", "--force", "--outdir", str(folder), str(epub)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        env={
            **os.environ,
            "PUPPETEER_EXECUTABLE_PATH": chromium() or "",
            "ACE_TIMEOUT_INITIAL": _START_MILLISECONDS,
        },
        check=False,
    )
    assert (folder / "report.json").exists(), ended.stdout + ended.stderr
    report = json.loads((folder / "report.json").read_text())
    return [_line(found) for page in report["assertions"] for found in page["assertions"]]


def _line(found: dict[str, Any]) -> str:
    test, result = found["earl:test"], found["earl:result"]
    return f"{test['dct:title']}: {result['dct:description']} {result.get('html', '')}"
