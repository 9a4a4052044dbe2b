"""The table of people. Not a tenant table: a person may belong to several teams."""

from sqlalchemy import Boolean, Column, DateTime, Table, Text, UniqueConstraint, Uuid, text

from overprint.db.metadata import metadata

people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text),
    Column("name", Text, nullable=False),
    Column("is_site_admin", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    UniqueConstraint("email"),
)
