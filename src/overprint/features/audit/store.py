"""Writing audit lines, in the transaction of the action itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from overprint.core.ids import new_id
from overprint.core.principal import Principal
from overprint.db.database import Transaction
from overprint.features.audit.tables import audit_log
from overprint.observe import ids


async def record(
    transaction: Transaction,
    principal: Principal | None,
    action: str,
    subject_kind: str,
    subject_id: UUID | None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """``action`` is in the past tense: ``job.submitted``, ``book.deleted``. No principal: it came about by itself."""
    line = {
        "id": new_id(),
        "team_id": principal.team_id if principal else transaction.team_id,
        "actor_id": principal.person_id if principal else None,
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "detail": dict(detail or {}),
        "request_id": ids.current().get("request_id"),
    }
    await transaction.sql.execute(insert(audit_log).values(line))
