"""What our queue says of PgQueuer without loading it, PgQueuer says too."""

from pgqueuer.domain.settings import DBSettings

from overprint.engine.queue import CHANNEL


def test_workers_are_woken_where_pgqueuer_listens() -> None:
    assert DBSettings().channel == CHANNEL
