"""House rules that import-linter cannot say, read off the source text.

Every rule takes the folder that holds the package ``overprint`` and returns one line for each breach:
where it is, and what to do instead.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

LINES_AT_MOST = 500
BANNED_MODULES = {"utils", "util", "helpers", "helper", "common", "misc"}
BANNED_SUFFIXES = ("Manager", "Helper", "Helpers", "Utils", "Util", "Base", "Impl")
MAY_IMPORT_LATE = ("overprint.main", "overprint.wiring")
# What speaks HTTP is loaded by web processes, what draws and sets by children, the writer's data when it first writes,
# what cuts fonts where somebody added it, what looks at pictures for books that have some.
ALSO_LATE = (
    "overprint.features.*.room",
    "overprint.craft.*.child",
    "overprint.craft.imaging",
    "overprint.craft.typesetting.epub_fonts",
    "overprint.craft.typesetting.calm",
    "overprint.adapters.text.embedded",
)
TRANSACTION_ENDS = {"commit", "rollback"}

Rule = Callable[[Path], list[str]]


@dataclass(frozen=True)
class Source:
    """One file of the package."""

    module: str
    path: Path
    tree: ast.Module

    def breach(self, node: ast.AST, advice: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {advice}"

    def is_in(self, *packages: str) -> bool:
        return any(self.module == package or self.module.startswith(f"{package}.") for package in packages)


def rooms_are_entered_by_the_front_door(src: Path) -> list[str]:
    """Outside a room its package is imported, never a file in it; only wiring may ask for its ``room``."""
    breaches = []
    for source in read(src):
        for node, imported in imports(source, src):
            room, file = _room_and_file(imported)
            at_home = source.is_in(f"overprint.features.{room}")
            wired = source.is_in("overprint.wiring") and file == "room"
            if room and file and not at_home and not wired:
                breaches.append(source.breach(node, f"enter by the front door: import overprint.features.{room}"))
    return breaches


def a_room_does_not_use_its_own_front_door(src: Path) -> list[str]:
    """The front door opens onto every floor of the room, so going through it from inside hides calls upward."""
    breaches = []
    for source in read(src):
        own, file = _room_and_file(source.module)
        if not (own and file):
            continue
        for node, imported in imports(source, src):
            if imported == f"overprint.features.{own}":
                breaches.append(source.breach(node, "inside a room, import the file and not the room"))
    return breaches


def core_needs_only_the_standard_library(src: Path) -> list[str]:
    """``core`` imports nothing that would have to be installed."""
    return [
        source.breach(node, f"core cannot import {imported}: it needs the standard library only")
        for source in read(src)
        if source.is_in("overprint.core")
        for node, imported in imports(source, src)
        if imported.split(".")[0] not in sys.stdlib_module_names and not imported.startswith("overprint.core")
    ]


def imports_stand_at_the_top(src: Path) -> list[str]:
    """Except where heavy parts are loaded late, so that a command which only looks starts at once."""
    return [
        source.breach(node, "import at the top of the file; only main/, wiring/ and a few more load parts late")
        for source in read(src)
        if not source.is_in(*MAY_IMPORT_LATE) and not any(fnmatch(source.module, late) for late in ALSO_LATE)
        for function in ast.walk(source.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) or _is_import_call(node)
    ]


def modules_say_what_they_hold(src: Path) -> list[str]:
    """No drawer for everything."""
    return [
        source.breach(source.tree, "name the module after what it holds")
        for source in read(src)
        if source.module.rsplit(".", 1)[-1] in BANNED_MODULES
    ]


def classes_are_named_from_the_field(src: Path) -> list[str]:
    """No name that says only that a class is a class."""
    return [
        source.breach(node, f"{node.name}: name it after what it is in the field")
        for source in read(src)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(BANNED_SUFFIXES)
    ]


def files_stay_short(src: Path) -> list[str]:
    """Five hundred lines is where a file is split."""
    lengths = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in sorted(src.rglob("*.py")))
    return [f"{path}: {lines} lines; split it" for path, lines in lengths if lines > LINES_AT_MOST]


def rooms_never_end_a_transaction(src: Path) -> list[str]:
    """The edge opens the unit of work and commits it; a room only takes part."""
    return [
        source.breach(node, f"leave {node.func.attr}() to the unit of work at the edge")
        for source in read(src)
        if source.is_in("overprint.features")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TRANSACTION_ENDS
    ]


def rooms_bound_the_forms_they_read(src: Path) -> list[str]:
    """The framework takes a thousand fields and as many files where nobody says otherwise."""
    return [
        source.breach(node, "read it with overprint.http.forms.read_form, which bounds it")
        for source in read(src)
        if source.is_in("overprint.features")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "form"
    ]


RULES: tuple[Rule, ...] = (
    rooms_are_entered_by_the_front_door,
    a_room_does_not_use_its_own_front_door,
    core_needs_only_the_standard_library,
    imports_stand_at_the_top,
    modules_say_what_they_hold,
    classes_are_named_from_the_field,
    files_stay_short,
    rooms_never_end_a_transaction,
    rooms_bound_the_forms_they_read,
)


def read(src: Path) -> Iterator[Source]:
    """Every module of the package under ``src``."""
    for path in sorted((src / "overprint").rglob("*.py")):
        parts = path.relative_to(src).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Source(module, path, _parsed(path, path.read_bytes()))


@lru_cache(maxsize=2_000)
def _parsed(path: Path, text: bytes) -> ast.Module:
    """Read once for all rules: that is most of their time."""
    return ast.parse(text, str(path))


def imports(source: Source, src: Path) -> Iterator[tuple[ast.AST, str]]:
    """What a file imports, wherever in it: modules where the name is a module, else the module that holds the name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            holder = _holder(source, node)
            yield from ((node, _module_named(holder, alias.name, src)) for alias in node.names)


def _holder(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = source.module.split(".") if source.path.name == "__init__.py" else source.module.split(".")[:-1]
    kept = package[: len(package) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _module_named(holder: str, name: str, src: Path) -> str:
    place = src.joinpath(*holder.split("."), name)
    return f"{holder}.{name}" if place.is_dir() or place.with_suffix(".py").is_file() else holder


def _room_and_file(module: str) -> tuple[str, str]:
    """``overprint.features.books.service`` is ("books", "service"); of what is no room, both are empty."""
    parts = module.split(".")
    if parts[:2] != ["overprint", "features"]:
        return "", ""
    return (parts[2] if len(parts) > 2 else ""), (parts[3] if len(parts) > 3 else "")


def _is_import_call(node: ast.AST) -> bool:
    """An import in disguise: by a name that is known when it is written, and not given at run time."""
    if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in {"import_module", "__import__"}
