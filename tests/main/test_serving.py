"""What is refused before anything is served, and what watches over those who serve."""

import asyncio
import resource
import sys
from pathlib import Path

import pytest

from overprint.core.problems import Invalid, Unavailable
from overprint.main.exits import Exit
from overprint.main.serving import OPEN_FILES_MAX, _port_free, _supervise, allow_connections
from tests.support.command_line import free_port


@pytest.mark.parametrize("port", [-1, 0, 65_536, 99_999])
def test_a_port_that_does_not_exist_is_refused_in_words(port: int) -> None:
    with pytest.raises(Invalid, match=f"no port {port}"), _port_free("127.0.0.1", port):
        pass


def test_a_port_that_is_free_is_left_free() -> None:
    port = free_port()
    for _ in range(2):
        with _port_free("127.0.0.1", port):
            pass


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(Unavailable, match="cannot be used"), _port_free("192.0.2.1", free_port()):
        pass


async def test_a_child_that_cannot_be_begun_is_begun_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "python"
    monkeypatch.setattr(sys, "executable", str(program))
    said = ""
    async with asyncio.timeout(30):
        supervising = asyncio.create_task(_supervise(["web"], asyncio.Event(), asyncio.Event()))
        while "beginning again" not in said:
            assert not supervising.done()
            await asyncio.sleep(0.01)
            said += capsys.readouterr().err
        ready = tmp_path / "ready"
        ready.write_text(f"#!/bin/sh\nexit {Exit.USAGE:d}\n")
        ready.chmod(0o700)
        ready.rename(program)
        assert await supervising == Exit.USAGE
    assert "web could not begin (No such file or directory)" in said


def test_web_may_hold_more_watchers_than_a_usual_shell_lets_it() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1024), hard))
        allow_connections()
        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert allowed == (OPEN_FILES_MAX if hard < 0 else min(hard, OPEN_FILES_MAX))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
