"""Links that a command prints lead to where the studio really runs."""

from pathlib import Path

import pytest

from overprint.main.reaching import site_of, told
from overprint.settings import Settings, load


def settings_in(folder: Path, **variables: str) -> Settings:
    return load(folder, env=variables)


def test_links_lead_to_the_web_process_that_runs_now_and_else_where_one_would(tmp_path: Path) -> None:
    asked = settings_in(tmp_path)
    running = settings_in(tmp_path, OVERPRINT_WEB_PORT="8123")
    assert site_of(asked) == "http://127.0.0.1:8000"
    with told(running):
        assert site_of(asked) == "http://127.0.0.1:8123"
        with told(settings_in(tmp_path, OVERPRINT_WEB_PORT="8124")):
            assert site_of(asked) == "http://127.0.0.1:8123"
    assert site_of(asked) == "http://127.0.0.1:8000"
    with told(asked):
        assert site_of(running) == "http://127.0.0.1:8000"


@pytest.mark.parametrize("mode", ["open", "local"])
def test_an_address_that_was_set_is_what_people_use(tmp_path: Path, mode: str) -> None:
    public = {"OVERPRINT_WEB_PUBLIC_URL": "https://books.example.org", "OVERPRINT_ACCOUNTS": mode}
    asked = settings_in(tmp_path, **public)
    with told(settings_in(tmp_path, OVERPRINT_WEB_PORT="8123")):
        assert site_of(asked) == "https://books.example.org"
