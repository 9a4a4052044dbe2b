"""What a failed statement says of itself."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from overprint.core.ids import new_id
from overprint.db.database import Database


async def test_an_error_never_tells_what_people_wrote(database: Database) -> None:
    with pytest.raises(DBAPIError) as failed:
        async with database.transaction(new_id()) as transaction:
            words = {"words": "a shy fox"}
            await transaction.sql.execute(text("SELECT 1 / 0 WHERE length(CAST(:words AS text)) > 0"), words)
    assert "shy fox" not in str(failed.value)
    assert "division by zero" in str(failed.value)
