"""What ``overprint test`` does: install what the tests need, check the code without running it, run the tests.

The static checks come first, beside each other and beside the installing of programs, which mostly waits for the
network. One that fails ends the run before the tests. The test runner's closing line is the last line of all.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from overprint.main.environment import Environment, SetupFailed, add
from overprint.main.exits import Exit
from overprint.main.toolchain import Missing, ensure_chromium, ensure_java, ensure_node, install_node_packages

PARTS = ("", "static", "tests")
STATIC_TIMEOUT_SECONDS = 600
TESTS_TIMEOUT_SECONDS = 3600
TIMED_OUT = 124
HOME = Path(__file__).parents[3]
CODE = ("src", "tests", "benchmarks")
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])"
# A person's own settings, databases and keys: none of them reaches a test. Nor does the wish to keep nothing compiled:
# every worker would compile all tests, and every command that they start all of Overprint.
PRIVATE = (
    *("OVERPRINT_", "DATABASE_", "OPENAI_", "ANTHROPIC_", "GROQ_", "STRIPE_", "AWS_", "S3_", "SMTP_", "PG"),
    "PYTHONDONTWRITEBYTECODE",
)


@dataclass(frozen=True)
class Check:
    """One program of the run. ``arguments`` are Python's: a module to run and what it is told.

    ``is_wordy``: what it says matters only if it fails.
    """

    title: str
    arguments: tuple[str, ...]
    timeout_seconds: int = STATIC_TIMEOUT_SECONDS
    is_wordy: bool = False


def run_tests(arguments: Sequence[str], *, only: str = "") -> int:
    """Run everything, or the part that ``only`` names. ``arguments`` go to pytest. Returns the exit code."""
    if only not in PARTS:
        return _refuse(f"There is no part called '{only}': say --only static or --only tests.", Exit.USAGE)
    if not (HOME / "tests").is_dir():
        why = "The tests are not part of an installed Overprint. Run them from a checkout of its code."
        return _refuse(why, Exit.USAGE)
    try:
        _install_packages()
        with ThreadPoolExecutor(1) as aside:
            programs = aside.submit(_install_programs, only)
            code = 0 if only == "tests" else run_together(static_checks())
            programs.result()
    except (SetupFailed, Missing) as reason:
        return _refuse(str(reason), Exit.UNAVAILABLE)
    return code if code or only == "static" else run_check(pytest_check(arguments))


def static_checks() -> list[Check]:
    """The checks that run no test, in their order."""
    code = [folder for folder in CODE if (HOME / folder).is_dir()]
    return [
        Check("ruff check", ("-m", "ruff", "check", *code)),
        Check("ruff format", ("-m", "ruff", "format", "--check", *code)),
        Check("import contracts", ("-c", LINT_IMPORTS)),
        Check("mypy", ("-m", "mypy")),
        # So that one process compiles the tests, beside mypy, and not each of the workers.
        Check("collecting tests", ("-m", "pytest", "-n", "0", "--collect-only", "-qqq"), is_wordy=True),
    ]


def pytest_check(arguments: Sequence[str]) -> Check:
    """The test runner, four workers unless the arguments say otherwise: on two cores, as two of them often wait."""
    return Check("pytest", ("-m", "pytest", "-n", "4", *arguments), TESTS_TIMEOUT_SECONDS)


def _install_packages() -> None:
    environment = Environment(home=HOME, folder=Path(sys.prefix))
    if environment.lock.exists():
        add(environment, "test")
    else:
        _head("The launcher did not make this environment: what tests need is taken to be in it")


def _install_programs(only: str) -> None:
    if only != "static":
        as_root = os.geteuid() == 0
        ensure_java(as_root=as_root)
        ensure_node(as_root=as_root)
        ensure_chromium(as_root=as_root)
        install_node_packages(HOME / "tests" / "support" / "node")


def prepare_judges() -> None:
    """Have what the tests judge books with: packages and programs. Raises ``SetupFailed`` or ``Missing``."""
    _install_packages()
    _install_programs("")


def run_together(checks: Sequence[Check]) -> int:
    """Run checks beside each other and tell of them in their order. Returns the first exit code that is not 0."""
    with ThreadPoolExecutor(len(checks)) as pool:
        codes = []
        for check, (code, said) in zip(checks, pool.map(_run_unseen, checks), strict=True):
            _head(check.title)
            print(said if code or not check.is_wordy else "", end="", flush=True)
            codes.append(code)
        failed = [check.title for check, code in zip(checks, codes, strict=True) if code]
        if failed:
            _refuse(f"\nNo test was run, because of: {', '.join(failed)}. See above.", codes[0])
    return next((code for code in codes if code), 0)


def _run_unseen(check: Check) -> tuple[int, str]:
    """The exit code, and all that was said."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        code = _run(check, said)
        said.seek(0)
        return code, said.read()


def run_check(check: Check) -> int:
    """Run one check under its title. Returns its exit code, or 124 if it had to be stopped."""
    _head(check.title)
    return _run(check)


def _run(check: Check, output: IO[str] | None = None) -> int:
    command = [sys.executable, "-P", *check.arguments]
    try:
        return subprocess.run(
            command,
            cwd=HOME,
            env=_surroundings(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=check.timeout_seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return _refuse(f"{check.title} did not end within {check.timeout_seconds} seconds and was stopped.", TIMED_OUT)


def _surroundings(present: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in present.items() if not name.startswith(PRIVATE)}
    return {**kept, "PYTHONPATH": str(HOME / "src"), "PYTHONSAFEPATH": "1"}


def _head(title: str) -> None:
    print(f"\n== {title}", flush=True)


def _refuse(line: str, code: int) -> int:
    print(line, file=sys.stderr, flush=True)
    return code
