"""The repository names no machine: it builds the same wherever packages come from and wherever it lies."""

import json
from pathlib import Path

import pytest

from tests.architecture.tracked_files import (
    REGISTRY_HOSTS,
    hosts_in_lock,
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
    assert {str(path): hosts for path in locks if (hosts := hosts_in_lock(path))} == {}


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


@pytest.mark.parametrize("text", ["the /api/work/items route", "docs/ho" + "me/index", "~/work/code", "$HOME/work/x"])
def test_other_paths_are_left_alone(text: str) -> None:
    assert machine_details(text) == []


def test_an_address_in_a_requirements_file_is_noticed(tmp_path: Path) -> None:
    lock = tmp_path / "requirements" / "run.txt"
    lock.parent.mkdir()
    lock.write_text("--index-url https://packages.example/simple\nrich==15.0.0\n")
    assert is_lock(lock)
    assert len(hosts_in_lock(lock)) == 1


def test_an_address_in_an_npm_lock_is_noticed(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    packages = {
        "node_modules/a": {"resolved": "https://packages.example/a.tgz"},
        "node_modules/b": {"version": "1.0.0"},
    }
    lock.write_text(json.dumps({"packages": packages}))
    assert is_lock(lock)
    assert hosts_in_lock(lock) == ["node_modules/a"]
