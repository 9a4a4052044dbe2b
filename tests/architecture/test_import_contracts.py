"""Every import contract of the project bites: break it in a model house, and it is the one that says so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.model_house import PYPROJECT, broken_contracts, contract_ids, place, well_built

HOME = PYPROJECT.parent

UPWARD = [
    ("core.scene", "ports.image"),
    ("core.scene", "observe.logs"),
    ("ports.image", "db.database"),
    ("ports.image", "craft.drawing"),
    ("craft.drawing", "ports.image"),
    ("craft.drawing", "observe.logs"),
    ("observe.logs", "ports.image"),
    ("db.database", "engine.runner"),
    ("engine.runner", "steps.draw_picture"),
    ("engine.runner", "http.problems"),
    ("engine.runner", "features.jobs"),
    ("steps.draw_picture", "http.problems"),
    ("http.problems", "steps.draw_picture"),
    ("steps.draw_picture", "adapters.image.embedded"),
    ("http.problems", "features.books"),
    ("features.books.service", "adapters.image.embedded"),
    ("adapters.image.embedded", "features.books"),
    ("features.books.service", "settings"),
    ("adapters.text.anthropic", "settings"),
    ("features.books.room", "wiring"),
    ("settings", "wiring"),
    ("wiring", "main.cli"),
]
WRONG_FLOOR = [
    ("books.service", "reading"),
    ("jobs.service", "books"),
    ("library.service", "jobs"),
    ("billing.service", "library"),
    ("teams.service", "billing"),
    ("accounts.service", "teams"),
    ("audit.service", "accounts"),
]
WRONG_FILE = [
    ("web", "room"),
    ("api", "web"),
    ("web", "api"),
    ("service", "web"),
    ("service", "api"),
    ("projection", "service"),
    ("pipeline", "service"),
    ("projection", "pipeline"),
    ("pipeline", "projection"),
    ("stages", "pipeline"),
    ("store", "stages"),
    ("store", "projection"),
    ("tables", "store"),
    ("rules", "tables"),
    ("steps", "rules"),
]
FORBIDDEN = [
    ("craft", "features.jobs.service", "overprint.craft.drawing"),
    ("craft", "engine.runner", "overprint.craft.drawing"),
    ("craft", "http.problems", "overprint.craft.drawing"),
    ("craft", "wiring", "overprint.craft.drawing"),
    ("pipelines", "features.books.pipeline", "overprint.features.books.store"),
    ("pipelines", "features.books.stages", "overprint.features.books.store"),
    ("purity", "core.scene", "pydantic"),
    ("purity", "core.scene", "httpx"),
    ("purity", "ports.image", "sqlalchemy"),
    ("purity", "features.books.rules", "fastapi"),
    ("purity", "features.books.rules", "overprint.db.database"),
    ("no-http", "features.books.service", "fastapi"),
    ("no-http", "features.books.service", "overprint.http.problems"),
    ("no-http", "features.books.pipeline", "starlette"),
    ("no-http", "features.books.stages", "starlette"),
    ("no-http", "steps.draw_picture", "starlette"),
    ("no-http", "engine.runner", "uvicorn"),
    ("adapters", "adapters.image.embedded", "overprint.engine.runner"),
    ("adapters", "adapters.image.embedded", "overprint.steps.draw_picture"),
    ("adapters", "adapters.image.embedded", "overprint.http.problems"),
    ("adapter-families", "adapters.image.embedded", "overprint.adapters.text.anthropic"),
    ("migrations", "db.migrations.versions.m0001_foundation", "overprint.db.database"),
    ("migrations", "db.migrations.versions.m0001_foundation", "overprint.core.scene"),
    ("migrations", "db.migrations.versions.m0001_foundation", "overprint.features.books.tables"),
]
UNPLACED = [
    ("rings", "overprint.plumbing"),
    ("rooms", "overprint.features.gadgets"),
    ("inside-rooms", "overprint.features.books.misc"),
]


def broken_by(importer: str, imported: str) -> set[str]:
    house = well_built()
    house.add_import(importer=importer, imported=imported)
    return broken_contracts(house)


def test_a_well_built_house_breaks_no_contract() -> None:
    assert broken_contracts(well_built()) == set()


def test_every_contract_is_broken_somewhere_in_this_file() -> None:
    tried = {"rings", "rooms", "inside-rooms"} | {contract for contract, _importer, _imported in FORBIDDEN}
    assert tried == contract_ids()


@pytest.mark.parametrize(("importer", "imported"), UPWARD)
def test_a_ring_never_imports_a_ring_above_or_beside_it(importer: str, imported: str) -> None:
    assert "rings" in broken_by(f"overprint.{importer}", f"overprint.{imported}")


@pytest.mark.parametrize(("importer", "imported"), WRONG_FLOOR)
def test_a_room_never_imports_a_room_on_a_floor_above(importer: str, imported: str) -> None:
    assert broken_by(f"overprint.features.{importer}", f"overprint.features.{imported}") == {"rooms"}


@pytest.mark.parametrize("room", ["books", "audit"])
@pytest.mark.parametrize(("importer", "imported"), WRONG_FILE)
def test_inside_a_room_calls_only_go_down(importer: str, imported: str, room: str) -> None:
    broken = broken_by(f"overprint.features.{room}.{importer}", f"overprint.features.{room}.{imported}")
    assert "inside-rooms" in broken


@pytest.mark.parametrize(("contract", "importer", "imported"), FORBIDDEN)
def test_a_forbidden_import_is_caught(contract: str, importer: str, imported: str) -> None:
    assert contract in broken_by(f"overprint.{importer}", imported)


@pytest.mark.parametrize(("contract", "module"), UNPLACED)
def test_a_module_without_a_place_is_caught(contract: str, module: str) -> None:
    house = well_built()
    place(house, module)
    assert broken_contracts(house) == {contract}


def test_a_bad_line_in_the_real_code_fails_the_check_and_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "src" / "overprint"
    shutil.copytree(HOME / "src" / "overprint", copy, ignore=lambda folder, names: _not_code(Path(folder), names))
    shutil.copyfile(PYPROJECT, tmp_path / "pyproject.toml")
    with (copy / "core" / "ids.py").open("a") as file:
        file.write("\nfrom overprint.engine import job as _job\n")

    linted = subprocess.run(
        [sys.executable, "-P", "-c", "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src"), "PYTHONSAFEPATH": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert linted.returncode == 1
    assert "overprint.core.ids -> overprint.engine.job" in linted.stdout


def _not_code(folder: Path, names: list[str]) -> set[str]:
    return {
        name for name in names if (not name.endswith(".py") and not (folder / name).is_dir()) or name == "__pycache__"
    }
