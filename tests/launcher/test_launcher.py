"""The launcher makes its environment once, whatever happens on the way, and then stays out of the way.

A small checkout stands in for the real one: the same launcher and set-up code, a package that tells how it
was started, and requirements that need nothing from the network.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
TIMEOUT_SECONDS = 300
SETS_UP = "sets up its environment"
TELL = """
import json, os, sys
about = {"folder": os.getcwd(), "environment": sys.prefix, "path": sys.path, "utf8": sys.flags.utf8_mode}
print(json.dumps({"arguments": sys.argv[1:], **about}))
sys.exit(7 if "fail" in sys.argv else 0)
"""
WARM = """
import os, pathlib
pathlib.Path(os.environ["HOME"], "warmed").touch()
"""


@dataclass(frozen=True)
class Checkout:
    """A small checkout, and a home folder for the person who uses it."""

    folder: Path
    person: Path

    @property
    def launcher(self) -> Path:
        return self.folder / "overprint"

    @property
    def environment(self) -> Path:
        return self.folder / ".venv"

    def start(self, *arguments: str, launcher: Path | None = None, **extra: str) -> "subprocess.Popen[str]":
        surroundings = {"PATH": f"{Path(sys.base_prefix) / 'bin'}:{os.environ['PATH']}", "HOME": str(self.person)}
        return subprocess.Popen(
            [str(launcher or self.launcher), *arguments],
            cwd=self.person,
            env={**surroundings, "PIP_NO_INDEX": "1", **extra},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, launcher: Path | None = None, **extra: str) -> tuple[int, str, str]:
        return ended(self.start(*arguments, launcher=launcher, **extra))


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """The exit code, standard output and standard error of a process that ends in time."""
    try:
        output, errors = process.communicate(timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, output, errors


def lay_out(root: Path) -> Checkout:
    folder = root / "a checkout, with spaces"
    person = root / "person"
    person.mkdir(parents=True)
    package = folder / "src" / "overprint"
    (package / "main").mkdir(parents=True)
    (folder / "requirements").mkdir()
    shutil.copy(HOME / "overprint", folder)
    shutil.copy(HOME / "src" / "overprint" / "main" / "environment.py", package / "main")
    (package / "craft" / "motion").mkdir(parents=True)
    (package / "craft" / "motion" / "warming.py").write_text(WARM)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(TELL)
    for name in ("run", "test", "bench", "installer"):
        (folder / "requirements" / f"{name}.txt").write_text("# nothing\n")
    return Checkout(folder, person)


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    return lay_out(tmp_path)


def test_first_use_makes_the_environment_and_runs_the_command(
    first_use: tuple[Checkout, tuple[int, str, str]],
) -> None:
    checkout, (code, output, errors) = first_use
    assert code == 0
    assert SETS_UP in errors
    told = json.loads(output)
    assert told["arguments"] == ["make", "book", "a shy fox"]
    assert told["folder"] == str(checkout.person)
    assert told["environment"] == str(checkout.environment)
    assert str(checkout.person) not in told["path"]
    assert (checkout.person / "warmed").exists(), "the first film would wait for what is compiled"


def test_later_uses_only_run_the_command(ready: Checkout) -> None:
    code, _output, errors = ready.run("doctor")
    assert (code, errors) == (0, "")


def test_the_command_s_exit_code_is_the_launcher_s(ready: Checkout) -> None:
    assert ready.run("fail")[0] == 7


def test_links_to_the_launcher_work(ready: Checkout, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "first").symlink_to(ready.launcher)
    (tmp_path / "second").symlink_to("bin/first")
    code, output, errors = ready.run("x", launcher=tmp_path / "second")
    assert (code, errors) == (0, "")
    assert json.loads(output)["environment"] == str(ready.environment)


def test_a_person_s_own_python_settings_do_not_reach_the_command(ready: Checkout, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('not this one')")
    assert ready.run("x", PYTHONPATH=str(tmp_path), PYTHONHOME="/nowhere")[0] == 0


def test_what_people_type_is_utf8_whatever_the_locale(ready: Checkout) -> None:
    code, output, _ = ready.run("Füchse", LC_ALL="C", PYTHONUTF8="0")
    assert (code, json.loads(output)["arguments"], json.loads(output)["utf8"]) == (0, ["Füchse"], 1)


def test_a_changed_lock_is_noticed_and_the_environment_follows(ready: Checkout) -> None:
    (ready.folder / "requirements" / "run.txt").write_text("# still nothing\n")
    (ready.environment / "test.txt").write_text("# what the old environment had for tests\n")
    assert SETS_UP in ready.run("x")[2]
    assert not (ready.environment / "test.txt").exists()
    assert ready.run("x")[2] == ""


def test_a_set_up_that_fails_says_so_and_is_started_afresh_by_one_of_two_who_come_at_once(fresh: Checkout) -> None:
    """In a checkout that cannot be written to: its environment is kept in the cache."""
    fresh.environment.touch()  # A file where the folder should be stops root too, as read-only permissions do not.
    lock = fresh.folder / "requirements" / "run.txt"
    lock.write_text(f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    code, output, errors = fresh.run("x")
    assert (code, output) == (1, "")
    assert "could not be installed" in errors
    assert "Run this again" in errors
    (environment,) = (fresh.person / ".cache" / "overprint").iterdir()
    assert not (environment / "run.txt").exists()
    assert (environment / "bin" / "python").exists(), "what it left would run"
    half_done = environment / "lib" / "half-installed"
    half_done.mkdir()
    lock.write_text("# mended\n")
    together = [fresh.start("x"), fresh.start("x")]
    (first, said, one), (second, _, other) = map(ended, together)
    assert (first, second) == (0, 0)
    assert json.loads(said)["environment"] == str(environment)
    assert (one + other).count(SETS_UP) == 1
    assert not half_done.exists()
    assert fresh.run("x")[2] == ""


def test_an_environment_of_somebody_else_s_is_left_alone(fresh: Checkout) -> None:
    kept = fresh.environment / "lib" / "mine"
    kept.mkdir(parents=True)
    code, _output, errors = fresh.run("x")
    assert code == 1
    assert "left alone" in errors
    assert kept.exists()


def test_a_machine_without_python_is_told_what_to_install(fresh: Checkout, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("cmp", "cksum", "readlink"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    code, _output, errors = fresh.run("x", PATH=str(programs))
    assert code == 1
    assert "apt-get install python3" in errors
