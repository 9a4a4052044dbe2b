"""The PostgreSQL that Overprint brings along.

One *holder* process a data directory runs the server as its child and grants *leases*: a lease is an
open connection to the holder's socket, so the death of a client releases it. The server stops a few
seconds after the last lease, and dies with its holder. Every command attaches; none owns the server.

The data directory::

    VERSION                 layout and PostgreSQL major version
    pg/                     the cluster; as root it belongs to the account the server runs as
    secrets/database.json   generated passwords, 0600 in a 0700 directory
    run/                    socket, locks, port, logs; may be deleted while nothing runs

TCP on 127.0.0.1 with SCRAM passwords is the only way in; there is no server socket file and no ``trust``.
"""

from overprint.db.embedded.binaries import Binaries, find_binaries
from overprint.db.embedded.layout import DataLayout
from overprint.db.embedded.lease import DatabaseUrls, Lease, attach, new_cluster
from overprint.db.embedded.roles import role_script

__all__ = ["Binaries", "DataLayout", "DatabaseUrls", "Lease", "attach", "find_binaries", "new_cluster", "role_script"]
