"""Pages of the accounts room: plain forms, which need no JavaScript."""
