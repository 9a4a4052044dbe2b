"""From where somebody comes, as far as limits count it."""

import pytest

from overprint.core.principal import Visitor, is_near, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_who_has_a_whole_network_counts_as_one(address: str, network: str) -> None:
    assert network_of(address) == Visitor(address).network == network


def test_near_is_this_machine_and_what_the_net_does_not_reach() -> None:
    near = ["127.0.0.1", "::1", "10.0.0.7", "172.17.0.1", "192.168.1.2", "fd00::1", "::ffff:10.0.0.7", "fe80::1%eth0"]
    assert [address for address in near if not is_near(address)] == []
    far = ["8.8.8.8", "2a00:1450::1", "::ffff:8.8.8.8", "", "unix", "10.0.0.7.example.org"]
    assert [address for address in far if is_near(address)] == []
