"""Files that anybody may have made: each is refused in a sentence, before it costs much."""

import hashlib
import io
import json
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from overprint.core.codec import encode
from overprint.core.problems import Invalid, LimitReached, Problem
from overprint.core.story import Brief
from overprint.features.jobs import (
    ARCHIVE_FORMAT,
    BookHeader,
    Portable,
    StepAbout,
    open_portable,
)
from overprint.features.jobs.portable.archive import PortableStream
from overprint.features.jobs.portable.archive.layout import (
    JSON_DEPTH_MAX,
    JSON_MAX_BYTES,
    MEMBERS_MAX,
    PACKED_SLACK_BYTES,
)

DATA = b"a picture"
HASH = hashlib.sha256(DATA).hexdigest()
HEADER = BookHeader(
    format=ARCHIVE_FORMAT,
    made_with="Overprint 0.1.0",
    title="The fox",
    brief=Brief("A fox"),
    steps={"plan": StepAbout("books.plan@1", "ab" * 32)},
    edits=("text/1",),
)


def _written(header: BookHeader = HEADER) -> bytes:
    stream = PortableStream(header)
    pieces = [stream.begin(), stream.add_step("plan", {"a": 1}), stream.add_edit("text/1", {"pages": []})]
    pieces += [stream.begin_file(HASH, len(DATA)), *map(stream.add_piece, (DATA[:4], DATA[4:]))]
    return b"".join([*pieces, stream.end_file(), stream.end()])


