"""The web server that says where its pages are."""

import contextlib
import socket

import uvicorn


class GreetingServer(uvicorn.Server):
    """Says its address once it listens there, and before it answers anybody; then ``also``."""

    def __init__(self, config: uvicorn.Config, also: str = "") -> None:
        super().__init__(config)
        self._also = also

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
        if self.started:
            with contextlib.suppress(
                OSError
            ):  # whoever read our output may have gone; the pages are there all the same
                print(f"Overprint is at http://{host}:{self.config.port} (stop with Ctrl-C)", flush=True)
                if self._also:
                    print(self._also, flush=True)
