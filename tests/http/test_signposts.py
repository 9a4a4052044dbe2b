"""A route is found by the beginning of its path, and whatever is asked for is answered as if all had been tried."""

import httpx
from fastapi import FastAPI, WebSocket
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from overprint.http.routes import Router, asking
from overprint.http.signposts import Signposts

PATHS = (
    *("/", "/books", "/books/{book}", "/books/import", "/books/{book}/make", "/books/{book}/edit/{page}"),
    *("/files/{key:path}", "/api/books/import", "/api/books/{book}", "/{any}/make", "/slash/"),
)
PARTS = st.sampled_from(["books", "import", "make", "edit", "files", "api", "slash", "nothing", "{book}", ""])
ASKED = st.lists(PARTS, max_size=13).map(lambda parts: "/" + "/".join(parts))
METHODS = st.sampled_from(["GET", "HEAD", "POST", "DELETE"])


def _app(*, has_signposts: bool) -> FastAPI:
    made, app = Router(), FastAPI(openapi_url=None)

    def add(path: str) -> None:
        @made.get(path)
        async def read() -> str:
            return f"read {path}"

        if "{" in path:

            @made.post(path)
            async def write() -> str:
                return f"wrote {path}"

    for path in PATHS:
        add(path)

    @made.delete("/{any}/make")
    async def delete() -> str:
        return "deleted"

    app.router.routes.extend(asking(made, []))
    if has_signposts:
        app.router.middleware_stack = Signposts(app.router)
    return app


APPS = [_app(has_signposts=has_signposts) for has_signposts in (False, True)]


@given(METHODS, ASKED)
@example("DELETE", "/books/make")  # two routes have this path, one by its second part
async def test_it_is_answered_as_if_every_route_had_been_tried(method: str, path: str) -> None:
    url = httpx.URL("http://localhost").copy_with(path=path)
    answers = []
    for app in APPS:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            answers.append(await client.request(method, url))
    slow, quick = [(one.status_code, one.content, one.headers) for one in answers]
    assert slow == quick


async def test_what_is_remembered_of_paths_does_not_grow_with_what_is_asked_for() -> None:
    app = _app(has_signposts=True)
    posts = app.router.middleware_stack
    assert isinstance(posts, Signposts)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        for number in range(300):
            path = "/".join(["books", f"{number}", "x"] + ["more"] * (number % 50))
            assert (await client.get(f"/{path}")).status_code == 404
    assert len(posts._ways) < 20


def test_sockets_are_found_as_well() -> None:
    app = _app(has_signposts=True)

    @app.websocket("/api/ws")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("hello")
        await websocket.close()

    with TestClient(app).websocket_connect("/api/ws") as opened:
        assert opened.receive_text() == "hello"
