"""Journeys from the command line: real processes, a real database brought along, real files."""

import hashlib
import json
import re
import signal
import socket
from pathlib import Path

import pytest

from overprint import __version__
from overprint.craft.typesetting.inspect import inspect_pdf
from overprint.db.embedded import new_cluster
from tests.journeys.conftest import Finished
from tests.support import epubcheck
from tests.support.command_here import run_here
from tests.support.command_line import (
    PREMISE,
    SMALL_BOOK,
    TIMEOUT_SECONDS,
    fetch,
    files_in,
    free_port,
    run,
    run_afresh,
    start,
    the_ebook,
    until,
)
from tests.support.database import home_like


def test_a_sentence_becomes_a_folder(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "my book"
    asked = ("make", "book", PREMISE, "--out", str(out), "--data", str(data))
    made = run_afresh(*asked, variables={"OVERPRINT_WORKER_CPU": "2"})
    assert made.returncode == 0, made.stderr
    assert made.stdout == f"{out}\n"
    shown = made.stderr.splitlines()
    assert {"  Planning the story", "  Setting the PDF"} <= set(shown)
    assert re.fullmatch(rf"Made in \d+ s\. {len(files_in(out))} files in:", shown[-1])
    recipe = json.loads((out / "recipe.json").read_text())
    assert set(files_in(out)) == set(recipe["files"]) | {"recipe.json"}
    (pdf,) = out.glob("*.pdf")
    assert inspect_pdf(pdf.read_bytes()).page_count >= 12
    epub = the_ebook(out)
    assert epubcheck.findings(epub) == []
    assert len(list((out / "pictures").iterdir())) == 13
    assert recipe["request"]["premise"] == PREMISE


def test_two_data_folders_make_the_same_bytes_from_the_same_brief(
    finished: Finished, empty_home: Path, tmp_path: Path
) -> None:
    """One signs them, the other does not, and has two children at work: what is compared is what was signed."""
    out, other = tmp_path / "two", tmp_path / "other data"
    with new_cluster(home_like(empty_home, other)):
        arguments = ("make", "book", finished.premise, *SMALL_BOOK, "--out", str(out), "--data", str(other))
        made = run_afresh(*arguments, variables={"OVERPRINT_CREDENTIALS_ENABLED": "false", "OVERPRINT_WORKER_CPU": "2"})
        assert made.returncode == 0, made.stderr
    signed, plain = files_in(finished.out), files_in(out)
    told = json.loads(signed["recipe.json"])["files"]
    assert set(signed) == set(plain)
    assert {name: file["unsigned_sha256"] for name, file in told.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in plain.items() if name != "recipe.json"
    }
    assert [name for name in told if signed[name] == plain[name]] == []


def test_verify_tells_what_a_file_says_makes_it_again_and_finds_a_changed_one(
    finished: Finished, tmp_path: Path
) -> None:
    (pdf,), epub = finished.out.glob("*.pdf"), the_ebook(finished.out)
    picture = finished.out / "pictures" / "01-02.jpg"
    here = ("--data", str(finished.data))
    again = [run_here("verify", str(path), *here) for path in (epub, picture)]
    for verified in (run("verify", str(pdf), *here), *again):
        assert verified.returncode == 0, verified.stdout + verified.stderr
        assert "Nothing was changed since it was signed." in verified.stdout
        assert "this installation's own key" in verified.stdout
        assert "the same bytes" in verified.stdout
    (tmp_path / "changed.jpg").write_bytes(picture.read_bytes() + b"x")
    changed = run_here("verify", str(tmp_path / "changed.jpg"), *here)
    assert changed.returncode == 1
    assert "changed after it was signed" in changed.stdout
    unknown = run_here("verify", str(finished.out / "recipe.json"), *here)
    assert unknown.returncode == 2
    assert "changed since" in unknown.stderr


def test_who_has_only_the_file_reads_what_it_says_and_needs_no_database(finished: Finished, tmp_path: Path) -> None:
    (pdf,) = finished.out.glob("*.pdf")
    nowhere = tmp_path / "nowhere"
    verified = run_here("verify", str(pdf), "--data", str(nowhere))
    assert verified.returncode == 0, verified.stderr
    assert "Nothing was changed" in verified.stdout
    assert "nobody we know vouches" in verified.stdout
    assert "without a trained model" in verified.stdout
    assert not nowhere.exists()


def test_the_key_that_signs_is_in_its_file_and_nowhere_else(finished: Finished) -> None:
    identity = finished.data / "secrets" / "signing-identity.pem"
    assert identity.stat().st_mode & 0o777 == 0o600
    lines = identity.read_bytes().partition(b"-----END PRIVATE KEY")[0].splitlines()
    secret = [line for line in lines[1:] if len(line) > 20]
    assert secret
    everything = {**files_in(finished.data), **files_in(finished.out), "said": finished.said.encode()}
    holding = [name for name, content in everything.items() if any(line in content for line in secret)]
    assert holding == ["secrets/signing-identity.pem"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make", "book", ""], "premise"),
        (["make", "book", "A fox", "--style", "oil"], "style should be one of"),
        (["make", "book", "A fox", "--pages", "4"], "pages must be at least 6"),
        (["make", "book", "A fox", "--out", "/etc/passwd"], "/etc/passwd is a file."),
        (["make", "book", "A fox", "--out", "/etc"], "/etc is not empty."),
        (["make", "book", "A fox", "--dpi", "5"], "dpi must be at least 72. `overprint make book --help`"),
        (["make", "book", "A fox", "--out", "/dev/null/x"], "/dev/null is a file"),
        (["make", "book", "A fox", "--out", "/proc/x"], "/proc cannot be written to"),
        (["jobs", "show", "nonsense"], "is not a job's id"),
        (["jobs", "list", "--limit", "0"], "--limit takes 1 to 200"),
        (["verify", "nonsense"], "neither a file nor"),
        (["audit", "verify", "--team", "nobody"], "no chain of 'nobody'"),
        (["people", "admin", "nobody"], "no mail address"),
        (["people", "unlock", "nobody@example.org"], "Nobody has the address"),
        (["people", "admin", "nobody@example.org", "--remove"], "Nobody has the address"),
        (["people", "list", "--limit", "0"], "--limit takes 1 to 1000"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(finished: Finished, arguments: list[str], said: str) -> None:
    ended = run_here(*arguments, "--data", str(finished.data))
    assert ended.returncode == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_place_for_a_book_that_would_be_lost_or_cannot_be_is_refused_at_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for out, said in ((data / "objects" / "book", "inside the data folder"), (tmp_path / "link", "a link to nowhere")):
        ended = run_here("make", "book", PREMISE, "--out", str(out), "--data", str(data))
        assert ended.returncode == 2
        assert said in ended.stderr
        assert "--out" in ended.stderr
        assert not out.exists()


def test_a_folder_of_somebody_elses_is_not_made_a_data_folder(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to anna.txt").write_text("Dear Anna")
    for words in (["make", "book", PREMISE, "--out", str(tmp_path / "book")], ["up"], ["worker"], ["migrate"]):
        ended = run_here(*words, "--data", str(tmp_path / "letters"))
        assert ended.returncode == 2
        assert "it holds 'to anna.txt'. Choose an empty folder" in ended.stderr
    assert list(files_in(tmp_path)) == ["letters/to anna.txt"]


def test_the_version_is_told() -> None:
    told_version = run_afresh("--version")
    assert (told_version.returncode, told_version.stdout) == (0, f"Overprint {__version__}\n")


def test_the_log_of_who_did_what_is_proven(finished: Finished) -> None:
    ended = run_here("audit", "verify", "--team", "local", "--data", str(finished.data))
    assert ended.returncode == 0, ended.stderr
    assert re.fullmatch(r"local: \d+ lines?, all in order\. Line \d+: [0-9a-f]{64}\n", ended.stdout)


def test_who_looks_after_the_house_is_named_and_everybody_is_listed(finished: Finished) -> None:
    here = ("--data", str(finished.data))
    made = run_here("people", "admin", "boss@example.org", *here)
    assert made.returncode == 0 and "/reset?token=" in made.stdout, made.stderr
    assert run_here("people", "admin", "boss@example.org", *here).stdout == "boss@example.org is a site admin now.\n"
    assert "boss@example.org  boss   site admin" in run_here("people", "list", *here).stdout
    unlocked = run_here("people", "unlock", "boss@example.org", *here)
    assert "signs in without a second factor now" in unlocked.stdout and "/reset?token=" in unlocked.stdout
    assert run_here("people", "admin", "boss@example.org", "--remove", *here).returncode == 0
    assert "boss@example.org  boss   site admin" not in run_here("people", "list", *here).stdout


@pytest.mark.parametrize("words", [("make", "book", "A fox", "--pages"), ("jobs", "list", "--limit"), ("up", "--port")])
def test_what_is_no_number_is_told_without_jargon(words: tuple[str, ...]) -> None:
    ended = run_here(*words, "many")
    assert ended.returncode == 2
    assert "'many' is no whole number." in ended.stderr


def test_a_benchmark_that_does_not_exist_is_told_which_there_are() -> None:
    ended = run_here("bench", "nonsense")
    assert ended.returncode == 2
    assert "the benchmarks are" in ended.stderr


def test_fonts_that_nobody_knows_are_told_from_those_that_can_be_installed() -> None:
    ended = run_here("fonts", "install", "klingon")
    assert ended.returncode == 2
    assert "the fonts that can be installed are cjk" in ended.stderr


def test_doctor_finds_everything_well(finished: Finished) -> None:
    examined = run("doctor", "--data", str(finished.data))
    assert examined.returncode == 0, examined.stdout
    assert "embedded PostgreSQL" in examined.stdout


def test_web_and_worker_share_the_work_and_jobs_are_shown_stopped_and_run_again(data: Path) -> None:
    port = str(free_port())
    at = f"http://127.0.0.1:{port}"
    here = ("--data", str(data))
    processes = [start("web", "--port", port, *here)]
    try:
        until(lambda: fetch(f"{at}/readyz")["status"] == "ready", "the pages answer")
        job = fetch(f"{at}/api/books", {"premise": PREMISE, "pages": 6, "chapters": 1, "picture_dpi": 72})["job_id"]
        assert job in run_here("jobs", "list", *here).stdout
        assert "queued" in run_here("jobs", "show", job, *here).stdout
        assert "is paused" in run_here("jobs", "pause", job, *here).stdout
        assert "It is paused." in run_here("jobs", "show", job, *here).stdout
        assert "goes on" in run_here("jobs", "resume", job, *here).stdout
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


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run_here("up", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path / "data"))
    assert ended.returncode == 3
    assert "--port" in ended.stderr
