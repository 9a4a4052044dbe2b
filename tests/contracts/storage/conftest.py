"""Every adapter of the ``storage`` port, each test with an empty store of its own."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from overprint.adapters.storage.links import SigningKey
from overprint.adapters.storage.local import LocalStorage
from overprint.adapters.storage.memory import MemoryStorage
from overprint.adapters.storage.s3 import S3Storage
from overprint.ports.storage import StoragePort
from tests.contracts.storage.files_server import files_server
from tests.support import s3

SIGNING_KEY = SigningKey("tests", b"a secret of at least thirty-two bytes")


@pytest.fixture(scope="session")
def s3_origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3.s3_server(tmp_path_factory.mktemp("s3")) as origin:
        yield origin


@pytest.fixture
def local(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects", [SIGNING_KEY])


@pytest.fixture(params=["local", "s3", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> StoragePort:
    if request.param == "local":
        store: StoragePort = request.getfixturevalue("local")
        return store
    if request.param == "memory":
        return MemoryStorage()
    origin = request.getfixturevalue("s3_origin")
    return S3Storage(s3.config(origin, prefix=f"tests/{secrets.token_hex(8)}"), tmp_path / "scratch")


@dataclass(frozen=True, slots=True)
class Served:
    """A store, and the origin that its relative links are served from."""

    storage: StoragePort
    origin: str


@pytest.fixture
def served(storage: StoragePort) -> Iterator[Served]:
    """S3 serves its links itself; the links of the others get a small server that asks ``verify_signed``."""
    if isinstance(storage, LocalStorage | MemoryStorage):
        with files_server(storage) as origin:
            yield Served(storage, origin)
    else:
        yield Served(storage, "")
