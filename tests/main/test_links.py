"""Changing the key that signs links: old links live on until they expire, new ones have the new key."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit

import pytest

from overprint.adapters.storage.local import LocalStorage
from overprint.core.problems import Denied
from overprint.settings import Settings, load
from overprint.wiring import DatabaseAddress
from overprint.wiring.ports import storage_of
from overprint.wiring.secrets import signing_keys_of

NOW = datetime.now(UTC)
OLD, NEW = "o" * 32, "n" * 32


def storage_with(data: Path, *secrets: str) -> LocalStorage:
    return storage_in(load(data, env={"OVERPRINT_SIGNING_SECRETS": ",".join(secrets)}))


def storage_in(settings: Settings) -> LocalStorage:
    storage = storage_of(settings)
    assert isinstance(storage, LocalStorage)
    return storage


def link_of(storage: LocalStorage) -> str:
    return storage.signed_url("a/b.png", expires_at=NOW + timedelta(hours=1))


def is_believed(link: str, storage: LocalStorage, when: datetime = NOW) -> bool:
    parts = urlsplit(link)
    try:
        return storage.verify_signed(parts.path, parts.query, when).key == "a/b.png"
    except Denied:
        return False


def test_a_link_of_the_former_key_is_good_until_it_expires_and_new_ones_have_the_new_key(tmp_path: Path) -> None:
    before, both, after = (storage_with(tmp_path, *secrets) for secrets in ((OLD,), (NEW, OLD), (NEW,)))
    old_link, new_link = link_of(before), link_of(both)
    assert is_believed(old_link, both)
    assert not is_believed(old_link, both, NOW + timedelta(hours=2))
    assert is_believed(new_link, after)
    assert not is_believed(new_link, before)
    assert not is_believed(old_link, after)


def test_a_secret_believed_everywhere_first_leaves_no_machine_with_a_link_it_cannot_check(tmp_path: Path) -> None:
    slow, quick = storage_with(tmp_path, OLD, NEW), storage_with(tmp_path, NEW, OLD)
    assert is_believed(link_of(quick), slow)
    assert is_believed(link_of(slow), quick)


def test_the_secret_of_the_data_folder_is_changed_by_a_line_above_it(tmp_path: Path) -> None:
    settings = load(tmp_path, env={})
    link = link_of(storage_in(settings))
    kept = settings.signing_secret_file.read_text()
    settings.signing_secret_file.write_text(f"{NEW}\n{kept}\n")
    assert len(signing_keys_of(settings)) == 2
    assert is_believed(link, storage_in(settings))
    assert is_believed(link_of(storage_in(settings)), storage_with(tmp_path, NEW))
    assert is_believed(link, storage_with(tmp_path, NEW, kept)), "the setting takes over from the file"


def test_who_begins_at_the_same_moment_has_the_same_secret(tmp_path: Path) -> None:
    settings, together = load(tmp_path, env={}), Barrier(8)

    def begin(_: int) -> bytes:
        together.wait()
        (key,) = signing_keys_of(settings)
        return key.secret

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(begin, range(8)))) == 1
    (kept,) = settings.signing_secret_file.parent.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_neither_secrets_nor_passwords_are_shown(tmp_path: Path, secret: str) -> None:
    settings = load(tmp_path, env={"OVERPRINT_SIGNING_SECRETS": secret})
    address = DatabaseAddress(f"postgresql://app:{secret}@h/d", f"postgresql://system:{secret}@h/d")
    assert secret not in repr((settings, signing_keys_of(settings), address)) + link_of(storage_in(settings))
