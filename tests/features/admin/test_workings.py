"""What the house was set up with is shown to site admins, and no secret of it to anybody."""

from pathlib import Path

from overprint.engine import pauses
from overprint.engine.pauses import place_of
from overprint.settings import shown
from tests.features.accounts.conftest import Opens
from tests.features.admin.conftest import Keeping
from tests.support.house import settings_in

SECRETS = {
    "DATABASE_URL": "postgresql://app:hush-hush@db.example/o",
    "DATABASE_SYSTEM_URL": "postgresql://system:hush-hush@db.example/o",
    "DATABASE_OWNER_URL": "postgresql://owner:hush-hush@db.example/o",
    "OVERPRINT_STORAGE_ACCESS_KEY": "hush-hush",
    "OVERPRINT_STORAGE_SECRET_KEY": "hush-hush",
    "OVERPRINT_TEXT_API_KEY": "hush-hush",
    "OVERPRINT_IMAGE_API_KEY": "hush-hush",
    "OVERPRINT_SPEECH_API_KEY": "hush-hush",
    "OVERPRINT_VIDEO_API_KEY": "hush-hush",
    "OVERPRINT_SIGNING_SECRETS": "hush-hush" * 4,
    "OVERPRINT_ACCOUNTS_TOKEN_SECRETS": "hush-hush" * 4,
    "OVERPRINT_ACCOUNTS_SEALING_SECRETS": "hush-hush" * 4,
    "OVERPRINT_IDENTITY_PROVIDERS": "github",
    "OVERPRINT_IDENTITY_ISSUERS": "https://github.com",
    "OVERPRINT_IDENTITY_CLIENT_IDS": "ours",
    "OVERPRINT_IDENTITY_CLIENT_SECRETS": "hush-hush",
    "OVERPRINT_MAIL_HOST": "mail.example",
    "OVERPRINT_MAIL_USERNAME": "studio",
    "OVERPRINT_MAIL_PASSWORD": "hush-hush",
    "OVERPRINT_PAYMENTS_API_KEY": "sk_test_hush-hush",
    "OVERPRINT_PAYMENTS_WEBHOOK_SECRET": "hush-hush",
}


def test_settings_in_force_say_where_each_is_from_and_tell_no_secret(tmp_path: Path) -> None:
    (tmp_path / "overprint.toml").write_text("[worker]\nnetwork = 3\n")
    told = {each.variable: each for each in shown(settings_in(tmp_path, **SECRETS), SECRETS)}
    assert "hush" not in str(told)
    hidden = {name for name, value in SECRETS.items() if "hush" in value}
    assert {name for name, each in told.items() if each.is_secret} == hidden
    assert all(told[name].is_set and told[name].origin == "environment" for name in hidden)
    assert (told["OVERPRINT_WORKER_NETWORK"].value, told["OVERPRINT_WORKER_NETWORK"].origin) == ("3", "file")
    assert (told["OVERPRINT_WEB_PORT"].value, told["OVERPRINT_WEB_PORT"].origin) == ("8000", "default")
    assert told["OVERPRINT_DATA"].origin == "start"


async def test_the_pages_show_settings_and_who_does_what(keeping: Keeping) -> None:
    settings = (await keeping.keeper.get("/admin/settings")).text
    assert "OVERPRINT_ACCOUNTS</code>" in settings and "<code>open</code>" in settings and "not set" in settings
    listed = (await keeping.keeper.get("/api/admin/settings")).json()
    assert {"OVERPRINT_MAIL_PASSWORD", "OVERPRINT_WEB_PORT"} <= {each["variable"] for each in listed}
    providers = (await keeping.keeper.get("/admin/providers")).text
    assert "in the box" in providers and "not asked yet this month" in providers
    ports = {row["port"]: row for row in (await keeping.keeper.get("/api/admin/providers")).json()}
    assert (ports["text"]["provider"], ports["text"]["answers"], ports["text"]["paused"]) == ("embedded", 0, None)
    assert ports["storage"]["is_embedded"] and ports["storage"]["answers"] is None


async def test_a_provider_that_is_paused_says_why(open_town: Opens) -> None:
    variables = {"PROVIDER": "openai", "MODEL": "novel-1", "BASE_URL": "http://127.0.0.1:9/v1"}
    town = await open_town(**{f"OVERPRINT_TEXT_{name}": value for name, value in variables.items()})
    keeper, pool = await town.person(), town.house.database.system
    await pool.execute("UPDATE people SET is_site_admin = true")
    await pauses.begin(pool, place_of("text", town.house.ports.text.provider), "The key is refused.")
    row = next(row for row in (await keeper.get("/api/admin/providers")).json() if row["port"] == "text")
    assert (row["model"], row["place"], row["paused"]) == ("novel-1", "127.0.0.1:9", "The key is refused.")
    assert "The key is refused." in (await keeper.get("/admin/providers")).text
