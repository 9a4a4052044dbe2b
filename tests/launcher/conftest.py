"""One checkout that was used for the first time, for all tests that need no environment of their own."""

import pytest

from tests.launcher.test_launcher import Checkout, lay_out


@pytest.fixture(scope="session")
def first_use(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, tuple[int, str, str]]:
    """The checkout, and how its first command ended."""
    checkout = lay_out(tmp_path_factory.mktemp("launcher"))
    return checkout, checkout.run("make", "book", "a shy fox")


@pytest.fixture
def ready(first_use: tuple[Checkout, tuple[int, str, str]]) -> Checkout:
    return first_use[0]
