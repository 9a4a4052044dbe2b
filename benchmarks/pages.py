"""The pages that people wait for, judged by Lighthouse: on a desktop, and on a phone of the middle class over slow 4G.

``python -m benchmarks.pages [--rounds 3] [--only reader] [--forms phone]``. A guest makes a book; then the landing
page, the start, the book's page, the reader and the library are loaded by a fresh browser, so many times each. Told are
the medians of Lighthouse's four figures, and how much script and style came over the wire. Exit status 1: a goal was
missed. Its phone is reckoned from what a load cost this machine, so busy cores cost points.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.support.command_line import free_port
from tests.support.database import TestDatabase
from tests.support.house import house_on
from tests.support.screens import serving, until_ended

from overprint.db.embedded import new_cluster
from overprint.db.embedded.roles import APP, SYSTEM
from overprint.db.migrate import migrate
from overprint.main.toolchain import chromium, ensure_chromium, ensure_node, install_node_packages

NODE = Path(__file__).parent / "node"
LIGHTHOUSE = NODE / "node_modules" / "lighthouse" / "cli" / "index.js"
FIGURES = ("performance", "accessibility", "best-practices", "seo")
FORMS = {"desktop": ("--preset=desktop",), "phone": ()}
GOALS = {"desktop": (100, 100, 100, 100), "phone": (98, 100, 100, 100)}
SCRIPT_MAX_BYTES, STYLE_MAX_BYTES = 20_000, 8_000
RUN_MAX_SECONDS, TRIES = 180.0, 5
ORDER = {"premise": "A shy fox wants to fly a lantern boat to the moon", "pages": 12, "chapters": 2}


@dataclass(frozen=True)
class Judged:
    """One load. ``figures`` as ``FIGURES`` has them, 0 … 100; bytes as they came over the wire."""

    figures: tuple[int, ...]
    script_bytes: int
    style_bytes: int
    lacks: tuple[str, ...]
    """What cost points: ids of Lighthouse's audits."""


@asynccontextmanager
async def open_pages(folder: Path) -> AsyncIterator[tuple[dict[str, str], str]]:
    """The addresses of the pages by name, and the cookie of a guest who has made a book."""
    folder.chmod(0o755)  # the database server may run as another account
    with new_cluster(folder / "cluster") as lease:
        urls = lease.urls
        await migrate(urls.owner, app_role=APP, system_role=SYSTEM)
        database = TestDatabase(urls.superuser, urls.owner, urls.app, urls.system)
        variables = {"OVERPRINT_ACCOUNTS": "open", "OVERPRINT_WEB_PORT": str(free_port())}
        async with (
            house_on(database, folder / "data", **variables) as house,
            serving(house) as (site, _, _),
            httpx.AsyncClient(base_url=site, headers={"Origin": site}, timeout=60) as guest,
        ):
            await guest.post("/guest")
            begun = (await guest.post("/api/books", json=ORDER)).raise_for_status().json()
            await until_ended(guest, begun["job_id"])
            book = f"{site}/books/{begun['book_id']}"
            cookie = "; ".join(f"{one.name}={one.value}" for one in guest.cookies.jar)
            pages = {"landing": f"{site}/", "start": f"{site}/make", "work": book, "reader": f"{book}/read"}
            yield {**pages, "library": f"{site}/library"}, cookie


async def judge(address: str, cookie: str, form: str, folder: Path) -> Judged:
    """One load of a page, by a browser that knows nothing of it. Raises ``RuntimeError`` where Lighthouse gives up."""
    headers, told = folder / "headers.json", folder / "told.json"
    headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
    said = b""
    for _ in range(TRIES):  # on busy cores the browser's first trace may come too late
        process = await asyncio.create_subprocess_exec(
            *("node", str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={told}", *FORMS[form]),
            *(f"--extra-headers={headers}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"),
            env={**os.environ, "CHROME_PATH": chromium() or ""},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await asyncio.wait_for(process.communicate(), RUN_MAX_SECONDS)
        if process.returncode == 0:
            return read(json.loads(told.read_text()))
    raise RuntimeError(f"Lighthouse could not judge {address}: {said.decode(errors='replace')[-2000:]}")


def read(told: dict[str, Any]) -> Judged:
    """What counts of a report of Lighthouse's."""
    audits, lacks = told["audits"], []
    for name in FIGURES:
        for part in told["categories"][name]["auditRefs"]:
            score = audits[part["id"]]["score"]
            if part["weight"] and score is not None and score < 0.995:
                lacks.append(f"{part['id']} {audits[part['id']].get('displayValue', '')}".strip())
    loaded = audits["network-requests"]["details"]["items"]
    sizes = {kind: sum(one["transferSize"] for one in loaded if one.get("resourceType") == kind) for kind in _KINDS}
    figures = tuple(round((told["categories"][name]["score"] or 0) * 100) for name in FIGURES)
    return Judged(figures, *(sizes[kind] for kind in _KINDS), tuple(lacks))


_KINDS = ("Script", "Stylesheet")


def tell(name: str, form: str, rounds: Sequence[Judged]) -> bool:
    """Whether this page meets its goals, by the medians of all rounds."""
    medians = [round(statistics.median(each)) for each in zip(*(one.figures for one in rounds), strict=True)]
    script, style = rounds[0].script_bytes, rounds[0].style_bytes
    is_met = all(figure >= goal for figure, goal in zip(medians, GOALS[form], strict=True))
    is_light = script <= SCRIPT_MAX_BYTES and style <= STYLE_MAX_BYTES
    figures = " ".join(f"{figure:>4}" for figure in medians)
    lacks = "; ".join(dict.fromkeys(lack for one in rounds for lack in one.lacks))
    print(f"{name:<8} {form:<8} {figures}  JS {script / 1000:5.1f} kB  CSS {style / 1000:4.1f} kB  {lacks}", flush=True)
    return is_met and is_light


async def main(arguments: argparse.Namespace) -> int:
    ensure_node(as_root=False)
    ensure_chromium(as_root=False)
    install_node_packages(NODE)
    with tempfile.TemporaryDirectory(prefix="overprint-bench-", ignore_cleanup_errors=True) as directory:
        folder = Path(directory)
        async with open_pages(folder) as (pages, cookie):
            print(f"{'':<17} {' '.join(FIGURES)}")
            met = []
            for name, address in pages.items():
                for form in arguments.forms.split(","):
                    if name.startswith(arguments.only):
                        known = "" if name == "landing" else cookie
                        rounds = [await judge(address, known, form, folder) for _ in range(arguments.rounds)]
                        met.append(tell(name, form, rounds))
    return 0 if met and all(met) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description="Pages judged by Lighthouse.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="pages of which the name begins so")
    parser.add_argument("--forms", default="desktop,phone", help="desktop, phone or both")
    sys.exit(asyncio.run(main(parser.parse_args())))
