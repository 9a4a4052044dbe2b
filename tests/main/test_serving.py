"""What is refused before anything is served."""

import pytest

from overprint.core.problems import Invalid, Unavailable
from overprint.main.serving import _port_free
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
