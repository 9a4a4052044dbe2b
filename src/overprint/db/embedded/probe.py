"""Whether a server takes connections at this very moment.

Its pid file still says so just after it was killed, and while it recovers from the death of a session.
"""

import socket
import struct

from overprint.db.embedded import roles
from overprint.db.embedded.port import HOST

_PROTOCOL_3 = 196608
_ASKS_FOR_PASSWORD = b"R"


def takes_connections(port: int, timeout_seconds: float) -> bool:
    """Begin to sign in, as far as the request for the password; a server in recovery answers with an error."""
    fields = ("user", roles.APP, "database", roles.DATABASE)
    body = struct.pack("!i", _PROTOCOL_3) + b"".join(field.encode() + b"\0" for field in fields) + b"\0"
    try:
        with socket.create_connection((HOST, port), timeout=timeout_seconds) as connection:
            connection.sendall(struct.pack("!i", len(body) + 4) + body)
            return connection.recv(1) == _ASKS_FOR_PASSWORD
    except OSError:
        return False
