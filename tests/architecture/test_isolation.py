"""Tests stay on this machine: whatever tries to leave it fails at once, with a sentence that says so."""

import asyncio
import socket

import pytest


def test_a_connection_to_another_machine_is_stopped() -> None:
    with socket.socket() as outward, pytest.raises(RuntimeError, match=r"Use a server on 127\.0\.0\.1"):
        outward.connect(("192.0.2.1", 443))


def test_a_datagram_to_another_machine_is_stopped() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as outward, pytest.raises(RuntimeError, match="tried to reach"):
        outward.sendto(b"", ("192.0.2.1", 53))


def test_the_address_of_another_machine_is_not_even_asked_for() -> None:
    with pytest.raises(RuntimeError, match="asked for the address"):
        socket.getaddrinfo("models.example", 443)


async def test_a_connection_of_the_event_loop_is_stopped() -> None:
    with pytest.raises(RuntimeError, match="tried to reach"):
        await asyncio.open_connection("192.0.2.1", 443)


async def test_a_server_on_this_machine_can_be_reached() -> None:
    async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("localhost", port)
        assert await reader.read() == b""
        writer.close()
