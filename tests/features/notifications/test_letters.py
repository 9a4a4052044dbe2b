"""The mails of notifications, as they were last seen: in English, and one in German."""

from pathlib import Path

import pytest

from overprint.features.accounts.service.letters import Letters
from overprint.features.notifications.room import LETTERS
from overprint.features.notifications.rules import Notice

SEEN = Path(__file__).parent / "letters"
JOB, BOOK = "/jobs/0199-a", "The Fox & <i> the Moon"
# By name: the notice, the language, where it leads and of what it tells.
LETTERS_SEEN = {
    "work_finished": (Notice.FINISHED, "en", JOB, BOOK),
    "work_finished_german": (Notice.FINISHED, "de", JOB, BOOK),
    "work_failed": (Notice.FAILED, "en", JOB, BOOK),
    "work_failed_untitled": (Notice.FAILED, "en", JOB, ""),
    "credits_low": (Notice.LOW, "en", "/billing", BOOK),
}


def written(name: str) -> dict[str, str]:
    kind, language, link, title = LETTERS_SEEN[name]
    told = {"name": "Mira <b> Okafor", "team": "Fox & <i> Co", "title": title}
    mail = Letters("https://books.example.org", (LETTERS,)).write(
        kind, "mira@example.org", language=language, link=link, **told
    )
    return {"txt": f"Subject: {mail.subject}\n\n{mail.text}", "html": mail.html + "\n"}


@pytest.mark.parametrize("name", LETTERS_SEEN)
def test_a_letter_looks_as_it_was_last_seen(name: str) -> None:
    """After a change that is meant: python -m tests.features.notifications.letters"""
    for form, content in written(name).items():
        assert content == (SEEN / f"{name}.{form}").read_text(encoding="utf-8")
        assert form == "txt" or ("<b>" not in content and "<i>" not in content)


def test_every_kind_of_notice_has_its_letter() -> None:
    assert (
        {kind for kind, *_ in LETTERS_SEEN.values()} == set(Notice) == {path.stem for path in LETTERS.glob("*.jinja")}
    )
