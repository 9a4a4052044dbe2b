"""The documents keep their word: what they link to is there, and what they say to type can be typed."""

import re
import subprocess
from pathlib import Path

import click
import pytest
import typer

from overprint.main.cli import app
from overprint.main.exits import Exit
from tests.docs.documents import (
    HOME,
    REQUIRED,
    all_documents,
    commands_named,
    dead_links,
    shell_scripts,
)


def commands() -> click.Command:
    return typer.main.get_command(app)


def unknown_word(words: tuple[str, ...]) -> str | None:
    """The first word that names no command; words after a command are its arguments."""
    here = commands()
    for word in words:
        if not hasattr(here, "commands"):
            return None
        if word not in here.commands:
            return word
        here = here.commands[word]
    return None


def help_of(words: tuple[str, ...]) -> int:
    try:
        app([*words, "--help"], prog_name="overprint", standalone_mode=False)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def documented_commands() -> list[tuple[str, ...]]:
    named = {words for path in all_documents() for words in commands_named(path.read_text(encoding="utf-8"))}
    return sorted(named)


@pytest.mark.parametrize("name", REQUIRED)
def test_the_document_is_there_and_says_something(name: str) -> None:
    assert len((HOME / name).read_text(encoding="utf-8").split()) > 50


def test_each_decision_has_a_number_of_its_own_and_no_number_is_left_out() -> None:
    records = sorted((HOME / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == [*range(1, len(records) + 1)]
    for path in records:
        assert re.match(rf"# 0*{int(path.name[:4])}[.:] ", path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize("document", all_documents(), ids=lambda path: str(path.relative_to(HOME)))
def test_every_link_leads_somewhere(document: Path) -> None:
    assert dead_links(document) == []


@pytest.mark.parametrize("words", documented_commands(), ids=" ".join)
def test_every_documented_command_exists(words: tuple[str, ...]) -> None:
    assert unknown_word(words) is None


def test_every_command_is_tried_by_a_journey() -> None:
    journeys = [*(HOME / "tests/journeys").glob("*.py"), *(HOME / "tests/launcher").glob("*.py")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in journeys)
    typed = {words: '"' + '", "'.join(words) + '"' for words in every_command() if is_complete(words)}
    assert [words for words, text in typed.items() if text not in written] == []


def is_complete(words: tuple[str, ...]) -> bool:
    """Whether nothing has to follow: ``jobs`` alone does nothing."""
    here = commands()
    for word in words:
        here = here.commands[word]  # type: ignore[attr-defined]
    return not hasattr(here, "commands")


def test_every_documented_benchmark_is_there() -> None:
    named = {words[1] for words in documented_commands() if words[:1] == ("bench",) and len(words) > 1}
    assert {"engine"} <= named <= {path.stem for path in (HOME / "benchmarks").glob("[a-z]*.py")}


def test_every_exit_code_is_in_the_readme() -> None:
    text = (HOME / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| (\d+) \|", text, re.M)) == {str(code.value) for code in Exit}


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for words in every_command():
        assert help_of(words) == 0
        assert "Usage:" in capsys.readouterr().out


def every_command() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    left: list[tuple[tuple[str, ...], click.Command]] = [((), commands())]
    while left:
        words, command = left.pop()
        found.append(words)
        left += [((*words, name), each) for name, each in getattr(command, "commands", {}).items()]
    return sorted(found)


@pytest.mark.parametrize("document", all_documents(), ids=lambda path: str(path.relative_to(HOME)))
def test_shell_code_can_be_read_by_a_shell(document: Path) -> None:
    for script in shell_scripts(document.read_text(encoding="utf-8")):
        checked = subprocess.run(["sh", "-n"], input=script, capture_output=True, text=True, timeout=60, check=False)
        assert checked.stderr == ""
        assert checked.returncode == 0


def test_the_readme_names_the_two_commands() -> None:
    named = commands_named((HOME / "README.md").read_text(encoding="utf-8"))
    assert {("make", "book"), ("test",)} <= named


def test_a_dead_link_is_noticed(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("# One thing\n[there](a.md#one-thing) [gone](b.md) ![gone](c.png) [none](#two) `[no](link)`\n")
    assert dead_links(document) == ["b.md", "c.png", "#two"]


def test_commands_are_read_as_a_person_would_type_them() -> None:
    text = 'Run `./overprint make book "A fox" --out x` or\n\n    ./overprint test -x   # all of them\n'
    assert commands_named(text) == {("make", "book"), ("test",)}


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert unknown_word(("brew", "coffee")) == "brew"


def test_a_change_is_told_once_and_under_what_it_is_about() -> None:
    told: list[str] = []
    heading = ""
    for line in (HOME / "CHANGELOG.md").read_text(encoding="utf-8").splitlines():
        heading = line if line.startswith("#") else heading
        if line.startswith("- "):
            assert heading.startswith("#### "), f"under no subject: {line}"
            told.append(line)
    assert sorted(set(told)) == sorted(told)
