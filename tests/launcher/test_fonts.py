"""``overprint fonts install cjk`` in a checkout of its own, with the real installer.

The wheels lie in a folder, under names of their own, and hold a stand-in for each font: tried is what arrives.
"""

import hashlib
import shutil
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from overprint.craft.typesetting.fontfile import ADDED
from overprint.main.exits import Exit
from tests.launcher.test_launcher import HOME, Checkout, lay_out

VERSION = "0.1.1"


@pytest.fixture(scope="module")
def checkout(first_use: tuple[Checkout, tuple[int, str, str]], tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The real code, in a copy of a made environment that borrows this one's packages."""
    small = lay_out(tmp_path_factory.mktemp("fonts"))
    shutil.copytree(first_use[0].environment, small.environment, symlinks=True)
    shutil.copy(small.folder / "requirements" / "run.txt", small.environment)
    shutil.rmtree(small.folder / "src")
    (small.folder / "src").symlink_to(HOME / "src")
    (small.folder / "requirements" / "cjk.txt").write_text("# nothing yet\n")
    assert small.run("--version")[0] != 0  # it has no packages until they are borrowed
    borrowed = small.environment / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages" / "borrowed.pth"
    borrowed.write_text(sysconfig.get_path("purelib") + "\n")
    return small


@pytest.fixture
def wheels(checkout: Checkout, tmp_path: Path) -> Iterator[Path]:
    """A wheel for each font, pinned by its hash."""
    made = [_wheel(tmp_path, f"tried_{package}", file) for package, file, _ in ADDED.values()]
    pins = [f"{wheel.name.partition('-')[0]}=={VERSION} --hash=sha256:{_hash(wheel)}" for wheel in made]
    (checkout.folder / "requirements" / "cjk.txt").write_text("\n".join(pins) + "\n")
    yield tmp_path
    (checkout.folder / "requirements" / "cjk.txt").write_text("# nothing yet\n")


def test_a_font_that_is_not_the_pinned_one_is_not_installed(checkout: Checkout, wheels: Path) -> None:
    _wheel(wheels, "tried_pylopdf_fonts_jp", "NotoSerifJP-Regular.otf", b"another font")
    code, output, errors = checkout.run("fonts", "install", "cjk", PIP_FIND_LINKS=str(wheels))
    assert (code, output) == (Exit.UNAVAILABLE, "")
    assert "nothing half-done will be used" in errors
    assert not _fonts_of(checkout)


def test_fonts_are_installed_once_beside_what_was_there(checkout: Checkout, wheels: Path) -> None:
    code, output, errors = checkout.run("fonts", "install", "cjk", PIP_FIND_LINKS=str(wheels))
    assert code == 0, errors
    assert output.startswith("Books in Chinese, Japanese and Korean can be set now, and words of these languages")
    assert {path.name for path in _fonts_of(checkout)} == {file for _, file, _ in ADDED.values()}
    again, _, errors = checkout.run("fonts", "install", "cjk")  # nothing is fetched: there is nowhere to fetch it from
    assert (again, errors) == (0, "")


def _fonts_of(checkout: Checkout) -> list[Path]:
    return list(checkout.environment.glob("lib/python*/site-packages/tried_*/*.otf"))


def _wheel(folder: Path, package: str, file: str, content: bytes = b"a font") -> Path:
    path = folder / f"{package}-{VERSION}-py3-none-any.whl"
    about = f"{package}-{VERSION}.dist-info"
    members = {
        f"{package}/__init__.py": b"",
        f"{package}/{file}": content,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {VERSION}\n".encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as wheel:
        for name, data in members.items():
            wheel.writestr(name, data)
        wheel.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in [*members, f"{about}/RECORD"]))
    return path


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
