"""A real OpenID provider process (oidc-provider, from npm), and somebody who signs in at its page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from tests.support.node_server import Process, next_line, node_server

CLIENT_ID, CLIENT_SECRET = "overprint-tests", "a secret: of tests & others"
_HOPS_MAX = 12


@dataclass
class OidcServer:
    """``issuer`` is its address."""

    issuer: str
    process: Process

    def rotate(self) -> None:
        """From now on another key signs, and the old one is forgotten."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"rotate\n")
        self.process.stdin.flush()
        assert next_line(self.process) == b"rotated\n"

    def sign_in(self, url: str, name: str, back_url: str) -> dict[str, str]:
        """What the browser of somebody called ``name`` comes back with, after they said yes to what is asked."""
        with httpx.Client(timeout=20) as browser:
            answer = browser.get(url)
            for _ in range(_HOPS_MAX):
                where = answer.headers.get("location", "")
                if where.startswith(back_url):
                    return dict(httpx.URL(where).params)
                if where:
                    answer = browser.get(httpx.URL(url).join(where))
                    continue
                form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
                assert form, answer.text
                asks = "login" if 'value="login"' in answer.text else "consent"
                given = {"prompt": asks} | ({"login": name, "password": "any"} if asks == "login" else {})
                answer = browser.post(httpx.URL(url).join(form[1]), data=given)
        raise AssertionError("the provider's pages lead nowhere")


@contextmanager
def oidc_server(back_url: str) -> Iterator[OidcServer]:
    """It sends people back to ``back_url`` alone."""
    with node_server("oidc_server.mjs", CLIENT_ID, CLIENT_SECRET, back_url) as (process, port):
        yield OidcServer(f"http://127.0.0.1:{port}", process)
