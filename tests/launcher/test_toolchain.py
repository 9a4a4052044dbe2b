"""What the machine must have for the tests: found, installed, or asked for in so many words."""

from pathlib import Path

import pytest

from overprint.main.toolchain import Missing, ensure_java, ensure_node, install_node_packages, major_version

APT = """
echo "$@" >> "{log}"
case $1 in
update) : > "{lists}" ;;
install) [ -e "{lists}" ] ;;
esac
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, empty at first."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def write_program(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("said", "major"),
    [
        ('openjdk version "17.0.15" 2026-04-15', 17),
        ('java version "1.8.0_401"', 1),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21" 2026-09-19', 21),
        ("v20.20.2", 20),
        ("something else", None),
    ],
)
def test_versions_are_read_as_programs_say_them(programs: Path, said: str, major: int | None) -> None:
    write_program(programs, "java", f"echo '{said}' >&2")
    assert major_version(["java", "-version"]) == major


def test_a_program_that_is_not_there_or_does_not_start_has_no_version(programs: Path) -> None:
    assert major_version(["java", "-version"]) is None
    write_program(programs, "java", "exit 1")
    assert major_version(["java", "-version"]) is None


def test_what_is_there_is_not_installed_again(programs: Path) -> None:
    write_program(programs, "java", "echo 'openjdk version \"17.0.1\"'")
    write_program(programs, "node", "echo v20.1.0")
    write_program(programs, "npm", "")
    ensure_java(as_root=False)
    ensure_node(as_root=False)


@pytest.mark.parametrize("as_root", [True, False])
def test_a_person_who_lacks_something_is_told_the_command(programs: Path, as_root: bool) -> None:
    with pytest.raises(Missing, match="apt-get install --yes --no-install-recommends default-jre-headless"):
        ensure_java(as_root=as_root)
    with pytest.raises(Missing, match="nodejs npm"):
        ensure_node(as_root=as_root)


def test_a_new_machine_s_package_lists_are_fetched_before_the_second_try(programs: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    write_program(programs, "apt-get", APT.format(log=log, lists=tmp_path / "lists"))
    ensure_java(as_root=True)
    assert [line.split()[0] for line in log.read_text().splitlines()] == ["install", "update", "install"]


def test_a_java_that_is_too_old_counts_as_missing(programs: Path) -> None:
    write_program(programs, "java", "echo 'java version \"1.8.0_401\"'")
    with pytest.raises(Missing, match="Java 11 or newer"):
        ensure_java(as_root=False)


def test_node_packages_are_installed_once_for_each_lock(programs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "node"
    folder.mkdir()
    install_node_packages(folder)
    assert not (folder / "node_modules").exists()

    write_program(programs, "npm", 'echo "$@" >> log; [ -d node_modules ] || /bin/mkdir node_modules')
    for lock, runs in (("{}", 1), ("{}", 1), ('{"changed": true}', 2)):
        (folder / "package-lock.json").write_text(lock)
        install_node_packages(folder)
        assert len((folder / "log").read_text().splitlines()) == runs
    assert "--ignore-scripts" in (folder / "log").read_text()


def test_node_packages_that_cannot_be_installed_are_not_taken_for_installed(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    write_program(programs, "npm", "/bin/mkdir -p node_modules; exit 1")
    for _again in range(2):
        with pytest.raises(Missing, match="could not be installed"):
            install_node_packages(tmp_path)
