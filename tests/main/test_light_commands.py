"""A command that only looks starts at once: it loads nothing of what makes, serves or migrates."""

from pathlib import Path

from tests.support.command_line import run_afresh
from tests.support.database import TestDatabase

HEAVY = {
    # what speaks HTTP, or runs it
    *("fastapi", "starlette", "jinja2", "python_multipart", "uvicorn", "httpx", "prometheus_client"),
    # what migrates, and what hands out steps
    *("alembic", "mako", "pgqueuer"),
    # what draws, sets, signs and speaks, in child processes
    *("numpy", "cv2", "skia", "PIL", "typst", "pikepdf", "c2pa", "av", "espeakng_loader"),
    # what providers elsewhere need
    *("obstore", "botocore", "genai_prices", "opentelemetry"),
    "overprint.craft.writing.story_data",
}


def test_listing_the_jobs_loads_nothing_that_makes_serves_or_migrates(
    database_urls: TestDatabase, tmp_path: Path
) -> None:
    urls = {"": database_urls.app, "SYSTEM_": database_urls.system, "OWNER_": database_urls.owner}
    settings = {f"DATABASE_{role}URL": url for role, url in urls.items()}
    listed = run_afresh("jobs", "list", "--data", str(tmp_path), variables={"PYTHONPROFILEIMPORTTIME": "1", **settings})
    assert listed.returncode == 0, listed.stderr
    loaded = {line.rpartition("|")[2].strip() for line in listed.stderr.splitlines() if line.startswith("import time:")}
    assert "overprint.features.jobs.service" in loaded
    assert not loaded & HEAVY
