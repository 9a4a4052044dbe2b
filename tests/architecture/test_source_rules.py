"""The house rules hold in the real code, and each of them catches what it is there to catch."""

from pathlib import Path

import pytest

from tests.architecture import source_rules as rules

SRC = Path(__file__).parents[2] / "src"

BREACHES: list[tuple[rules.Rule, str, str]] = [
    (rules.rooms_are_entered_by_the_front_door, "features/books/service.py", "import overprint.features.jobs.service"),
    (rules.rooms_are_entered_by_the_front_door, "features/books/web.py", "from overprint.features.jobs import service"),
    (rules.rooms_are_entered_by_the_front_door, "features/books/store.py", "from ..jobs.store import find_job"),
    (rules.rooms_are_entered_by_the_front_door, "main/doctor.py", "from overprint.features.jobs import room"),
    (rules.rooms_are_entered_by_the_front_door, "wiring.py", "from overprint.features.jobs import service"),
    (
        rules.a_room_does_not_use_its_own_front_door,
        "features/jobs/store.py",
        "from overprint.features.jobs import submit",
    ),
    (rules.a_room_does_not_use_its_own_front_door, "features/jobs/rules.py", "import overprint.features.jobs"),
    (rules.core_needs_only_the_standard_library, "core/scene.py", "import numpy as np"),
    (rules.core_needs_only_the_standard_library, "core/scene.py", "from overprint.ports.image import ImageRequest"),
    (rules.imports_stand_at_the_top, "steps/speak.py", "def speak():\n    import wave"),
    (rules.imports_stand_at_the_top, "craft/drawing/drawing.py", "def draw():\n    import cv2"),
    (rules.imports_stand_at_the_top, "features/jobs/api.py", "def router():\n    from fastapi import APIRouter"),
    (rules.imports_stand_at_the_top, "steps/speak.py", "async def speak():\n    from os import path"),
    (rules.imports_stand_at_the_top, "steps/speak.py", "def speak():\n    importlib.import_module('wave')"),
    (rules.modules_say_what_they_hold, "craft/utils.py", ""),
    (rules.modules_say_what_they_hold, "craft/helpers/__init__.py", ""),
    (rules.classes_are_named_from_the_field, "engine/leases.py", "class LeaseManager: ..."),
    (rules.classes_are_named_from_the_field, "engine/leases.py", "class ImageBase: ..."),
    (rules.files_stay_short, "core/scene.py", "#\n" * (rules.LINES_AT_MOST + 1)),
    (rules.rooms_never_end_a_transaction, "features/books/service.py", "async def f(s):\n    await s.commit()"),
    (rules.rooms_never_end_a_transaction, "features/books/store.py", "def f(session):\n    session.rollback()"),
    (rules.rooms_bound_the_forms_they_read, "features/books/web.py", "async def f(request):\n    await request.form()"),
]

ALLOWED = {
    "features/jobs/__init__.py": "from overprint.features.jobs.service import submit",
    "features/jobs/service.py": "from overprint.features.jobs import store\nfrom . import rules\n",
    "features/jobs/store.py": "",
    "features/jobs/rules.py": "",
    "features/jobs/room.py": "def room():\n    from overprint.features.jobs.api import router\n    return router",
    "features/jobs/api.py": "",
    "craft/drawing/child.py": "def draw_bytes(payload):\n    import cv2",
    "features/books/service.py": "from overprint.features.jobs import submit\nfrom overprint.features import jobs",
    "wiring.py": "def jobs():\n    from overprint.features.jobs import room\n    return room",
    "main/jobs.py": "def list_jobs():\n    from overprint.features import jobs\n    return jobs",
    "core/scene.py": "import dataclasses\nfrom overprint.core import ids\n",
    "core/ids.py": "\n" * rules.LINES_AT_MOST,
    "steps/speak.py": "def speak(name):\n    return importlib.import_module(name)",
    "engine/runner.py": "class Runner:\n    async def end(self, session):\n        await session.commit()",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small package in which every rule holds."""
    for name, text in ALLOWED.items():
        write(tmp_path, name, text)
    return tmp_path


def write(src: Path, name: str, text: str) -> None:
    path = src / "overprint" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds_in_the_real_code(rule: rules.Rule) -> None:
    assert rule(SRC) == []


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_rule_allows_what_it_should(rule: rules.Rule, house: Path) -> None:
    assert rule(house) == []


@pytest.mark.parametrize(("rule", "name", "text"), BREACHES)
def test_the_rule_catches_a_breach(rule: rules.Rule, name: str, text: str, house: Path) -> None:
    write(house, name, text)
    (breach,) = rule(house)
    assert str(house / "overprint" / name) in breach


def test_every_rule_is_broken_somewhere_in_this_file() -> None:
    assert {rule for rule, _name, _text in BREACHES} == set(rules.RULES)
