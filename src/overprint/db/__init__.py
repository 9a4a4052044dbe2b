"""The database: connections, one transaction a request, row-level security, migrations."""
