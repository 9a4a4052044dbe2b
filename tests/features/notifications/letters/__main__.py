"""Writes down what the letters look like now."""

from tests.features.notifications.test_letters import LETTERS_SEEN, SEEN, written

for name in LETTERS_SEEN:
    for form, content in written(name).items():
        (SEEN / f"{name}.{form}").write_text(content, encoding="utf-8")
