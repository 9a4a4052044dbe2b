"""What a setting may be: types with their checks, whose messages say what would be right."""

import ipaddress
import re
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from overprint.core.accents import accent_of
from overprint.settings.database_url import normal_database_url


def _check_web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it must be an address that begins with http:// or https://")
    if parts.username or parts.password:
        raise ValueError("it must hold no user name or password; there are settings for keys")
    return value.rstrip("/")


def _check_origin(value: str) -> str:
    parts = urlsplit(value)
    if f"{parts.scheme}://{parts.netloc}" != value.lower() or parts.scheme not in ("http", "https") or "@" in value:
        raise ValueError("it must be a scheme and a host, such as https://shop.example, with nothing behind")
    return value.lower()


def _normal_database_url(value: SecretStr) -> SecretStr:
    return SecretStr(normal_database_url(value.get_secret_value()))


_SECRET_LEAST, _SECRET_MOST = 32, 500


def _check_secrets(value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if len({secret.get_secret_value() for secret in value}) != len(value):
        raise ValueError("it holds the same secret twice")
    if any(not _SECRET_LEAST <= len(secret.get_secret_value()) <= _SECRET_MOST for secret in value):
        raise ValueError(f"each secret needs {_SECRET_LEAST} to {_SECRET_MOST} characters")
    return value


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _check_mail_address(value: str) -> str:
    if not re.fullmatch(r"[^\s<>@]{1,64}@[^\s<>@]{1,190}|[^<>\r\n]{1,80} <[^\s<>@]{1,64}@[^\s<>@]{1,190}>", value):
        raise ValueError("it must look like studio@example.org or Studio <studio@example.org>")
    return value


def _check_brand_colour(value: str) -> str:
    accent_of(value)
    return value.lower()


def _check_brand_name(value: str) -> str:
    if not value.isprintable() or set(value) & set('<>"'):
        raise ValueError("it must be plain words, without < > and quotation marks")
    return value


def _check_provider_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", value):
        raise ValueError("a name has 1 to 30 small letters, digits and hyphens, such as google")
    return value


def _check_issuer(value: str) -> str:
    parts = urlsplit(value)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not is_safe or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("an issuer is an https:// address, such as https://accounts.google.com")
    return value.rstrip("/")


def _check_client_secret(value: SecretStr) -> SecretStr:
    if not (value.get_secret_value().isascii() and value.get_secret_value().isprintable()):
        raise ValueError("it has characters that no secret has; copy it again from the provider")
    return value


def _check_picture_size(value: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{1,3}x[1-9][0-9]{1,3}", value):
        raise ValueError("it must be width x height in pixels, such as 1536x1024")
    return value


def _check_voice(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}(:(low|middle|high))?", value):
        raise ValueError("it must be the provider's name of a voice, and may end in :low, :middle or :high")
    return value


BrandColour = Annotated[str, AfterValidator(_check_brand_colour)]
BrandName = Annotated[str, AfterValidator(_check_brand_name), Field(min_length=1, max_length=40)]
Origin = Annotated[str, AfterValidator(_check_origin)]
MailSender = Annotated[str, AfterValidator(_check_mail_address)]
WebAddress = Annotated[str, AfterValidator(_check_web_address), Field(max_length=500)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_normal_database_url)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda text: str(text).upper())]
Name = Annotated[str, Field(min_length=1, max_length=200)]
PictureSize = Annotated[str, AfterValidator(_check_picture_size)]
VoiceName = Annotated[str, AfterValidator(_check_voice)]
ProviderName = Annotated[str, AfterValidator(_check_provider_name)]
Issuer = Annotated[str, AfterValidator(_check_issuer), Field(max_length=500)]
ClientSecret = Annotated[SecretStr, AfterValidator(_check_client_secret), Field(min_length=1, max_length=1000)]
Dollars = Annotated[Decimal, Field(ge=0, le=10_000, allow_inf_nan=False)]
SigningSecrets = Annotated[tuple[SecretStr, ...], AfterValidator(_check_secrets)]
WebhookSecrets = tuple[Annotated[SecretStr, Field(min_length=1, max_length=500)], ...]
ClipSeconds = Annotated[int, Field(ge=1, le=60)]
CallsPerSecond = Annotated[float, Field(gt=0, le=10_000)]
CallsAtOnce = Annotated[int, Field(ge=1, le=1000)]
