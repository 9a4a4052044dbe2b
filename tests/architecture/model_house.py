"""An import graph of the house as it should be, to break on purpose, and the contracts to judge it by.

No code is read here: the graph is drawn by hand, so that every contract has something to bite on whether or
not the real code reaches that corner yet.
"""

import copy
from functools import cache
from pathlib import Path

import grimp
from importlinter import configuration
from importlinter.application.use_cases import read_user_options
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import Contract

KINDS: dict[str, type[Contract]] = {
    "layers": LayersContract,
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "protected": ProtectedContract,
}
PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
ROOMS = (
    "admin",
    "front",
    "reading",
    "shelf",
    "books",
    "videos",
    "jobs",
    "sharing",
    "library",
    "photos",
    "notifications",
    "presets",
    "billing",
    "teams",
    "accounts",
    "audit",
)
ROOM_FILES = (
    "room",
    "web",
    "api",
    "portable",
    "service",
    "projection",
    "pipeline",
    "stages",
    "store",
    "tables",
    "rules",
    "steps",
)
FRAMEWORKS = ("fastapi", "starlette", "uvicorn", "sqlalchemy", "httpx", "pydantic", "skia")

MODULES = (
    "__main__",
    "main.cli",
    "wiring",
    "settings",
    "adapters.text.anthropic",
    "adapters.image.embedded",
    "steps.draw_picture",
    "http.problems",
    "engine.runner",
    "db.database",
    "db.migrations.versions.m0001_foundation",
    "ports.image",
    "craft.drawing",
    "observe.logs",
    "core.scene",
    *(f"features.{room}.{file}" for room in ROOMS for file in ROOM_FILES),
)

GOOD_IMPORTS = (
    ("__main__", "main.cli"),
    ("main.cli", "wiring"),
    ("wiring", "settings"),
    ("wiring", "adapters.image.embedded"),
    ("wiring", "features.books.room"),
    ("features.books", "features.books.service"),
    ("features.books.service", "features.jobs"),
    ("features.jobs", "features.jobs.service"),
    ("features.books.pipeline", "steps.draw_picture"),
    ("features.books.room", "features.books.web"),
    ("features.books.web", "http.problems"),
    ("features.books.projection", "features.books.store"),
    ("features.books.store", "features.books.tables"),
    ("features.books.rules", "features.books.steps"),
    ("features.books.steps", "core.scene"),
    ("adapters.image.embedded", "craft.drawing"),
    ("adapters.image.embedded", "ports.image"),
    ("steps.draw_picture", "craft.drawing"),
    ("steps.draw_picture", "engine.runner"),
    ("engine.runner", "db.database"),
    ("db.database", "observe.logs"),
    ("ports.image", "core.scene"),
    ("craft.drawing", "core.scene"),
)

GOOD_OUTSIDE_IMPORTS = (
    ("features.books.web", "fastapi"),
    ("http.problems", "starlette"),
    ("db.database", "sqlalchemy"),
    ("adapters.text.anthropic", "httpx"),
    ("settings", "pydantic"),
    ("craft.drawing", "skia"),
    ("db.migrations.versions.m0001_foundation", "sqlalchemy"),
)


def well_built() -> grimp.ImportGraph:
    """A fresh copy of a house in which every contract holds."""
    graph = grimp.ImportGraph()
    graph.add_module("overprint")
    for module in MODULES:
        place(graph, f"overprint.{module}")
    for framework in FRAMEWORKS:
        graph.add_module(framework, is_squashed=True)
    for importer, imported in GOOD_IMPORTS:
        graph.add_import(importer=f"overprint.{importer}", imported=f"overprint.{imported}")
    for importer, imported in GOOD_OUTSIDE_IMPORTS:
        graph.add_import(importer=f"overprint.{importer}", imported=imported)
    return graph


def place(graph: grimp.ImportGraph, module: str) -> None:
    """Add a module and the packages that hold it."""
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        graph.add_module(".".join(parts[:length]))


def broken_contracts(graph: grimp.ImportGraph) -> set[str]:
    """The ids of the project's contracts that this graph breaks."""
    return {name for name, contract in _contracts() if not contract.check(copy.deepcopy(graph), verbose=False).kept}


@cache
def contract_ids() -> frozenset[str]:
    """The ids of the project's contracts."""
    return frozenset(name for name, _contract in _contracts())


@cache
def _contracts() -> tuple[tuple[str, Contract], ...]:
    configuration.configure()
    options = read_user_options(config_filename=str(PYPROJECT))
    return tuple(
        (each["id"], KINDS[each["type"]](each["name"], options.session_options, each))
        for each in options.contracts_options
    )
