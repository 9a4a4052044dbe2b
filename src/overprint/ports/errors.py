"""How a provider fails. The engine chooses what to do next from the type alone."""

from overprint.ports.provider import Usage

_NOTHING = Usage()
DISK_FULL = "The disk is full or its quota is used up. Make room, then try again."


class ProviderError(Exception):
    """Base of everything an adapter may raise. ``provider`` names who failed; ``usage`` is billed all the same."""

    def __init__(self, message: str, *, provider: str = "", usage: Usage = _NOTHING) -> None:
        super().__init__(message)
        self.message = message
        self.provider = provider
        self.usage = usage


class Refused(ProviderError):
    """The provider understood and said no (content policy, impossible request). Never retried."""


class CutShort(Refused):
    """The answer did not fit into the most that may be written. Asked again, it would be cut, and billed, again."""


class Busy(ProviderError):
    """Rate limit or overload. Waiting ``retry_after_seconds`` is no attempt."""

    def __init__(
        self, message: str, *, provider: str = "", retry_after_seconds: float = 5.0, usage: Usage = _NOTHING
    ) -> None:
        super().__init__(message, provider=provider, usage=usage)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(ProviderError):
    """No answer, a broken connection, a 5xx or an answer that makes no sense. Retried with back-off.

    ``in_doubt`` says that the provider may have done (and billed) the work all the same.
    """

    def __init__(self, message: str, *, provider: str = "", in_doubt: bool = False, usage: Usage = _NOTHING) -> None:
        super().__init__(message, provider=provider, usage=usage)
        self.in_doubt = in_doubt


class TaskFailed(Unavailable):
    """A task that the provider had accepted will have no result: it failed there, or is forgotten. A new one may be
    submitted."""


class Misconfigured(ProviderError):
    """Wrong key, unknown model, account closed: only the operator can mend it."""
