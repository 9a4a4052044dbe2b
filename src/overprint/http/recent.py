"""Who asks by an API key, remembered for a moment: programs that watch many jobs ask many times a second.

Only for reading what changes all the time. A key that is taken back still reads it for up to ``REMEMBERED_SECONDS``;
for everything else it is over at once.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from starlette.requests import HTTPConnection

from overprint.core.principal import Principal, Via
from overprint.http.cookies import address_of
from overprint.http.scope import Identify, count_asking
from overprint.http.visitors import TEAM_HEADER

REMEMBERED_SECONDS = 1.0
REMEMBERED_MAX = 1000


@dataclass(slots=True)
class Recent:
    """The keys of one process, those longest there forgotten first."""

    now: Callable[[], float] = time.monotonic
    _known: "OrderedDict[bytes, tuple[float, Principal]]" = field(default_factory=OrderedDict)

    async def principal_of(self, connection: HTTPConnection) -> Principal:
        """As ``scope.principal_of``, and counted as often."""
        identify: Identify = connection.app.state.identify
        shown = connection.headers.get("authorization")
        if shown is None:
            return count_asking(connection, await identify(connection))
        parts = (shown, connection.headers.get(TEAM_HEADER, ""), address_of(connection))
        mark = blake2b("\0".join(parts).encode(errors="replace"), digest_size=32).digest()
        until, principal = self._known.get(mark, (0.0, None))
        if principal is None or self.now() >= until:
            principal = await identify(connection)
            self._keep(mark, principal)
        return count_asking(connection, principal)

    def _keep(self, mark: bytes, principal: Principal) -> None:
        if principal.via is Via.API_KEY:
            self._known[mark] = (self.now() + REMEMBERED_SECONDS, principal)
            self._known.move_to_end(mark)
            while len(self._known) > REMEMBERED_MAX:
                self._known.popitem(last=False)
