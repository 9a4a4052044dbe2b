"""What the routes of this room answer alike."""

from overprint.http.responses import Out


class PlanOut(Out):
    """``daily_jobs`` and ``storage_bytes`` of 9007199254740991 mean unlimited. ``features`` are what not every plan
    has: ``print`` (print editions), ``audio`` (reading aloud), ``export`` (works to take along), ``members``
    (inviting). The first ``trial_days`` cost nothing, once a team."""

    key: str
    version: int
    name: str
    daily_jobs: int
    monthly_credits: int
    storage_bytes: int
    weight: int
    features: list[str]
    price_cents: int
    currency: str
    is_offered: bool
    trial_days: int
