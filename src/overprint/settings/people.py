"""The settings of people: whom the house lets in, who vouches for them, and how mail reaches them."""

from typing import Literal

from pydantic import Field, SecretStr, model_validator

from overprint.settings.section import Section, named
from overprint.settings.values import ClientSecret, Issuer, MailSender, Name, ProviderName, SigningSecrets, is_loopback


class AccountsSettings(Section):
    mode: Literal["local", "open", "invited"] = Field(
        "local",
        json_schema_extra=named("OVERPRINT_ACCOUNTS"),
        description="`local`: no accounts, whoever sits at this machine may do everything. `open`: anybody may "
        "register, and try it as a guest first. `invited`: who was invited may register.",
    )
    token_secrets: SigningSecrets = Field(
        (),
        max_length=10,
        description="Sign what shows who is signed in; the same on every machine. The first one signs, the others are "
        "still believed; separated by commas, 32 characters or more each. Without any, one is made in the data folder.",
    )
    sealing_secrets: SigningSecrets = Field(
        (),
        max_length=10,
        description="Seal what apps compute second factors from; the same on every machine. The first one seals, the "
        "others still open; separated by commas, 32 characters or more each. Without any, one is made in the data "
        "folder. Whoever loses them leaves people with their recovery codes and passkeys.",
    )
    sharing: bool = Field(
        True,
        json_schema_extra=named("OVERPRINT_SHARING"),
        description="Makers may share finished works by a link that anybody may open. Off: links lead nowhere.",
    )
    admin_second_factor: bool = Field(
        True,
        json_schema_extra=named("OVERPRINT_ADMIN_SECOND_FACTOR"),
        description="Site admins do what only they may after a second factor or a passkey; who has none yet is led to "
        "set one up.",
    )


class IdentitySettings(Section):
    providers: tuple[ProviderName, ...] = Field(
        (),
        max_length=10,
        description="Whom people may sign in with, by names of your choice, separated by commas. `github` speaks as "
        "GitHub does, all others as OpenID providers do (Google, Keycloak, Auth0, Clerk, Supabase and the like).",
    )
    issuers: tuple[Issuer, ...] = Field(
        (),
        max_length=10,
        description="Their addresses in the same order, such as `https://accounts.google.com` or `https://github.com`.",
    )
    client_ids: tuple[Name, ...] = Field((), max_length=10, description="Our ids there, in the same order.")
    client_secrets: tuple[ClientSecret, ...] = Field(
        (), max_length=10, description="Our secrets there, in the same order. They are never shown."
    )

    @model_validator(mode="after")
    def _each_is_whole(self) -> "IdentitySettings":
        if len(set(self.providers)) != len(self.providers):
            raise ValueError("OVERPRINT_IDENTITY_PROVIDERS holds the same name twice")
        if len({len(self.providers), len(self.issuers), len(self.client_ids), len(self.client_secrets)}) > 1:
            raise ValueError(
                "OVERPRINT_IDENTITY_ISSUERS, OVERPRINT_IDENTITY_CLIENT_IDS and OVERPRINT_IDENTITY_CLIENT_SECRETS need "
                "one value for each of OVERPRINT_IDENTITY_PROVIDERS, in the same order"
            )
        return self


class MailSettings(Section):
    provider: Literal["embedded", "smtp"] = Field(
        "embedded", description="Who delivers mail. `embedded` keeps it for site admins to read at `/admin/mail`."
    )
    host: Name | None = Field(None, description="Host of the mail server; needed for `smtp`.")
    port: int = Field(587, ge=1, le=65_535, description="Port of the mail server.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="`starttls`, `tls` from the first byte (port 465), or `none` inside one machine."
    )
    username: Name | None = Field(None, description="Who signs in at the mail server, if it asks.")
    password: SecretStr | None = Field(None, description="Their password.")
    sender: MailSender = Field("Overprint <overprint@localhost>", description="Whom mails come from.")
    timeout_seconds: int = Field(30, ge=1, le=300, description="Longest wait for an answer of the mail server.")

    @model_validator(mode="after")
    def _smtp_is_whole(self) -> "MailSettings":
        if self.provider == "smtp" and self.host is None:
            raise ValueError("OVERPRINT_MAIL_HOST is needed when OVERPRINT_MAIL_PROVIDER is smtp")
        if (self.username is None) != (self.password is None):
            raise ValueError("set both OVERPRINT_MAIL_USERNAME and OVERPRINT_MAIL_PASSWORD, or neither")
        if self.security == "none" and self.password is not None and not is_loopback(self.host or ""):
            raise ValueError("OVERPRINT_MAIL_SECURITY none would send the password in the clear; use starttls or tls")
        return self
