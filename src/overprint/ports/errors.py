"""How a provider fails. The engine chooses what to do next from the type alone."""


class ProviderError(Exception):
    """Base of everything an adapter may raise. ``provider`` names who failed."""

    def __init__(self, message: str, *, provider: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.provider = provider


class Refused(ProviderError):
    """The provider understood and said no (content policy, impossible request). Never retried."""


class Busy(ProviderError):
    """Rate limit or overload. Waiting ``retry_after_seconds`` is no attempt."""

    def __init__(self, message: str, *, provider: str = "", retry_after_seconds: float = 5.0) -> None:
        super().__init__(message, provider=provider)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(ProviderError):
    """No answer, a broken connection, a 5xx or an answer that makes no sense. Retried with back-off.

    ``in_doubt`` says that the provider may have done (and billed) the work all the same.
    """

    def __init__(self, message: str, *, provider: str = "", in_doubt: bool = False) -> None:
        super().__init__(message, provider=provider)
        self.in_doubt = in_doubt


class Misconfigured(ProviderError):
    """Wrong key, unknown model, account closed: only the operator can mend it."""
