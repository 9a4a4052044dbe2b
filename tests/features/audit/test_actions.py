"""What the audit log's actions are called: each that anything records has words, and no other."""

import ast
import re
from pathlib import Path

import overprint
from overprint.features.audit.web.actions import ACTIONS, WAYS

ROOMS = Path(overprint.__file__).parent / "features"
SUBJECTS = {action.partition(".")[0] for action in ACTIONS}
# What is put together: of a work by its kind, of a payment by how its dispute stands.
PUT_TOGETHER = {
    *(f"{kind}.{done}" for kind in ("book", "video") for done in ("deleted", "discarded", "moved", "restored")),
    *(f"payment.dispute_{standing}" for standing in ("open", "won", "lost")),
}

# What reads so and is something else: events, and columns of tables.
ELSEWHERE = {
    *(f"job.{event}" for event in ("completed", "failed", "progress")),
    *(f"step.{event}" for event in ("completed", "progress", "reused", "started")),
    *(f"settings.{column}" for column in ("default_role", "invite_domains")),
}


def _recorded() -> set[str]:
    """Every string of a service that reads as an action."""
    found = set()
    for path in ROOMS.rglob("*.py"):
        if "web" in path.parts or path.name in ("web.py", "room.py", "pipeline.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
                subject, _, done = node.value.partition(".")
                if subject in SUBJECTS and re.fullmatch(r"[a-z_]+[a-z]", done):
                    found.add(node.value)
    return found - ELSEWHERE


def test_whatever_is_recorded_is_told_in_words() -> None:
    assert _recorded() | PUT_TOGETHER == ACTIONS.keys()


def test_no_two_actions_and_no_two_ways_are_called_the_same() -> None:
    for words in (ACTIONS, WAYS):
        assert len(set(words.values())) == len(words)
