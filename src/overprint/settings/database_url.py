"""Addresses of databases: what people write, in the one form that the driver takes. No message shows a part of one."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")
EXAMPLE = "postgresql://role:password@host:5432/database"
PARAMETERS = frozenset(
    {
        *("host", "port", "passfile", "password", "service", "target_session_attrs", "krbsrvname", "gsslib"),
        *("sslmode", "sslnegotiation", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword"),
        *("ssl_min_protocol_version", "ssl_max_protocol_version", "options", "application_name"),
    }
)
URL_MAX_CHARACTERS = 2000
_UNSOUND = f"it must look like {EXAMPLE}, with / ? # @ [ in a password written as %2F %3F %23 %40 %5B"
_HOST = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\[\]:]*)(:[0-9]{1,5})?")
_NAME = re.compile(r"[A-Za-z_]{1,40}")


def normal_database_url(text: str) -> str:
    """``text`` as ``postgresql://…``, its parameters kept. Raises ``ValueError`` with a message fit to be shown.

    A parameter that neither the driver nor PostgreSQL knows is refused here, because the server's own refusal would
    come late and name no setting. SQLAlchemy's ``ssl`` is libpq's ``sslmode``.
    """
    if len(text) > URL_MAX_CHARACTERS:
        raise ValueError(f"it has more than {URL_MAX_CHARACTERS} characters")
    scheme, found, rest = text.partition("://")
    if not found or scheme.lower() not in SCHEMES:
        raise ValueError(f"it must look like {EXAMPLE}; postgres:// and postgresql+asyncpg:// are taken too")
    try:
        parts = urlsplit(f"postgresql://{rest}")
        query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise ValueError(_UNSOUND) from None
    login, _, hosts = parts.netloc.rpartition("@")
    has_hosts = all(_HOST.fullmatch(host) for host in hosts.split(","))
    if parts.fragment or "@" in login + parts.path or not has_hosts or not parts.path.strip("/"):
        raise ValueError(_UNSOUND)
    if not login.partition(":")[0]:
        raise ValueError(f"it must name the role that connects, as in {EXAMPLE}")
    named = [("sslmode" if name == "ssl" else name, value) for name, value in query]
    _refuse_unknown(name for name, _ in named)
    return parts._replace(query=urlencode(named)).geturl()


def _refuse_unknown(names: Iterable[str]) -> None:
    unknown = [name for name in names if name not in PARAMETERS]
    if not unknown:
        return
    shown = unknown[0] if _NAME.fullmatch(unknown[0]) else "of an odd name"
    raise ValueError(f"there is no parameter {shown}; take it out, or look at docs/settings.md for those there are")
