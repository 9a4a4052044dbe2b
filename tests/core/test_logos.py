"""A logo can be looked at, and nothing else."""

import struct

import pytest

from overprint.core.logos import LOGO_MAX_BYTES, check_logo

PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">%s</svg>'
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + struct.pack(">I", 13)
    + b"IHDR"
    + struct.pack(">II", 64, 64)
    + b"\0" * 9
    + b"IEND\xae\x42\x60\x82"
)


def test_a_plain_drawing_and_a_picture_are_taken() -> None:
    drawn = PLAIN % '<style>.a{fill:url(#b);mask:url( "#c" )}</style><path class="a" d="M0 0h8v8z"/><use href="#c"/>'
    assert check_logo(drawn.encode()) == "image/svg+xml"
    assert check_logo(PNG) == "image/png"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<path onload="alert(1)"/>',
        "<foreignObject><p>x</p></foreignObject>",
        '<image href="https://evil.example/x.png"/>',
        '<use href="https://evil.example/x.svg#a"/>',
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="//evil.example/x#a"/>',
        '<use href="data:image/svg+xml,x"/>',
        '<path style="fill:url(//evil.example/x)"/>',
        "<path style=\"fill:url('//evil.example/x#a')\"/>",
        '<style>svg{background:image-set("//evil.example/x.png" 1x)}</style>',
        "<style>@import 'https://evil.example/x.css';</style>",
        "<style>@imp&#111;rt 'x'</style>",
        "<style>@im<!-- -->port 'x'</style>",
        "<style>a{b:u\\72l(//evil.example)}</style>",
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        '<metadata><h:script xmlns:h="http://www.w3.org/1999/xhtml"/></metadata>',
        '<a href="javascript:alert(1)"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        "<?xml-stylesheet href='https://evil.example/x.css'?>",
        "<g>" * 200 + "</g>" * 200,
        "<g/>" * 6000,
        "<g>",
    ],
)
def test_a_drawing_that_could_do_more_is_refused(hostile: str) -> None:
    with pytest.raises(ValueError, match=r"logo|SVG"):
        check_logo((PLAIN % hostile).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<html/>",
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b"<svg xmlns='http://www.w3.org/2000/svg'>" + b" " * LOGO_MAX_BYTES + b"</svg>",
        PNG[:30],
        PNG.replace(struct.pack(">II", 64, 64), struct.pack(">II", 64, 60000)),
    ],
)
def test_what_is_no_logo_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"logo"):
        check_logo(data)
