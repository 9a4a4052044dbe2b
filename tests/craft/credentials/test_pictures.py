"""Pictures: signed, read, changed, stripped, forged."""

import dataclasses
import http.server
import io
import struct
import threading
import zlib

import pytest
from PIL import Image

from overprint.core.problems import Invalid
from overprint.craft.credentials import Credentials, Facts, Source, State, Statement, told
from overprint.craft.credentials.reading import read
from overprint.craft.credentials.signing import sign
from tests.craft.credentials.conftest import KINDS, NOW, STATEMENT, flipped, picture, pixels

PNG = "image/png"
every_kind = pytest.mark.parametrize("media_type", sorted(KINDS))


@every_kind
def test_a_signed_picture_looks_the_same_and_says_how_it_was_made(media_type: str, identity: bytes) -> None:
    plain = picture(media_type)
    signed = sign(plain, media_type, STATEMENT, identity)
    assert pixels(signed) == pixels(plain)
    assert len(signed) - len(plain) < 5000
    found = _read(signed, media_type, identity)
    assert (found.state, found.ours, found.codes, found.parts) == (State.INTACT, True, (), ())
    facts = found.facts
    assert (facts.title, facts.author, facts.source) == (STATEMENT.title, STATEMENT.author, "algorithmicMedia")
    assert (facts.recipe, facts.provider, facts.model) == (STATEMENT.recipe, "embedded", "illustrator")
    assert facts.generator.startswith("Overprint ") and facts.made_at == NOW.strftime("%Y-%m-%dT%H:%M:%SZ")


@every_kind
def test_a_changed_pixel_shows(media_type: str, identity: bytes) -> None:
    plain = picture(media_type)
    signed = sign(plain, media_type, STATEMENT, identity)
    found = _read(flipped(signed, signed.index(plain[-100:-50])), media_type, identity)
    assert found.state is State.CHANGED
    assert "changed after it was signed" in told(found)[0]


def test_bytes_after_the_end_show(identity: bytes) -> None:
    signed = sign(picture(PNG), PNG, STATEMENT, identity)
    assert _read(signed + b"more", PNG, identity).state is State.CHANGED


@every_kind
def test_a_picture_saved_again_has_no_credentials(media_type: str, identity: bytes) -> None:
    saved = io.BytesIO()
    with Image.open(io.BytesIO(sign(picture(media_type), media_type, STATEMENT, identity))) as image:
        image.save(saved, KINDS[media_type])
    assert read(saved.getvalue(), media_type, identity) is None
    assert "no Content Credentials" in told(None)[0]


def test_without_its_credentials_a_png_is_what_it_was(identity: bytes) -> None:
    signed = sign(picture(PNG), PNG, STATEMENT, identity)
    start = signed.index(b"caBX") - 4
    size = struct.unpack_from(">I", signed, start)[0]
    stripped = signed[:start] + signed[start + 12 + size :]
    assert stripped == picture(PNG)
    assert read(stripped, PNG, identity) is None


def test_the_statement_names_the_bytes_that_were_signed(identity: bytes) -> None:
    once, twice = (_read(sign(picture(PNG), PNG, STATEMENT, identity), PNG, identity) for _ in range(2))
    other = _read(sign(picture(PNG, "red"), PNG, STATEMENT, identity), PNG, identity)
    assert once.facts.content_sha256 == twice.facts.content_sha256 != other.facts.content_sha256


def test_credentials_of_another_picture_do_not_fit(identity: bytes) -> None:
    one, other = (sign(picture(PNG, colour), PNG, STATEMENT, identity) for colour in ("teal", "red"))
    start = one.index(b"caBX") - 4
    size = struct.unpack_from(">I", one, start)[0] + 12
    end = other.index(b"caBX") - 4 + struct.unpack_from(">I", other, other.index(b"caBX") - 4)[0] + 12
    forged = other[:start] + one[start : start + size] + other[end:]
    assert _read(forged, PNG, identity).state is State.CHANGED


def test_no_flipped_bit_is_believed(identity: bytes) -> None:
    signed = sign(picture(PNG), PNG, STATEMENT, identity)
    honest = _read(signed, PNG, identity)
    for place in range(0, len(signed), 53):
        try:
            found = read(flipped(signed, place), PNG, identity)
        except Invalid:
            continue
        # Padding is signed by nobody; a flip there leaves every word as it was.
        if found is not None and found.state is State.INTACT:
            assert found == honest
        elif found is not None:
            assert told(found)[0] != told(honest)[0]


