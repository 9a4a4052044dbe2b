"""The least that a web server does for signed links: verify, then send the bytes."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlsplit

from overprint.adapters.storage.local import LocalStorage
from overprint.adapters.storage.memory import MemoryStorage
from overprint.core.problems import Denied


@contextmanager
def files_server(storage: LocalStorage | MemoryStorage) -> Iterator[str]:
    """The origin of a server that answers the links of ``storage`` while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asyncio.run(self._answer())

        async def _answer(self) -> None:
            link = urlsplit(self.path)
            try:
                key, file_name = storage.verify_signed(link.path, link.query, datetime.now(UTC))
            except Denied:
                self.send_error(403)
                return
            info = await storage.find(key)
            assert info is not None
            self.send_response(200)
            self.send_header("Content-Type", info.media_type)
            if file_name is not None:
                self.send_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(file_name)}")
            self.end_headers()
            self.wfile.write(await storage.get(key))

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
