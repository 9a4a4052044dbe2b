"""The repository names no machine: it builds the same wherever packages come from and wherever it lies."""

from pathlib import Path

import pytest

from tests.architecture.tracked_files import (
    REGISTRY_HOSTS,
    addresses_in,
    is_lock,
    machine_details,
    text_of,
    tracked,
)

HOME = Path(__file__).parents[2]


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    found = {str(path): details for path in tracked(HOME) if (details := machine_details(text_of(path)))}
    assert found == {}


def test_no_requirements_or_lock_file_holds_an_address() -> None:
    locks = [path for path in tracked(HOME) if is_lock(path)]
    assert {path.name for path in locks} >= {"run.txt", "test.txt", "bench.txt", "installer.txt"}
    assert {str(path): found for path in locks if (found := addresses_in(path))} == {}


def test_every_pinned_package_has_a_hash() -> None:
    for path in sorted((HOME / "requirements").glob("*.txt")):
        pins = path.read_text().replace("\\\n", " ").splitlines()
        assert pins
        assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize(
    "text", [f"see {REGISTRY_HOSTS[0]}/simple", 'DATA = "' + "/ro" + 'ot/data"', "cd " + "/wor" + "k/main"]
)
def test_a_machine_s_own_path_or_registry_is_noticed(text: str) -> None:
    assert machine_details(text)


@pytest.mark.parametrize(
    "text", ["the /api/wo" + "rk/items route", "docs/ho" + "me/index", "~/wo" + "rk/code", "$HOME/wo" + "rk/x"]
)
def test_other_paths_are_left_alone(text: str) -> None:
    assert machine_details(text) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("requirements/run.txt", "--index-url https://packages.example/simple"),
        ("package-lock.json", '"resolved": "https://packages.example/a.tgz",'),
        ("package-lock.json", '"funding": {"url": "https://people.example/b"}'),
    ],
)
def test_an_address_in_a_lock_is_noticed(tmp_path: Path, name: str, line: str) -> None:
    lock = tmp_path / name
    lock.parent.mkdir(exist_ok=True)
    lock.write_text(f"rich==15.0.0\n{line}\n")
    assert is_lock(lock)
    assert addresses_in(lock) == [line]
