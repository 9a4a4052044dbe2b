"""One house for all tests of a module that only ask: what a route is made of is read once, and so is what the API says
of itself. Who takes these fixtures takes them in place of those of the same name.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from overprint.db.embedded import Lease
from tests.support.database import TEMPLATE, database_like
from tests.support.house import client_of, house_on

ON_ONE_LOOP = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(cluster: Lease, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        database_like(cluster, TEMPLATE) as urls,
        house_on(urls, tmp_path_factory.mktemp("desk"), works=False) as house,
        client_of(house) as opened,
    ):
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def document(desk: httpx.AsyncClient) -> dict[str, Any]:
    """What the API says of itself."""
    found: dict[str, Any] = (await desk.get("/api/openapi.json")).json()
    return found
