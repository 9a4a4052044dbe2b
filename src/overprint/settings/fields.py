"""The settings themselves: their types, bounds, defaults and meaning.

The variable of a field is ``OVERPRINT_`` and its path in capitals (``storage.bucket`` is ``OVERPRINT_STORAGE_BUCKET``),
unless ``variable`` names another. Descriptions are what ``docs/settings.md`` shows.
"""

import ipaddress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

GIB = 1024**3


class Environment(StrEnum):
    LOCAL = "local"
    DEV = "dev"
    STAGING = "staging"
    PRODUCTION = "production"


class Section(BaseModel):
    """A group of settings: a table in the file, a part of the variable's name. Never shows what it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


def _check_web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it must be an address that begins with http:// or https://")
    if parts.username or parts.password:
        raise ValueError("it must hold no user name or password; there are settings for keys")
    return value.rstrip("/")


def _check_database_url(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in ("postgresql", "postgres", "postgresql+asyncpg") or not parts.path.strip("/"):
        raise ValueError("it must look like postgresql://user:password@host:5432/database")
    return value


def _check_loopback(value: str) -> str:
    try:
        is_loopback = value == "localhost" or ipaddress.ip_address(value).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise ValueError(
            "until Overprint has accounts, whoever reaches it may do everything, so it must be an address of this "
            "machine: 127.0.0.1, ::1 or localhost"
        )
    return value


WebAddress = Annotated[str, AfterValidator(_check_web_address), Field(max_length=500)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_check_database_url)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda text: str(text).upper())]
Name = Annotated[str, Field(min_length=1, max_length=200)]


def _named(variable: str) -> dict[str, Any]:
    return {"variable": variable}


def _check_provider(
    section: str, provider: str, model: str | None, api_key: SecretStr | None, base_url: str | None
) -> None:
    if provider == "embedded":
        return
    if model is None:
        raise ValueError(f"OVERPRINT_{section}_MODEL is needed when OVERPRINT_{section}_PROVIDER is {provider}")
    if api_key is None and base_url is None:
        raise ValueError(
            f"{provider} needs OVERPRINT_{section}_API_KEY, or OVERPRINT_{section}_BASE_URL for an own server"
        )


class DatabaseSettings(Section):
    app: DatabaseUrl | None = Field(
        None,
        json_schema_extra=_named("DATABASE_URL"),
        description="PostgreSQL as the *app* role, which row-level security binds. Without it: an embedded PostgreSQL.",
    )
    system: DatabaseUrl | None = Field(
        None, json_schema_extra=_named("DATABASE_SYSTEM_URL"), description="The same database as the *system* role."
    )
    owner: DatabaseUrl | None = Field(
        None,
        json_schema_extra=_named("DATABASE_OWNER_URL"),
        description="The same database as the *owner* role, for migrations.",
    )
    allow_embedded: bool = Field(
        False,
        json_schema_extra=_named("OVERPRINT_ALLOW_EMBEDDED_DATABASE"),
        description="Lets `production` run on the embedded PostgreSQL.",
    )

    @property
    def is_embedded(self) -> bool:
        return self.app is None

    @model_validator(mode="after")
    def _all_or_none(self) -> "DatabaseSettings":
        urls = {"DATABASE_URL": self.app, "DATABASE_SYSTEM_URL": self.system, "DATABASE_OWNER_URL": self.owner}
        missing = [name for name, url in urls.items() if url is None]
        if missing and len(missing) < len(urls):
            raise ValueError(f"{' and '.join(missing)} must be set too; set all three or none")
        return self


class StorageSettings(Section):
    kind: Literal["local", "s3"] = Field("local", description="Where files are kept: the data folder, or an S3 store.")
    endpoint: WebAddress | None = Field(None, description="Address of the S3 store; empty for Amazon's own.")
    region: Name = Field("us-east-1", description="Region of the bucket.")
    bucket: Name | None = Field(None, description="Bucket; needed for `s3`.")
    prefix: str = Field("", max_length=200, description="Put before every key in the bucket.")
    access_key: SecretStr | None = Field(None, description="Access key of the S3 store.")
    secret_key: SecretStr | None = Field(None, description="Secret key of the S3 store.")
    path_style: bool = Field(True, description="Bucket in the path instead of the host name; most own stores need it.")
    quota_bytes: int = Field(20 * GIB, ge=0, description="Bytes a team may keep.")

    @model_validator(mode="after")
    def _s3_is_whole(self) -> "StorageSettings":
        if self.kind == "s3" and self.bucket is None:
            raise ValueError("OVERPRINT_STORAGE_BUCKET is needed when OVERPRINT_STORAGE_KIND is s3")
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("set both OVERPRINT_STORAGE_ACCESS_KEY and OVERPRINT_STORAGE_SECRET_KEY, or neither")
        return self


class TextSettings(Section):
    provider: Literal["embedded", "openai", "anthropic"] = Field(
        "embedded", description="Who writes. `openai` is any server that speaks its protocol (Groq, Ollama, vLLM, …)."
    )
    base_url: WebAddress | None = Field(None, description="Address of the provider; empty for the vendor's own.")
    model: Name | None = Field(None, description="Model to ask; needed unless embedded.")
    api_key: SecretStr | None = Field(None, description="Key of the provider; not needed with an own address.")
    structured: Literal["auto", "schema", "object", "prompt"] = Field(
        "auto", description="How answers of a given form are asked for; `auto` chooses by the model."
    )

    @model_validator(mode="after")
    def _provider_is_whole(self) -> "TextSettings":
        _check_provider("TEXT", self.provider, self.model, self.api_key, self.base_url)
        return self


class ImageSettings(Section):
    provider: Literal["embedded", "openai"] = Field(
        "embedded", description="Who draws. `openai` is any server that speaks its images protocol."
    )
    base_url: WebAddress | None = Field(None, description="Address of the provider; empty for the vendor's own.")
    model: Name | None = Field(None, description="Model to ask; needed unless embedded.")
    api_key: SecretStr | None = Field(None, description="Key of the provider; not needed with an own address.")

    @model_validator(mode="after")
    def _provider_is_whole(self) -> "ImageSettings":
        _check_provider("IMAGE", self.provider, self.model, self.api_key, self.base_url)
        return self


class WorkerSettings(Section):
    cpu: int = Field(2, ge=1, le=256, description="Steps of drawing, layout and encoding at a time.")
    network: int = Field(16, ge=1, le=1000, description="Steps that wait for providers at a time.")
    team_steps: int = Field(16, ge=1, le=1000, description="Steps of one team at a time, over all workers.")


class WebSettings(Section):
    host: Annotated[str, AfterValidator(_check_loopback)] = Field(
        "127.0.0.1", description="Address to listen on; only this machine's own until there are accounts."
    )
    port: int = Field(8000, ge=1, le=65_535, description="Port to listen on.")
    public_url: WebAddress | None = Field(None, description="Address people use, when a proxy stands before it.")
    allowed_hosts: tuple[Name, ...] = Field(
        ("localhost", "127.0.0.1", "[::1]"),
        min_length=1,
        max_length=50,
        description="Host names that are answered, separated by commas.",
    )


class LogSettings(Section):
    level: LogLevel = Field("INFO", description="Least level written: `DEBUG`, `INFO`, `WARNING`, `ERROR`.")
    format: Literal["auto", "json", "human"] = Field("auto", description="`auto`: plain on a terminal, JSON elsewhere.")


class TelemetrySettings(Section):
    endpoint: WebAddress | None = Field(
        None,
        description="OpenTelemetry collector (HTTP) for traces, if any; `OTEL_EXPORTER_OTLP_ENDPOINT` is read too.",
    )


class Settings(Section):
    """Everything that can be set. Frozen; secrets show neither in ``repr`` nor in errors."""

    environment: Environment = Field(Environment.LOCAL, description="`local`, `dev`, `staging` or `production`.")
    data_dir: Path = Field(
        json_schema_extra=_named("OVERPRINT_DATA"),
        description="Folder of the embedded database, files and secrets; one environment each.",
    )
    signing_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="Signs links; the same on every machine. Without it, one is made in the data folder.",
    )
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    text: TextSettings = TextSettings()
    image: ImageSettings = ImageSettings()
    worker: WorkerSettings = WorkerSettings()
    web: WebSettings = WebSettings()
    log: LogSettings = LogSettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    @property
    def signing_secret_file(self) -> Path:
        """Where the signing secret is when ``signing_secret`` is not set."""
        return self.data_dir / "secrets" / "signing"

    @model_validator(mode="after")
    def _production_has_its_database(self) -> "Settings":
        is_bare = self.database.is_embedded and not self.database.allow_embedded
        if self.environment is Environment.PRODUCTION and is_bare:
            raise ValueError(
                "production needs its own PostgreSQL: set DATABASE_URL, DATABASE_SYSTEM_URL and DATABASE_OWNER_URL, or "
                "OVERPRINT_ALLOW_EMBEDDED_DATABASE=true if the embedded one is really meant"
            )
        return self
