"""What Celery's worker imports."""

from benchmarks.peers.celery_redis import add_tasks, make_app

app = make_app()
add_tasks(app)
