"""What can go wrong, in the words of the product.

Every problem carries one sentence on what happened and, where there is one, the next
thing to do. Only ``http`` knows which status code a problem becomes.
"""


class Problem(Exception):
    """A failure that a person can be told about.

    ``message`` says what happened; ``next_step`` says what to do about it.
    ``code`` is stable and machine-readable.
    """

    code = "problem"

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(f"{message} {next_step}".strip())
        self.message = message
        self.next_step = next_step


class NotFound(Problem):
    """It does not exist, or this team may not know that it does."""

    code = "not_found"


class InTrash(NotFound):
    """It was thrown away, and can be taken back for a while."""

    code = "in_trash"


class NotSignedIn(Problem):
    """Nobody has shown who they are, or no longer."""

    code = "not_signed_in"


class Denied(Problem):
    """The principal may not do this."""

    code = "denied"


class Conflict(Problem):
    """It cannot be done in the present state."""

    code = "conflict"


class Outdated(Problem):
    """Somebody else changed it since it was read, and the edit said which version it was made on."""

    code = "outdated"


class Invalid(Problem):
    """The input cannot be used as it is. ``field`` names the part of it, if one is to blame."""

    code = "invalid"

    def __init__(self, message: str, next_step: str = "", *, field: str = "") -> None:
        super().__init__(message, next_step)
        self.field = field


class LimitReached(Problem):
    """A stated bound was hit: size, count, time or quota."""

    code = "limit_reached"


class NotConfirmed(Problem):
    """They may, but have to show once more that it is them: their password or second factor, just now."""

    code = "not_confirmed"


class OutOfCredits(Problem):
    """The team has fewer credits than this may cost."""

    code = "out_of_credits"


class NotInPlan(Problem):
    """The team's plan does not have what this needs."""

    code = "not_in_plan"


class TooOften(Problem):
    """Asked more often than anybody needs to. It works again after ``retry_after_seconds``."""

    code = "too_often"

    def __init__(self, message: str, next_step: str = "", *, retry_after_seconds: int = 60) -> None:
        super().__init__(message, next_step)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Problem):
    """Something we depend on does not answer now; trying again later may help."""

    code = "unavailable"