def _zipped(members: dict[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data, compress_type=compression)
    return kept.getvalue()


def _members(**changes: Any) -> dict[str | zipfile.ZipInfo, bytes]:
    """A sound book's members, with fields of its header changed."""
    return {
        "overprint.json": json.dumps({**encode(HEADER), **changes}).encode(),
        "steps/plan.json": b"{}",
        "edits/text/1.json": b"{}",
        f"files/{HASH}": DATA,
    }


def _symbolic_link() -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(f"files/{'a' * 64}")
    member.external_attr = 0o120777 << 16
    return member


def _opened(data: bytes) -> Any:
    return open_portable(io.BytesIO(data))


def _file(portable: Portable) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / HASH
        size_bytes = portable.unpack(HASH, path)
        data = path.read_bytes()
    assert len(data) == size_bytes
    return data


def test_what_is_written_is_read_again_and_the_same_book_gives_the_same_bytes() -> None:
    portable = _opened(_written())
    assert portable.header == HEADER
    assert (portable.step("plan"), portable.edit("text/1")) == ({"a": 1}, {"pages": []})
    assert portable.file_hashes == {HASH} and _file(portable) == DATA
    assert _written() == _written()


def test_any_program_can_open_it() -> None:
    with zipfile.ZipFile(io.BytesIO(_written())) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "overprint.json"
        assert archive.read(f"files/{HASH}") == DATA


def _far_away() -> bytes:
    """A member that is said to begin where no file reaches."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, data in _members().items():
            archive.writestr(name, data)
        archive.infolist()[0].header_offset = 2**63
    return kept.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no archive": lambda: b"%PDF-1.7" * 1000,
    "cut short": lambda: _written()[:-10],
    "cut in the middle": lambda: _written()[: len(_written()) // 2],
    "no header": lambda: _zipped({"steps/plan.json": b"{}"}),
    "a header that is no JSON": lambda: _zipped({**_members(), "overprint.json": b"{"}),
    "a header that is deep": lambda: _zipped({**_members(), "overprint.json": b"[" * 100_000}),
    "a member that is far away": _far_away,
    "a header with infinity": lambda: _zipped({**_members(), "overprint.json": b'{"format": 1e999}'}),
    "no format": lambda: _zipped(_members(format=None)),
    "a field that nobody knows": lambda: _zipped(_members(surprise=1)),
    "a path upwards": lambda: _zipped({**_members(), "../../etc/passwd": b"x"}),
    "a path upwards in a name": lambda: _zipped({**_members(), "steps/../../x.json": b"{}"}),
    "an absolute path": lambda: _zipped({**_members(), "/etc/passwd": b"x"}),
    "a folder": lambda: _zipped({**_members(), "files/": b""}),
    "a link": lambda: _zipped({**_members(), _symbolic_link(): b"/etc/passwd"}),
    "a step that is not told of": lambda: _zipped({**_members(), "steps/text/9.json": b"{}"}),
    "a step that is missing": lambda: _zipped({k: v for k, v in _members().items() if k != "steps/plan.json"}),
    "a strange packing": lambda: _zipped(_members(), zipfile.ZIP_LZMA),
}


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_whole_book_is_refused_in_a_sentence(made: Callable[[], bytes]) -> None:
    with pytest.raises(Invalid) as refused:
        _opened(made())
    assert refused.value.next_step
    assert len(str(refused.value)) < 400


def test_an_answer_that_is_deeper_than_any_is_refused_before_anybody_walks_through_it() -> None:
    deep = [b"[" * levels + b"]" * levels for levels in (JSON_DEPTH_MAX, JSON_DEPTH_MAX + 1)]
    assert _opened(_zipped({**_members(), "steps/plan.json": deep[0]})).step("plan")
    with pytest.raises(Invalid, match="cannot be read"):
        _opened(_zipped({**_members(), "steps/plan.json": deep[1]})).step("plan")


def test_a_newer_format_says_which_version_to_use() -> None:
    with pytest.raises(Invalid, match="has format 2; this version of Overprint reads format 1"):
        _opened(_zipped(_members(format=2, made_with="Overprint 9.0")))


def test_a_changed_byte_is_noticed_or_means_nothing() -> None:
    whole, refused, places = _written(), 0, range(0, len(_written()), 7)
    expected = _everything(whole)
    for place in places:
        data = bytearray(whole)
        data[place] ^= 0x55
        try:
            assert _everything(bytes(data)) == expected, place
        except Problem:
            refused += 1
    assert refused > len(places) // 2  # dates and sizes stand there twice


def _everything(data: bytes) -> Any:
    portable = _opened(data)
    return portable.header, portable.step("plan"), portable.edit("text/1"), _file(portable)


def test_a_file_that_is_not_what_its_name_says_is_refused() -> None:
    portable = _opened(_zipped({**_members(), f"files/{HASH}": b"another picture"}))
    with pytest.raises(Invalid, match="not what was put into it"):
        _file(portable)


def test_a_hundred_thousand_members_are_refused_without_being_listed() -> None:
    crowd = _zipped({f"files/{number:064x}": b"" for number in range(100_000)}, zipfile.ZIP_STORED)
    tracemalloc.start()
    with pytest.raises(LimitReached, match=f"more than {MEMBERS_MAX} members"):
        _opened(crowd)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 5_000_000


def test_a_bomb_is_refused_by_what_it_says_and_unpacks_no_more_than_that() -> None:
    with pytest.raises(LimitReached, match="unpacks to"):
        _opened(_zipped({**_members(), "steps/plan.json": b" " * (JSON_MAX_BYTES + 1)}))
    lying = _zipped({**_members(), "steps/plan.json": b" " * 1_000_000 + b"{}"})
    small = lying.replace((1_000_002).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert small != lying
    with pytest.raises(Invalid):
        _opened(small).step("plan")


def test_what_unpacks_to_many_times_its_size_is_refused_and_what_was_packed_again_is_not() -> None:
    big = b" " * (PACKED_SLACK_BYTES + 1_000_000)
    name = f"files/{hashlib.sha256(big).hexdigest()}"
    with pytest.raises(LimitReached, match="many times"):
        _opened(_zipped({**_members(), name: big}))
    assert _file(_opened(_zipped(_members()))) == DATA


def test_of_a_large_file_only_a_little_is_held_on_its_way_out_and_in(tmp_path: Path) -> None:
    piece, pieces = bytes(1 << 20), 24
    content_hash = hashlib.sha256(piece * pieces).hexdigest()
    tracemalloc.start()
    stream, archive = PortableStream(replace(HEADER, steps={}, edits=())), tmp_path / "archive"
    with archive.open("wb") as out:
        out.write(stream.begin() + stream.begin_file(content_hash, len(piece) * pieces))
        out.writelines(stream.add_piece(piece) for _ in range(pieces))
        out.write(stream.end_file() + stream.end())
    with archive.open("rb") as file:
        assert open_portable(file).unpack(content_hash, tmp_path / "file") == len(piece) * pieces
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 8_000_000


def test_two_members_of_one_name_are_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, data in _members().items():
            archive.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("steps/plan.json", b"[]")
    with pytest.raises(Invalid, match="two members of one name"):
        _opened(kept.getvalue())


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(_zipped(_members(), zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(Invalid, match="cannot be read"):
        _opened(bytes(data))
