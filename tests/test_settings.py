"""Settings: where they come from, what wins, and what is refused in which words."""

import ast
import os
import stat
import subprocess
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest

from overprint.core.problems import Conflict, Invalid
from overprint.settings import Environment, Settings, claim_data_dir, load, settings_table
from overprint.settings.catalogue import entries
from overprint.settings.table import refreshed

SOURCE = Path(__file__).parents[1] / "src" / "overprint"
PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
DATABASE = {
    "DATABASE_URL": "postgresql://app:hush-hush@db/overprint",
    "DATABASE_SYSTEM_URL": "postgresql://system:hush-hush@db/overprint",
    "DATABASE_OWNER_URL": "postgresql://owner:hush-hush@db/overprint",
}


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path)}


def refusal(env: Mapping[str, str], data_dir: Path | None = None) -> str:
    with pytest.raises(Invalid) as caught:
        load(data_dir, env)
    assert "hush-hush" not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


def test_without_any_setting_everything_is_embedded(home: dict[str, str], tmp_path: Path) -> None:
    settings = load(env=home)
    assert settings.environment is Environment.LOCAL
    assert settings.data_dir == tmp_path / ".local/share/overprint"
    assert settings.signing_secret_file == settings.data_dir / "secrets/signing"
    assert settings.database.is_embedded
    assert settings.storage.kind == "local"
    providers = {settings.text.provider, settings.image.provider, settings.speech.provider}
    assert providers == {"embedded"}
    assert settings.storage.quota_bytes == 20 * 1024**3
    assert settings.worker.team_steps == 16
    assert not settings.data_dir.exists()


def test_the_environment_wins_over_the_file_and_the_argument_over_both(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "overprint.toml").write_text(
        '[web]\nport = 9000\nallowed_hosts = ["a.example"]\n[log]\nlevel = "ERROR"\n'
    )
    env = home | {"OVERPRINT_WEB_PORT": "9001", "OVERPRINT_DATA": "/elsewhere", "OVERPRINT_LOG_LEVEL": "debug"}
    settings = load(tmp_path, env)
    assert settings.data_dir == tmp_path
    assert settings.web.port == 9001
    assert settings.web.allowed_hosts == ("a.example",)
    assert settings.log.level == "DEBUG"


