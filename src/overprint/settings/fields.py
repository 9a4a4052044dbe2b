"""The settings themselves: their types, bounds, defaults and meaning.

The variable of a field is ``OVERPRINT_`` and its path in capitals (``storage.bucket`` is ``OVERPRINT_STORAGE_BUCKET``),
unless ``variable`` names another. Descriptions are what ``docs/settings.md`` shows.
"""

import re
from enum import StrEnum
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from overprint.settings.brand import BrandSettings
from overprint.settings.models import ImageSettings, SpeechSettings, TextSettings, VideoSettings
from overprint.settings.people import AccountsSettings, IdentitySettings, MailSettings
from overprint.settings.section import Section, named
from overprint.settings.values import (
    DatabaseUrl,
    LogLevel,
    Name,
    Origin,
    SigningSecrets,
    WebAddress,
    WebhookSecrets,
    is_loopback,
)

GIB = 1024**3


class Environment(StrEnum):
    LOCAL = "local"
    DEV = "dev"
    STAGING = "staging"
    PRODUCTION = "production"


class DatabaseSettings(Section):
    app: DatabaseUrl | None = Field(
        None,
        json_schema_extra=named("DATABASE_URL"),
        description="PostgreSQL as the *app* role, which row-level security binds. Without it: an embedded PostgreSQL.",
    )
    system: DatabaseUrl | None = Field(
        None, json_schema_extra=named("DATABASE_SYSTEM_URL"), description="The same database as the *system* role."
    )
    owner: DatabaseUrl | None = Field(
        None,
        json_schema_extra=named("DATABASE_OWNER_URL"),
        description="The same database as the *owner* role, for migrations.",
    )
    allow_embedded: bool = Field(
        False,
        json_schema_extra=named("OVERPRINT_ALLOW_EMBEDDED_DATABASE"),
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


class WorkerSettings(Section):
    cpu: int = Field(2, ge=1, le=256, description="Steps of drawing, layout and encoding at a time.")
    network: int = Field(16, ge=1, le=1000, description="Steps that wait for providers at a time.")
    gpu: int = Field(
        0, ge=0, le=64, description="Films at a time on this machine's graphics processor; 0 if it has none."
    )
    team_steps: int = Field(
        16,
        ge=1,
        le=1000,
        description="Steps of one team at a time in each class (`cpu`, `network`, `gpu`), over all workers; "
        "those begun at the same moment may go over it.",
    )


class WebSettings(Section):
    host: Name = Field(
        "127.0.0.1", description="Address to listen on; another than this machine's own needs `OVERPRINT_ACCOUNTS`."
    )
    port: int = Field(8000, ge=1, le=65_535, description="Port to listen on.")
    requests_per_minute: int = Field(
        600, ge=10, le=1_000_000, description="Requests a minute of one person or API key, where there are accounts."
    )
    address_requests_per_minute: int = Field(
        1200,
        ge=10,
        le=1_000_000,
        description="Requests a minute from one address, and how many it may have open (200 at least); counted in each "
        "process. Of a proxy on another machine, `FORWARDED_ALLOW_IPS` has to name the address, or all its requests "
        "count as one.",
    )
    public_url: WebAddress | None = Field(
        None, description="Address people use, when a proxy stands before it; links in mails lead there."
    )
    allowed_hosts: tuple[Name, ...] = Field(
        ("localhost", "127.0.0.1", "[::1]"),
        min_length=1,
        max_length=50,
        description="Host names that are answered, separated by commas.",
    )
    api_origins: tuple[Origin, ...] = Field(
        (),
        max_length=50,
        description="Other sites whose pages may call the API with a key, such as `https://shop.example`; separated by "
        "commas. Cookies of who is signed in are never taken from there.",
    )


class RetentionSettings(Section):
    history_days: int = Field(
        90, ge=1, le=36_500, description="Days that logs and events of an ended job are kept; the job itself stays."
    )
    deleted_files_hours: int = Field(
        24, ge=1, le=8_760, description="Hours after which deleted files, and what failed work left, leave the storage."
    )
    trash_days: int = Field(
        30, ge=1, le=3_650, description="Days that thrown-away works and files stay in the trash; they count as stored."
    )
    audit_years: int = Field(
        7, ge=1, le=100, description="Years that lines of the audit log are kept; older ones are cut off its front."
    )
    closed_days: int = Field(
        30, ge=1, le=3_650, description="Days after which closed teams and accounts are removed for good."
    )


class PhotoSettings(Section):
    keep_hours: int = Field(
        24, ge=1, le=720, description="Hours after which a photo of somebody is deleted; the confirmed look stays."
    )


class LogSettings(Section):
    level: LogLevel = Field("INFO", description="Least level written: `DEBUG`, `INFO`, `WARNING`, `ERROR`.")
    format: Literal["auto", "json", "human"] = Field("auto", description="`auto`: plain on a terminal, JSON elsewhere.")


class TelemetrySettings(Section):
    endpoint: WebAddress | None = Field(
        None,
        description="OpenTelemetry collector (HTTP) for traces, if any; `OTEL_EXPORTER_OTLP_ENDPOINT` is read too.",
    )


class CredentialsSettings(Section):
    enabled: bool = Field(
        True,
        description="Sign pictures, PDF, EPUB and M4B with Content Credentials; what printers get is never signed.",
    )
    certificate_file: Path | None = Field(
        None,
        description="PEM file of a certificate to sign with and those above it, for a P-256 key. Without it, a key is "
        "made in the data folder (`secrets/signing-identity.pem`); several machines need the same one.",
    )
    key_file: Path | None = Field(None, description="PEM file of that certificate's private key, without a password.")

    @model_validator(mode="after")
    def _both_or_none(self) -> "CredentialsSettings":
        if (self.certificate_file is None) != (self.key_file is None):
            raise ValueError(
                "set both OVERPRINT_CREDENTIALS_CERTIFICATE_FILE and OVERPRINT_CREDENTIALS_KEY_FILE, or neither"
            )
        return self


class PaymentsSettings(Section):
    provider: Literal["embedded", "stripe"] = Field(
        "embedded", description="Who takes the money. `embedded` is a till of our own for pretend money."
    )
    api_key: SecretStr | None = Field(
        None,
        description="Secret key of the provider; needed for `stripe`: `sk_live_…`, or `sk_test_…` for its test mode, "
        "which shares nothing with the live one.",
    )
    webhook_secrets: WebhookSecrets = Field(
        (),
        max_length=3,
        json_schema_extra=named("OVERPRINT_PAYMENTS_WEBHOOK_SECRET"),
        description="Signing secrets of the webhook, which the provider is told to send to `/api/billing/webhook`; any "
        "of them is believed. Separated by commas, so that a new one can stand beside the old one.",
    )
    base_url: WebAddress | None = Field(None, description="Another address of the provider's API, for tests.")

    @model_validator(mode="after")
    def _stripe_is_whole(self) -> "PaymentsSettings":
        if self.provider != "stripe":
            return self
        if self.api_key is None or not self.webhook_secrets:
            raise ValueError("OVERPRINT_PAYMENTS_API_KEY and OVERPRINT_PAYMENTS_WEBHOOK_SECRET are needed for stripe")
        if not re.match("(sk|rk)_(live|test)_", self.api_key.get_secret_value()):
            raise ValueError("OVERPRINT_PAYMENTS_API_KEY begins with sk_live_, sk_test_, rk_live_ or rk_test_")
        return self

    @property
    def kept_as(self) -> str:
        """The name that the provider's objects are kept under: test mode's are kept apart."""
        is_test = self.api_key is not None and self.api_key.get_secret_value().startswith(("sk_test_", "rk_test_"))
        return f"{self.provider}_test" if self.provider == "stripe" and is_test else self.provider


class Settings(Section):
    """Everything that can be set. Frozen; secrets show neither in ``repr`` nor in errors."""

    environment: Environment = Field(Environment.LOCAL, description="`local`, `dev`, `staging` or `production`.")
    data_dir: Path = Field(
        json_schema_extra=named("OVERPRINT_DATA"),
        description="Folder of the embedded database, files and secrets; one environment each.",
    )
    signing_secrets: SigningSecrets = Field(
        (),
        max_length=10,
        description="Sign links to local files; the same on every machine. The first one signs, the others are still "
        "believed; separated by commas, 32 characters or more each. Without any, one is made in the data folder.",
    )
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    text: TextSettings = TextSettings()
    image: ImageSettings = ImageSettings()
    speech: SpeechSettings = SpeechSettings()
    video: VideoSettings = VideoSettings()
    worker: WorkerSettings = WorkerSettings()
    web: WebSettings = WebSettings()
    brand: BrandSettings = BrandSettings()
    accounts: AccountsSettings = AccountsSettings()
    identity: IdentitySettings = IdentitySettings()
    mail: MailSettings = MailSettings()
    payments: PaymentsSettings = PaymentsSettings()
    retention: RetentionSettings = RetentionSettings()
    photo: PhotoSettings = PhotoSettings()
    credentials: CredentialsSettings = CredentialsSettings()
    log: LogSettings = LogSettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    @property
    def signing_secret_file(self) -> Path:
        """Where the signing secrets are when ``signing_secrets`` is empty: one a line, the first one signs."""
        return self.data_dir / "secrets" / "signing"

    @property
    def token_secret_file(self) -> Path:
        """Where the token secrets are when there are none in the settings: one a line, the first one signs."""
        return self.data_dir / "secrets" / "tokens"

    @property
    def sealing_secret_file(self) -> Path:
        """Where the sealing secrets are when there are none in the settings: one a line, the first one seals."""
        return self.data_dir / "secrets" / "sealing"

    @property
    def site_url(self) -> str:
        """The address people use, without a slash at its end."""
        host = f"[{self.web.host}]" if ":" in self.web.host else self.web.host
        return self.web.public_url or f"http://{host}:{self.web.port}"

    @property
    def signing_identity_file(self) -> Path:
        """The key and certificates that files are signed with, unless ``credentials`` names others."""
        return self.data_dir / "secrets" / "signing-identity.pem"

    @model_validator(mode="after")
    def _who_is_reached_knows_people(self) -> "Settings":
        if self.accounts.mode == "local":
            if not is_loopback(self.web.host):
                raise ValueError(
                    "OVERPRINT_WEB_HOST must be an address of this machine (127.0.0.1, ::1 or localhost) without "
                    "accounts, because whoever reaches it may do everything; set OVERPRINT_ACCOUNTS to have them"
                )
            return self
        site = urlsplit(self.site_url)
        if site.scheme != "https" and not is_loopback(site.hostname or ""):
            raise ValueError(
                "OVERPRINT_WEB_PUBLIC_URL must be the https:// address that people use when OVERPRINT_ACCOUNTS is "
                f"{self.accounts.mode}, or passwords would travel in the clear"
            )
        return self

    @model_validator(mode="after")
    def _production_has_its_database(self) -> "Settings":
        is_bare = self.database.is_embedded and not self.database.allow_embedded
        if self.environment is Environment.PRODUCTION and is_bare:
            raise ValueError(
                "production needs its own PostgreSQL: set DATABASE_URL, DATABASE_SYSTEM_URL and DATABASE_OWNER_URL, or "
                "OVERPRINT_ALLOW_EMBEDDED_DATABASE=true if the embedded one is really meant"
            )
        return self
