"""From where somebody comes, as far as limits count it."""

import pytest

from overprint.core.principal import Visitor, network_of


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