def test_a_stranger_is_told_by_the_key_not_by_the_name(identity: bytes, stranger: bytes) -> None:
    found = _read(sign(picture(PNG), PNG, STATEMENT, stranger), PNG, identity)
    assert found.state is State.INTACT and not found.ours
    assert "nobody we know vouches" in told(found)[1]
    ours = _read(sign(picture(PNG), PNG, STATEMENT, identity), PNG, identity)
    assert "this installation's own key; nobody outside vouches for it" in told(ours)[1]


def test_without_our_identity_nothing_is_ours(identity: bytes) -> None:
    found = read(sign(picture(PNG), PNG, STATEMENT, identity), PNG)
    assert found is not None and found.state is State.INTACT and not found.ours


def test_a_picture_that_came_with_credentials_keeps_them(identity: bytes, stranger: bytes) -> None:
    hosted = Statement("As drawn", Source.MODEL, provider="somebody", model="a-model")
    came = sign(picture(PNG), PNG, hosted, stranger)
    mine = dataclasses.replace(STATEMENT, source=Source.MODEL)
    found = _read(sign(came, PNG, mine, identity), PNG, identity)
    assert found.state is State.INTACT and found.ours
    assert found.facts.source == "trainedAlgorithmicMedia"
    assert [(part.title, part.provider, part.model) for part in found.parts] == [("As drawn", "somebody", "a-model")]


def test_nobody_is_named_unless_asked_for(identity: bytes) -> None:
    signed = sign(picture(PNG), PNG, Statement("A fox", Source.PROCEDURE), identity)
    found = _read(signed, PNG, identity)
    assert found.facts == Facts(
        "A fox", found.facts.generator, "algorithmicMedia", "Overprint", content_sha256=found.facts.content_sha256
    )
    assert b"creator" not in signed


def test_words_of_a_statement_cannot_steer_a_terminal(identity: bytes) -> None:
    hostile = dataclasses.replace(STATEMENT, title="Fox\x1b[2J\n\x00\ud800" + "x" * 5000, author="\x07Ada\r\n")
    found = _read(sign(picture(PNG), PNG, hostile, identity), PNG, identity)
    assert found.facts.title.startswith("Fox [2J") and len(found.facts.title) == 300
    assert found.facts.author == "Ada"
    assert all(line.isprintable() for line in told(found))


def test_a_title_keeps_its_script(identity: bytes) -> None:
    persian = dataclasses.replace(STATEMENT, title="می\u200cخواهم بخوابم", author="漢字 🦊")
    facts = _read(sign(picture(PNG), PNG, persian, identity), PNG, identity).facts
    assert (facts.title, facts.author) == (persian.title, persian.author)


def test_credentials_kept_elsewhere_are_not_fetched(identity: bytes) -> None:
    asked: list[str] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        linked = _with_link(picture(PNG), f"http://127.0.0.1:{server.server_port}/credentials.c2pa")
        assert read(linked, PNG, identity) is None
        server.shutdown()
    assert asked == []


@pytest.mark.parametrize("data", [b"", b"hello", picture(PNG)[:300], picture("image/jpeg")])
def test_what_is_no_png_is_refused(data: bytes, identity: bytes) -> None:
    with pytest.raises(Invalid):
        sign(data, PNG, STATEMENT, identity)
    with pytest.raises(Invalid):
        read(data, PNG, identity)


def test_other_files_are_refused_by_name(identity: bytes) -> None:
    for refused in (lambda: sign(b"x", "audio/mp4", STATEMENT, identity), lambda: read(b"x", "audio/mp4")):
        with pytest.raises(Invalid, match="audio/mp4"):
            refused()


def _read(data: bytes, media_type: str, identity: bytes) -> Credentials:
    found = read(data, media_type, identity)
    assert found is not None
    return found


def _with_link(png: bytes, address: str) -> bytes:
    """``png`` with XMP that says where its credentials are."""
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{address}"/>'
        "</rdf:RDF></x:xmpmeta>"
    )
    body = b"iTXt" + b"XML:com.adobe.xmp\0\0\0\0\0" + xmp.encode()
    return png[:33] + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + png[33:]
