"""``overprint test``: what it runs, in which order, and what it keeps away from the tests."""

import subprocess
import sys

import pytest

from overprint.main.benching import run_benchmark
from overprint.main.exits import Exit
from overprint.main.testing import HOME, Check, pytest_check, run_check, run_tests, run_together, static_checks


def test_a_part_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_tests([], only="everything") == Exit.USAGE
    assert "say --only static or --only tests" in capsys.readouterr().err


def test_a_benchmark_that_does_not_exist_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_benchmark("nosuch", []) == Exit.USAGE
    assert "engine" in capsys.readouterr().err


def test_static_checks_are_told_quickest_first() -> None:
    titles = ["ruff check", "ruff format", "import contracts", "mypy", "collecting tests"]
    assert [check.title for check in static_checks()] == titles


def test_what_a_person_adds_reaches_pytest_last_and_so_wins() -> None:
    assert pytest_check(["-n", "0", "-k", "books"]).arguments[-4:] == ("-n", "0", "-k", "books")


def test_a_check_runs_under_its_title_and_gives_its_exit_code(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_check(Check("a failing check", ("-c", "print('said'); raise SystemExit(3)"))) == 3
    assert capfd.readouterr().out == "\n== a failing check\nsaid\n"


def test_checks_that_run_together_are_told_in_their_order_and_the_first_that_fails_gives_the_code(
    capfd: pytest.CaptureFixture[str],
) -> None:
    slow = Check("slow", ("-c", "import time; time.sleep(0.3); print('one'); raise SystemExit(3)"))
    quick = Check("quick", ("-c", "import sys; print('two', file=sys.stderr); raise SystemExit(4)"))
    well = Check("well", ("-c", "pass"))
    assert run_together([well, slow, quick]) == 3
    assert run_together([well]) == 0
    assert capfd.readouterr().out.startswith("\n== well\n\n== slow\none\n\n== quick\ntwo\n")


def test_a_wordy_check_is_heard_only_when_it_fails(capfd: pytest.CaptureFixture[str]) -> None:
    good = Check("good", ("-c", "print('a word')"), is_wordy=True)
    bad = Check("bad", ("-c", "print('what is wrong'); raise SystemExit(2)"), is_wordy=True)
    assert run_together([good, bad]) == 2
    assert capfd.readouterr().out == "\n== good\n\n== bad\nwhat is wrong\n"


def test_a_check_that_hangs_is_stopped_and_named(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_check(Check("a hanging check", ("-c", "import time; time.sleep(60)"), timeout_seconds=1)) == 124
    assert "a hanging check did not end within 1 seconds" in capfd.readouterr().err


@pytest.mark.parametrize(
    "name",
    ["OVERPRINT_DATA", "DATABASE_URL", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "PGPASSWORD", "PYTHONDONTWRITEBYTECODE"],
)
def test_nothing_private_reaches_the_tests(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "mine")
    assert run_check(Check("looking", ("-c", f"import os, sys; sys.exit({name!r} in os.environ)"))) == 0


def test_ci_runs_the_command_that_people_run() -> None:
    script = HOME / ".ci" / "run"
    assert script.read_text().rstrip().endswith("exec ./overprint test </dev/null")
    for path, shell in ((script, "bash"), (HOME / "overprint", "sh"), (HOME / "requirements" / "lock.sh", "sh")):
        assert path.stat().st_mode & 0o111
        assert subprocess.run([shell, "-n", str(path)], timeout=60, check=False).returncode == 0


def test_the_checks_run_in_the_environment_that_runs_the_command(capfd: pytest.CaptureFixture[str]) -> None:
    run_check(Check("where", ("-c", "import sys; print(sys.prefix)")))
    assert capfd.readouterr().out.splitlines()[-1] == sys.prefix
