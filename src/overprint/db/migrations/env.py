"""Runs migrations on a connection that ``db/migrate.py`` opened. Not meant for the ``alembic`` command itself."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
