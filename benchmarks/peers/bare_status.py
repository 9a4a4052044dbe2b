"""The bare row of a job, by one query of asyncpg in a plain ASGI application: what ``benchmarks.web`` is beside."""

import asyncio
import json
import sys
from typing import Any
from uuid import UUID

import asyncpg
import uvicorn
import uvloop

_ROW = "SELECT id, kind, state, progress, error, created_at, last_seq FROM jobs WHERE id = $1"


async def main(port: int, url: str) -> None:
    async with asyncpg.create_pool(url, min_size=4, max_size=8) as pool:

        async def answer(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                return
            row = await pool.fetchrow(_ROW, UUID(scope["path"].rpartition("/")[2]))
            body = json.dumps(dict(row), default=str).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        config = uvicorn.Config(answer, port=port, log_config=None, access_log=False, lifespan="off")
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1]), sys.argv[2]))
