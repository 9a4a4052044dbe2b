"""How connections are made, so that none waits for ever.

A statement has its time on the server. A server that cannot be reached any more says nothing, so every answer has its
time here as well; asyncpg drops a connection that does not even answer to the cancel that follows.
"""

import json
import socket
from contextlib import suppress
from typing import Any

import asyncpg

CONNECT_TIMEOUT_SECONDS = 10
STATEMENT_TIMEOUT_MS = 60_000
LOCK_TIMEOUT_MS = 10_000
ANSWER_SECONDS = STATEMENT_TIMEOUT_MS / 1000 + 5
URGENT_SECONDS = 3.0
URGENT_CONNECTIONS = 3
QUICK_CONNECTIONS = 4

_SERVER_SETTINGS = {
    "application_name": "overprint",
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "lock_timeout": str(LOCK_TIMEOUT_MS),
    "idle_in_transaction_session_timeout": "120000",
    "tcp_keepalives_idle": "30",  # seconds; locks of a machine that has vanished are not held for two hours
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",  # planning the engine's statements costs more than running them
}
_URGENT_SETTINGS = _SERVER_SETTINGS | {
    "statement_timeout": str(int(URGENT_SECONDS * 1000)),
    "lock_timeout": str(int(URGENT_SECONDS * 500)),
}

# What the kernel may do for us, where it knows the option: (name, value). Milliseconds for the last, else seconds.
_SOCKET_OPTIONS = (
    ("TCP_KEEPIDLE", 30),
    ("TCP_KEEPINTVL", 10),
    ("TCP_KEEPCNT", 3),
    ("TCP_USER_TIMEOUT", 20_000),
)


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg says no types
    """Ends by itself when the network or the server's machine is gone, even while nobody asks anything."""

    def __init__(self, protocol: Any, transport: Any, *rest: Any) -> None:
        super().__init__(protocol, transport, *rest)
        end = transport.get_extra_info("socket")
        if end is not None and end.family != getattr(socket, "AF_UNIX", None):
            _keep_alive(end)


def _keep_alive(end: Any) -> None:
    with suppress(OSError):  # a kernel without them; the time for an answer is kept all the same
        end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _SOCKET_OPTIONS:
            if hasattr(socket, name):
                end.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def connect(url: str, *, answer_seconds: float = ANSWER_SECONDS) -> asyncpg.Connection:
    """One connection outside a pool, for who listens on it or holds on to it."""
    return await asyncpg.connect(
        url,
        timeout=CONNECT_TIMEOUT_SECONDS,
        command_timeout=answer_seconds,
        server_settings=_SERVER_SETTINGS,
        connection_class=_Connection,
    )


async def open_pool(url: str, *, size: int, answer_seconds: float = ANSWER_SECONDS) -> asyncpg.Pool:
    """A pool with at least one connection; raises if there can be none."""
    return await _pool(url, (1, size), CONNECT_TIMEOUT_SECONDS, answer_seconds, _SERVER_SETTINGS)


async def open_urgent_pool(url: str) -> asyncpg.Pool:
    """A few connections, made when they are needed, for statements that must be answered within a lease's time."""
    return await _pool(url, (0, URGENT_CONNECTIONS), URGENT_SECONDS, URGENT_SECONDS, _URGENT_SETTINGS)


async def open_quick_pool(url: str, *, answer_seconds: float = ANSWER_SECONDS) -> asyncpg.Pool:
    """A few connections, made when they are needed, whose moments are in UTC when they come as text."""
    settings = _SERVER_SETTINGS | {"timezone": "UTC"}
    return await _pool(url, (0, QUICK_CONNECTIONS), CONNECT_TIMEOUT_SECONDS, answer_seconds, settings)


async def _pool(
    url: str, sizes: tuple[int, int], connect_seconds: float, answer_seconds: float, settings: dict[str, str]
) -> asyncpg.Pool:
    """``sizes``: the least and the most connections."""
    return await asyncpg.create_pool(
        url,
        min_size=sizes[0],
        max_size=sizes[1],
        timeout=connect_seconds,
        command_timeout=answer_seconds,
        server_settings=settings,
        connection_class=_Connection,
        init=_speak_json,
        reset=_keep,
    )


async def _keep(connection: asyncpg.Connection) -> None:
    """Nothing to undo: no session state is ever set on these connections, and asyncpg's own reset is a round trip."""


async def _speak_json(connection: asyncpg.Connection) -> None:
    """JSONB as SQLAlchemy has it on its connections: text in, decoded values out."""
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda text: b"\x01" + text.encode(),
        decoder=lambda data: json.loads(data[1:]),
        schema="pg_catalog",
        format="binary",
    )
