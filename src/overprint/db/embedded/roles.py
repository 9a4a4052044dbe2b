"""The three roles Overprint connects with, as SQL.

- owner: owns the database and runs migrations.
- app: serves people; bound by row-level security.
- system: claims work, listens, runs schedules; bound by row-level security with policies of its own.

None is a superuser, none can bypass row-level security, create databases or create roles.
"""

from collections.abc import Mapping

DATABASE = "overprint"
SUPERUSER = "postgres"
OWNER, APP, SYSTEM = "overprint_owner", "overprint_app", "overprint_system"
ROLES = (OWNER, APP, SYSTEM)

_CREATE_DATABASE = f"CREATE DATABASE {DATABASE} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0"
# Who is no superuser must belong to a role before making a database for it.
_JOIN_OWNER = (
    "DO $$ BEGIN\n  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER) THEN\n"
    f"    GRANT {OWNER} TO CURRENT_USER;\n  END IF;\nEND $$"
)


def role_statements() -> list[str]:
    """Create what is missing, then refuse roles that are more powerful than they may be. Safe to repeat."""
    names = ", ".join(f"'{role}'" for role in ROLES)
    return [
        *(_create_role(role) for role in ROLES),
        "DO $$ BEGIN\n"
        f"  IF EXISTS (SELECT FROM pg_roles WHERE rolname IN ({names})\n"
        "             AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)) THEN\n"
        "    RAISE EXCEPTION 'a role of Overprint is too powerful: it must be'\n"
        "      ' NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE';\n"
        "  END IF;\nEND $$",
    ]


def _create_role(role: str) -> str:
    return (
        f"DO $$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN\n"
        f"    CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;\n  END IF;\nEND $$"
    )


def database_statements() -> list[str]:
    """Who may enter the database; run after it exists. Safe to repeat."""
    return [
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}, {SYSTEM}",
    ]


def bootstrap_statements(verifiers: Mapping[str, str], *, create_database: bool) -> list[str]:
    """Everything for a cluster of our own; ``verifiers`` maps each role, superuser included, to its SCRAM verifier."""
    return [
        *role_statements(),
        *(f"ALTER ROLE {role} PASSWORD '{verifier}'" for role, verifier in verifiers.items()),
        *([_CREATE_DATABASE] if create_database else []),
        *database_statements(),
        *(f"REVOKE ALL ON DATABASE {other} FROM PUBLIC" for other in ("postgres", "template1")),
    ]


def role_script() -> str:
    """The same for an operator's own PostgreSQL, to be run in psql by someone who may create roles.

    Passwords are asked for and encrypted by psql itself, so the script holds none.
    """
    create = f"SELECT '{_CREATE_DATABASE.replace(chr(39), chr(39) * 2)}'\n"
    create += f" WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec"
    lines = [
        "-- Overprint: its three roles and its database. Run in psql by a role that may create roles and databases:",
        "--   psql -v ON_ERROR_STOP=1 -d postgres -f roles.sql",
        "-- It may be run again, and needs no superuser.",
        *(f"{statement};" for statement in (*role_statements(), _JOIN_OWNER)),
        *(f"\\password {role}" for role in ROLES),
        create,
        *(f"{statement};" for statement in database_statements()),
    ]
    return "\n".join(lines) + "\n"
