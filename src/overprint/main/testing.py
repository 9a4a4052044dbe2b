"""What ``overprint test`` does: install what the tests need, check the code without running it, run the tests.

The static checks come first, quickest first, and the first that fails ends the run. The test runner's closing
line is the last line of all.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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
# A person's own settings, databases and keys: none of them reaches a test.
PRIVATE = ("OVERPRINT_", "DATABASE_", "OPENAI_", "ANTHROPIC_", "GROQ_", "STRIPE_", "AWS_", "S3_", "SMTP_", "PG")


@dataclass(frozen=True)
class Check:
    """One program of the run. ``arguments`` are Python's: a module to run and what it is told."""

    title: str
    arguments: tuple[str, ...]
    timeout_seconds: int = STATIC_TIMEOUT_SECONDS


def run_tests(arguments: Sequence[str], *, only: str = "") -> int:
    """Run everything, or the part that ``only`` names. ``arguments`` go to pytest. Returns the exit code."""
    if only not in PARTS:
        return _refuse(f"There is no part called '{only}': say --only static or --only tests.", Exit.USAGE)
    if not (HOME / "tests").is_dir():
        why = "The tests are not part of an installed Overprint. Run them from a checkout of its code."
        return _refuse(why, Exit.USAGE)
    try:
        _install(only)
    except (SetupFailed, Missing) as reason:
        return _refuse(str(reason), Exit.UNAVAILABLE)
    if only != "tests":
        for check in static_checks():
            code = run_check(check)
            if code:
                return code
    return 0 if only == "static" else run_check(pytest_check(arguments))


def static_checks() -> list[Check]:
    """The checks that run no test, in their order."""
    code = [folder for folder in CODE if (HOME / folder).is_dir()]
    return [
        Check("ruff check", ("-m", "ruff", "check", *code)),
        Check("ruff format", ("-m", "ruff", "format", "--check", *code)),
        Check("import contracts", ("-c", LINT_IMPORTS)),
        Check("mypy", ("-m", "mypy")),
    ]


def pytest_check(arguments: Sequence[str]) -> Check:
    """The test runner, two workers unless the arguments say otherwise."""
    return Check("pytest", ("-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments), TESTS_TIMEOUT_SECONDS)


def _install(only: str) -> None:
    environment = Environment(home=HOME, folder=Path(sys.prefix))
    if environment.lock.exists():
        add(environment, "test")
    else:
        _head("The launcher did not make this environment: what tests need is taken to be in it")
    if only != "static":
        as_root = os.geteuid() == 0
        ensure_java(as_root=as_root)
        ensure_node(as_root=as_root)
        ensure_chromium(as_root=as_root)
        install_node_packages(HOME / "tests" / "support" / "node")


def run_check(check: Check) -> int:
    """Run one check under its title. Returns its exit code, or 124 if it had to be stopped."""
    _head(check.title)
    command = [sys.executable, "-P", *check.arguments]
    try:
        return subprocess.run(
            command,
            cwd=HOME,
            env=_surroundings(os.environ),
            stdin=subprocess.DEVNULL,
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
