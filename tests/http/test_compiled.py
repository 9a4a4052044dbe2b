"""Templates are compiled once, not once a process."""

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from overprint.http.compiled import CompiledTemplates

TEMPLATE = "page.html"


class NeverCompiles(Environment):
    """Of a process in which nothing has to be compiled."""

    def compile(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a template was compiled again")


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    (tmp_path / TEMPLATE).write_text("Hello {{ name }}")
    return tmp_path


def said(
    templates: Path, kept: Path, kind: type[Environment] = Environment, *, made_by: str = "us", keeps: bool = True
) -> str:
    """What a page says in a process that has just begun."""
    compiled = CompiledTemplates(made_by, kept, keeps=keeps)
    environment = kind(loader=FileSystemLoader(templates), bytecode_cache=compiled)
    return environment.get_template(TEMPLATE).render(name="fox")


def test_what_one_process_compiled_the_next_one_need_not(templates: Path) -> None:
    assert said(templates, templates / "kept") == "Hello fox"
    assert said(templates, templates / "kept", NeverCompiles) == "Hello fox"


def test_a_template_that_has_changed_is_compiled_again(templates: Path) -> None:
    said(templates, templates / "kept")
    (templates / TEMPLATE).write_text("Good night {{ name }}")
    assert said(templates, templates / "kept") == "Good night fox"
    assert said(templates, templates / "kept", NeverCompiles) == "Good night fox"


def test_another_compiler_compiles_all_again(templates: Path) -> None:
    said(templates, templates / "kept")
    with pytest.raises(AssertionError, match="compiled again"):
        said(templates, templates / "kept", NeverCompiles, made_by="others")
    said(templates, templates / "kept", made_by="others")
    assert len(list((templates / "kept").iterdir())) == 1


@pytest.mark.parametrize("length", [0, 10, 40, 100])
def test_a_damaged_file_is_passed_over(templates: Path, length: int) -> None:
    said(templates, templates / "kept")
    (file,) = (templates / "kept").iterdir()
    file.write_bytes(file.read_bytes()[:length])
    assert said(templates, templates / "kept") == "Hello fox"


def test_where_nothing_can_be_written_pages_come_all_the_same(templates: Path) -> None:
    assert said(templates, templates / TEMPLATE / "no folder") == "Hello fox"


def test_who_wants_nothing_kept_has_nothing_written(templates: Path) -> None:
    assert said(templates, templates / "kept", keeps=False) == "Hello fox"
    assert not (templates / "kept").exists()