def test_a_named_file_may_set_everything(home: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "any.toml"
    file.write_text(f'environment = "staging"\ndata_dir = "{tmp_path}/data"\n[worker]\ncpu = 4\n')
    settings = load(env=home | {"OVERPRINT_CONFIG": str(file)})
    assert (settings.environment, settings.data_dir, settings.worker.cpu) == ("staging", tmp_path / "data", 4)


def test_lists_numbers_and_truths_are_read_from_text(home: dict[str, str]) -> None:
    env = {"OVERPRINT_WEB_ALLOWED_HOSTS": "a.example, b.example,", "OVERPRINT_STORAGE_PATH_STYLE": "false"}
    settings = load(env=home | env | {"OVERPRINT_TEXT_MODEL": "  ", "OVERPRINT_STORAGE_QUOTA_BYTES": "5"})
    assert settings.web.allowed_hosts == ("a.example", "b.example")
    assert not settings.storage.path_style
    assert settings.text.model is None
    assert settings.storage.quota_bytes == 5


def test_every_setting_can_be_given_by_its_variable(home: dict[str, str], tmp_path: Path) -> None:
    given = DATABASE | {
        "OVERPRINT_ENVIRONMENT": "production",
        "OVERPRINT_DATA": str(tmp_path),
        "OVERPRINT_SIGNING_SECRETS": "hush-hush" * 4,
        "OVERPRINT_ALLOW_EMBEDDED_DATABASE": "yes",
        "OVERPRINT_STORAGE_KIND": "s3",
        "OVERPRINT_STORAGE_ENDPOINT": "https://objects.example",
        "OVERPRINT_STORAGE_REGION": "north",
        "OVERPRINT_STORAGE_BUCKET": "books",
        "OVERPRINT_STORAGE_PREFIX": "a/",
        "OVERPRINT_STORAGE_ACCESS_KEY": "hush-hush",
        "OVERPRINT_STORAGE_SECRET_KEY": "hush-hush",
        "OVERPRINT_STORAGE_PATH_STYLE": "0",
        "OVERPRINT_STORAGE_QUOTA_BYTES": "1",
        "OVERPRINT_TEXT_PROVIDER": "openai",
        "OVERPRINT_TEXT_BASE_URL": "http://127.0.0.1:11434/v1/",
        "OVERPRINT_TEXT_MODEL": "qwen3",
        "OVERPRINT_TEXT_API_KEY": "hush-hush",
        "OVERPRINT_TEXT_STRUCTURED": "object",
        "OVERPRINT_TEXT_CALLS_PER_SECOND": "0.5",
        "OVERPRINT_TEXT_CALLS_AT_ONCE": "1",
        "OVERPRINT_IMAGE_CALLS_PER_SECOND": "0.5",
        "OVERPRINT_IMAGE_CALLS_AT_ONCE": "1",
        "OVERPRINT_TEXT_TIMEOUT_SECONDS": "60",
        "OVERPRINT_TEXT_MAX_OUTPUT_TOKENS": "8000",
        "OVERPRINT_TEXT_TEMPERATURE": "0.7",
        "OVERPRINT_TEXT_INPUT_DOLLARS_PER_MILLION": "0.15",
        "OVERPRINT_TEXT_OUTPUT_DOLLARS_PER_MILLION": "2",
        "OVERPRINT_IMAGE_TIMEOUT_SECONDS": "60",
        "OVERPRINT_IMAGE_SIZES": "512x512",
        "OVERPRINT_IMAGE_QUALITY": "high",
        "OVERPRINT_IMAGE_OUTPUT_FORMAT": "jpeg",
        "OVERPRINT_IMAGE_REFERENCES": "0",
        "OVERPRINT_IMAGE_DOLLARS_PER_PICTURE": "0.04",
        "OVERPRINT_IMAGE_PROVIDER": "openai",
        "OVERPRINT_IMAGE_BASE_URL": "https://images.example",
        "OVERPRINT_IMAGE_MODEL": "painter",
        "OVERPRINT_IMAGE_API_KEY": "hush-hush",
        "OVERPRINT_SPEECH_PROVIDER": "elevenlabs",
        "OVERPRINT_SPEECH_BASE_URL": "https://voices.example",
        "OVERPRINT_SPEECH_MODEL": "speaker",
        "OVERPRINT_SPEECH_API_KEY": "hush-hush",
        "OVERPRINT_SPEECH_TIMEOUT_SECONDS": "60",
        "OVERPRINT_SPEECH_VOICES": "JBFqnCBsd6RMkjVDRZzb, onyx:low",
        "OVERPRINT_SPEECH_DOLLARS_PER_MILLION_CHARACTERS": "15",
        "OVERPRINT_SPEECH_CALLS_PER_SECOND": "0.5",
        "OVERPRINT_SPEECH_CALLS_AT_ONCE": "1",
        "OVERPRINT_VIDEO_PROVIDER": "fal",
        "OVERPRINT_VIDEO_BASE_URL": "https://films.example",
        "OVERPRINT_VIDEO_MODEL": "fal-ai/pika/v2.2/image-to-video",
        "OVERPRINT_VIDEO_API_KEY": "hush-hush",
        "OVERPRINT_VIDEO_TIMEOUT_SECONDS": "600",
        "OVERPRINT_VIDEO_SECONDS": "5, 8",
        "OVERPRINT_VIDEO_RESOLUTION": "1080p",
        "OVERPRINT_VIDEO_DOLLARS_PER_SECOND": "0.09",
        "OVERPRINT_VIDEO_CALLS_PER_SECOND": "0.5",
        "OVERPRINT_VIDEO_CALLS_AT_ONCE": "2",
        "OVERPRINT_WORKER_CPU": "1",
        "OVERPRINT_WORKER_NETWORK": "2",
        "OVERPRINT_WORKER_GPU": "1",
        "OVERPRINT_WORKER_TEAM_STEPS": "3",
        "OVERPRINT_WEB_HOST": "::1",
        "OVERPRINT_WEB_PORT": "1",
        "OVERPRINT_WEB_PUBLIC_URL": "https://books.example",
        "OVERPRINT_WEB_ALLOWED_HOSTS": "books.example",
        "OVERPRINT_WEB_API_ORIGINS": "https://shop.example",
        "OVERPRINT_WEB_REQUESTS_PER_MINUTE": "100",
        "OVERPRINT_WEB_ADDRESS_REQUESTS_PER_MINUTE": "200",
        "OVERPRINT_ACCOUNTS": "open",
        "OVERPRINT_SHARING": "no",
        "OVERPRINT_ACCOUNTS_TOKEN_SECRETS": "hush-hush" * 4,
        "OVERPRINT_ACCOUNTS_SEALING_SECRETS": "hush-hush" * 4,
        "OVERPRINT_ADMIN_SECOND_FACTOR": "false",
        "OVERPRINT_IDENTITY_PROVIDERS": "work",
        "OVERPRINT_IDENTITY_ISSUERS": "https://login.example",
        "OVERPRINT_IDENTITY_CLIENT_IDS": "overprint",
        "OVERPRINT_IDENTITY_CLIENT_SECRETS": "hush-hush",
        "OVERPRINT_MAIL_PROVIDER": "smtp",
        "OVERPRINT_BRAND_NAME": "Papermoon",
        "OVERPRINT_BRAND_LOGO": "/etc/overprint/logo.svg",
        "OVERPRINT_BRAND_COLOUR": "#0b6e4f",
        "OVERPRINT_MAIL_HOST": "mail.example",
        "OVERPRINT_MAIL_PORT": "465",
        "OVERPRINT_MAIL_SECURITY": "tls",
        "OVERPRINT_MAIL_USERNAME": "studio",
        "OVERPRINT_MAIL_PASSWORD": "hush-hush",
        "OVERPRINT_MAIL_SENDER": "Studio <studio@books.example>",
        "OVERPRINT_MAIL_TIMEOUT_SECONDS": "5",
        "OVERPRINT_PAYMENTS_PROVIDER": "stripe",
        "OVERPRINT_PAYMENTS_API_KEY": "sk_test_hush-hush",
        "OVERPRINT_PAYMENTS_WEBHOOK_SECRET": "hush-hush",
        "OVERPRINT_PAYMENTS_BASE_URL": "https://stripe.example",
        "OVERPRINT_RETENTION_HISTORY_DAYS": "7",
        "OVERPRINT_RETENTION_DELETED_FILES_HOURS": "2",
        "OVERPRINT_RETENTION_TRASH_DAYS": "20",
        "OVERPRINT_RETENTION_AUDIT_YEARS": "10",
        "OVERPRINT_RETENTION_CLOSED_DAYS": "40",
        "OVERPRINT_PHOTO_KEEP_HOURS": "48",
        "OVERPRINT_CREDENTIALS_ENABLED": "false",
        "OVERPRINT_CREDENTIALS_CERTIFICATE_FILE": "/etc/overprint/certificates.pem",
        "OVERPRINT_CREDENTIALS_KEY_FILE": "/etc/overprint/key.pem",
        "OVERPRINT_LOG_LEVEL": "ERROR",
        "OVERPRINT_LOG_FORMAT": "json",
        "OVERPRINT_TELEMETRY_ENDPOINT": "http://127.0.0.1:4318",
    }
    assert set(given) == {entry.variable for entry in entries()}
    plain, settings = load(env=home), load(env=home | given)
    for entry in entries():
        before, after = plain, settings
        for name in entry.path:
            before, after = getattr(before, name), getattr(after, name)
        assert after != before, f"{entry.variable} changed nothing"
    assert "hush-hush" not in repr(settings)
    assert "hush-hush" not in str(settings.model_dump())
    assert settings.text.base_url == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"OVERPRINT_WEB_PROT": "1"}, "Did you mean OVERPRINT_WEB_PORT?"),
        ({"OVERPRINT_TEXT_APIKEY": "hush-hush"}, "Did you mean OVERPRINT_TEXT_API_KEY?"),
        ({"OVERPRINT_IMAGE_SIZES": "1024x1024,big"}, "width x height in pixels"),
        ({"OVERPRINT_IMAGE_QUALITY": "<b>"}, "OVERPRINT_IMAGE_QUALITY cannot be used"),
        ({"OVERPRINT_IMAGE_DOLLARS_PER_PICTURE": "-1"}, "OVERPRINT_IMAGE_DOLLARS_PER_PICTURE cannot be used"),
        ({"OVERPRINT_TEXT_INPUT_DOLLARS_PER_MILLION": "1"}, "or neither"),
        ({"OVERPRINT_TEXT_INPUT_DOLLARS_PER_MILLION": "NaN"}, "_INPUT_DOLLARS_PER_MILLION cannot be used"),
        ({"OVERPRINT_ZZZ": "1"}, "There is no setting OVERPRINT_ZZZ. All settings"),
        ({"OVERPRINT_WEB_PORT": "hush-hush"}, "OVERPRINT_WEB_PORT cannot be used"),
        ({"OVERPRINT_WEB_PORT": "70000"}, "65535"),
        ({"OVERPRINT_WEB_API_ORIGINS": "https://shop.example/cart"}, "nothing behind"),
        ({"OVERPRINT_WEB_HOST": "0.0.0.0"}, "127.0.0.1, ::1 or localhost"),
        ({"OVERPRINT_WEB_HOST": "books.example"}, "whoever reaches it may do everything"),
        ({"OVERPRINT_WEB_ALLOWED_HOSTS": ","}, "OVERPRINT_WEB_ALLOWED_HOSTS"),
        ({"OVERPRINT_ENVIRONMENT": "prod"}, "local, dev, staging, production"),
        ({"DATABASE_URL": DATABASE["DATABASE_URL"]}, "DATABASE_SYSTEM_URL and DATABASE_OWNER_URL must be set too"),
        (
            DATABASE | {"DATABASE_URL": "sqlite:///hush-hush"},
            "DATABASE_URL cannot be used: it must look like postgresql:",
        ),
        ({"OVERPRINT_ENVIRONMENT": "production"}, "OVERPRINT_ALLOW_EMBEDDED_DATABASE=true"),
        ({"OVERPRINT_STORAGE_KIND": "s3"}, "OVERPRINT_STORAGE_BUCKET is needed"),
        ({"OVERPRINT_CREDENTIALS_KEY_FILE": "key.pem"}, "OVERPRINT_CREDENTIALS_CERTIFICATE_FILE"),
        ({"OVERPRINT_STORAGE_ACCESS_KEY": "hush-hush"}, "or neither"),
        ({"OVERPRINT_TEXT_PROVIDER": "openai"}, "OVERPRINT_TEXT_MODEL is needed"),
        ({"OVERPRINT_TEXT_PROVIDER": "anthropic", "OVERPRINT_TEXT_MODEL": "m"}, "needs OVERPRINT_TEXT_API_KEY"),
        ({"OVERPRINT_VIDEO_PROVIDER": "runway", "OVERPRINT_VIDEO_MODEL": "m"}, "needs OVERPRINT_VIDEO_API_KEY"),
        ({"OVERPRINT_VIDEO_RESOLUTION": "720p"}, "RESOLUTION is for fal"),
        ({"OVERPRINT_IMAGE_BASE_URL": "https://u:hush-hush@host"}, "no user name or password"),
        ({"OVERPRINT_IMAGE_BASE_URL": "ftp://host"}, "http:// or https://"),
        ({"OVERPRINT_SIGNING_SECRETS": "hush-hush"}, "OVERPRINT_SIGNING_SECRETS cannot be used"),
        ({"OVERPRINT_SIGNING_SECRETS": "hush-hush" * 4 + ",hush-hush"}, "32 to 500 characters"),
        ({"OVERPRINT_SIGNING_SECRETS": ",".join(["hush-hush" * 4] * 2)}, "the same secret twice"),
        ({"OVERPRINT_SIGNING_SECRETS": ",".join(f"hush-hush-{n:032}" for n in range(11))}, "at most 10"),
        ({"OVERPRINT_IDENTITY_PROVIDERS": "google"}, "one value for each of OVERPRINT_IDENTITY_PROVIDERS"),
        ({"OVERPRINT_IDENTITY_CLIENT_SECRETS": "hush-hush"}, "one value for each of OVERPRINT_IDENTITY_PROVIDERS"),
        ({"OVERPRINT_IDENTITY_PROVIDERS": "a,a"}, "the same name twice"),
        ({"OVERPRINT_IDENTITY_PROVIDERS": "My Own"}, "small letters, digits and hyphens"),
        ({"OVERPRINT_IDENTITY_ISSUERS": "http://login.example"}, "an issuer is an https:// address"),
        ({"OVERPRINT_IDENTITY_ISSUERS": "https://u:hush-hush@login.example"}, "an issuer is an https:// address"),
        ({"OVERPRINT_IDENTITY_CLIENT_SECRETS": "hush-h\u00fcsh"}, "copy it again"),
        ({"OVERPRINT_CONFIG": "/nowhere/at/all.toml"}, "cannot be read"),
        ({"OVERPRINT_DATA": "a\0b"}, "data folder's name"),
        ({"OVERPRINT_WORKER_CPU": "many", "OVERPRINT_LOG_FORMAT": "odd"}, "OVERPRINT_LOG_FORMAT"),
    ],
)
def test_what_cannot_be_used_is_named_and_never_shown(env: dict[str, str], words: str, home: dict[str, str]) -> None:
    assert words in refusal(home | env)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[storage]\nbuket = 'x'", "Did you mean storage.bucket?"),
        (b"[nothing]\na = 1", "There is no setting 'nothing'"),
        (b"storage = 5", "'storage' in the file must be a table"),
        (b"[text]\napi_key = 'hush-hush", "is not sound TOML"),
        (b"\xff\xfe", "is not sound TOML"),
        (b"#" * 1_000_001, "larger than"),
        (b"data_dir = '/x'", "cannot set data_dir"),
    ],
)
def test_a_bad_file_is_refused_in_plain_words(content: bytes, words: str, home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "overprint.toml").write_bytes(content)
    assert words in refusal(home | {"OVERPRINT_STORAGE_REGION": "north"}, tmp_path)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("postgresql://r:hush-hush@db/o", "postgresql://r:hush-hush@db/o"),
        ("postgres://r:hush-hush@db:5433/o", "postgresql://r:hush-hush@db:5433/o"),
        ("PostgreSQL+asyncpg://r@db/o", "postgresql://r@db/o"),
        ("postgresql+asyncpg://r@db/o?ssl=require", "postgresql://r@db/o?sslmode=require"),
        (
            "postgres://r@db/o?sslmode=verify-full&sslrootcert=/a",
            "postgresql://r@db/o?sslmode=verify-full&sslrootcert=%2Fa",
        ),
        ("postgresql://r:x@/o?host=/run/postgresql", "postgresql://r:x@/o?host=%2Frun%2Fpostgresql"),
        ("postgresql://r:x@%2Frun%2Fpostgresql/o", "postgresql://r:x@%2Frun%2Fpostgresql/o"),
        ("postgresql://r:%40%2F%23@[::1]:1,other:2/o", "postgresql://r:%40%2F%23@[::1]:1,other:2/o"),
    ],
)
def test_a_database_is_named_in_any_usual_form_and_kept_in_one(written: str, taken: str, home: dict[str, str]) -> None:
    database = load(env=home | dict.fromkeys(DATABASE, written)).database
    kept = [database.app, database.system, database.owner]
    assert [url.get_secret_value() for url in kept if url] == [taken] * 3


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("hush-hush", "it must look like"),
        ("mysql://r:hush-hush@db/o", "postgres:// and postgresql+asyncpg:// are taken too"),
        ("postgresql+psycopg://r:hush-hush@db/o", "postgres:// and postgresql+asyncpg:// are taken too"),
        ("postgresql://r:hush-hush@db", "it must look like"),
        ("postgresql://:hush-hush@db/o", "it must name the role"),
        ("postgresql://db/o", "it must name the role"),
        *((f"postgresql://r:hush{sign}hush-hush@db/o", "written as %2F") for sign in "/?#@["),
        ("postgresql://r:[hush-hush]@db/o", "written as %2F"),
        ("postgresql://r:x@db:hush-hush/o", "written as %2F"),
        ("postgresql://r:x@db/o?channel_binding=hush-hush", "there is no parameter channel_binding"),
        ("postgresql://r:x@db/o?hush-hush=1", "there is no parameter of an odd name"),
        ("postgresql://r:x@db/o?hush-hush", "it must look like"),
        (f"postgresql://r:{'hush-hush' * 300}@db/o", "more than 2000 characters"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_without_its_password(
    written: str, words: str, home: dict[str, str]
) -> None:
    said = refusal(home | DATABASE | {"DATABASE_SYSTEM_URL": written})
    assert said.startswith("DATABASE_SYSTEM_URL cannot be used: ")
    assert words in said


def test_a_file_in_the_default_folder_cannot_move_to_another_environment(home: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / ".local/share/overprint"
    folder.mkdir(parents=True)
    (folder / "overprint.toml").write_text('environment = "staging"')
    assert "cannot set environment" in refusal(home)
    assert load(folder, home).environment is Environment.STAGING


def test_each_environment_has_its_own_folder(home: dict[str, str]) -> None:
    env = home | {"OVERPRINT_ALLOW_EMBEDDED_DATABASE": "true", "XDG_DATA_HOME": "/data"}
    folders = [load(env=env | {"OVERPRINT_ENVIRONMENT": name}).data_dir for name in Environment]
    names = ["overprint", "overprint-dev", "overprint-staging", "overprint-production"]
    assert folders == [Path("/data") / name for name in names]
    assert load(env=home | {"XDG_DATA_HOME": "not/absolute"}).data_dir == Path(home["HOME"], ".local/share/overprint")


def test_a_folder_that_one_environment_claimed_is_refused_by_the_others(home: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    staging = load(folder, home | {"OVERPRINT_ENVIRONMENT": "staging"})
    dev = load(folder, home | {"OVERPRINT_ENVIRONMENT": "dev"})
    claim_data_dir(staging)
    claim_data_dir(staging)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [entry.name for entry in folder.iterdir()] == ["ENVIRONMENT"]
    with pytest.raises(Conflict, match="belongs to the environment 'staging'"):
        claim_data_dir(dev)
    with pytest.raises(Conflict, match="OVERPRINT_DATA"):
        load(folder, home)
    assert load(folder, home | {"OVERPRINT_ENVIRONMENT": "staging"}) == staging


def test_the_collector_of_the_open_telemetry_variable_is_used_unless_ours_is_set(home: dict[str, str]) -> None:
    env = home | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://one:4318"}
    assert load(env=env).telemetry.endpoint == "http://one:4318"
    assert load(env=env | {"OVERPRINT_TELEMETRY_ENDPOINT": "http://two:4318"}).telemetry.endpoint == "http://two:4318"


@pytest.mark.parametrize(("mode", "name"), [("live", "stripe"), ("test", "stripe_test")])
def test_a_key_of_stripe_says_its_mode_and_the_modes_share_nothing(mode: str, name: str, home: dict[str, str]) -> None:
    stripe = {"PROVIDER": "stripe", "API_KEY": f"sk_{mode}_x", "WEBHOOK_SECRET": "whsec_new, whsec_old"}
    settings = load(env=home | {f"OVERPRINT_PAYMENTS_{key}": value for key, value in stripe.items()})
    assert settings.payments.kept_as == name
    assert [secret.get_secret_value() for secret in settings.payments.webhook_secrets] == ["whsec_new", "whsec_old"]


def test_settings_cannot_be_changed_afterwards(home: dict[str, str]) -> None:
    settings: Settings = load(env=home)
    with pytest.raises(ValueError, match="frozen"):
        settings.web.port = 1  # type: ignore[misc]


def test_the_page_on_settings_says_what_the_code_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == refreshed(page), "Run: python -m overprint.settings docs/settings.md"
    assert all(f"`{entry.variable}`" in page for entry in entries())
    assert all(entry.field.description for entry in entries())


def _read_by_who_has_the_settings() -> set[str]:
    """Every attribute that is read in a file, outside the settings' own, which has them or a house that has."""
    files = [file for file in SOURCE.rglob("*.py") if file.parent.name != "settings"]
    given = ("from overprint.settings", "house.settings")
    texts = [text for file in files if any(word in (text := file.read_text(encoding="utf-8")) for word in given)]
    return {node.attr for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}


def test_every_setting_is_read_by_somebody() -> None:
    # The last one only permits another, so the settings themselves read it.
    read = _read_by_who_has_the_settings() | {"allow_embedded"}
    assert [entry.variable for entry in entries() if entry.path[-1] not in read] == []


def test_the_table_can_be_printed() -> None:
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "overprint.settings"]
    answer = subprocess.run(command, env=paths, capture_output=True, text=True, check=True, timeout=30)
    assert answer.stdout == settings_table()
